"""What loading a pack would do: the changes, what waits for a choice, and what is left alone."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import chain
from typing import Any, NamedTuple

from catalog.history.rows import Fields, RowChange, RowKey
from catalog.history.trial import writing_order
from catalog.models import ThingKey
from catalog.packs.manifest import Manifest
from catalog.packs.merging import AtOdds
from catalog.packs.problems import Problems
from catalog.packs.spool import Spool


class Waiting(NamedTuple):
    """A conflict; `at_odds.field` is blank where the row itself would go."""

    row: RowKey
    at_odds: AtOdds
    things: tuple[ThingKey, ...]
    covers: tuple[RowKey, ...] = ()  # what is gone with the row and waits with it


class Why(StrEnum):
    """Why something of the pack is left alone."""

    HELD = "held"  # a pack over this one says it
    TAKEN = "taken"  # a pack over this one took it away, and it was kept or made again here
    DELETED = "deleted"  # the row was deleted here
    ORPHAN = "orphan"  # it needs a row that was deleted here


class Note(NamedTuple):
    """Something of the pack that is left alone: a row, or one field of it."""

    why: Why
    row: RowKey
    field: str = ""
    by: str = ""  # the pack that holds it, or the row that is missing


class Move(NamedTuple):
    """What the pack will have said of a row; no fields where it takes everything back."""

    row: RowKey
    fields: Fields | None
    defaults: Fields


@dataclass(slots=True)
class Plan:
    """Made for one state of the guide, and good for no other. Close it: it keeps files open."""

    manifest: Manifest
    digest: str
    edition: int  # the number of the guide's state that it was made for
    loads: int  # and for these loadings: see bases.number_of_loads()
    made: Spool = field(default_factory=Spool)
    changed: Spool = field(default_factory=Spool)
    gone: list[RowChange] = field(default_factory=list)
    moved: Spool = field(default_factory=Spool)
    conflicts: list[Waiting] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    problems: Problems = field(default_factory=Problems)

    def add(self, change: RowChange) -> None:
        """Add a change; what is made comes in the order in which rows refer to each other."""
        if change.after is None:
            self.gone.append(change)
            return
        spool = self.changed if change.before else self.made
        spool.append([*change.row, change.before, change.after, change.things])

    def move(self, row: RowKey, fields: Fields | None, defaults: Fields | None = None) -> None:
        self.moved.append([*row, fields, defaults or {}])

    @property
    def count(self) -> int:
        """How many rows are made, changed or go."""
        return len(self.made) + len(self.changed) + len(self.gone)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to write, not even bases."""
        return not self.count and not len(self.moved)

    def changes(self) -> Iterator[RowChange]:
        """Every change, in writing order."""
        return chain(
            map(_change, self.made),
            map(_change, self.changed),
            sorted(self.gone, key=writing_order),
        )

    def moves(self) -> Iterator[Move]:
        for model, key, fields, defaults in self.moved:
            yield Move(RowKey(model, tuple(key)), fields, defaults)

    def close(self) -> None:
        for spool in (self.made, self.changed, self.moved):
            spool.close()

    def __enter__(self) -> "Plan":
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()


def _change(values: list[Any]) -> RowChange:
    model, key, before, after, things = values
    row = RowKey(model, tuple(key))
    return RowChange(row, before, after, tuple(ThingKey(*thing) for thing in things))
