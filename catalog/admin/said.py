"""What an edition changed, said to whoever has just made it, with the way back."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from django.contrib import messages
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from catalog import documents
from catalog.admin.past import address_of_past, model_admin_of
from catalog.changes.names import Names
from catalog.changes.rows import MODELS, Fields, RowChange, RowKey, key_of, owners_of
from catalog.describe import Labels, ThingDescription, describe
from catalog.models import Edition, Revision, ThingKey

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
    lines, more = first_sentences(describe(changes, Labels.of(changes)))
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


def changes_in(edition: Edition) -> list[RowChange]:
    """What an edition changed, each row once, in the names of today.

    One query, and those for names where something may have been renamed.
    """
    revisions = [
        (kind, slug, text, earlier or documents.NOTHING)
        for kind, slug, text, earlier in _with_what_was_before(edition)
    ]
    renamed = any(documents.NOTHING in (text, earlier) for *_thing, text, earlier in revisions)
    names = Names.read() if renamed else Names({})
    was: dict[RowKey, Fields] = {}
    became: dict[RowKey, Fields] = {}
    owners: dict[RowKey, set[ThingKey]] = {}
    for kind, slug, text, earlier in revisions:
        thing = names.thing(ThingKey(kind, slug))
        for state, document in ((was, earlier), (became, text)):
            for entry in documents.in_todays_fields(document):
                key = key_of(entry)
                row = names.row(key)
                state[row] = names.fields(key.model, entry["fields"])
                owners.setdefault(row, set()).update((thing, *owners_of(row, state[row])))
    return [
        RowChange(row, was.get(row), became.get(row), tuple(sorted(owners[row])))
        for row in {**became, **was}
        if was.get(row) != became.get(row)
    ]


def first_sentences(said: list[ThingDescription]) -> tuple[list[str], int]:
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


def taken_back(changes: Iterable[RowChange]) -> Iterator[RowChange]:
    """The opposite of each change."""
    return (RowChange(one.row, one.after, one.before, one.things) for one in changes)


def _with_what_was_before(edition: Edition) -> QuerySet:
    earlier = Revision.objects.filter(
        kind=OuterRef("kind"), slug=OuterRef("slug"), edition_id__lt=edition.pk
    ).order_by("-edition_id")
    before = Subquery(earlier.values("document")[:1])
    revisions = Revision.objects.filter(edition=edition).order_by("kind", "slug")
    return revisions.annotate(before=before).values_list("kind", "slug", "document", "before")


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
    if may_write(request, taken_back(changes)):
        yield reverse("admin:catalog_edition_undo", args=[edition.pk]), "Undo"
