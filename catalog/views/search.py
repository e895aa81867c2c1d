"""The search: its page, what is offered while one types, and what browsers ask to offer it."""

import logging
import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable
from typing import Any, NamedTuple, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.text import get_text_list

from catalog.answers import Top, top_of
from catalog.comparison.standings import Standings, standings
from catalog.http import address_of, parameters_of, section_address, state_of, today
from catalog.models import Category, Comparison, Entry, Technology
from catalog.models.fields import one_line
from catalog.search import excerpts, questions
from catalog.search.answering import answer
from catalog.search.excerpts import Pieces, Wanted
from catalog.search.finding import Answer, Hit
from catalog.search.ranking import BEGINS, EXACT
from catalog.search.texts import Field
from catalog.truth import truths_of
from catalog.views.technologies import pins_of

GROUPS = {
    "technology": "Technologies",
    "category": "Categories",
    "comparison": "Comparisons",
    "row": "Rows of comparisons",
    "stack": "Stacks",
    "version": "Version sets",
    "snippet": "Code",
}
# What a page does with what it has among its keywords.
SAYS = {"category": "lists", "comparison": "compares", "stack": "uses", "version": "pins"}
# What stands on top is made by a template of its own; other pages stand there as hits.
OF_TECHNOLOGIES = (Technology.KIND, "compare", "instead")
MOST_TECHNOLOGIES = 10
MOST_OTHERS = 5
MOST_OF_ONE_GROUP = 100
MOST_OFFERED = 8
EXAMPLES = ("celery", "psycopg", "hash passwords", "fastapi vs django", "alternative to passlib")

T = TypeVar("T")


class Kept(dict[tuple[Hashable, ...], Any]):
    """Pieces of pages by edition, day and what they are of: at most so many, the oldest go."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most

    def keep(self, key: tuple[Hashable, ...], piece: T) -> T:
        # Of a copy: other threads keep pieces meanwhile.
        for oldest in list(self)[: max(len(self) - self.most + 1, 0)]:
            self.pop(oldest, None)
        self[key] = piece
        return piece


# Lines of technologies and what stands on top, whole answers, and suggestions.
_pieces, _pages, _offered = Kept(2_000), Kept(200), Kept(500)

logger = logging.getLogger("stackguide.search")


class Results(NamedTuple):
    """What was found for a text: how much, and the part of the page."""

    text: str
    count: int
    html: SafeString


class Line(NamedTuple):
    """What stands under the name of a technology: its summary, and its line of truth in HTML."""

    summary: str
    truth: SafeString


class Shown(NamedTuple):
    """A hit as it is shown; `line` only of a technology."""

    address: str
    title: Pieces
    note: Pieces
    excerpt: Pieces
    reason: str
    line: Line | None


def search(request: HttpRequest) -> HttpResponse:
    """Show what answers `q`, in groups, or with `kind` all of one group. It never leads elsewhere.

    Fourteen queries at most, whatever is found; two for what was asked before in this edition.
    """
    text, kind = _asked(request)
    key = (_stamp(request), today(), text, kind)
    found = _pages.get(key) or _pages.keep(key, _find(request, text, kind))
    if text and not found.count:
        _note_miss(text)
    context = {
        "title": f"Search: {found.text}" if text else "Search",
        "canonical": address_of(request.path, [("q", text)] if text else []),
        "results": found.html,
    }
    return TemplateResponse(request, "catalog/search.html", context)


def _find(request: HttpRequest, text: str, kind: str) -> Results:
    """Return what answers a text, all of it or of one kind, as the page shows it."""
    stamp = _stamp(request)
    found = answer(text, stamp)
    ranked = standings(state_of(request), today())
    top = top_of(found, ranked)
    counts = Counter(hit.kind for hit in found.hits)
    kinds = [one for one in counts if kind in ("", one)]
    # Technologies stand first, for their lines are the widest; then by the first hit of each.
    kinds.sort(key=lambda one: one != Technology.KIND)
    first = [hit for one in kinds for hit in _first(found.hits, one, bool(kind))]
    shown = _shown(found, first, ranked, stamp)
    on_top = shown[top.kind].pop(0) if top and shown[top.kind] else None
    groups = [
        (one, GROUPS[one], count, shown[one], _every(text, one, counts[one]))
        for one in kinds
        if (count := counts[one] - (on_top is not None and one == top.kind))
    ]
    context = {
        "text": found.question.text,
        "count": len(found.hits),
        "top": _on_top(top, ranked, stamp) if top and top.kind in OF_TECHNOLOGIES else "",
        "first": on_top,
        "groups": groups,
        "unknown": get_text_list([f"“{one}”" for one in found.unknown], "and"),
        "meant": _meant(found),
        "is_partial": bool(found.hits and found.hits[-1].rank.missing),
        "is_cut": found.is_cut,
        "categories": [] if found.hits else Category.objects.published().top(),
        "examples": [] if text else [(one, _search_address(one)) for one in EXAMPLES],
    }
    html = render_to_string("catalog/_search_results.html", context)
    return Results(found.question.text, len(found.hits), html)


def search_options(request: HttpRequest) -> HttpResponse:
    """Return the first hits as the options of the list under the field.

    What technologies are set side by side comes first. Seven queries at most, and as many for each
    side; two for what was asked before in this edition.
    """
    text, _kind = _asked(request)
    key = (_stamp(request), today(), text)
    return HttpResponse(_offered.get(key) or _offered.keep(key, _offer(request, text)))


def _offer(request: HttpRequest, text: str) -> SafeString:
    found = answer(text, _stamp(request))
    first = found.hits[:MOST_OFFERED]
    asked = _wanted(found)
    groups: dict[str, list[tuple[str, Pieces, str]]] = {}
    if found.sides and not found.question.instead_of:
        top = top_of(found, standings(state_of(request), today()))
        address = top.ranking.address if top.ranking else _compare_address(top)
        groups["Side by side"] = [(address, [(top.name, False)], "")]
    for hit in first:
        one = (address_of_hit(hit), excerpts.marked(hit.title, asked), hit.note)
        groups.setdefault(GROUPS[hit.kind], []).append(one)
    count = sum(map(len, groups.values()))
    context = {"groups": groups.items(), "text": found.question.text, "count": count}
    return render_to_string("catalog/_search_options.html", context)


def opensearch(request: HttpRequest) -> HttpResponse:
    """Say to browsers how the guide is searched."""
    address = request.build_absolute_uri(reverse("catalog:search"))
    context = {"address": f"{address}?q={{searchTerms}}"}
    kind = "application/opensearchdescription+xml"
    return render(request, "catalog/opensearch.xml", context, content_type=kind)


def address_of_hit(hit: Hit) -> str:
    """Return where a hit leads."""
    kind, slug, part = hit.kind, hit.slug, ""
    if kind == "row":
        kind = Comparison.KIND  # its slug is of two parts already
    elif kind == "snippet":
        kind, slug, own = hit.slug.split("/")
        part = f"#snippet-{own}"
    return f"{section_address(kind)}{slug}/{part}"


def _asked(request: HttpRequest) -> tuple[str, str]:
    """Return the text and the group that are asked for; another group than there are is none."""
    kind = parameters_of(request).get("kind", [""])[-1]
    text = one_line(request.GET.get("q", ""))
    return text, kind if kind in GROUPS else ""


def _stamp(request: HttpRequest) -> Hashable:
    state = state_of(request)
    return state.stamp if state else None


def _first(hits: Iterable[Hit], kind: str, is_alone: bool) -> list[Hit]:
    most = MOST_TECHNOLOGIES if kind == "technology" else MOST_OTHERS
    return [hit for hit in hits if hit.kind == kind][: MOST_OF_ONE_GROUP if is_alone else most]


def _search_address(text: str) -> str:
    return address_of(reverse("catalog:search"), [("q", text)])


def _compare_address(top: Top) -> str:
    return address_of(reverse("catalog:compare"), [("t", slug) for slug in top.slugs])


def _every(text: str, kind: str, count: int) -> str:
    """Return where all of one kind are, where the page shows fewer."""
    if kind == Technology.KIND and count > MOST_TECHNOLOGIES:
        return address_of(reverse("catalog:technology_list"), [("text", text)])
    if kind != Technology.KIND and count > MOST_OTHERS:
        return address_of(reverse("catalog:search"), [("q", text), ("kind", kind)])
    return ""


def _wanted(found: Answer) -> Wanted:
    return excerpts.wanted(found.question.words, found.meant.values())


def _shown(
    given: Answer, hits: list[Hit], ranked: Standings, stamp: Hashable
) -> dict[str, list[Shown]]:
    """Return how these hits are shown, by kind. Five queries."""
    asked = _wanted(given)
    entries = Entry.objects.order_by().filter(pk__in=[hit.key for hit in hits])
    said = dict(entries.values_list("pk", "texts")) if hits else {}
    slugs = [hit.slug for hit in hits if hit.kind == Technology.KIND]
    lines = _lines_of_truth(slugs, ranked, stamp)
    found = defaultdict(list)
    for hit in hits:
        line = lines.get(hit.slug) if hit.kind == Technology.KIND else None
        note, texts = hit.note, said.get(hit.key, [])
        if hit.kind == Comparison.KIND and hit.slug in ranked.by_comparison:
            note = ranked.by_comparison[hit.slug].headline
        # Of what is called so its summary says more than a word found somewhere.
        is_called = hit.rank.level <= BEGINS or hit.rank.field == Field.NAME
        summary = line.summary if line and is_called else ""
        pieces = [
            excerpts.marked(hit.title, asked),
            excerpts.marked(note, asked),
            excerpts.marked(summary, asked) if summary else excerpts.excerpt(texts, asked),
        ]
        shows_it = any(is_marked for text in pieces for _, is_marked in text)
        reason = _reason(hit, texts, asked, line.truth if line else "", shows_it=shows_it)
        found[hit.kind].append(Shown(address_of_hit(hit), *pieces, reason, line))
    return found


def _lines_of_truth(slugs: Iterable[str], ranked: Standings, stamp: Hashable) -> dict[str, Line]:
    """Return the line of each published technology: kept as of an edition and a day."""
    day = today()
    found = {slug: _pieces.get((stamp, day, slug)) for slug in slugs}
    if missing := [slug for slug, line in found.items() if line is None]:
        technologies = Technology.objects.published().filter(slug__in=missing)
        for truth in truths_of(technologies, ranked):
            html = render_to_string("catalog/_truth.html", {"truth": truth, "is_short": True})
            one = truth.technology
            found[one.slug] = _pieces.keep((stamp, day, one.slug), Line(one.summary, html))
    return {slug: line for slug, line in found.items() if line}


def _reason(hit: Hit, texts: list[list], asked: Wanted, said: str, *, shows_it: bool) -> str:
    """Return why it was found, where what is shown of it does not say so; `said` is shown."""
    rank = hit.rank
    if rank.level == EXACT and rank.errors and not shows_it:
        return "spelled nearly so"
    if rank.field == Field.ALIAS:
        return f"alias {excerpts.best_of(texts, asked, Field.ALIAS)}"
    if rank.field == Field.PACKAGE:
        return f"package {excerpts.best_of(texts, asked, Field.PACKAGE)}"
    keyword = "" if shows_it else excerpts.best_of(texts, asked, Field.KEYWORD)
    return f"{SAYS.get(hit.kind, '')} {keyword}".strip() if keyword and keyword not in said else ""


def _meant(found: Answer) -> dict[str, str] | None:
    """Return the text as it was understood, where it has words that stand nowhere."""
    text, first = found.question.text, next(iter(found.hits), None)
    meant = found.meant
    if not meant and first and first.rank.errors and first.rank.level == EXACT:
        meant = {text: first.title}
    for typed, other in meant.items():
        text = re.sub(re.escape(typed), lambda _, other=other: other, text, flags=re.IGNORECASE)
    typed = get_text_list([f"“{one}”" for one in meant], "and")
    return {"text": text, "address": _search_address(text), "typed": typed} if meant else None


def _on_top(top: Top, ranked: Standings, stamp: Hashable) -> SafeString:
    """Return in HTML what answers by itself: technologies side by side, or one. Kept, too."""
    key = (stamp, today(), top.kind, top.slugs)
    if key in _pieces:
        return _pieces[key]
    slugs = {Technology.KIND: top.slugs, "instead": top.slugs[1:]}.get(top.kind, ())
    found = Technology.objects.published().filter(slug__in=slugs) if slugs else []
    truths = sorted(truths_of(found, ranked), key=lambda one: slugs.index(one.technology.slug))
    is_named = top.kind == Technology.KIND
    context = {
        "top": top,
        "truths": truths,
        "pins": pins_of(truths[0].technology) if is_named and truths else [],
        "compare": _compare_address(top),
    }
    return _pieces.keep(key, render_to_string("catalog/_search_top.html", context))


def _note_miss(text: str) -> None:
    """Log what the guide has no answer to: one line, without anything of who asked."""
    if settings.SEARCH_MISSES:
        logger.info("Nothing found", extra={"searched": text[: questions.LONGEST]})
