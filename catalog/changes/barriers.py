"""What bars the way back: rows that are taken, missing, still needed, or changed since."""

from collections import defaultdict
from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

from catalog.changes.names import references_of
from catalog.changes.rows import MODEL_OF_KIND, RowChange, RowKey, owners_of
from catalog.changes.stored import primary_keys, referrers, rows_of
from catalog.models import ThingKey


class ChangedSince(NamedTuple):
    """A field that was changed since, "" for the whole row, and the thing it is part of."""

    row: RowKey
    field: str
    thing: ThingKey


class Why(Enum):
    """What bars a row."""

    TAKEN = "another thing has it"
    MISSING = "the other row, which it needs, is not there"
    NEEDED = "the other row needs it"


class Barrier(NamedTuple):
    """A row that cannot be written, and the row that bars it."""

    why: Why
    row: RowKey
    other: RowKey


def barriers_against(changes: list[RowChange]) -> list[Barrier]:
    """Return what keeps these changes from being written to the guide as it is now.

    A fixed number of queries for each model they are about, in batches.
    """
    return [*_taken(changes), *_missing(changes), *_still_needed(changes)]


def _taken(changes: list[RowChange]) -> Iterator[Barrier]:
    """What would be made and is there already, with somebody else: a package has its own name."""
    made = defaultdict(list)
    for change in changes:
        if change.before is None:
            made[change.row.model].append(change.row)
    for model, rows in made.items():
        for row, fields in sorted(rows_of(model, rows).items()):
            for owner in owners_of(row, fields):  # the facts of a package say none
                yield Barrier(Why.TAKEN, row, RowKey(MODEL_OF_KIND[owner.kind], (owner.slug,)))


def _missing(changes: list[RowChange]) -> Iterator[Barrier]:
    """What rows would refer to and is not there, or goes."""
    made = {change.row for change in changes if change.before is None}
    gone = {change.row for change in changes if change.after is None}
    wanted = defaultdict(set)
    for change in changes:
        for reference in references_of(change.row.model):
            if change.after and (value := change.after[reference.name]):
                target = RowKey(reference.model, tuple(value))
                if target not in made:
                    wanted[reference.model].add((target, change.row))
    for model, pairs in wanted.items():
        there = primary_keys(model, {target for target, _row in pairs}).keys() - gone
        yield from (
            Barrier(Why.MISSING, row, target)
            for target, row in sorted(pairs)
            if target not in there
        )


def _still_needed(changes: list[RowChange]) -> Iterator[Barrier]:
    """What would go although something that stays refers to it."""
    changed = {change.row for change in changes}
    gone = [change.row for change in changes if change.after is None]
    for row, others in sorted(referrers(gone).items()):
        yield from (Barrier(Why.NEEDED, row, other) for other in sorted(others - changed))
