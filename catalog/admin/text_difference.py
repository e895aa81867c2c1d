"""How one text became another, word by word. Pure."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from enum import StrEnum
from typing import NamedTuple

# Beyond these the search for what stayed would keep the page waiting: both texts stand whole.
LONGEST_TEXT = 20_000
MOST_PAIRS = 4_000_000  # of a word before and a word after

WORDS = re.compile(r"\s+|\w+|[^\w\s]+")


class How(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


class Piece(NamedTuple):
    how: How
    text: str


def pieces_of(before: str, after: str) -> list[Piece]:
    """Both texts as one: what stayed, what went and what came. No piece is empty.

    Those that are not added make up `before`, those that are not removed make up `after`.
    """
    if max(len(before), len(after)) > LONGEST_TEXT:
        found = [Piece(How.REMOVED, before), Piece(How.ADDED, after)]
    else:
        found = _pieces(WORDS.findall(before), WORDS.findall(after))
    return [piece for piece in found if piece.text]


def _pieces(before: list[str], after: list[str]) -> Iterator[Piece]:
    """Joins changes that only white space parts: a rewritten sentence is one change, not ten."""
    removed = added = ""
    for is_same, old, new in _runs(before, after):
        if is_same and not (old.isspace() and (removed or added)):
            yield from (Piece(How.REMOVED, removed), Piece(How.ADDED, added))
            yield Piece(How.SAME, old)
            removed = added = ""
        else:
            removed, added = removed + old, added + new
    yield from (Piece(How.REMOVED, removed), Piece(How.ADDED, added))


def _runs(before: list[str], after: list[str]) -> Iterator[tuple[bool, str, str]]:
    """Whether a run of words stayed, and its text before and after."""
    start = _same_at_the_start(before, after)
    end = _same_at_the_start(before[start:][::-1], after[start:][::-1])
    old, new = before[start : len(before) - end], after[start : len(after) - end]
    yield True, "".join(before[:start]), "".join(before[:start])
    if len(old) * len(new) > MOST_PAIRS:
        yield False, "".join(old), "".join(new)
    else:
        matcher = SequenceMatcher(None, old, new)
        for how, old_from, old_to, new_from, new_to in matcher.get_opcodes():
            yield how == "equal", "".join(old[old_from:old_to]), "".join(new[new_from:new_to])
    tail = "".join(before[len(before) - end :])
    yield True, tail, tail


def _same_at_the_start(one: Sequence[str], other: Sequence[str]) -> int:
    """How many words agree before the first that does not."""
    pairs = zip(one, other, strict=False)
    return next(
        (place for place, (left, right) in enumerate(pairs) if left != right),
        min(len(one), len(other)),
    )
