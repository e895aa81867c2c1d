"""A comparison table as data, before a question is asked of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

KNOWN = "known"
UNKNOWN = "unknown"
NOT_APPLICABLE = "not-applicable"

RATING = "rating"
YES_NO = "yes-no"
TEXT = "text"

# Held by the database too: catalog.models.comparison takes them from here.
HIGHEST_RATING = 4
HIGHEST_WEIGHT = 5
# The guide's words for ratings from 0 on, where the author gave none.
RATING_WORDS = ("None", "Small", "Moderate", "Good", "Excellent")


def word_of(kind: str, rating: int) -> str:
    """Return the guide's word for a rating in a row of this kind."""
    return ("Yes" if rating else "No") if kind == YES_NO else RATING_WORDS[rating]


class Cell(NamedTuple):
    """A finding on one contender under one criterion, with its evidence.

    The first four fields are the finding; cells that agree in them say the same. A value of several
    lines is a list. `stale`: the evidence is older than its comparison allows.
    """

    state: str = UNKNOWN
    rating: int | None = None
    word: str = ""
    value: str = ""
    note: str = ""
    source: str = ""
    verified_on: date | None = None
    verified_by: str = ""
    applies_to: str = ""
    stale: bool = False


# What stands where a row and a column meet and nothing was written.
MISSING_CELL = Cell()


class Group(NamedTuple):
    """A heading above some criteria."""

    key: str
    name: str
    note: str = ""


class Preset(NamedTuple):
    """A named set of weights and must-haves: `asked` is what a query string would ask for it."""

    name: str
    asked: Mapping[str, tuple[str, ...]]


class Criterion(NamedTuple):
    """A row: what is asked of each contender. Text has no weight; `address` explains the row.

    `is_own` marks what the guide itself says, which needs no source.
    """

    key: str
    name: str
    kind: str = RATING
    weight: int = 0
    group: str = ""
    question: str = ""
    address: str = ""
    is_own: bool = False


class Contender(NamedTuple):
    """A column: a technology by its slug, and what the guide says of it in the table's category."""

    slug: str
    name: str
    versions: str = ""
    verdict: str = ""
    qualifier: str = ""


@dataclass(frozen=True, eq=False)
class Table:
    """All contenders, groups, criteria and cells, each in its curated order, criteria by group.

    `cells` is keyed by (criterion key, contender slug); a meeting left out is unknown. `kept` holds
    what callers make of the table and want again; it is dropped with the table.
    """

    contenders: tuple[Contender, ...]
    criteria: tuple[Criterion, ...]
    cells: Mapping[tuple[str, str], Cell]
    groups: tuple[Group, ...] = ()
    presets: tuple[Preset, ...] = ()
    kept: dict[tuple[Any, ...], Any] = field(default_factory=dict, repr=False)

    @cached_property
    def source_numbers(self) -> dict["Source", int]:
        """Return every source with its number over the whole table, whatever of it is shown."""
        numbers: dict[Source, int] = {}
        for criterion in self.criteria:
            for cell in self.row(criterion, self.contenders):
                source = source_of(cell)
                if source is not None:
                    numbers.setdefault(source, len(numbers) + 1)
        return numbers

    @cached_property
    def contender_by_slug(self) -> dict[str, Contender]:
        return {contender.slug: contender for contender in self.contenders}

    @cached_property
    def criterion_by_key(self) -> dict[str, Criterion]:
        return {criterion.key: criterion for criterion in self.criteria}

    @cached_property
    def weighed(self) -> tuple[Criterion, ...]:
        """Return the criteria that can count: every row but the texts."""
        return tuple(criterion for criterion in self.criteria if criterion.kind != TEXT)

    @cached_property
    def curated_weights(self) -> dict[str, int]:
        return {criterion.key: criterion.weight for criterion in self.weighed}

    @cached_property
    def scales(self) -> dict[str, dict[int, str]]:
        """Return the words of each rated row by rating, from the least: those that its cells have.

        A word of the author's stands for its rating; of several the first one.
        """
        scales = {}
        for criterion in self.weighed:
            found: dict[int, str] = {}
            for cell in self.row(criterion, self.contenders):
                if cell.state == KNOWN and cell.rating is not None:
                    found[cell.rating] = found.get(cell.rating) or cell.word
            scales[criterion.key] = {
                rating: found[rating] or word_of(criterion.kind, rating) for rating in sorted(found)
            }
        return scales

    def cell(self, criterion: Criterion, contender: Contender) -> Cell:
        return self.cells.get((criterion.key, contender.slug), MISSING_CELL)

    def row(self, criterion: Criterion, contenders: Iterable[Contender]) -> tuple[Cell, ...]:
        return tuple(self.cell(criterion, contender) for contender in contenders)


class Evidence(NamedTuple):
    """The known cells of a table and their evidence, counted."""

    cells: int
    known: int
    sourced: int
    stale: int
    oldest: date | None


def evidence(table: Table) -> Evidence:
    """Count over every cell of the table but in rows that the guide itself answers for."""
    claims = {criterion.key for criterion in table.criteria if not criterion.is_own}
    known = [
        cell
        for (key, _slug), cell in table.cells.items()
        if key in claims and cell.state != UNKNOWN
    ]
    return Evidence(
        cells=len(table.contenders) * len(claims),
        known=len(known),
        sourced=sum(1 for cell in known if cell.source),
        stale=sum(1 for cell in known if cell.stale),
        oldest=min((cell.verified_on for cell in known if cell.verified_on), default=None),
    )


class Source(NamedTuple):
    """The evidence of some cells: an address, who read it when, and for which versions."""

    address: str
    verified_on: date | None
    verified_by: str
    applies_to: str
    stale: bool


def source_of(cell: Cell) -> Source | None:
    """Return the evidence of a cell; None where it has none."""
    if not cell.source and cell.verified_on is None:
        return None
    return Source(cell.source, cell.verified_on, cell.verified_by, cell.applies_to, cell.stale)
