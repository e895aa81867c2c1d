"""What waits for a publisher: changes of live things by everybody else, kept back as documents."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import groupby
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone

from catalog import documents, edition
from catalog.changes import writing
from catalog.changes.merge import Take
from catalog.changes.proposing import Choose, Proposal, merged, nobody
from catalog.changes.rows import MODEL_OF_KIND, MODELS, Fields, RowChange, RowKey, key_of, owners_of
from catalog.models import Page, Pending, Snippet, Status, ThingKey

Document = list[dict[str, Any]]
Documents = dict[ThingKey, Document]

# Rows that a proposal would make have keys from here on while it is shown: the same each time,
# so that a form finds them again, and none that a database gives of itself.
FIRST_KEY = 2**40

# A document is long; a statement must not be.
BATCH = 50


class Basis(NamedTuple):
    """What a form was made from: the version of the pending change, and the edition below it."""

    version: int
    edition: int


class NotYoursError(Exception):
    """A change waits that somebody else has to go on with."""

    def __init__(self, pending: Pending) -> None:
        super().__init__(str(pending))
        self.pending = pending


def waiting_for(thing: ThingKey | None) -> Pending | None:
    """The pending change of a thing, waiting or returned. One query."""
    return thing and Pending.objects.filter(kind=thing.kind, slug=thing.slug).first()


def on_live(pending: Pending, choose: Choose = nobody) -> Proposal:
    """The pending change merged with what is live now. Call it with the door open."""
    base = documents.at(pending.thing, pending.edition)
    mine = documents.in_todays_fields(pending.document)
    return merged(pending.thing, base, mine, choose)


def write_in_place(pending: Pending) -> None:
    """Write the pending change over what is live, in a transaction that takes it back.

    Where both changed the same, what waits is written; `shown_on` is then still the edition it
    was made on, and otherwise that of now. Raises what merging and writing raise.
    """
    at_odds = on_live(pending).conflicts
    pending.shown_on = pending.edition if at_odds else edition.number_now()
    changes = on_live(pending, lambda _row, _field: Take.MINE).changes
    made = (change.row for change in changes if change.before is None)
    keys = {row: FIRST_KEY + place for place, row in enumerate(made)}
    writing.write(lambda: changes, keys)


@contextmanager
def kept_back(
    door: edition.Change,
    by: str,
    thing: ThingKey | None = None,
    basis: Basis | None = None,
    in_place: Pending | None = None,
    may_amend: Callable[[Pending], bool] = lambda _pending: True,
) -> Iterator[list[Pending]]:
    """Let what the block writes to live things become pending changes; drafts stay written.

    `by` is the name of who does it. A row of several things is proposed with `thing`, if it is
    one of them. With `in_place` the block works on that pending change, and what it leaves is
    that change from then on. Raises NotYoursError for a change that waits and that `may_amend`
    denies. Yields the list of pending changes, filled when the block is done.
    """
    kept: list[Pending] = []
    touched = set(door.touched)
    work = _Work(door, in_place)
    with transaction.atomic():
        with work.watched():
            yield kept
        if not (stays := work.may_stay()):
            transaction.set_rollback(True)
    if stays:
        return
    door.touched = touched
    if not work.is_new:
        return
    proposed = defaultdict(list)
    for change in work.live:
        proposed[thing if thing in change.things else min(change.things)].append(change)
    if in_place is not None and in_place.thing not in proposed:
        in_place.delete()  # nothing of it is left
    waiting = _waiting_for(proposed)
    for pending in waiting.values():
        if not may_amend(pending):
            raise NotYoursError(pending)
    kept += _keep(proposed, waiting, work.before, by, in_place=in_place, basis=basis)
    rest = [change for change in work.changes if change not in work.live]
    writing.write(lambda: writing.in_writing_order(rest))


class _Work:
    """What a block writes through a door, and what of that readers would see."""

    def __init__(self, door: edition.Change, in_place: Pending | None) -> None:
        self.door = door
        self.in_place = in_place
        self.before: Documents = {}
        self.begun_with: Documents = {}
        self.changes: list[RowChange] = []
        self.live: list[RowChange] = []
        self.is_new = False

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Remember what the block changes as it was; begins with what waits, if it goes on."""
        self.door.on_touch.append(self._remember)
        try:
            if self.in_place is not None:
                write_in_place(self.in_place)
                self.begun_with = documents.of(self.before)
            yield
        finally:
            self.door.on_touch.remove(self._remember)
        after = documents.of(self.before.keys() | self.door.touched)
        self.is_new = after != self.begun_with
        self.changes = list(_changes(self.before, after))
        lives = _Lives(self.before, after)
        self.live = [change for change in self.changes if lives.change(change)]

    def may_stay(self) -> bool:
        """Whether all of it can be left as it was written: nothing that readers see."""
        return not self.live and self.in_place is None

    def _remember(self, things: set[ThingKey]) -> None:
        self.before |= documents.of(things)


class _Lives:
    """Whether what changes is seen by readers, before or after."""

    def __init__(self, before: Documents, after: Documents) -> None:
        self.documents = (before, after)
        self.known: dict[ThingKey, bool] = {}

    def change(self, change: RowChange) -> bool:
        """Whether the row is seen as it was or as it becomes; a listing is where both its ends are.

        A row that goes from a live thing to a draft is seen to go.
        """
        states = [fields for fields in (change.before, change.after) if fields is not None]
        ends = [owners_of(change.row, fields) or change.things for fields in states]
        return any(all(map(self.thing, things)) for things in ends)

    def thing(self, thing: ThingKey) -> bool:
        if thing not in self.known:
            self.known[thing] = any(self._find(thing))
        return self.known[thing]

    def _find(self, thing: ThingKey) -> Iterator[bool]:
        model = MODELS[MODEL_OF_KIND[thing.kind]]
        own = RowKey(MODEL_OF_KIND[thing.kind], (thing.slug,))
        states = [found[thing] for found in self.documents if thing in found]
        for state in states or [documents.of([thing])[thing]]:
            for fields in (row["fields"] for row in state if key_of(row) == own):
                if issubclass(model, Page):
                    yield fields["status"] != Status.DRAFT
                elif model is Snippet:
                    yield all(self.thing(place) for place in _places(fields))
                else:
                    yield True


def _places(fields: Fields) -> Iterator[ThingKey]:
    """The thing on whose page a snippet stands."""
    for kind in ("technology", "category"):
        if fields[kind]:
            yield ThingKey(kind, fields[kind][0])


def _changes(before: Documents, after: Documents) -> Iterator[RowChange]:
    """Each row that differs, once, with the things that hold it before or after."""
    states: list[dict[RowKey, Fields]] = [{}, {}]
    owners: dict[RowKey, set[ThingKey]] = defaultdict(set)
    for state, found in zip(states, (before, after), strict=True):
        for thing, document in found.items():
            for entry in document:
                row = key_of(entry)
                state[row] = entry["fields"]
                owners[row] |= {thing, *owners_of(row, entry["fields"])}
    was, became = states
    for row in {**became, **was}:
        if was.get(row) != became.get(row):
            yield RowChange(row, was.get(row), became.get(row), tuple(sorted(owners[row])))


def _keep(
    proposed: dict[ThingKey, list[RowChange]],
    waiting: Mapping[ThingKey, Pending],
    before: Documents,
    by: str,
    *,
    in_place: Pending | None,
    basis: Basis | None,
) -> list[Pending]:
    """Make these changes the pending change of each thing, or part of what waits already."""
    number = basis.edition if basis else edition.number_now()
    now = timezone.now()
    kept = []
    for thing, changes in sorted(proposed.items()):
        pending = waiting.get(thing) or Pending(kind=thing.kind, slug=thing.slug, edition=number)
        goes_on = in_place is not None and thing == in_place.thing
        if goes_on and basis is not None:
            pending.edition = basis.edition
        base = documents.in_todays_fields(pending.document or documents.NOTHING)
        if goes_on or pending.pk is None:
            base = before.get(thing, [])
        pending.document = documents.dumps(_with(base, changes))
        pending.version += 1
        pending.user, pending.at, pending.state = by, now, Pending.State.WAITING
        pending.authors = sorted({*pending.authors, by})
        kept.append(pending)
    Pending.objects.bulk_create([one for one in kept if one.pk is None], batch_size=BATCH)
    fields = ["edition", "document", "version", "user", "at", "state", "authors"]
    Pending.objects.bulk_update(waiting.values(), fields, batch_size=BATCH)
    return kept


def _waiting_for(things: Iterable[ThingKey]) -> Mapping[ThingKey, Pending]:
    """What waits of these things. One query for each kind, in batches."""
    found = {}
    for kind, same_kind in groupby(sorted(things), key=lambda thing: thing.kind):
        for batch in documents.in_batches([thing.slug for thing in same_kind]):
            rows = Pending.objects.filter(kind=kind, slug__in=batch)
            found |= {pending.thing: pending for pending in rows}
    return found


def _with(base: Document, changes: list[RowChange]) -> Document:
    """A document with these changes: of a row that both know, only the fields that they change."""
    rows = {key_of(entry): dict(entry["fields"]) for entry in base}
    for change in changes:
        if change.after is None:
            rows.pop(change.row, None)
        else:
            said = {name: change.after[name] for name in change.changed}
            rows[change.row] = {**change.after, **rows.get(change.row, {}), **said}
    return [{"model": f"catalog.{row.model}", "fields": fields} for row, fields in rows.items()]
