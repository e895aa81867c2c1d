"""Pictures of data as SVG: attributes, no style, each beside the numbers that it shows."""

from collections.abc import Iterable
from typing import NamedTuple

from django.utils.html import format_html
from django.utils.safestring import SafeString

from catalog.comparison.engine.table import HIGHEST_RATING

# Units of the picture, of which one is about a pixel: the line, and what parts two steps.
WIDTH, GAP = 400, 2
# What draws a rating of nothing, so that it is no gap: the height of a hair.
HAIR = ".2"


class Step(NamedTuple):
    """A weighed row under one contender: how much it counts, and the rating, None for unknown."""

    weight: int
    rating: int | None
    applies: bool


def score_strip(steps: Iterable[Step]) -> SafeString:
    """Draw a contender: a step a row, as wide as its weight, as high as its rating.

    The share of ink is the fit. What is unknown is a pale step, what does not apply a gap. 0.6 KB
    for 40 rows. Hidden from screen readers: name and score must stand beside it.
    """
    steps = [step for step in steps if step.weight]
    total, at = sum(step.weight for step in steps), 0
    drawn, unknown = [], []
    for step in steps:
        left, at = round(WIDTH * at / total), at + step.weight
        wide = max(round(WIDTH * at / total) - left - (GAP if at < total else 0), 1)
        if step.applies:
            high = HIGHEST_RATING if step.rating is None else step.rating or HAIR
            path = f"M{left} {HIGHEST_RATING}v-{high}h{wide}v{high}"
            (unknown if step.rating is None else drawn).append(path)
    return format_html(
        '<svg class="strip" viewBox="0 0 {} {}" preserveAspectRatio="none" aria-hidden="true">'
        '<path d="{}"/>{}</svg>',
        WIDTH,
        HIGHEST_RATING,
        "".join(drawn),
        format_html('<path d="{}" opacity=".2"/>', "".join(unknown)) if unknown else "",
    )
