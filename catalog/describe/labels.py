"""What rows and things are called: as the changes say, or else as the database says."""

from collections.abc import Iterable, Iterator
from typing import Self

from catalog.history.documents import rows_anywhere
from catalog.history.rows import (
    MODELS,
    Fields,
    RowChange,
    RowKey,
    kinds_in_key,
    own_row,
    targets_of,
)
from catalog.models import ThingKey
from catalog.models.fields import one_line

# The field that names a row; rows of other models are called by their keys.
NAME_FIELDS = {name: model.NAME_FIELD for name, model in MODELS.items() if model.NAME_FIELD}

# The part of its key that is the technology by which a row is called.
CALLED_BY_TECHNOLOGY = {
    "listing": 1,
    "companion": 1,
    "migration": 1,
    "compatibility": 2,
    "contender": 1,
    "choice": 2,
}

# The row, besides things, whose name belongs to this one's. It has the first two parts of the key.
PARENTS = {"cell": "criterion", "choice": "role"}

LONGEST_NAME = 200


class Labels:
    """The names of things and rows, read once for some changes."""

    def __init__(self) -> None:
        self._names: dict[RowKey, str] = {}
        self._kinds: dict[RowKey, str] = {}

    @classmethod
    def of(cls, changes: Iterable[RowChange], also: Iterable[tuple[RowKey, Fields]] = ()) -> Self:
        """Return the names of all that these changes mention, and of the rows in `also`.

        The fields in `also` may be some of the row's or none. What the changes say counts first,
        the last change of a row most. At most one query for each model that has names, in batches.
        """
        labels, mentioned = cls(), set()
        for row, fields in also:
            labels._note(row, fields)
            mentioned.update(_mentioned(row, fields))
        for change in changes:
            labels._note(change.row, change.after or change.before)
            mentioned.update(own_row(thing) for thing in change.things[:1])
            for fields in (change.before, change.after):
                mentioned.update(_mentioned(change.row, fields or {}))
        for row, fields in rows_anywhere(mentioned - labels._names.keys()).items():
            labels._note(row, fields)
        return labels

    def thing(self, thing: ThingKey) -> str:
        """Return the name of a thing, or its slug where it has none."""
        return self._names.get(own_row(thing), thing.slug)

    def row(self, row: RowKey) -> str:
        """Return the name of a row: its own, that of what it is about, or the end of its key."""
        if (name := self._names.get(row)) is not None:
            return name
        if row.model == "cell":
            comparison, criterion, technology = row.key
            of = self.thing(ThingKey("technology", technology))
            return f"{self.row(RowKey('criterion', (comparison, criterion)))} of {of}"
        if (place := CALLED_BY_TECHNOLOGY.get(row.model)) is not None:
            return self.thing(ThingKey("technology", row.key[place]))
        return row.key[-1]

    def criterion_kind(self, row: RowKey) -> str:
        """Return the kind of a criterion, or of the criterion of a cell; "" where unknown."""
        return self._kinds.get(RowKey("criterion", row.key[:2]), "")

    def _note(self, row: RowKey, fields: Fields) -> None:
        name = NAME_FIELDS.get(row.model)
        if name in fields:
            self._names[row] = one_line(fields[name])[:LONGEST_NAME] or row.key[-1]
        if row.model == "criterion" and "kind" in fields:
            self._kinds[row] = fields["kind"]


def _mentioned(row: RowKey, fields: Fields) -> Iterator[RowKey]:
    """Yield the rows whose names it takes to speak of a row and of what its fields refer to."""
    if row.model in NAME_FIELDS:
        yield row
    if row.model in PARENTS:
        yield RowKey(PARENTS[row.model], row.key[:2])
    for slug, kind in zip(row.key, kinds_in_key(row.model), strict=True):
        if kind:
            yield own_row(ThingKey(kind, slug))
    for target in targets_of(row, fields):
        yield from _mentioned(target, {})
