"""The words of names and keywords, to find what was meant by one that is nowhere."""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from functools import lru_cache
from typing import NamedTuple

from django.db import connection
from rapidfuzz import process
from rapidfuzz.distance import OSA

from catalog.models import Guide
from catalog.search.questions import LEAST_FOR_TYPOS
from catalog.search.texts import Field
from catalog.search.words import START, STEM, WHOLE, parts_of

# From so many letters on, two errors are forgiven.
LEAST_FOR_TWO = 8
MOST_MEANT = 3
# Most errors are made further on: words that begin alike are compared first, then ever more.
BEGINNINGS = (2, 1, 0)


class Vocabulary:
    """Words in buckets by what they begin with and their length, so that few are compared."""

    def __init__(self, terms: Iterable[str]) -> None:
        self.buckets: dict[tuple[str, int], list[str]] = defaultdict(list)
        for term in terms:
            for letters in BEGINNINGS:
                self.buckets[term[:letters], len(term)].append(term)

    def near(self, word: str, least: int = LEAST_FOR_TYPOS) -> list[tuple[str, int]]:
        """Return the words nearest to one, with the errors in it: first those that begin alike.

        At most three. Words of fewer than four letters are not returned, and none is for one below
        `least`.
        """
        size = len(word)
        most = 2 if size >= LEAST_FOR_TWO else 1
        sizes = range(max(size - most, LEAST_FOR_TYPOS), size + most + 1) if size >= least else ()
        for letters in BEGINNINGS:
            near = [
                (errors, term)
                for other in sizes
                for term, errors, _ in process.extract(
                    word,
                    self.buckets.get((word[:letters], other), ()),
                    scorer=OSA.distance,
                    score_cutoff=most,
                    limit=MOST_MEANT,
                )
            ]
            if near:
                fewest = min(near)[0]
                return [(term, errors) for errors, term in sorted(near) if errors == fewest][
                    :MOST_MEANT
                ]
        return []


class Known(NamedTuple):
    """What words there are: of names and keywords, of bodies, and names as wholes."""

    words: Vocabulary
    bodies: Vocabulary
    wholes: Vocabulary

    def meant(self, word: str) -> list[tuple[str, int]]:
        """Return what a word that is nowhere was meant to be, at most three, with its errors."""
        near = self.words.near(word)
        if near or len(word) < LEAST_FOR_TWO:
            return near
        # Any word stands in some text: only a long one, with one error, is meant for sure.
        return [(term, errors) for term, errors in self.bodies.near(word) if errors == 1]


@lru_cache(maxsize=2)
def known_words(_stamp: Hashable) -> Known:
    """Return the words as of a state of the guide. One query the first time."""
    words, bodies, wholes = [], [], []
    with connection.cursor() as cursor:
        cursor.execute("SELECT term, MIN(field) FROM catalog_posting GROUP BY term ORDER BY term")
        rows = ((bytes(term).decode(), field) for term, field in cursor.fetchall())
        for term, field in rows:
            if term[0] == WHOLE and field <= Field.PACKAGE:
                wholes.append(term[1:])
            elif term[0] not in f"{WHOLE}{STEM}{START}":
                (words if field <= Field.KEYWORD else bodies).append(term)
    return Known(Vocabulary(words), Vocabulary(bodies), Vocabulary(wholes))


@lru_cache(maxsize=2)
def common_words(_stamp: Hashable) -> frozenset[str]:
    """Return the words of the guide's title, which say nothing in it. One query the first time."""
    titles = Guide.objects.values_list("title", flat=True)
    return frozenset(part for title in titles for part in parts_of(title))
