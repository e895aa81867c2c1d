"""What a page is called where only its head is read: in tabs, search results and pasted links."""

from collections.abc import Sequence
from html import unescape
from typing import NamedTuple

from django.utils.html import strip_tags
from django.utils.text import Truncator

from catalog.comparison.chosen import Chosen
from catalog.comparison.engine import Question, Table, arrange, judge, words
from catalog.models import Category, Comparison, Listing

MOST_NAMED = 6
LONGEST = 200  # what readers of links show at most


class Head(NamedTuple):
    title: str
    description: str


def opening(html: str) -> str:
    """Return the first paragraph of a text as plain words, as far as sentences fit."""
    text = " ".join(unescape(strip_tags(html.partition("</p>")[0])).split())
    end = text.rfind(". ", 0, LONGEST) if len(text) > LONGEST else -1
    return text[: end + 1] if end > 0 else Truncator(text).chars(LONGEST)


def of_category(category: Category, listings: Sequence[Listing]) -> Head:
    """Name what to choose there first, of its listings and those of what stands below it."""
    first = [one for one in listings if one.verdict == Listing.Verdict.RECOMMENDED]
    named = _named([f"{one} {one.qualifier}".strip() for one in first])
    text = f"Recommended: {named}." if first else f"Listed: {_named([*map(str, listings)])}."
    if not listings:
        return Head(str(category), f"{category} in this guide.")
    return Head(f"{category}: which to choose", text)


def of_comparison(comparison: Comparison, table: Table) -> Head:
    """Name contenders and leader by the guide's own weights, whatever is asked. Made once."""
    head = table.kept.get("head")
    if head is None:
        everyone = Question(tuple(table.contender_by_slug), table.curated_weights)
        leader = "".join(words.winner(judge(arrange(table, everyone)))[:1])
        named = _named([contender.name for contender in table.contenders])
        title = f"{comparison} compared: {named}" if named else str(comparison)
        head = table.kept["head"] = Head(title, leader or f"{title}.")
    return head


def of_compared(title: str, chosen: Chosen) -> Head:
    """Name the technologies that were chosen, where there are two to compare."""
    if len(chosen.slugs) < 2:
        return Head("Compare", "Any technologies of this guide side by side.")
    text = f"Verdicts and facts of {chosen.said(chosen.slugs)}, with their sources."
    return Head(title, Truncator(text).chars(LONGEST))


def _named(names: list[str]) -> str:
    return ", ".join(names[:MOST_NAMED]) + (", …" if len(names) > MOST_NAMED else "")
