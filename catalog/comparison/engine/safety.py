"""How safe the winner is: by how much it leads, and what would change that."""

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from catalog.comparison.engine.fit import DOES_NOT_COUNT, LEAST_COVERAGE, Rating, ratings_of
from catalog.comparison.engine.rectangle import Column, Rectangle
from catalog.comparison.engine.table import HIGHEST_RATING, HIGHEST_WEIGHT, Criterion

# In points of 100: below it a lead is not called one.
LEAST_MARGIN = 10


class Flip(NamedTuple):
    """The weight of one criterion, nearest to its weight now, at which others lead.

    `leaders` are columns of the rectangle: several when they are level, none when none can lead.
    """

    criterion: Criterion
    weight_now: int
    weight: int
    leaders: tuple[Column, ...]


class Safety(NamedTuple):
    """The columns that lead, by how much, and the nearest weights that change it.

    `leaders` is empty when none can lead, and has several when they are level. `second` is the
    best of the others that can lead. `rivals` could overtake if their unknown cells turned out
    best. `flips` holds the nearest change for each criterion that has one. `in_question` counts the
    contenders that no must-have rules out. Where no row is weighed, nobody leads.
    """

    leaders: tuple[Column, ...]
    second: Column | None
    rivals: tuple[Column, ...]
    flips: tuple[Flip, ...]
    in_question: int
    is_weighed: bool

    @property
    def margin(self) -> Fraction | None:
        """Return the points between first and second; None where there are not two to compare."""
        if len(self.leaders) > 1:
            return Fraction(0)
        if not self.leaders or self.second is None:
            return None
        return self.leaders[0].fit.score - self.second.fit.score

    @property
    def is_clear(self) -> bool:
        return len(self.leaders) == 1 and (self.margin is None or self.margin >= LEAST_MARGIN)


def judge(rectangle: Rectangle) -> Safety:
    """Judge the columns in question, over every weighed row of the table."""
    columns = rectangle.in_question
    leaders = _leaders_after([tuple(column.fit) for column in columns], [None] * len(columns), 0)
    others = [
        column
        for place, column in enumerate(columns)
        if place not in leaders and column.fit.can_lead
    ]
    first = tuple(columns[place] for place in leaders)
    return Safety(
        leaders=first,
        second=max(others, key=lambda column: column.fit.score, default=None),
        rivals=_rivals(columns, first),
        flips=_flips(rectangle, columns, leaders) if first and len(columns) > 1 else (),
        in_question=len(columns),
        is_weighed=rectangle.is_weighed,
    )


def _rivals(columns: Sequence[Column], leaders: tuple[Column, ...]) -> tuple[Column, ...]:
    """Return the columns that would pass the leader if all unknown cells went their way."""
    if not leaders:
        return ()
    reach = min(leader.fit.low for leader in leaders)
    return tuple(
        column
        for column in columns
        if column not in leaders and column.fit.high is not None and column.fit.high > reach
    )


def _flips(
    rectangle: Rectangle, columns: Sequence[Column], leaders: tuple[int, ...]
) -> tuple[Flip, ...]:
    ratings = [ratings_of(rectangle.table, column.contender) for column in columns]
    sums = [tuple(column.fit) for column in columns]
    flips = []
    for row, criterion in enumerate(rectangle.table.weighed):
        now = rectangle.question.weights[criterion.key]
        under = [of_contender[row] for of_contender in ratings]
        for weight in sorted(range(HIGHEST_WEIGHT + 1), key=lambda weight: abs(weight - now)):
            moved = _leaders_after(sums, under, weight - now)
            if moved != leaders:
                flips.append(Flip(criterion, now, weight, tuple(columns[at] for at in moved)))
                break
    return tuple(flips)


def _leaders_after(
    sums: Sequence[tuple[int, int, int]], ratings: Sequence[Rating], by: int
) -> tuple[int, ...]:
    """Return the indexes of the leading columns if the weight of one row changed by `by`.

    `sums` are the fits of the columns, `ratings` their ratings in that row. Bare integers: a large
    table asks some thousand times. Example: sums (8, 8, 0) and (6, 8, 0), ratings 2 and 4, by 1:
    10 of 12 against 10 of 12, so both lead: (0, 1).
    """
    full = HIGHEST_RATING * by
    best_points, best_known = -1, 1
    places: list[int] = []
    for place, ((points, known, unknown), rating) in enumerate(zip(sums, ratings, strict=True)):
        if rating is None:
            unknown += full  # noqa: PLW2901
        elif rating != DOES_NOT_COUNT:
            points += by * rating  # noqa: PLW2901
            known += full  # noqa: PLW2901
        if known <= 0 or 100 * known < LEAST_COVERAGE * (known + unknown):
            continue
        ahead = points * best_known - best_points * known
        if ahead > 0:
            best_points, best_known, places = points, known, [place]
        elif ahead == 0:
            places.append(place)
    return tuple(places)
