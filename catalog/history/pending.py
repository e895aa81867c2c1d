"""Pending changes: what others than publishers change of live things is kept back as documents.

A pending change is a document and the edition it was made on. It is merged with what is live now
to be shown, amended or applied.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from catalog.history import documents, editions
from catalog.history.documents import by_kind, rows_anywhere
from catalog.history.merge import Choose, Conflict, Take, reconcile, undecided
from catalog.history.renames import SlugRenames
from catalog.history.rows import (
    Document,
    Fields,
    Owners,
    RowChange,
    RowKey,
    State,
    changes_between,
    difference,
    own_row,
    owners_of,
    references_of,
    state_of,
)
from catalog.history.trial import Problem, write, writing_order
from catalog.models import Pending, Status, ThingKey

Documents = Mapping[ThingKey, Document]

# Rows that a pending change would make have keys from here on while it is shown: the same each
# time, so that a form finds them again, and none that a database gives of itself.
FIRST_KEY = 2**40

# A document is long; a statement must not be.
BATCH = 50

# A snippet stands on the page of one of these; other rows of things name none so.
SNIPPET_PLACES = ("technology", "category")


class Basis(NamedTuple):
    """What a form was made from: the version of the pending change, and the edition below it."""

    version: int
    edition: int


class NotYoursError(PermissionDenied):
    """A change waits that somebody else has to go on with."""

    def __init__(self, pending: Pending) -> None:
        super().__init__(str(pending))
        self.pending = pending


class CannotShowError(Exception):
    """A pending change cannot be written over what is live now."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(problems)
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Merged:
    """A document merged with what its thing is now.

    `changes` lead from what is there now to what comes of it, in writing order; a conflict that
    waits stays in them as it is now. `conflicts` wait, `asked` are all that there are, decided or
    not. `theirs` and `mine` are what became of the base on either side, in document order.
    """

    changes: list[RowChange]
    conflicts: list[Conflict]
    asked: list[Conflict]
    theirs: list[RowChange]
    mine: list[RowChange]


def merge_document(
    thing: ThingKey,
    base: Document,
    mine: Document,
    choose: Choose = undecided,
    shown: Set[str] | None = None,
) -> Merged:
    """Merge a document of a thing into the thing as it is now.

    `base` is the document it was made on, `mine` what was made; both name rows as they were
    called then, and may have been kept when models had other fields. In a choice MINE is what is
    in `mine`, THEIRS what is there. With `shown`, the models of which `mine` shows the rows, what
    it lacks of others was not deleted: it goes and comes with what it belongs to.

    Example: the base has summary "A" and no verdict; mine says summary "B"; now the verdict is
    "good". `changes` is summary "A" to "B" of the row with that verdict, and there is no conflict.
    """
    names = SlugRenames.read()
    today = names.thing(thing)
    owners = Owners()
    before = names.rows(base, today, owners)
    wanted = names.rows(mine, today, owners)
    here = owners.rows(documents.of([today]))
    # A package may have gone to another technology since; it is a change like any other.
    moved = rows_anywhere(before.keys() - here.keys())
    for row, fields in moved.items():
        owners.note(row, fields)
    here |= moved
    if shown is not None:
        _add_unseen(wanted, before, here.keys(), shown)
    found = reconcile(before, wanted, here, choose)
    return Merged(
        changes=sorted(difference(here, found.rows, owners), key=writing_order),
        conflicts=found.undecided,
        asked=found.asked,
        theirs=difference(before, here, owners),
        mine=difference(before, wanted, owners),
    )


def pending_for(thing: ThingKey | None) -> Pending | None:
    """Return the pending change of a thing, waiting or returned. One query."""
    return thing and Pending.objects.open().filter(kind=thing.kind, slug=thing.slug).first()


def pending_of(things: Iterable[ThingKey]) -> dict[ThingKey, Pending]:
    """Return the pending changes of these things. One query for each kind, in batches."""
    return {
        pending.thing: pending
        for kind, slugs in by_kind(things)
        for pending in Pending.objects.open().filter(kind=kind, slug__in=slugs)
    }


def merge_pending(pending: Pending, choose: Choose = undecided) -> Merged:
    """Merge a pending change with what is live now."""
    base = documents.at(pending.thing, pending.edition)
    mine = documents.in_todays_fields(pending.document)
    return merge_document(pending.thing, base, mine, choose)


def write_pending(pending: Pending) -> None:
    """Write a pending change over what is live, inside of a record() that is rolled back.

    Where both changed the same, what is pending is written; `shown_on` is then still the edition
    it was made on, and otherwise that of now. Raises CannotShowError.
    """
    merged = merge_pending(pending, lambda _row, _field: Take.MINE)
    pending.shown_on = pending.edition if merged.asked else editions.number_now()
    made = (change.row for change in merged.changes if change.before is None)
    keys = {row: FIRST_KEY + place for place, row in enumerate(made)}
    if problems := write(merged.changes, keys):
        raise CannotShowError(problems)


@contextmanager
def kept_back(
    recording: editions.Recording,
    by: str,
    thing: ThingKey | None = None,
    basis: Basis | None = None,
    in_place: Pending | None = None,
    may_amend: Callable[[Pending], bool] = lambda _pending: True,
) -> Iterator[list[Pending]]:
    """Turn what the block writes to live things into pending changes; drafts stay written.

    `by` is the name of who does it. A row of several things is kept with `thing`, if it is one of
    them. With `in_place` the block works on that pending change, and what it leaves is that change
    from then on. Raises NotYoursError for a pending change that `may_amend` denies. Yields the
    list of pending changes, filled when the block is done.

    Example: a block writes a cell of a published table and the summary of a draft. Both are
    rolled back; the table gets a pending change whose document has the cell, and the draft's
    summary is written again.
    """
    kept: list[Pending] = []
    known = dict(recording.before)
    begun_with: Documents = {}
    with transaction.atomic():
        if in_place is not None:
            write_pending(in_place)
            begun_with = documents.of(recording.before.keys() - known.keys())
        yield kept
        touched = recording.before.keys() - known.keys()
        before = {thing: documents.in_todays_fields(recording.before[thing]) for thing in touched}
        after = documents.of(touched)
        changes = changes_between(before, after)
        live = list(filter(_liveness(before, after), changes))
        stays = not live and in_place is None
        transaction.set_rollback(not stays)
    if stays:
        return
    recording.before = known
    if after == begun_with:
        return
    by_thing = defaultdict(list)
    for change in live:
        by_thing[thing if thing in change.things else min(change.things)].append(change)
    if in_place is not None and in_place.thing not in by_thing:
        in_place.delete()  # nothing of it is left
    waiting = pending_of(by_thing)
    for pending in waiting.values():
        if not may_amend(pending):
            raise NotYoursError(pending)
    kept += _keep(by_thing, waiting, before, by, in_place=in_place, basis=basis)
    write(change for change in changes if change not in live)


def _liveness(before: Documents, after: Documents) -> Callable[[RowChange], bool]:
    """Return a function that says whether readers see a row as it was or as it becomes.

    A listing is where both its ends are; a row that moves from a live thing to a draft is seen.
    """

    def is_live(change: RowChange) -> bool:
        states = [fields for fields in (change.before, change.after) if fields is not None]
        ends = [owners_of(change.row, fields) or change.things for fields in states]
        return any(all(map(is_thing_live, things)) for things in ends)

    @cache
    def is_thing_live(thing: ThingKey) -> bool:
        states = [found[thing] for found in (before, after) if thing in found]
        for state in states or [documents.of([thing])[thing]]:
            fields = state_of(state).get(own_row(thing))
            if fields is not None and is_row_live(fields):
                return True
        return False

    def is_row_live(fields: Fields) -> bool:
        if "status" in fields:
            return fields["status"] != Status.DRAFT
        places = [ThingKey(kind, *fields[kind]) for kind in SNIPPET_PLACES if fields.get(kind)]
        return all(map(is_thing_live, places))

    return is_live


def _keep(
    by_thing: dict[ThingKey, list[RowChange]],
    waiting: Mapping[ThingKey, Pending],
    before: Documents,
    by: str,
    *,
    in_place: Pending | None,
    basis: Basis | None,
) -> list[Pending]:
    """Make these changes the pending change of each thing, or part of the one that waits."""
    number = basis.edition if basis else editions.number_now()
    now = timezone.now()
    kept = []
    for thing, changes in sorted(by_thing.items()):
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


def _with(base: Document, changes: list[RowChange]) -> Document:
    """Return a document with these changes: of a row that both know, only the changed fields."""
    rows = state_of(base)
    for change in changes:
        if change.after is None:
            rows.pop(change.row, None)
        else:
            changed = {name: change.after[name] for name in change.changed}
            rows[change.row] = {**change.after, **rows.get(change.row, {}), **changed}
    return [{"model": f"catalog.{row.model}", "fields": fields} for row, fields in rows.items()]


def _add_unseen(
    wanted: dict[RowKey, Fields], before: State, here: Set[RowKey], shown: Set[str]
) -> None:
    """Leave rows that the form did not show as they were, where what they belong to is wanted."""
    for row, fields in before.items():
        if row.model not in shown and row not in here and row not in wanted:
            above = {
                reference.target(fields)
                for reference in references_of(row.model)
                if reference.is_required
            }
            if (above & before.keys()) <= wanted.keys():
                wanted[row] = fields
