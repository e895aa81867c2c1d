"""How well a contender answers to weighed criteria, in exact arithmetic."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import NamedTuple

from catalog.comparison.engine.table import HIGHEST_RATING, KNOWN, UNKNOWN, Contender, Table

# Of the weight that applies, in per cent: with less of it known a contender cannot lead.
LEAST_COVERAGE = 60


class Fit(NamedTuple):
    """Three sums of weights times ratings, of which everything else is a share.

    points: what the known cells earn; known: what they could earn; unknown: what the unknown ones
    could. Cells that do not apply are in none.
    """

    points: int = 0
    known: int = 0
    unknown: int = 0

    @property
    def score(self) -> Fraction | None:
        """Return 0 to 100 over the known cells; None where no weighed cell is known."""
        return Fraction(100 * self.points, self.known) if self.known else None

    @property
    def coverage(self) -> Fraction:
        """Return the per cent of the weight that is known; 0 where nothing applies."""
        total = self.known + self.unknown
        return Fraction(100 * self.known, total) if total else Fraction(0)

    @property
    def low(self) -> Fraction | None:
        """Return the score if every unknown cell turned out worst; None where nothing applies."""
        total = self.known + self.unknown
        return Fraction(100 * self.points, total) if total else None

    @property
    def high(self) -> Fraction | None:
        """Return the score if every unknown cell turned out best; None where nothing applies."""
        total = self.known + self.unknown
        return Fraction(100 * (self.points + self.unknown), total) if total else None

    @property
    def can_lead(self) -> bool:
        return self.known > 0 and 100 * self.known >= LEAST_COVERAGE * (self.known + self.unknown)


# What one cell adds to the weighing: its rating, None for unknown, or that it does not count.
Rating = int | None
DOES_NOT_COUNT = -1


def ratings_of(table: Table, contender: Contender) -> list[Rating]:
    """Return the rating under each weighed criterion, in the table's order; None is unknown."""
    return [
        cell.rating if cell.state == KNOWN else (None if cell.state == UNKNOWN else DOES_NOT_COUNT)
        for cell in (table.cell(row, contender) for row in table.weighed)
    ]


def fit_of(ratings: Iterable[Rating], weights: Iterable[int]) -> Fit:
    """Return the fit of one contender; ratings and weights stand in the same order."""
    points = known = unknown = 0
    for rating, weight in zip(ratings, weights, strict=True):
        if rating is None:
            unknown += HIGHEST_RATING * weight
        elif rating != DOES_NOT_COUNT:
            points += weight * rating
            known += HIGHEST_RATING * weight
    return Fit(points, known, unknown)


def parts_of(table: Table, contender: Contender, weights: Mapping[str, int]) -> list[int | None]:
    """Return what each weighed criterion adds to the points; None where it adds nothing."""
    return [
        None if rating in (None, DOES_NOT_COUNT) else rating * weights[row.key]
        for row, rating in zip(table.weighed, ratings_of(table, contender), strict=True)
    ]
