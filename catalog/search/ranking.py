"""The order of what was found: a tuple compared in turn. Pure.

    missing     words that an entry does not have; none where the text is its whole name
    errors      letters that were typed wrong
    level       0 the exact name or an alias, 1 a package, 2 a name that begins so, 3 a keyword,
                such as the name of its category or “deprecated”, 4 neither
    field       name, alias, package, keyword, body: the sum over the words
    nearness    words that are only begun, and how far apart the words stand
    rest        words of the name besides
    priority    of the entry: recommended, then listed, then replaced or to be avoided
    kind, slug

So “celery” gives Celery (level 0), what pins the package celery, then where Celery is listed.
"""

from collections.abc import Container, Iterable
from itertools import pairwise
from typing import NamedTuple, Self

from catalog.search.questions import Question
from catalog.search.texts import Field

EXACT, PACKAGE, BEGINS, KEYWORD, NO_NAME = range(5)
LEVELS = {Field.PACKAGE: PACKAGE, Field.KEYWORD: KEYWORD}
ELSEWHERE = EXACTLY_SO = len(Field)
WORST = (99, 99, 99)


class Row(NamedTuple):
    """A posting as read."""

    entry: int
    field: int
    position: int
    priority: int


class Found(NamedTuple):
    """The postings of some of the words, by one look-up.

    From the field `loose` on they are there by chance, EXACTLY_SO where in none.
    """

    words: range
    errors: int
    loose: int
    rows: list[Row]


class FoundWhole(NamedTuple):
    """Whose name, alias, package or keyword a text is, or begins where it is loose."""

    errors: int
    loose: int
    rows: list[Row]


class Rank(NamedTuple):
    """Less is better, in turn."""

    missing: int
    errors: int
    level: int
    field: int
    nearness: tuple[int, int]
    priority: int

    @classmethod
    def of_a_name(cls, priority: int) -> Self:
        return cls(0, 0, EXACT, Field.NAME, (0, 0), priority)


class Candidate:
    """An entry while its rank is being made: for each word the best place, for a name the level."""

    __slots__ = ("best", "level", "places", "priority", "whole")

    def __init__(self, count: int, priority: int) -> None:
        self.priority = priority
        self.best: list[tuple[int, int, bool] | None] = [None] * count  # errors, field, loose
        self.places: list[list[int]] = [[] for _ in range(count)]
        self.whole: tuple[int, int, int] | None = None  # errors, level, field

    def rank(self, optional: Container[int]) -> Rank:
        """Return the better of what its name gives and what its words give."""
        had = [one for one in self.best if one is not None]
        missing = [at for at, one in enumerate(self.best) if one is None]
        by_words = Rank(
            sum(at not in optional for at in missing),
            sum(errors for errors, _, _ in had),
            NO_NAME,
            sum(field for _, field, _ in had) + len(missing) * ELSEWHERE,
            (sum(loose for _, _, loose in had), self._gap()),
            self.priority,
        )
        if self.whole is None:
            return by_words
        errors, level, field = self.whole
        return min(by_words, Rank(0, errors, level, field, (0, 0), self.priority))

    def _gap(self) -> int:
        """Return how many words stand between those looked for, where they are nearest."""
        there = [places for places in self.places if places]
        return sum(
            min(abs(after - before - 1) for before in one[:20] for after in other[:20])
            for one, other in pairwise(there)
        )


def rank(
    question: Question, found: Iterable[Found], wholes: Iterable[FoundWhole], most: int
) -> tuple[dict[int, Rank], bool]:
    """Return the rank of each entry with any of the words, and whether some were left out.

    `found` are the look-ups of words, `wholes` those of names. At most `most` are ranked, by
    priority; those that have fewer of the words than others are not worth showing.
    """
    candidates: dict[int, Candidate] = {}
    count = len(question.words)

    def candidate(row: Row) -> Candidate:
        entry, _, _, priority = row
        if (one := candidates.get(entry)) is None:
            one = candidates[entry] = Candidate(count, priority)
        return one

    for errors, loose, rows in wholes:
        for row in rows:
            one, field = candidate(row), row[1]
            level = BEGINS if loose != EXACTLY_SO else LEVELS.get(field, EXACT)
            one.whole = min(one.whole or WORST, (errors + (field >= loose), level, field))
    for places, errors, loose, rows in found:
        for row in rows:
            one, field = candidate(row), row[1]
            # By chance, as “several” begins with “sever”: what a name was meant to be is as near.
            best = (errors + (field >= loose), field, loose != EXACTLY_SO)
            for at in places:
                one.best[at] = min(one.best[at] or WORST, best)
                one.places[at].append(row[2])
    is_cut = len(candidates) > most
    first = sorted(candidates, key=lambda key: (candidates[key].priority, key))[:most]
    ranks = {key: candidates[key].rank(question.optional) for key in first}
    # Without one word that tells entries apart, none of them is an answer.
    most_missing = max(count - len(question.optional) - 1, 0)
    least = min((one.missing for one in ranks.values()), default=0)
    return {
        key: one for key, one in ranks.items() if one.missing <= min(least, most_missing)
    }, is_cut
