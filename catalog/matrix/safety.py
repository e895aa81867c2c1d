"""How safe the winner is: by how much it leads, and what would change that."""

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from catalog.matrix.fit import DOES_NOT_COUNT, Fit, Rating, ratings_of
from catalog.matrix.rectangle import Column, Rectangle
from catalog.matrix.table import HIGHEST_RATING, HIGHEST_WEIGHT, Criterion

# In points of 100: below it a lead is not called one.
LEAST_MARGIN = 10


class Flip(NamedTuple):
    """A weight of one criterion at which others lead; nothing nearer to its weight now does.

    `leaders` are columns of the rectangle: several when they are level, none when nobody can lead.
    """

    criterion: Criterion
    weight_now: int
    weight: int
    leaders: tuple[Column, ...]


class Safety(NamedTuple):
    """Who leads, by how much, and the nearest weights that change it.

    `leaders` is empty when nobody can lead, and has several when they are level. `second` is the
    best of the others that can lead. `rivals` could overtake if their unknown cells turned out
    best. `flips` holds the nearest change for each criterion that has one.
    """

    leaders: tuple[Column, ...]
    second: Column | None
    rivals: tuple[Column, ...]
    flips: tuple[Flip, ...]

    @property
    def margin(self) -> Fraction | None:
        """Points between the first and the second; None where there is nobody to compare."""
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
    leaders = _leaders([column.fit for column in columns])
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
        flips=_flips(rectangle, columns, leaders) if first else (),
    )


def _leaders(fits: Sequence[Fit]) -> tuple[int, ...]:
    """The places of those with the highest score, among those that can lead."""
    best: Fit | None = None
    places: list[int] = []
    for place, fit in enumerate(fits):
        if not fit.can_lead:
            continue
        if best is None or fit.beats(best):
            best, places = fit, [place]
        elif not best.beats(fit):
            places.append(place)
    return tuple(places)


def _rivals(columns: Sequence[Column], leaders: tuple[Column, ...]) -> tuple[Column, ...]:
    """Whoever would pass the leader if all unknown cells of both went its way."""
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
    fits = [column.fit for column in columns]
    flips = []
    for row, criterion in enumerate(rectangle.table.weighed):
        now = rectangle.question.weights[criterion.key]
        under = [of_contender[row] for of_contender in ratings]
        for weight in sorted(range(HIGHEST_WEIGHT + 1), key=lambda weight: abs(weight - now)):
            moved = _leaders(
                [_reweigh(*pair, weight - now) for pair in zip(fits, under, strict=True)]
            )
            if moved != leaders:
                first = tuple(columns[place] for place in moved)
                flips.append(Flip(criterion, now, weight, first))
                break
    return tuple(flips)


def _reweigh(fit: Fit, rating: Rating, by: int) -> Fit:
    """The fit after the weight of one criterion has changed by so much."""
    if rating is None:
        return fit._replace(unknown=fit.unknown + HIGHEST_RATING * by)
    if rating == DOES_NOT_COUNT:
        return fit
    return Fit(fit.points + by * rating, fit.known + HIGHEST_RATING * by, fit.unknown)
