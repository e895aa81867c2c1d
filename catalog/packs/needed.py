"""Which rows a part of the guide needs, so that it can be loaded into an empty database.

Of a thing that was asked for, all; of what its rows name, only the row that is named, and what that
one names in turn: a technology comes with the categories it is listed in, not with all of theirs.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from catalog.history.rows import Fields, RowKey, State, owners_of, references_of
from catalog.history.store import rows_of, state_of_things
from catalog.models import ThingKey


class Part(NamedTuple):
    """Some rows of the guide, and the things whose documents hold them."""

    rows: frozenset[RowKey]
    things: frozenset[ThingKey]


def part_of(things: Iterable[ThingKey]) -> Part:
    """These things with all that they need. A query for each model and step away from them."""
    rows: set[RowKey] = set()
    owners: set[ThingKey] = set()
    found = state_of_things(things)
    while found:
        rows |= found.keys()
        owners |= {thing for row, fields in found.items() for thing in owners_of(row, fields)}
        found = _rows_named_by(found, known=rows)
    return Part(frozenset(rows), frozenset(owners))


def _rows_named_by(state: State, known: set[RowKey]) -> dict[RowKey, Fields]:
    """The rows that rows of this state name, without those that are known already."""
    by_model = defaultdict(set)
    for row, fields in state.items():
        for named in _named_by(row, fields):
            if named not in known:
                by_model[named.model].add(named)
    return {
        row: fields
        for model, named in by_model.items()
        for row, fields in rows_of(model, named).items()
    }


def _named_by(row: RowKey, fields: Fields) -> Iterator[RowKey]:
    for reference in references_of(row.model):
        if key := fields[reference.name]:
            yield RowKey(reference.model, tuple(key))
