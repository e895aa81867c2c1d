"""Pictures of data as SVG: attributes, no style, each beside the numbers that it shows."""

from collections.abc import Sequence
from typing import NamedTuple

from django.utils.html import format_html
from django.utils.safestring import SafeString

from catalog.comparison.engine.fit import DOES_NOT_COUNT, Rating
from catalog.comparison.engine.table import HIGHEST_RATING

# Units of the picture, of which one is about a pixel: the line, and what parts two steps.
WIDTH, GAP = 400, 2
# The height of a rating of nothing: a hair, so that it is no gap.
HAIR = ".2"


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
