"""Three states of a row into one: what was said, what is here, what comes in. Pure.

For every field the rule is one of five: local equal to base takes what comes in; incoming equal
to base keeps what is here; local equal to incoming moves only the base; no base and different, or
all three different, is a conflict, and then local and base stay until somebody chooses.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from catalog.history.merge import NO_BASE, Take
from catalog.history.rows import Fields


class BaseValue(NamedTuple):
    """What was last said of a field and which pack said it; nobody's is blank."""

    value: Any
    pack: str = ""


class Rights(NamedTuple):
    """Whose fields a pack may change, and whose it must leave alone; other packs are strangers.

    A pack may change what nobody said, what it said itself and what a pack said that it is over.
    """

    name: str
    below: frozenset[str] = frozenset()
    above: frozenset[str] = frozenset()

    def may_change(self, base: BaseValue) -> bool:
        return base.pack in ("", self.name) or base.pack in self.below


class AtOdds(NamedTuple):
    """A field in conflict."""

    field: str
    base: Any  # NO_BASE where nobody has said anything
    local: Any
    incoming: Any


@dataclass(slots=True)
class Merged:
    """What comes of it: the row's fields then, bases to move, and what is left to somebody."""

    after: Fields
    moves: Fields = field(default_factory=dict)
    conflicts: list[AtOdds] = field(default_factory=list)
    held: dict[str, str] = field(default_factory=dict)  # field to the pack over this one


Chooser = Callable[[str], Take | None]


def nobody_chooses(_field: str) -> None:
    """A conflict waits."""


def merge(
    local: Fields,
    incoming: Fields,
    bases: Mapping[str, BaseValue],
    rights: Rights,
    choose: Chooser = nobody_chooses,
) -> Merged:
    """Merge what a pack says of a row into the row as it is here.

    Fields that `incoming` leaves out stay as they are. What it states the pack owns from then on.
    """
    merged = Merged(dict(local))
    for name, value in incoming.items():
        base = bases.get(name)
        if base is not None and base.pack in rights.above:
            if value not in (base.value, local[name]):
                merged.held[name] = base.pack
            continue
        if base is not None and not rights.may_change(base):
            if value == local[name]:
                continue  # both say so; the field stays the stranger's
            base = None  # a stranger's word is no base for this pack
        _merge_field(merged, name, value, base, rights, choose)
    return merged


def _merge_field(
    merged: Merged,
    name: str,
    incoming: Any,
    base: BaseValue | None,
    rights: Rights,
    choose: Chooser,
) -> None:
    local = merged.after[name]
    before = NO_BASE if base is None else base.value
    if incoming not in (local, before) and local != before:
        choice = choose(name)
        if choice is None:
            merged.conflicts.append(AtOdds(name, before, local, incoming))
            return
        if choice == Take.THEIRS:
            merged.after[name] = incoming
    elif local == before:
        merged.after[name] = incoming
    if base is None or base.value != incoming or base.pack != rights.name:
        merged.moves[name] = incoming
