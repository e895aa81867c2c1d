"""Ratings in words: what a select offers for a row of each kind, and what a word stands for."""

from collections.abc import Iterator

from django.utils.text import capfirst

from catalog import matrix
from catalog.history.rows import Fields
from catalog.matrix.words import rating_word
from catalog.models import Cell, Criterion
from catalog.models.comparison import HIGHEST_RATING

KNOWN, UNKNOWN, NOT_APPLICABLE = (state.value for state in Cell.State)

NOT_JUDGED = ""

# The guide's own words; the first of two is what a select calls the rating.
GUIDES = {"excellent": 4, "good": 3, "moderate": 2, "growing": 2, "small": 1, "none": 0}
YES, NO = HIGHEST_RATING, 0


def judgement_of(fields: Fields | None) -> str:
    """What the select of a cell stands at: a rating, else a state; blank where there is no cell."""
    if fields is None:
        return NOT_JUDGED
    if fields["state"] == KNOWN and fields["rating"] is not None:
        return str(fields["rating"])
    return fields["state"]


def judged(fields: Fields, judgement: str) -> Fields:
    """The fields with another judgement. Raises ValueError for what is none."""
    if judgement in Cell.State.values:
        return {**fields, "state": judgement, "rating": None}
    if judgement in map(str, range(HIGHEST_RATING + 1)):
        return {**fields, "state": KNOWN, "rating": int(judgement)}
    raise ValueError(judgement)


def offered(kind: str, judgement: str) -> list[tuple[str, str]]:
    """Values and words of a select in a row of this kind, which stands at this judgement."""
    choices = [
        *_ratings(kind),
        (UNKNOWN, capfirst(str(Cell.State.UNKNOWN.label))),
        (NOT_APPLICABLE, capfirst(str(Cell.State.NOT_APPLICABLE.label))),
    ]
    if judgement == NOT_JUDGED:
        return [(NOT_JUDGED, "Not judged"), *choices]
    if judgement not in dict(choices):  # as a fixture may have left it: kept unless it is changed
        word = "Known, no rating" if judgement == KNOWN else rating_word(int(judgement))
        return [(judgement, word), *choices]
    return choices


def said(fields: Fields | None, kind: str) -> str:
    """What readers see of a cell: “Good, 12 ms”."""
    if fields is None:
        return "Not judged"
    names = ("state", "rating", "word", "value")
    return matrix.words.said(matrix.Cell(*(fields[name] for name in names)), kind)


def word_of(kind: str, rating: int | None) -> str:
    """The guide's word for a rating; blank for none."""
    if rating is None:
        return ""
    if kind == Criterion.Kind.YES_NO:
        return "Yes" if rating else "No"
    return rating_word(rating)


def rating_named(kind: str, word: str) -> int | None:
    """The rating that a word of the guide's stands for in a row of this kind, in any case."""
    if kind == Criterion.Kind.TEXT:
        return None
    word = word.casefold()
    for rating, name in _ratings(kind):
        if name.casefold() == word:
            return int(rating)
    return GUIDES.get(word) if kind == Criterion.Kind.RATING else _YES_NO.get(word)


def is_guides(fields: Fields, kind: str) -> bool:
    """Whether a cell's word only says its rating once more."""
    rating = fields["rating"]
    return rating is not None and rating_named(kind, fields["word"]) == rating


# What spreadsheets write for their boxes, too.
_YES_NO = {
    **dict.fromkeys(("yes", "y", "true", "\u2713", "\u2714"), YES),
    **dict.fromkeys(("no", "n", "false", "\u2717", "\u2718"), NO),
}


def _ratings(kind: str) -> Iterator[tuple[str, str]]:
    if kind == Criterion.Kind.TEXT:
        yield KNOWN, capfirst(str(Cell.State.KNOWN.label))
    elif kind == Criterion.Kind.YES_NO:
        yield from ((str(rating), word_of(kind, rating)) for rating in (YES, NO))
    else:
        figures = range(HIGHEST_RATING, -1, -1)
        yield from ((str(rating), rating_word(rating)) for rating in figures)
