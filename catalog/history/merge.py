"""The three-way merge: a base and what became of it on two sides, brought together. Pure.

The rule for one value is the same for editors, undo and packs:

    base   mine   theirs    becomes
    a      a      b         b           only they changed it
    a      b      a         b           only I changed it
    a      b      b         b           both say the same
    a      b      c         a conflict, which waits until somebody chooses
    none   b      c         a conflict as well

For whole rows a deletion adds one more: a row that one side deleted and the other still needs is
asked about once, with all that hangs on it: whoever keeps a criterion keeps its cells.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from catalog.history.rows import RANK, Fields, RowKey, State, references_of
from catalog.models import ThingKey


class Mark:
    """A value that no field can have."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name


NO_BASE = Mark("NO_BASE")  # in place of a base that there is not
CONFLICT = Mark("CONFLICT")


class Take(StrEnum):
    """Which side to take in a conflict.

    For editors MINE is what was typed or proposed and THEIRS what is saved; for a pack MINE is
    what is here and THEIRS what the pack says.
    """

    MINE = "mine"
    THEIRS = "theirs"


@dataclass(frozen=True, slots=True)
class Own:
    """A value that was written instead of both."""

    value: Any


class Conflict(NamedTuple):
    """A field that both sides changed; a blank `field` is a row that one deleted.

    For a field the values are what it says, `base` being NO_BASE where there is none; for a row
    they are all of its fields, or None where it is not there. `covers` are the rows that stay or
    go together with it.
    """

    row: RowKey
    field: str
    base: Any
    theirs: Any
    mine: Any
    things: tuple[ThingKey, ...] = ()
    covers: tuple[RowKey, ...] = ()


Choice = Take | Own | None  # None: it waits
Choose = Callable[[RowKey, str], Choice]


def undecided(_row: RowKey, _field: str) -> None:
    """Let every conflict wait."""


@dataclass(slots=True)
class Reconciled:
    """What comes of two states: the rows then, every conflict, and those that are undecided."""

    rows: dict[RowKey, Fields] = field(default_factory=dict)
    asked: list[Conflict] = field(default_factory=list)
    undecided: list[Conflict] = field(default_factory=list)


def merge_value(base: Any, one: Any, other: Any) -> Any:
    """Return what becomes of a value that two sides may have changed, or CONFLICT."""
    if one == other or other == base:
        return one
    return other if one == base else CONFLICT


def reconcile(base: State, mine: State, theirs: State, choose: Choose = undecided) -> Reconciled:
    """Bring mine and theirs together; a conflict that is undecided stays as theirs says.

    Which conflicts there are does not depend on what is chosen. Where mine and theirs each refer
    only to rows they have, so does what comes of them.

    Example: the base has criterion "speed" with a cell "speed/quart". Mine deletes both, theirs
    changes the cell's word. Asked is one conflict: row criterion "speed", field "", mine None.
    Take.MINE: both rows are gone. Take.THEIRS or undecided: both are there, with theirs' word.
    """
    merge = _Merge(base, mine, theirs, choose)
    merge.decide_deletions()
    found = merge.found
    for row in merge.place:
        after = merge.row_after(row)
        if after is not None:
            found.rows[row] = after
    for row, fields in found.rows.items():
        merge.mend_references(row, fields)
    for conflicts in (found.asked, found.undecided):
        conflicts.sort(key=lambda conflict: merge.place[conflict.row])
    return found


class _Merge:
    """The three states, the order of all rows that are in one of them, and what comes of them."""

    def __init__(self, base: State, mine: State, theirs: State, choose: Choose) -> None:
        self.base, self.mine, self.theirs, self.choose = base, mine, theirs, choose
        self.place = {row: place for place, row in enumerate({**theirs, **base, **mine})}
        self.mine_lacks = _Deletions(self, lacking=mine, having=theirs)
        self.theirs_lack = _Deletions(self, lacking=theirs, having=mine)
        self.found = Reconciled()

    def references(
        self, row: RowKey, fields: Fields, *, required: bool
    ) -> Iterator[tuple[str, RowKey]]:
        """Yield the fields that name one of these rows, and the row."""
        for reference in references_of(row.model):
            target = reference.target(fields)
            if reference.is_required == required and target in self.place:
                yield reference.name, target

    def decide_deletions(self) -> None:
        for deletions, stands in ((self.mine_lacks, Take.MINE), (self.theirs_lack, Take.THEIRS)):
            for group in deletions.disputed():
                # Not by its place: the same row whichever side is mine.
                row = min(group, key=lambda row: (RANK[row.model], row))
                states = (state.get(row) for state in (self.base, self.theirs, self.mine))
                if (self._decide(Conflict(row, "", *states)) or Take.THEIRS) != stands:
                    deletions.kept.update(group)

    def row_after(self, row: RowKey) -> Fields | None:
        """Return the fields of a row in what comes of it, None where it is not there.

        Example: mine says word "Good" and theirs note "Fast" over a base that says neither: the
        row says both. Theirs deleted the group that the row named and the group is kept: the row,
        which theirs freed of it, names it again.
        """
        both = (self.mine_lacks, self.theirs_lack)
        for deletions in both:
            if deletions.roots(row):
                return None if deletions.is_gone(row) else dict(deletions.having[row])
        base, mine, theirs = (state.get(row) for state in (self.base, self.mine, self.theirs))
        if mine is None or theirs is None:
            # Both deleted it, or one of them made it.
            return None if base is not None else dict(mine or theirs)
        after = self._fields_after(row, base, mine, theirs)
        for deletions in both:
            for name, target in self.references(row, base or {}, required=False):
                is_kept = deletions.roots(target) and not deletions.is_gone(target)
                if is_kept and deletions.having[row][name] == base[name]:
                    after[name] = base[name]
        return after

    def _fields_after(
        self, row: RowKey, base: Fields | None, mine: Fields, theirs: Fields
    ) -> Fields:
        """Return the fields of a row that both have; what is undecided stays as theirs says."""
        after = dict(theirs)
        for name in mine:
            before = NO_BASE if base is None else base[name]
            value = merge_value(before, mine[name], theirs[name])
            if value is CONFLICT:
                choice = self._decide(Conflict(row, name, before, theirs[name], mine[name]))
                value = mine[name] if choice == Take.MINE else theirs[name]
                value = choice.value if isinstance(choice, Own) else value
            after[name] = value
        return after

    def _decide(self, asked: Conflict) -> Choice:
        choice = self.choose(asked.row, asked.field)
        if isinstance(choice, Own) and not asked.field:
            choice = None  # a row is there or not
        self.found.asked.append(asked)
        if choice is None:
            self.found.undecided.append(asked)
        return choice

    def mend_references(self, row: RowKey, fields: Fields) -> None:
        """Let no field name a row that is gone: as the other side says, else nothing."""
        rows = self.found.rows
        for name, target in list(self.references(row, fields, required=False)):
            if target not in rows:
                fields[name] = None
                for state in (self.theirs, self.mine):
                    there = dict(self.references(row, state.get(row, {}), required=False))
                    if there.get(name) in rows:
                        fields[name] = state[row][name]
                        break


class _Deletions:
    """The rows that one side deleted and the other still has, and what of that is kept."""

    def __init__(self, merge: _Merge, *, lacking: State, having: State) -> None:
        self.merge, self.having = merge, having
        self.rows = {row for row in having if row in merge.base and row not in lacking}
        self.kept: set[RowKey] = set()
        self._roots: dict[RowKey, frozenset[RowKey]] = {}

    def roots(self, row: RowKey) -> frozenset[RowKey]:
        """Return the outermost deleted rows that a row hangs on, or is.

        Example: a comparison lost criterion "speed" and contender "quart". The roots of cell
        "speed/quart" are both; those of the criterion are the criterion itself.
        """
        if row not in self.having:
            return frozenset()
        if (known := self._roots.get(row)) is None:
            self._roots[row] = frozenset()  # what hangs on itself hangs on nothing
            above = self.merge.references(row, self.having[row], required=True)
            known = frozenset().union(*(self.roots(target) for _name, target in above))
            if not known and row in self.rows:
                known = frozenset({row})
            self._roots[row] = known
        return known

    def disputed(self) -> list[set[RowKey]]:
        """Return the roots of what the other side made, changed or points at.

        In sets of those that can only be decided together.
        """
        sets: list[set[RowKey]] = []
        for row in self.having:
            if roots := self._needed_by(row):
                joined = [each for each in sets if each & roots]
                sets = [each for each in sets if not each & roots]
                sets.append(roots.union(*joined))
        return sets

    def is_gone(self, row: RowKey) -> bool:
        """Return whether a row that hangs on something deleted goes by what was decided."""
        return not self.roots(row) <= self.kept

    def _needed_by(self, row: RowKey) -> set[RowKey]:
        """Return the deleted roots that the other side's change of this row needs."""
        before, after = self.merge.base.get(row), self.having[row]
        if before == after:
            return set()
        needed = set(self.roots(row))
        for name, target in self.merge.references(row, after, required=False):
            if before is None or before[name] != after[name]:
                needed |= self.roots(target)
        return needed
