"""A table in words: what cells say, what a save has changed, and what goes with a row."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django.utils.text import capfirst

from catalog.admin.grid.sheet import Sheet, evidence_of
from catalog.comparison import engine
from catalog.comparison.engine import words as readers
from catalog.comparison.engine.table import RATING_WORDS
from catalog.history.rows import Fields, RowChange
from catalog.models import Cell, Criterion
from catalog.models.comparison import HIGHEST_RATING

KNOWN, UNKNOWN, NOT_APPLICABLE = (state.value for state in Cell.State)

# What a select offers for a row of each kind.
RATINGS = {
    Criterion.Kind.RATING: range(HIGHEST_RATING, -1, -1),
    Criterion.Kind.YES_NO: (HIGHEST_RATING, 0),
    Criterion.Kind.TEXT: (),
}
# What else stands for a rating: another word of the guide's, and what spreadsheets write.
ALSO = {
    Criterion.Kind.RATING: {"growing": 2},
    Criterion.Kind.YES_NO: dict.fromkeys(("y", "true", "\u2713", "\u2714"), HIGHEST_RATING)
    | dict.fromkeys(("n", "false", "\u2717", "\u2718"), 0),
    Criterion.Kind.TEXT: {},
}

NOUNS = {"cell": "cell", "criterion": "row", "criteriongroup": "group", "contender": "column"}


class Going(NamedTuple):
    """A row or a column that would go, and what would go with it."""

    name: str
    is_row: bool
    cells: int
    known: int
    sources: list[str]


def judgement_of(fields: Fields | None) -> str:
    """Return what the select of a cell stands at; blank where there is no cell."""
    if fields is None:
        return ""
    if fields["state"] == KNOWN and fields["rating"] is not None:
        return str(fields["rating"])
    return fields["state"]


def judged(fields: Fields, judgement: str) -> Fields:
    """Return the fields with another judgement. Raises ValueError for what is none."""
    if judgement in Cell.State.values:
        return {**fields, "state": judgement, "rating": None}
    if judgement in map(str, range(HIGHEST_RATING + 1)):
        return {**fields, "state": KNOWN, "rating": int(judgement)}
    raise ValueError(judgement)


def offered(kind: str, judgement: str) -> list[tuple[str, str]]:
    """Return values and words of a select in a row of this kind, which stands at a judgement."""
    ratings = [(str(rating), word_of(kind, rating)) for rating in RATINGS[kind]]
    choices = [
        *(ratings or [(KNOWN, capfirst(Cell.State.KNOWN.label))]),
        (UNKNOWN, capfirst(Cell.State.UNKNOWN.label)),
        (NOT_APPLICABLE, capfirst(Cell.State.NOT_APPLICABLE.label)),
    ]
    if judgement == "":
        return [("", "Not judged"), *choices]
    if judgement not in dict(choices):  # as a fixture may have left it: kept unless it is changed
        word = "Known, no rating" if judgement == KNOWN else RATING_WORDS[int(judgement)]
        return [(judgement, word), *choices]
    return choices


def text_of(fields: Fields | None, kind: str) -> str:
    """Return what readers see of a cell: “Good, 12 ms”."""
    if fields is None:
        return "Not judged"
    names = ("state", "rating", "word", "value")
    return readers.cell_text(engine.Cell(*(fields[name] for name in names)), kind)


def word_of(kind: str, rating: int | None) -> str:
    """Return the guide's word for a rating; blank for none."""
    return readers.judgement(engine.Cell(KNOWN, rating), kind)


def rating_named(kind: str, word: str) -> int | None:
    """Return the rating that a word stands for in a row of this kind, in any case."""
    ratings = {word_of(kind, rating).casefold(): rating for rating in RATINGS[kind]}
    return (ratings | ALSO[kind]).get(word.casefold())


def summary(changes: Iterable[RowChange]) -> str:
    """Count what is changed: “Changed 3 cells. Added 1 row.”"""
    counts: Counter[tuple[str, str]] = Counter()
    for change in changes:
        # A cell that nobody had written was there as any other.
        is_new = change.before is None and change.row.model != "cell"
        verb = "Removed" if change.after is None else "Added" if is_new else "Changed"
        counts[verb, change.row.model] += 1
    sentences = []
    for verb in ("Changed", "Added", "Removed"):
        numbers = [(counts[verb, model], noun) for model, noun in NOUNS.items()]
        parts = [f"{count} {noun}{'s' if count > 1 else ''}" for count, noun in numbers if count]
        if parts:
            sentences.append(f"{verb} {', '.join(parts)}.")
    return " ".join(sentences)


def going(base: Sheet, values: Iterable[str], names: Mapping[str, str]) -> list[Going]:
    """Return what goes with these rows and columns; `names` are those of technologies."""
    found = []
    for value in values:
        part, _dot, slug = value.partition(".")
        cells = [base.cells[place] for place in base.cells_named(value)]
        name = base.criteria[slug]["name"] if part == "row" else names[slug]
        known = sum(1 for cell in cells if cell["state"] != UNKNOWN)
        sources = sorted({source for cell in cells if (source := evidence_of(cell))})
        found.append(Going(name, part == "row", len(cells), known, sources))
    return found
