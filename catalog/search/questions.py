"""What a text asks for: words, or technologies side by side, or another in place of one. Pure."""

import re
from collections.abc import Iterator
from itertools import combinations, pairwise
from typing import NamedTuple

from catalog.models.fields import one_line
from catalog.search import words

LONGEST = 100
MOST_WORDS = 8
# Shorter words are found whole or as the beginning of a name, never with a typing error.
LEAST_FOR_TYPOS = 4

_VERSUS = re.compile(
    r"\s+(?:vs\.?|versus|or|better\s+than|compared\s+(?:to|with))\s+", re.IGNORECASE
)
_BETWEEN = re.compile(r"(?:the\s+)?differences?\s+between\s+(.+?)\s+and\s+(.+)", re.IGNORECASE)
_INSTEAD = re.compile(
    r"(?:(?:the\s+|an?\s+)?(?:alternatives?|replacements?|successors?)\s+(?:to|for|of)|instead\s+of"
    r"|(?:what\s+)?replace[sd]?)\s+(?P<before>.+)|(?P<after>.+)\s+(?:alternatives?|replacements?|successors?)",
    re.IGNORECASE,
)


class Question(NamedTuple):
    """A text as it is looked for. `words` are folded; of “pub/sub” there is one, “pubsub”.

    Those whose place is in `optional` may be missing: every entry answers to them.

    `sides` are those of “A vs B” as typed, `instead_of` what another is wanted for. `wholes` are
    the text as a name, with the words that say nothing and without.
    """

    text: str
    words: tuple[str, ...]
    optional: frozenset[int]
    wholes: tuple[str, ...]
    sides: tuple[str, ...] = ()
    instead_of: str = ""

    @property
    def needed(self) -> list[int]:
        """Return the places of the words that tell entries apart."""
        return [at for at in range(len(self.words)) if at not in self.optional]


def read(text: str, common: frozenset[str] = frozenset()) -> Question:
    """Read what was typed: 100 signs and eight words of it.

    `common` are words that every entry answers to, as “Python” in a guide to Python. Fillers are
    left out where other words remain.
    """
    text = one_line(text)[:LONGEST].strip()
    between = _BETWEEN.fullmatch(text)
    parts = between.groups() if between else _VERSUS.split(text)
    # A side of fillers is none: “vs code”.
    sides = tuple(part.strip(" ?") for part in parts if {*_words(part)} - words.FILLERS)
    instead = _INSTEAD.fullmatch(text)
    of = (instead["before"] or instead["after"]).strip(" ?") if instead else ""
    asked = _words(" ".join(sides) if len(sides) > 1 else of or text)
    said = ([word for word in asked if word not in words.FILLERS] or asked)[:MOST_WORDS]
    optional = frozenset(at for at, word in enumerate(said) if word in common)
    wholes = [words.whole(text), *([] if of else ["".join(said)])]
    return Question(
        text,
        tuple(said),
        optional if len(optional) < len(said) else frozenset(),
        tuple(dict.fromkeys(whole[: words.LONGEST] for whole in wholes if whole)),
        sides if len(sides) > 1 else (),
        of,
    )


def partitions(said: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield each way to part the words in two and more, fewest first: what “A B” may name."""
    for cuts in range(1, len(said)):
        for at in combinations(range(1, len(said)), cuts):
            ends = (0, *at, len(said))
            yield tuple("".join(said[one:other]) for one, other in pairwise(ends))


def _words(text: str) -> list[str]:
    """Return each word; one with a slash stays whole, since its parts are other words."""
    text, found = words.without_possessive(text), []
    for word in words.words_of(text):
        chunk = text[word.start : word.end]
        found += [word.joined] if "/" in chunk else word.parts
    return found
