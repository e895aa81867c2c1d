"""Comparisons: as pages and as files."""

from collections import defaultdict
from html import unescape

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.html import strip_tags

from catalog import exports, markdown
from catalog.comparison import rendering
from catalog.comparison.engine import Table, arrange
from catalog.comparison.standings import standings
from catalog.comparison.tables import Query, ask, criterion_cells, kept_table
from catalog.http import (
    address_of,
    page_of,
    parameters_of,
    redirect_file_to,
    redirect_to,
    render_page_or_fragment,
    state_of,
    today,
)
from catalog.models import Cell, Comparison, Criterion, Edition, Measurement, Status
from catalog.views import heads


def comparison_list(request: HttpRequest) -> HttpResponse:
    rankings = standings(state_of(request), today()).by_comparison.values()
    context = {"rankings": rankings}
    return render(request, "catalog/comparison_list.html", context)


def measurements(request: HttpRequest) -> HttpResponse:
    """Show each measurement with the cells that rest on it, row by row. Two queries."""
    rows: dict[int, dict[Criterion, list[Cell]]] = defaultdict(lambda: defaultdict(list))
    for cell in Cell.objects.measured():
        rows[cell.measurement_id][cell.criterion].append(cell)
    found = [(one, rows[one.pk].items()) for one in Measurement.objects.all()]
    return render(request, "catalog/measurements.html", {"measurements": found})


@page_of(Comparison)
def comparison_detail(request: HttpRequest, comparison: Comparison) -> HttpResponse:
    """Show a comparison as its query asks for it; see catalog.comparison.engine.question."""
    latest = state_of(request)
    table = kept_table(comparison, latest, today())
    query = ask(table, parameters_of(request))
    if moved := redirect_to(request, query.pairs, query.complaints):
        return moved
    path = request.path
    html = markdown.html_for([comparison.introduction, comparison.verdict])
    # A preview has the address of its own page in the admin, and no other forms.
    is_public = path == comparison.get_absolute_url()
    return render_page_or_fragment(
        request,
        page="catalog/comparison_detail.html",
        fragment="catalog/_comparison_table.html",
        context={
            "comparison": comparison,
            "head": heads.of_comparison(comparison, table),
            "introduction": html[comparison.introduction],
            "verdict": html[comparison.verdict],
            "first_sentence": _first_sentence(html[comparison.introduction]),
            **rendering.context_of(
                table,
                query,
                path,
                is_public=is_public,
                title=comparison.title,
                reasons=comparison.category.get_absolute_url(),  # of a draft nothing is said
            ),
        },
        address=address_of(path, query.pairs),
    )


def _first_sentence(html: str) -> str:
    """Return the first sentence of prose as text; blank for none."""
    text = " ".join(unescape(strip_tags(html)).split())
    return text.partition(". ")[0].removesuffix(".") + "." if text else ""


@page_of(Comparison)
def comparison_file(request: HttpRequest, comparison: Comparison, suffix: str) -> HttpResponse:
    """Return what the page shows under the same query, as a file."""
    latest = state_of(request)
    table = kept_table(comparison, latest, today())
    return table_file(
        request,
        suffix,
        latest,
        ask(table, {**parameters_of(request), "show": []}),  # a file shows all of it
        table=table,
        title=comparison.title,
        page=comparison.get_absolute_url(),
        is_archived=comparison.status == Status.ARCHIVED,
    )


@page_of(Comparison)
def criterion_detail(request: HttpRequest, comparison: Comparison, criterion: str) -> HttpResponse:
    """Show what each cell of one row rests on."""
    row = get_object_or_404(comparison.criteria.select_related("group"), slug=criterion)
    records = [
        (contender, cell, f"{row} of {contender}")
        for contender, cell in criterion_cells(comparison, row, today())
    ]
    context = {
        "comparison": comparison,
        "criterion": row,
        "title": f"{row}: {comparison}",
        "records": records,
    }
    return render(request, "catalog/criterion_detail.html", context)


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
    """Return what `page` shows under the same query, or a redirect to its canonical form."""
    if moved := redirect_file_to(request, query.pairs, query.complaints):
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
    name = request.path.rpartition("/")[2]
    return HttpResponse(
        form.write(sheet),
        content_type=form.content_type,
        headers={
            "Content-Disposition": f'{form.disposition}; filename="{name}"',
            "Link": f'<{request.build_absolute_uri(page)}>; rel="canonical"',
            "X-Robots-Tag": "noindex",
        },
    )
