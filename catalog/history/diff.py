"""What differs between two states of the guide, and the way back to an earlier one."""

from collections.abc import Mapping, Set

from django.db.models import OuterRef, Subquery

from catalog.history import documents
from catalog.history.documents import last_changes, rows_anywhere
from catalog.history.merge import CONFLICT, merge_value
from catalog.history.renames import SlugRenames
from catalog.history.rows import (
    MODELS,
    Document,
    Fields,
    Owners,
    RowChange,
    RowKey,
    difference,
    own_row,
)
from catalog.history.trial import Problem
from catalog.models import Edition, Revision, ThingKey


def changes_in(edition: Edition) -> list[RowChange]:
    """Return what an edition changed, each row once, in the names of today.

    One query, and those for names where something may have been renamed.
    """
    found = _texts_around(edition)
    may_be_renamed = any(documents.NOTHING in texts for texts in found.values())
    names = SlugRenames.read() if may_be_renamed else SlugRenames({})
    owners = Owners()
    return difference(*_states_around(found, names, owners), owners)


def changes_between_texts(
    thing: ThingKey, earlier: str, later: str, names: SlugRenames | None = None
) -> list[RowChange]:
    """Return what became of a thing between two of its documents as history keeps them.

    Reads nothing from the database where `names` are given.
    """
    names = names or SlugRenames.read()
    owners = Owners()
    before, after = (
        names.rows(documents.in_todays_fields(text), names.thing(thing), owners)
        for text in (earlier, later)
    )
    return difference(before, after, owners)


def changes_to_restore(thing: ThingKey, document: Document) -> list[RowChange]:
    """Return the changes that make a thing as a document says, or bring it back.

    It keeps its slug. For the guide as it is now: call it inside of record(), or to look.
    """
    names = SlugRenames.read()
    owners = Owners()
    here = owners.rows(documents.of([names.thing(thing)]))
    return difference(here, names.rows(document, names.thing(thing), owners), owners)


def changes_to_undo(edition: Edition) -> tuple[list[RowChange], list[Problem]]:
    """Return the changes that take back what an edition changed, and nothing that came after it.

    And what stands in their way: a field that was changed since is a problem. For the guide as it
    is now: call it inside of record(), or to look.

    Example: edition 7 made summary "A" into "B". Now it says "B": the change is "B" to "A". Now
    it says "A": there is nothing to do. Now it says "C": a problem that names who changed it.
    """
    names = SlugRenames.read()
    owners = Owners()
    found = _texts_around(edition)
    before, after = _states_around(found, names, owners)
    here = owners.rows(documents.of({names.thing(thing) for thing in found}))
    # A package may have gone to another technology since.
    here |= rows_anywhere({**after, **before}.keys() - here.keys())
    since = [(own_row(thing), "", thing) for thing in _namesakes(edition, found.keys())]
    wanted = dict(here)
    for row in {**after, **before}:
        if before.get(row) == after.get(row) or here.get(row) == before.get(row):
            continue
        fields, at_odds = _taken_back(before.get(row), after.get(row), here.get(row))
        since += [(row, name, min(owners[row])) for name in at_odds]
        if not at_odds and fields is None:
            wanted.pop(row, None)
        elif not at_odds:
            wanted[row] = fields
    return difference(here, wanted, owners), _changed_since(since)


def _taken_back(
    was: Fields | None, became: Fields | None, here: Fields | None
) -> tuple[Fields | None, list[str]]:
    """Return the row as it is to be, and the fields that were changed since; "" is the row."""
    if became is None:  # it was deleted
        return (was, []) if here is None else (None, [""])
    if was is None:  # it was made
        return (None, []) if here in (became, None) else (None, [""])
    if here is None:
        return None, [""]
    after, at_odds = dict(here), []
    for name, value in was.items():
        if became.get(name) != value:
            after[name] = merge_value(became.get(name), here[name], value)
            at_odds += [name] if after[name] is CONFLICT else []
    return after, at_odds


def _changed_since(since: list[tuple[RowKey, str, ThingKey]]) -> list[Problem]:
    newest = last_changes({thing for _row, _field, thing in since})
    problems = []
    for row, field, thing in since:
        edition = newest.get(thing)
        number = f"edition {edition.number}" if edition else "an edition"
        who = edition.who if edition else "unknown"
        text = f"“{{row}}” has been changed since, in {number} ({who})."
        if field:
            text = f"The {MODELS[row.model]._meta.get_field(field).verbose_name} of {text}"
        problems.append(Problem(row, field, text))
    return problems


def _namesakes(edition: Edition, things: Set[ThingKey]) -> list[ThingKey]:
    """Return things that were deleted or renamed since, and whose name another thing has now."""
    ended = Revision.objects.filter(edition_id__gt=edition.pk, document=documents.NOTHING)
    gone = {ThingKey(*thing) for thing in ended.values_list("kind", "slug")} & things
    return sorted(thing for thing, rows in documents.of(gone).items() if rows)


def _texts_around(edition: Edition) -> dict[ThingKey, tuple[str, str]]:
    """Return the document of each thing that an edition changed, before it and after it."""
    earlier = Revision.objects.filter(
        kind=OuterRef("kind"), slug=OuterRef("slug"), edition_id__lt=edition.pk
    ).order_by("-edition_id")
    before = Subquery(earlier.values("document")[:1])
    revisions = edition.revisions.order_by("kind", "slug").annotate(before=before)
    return {row.thing: (row.before or documents.NOTHING, row.document) for row in revisions}


def _states_around(
    texts: Mapping[ThingKey, tuple[str, str]], names: SlugRenames, owners: Owners
) -> tuple[dict[RowKey, Fields], dict[RowKey, Fields]]:
    """Return the rows of these documents before and after, in the names of today."""
    before: dict[RowKey, Fields] = {}
    after: dict[RowKey, Fields] = {}
    for thing, (earlier, later) in texts.items():
        today = names.thing(thing)
        before |= names.rows(documents.in_todays_fields(earlier), today, owners)
        after |= names.rows(documents.in_todays_fields(later), today, owners)
    return before, after
