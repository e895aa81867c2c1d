"""The way back: what takes back an edition, and what makes a thing as it was in a revision."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from django.db.models import Max

from catalog import documents
from catalog.changes.barriers import Barrier, ChangedSince, barriers_against
from catalog.changes.documented import Owners, elsewhere, in_rows
from catalog.changes.merge import BaseValue, Rights, merge
from catalog.changes.names import Names
from catalog.changes.rows import MODEL_OF_KIND, Fields, RowChange, RowKey
from catalog.changes.writing import in_writing_order
from catalog.models import Edition, Revision, ThingKey

State = dict[RowKey, Fields]


class StuckError(Exception):
    """The way back is barred; `barriers` are what bars it, some of them sentences already."""

    def __init__(self, barriers: Sequence[Barrier | ChangedSince | str]) -> None:
        super().__init__(barriers)
        self.barriers = barriers


def taking_back(edition: Edition) -> list[RowChange]:
    """The changes that take back what an edition changed, and nothing that came after it.

    In writing order, for the guide as it is now: call it with the door open.
    Raises StuckError where a later edition changed the same field, or needs what would go.
    """
    names = Names.read()
    owners: Owners = defaultdict(set)
    left = list(edition.revisions.order_by("kind", "slug").values_list("kind", "slug", "document"))
    things = {ThingKey(kind, slug) for kind, slug, _text in left}
    after = _rows_of_texts(((ThingKey(k, s), text) for k, s, text in left), names, owners)
    before = _rows_of_texts(_texts_before(edition, things).items(), names, owners)
    local = _local({names.thing(thing) for thing in things}, owners)
    # A package may have gone to another technology since.
    local |= elsewhere({**after, **before}.keys() - local.keys())
    since = [ChangedSince(_own_row(thing), "", thing) for thing in _namesakes(edition, things)]
    changes = []
    for row in {**after, **before}:
        was, became, here = before.get(row), after.get(row), local.get(row)
        if was == became or here == was:
            continue
        returned = _returned(was, became, here)
        if isinstance(returned, list):
            since += [ChangedSince(row, name, min(owners[row])) for name in returned]
        elif returned != here:
            changes.append(RowChange(row, here, returned, tuple(sorted(owners[row]))))
    return _checked(changes, since)


def making_as(thing: ThingKey, document: Iterable[dict[str, Any]]) -> list[RowChange]:
    """The changes that make a thing as a document says, or bring it back; it keeps its slug.

    In writing order, for the guide as it is now: call it with the door open.
    Raises StuckError where something the document names is not there, or something new hangs on
    what would go.
    """
    names = Names.read()
    owners: Owners = defaultdict(set)
    local = _local({names.thing(thing)}, owners)
    wanted = in_rows(document, names, names.thing(thing), owners)
    return _checked(_between(local, wanted, owners))


def difference(
    thing: ThingKey, earlier: str, later: str, names: Names | None = None
) -> list[RowChange]:
    """What became of a thing between two of its documents as history keeps them.

    In the order of the later document, with what it lost behind; in the names of today. Reads
    nothing from the database where `names` are given.
    """
    names = names or Names.read()
    owners: Owners = defaultdict(set)
    before, after = (
        in_rows(documents.in_todays_fields(text), names, names.thing(thing), owners)
        for text in (earlier, later)
    )
    return _between(before, after, owners)


def _between(before: State, after: State, owners: Owners) -> list[RowChange]:
    return [
        RowChange(row, before.get(row), after.get(row), tuple(sorted(owners[row])))
        for row in {**after, **before}
        if before.get(row) != after.get(row)
    ]


def _returned(was: Fields | None, became: Fields | None, here: Fields | None) -> Any:
    """The row as it is to be, or the list of fields that were changed since; "" is the row."""
    if became is None:  # it was deleted, and something else has its name
        return was if here is None else [""]
    if was is None:  # it was made
        return None if here == became else [""]
    if here is None:
        return [""]
    bases = {name: BaseValue(value) for name, value in became.items()}
    wanted = {name: value for name, value in was.items() if became.get(name) != value}
    merged = merge(here, wanted, bases, Rights(""))
    return [at_odds.field for at_odds in merged.conflicts] or merged.after


def _checked(changes: list[RowChange], since: Sequence[ChangedSince] = ()) -> list[RowChange]:
    changes = in_writing_order(changes)
    if barriers := [*since, *barriers_against(changes)]:
        raise StuckError(barriers)
    return changes


def _namesakes(edition: Edition, things: set[ThingKey]) -> list[ThingKey]:
    """Things that were deleted or renamed since, and whose name somebody else has now."""
    ended = Revision.objects.filter(edition_id__gt=edition.pk, document=documents.NOTHING)
    gone = {ThingKey(*thing) for thing in ended.values_list("kind", "slug")} & things
    return sorted(thing for thing, rows in documents.of(gone).items() if rows)


def _own_row(thing: ThingKey) -> RowKey:
    return RowKey(MODEL_OF_KIND[thing.kind], (thing.slug,))


def _texts_before(edition: Edition, things: set[ThingKey]) -> dict[ThingKey, str]:
    """The documents of these things as the editions before this one left them."""
    found = dict.fromkeys(things, documents.NOTHING)
    for kind, same_kind in groupby(sorted(things), key=lambda thing: thing.kind):
        for batch in documents.in_batches([thing.slug for thing in same_kind]):
            earlier = Revision.objects.order_by().filter(
                kind=kind, slug__in=batch, edition_id__lt=edition.pk
            )
            newest = earlier.values("slug").annotate(newest=Max("edition_id"))
            numbers = dict(newest.values_list("slug", "newest"))
            rows = earlier.filter(edition_id__in=set(numbers.values()))
            for slug, number, text in rows.values_list("slug", "edition_id", "document"):
                if numbers[slug] == number:
                    found[ThingKey(kind, slug)] = text
    return found


def _rows_of_texts(texts: Iterable[tuple[ThingKey, str]], names: Names, owners: Owners) -> State:
    found = {}
    for thing, text in texts:
        found |= in_rows(documents.in_todays_fields(text), names, names.thing(thing), owners)
    return found


def _local(things: set[ThingKey], owners: Owners) -> State:
    found = {}
    for thing, document in documents.of(things).items():
        found |= in_rows(document, Names({}), thing, owners)
    return found
