"""From text to the terms that are kept and looked for. Pure.

A term is a word folded (small letters, no accents). Marks say what else is kept beside plain words:

    fastapi    a word; of “pub/sub” the parts, and the whole as “pubsub”
    ~queu      the stem of “queues”, where it differs from the word
    =redisqueue    a whole name, alias or package, without spaces and hyphens
    ^re        the first two letters (and the first) of a whole name

C++, C#, .NET and 3.11 are words of their own: signs that tell names apart stay.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import snowballstemmer

STEM, WHOLE, START = "~", "=", "^"

# Longer ones are hashes and addresses; both sides are cut.
LONGEST = 40

# What a question is made of besides its subject; in the body of a text they say nothing either.
FILLERS = {
    *("a", "an", "and", "any", "are", "as", "at", "be", "best", "by", "can", "could", "do", "does"),
    *("for", "from", "good", "have", "how", "i", "in", "into", "is", "it", "its", "me", "my"),
    *("need", "of", "on", "or", "run", "should", "still", "that", "the", "their", "them", "then"),
    *("there", "these", "they", "this", "to", "use", "used", "using", "versus", "vs", "want"),
    *("was", "we", "were", "what", "when", "where", "which", "who", "why", "will", "with"),
    *("would", "you", "your"),
}

# Stems of words that mean the same here and have no stem in common.
ALIKE = {"asyncio": "async", "asynchronous": "async", "license": "licenc", "licenses": "licenc"}

_LETTER = r"[^\W_]"
# Parts that hold together: “pub/sub”, “psycopg-binary”, “3.11”, “.net”, “c++”.
_CHUNK = re.compile(rf"(?:(?<!\w)\.(?=[^\W\d_]))?{_LETTER}+(?:[-._/]{_LETTER}+)*(?:[+#]+(?!\w))?")
_BETWEEN = re.compile(r"(?<!\d)[._]|[._](?!\d)|[-/_]")
_POSSESSIVE = re.compile(r"['\u2019]s\b")

_stemmer = snowballstemmer.stemmer("english")


class Word(NamedTuple):
    """A chunk of a text as it stands there, with its folded parts."""

    start: int
    end: int
    parts: tuple[str, ...]

    @property
    def joined(self) -> str:
        return "".join(self.parts)[:LONGEST]


def fold(text: str) -> str:
    """Return the text in small letters and without accents, as many signs as it had at most."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in plain if not unicodedata.combining(sign)).casefold()


def without_possessive(text: str) -> str:
    """Return “FastAPI docs” for “FastAPI's docs”."""
    return _POSSESSIVE.sub("", text)


def words_of(text: str) -> Iterator[Word]:
    """Yield the words of a text with their places in it."""
    for found in _CHUNK.finditer(text):
        if parts := _parts(found.group()):
            yield Word(found.start(), found.end(), parts)


@lru_cache(maxsize=20_000)
def _parts(chunk: str) -> tuple[str, ...]:
    folded = fold(chunk)
    if folded.startswith("."):
        return (folded[:LONGEST],)
    return tuple(part[:LONGEST] for part in _BETWEEN.split(folded) if part)


def parts_of(text: str) -> list[str]:
    """Return the words of a text one by one: “FastAPI's pub/sub” gives fastapi, pub and sub."""
    return [part for word in words_of(without_possessive(text)) for part in word.parts]


def whole(text: str) -> str:
    """Return a name as it is compared with another: “Redis Queue”, “redis-queue”: redisqueue."""
    return "".join(parts_of(text))[:LONGEST]


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Return what “queue” and “queues” have in common."""
    if word in ALIKE:
        return ALIKE[word]
    return _stemmer.stemWord(word) if len(word) > 3 and word.isalpha() else word


def terms_of(text: str, *, is_body: bool) -> tuple[set[tuple[str, int]], int]:
    """Return the terms of a text with the place of each, and how many places it takes.

    In a body the fillers are left out; a name may be one.
    """
    found: set[tuple[str, int]] = set()
    place = 0
    for word in words_of(without_possessive(text)):
        if len(word.parts) > 1:
            found.add((word.joined, place))
        for part in word.parts:
            if not (is_body and part in FILLERS):
                found.add((part, place))
                if (common := stem(part)) != part:
                    found.add((STEM + common, place))
            if part.startswith("."):
                found.add((part[1:], place))
            place += 1
    return found, place
