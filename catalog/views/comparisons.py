"""Tables, of a comparison or of any technologies: as pages and as files."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse

from catalog import exports, markdown
from catalog.comparison import rendering
from catalog.comparison.engine import Question, Table, arrange, canonical
from catalog.comparison.engine.question import MOST_CHOSEN
from catalog.comparison.side_by_side import table_of_technologies
from catalog.comparison.tables import Query, ask, criterion_cells, kept_table, read_query
from catalog.http import (
    address_of,
    current_slugs,
    page_of,
    parameters_of,
    redirect_file_to,
    redirect_to,
    render_page_or_fragment,
    state_of,
    today,
)
from catalog.models import Comparison, Edition, Status, Technology

MOST_RIVALS = 5

# How many of those that are too many are named.
MOST_NAMED = 5

# Every technology with a page, by slug: its name and status.
Names = dict[str, tuple[str, str]]


def comparison_list(request: HttpRequest) -> HttpResponse:
    context = {"comparisons": Comparison.objects.published().for_list()}
    return render(request, "catalog/comparison_list.html", context)


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
            "introduction": html[comparison.introduction],
            "verdict": html[comparison.verdict],
            **rendering.context_of(table, query, path, comparison.title, is_public=is_public),
        },
        address=address_of(path, query.pairs),
    )


@page_of(Comparison)
def comparison_file(request: HttpRequest, comparison: Comparison, suffix: str) -> HttpResponse:
    """Return what the page shows under the same query, as a file."""
    latest = state_of(request)
    table = kept_table(comparison, latest, today())
    return _table_file(
        request,
        suffix,
        latest,
        ask(table, parameters_of(request)),
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


def compare(request: HttpRequest) -> HttpResponse:
    """Show any technologies side by side, as the query asks for them."""
    table, query, names = _compared(request)
    question = query.question
    if moved := redirect_to(request, query.pairs, query.complaints):
        return moved
    adder = render_to_string("catalog/_adder.html", _adder_context(table, question, names))
    title = _title(table, question)
    return render_page_or_fragment(
        request,
        page="catalog/compare.html",
        fragment="catalog/_compared.html",
        context={
            "chosen": len(question.chosen),
            "adder": adder,
            "comparisons": [] if len(table.contenders) > 1 else Comparison.objects.published(),
            "canonical": rendering.plain_address(table, question, request.path),
            **rendering.context_of(table, query, request.path, title, adder),
        },
        address=address_of(request.path, query.pairs),
    )


def compare_file(request: HttpRequest, suffix: str) -> HttpResponse:
    """Return what the page shows under the same query, as a file."""
    latest = state_of(request)
    table, query, _names = _compared(request)
    title, page = _title(table, query.question) or "Compare", reverse("catalog:compare")
    return _table_file(request, suffix, latest, query, table=table, title=title, page=page)


def _table_file(
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


def _compared(request: HttpRequest) -> tuple[Table, Query, Names]:
    """Read what a request puts side by side and asks of it, for the page and its files."""
    parameters = parameters_of(request)
    readable = Technology.objects.readable().values_list("slug", "name", "status")
    names = {slug: (name, status) for slug, name, status in readable}
    slugs = [slug for slug in parameters.get("t", ()) if slug]
    slugs = current_slugs(Technology.KIND, slugs, names)
    known = [slug for slug in dict.fromkeys(slugs) if slug in names]
    beyond = known[MOST_CHOSEN:]
    parameters["t"] = [slug for slug in slugs if slug not in beyond]
    table = table_of_technologies(known[:MOST_CHOSEN], today())
    parameters["group"] = _groups(parameters, table)
    query = read_query(table, parameters)
    if beyond:
        named = ", ".join(names[slug][0] for slug in beyond[:MOST_NAMED])
        more = ", …" if len(beyond) > MOST_NAMED else ""
        query.complaints.insert(
            0, f"At most {MOST_CHOSEN} technologies stand side by side; left out: {named}{more}."
        )
    return table, query, names


def _groups(parameters: dict[str, list[str]], table: Table) -> list[str]:
    """Return the groups asked for, and those that were not there when the form was made.

    A form says in `had` which groups it offered: the next technology can bring another, which
    was left out by nobody, and take one away, of which there is nothing to say.
    """
    ticked, had = parameters.get("group", []), parameters.get("had", [])
    if not had or not ticked:
        return ticked
    here = [group.key for group in table.groups]
    return [key for key in ticked if key in here or key not in had] + [
        key for key in here if key not in had
    ]


def _title(table: Table, question: Question) -> str:
    names = [table.contender_by_slug[slug].name for slug in question.chosen]
    return f"{', '.join(names)} side by side" if len(names) > 1 else "".join(names)


def _adder_context(table: Table, question: Question, names: Names) -> dict[str, Any]:
    return {
        "options": [
            (slug, name)
            for slug, (name, status) in names.items()
            if status == Status.PUBLISHED and slug not in question.chosen
        ],
        "is_full": len(question.chosen) == MOST_CHOSEN,
        "most": MOST_CHOSEN,
        "rivals": list(_rivals(table, question)),
    }


def _rivals(table: Table, question: Question) -> Iterable[tuple[str, str]]:
    """Yield the name of each technology to suggest, and the address with it in the table."""
    chosen, path = question.chosen, reverse("catalog:compare")
    if chosen and len(chosen) < MOST_CHOSEN:
        for rival in Technology.objects.rivals_of(chosen)[:MOST_RIVALS]:
            wider = replace(question, chosen=(*chosen, rival.slug))
            yield rival.name, address_of(path, canonical(wider, table))
