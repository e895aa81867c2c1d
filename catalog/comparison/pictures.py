"""Pictures of data as SVG: attributes, no style, each beside the numbers that it shows."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import cycle, pairwise
from typing import Any, NamedTuple

from django.utils.html import format_html
from django.utils.safestring import SafeString

from catalog.comparison.engine import words
from catalog.comparison.engine.fit import DOES_NOT_COUNT, Rating
from catalog.comparison.engine.safety import BreakEven
from catalog.comparison.engine.table import HIGHEST_RATING

# Units of the picture, of which one is about a pixel: the line, and what parts two steps.
WIDTH, GAP = 400, 2
# The height of a rating of nothing: a hair, so that it is no gap.
HAIR = ".2"

# Of a break-even: a step of the weight, a line of type, how many at least; and the lines' dashes.
STEP, LINE, LEAST_LINES = 40, 14, 11
DASHES = ("7 3", "2 3", "9 3 2 3", "none")


class Step(NamedTuple):
    """A weighed row under one contender: how much it counts, and how it is rated."""

    weight: int
    rating: Rating


def score_strip(steps: Sequence[Step]) -> SafeString:
    """Draw a contender: a step a row, as wide as its weight, as high as its rating.

    The share of ink is the fit. What is unknown is a pale step, what does not apply a gap. 0.6 KB
    for 40 rows. Hidden from screen readers: name and score must stand beside it.
    """
    unit, at = WIDTH / (sum(step.weight for step in steps) or 1), 0
    known = unknown = ""
    for weight, rating in steps:
        left, at = round(unit * at), at + weight
        wide = max(round(unit * at) - left - GAP, 1)
        high = HIGHEST_RATING if rating is None else rating or HAIR
        path = f"M{left} {HIGHEST_RATING}v-{high}h{wide}v{high}"
        if rating is None:
            unknown += path
        elif rating != DOES_NOT_COUNT:
            known += path
    return format_html(
        '<svg class="strip" viewBox="0 0 {} {}" preserveAspectRatio="none" aria-hidden="true">'
        '<path d="{}"/><path d="{}" opacity=".2"/></svg>',
        *(WIDTH - GAP, HIGHEST_RATING, known, unknown),
    )


def break_even(even: BreakEven) -> dict[str, Any]:
    """Return where things stand in the picture of how fits move with a weight, and its numbers.

    The template draws lines and writes a table, both in the order in which the names stand.
    """
    scores = [score for line in even.scores for score in line if score is not None]
    low, high = min(scores) // 10 * 10, -(-max(scores) // 10) * 10
    tall = LINE * max(LEAST_LINES, len(even.columns))

    def y(score: Fraction | int) -> float:
        return round(float(tall * (high - score) / (high - low or 1)), 1)

    lines, dashes = [], cycle(DASHES)
    for column, line in zip(even.columns, even.scores, strict=True):
        points = [(STEP * at, y(score)) for at, score in enumerate(line) if score is not None]
        dash = "" if column in even.leaders[even.now] else next(dashes)
        steps = [round(after[1] - before[1], 1) for before, after in pairwise(points)]
        told = zip(line, even.leaders, strict=True)
        figures = [(words.points(score), column in leaders) for score, leaders in told]
        end = points[-1] if steps else (0, tall)
        lines.append([end[1], column.contender, dash, points[:1], steps, end, figures])
    # A name stands at the end of its line, or below the one before; what leaves the frame moves up.
    lines.sort(key=lambda line: line[0])
    for before, line in pairwise(lines):
        line[0] = max(line[0], before[0] + LINE)
    for below, line in enumerate(reversed(lines)):
        line[0] = min(line[0], tall - LINE * below)
    return {
        **even._asdict(),
        "finding": words.break_even(even),
        "tall": tall,
        "ticks": [(at, y(at)) for at in sorted({low, high})],
        "tens": [y(at) for at in range(low, high + 1, 10)],
        "lines": lines,
        "rings": [(round(STEP * float(at), 1), y(score)) for at, score in sorted(even.crossings)],
    }
