"""What changes, thing by thing: some sentences for each, and how many things of each kind."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby

from django.utils.text import capfirst

from catalog.describe.labels import Labels
from catalog.describe.phrases import new_thing_line, part_line, thing_lines
from catalog.history.rows import MODEL_OF_KIND, MODELS, RANK, RowChange, RowKey
from catalog.models import Status, ThingKey
from catalog.models.specifiers import direction

# Nobody reads a wall of sentences.
MOST_SENTENCES = 50
MOST_PINS = 5


class Outcome(StrEnum):
    """What becomes of a thing, in the order in which a summary counts it; some are a status."""

    NEW = "new"
    CHANGED = "changed"
    PUBLISHED = "published"
    ARCHIVED = "archived"
    DRAFT = "draft"
    DELETED = "deleted"


class PinChange(StrEnum):
    """What becomes of a pin, in the order in which a sentence counts it."""

    RAISED = "raised"
    LOWERED = "lowered"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


BY_DIRECTION = {1: PinChange.RAISED, -1: PinChange.LOWERED, 0: PinChange.CHANGED}


@dataclass(frozen=True, slots=True)
class ThingDescription:
    """What becomes of one thing, in sentences; `pins` counts those of a version set."""

    thing: ThingKey
    title: str
    outcome: Outcome
    sentences: Sequence[str]
    pins: Counter[PinChange] = field(default_factory=Counter)

    def __str__(self) -> str:
        sentences = "; ".join(self.sentences)
        if self.outcome == Outcome.NEW:
            return sentences  # the first one names it
        return f"{self.title}: {sentences}"


def describe(changes: Iterable[RowChange], labels: Labels) -> list[ThingDescription]:
    """Return what changes for each thing: kinds in the order of CONTENT, then by title and slug.

    A change belongs to the first of its things; the order of changes does not count. `labels`
    must have been read for them.
    """
    by_thing: dict[ThingKey, list[RowChange]] = defaultdict(list)
    for change in changes:
        # Facts of a package that is nowhere have no thing: their plan names that as a problem.
        for thing in change.things[:1]:
            by_thing[thing].append(change)
    found = [_describe_thing(thing, rows, labels) for thing, rows in by_thing.items()]
    return sorted(
        (one for one in found if one.sentences),
        key=lambda one: (RANK[MODEL_OF_KIND[one.thing.kind]], one.title, one.thing.slug),
    )


def summary(things: Iterable[ThingDescription]) -> list[str]:
    """Return how many things of each kind change, for things in the order of `describe`.

    “Technologies: 2 new, 3 changed”, “Version sets: 1 changed (3 pins raised, 1 removed)”
    """
    return [
        _count_kind(kind, list(same)) for kind, same in groupby(things, lambda it: it.thing.kind)
    ]


def _count_kind(kind: str, things: list[ThingDescription]) -> str:
    counts = Counter(one.outcome for one in things)
    numbers = ", ".join(
        f"{counts[outcome]} {'back to draft' if outcome == Outcome.DRAFT else outcome}"
        for outcome in Outcome
        if counts[outcome]
    )
    text = f"{capfirst(MODELS[MODEL_OF_KIND[kind]]._meta.verbose_name_plural)}: {numbers}"
    pins = _count_pins(sum((one.pins for one in things), Counter()))
    return f"{text} ({pins})" if pins else text


def _describe_thing(thing: ThingKey, changes: list[RowChange], labels: Labels) -> ThingDescription:
    changes.sort(key=lambda change: (RANK[change.row.model], change.row.key))
    own = next((change for change in changes if not MODELS[change.row.model].OWNERS), None)
    parts = [change for change in changes if change is not own]
    outcome, title, pins = _outcome_of(own), labels.thing(thing), Counter()
    described, new_cells = _sort_out(parts)
    if outcome == Outcome.DELETED:
        sentences = ["Deleted"]
    elif outcome == Outcome.NEW:
        counts = Counter(change.row.model for change in parts if change.before is None)
        moved = [change for change in described if change.before]
        first = new_thing_line(own.row.model, title, counts)
        sentences = [first, *_limited([], moved, MOST_SENTENCES - 1, labels)]
    else:
        pin_changes = [change for change in described if change.row.model == "pin"]
        pins = Counter(map(_pin_change, pin_changes))
        last = list(_lines_of_pins(pin_changes, pins, labels))
        if new_cells:
            last.append(f"{new_cells} new {'cell' if new_cells == 1 else 'cells'}")
        last += _lines_of_orders(parts)
        first = thing_lines(own, labels) if own else []
        others = [change for change in described if change.row.model != "pin"]
        sentences = [*_limited(first, others, MOST_SENTENCES - len(last), labels), *last]
    return ThingDescription(thing, title, outcome, sentences, pins)


def _outcome_of(own: RowChange | None) -> Outcome:
    """Return what becomes of a thing by the change of its own row, None where only parts change."""
    if own is None:
        return Outcome.CHANGED
    if own.before is None:
        return Outcome.NEW
    if own.after is None:
        return Outcome.DELETED
    status = own.after["status"] if "status" in own.changed else ""
    return Outcome(status) if status in Status.values else Outcome.CHANGED


def _sort_out(parts: Iterable[RowChange]) -> tuple[list[RowChange], int]:
    """Return the changes that need a sentence, and the number of cells of new rows and columns.

    What goes with the part that it belongs to, and what only stands in another place, needs none.
    """
    made = {change.row for change in parts if change.before is None}
    gone = {change.row for change in parts if change.after is None}
    described, new_cells = [], 0
    for change in parts:
        parents = set(_parents(change.row))
        if change.row.model == "cell" and change.row in made and parents & made:
            new_cells += 1
        elif not (change.row in gone and parents & gone) and {*change.changed} - {"position"}:
            described.append(change)
    return described, new_cells


def _parents(row: RowKey) -> Iterator[RowKey]:
    """Yield the parts of the same thing that a part cannot be without."""
    if row.model == "cell":
        comparison, criterion, technology = row.key
        yield RowKey("criterion", (comparison, criterion))
        yield RowKey("contender", (comparison, technology))
    elif row.model == "choice":
        yield RowKey("role", row.key[:2])
    elif row.model == "packagefacts":
        yield RowKey("package", row.key)


def _limited(
    lines: list[str], changes: list[RowChange], most: int, labels: Labels
) -> Iterator[str]:
    """Yield these lines and sentences for changes, `most` of both, and how many are left out."""
    room = most - len(lines)
    yield from lines
    yield from (part_line(change, labels) for change in changes[:room])
    if len(changes) > room:
        yield f"… and {len(changes) - room} more"


def _lines_of_orders(parts: Iterable[RowChange]) -> Iterator[str]:
    """Yield a sentence for each model of which parts that stay stand in another place."""
    moved = {
        change.row.model
        for change in parts
        if change.before and change.after and "position" in change.changed
    }
    for model in sorted(moved, key=RANK.__getitem__):
        yield f"Order of {MODELS[model]._meta.verbose_name_plural} changed"


def _lines_of_pins(
    changes: list[RowChange], pins: Counter[PinChange], labels: Labels
) -> Iterator[str]:
    """Yield how many pins go which way, and a sentence for each of a few."""
    if pins:
        yield _count_pins(pins)
    if len(changes) <= MOST_PINS:
        yield from (part_line(change, labels) for change in changes)


def _pin_change(change: RowChange) -> PinChange:
    if change.before is None:
        return PinChange.ADDED
    if change.after is None:
        return PinChange.REMOVED
    return BY_DIRECTION[direction(change.before["specifier"], change.after["specifier"])]


def _count_pins(pins: Counter[PinChange]) -> str:
    """Return “3 pins raised, 1 removed”; "" for no pins."""
    found: list[str] = []
    for what in PinChange:
        if count := pins[what]:
            # The first number names what is counted, those behind it do not.
            noun = "" if found else " pin" if count == 1 else " pins"
            found.append(f"{count}{noun} {what}")
    return ", ".join(found)
