from dataclasses import replace
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse

from catalog.comparison import rendering
from catalog.comparison.engine import Question, Table, canonical
from catalog.comparison.engine.question import MOST_CHOSEN
from catalog.comparison.side_by_side import table_of_technologies
from catalog.comparison.tables import Query, read_query
from catalog.http import (
    address_of,
    current_slugs,
    parameters_of,
    redirect_to,
    render_page_or_fragment,
    state_of,
    today,
)
from catalog.models import Comparison, Status, Technology
from catalog.views.files import table_file

MOST_RIVALS = 5

# How many of those that are too many are named.
MOST_NAMED = 5


class Compared(NamedTuple):
    """A request understood. `names` is of every technology with a page: by slug, with status."""

    table: Table
    query: Query
    names: dict[str, tuple[str, str]]


def compare(request: HttpRequest) -> HttpResponse:
    """Show any technologies side by side, as the query asks for them."""
    table, query, names = _read(request)
    question = query.question
    moved = None if query.complaints else redirect_to(request, query.pairs)
    if moved is not None:
        return moved
    adder = render_to_string("catalog/_adder.html", _adder_context(table, question, names))
    title = _title(table, question)
    return render_page_or_fragment(
        request,
        page="catalog/compare.html",
        fragment="catalog/_compared.html",
        context={
            "complaints": query.complaints,
            "chosen": len(question.chosen),
            "adder": adder,
            "answer": rendering.answer(table, query, request.path, title, adder),
            "priorities": rendering.priorities(table, query, request.path),
            "sources": rendering.sources(table),
            "as_curated": request.path,
            "comparisons": [] if len(table.contenders) > 1 else Comparison.objects.published(),
            "canonical": rendering.plain_address(table, question, request.path),
        },
        address=address_of(request.path, query.pairs),
    )


def compare_file(request: HttpRequest, suffix: str) -> HttpResponse:
    """Return what the page shows under the same query, as a file."""
    latest = state_of(request)
    table, query, _names = _read(request)
    title, page = _title(table, query.question) or "Compare", reverse("catalog:compare")
    return table_file(request, suffix, latest, query, table=table, title=title, page=page)


def _read(request: HttpRequest) -> Compared:
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
        query.complaints.insert(0, _too_many([names[slug][0] for slug in beyond]))
    return Compared(table, query, names)


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


def _too_many(names: list[str]) -> str:
    named = ", ".join(names[:MOST_NAMED]) + (", …" if len(names) > MOST_NAMED else "")
    return f"At most {MOST_CHOSEN} technologies stand side by side; left out: {named}."


def _title(table: Table, question: Question) -> str:
    names = [table.contender_by_slug[slug].name for slug in question.chosen]
    return f"{', '.join(names)} side by side" if len(names) > 1 else "".join(names)


def _adder_context(
    table: Table, question: Question, names: dict[str, tuple[str, str]]
) -> dict[str, Any]:
    return {
        "options": [
            (slug, name)
            for slug, (name, status) in names.items()
            if status == Status.PUBLISHED and slug not in question.chosen
        ],
        "is_full": len(question.chosen) == MOST_CHOSEN,
        "most": MOST_CHOSEN,
        "rivals": _rivals(table, question, reverse("catalog:compare")),
    }


def _rivals(table: Table, question: Question, path: str) -> list[tuple[str, str]]:
    """Return the name of each technology to suggest, and the address with it in the table."""
    chosen = question.chosen
    if not chosen or len(chosen) == MOST_CHOSEN:
        return []
    wider = {
        rival.name: replace(question, chosen=(*chosen, rival.slug))
        for rival in Technology.objects.rivals_of(chosen)[:MOST_RIVALS]
    }
    return [(name, address_of(path, canonical(more, table))) for name, more in wider.items()]
