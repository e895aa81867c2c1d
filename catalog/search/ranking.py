"""The order of what was found: a tuple compared in turn. Pure.

    missing     words that an entry does not have; none where the text is its whole name
    errors      letters that were typed wrong
    level       0 the exact name, an alias or a package, 1 a name that begins so, 2 a keyword, such
                as the name of its category or “deprecated”, 3 neither
    field       name, alias, package, keyword, body: the sum over the words
    nearness    words that are only begun, and how far apart the words stand
    rest        words of the name besides
    priority    of the entry: recommended, then listed, then replaced or to be avoided
    kind, slug

So “celery” gives Celery (level 0), what pins the package celery, then where Celery is listed.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from itertools import pairwise
from typing import Any, NamedTuple, Self

from catalog.search.questions import Question
from catalog.search.texts import Field

EXACT, BEGINS, KEYWORD, NO_NAME = range(4)
ELSEWHERE = EXACTLY_SO = len(Field)
WORST = (99, 99, 99)


class Row(NamedTuple):
    """A posting as read."""

    entry: int
    field: int
    position: int
    priority: int


class Found(NamedTuple):
    """The postings of some words by one look-up, or of the whole text where `words` is empty.

    From the field `loose` on they are there by chance, EXACTLY_SO where in none; of a name that is
    loose the text is only the beginning.
    """

    words: range
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

    def missing(self, needed: Collection[int]) -> int:
        """Return how many of the words that must be there it has not; a name has all."""
        return 0 if self.whole else sum(self.best[at] is None for at in needed)

    def rank(self, needed: Collection[int]) -> Rank:
        """Return the better of what its name gives and what its words give."""
        errors, level, field = self.whole or WORST
        by_name = Rank(0, errors, level, field, (0, 0), self.priority)
        if errors == 0:
            return by_name
        had = [one for one in self.best if one is not None]
        by_words = Rank(
            sum(self.best[at] is None for at in needed),
            sum(errors for errors, _, _ in had),
            NO_NAME,
            sum(field for _, field, _ in had) + (len(self.best) - len(had)) * ELSEWHERE,
            (sum(loose for _, _, loose in had), self._gap() if len(had) > 1 else 0),
            self.priority,
        )
        return min(by_words, by_name) if self.whole else by_words

    def _gap(self) -> int:
        """Return how many words stand between those looked for, where they are nearest."""
        there = [places for places in self.places if places]
        return sum(
            min(abs(after - before - 1) for before in one[:20] for after in other[:20])
            for one, other in pairwise(there)
        )


def rank(question: Question, found: Iterable[Found], most: int) -> tuple[dict[int, Rank], bool]:
    """Return the rank of each entry with any of the words, and whether some were left out.

    At most `most` are ranked, by priority; those that have fewer of the words than others are not
    worth showing.
    """
    candidates: dict[int, Candidate] = {}
    count = len(question.words)

    def candidate(row: Row) -> Candidate:
        entry, _, _, priority = row
        if (one := candidates.get(entry)) is None:
            one = candidates[entry] = Candidate(count, priority)
        return one

    for places, errors, loose, rows in found:
        is_loose = loose != EXACTLY_SO
        for row in rows:
            one, field = candidate(row), row[1]
            # By chance, as “several” begins with “sever”: what a name was meant to be is as near.
            errors_here = errors + (field >= loose)
            if not places:
                exactly = KEYWORD if field == Field.KEYWORD else EXACT
                level = BEGINS if is_loose else exactly
                one.whole = min(one.whole or WORST, (errors_here, level, field))
            for at in places:
                one.best[at] = min(one.best[at] or WORST, (errors_here, field, is_loose))
                one.places[at].append(row[2])
    needed = question.needed
    missing = {key: one.missing(needed) for key, one in candidates.items()}
    # Without one word that tells entries apart, none of them is an answer.
    least = min([*missing.values(), max(len(needed) - 1, 0)])
    left = [key for key, count in missing.items() if count <= least]
    first = sorted(left, key=lambda key: (candidates[key].priority, key))[:most]
    return {key: candidates[key].rank(needed) for key in first}, len(left) > most


def has_every_word(question: Question, results: Iterable[tuple[Any, list[Row]]]) -> bool:
    """Return whether some entry has all of the words that must be there."""
    there: dict[int, set[int]] = defaultdict(set)
    for one, rows in results:
        for row in rows:
            there[row[0]].update(one.words or question.needed)
    return any(found.issuperset(question.needed) for found in there.values())
