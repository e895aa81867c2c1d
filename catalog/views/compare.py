from dataclasses import replace
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_safe

from catalog import matrix, shown
from catalog.http import (
    address_of,
    asked_of,
    current_slugs,
    redirect_to,
    render_page_or_fragment,
    state_of,
    today,
)
from catalog.matrix import canonical, read
from catalog.matrix.question import MOST_CHOSEN
from catalog.models import Comparison, Status, Technology
from catalog.tables import Asked, table_of_technologies
from catalog.views.files import table_file

MOST_RIVALS = 5

# How many of those that are too many are named.
MOST_NAMED = 5


class Compared(NamedTuple):
    """A request understood. `names` is of every technology with a page: by slug, with status."""

    table: matrix.Table
    asked: Asked
    names: dict[str, tuple[str, str]]


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Any technologies side by side, as the query asks for them."""
    table, asked, names = ask(request)
    question = asked.question
    moved = None if asked.complaints else redirect_to(request, asked.pairs)
    if moved is not None:
        return moved
    plain = shown.plain_address(table, question, request.path)
    adder = render_to_string("catalog/_adder.html", _adder_context(table, question, names))
    return render_page_or_fragment(
        request,
        page="catalog/compare.html",
        fragment="catalog/_compared.html",
        context={
            "complaints": asked.complaints,
            "chosen": len(question.chosen),
            "adder": adder,
            "answer": shown.answer(table, asked, request.path, _title(table, question), adder),
            "priorities": shown.priorities(table, asked, request.path),
            "sources": shown.sources(table),
            "as_curated": request.path,
            "comparisons": [] if len(table.contenders) > 1 else Comparison.objects.published(),
            "canonical": plain,
        },
        address=address_of(request.path, asked.pairs),
    )


@require_safe
def compare_csv(request: HttpRequest) -> HttpResponse:
    return _take_away(request, "csv")


@require_safe
def compare_md(request: HttpRequest) -> HttpResponse:
    return _take_away(request, "md")


@require_safe
def compare_json(request: HttpRequest) -> HttpResponse:
    return _take_away(request, "json")


def _take_away(request: HttpRequest, suffix: str) -> HttpResponse:
    """What the page shows under the same query, as a file."""
    latest = state_of(request)
    table, asked, _names = ask(request)
    title, page = _title(table, asked.question) or "Compare", reverse("catalog:compare")
    return table_file(request, suffix, latest, asked, table=table, title=title, page=page)


def ask(request: HttpRequest) -> Compared:
    """What a request puts side by side and asks of it; each other form of the page reads it too."""
    asked = asked_of(request)
    readable = Technology.objects.readable().values_list("slug", "name", "status")
    names = {slug: (name, status) for slug, name, status in readable}
    slugs = [slug for slug in asked.get("t", ()) if slug]
    slugs = current_slugs(Technology.KIND, slugs, names)
    known = [slug for slug in dict.fromkeys(slugs) if slug in names]
    beyond = known[MOST_CHOSEN:]
    asked["t"] = [slug for slug in slugs if slug not in beyond]
    table = table_of_technologies(known[:MOST_CHOSEN], today())
    asked["group"] = _groups(asked, table)
    question, complaints = read(asked, table)
    if beyond:
        complaints.insert(0, _too_many([names[slug][0] for slug in beyond]))
    return Compared(table, Asked(question, complaints, tuple(canonical(question, table))), names)


def _groups(asked: dict[str, list[str]], table: matrix.Table) -> list[str]:
    """The groups asked for, and those that were not there when the form was made.

    A form says in `had` which groups it offered: the next technology can bring another, which
    nobody has left out, and take one away, of which there is nothing to say.
    """
    ticked, had = asked.get("group", []), asked.get("had", [])
    if not had or not ticked:
        return ticked
    here = [group.key for group in table.groups]
    return [key for key in ticked if key in here or key not in had] + [
        key for key in here if key not in had
    ]


def _too_many(names: list[str]) -> str:
    named = ", ".join(names[:MOST_NAMED]) + (", …" if len(names) > MOST_NAMED else "")
    return f"At most {MOST_CHOSEN} technologies stand side by side; left out: {named}."


def _title(table: matrix.Table, question: matrix.Question) -> str:
    names = [table.contender_by_slug[slug].name for slug in question.chosen]
    if len(names) < 2:
        return "".join(names)
    return "{names} side by side".format(names=", ".join(names))


def _adder_context(
    table: matrix.Table, question: matrix.Question, names: dict[str, tuple[str, str]]
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


def _rivals(table: matrix.Table, question: matrix.Question, path: str) -> list[tuple[str, str]]:
    """Name of each technology that suggests itself, and the address with it in the table."""
    chosen = question.chosen
    if not chosen or len(chosen) == MOST_CHOSEN:
        return []
    wider = {
        rival.name: replace(question, chosen=(*chosen, rival.slug))
        for rival in Technology.objects.rivals_of(chosen)[:MOST_RIVALS]
    }
    return [(name, address_of(path, canonical(more, table))) for name, more in wider.items()]
