"""How safe the winner is: by how much it leads, and what would change that."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations, pairwise, product
from typing import NamedTuple

from catalog.comparison.engine.fit import (
    DOES_NOT_COUNT,
    LEAST_COVERAGE,
    Fit,
    Rating,
    as_shown,
    ratings_of,
)
from catalog.comparison.engine.rectangle import Column, Rectangle
from catalog.comparison.engine.table import HIGHEST_RATING, HIGHEST_WEIGHT, Criterion

# In points of 100: below it a lead is not called one.
LEAST_MARGIN = 10


class Turn(NamedTuple):
    """What a reader could ask so that others lead: the weights of one row or two, or a must-have.

    `changes` names each row with its weight then. `leaders` are columns of the rectangle: several
    when they are level, none when none can lead. `score` is theirs. `least` is the rating that a
    must-have asks for, 0 for weights; `is_only` says that it leaves one alone.
    """

    changes: tuple[tuple[Criterion, int], ...]
    leaders: tuple[Column, ...]
    score: Fraction | None
    least: int = 0
    is_only: bool = False


class Safety(NamedTuple):
    """The columns that lead, by how much, and the nearest weights that change it.

    `leaders` is empty when none can lead, and has several when they are level. `second` is the
    best of the others that can lead. `rivals` could overtake if their unknown cells turned out
    best. `flips` holds the nearest weight for each criterion that has one, the nearest first.
    `in_question` counts the contenders that no must-have rules out. Where no row is weighed, nobody
    leads.
    """

    leaders: tuple[Column, ...]
    second: Column | None
    rivals: tuple[Column, ...]
    flips: tuple[Turn, ...]
    in_question: int
    is_weighed: bool

    @property
    def margin(self) -> Fraction | None:
        """Return the points between first and second; None where there are not two to compare."""
        if len(self.leaders) > 1:
            return Fraction(0)
        if not self.leaders or self.second is None:
            return None
        return as_shown(self.leaders[0].fit.score) - as_shown(self.second.fit.score)

    @property
    def is_clear(self) -> bool:
        return len(self.leaders) == 1 and (self.margin is None or self.margin >= LEAST_MARGIN)


class BreakEven(NamedTuple):
    """The fit of each contender in question at each weight of one row, all else as asked.

    `scores` has for each of `columns` a figure a weight, None where too little is known to lead.
    `leaders` says who leads at each weight: several when they are level.
    """

    criterion: Criterion
    now: int
    columns: tuple[Column, ...]
    scores: Sequence[Sequence[Fraction | None]]
    leaders: Sequence[Sequence[Column]]

    @property
    def crossings(self) -> set[tuple[Fraction, Fraction]]:
        """Return the weights and fits at which leaders pass, on lines straight between weights."""
        line, found = dict(zip(self.columns, self.scores, strict=True)), set()
        for weight, (before, after) in enumerate(pairwise(self.leaders)):
            for one, other in product(before, after):
                (here, there), (low, high) = (
                    line[who][weight : weight + 2] for who in (one, other)
                )
                # Where it is how much is known that turns the lead, no lines cross.
                if None not in (there, low) and (gap := here - low + high - there):
                    part = (here - low) / gap
                    found.add((weight + part, here + part * (there - here)))
        return found


def judge(rectangle: Rectangle) -> Safety:
    """Judge the columns in question, over every weighed row of the table."""
    columns, weighing = rectangle.in_question, _Weighing(rectangle)
    first = tuple(columns[place] for place in weighing.leaders)
    others = [column for column in columns if column not in first and column.fit.can_lead]
    return Safety(
        leaders=first,
        second=max(others, key=lambda column: column.fit.score, default=None),
        rivals=_rivals(columns, first),
        flips=_flips(weighing) if first and len(columns) > 1 else (),
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


class _Weighing:
    """The columns in question as bare sums, to be weighed anew some thousand times."""

    def __init__(self, rectangle: Rectangle) -> None:
        self.columns = rectangle.in_question
        self.rows = rectangle.table.weighed
        self.now = [rectangle.question.weights[row.key] for row in self.rows]
        of_columns = [ratings_of(rectangle.table, column.contender) for column in self.columns]
        self.ratings = list(zip(*of_columns, strict=True)) if of_columns else []
        self.sums = [tuple(column.fit) for column in self.columns]
        self.leaders = _leaders_after(self.sums, [None] * len(self.columns), 0)

    def after(self, *changes: tuple[int, int]) -> tuple[int, ...]:
        """Return the places of the leaders once rows have these weights."""
        sums = self.sums
        for row, weight in changes[:-1]:
            sums = _moved(sums, self.ratings[row], weight - self.now[row])
        row, weight = changes[-1]
        return _leaders_after(sums, self.ratings[row], weight - self.now[row])

    def turn(self, *changes: tuple[int, int]) -> Turn:
        """Return that others lead, and with how much."""
        leaders, sums = self.after(*changes), self.sums
        for row, weight in changes:
            sums = _moved(sums, self.ratings[row], weight - self.now[row])
        return Turn(
            changes=tuple((self.rows[row], weight) for row, weight in changes),
            leaders=tuple(self.columns[place] for place in leaders),
            score=Fit(*sums[leaders[0]]).score if leaders else None,
        )

    def distance(self, *changes: tuple[int, int]) -> int:
        return sum(abs(weight - self.now[row]) for row, weight in changes)


def _flips(weighing: _Weighing) -> tuple[Turn, ...]:
    """Return for each row whose weight alone can do it the nearest at which others lead."""
    found = []
    for row, now in enumerate(weighing.now):
        for weight in sorted(range(HIGHEST_WEIGHT + 1), key=lambda weight: abs(weight - now)):
            if weighing.after((row, weight)) != weighing.leaders:
                found.append((abs(weight - now), weighing.turn((row, weight))))
                break
    return tuple(turn for _distance, turn in sorted(found, key=lambda one: one[0]))


def pairs(rectangle: Rectangle) -> list[Turn]:
    """Return the shortest way by two weights to another leader, and to a level lead.

    For a table whose lead no single weight turns. A pair is looked at whole only if one of its four
    corners (each weight 0 or 5) turns the lead: between them fits rise or fall all the way.
    """
    weighing = _Weighing(rectangle)
    corners = (0, HIGHEST_WEIGHT)
    best: dict[bool, tuple[int, tuple[tuple[int, int], ...]]] = {}
    for first, second in combinations(range(len(weighing.rows)), 2):
        places = [((first, one), (second, two)) for one in corners for two in corners]
        if all(weighing.after(*changes) == weighing.leaders for changes in places):
            continue
        for one, two in product(range(HIGHEST_WEIGHT + 1), repeat=2):
            changes = ((first, one), (second, two))
            distance = weighing.distance(*changes)
            if distance >= max(best.get(level, (99,))[0] for level in (False, True)):
                continue
            leaders = weighing.after(*changes)
            level = not set(leaders).isdisjoint(weighing.leaders)
            if leaders and leaders != weighing.leaders and distance < best.get(level, (99,))[0]:
                best[level] = (distance, changes)
    return [weighing.turn(*best[level][1]) for level in (False, True) if level in best]


def break_even(rectangle: Rectangle, criterion: Criterion) -> BreakEven:
    """Weigh one row at each weight from 0 to 5."""
    weighing, weights = _Weighing(rectangle), range(HIGHEST_WEIGHT + 1)
    row, columns = weighing.rows.index(criterion), weighing.columns
    now, ratings = weighing.now[row], weighing.ratings[row]
    fits = [map(Fit._make, _moved(weighing.sums, ratings, weight - now)) for weight in weights]
    scores = [[fit.score if fit.can_lead else None for fit in at] for at in fits]
    leaders = [[columns[place] for place in weighing.after((row, weight))] for weight in weights]
    return BreakEven(criterion, now, columns, [*zip(*scores, strict=True)], leaders)


def must(rectangle: Rectangle) -> Turn | None:
    """Return the must-have that rules out who leads and leaves others: of the heaviest such row."""
    columns, asked = rectangle.in_question, rectangle.question.musts
    leaders = [columns[place].contender for place in _Weighing(rectangle).leaders]
    for row in sorted(rectangle.counting, key=lambda row: -rectangle.question.weights[row.key]):
        have = {
            column: rectangle.table.cell(row, column.contender).rating or 0 for column in columns
        }
        least = 1 + max(
            (have[column] for column in columns if column.contender in leaders), default=4
        )
        left = [column for column in rectangle.by_fit if have.get(column, 0) >= least]
        if row.key not in asked and least <= HIGHEST_RATING and left and left[0].fit.can_lead:
            least = min(have[column] for column in left)
            changes = ((row, rectangle.question.weights[row.key]),)
            return Turn(changes, (left[0],), left[0].fit.score, least, len(left) == 1)
    return None


def _moved(
    sums: Sequence[tuple[int, int, int]], ratings: Sequence[Rating], by: int
) -> list[tuple[int, int, int]]:
    """Return the sums of the columns if the weight of one row changed by `by`."""
    full = HIGHEST_RATING * by
    return [
        (points, known, unknown + full)
        if rating is None
        else (points, known, unknown)
        if rating == DOES_NOT_COUNT
        else (points + by * rating, known + full, unknown)
        for (points, known, unknown), rating in zip(sums, ratings, strict=True)
    ]


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
