"""What a hit shows of itself: the piece of text that answers best, with the words marked. Pure."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from catalog.search import words
from catalog.search.texts import Field

LONGEST = 170
# What stands before the first marked word of a long text.
LEAD = 50

_BETWEEN = re.compile(r"[-./_]")

# Text, and whether it is one of the words looked for.
Pieces = list[tuple[str, bool]]


class Wanted(NamedTuple):
    """What is marked: words, folded, their stems, and what the last word may be the start of."""

    words: frozenset[str]
    stems: frozenset[str]
    start: str

    def has(self, word: words.Word) -> bool:
        if word.joined in self.words:
            return True
        return any(
            part in self.words
            or words.stem(part) in self.stems
            or (self.start and part.startswith(self.start))
            for part in word.parts
        )


def wanted(said: Sequence[str], meant: Iterable[str] = ()) -> Wanted:
    """Return what to mark where these words were looked for, and others were meant."""
    pairs = ("".join(said[at : at + 2]) for at in range(len(said) - 1))
    every = frozenset((*said, *meant, *pairs)) - words.FILLERS or frozenset(said)
    last = said[-1] if said and len(said[-1]) > 1 else ""
    return Wanted(every, frozenset(map(words.stem, every)), last)


def marked(text: str, asked: Wanted) -> Pieces:
    """Return a text in pieces, the words looked for apart."""
    pieces, at = [], 0
    for word in words.words_of(text):
        if asked.has(word):
            pieces += [(text[at : word.start], False), (text[word.start : word.end], True)]
            at = word.end
    return [piece for piece in (*pieces, (text[at:], False)) if piece[0]]


def best_of(texts: Iterable[Sequence], asked: Wanted, field: Field) -> str:
    """Return the text of a field that has most of the words, the first of several; or none."""
    found = [text for one, text in texts if one == field]
    stems = {*asked.stems, *asked.words}
    # “pub/sub” was asked for as “pubsub”.
    folded = [f"{text} {_BETWEEN.sub('', text)}".casefold() for text in found]
    counts = [sum(stem in text for stem in stems) for text in folded]
    most = max(counts, default=0)
    return found[counts.index(most)] if most else ""


def excerpt(texts: Iterable[Sequence], asked: Wanted) -> Pieces:
    """Return the best piece of what is said of a thing, shortened round the first marked word."""
    text = best_of(texts, asked, Field.BODY)
    first = next((word.start for word in words.words_of(text) if asked.has(word)), None)
    if first is None:
        return []
    begin = text.rfind(" ", 0, max(first - LEAD, 0)) + 1 if len(text) > LONGEST else 0
    end = len(text) if len(text) <= begin + LONGEST else text.rfind(" ", 0, begin + LONGEST)
    pieces = marked(text[begin : end if end > first else begin + LONGEST], asked)
    before, after = [("… ", False)] * (begin > 0), [(" …", False)] * (end < len(text))
    return [*before, *pieces, *after]
