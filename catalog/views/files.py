"""A table under some question as a file: what every page with a table offers to take away."""

from django.http import HttpRequest, HttpResponse

from catalog import exports
from catalog.comparison.engine import Table, arrange
from catalog.comparison.tables import Query
from catalog.http import address_of, file_of, redirect_file_to
from catalog.models import Edition


def table_file(
    request: HttpRequest,
    suffix: str,
    latest: Edition | None,
    query: Query,
    *,
    table: Table,
    title: str,
    page: str,
    is_archived: bool = False,
) -> HttpResponse:
    """Return what `page` shows under the same query, or a redirect to the query's canonical form.

    `suffix` is a key of exports.FORMS.
    """
    moved = None if query.complaints else redirect_file_to(request, query.pairs)
    if moved is not None:
        return moved
    form = exports.FORMS[suffix]
    sheet = exports.Sheet(
        title=title,
        address=request.build_absolute_uri(address_of(page, query.pairs)),
        rectangle=arrange(table, query.question),
        edition=latest and latest.number,
        edited_on=latest and latest.at.date(),
        complaints=tuple(query.complaints),
        is_archived=is_archived,
    )
    return file_of(
        request,
        form.write(sheet),
        page=page,
        content_type=form.content_type,
        disposition=form.disposition,
    )
