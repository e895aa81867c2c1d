"""What an edition changed, said to whoever has just made it, with the way back."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from catalog.admin.past import address_of_past, model_admin_of
from catalog.changes.titles import Titles
from catalog.changes.words import ThingSaid, say
from catalog.history.diff import changes_in
from catalog.history.rows import MODELS, RowChange, reversed_changes
from catalog.models import Edition

# More is read on the page of the difference.
MOST_SENTENCES = 3


def tell(request: HttpRequest, edition: Edition) -> None:
    """Say in a message what an edition changed, and how to take it back.

    Nothing is said of a mere renaming: all that differs is what things are called. One query, and
    those of names and titles.
    """
    changes = changes_in(edition)
    if not changes:
        return
    lines, more = first_sentences(say(changes, Titles.of(changes)))
    words = {"number": edition.number, "lines": ". ".join(lines), "count": more}
    text = "Edition {number}. {lines}."
    if more:
        text = (
            "Edition {number}. {lines}, and {count} more change."
            if more == 1
            else "Edition {number}. {lines}, and {count} more changes."
        )
    text = format_html(text, **words)
    ways = [*_difference(request, edition, changes), *_undo(request, edition, changes)]
    links = format_html_join(" · ", '<a href="{}">{}</a>', ways)
    messages.info(request, format_html("{} {}", text, links))


def first_sentences(said: list[ThingSaid]) -> tuple[list[str], int]:
    """The first few sentences, those of one thing on one line, and how many there are besides."""
    lines, left = [], MOST_SENTENCES
    for one in said:
        if left:
            shown = one.sentences[:left]
            lines.append(str(replace(one, sentences=shown)))
            left -= len(shown)
    return lines, sum(len(one.sentences) for one in said) - (MOST_SENTENCES - left)


def may_write(request: HttpRequest, changes: Iterable[RowChange]) -> bool:
    """Whether somebody may make these changes: change each thing, make or delete what is one."""
    needed = set()
    for change in changes:
        needed |= {(thing.kind, "change") for thing in change.things}
        if not MODELS[change.row.model].OWNERS:
            kind = MODELS[change.row.model].KIND
            needed |= {(kind, "add")} if change.before is None else set()
            needed |= {(kind, "delete")} if change.after is None else set()
    return all(
        getattr(model_admin_of(kind), f"has_{verb}_permission")(request) for kind, verb in needed
    )


def _difference(
    request: HttpRequest, edition: Edition, changes: list[RowChange]
) -> Iterator[tuple[str, str]]:
    """The way to what changed: of one thing field by field, of several thing by thing."""
    things = set.intersection(*({*change.things} for change in changes))
    if things:
        address = f"{address_of_past(min(things))}?to={edition.number}"
    elif request.user.has_perm("catalog.view_edition"):
        address = reverse("admin:catalog_edition_change", args=[edition.pk])
    else:
        return
    yield address, "See the difference"


def _undo(
    request: HttpRequest, edition: Edition, changes: list[RowChange]
) -> Iterator[tuple[str, str]]:
    if may_write(request, reversed_changes(changes)):
        yield reverse("admin:catalog_edition_undo", args=[edition.pk]), "Undo"
