"""How texts and rows became others: word by word, and field by field as the lines of a table."""

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from enum import StrEnum
from typing import NamedTuple

from django.utils.text import capfirst

from catalog.describe import Labels
from catalog.describe.fields import full_text
from catalog.history.rows import MODELS, RowChange

# Beyond these the search for what stayed would keep the page waiting: both texts stand whole.
LONGEST_TEXT = 20_000
MOST_PAIRS = 4_000_000  # of a word before and a word after

# Shorter texts stand side by side; longer ones are read as one.
LONG = 60

# With more of them nobody reads a table, and a browser takes seconds to lay it out.
MOST_LINES = 500

WORDS = re.compile(r"\s+|\w+|[^\w\s]+")


class How(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


class Piece(NamedTuple):
    how: How
    text: str


class Line(NamedTuple):
    """A field that says something else: by two values, or by one text with its changes."""

    row: str
    field: str
    before: str
    after: str
    pieces: list[Piece]  # empty where the two values say it


def lines_of(changes: Iterable[RowChange], labels: Labels) -> Iterator[Line]:
    """Yield a line for each field that changed; of a row that is made or goes, for what it says."""
    for change in changes:
        model = MODELS[change.row.model]
        row = f"{capfirst(model._meta.verbose_name)} “{labels.row(change.row)}”"
        for name in _fields(change):
            before, after = (
                full_text(change.row, name, fields[name] if fields else None, labels)
                for fields in (change.before, change.after)
            )
            pieces = pieces_of(before, after) if before and after and is_long(before, after) else []
            label = capfirst(model._meta.get_field(name).verbose_name)
            yield Line(row, label, before, after, pieces)


def is_long(*texts: str) -> bool:
    """Return whether texts are easier to read one after the other than side by side."""
    return max(map(len, texts)) > LONG or any("\n" in text for text in texts)


def pieces_since(before: str, after: str) -> list[Piece]:
    """Return a value with what became of each word of a long one; whole where no word stayed."""
    if not after:
        return []
    pieces = pieces_of(before, after) if before and is_long(before, after) else []
    if any(piece.how == How.SAME and piece.text.strip() for piece in pieces):
        return pieces
    return [Piece(How.SAME, after)]


def pieces_of(before: str, after: str) -> list[Piece]:
    """Return both texts as one: what stayed, what went and what came. No piece is empty.

    Those that are not added make up `before`, those that are not removed make up `after`.
    """
    if max(len(before), len(after)) > LONGEST_TEXT:
        found = [Piece(How.REMOVED, before), Piece(How.ADDED, after)]
    else:
        found = _pieces(WORDS.findall(before), WORDS.findall(after))
    return [piece for piece in found if piece.text]


def _fields(change: RowChange) -> list[str]:
    if change.before is not None and change.after is not None:
        return change.changed
    # What names the row stands in front of it already.
    naming = {path.partition("__")[0] for path in MODELS[change.row.model].NATURAL_KEY}
    fields = change.after or change.before
    return [
        name for name, value in fields.items() if name not in naming and value not in (None, "")
    ]


def _pieces(before: list[str], after: list[str]) -> Iterator[Piece]:
    """Join changes that only white space parts: a rewritten sentence is one change, not ten."""
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
    """Yield whether a run of words stayed, and its text before and after."""
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
    """Return how many words agree before the first that does not."""
    pairs = zip(one, other, strict=False)
    return next(
        (place for place, (left, right) in enumerate(pairs) if left != right),
        min(len(one), len(other)),
    )
