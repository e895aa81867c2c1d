"""What two people made of the same rows into one state: what only one changed, and what is at odds.

Pure. Three states go in: the base that both began with, mine, and theirs, which is what is saved.
A row that one of them deleted and the other one needs is asked about once, with all that hangs on
it: whoever keeps a criterion keeps its cells.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from catalog.history.merge import NO_BASE, Take
from catalog.history.renames import Reference, references_of
from catalog.history.rows import Fields, RowKey, State


@dataclass(frozen=True, slots=True)
class Own:
    """A value that somebody wrote instead of both."""

    value: Any


class Conflict(NamedTuple):
    """A field that both changed; a blank `field` is a row that one deleted and the other needs.

    For a field the values are what it says, `base` being NO_BASE for a row that both made; for a
    row they are all of its fields, or None where it is not there.
    """

    row: RowKey
    field: str
    base: Any
    theirs: Any
    mine: Any


# Take.MINE is what the second editor typed, Take.THEIRS what is saved; None waits.
Choice = Take | Own | None
Choose = Callable[[RowKey, str], Choice]


def nobody(_row: RowKey, _field: str) -> None:
    """Every conflict waits."""


@dataclass(slots=True)
class Reconciled:
    """What comes of it: the rows then, every conflict, and those that nobody has decided."""

    rows: dict[RowKey, Fields] = field(default_factory=dict)
    asked: list[Conflict] = field(default_factory=list)
    undecided: list[Conflict] = field(default_factory=list)


def reconcile(base: State, mine: State, theirs: State, choose: Choose = nobody) -> Reconciled:
    """Bring mine and theirs together; a conflict that nobody decides stays as theirs says.

    Which conflicts there are does not depend on what is chosen. Where mine and theirs each refer
    only to rows they have, so does what comes of them.
    """
    states = _States(base, mine, theirs)
    found = Reconciled()
    mine_lacks = _Deletions(states, lacking=mine, having=theirs)
    theirs_lack = _Deletions(states, lacking=theirs, having=mine)
    for deletions, stands in ((mine_lacks, Take.MINE), (theirs_lack, Take.THEIRS)):
        for group in deletions.disputed():
            row = min(group, key=states.place.__getitem__)
            asked = Conflict(row, "", base.get(row), theirs.get(row), mine.get(row))
            choice = _decide(found, asked, choose)
            deletions.settle(group, (choice or Take.THEIRS) == stands)
    for row in states.place:
        after = _row_after(states, row, (mine_lacks, theirs_lack), found, choose)
        if after is not None:
            found.rows[row] = after
    for row, fields in found.rows.items():
        _mend_references(states, row, fields, found.rows)
    for conflicts in (found.asked, found.undecided):
        conflicts.sort(key=lambda conflict: states.place[conflict.row])
    return found


def differ(base: Fields | None, one: Fields, other: Fields) -> Iterator[tuple[str, Any]]:
    """The fields that both changed, each in another way, with what the base says."""
    for name, said in one.items():
        before = NO_BASE if base is None else base[name]
        if other[name] != said and before not in (said, other[name]):
            yield name, before


class _States:
    """The three states, and the order of all rows that are in one of them."""

    def __init__(self, base: State, mine: State, theirs: State) -> None:
        self.base, self.mine, self.theirs = base, mine, theirs
        self.place = {row: place for place, row in enumerate({**theirs, **base, **mine})}

    def required(self, row: RowKey, fields: Fields) -> Iterator[RowKey]:
        """The rows of these without which this one cannot be."""
        for reference in references_of(row.model):
            if reference.is_required and (target := self._target(reference, fields)):
                yield target

    def optional(self, row: RowKey, fields: Fields) -> Iterator[tuple[str, RowKey]]:
        """The fields that name one of these rows and could name none, with the row."""
        for reference in references_of(row.model):
            if not reference.is_required and (target := self._target(reference, fields)):
                yield reference.name, target

    def _target(self, reference: Reference, fields: Fields) -> RowKey | None:
        if not (value := fields.get(reference.name)):
            return None
        target = RowKey(reference.model, tuple(value))
        return target if target in self.place else None


class _Deletions:
    """The rows that one side deleted and the other still has, and what of that stands."""

    def __init__(self, states: _States, *, lacking: State, having: State) -> None:
        self.states, self.lacking, self.having = states, lacking, having
        self.rows = {row for row in having if row in states.base and row not in lacking}
        self.kept: set[RowKey] = set()
        self._tops: dict[RowKey, frozenset[RowKey]] = {}

    def tops(self, row: RowKey) -> frozenset[RowKey]:
        """The topmost deleted rows that this one hangs on, or is."""
        if row not in self.having:
            return frozenset()
        if (known := self._tops.get(row)) is None:
            self._tops[row] = frozenset()  # what hangs on itself hangs on nothing
            above = self.states.required(row, self.having[row])
            known = frozenset().union(*map(self.tops, above))
            if not known and row in self.rows:
                known = frozenset({row})
            self._tops[row] = known
        return known

    def disputed(self) -> list[set[RowKey]]:
        """Topmost rows that something hangs on which the other side made, changed or points at.

        In sets of those that can only be decided together.
        """
        sets: list[set[RowKey]] = []
        for row in self.having:
            if tops := self._needed_by(row):
                joined = [each for each in sets if each & tops]
                sets = [each for each in sets if not each & tops]
                sets.append(tops.union(*joined))
        return sets

    def settle(self, group: Iterable[RowKey], is_deleted: bool) -> None:
        if not is_deleted:
            self.kept.update(group)

    def is_gone(self, row: RowKey) -> bool:
        """Whether a row goes by what was decided; ask only for one that hangs on something."""
        return not self.tops(row) <= self.kept

    def _needed_by(self, row: RowKey) -> set[RowKey]:
        """The topmost deleted rows that the other side's change of this row needs."""
        before, after = self.states.base.get(row), self.having[row]
        if before == after:
            return set()
        needed = set(self.tops(row))
        for name, target in self.states.optional(row, after):
            if before is None or before[name] != after[name]:
                needed |= self.tops(target)
        return needed


def _row_after(
    states: _States,
    row: RowKey,
    both: tuple[_Deletions, _Deletions],
    found: Reconciled,
    choose: Choose,
) -> Fields | None:
    for deletions in both:
        if deletions.tops(row):
            return None if deletions.is_gone(row) else dict(deletions.having[row])
    base, mine, theirs = (state.get(row) for state in (states.base, states.mine, states.theirs))
    if mine is None or theirs is None:
        # Both deleted it, or one of them made it.
        return None if base is not None else dict(mine or theirs)
    after = _fields_after(row, (base, mine, theirs), found, choose)
    for deletions in both:
        # What the other one took away from a row that stays points at it again.
        for name, target in states.optional(row, base or {}):
            is_kept = deletions.tops(target) and not deletions.is_gone(target)
            if is_kept and deletions.having[row][name] == base[name]:
                after[name] = base[name]
    return after


def _fields_after(
    row: RowKey,
    said: tuple[Fields | None, Fields, Fields],
    found: Reconciled,
    choose: Choose,
) -> Fields:
    """The fields of a row that both have: what I changed over theirs, but for what is at odds."""
    base, mine, theirs = said
    mine_alone = [name for name in mine if base is None or mine[name] != base[name]]
    after = theirs | {name: mine[name] for name in mine_alone}
    for name, before in differ(base, mine, theirs):
        choice = _decide(found, Conflict(row, name, before, theirs[name], mine[name]), choose)
        if isinstance(choice, Own):
            after[name] = choice.value
        elif choice != Take.MINE:
            after[name] = theirs[name]
    return after


def _decide(found: Reconciled, asked: Conflict, choose: Choose) -> Choice:
    choice = choose(asked.row, asked.field)
    if isinstance(choice, Own) and not asked.field:
        choice = None  # a row is there or not
    found.asked.append(asked)
    if choice is None:
        found.undecided.append(asked)
    return choice


def _mend_references(
    states: _States, row: RowKey, fields: Fields, rows: dict[RowKey, Fields]
) -> None:
    """Let no field name a row that is gone: as the other side says, else nothing."""
    for name, target in list(states.optional(row, fields)):
        if target not in rows:
            fields[name] = None
            for state in (states.theirs, states.mine):
                there = dict(states.optional(row, state[row])) if row in state else {}
                if there.get(name) in rows:
                    fields[name] = state[row][name]
                    break
