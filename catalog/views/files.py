"""A table under some question as a file: what every page with a table offers to take away."""

from django.http import HttpRequest, HttpResponse

from catalog import exports
from catalog.http import address_of, file_of, redirect_file_to
from catalog.matrix import Table, arrange
from catalog.models import Edition
from catalog.tables import Asked


def table_file(
    request: HttpRequest,
    suffix: str,
    latest: Edition | None,
    asked: Asked,
    *,
    table: Table,
    title: str,
    page: str,
    is_archived: bool = False,
) -> HttpResponse:
    """What `page` shows when `asked` the same; in another form than the canonical it moves there.

    `suffix` is a key of exports.FORMS.
    """
    moved = None if asked.complaints else redirect_file_to(request, asked.pairs)
    if moved is not None:
        return moved
    form = exports.FORMS[suffix]
    sheet = exports.Sheet(
        title=title,
        address=request.build_absolute_uri(address_of(page, asked.pairs)),
        rectangle=arrange(table, asked.question),
        edition=latest and latest.number,
        edited_on=latest and latest.at.date(),
        complaints=tuple(asked.complaints),
        is_archived=is_archived,
    )
    return file_of(
        request,
        form.write(sheet),
        page=page,
        content_type=form.content_type,
        disposition=form.disposition,
    )
