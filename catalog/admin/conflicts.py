"""What differs and what is at odds, as pages show it: of two editors, a pending change, a pack."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import islice, takewhile
from typing import Any, NamedTuple

from django.utils.text import capfirst

from catalog.describe import Labels
from catalog.describe.conflicts import field_noun
from catalog.describe.fields import full_text, is_text
from catalog.history.merge import NO_BASE, Choice, Conflict, Own, Take
from catalog.history.rows import MODELS, RowChange, RowKey, targets_of
from catalog.models.fields import LinesField

# Beyond these the search for what stayed would keep the page waiting: both texts stand whole.
LONGEST_TEXT = 20_000
MOST_PAIRS = 4_000_000  # of a word before and a word after

# Shorter texts stand side by side; longer ones are read as one.
LONG = 60

# With more of them nobody reads a table, and a browser takes seconds to lay it out.
MOST_LINES = 500

WORDS = re.compile(r"\s+|\w+|[^\w\s]+")

# What pages of conflicts add to what was posted: none of it is a form's own.
CHOICE, OWN, SEEN = "_choice:", "_own:", "_seen"
TAKES = {take.value: take for take in Take}
WRITTEN = "own"


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


def first_lines(changes: Iterable[RowChange], labels: Labels) -> dict[str, Any]:
    """Return the lines that a page shows of changes; `most` where there are more."""
    lines = list(islice(lines_of(changes, labels), MOST_LINES + 1))
    most = MOST_LINES if len(lines) > MOST_LINES else 0
    return {"lines": lines[:MOST_LINES], "most": most}


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
    pairs = zip(one, other, strict=False)
    return sum(1 for _pair in takewhile(lambda pair: pair[0] == pair[1], pairs))


# Conflicts ---------------------------------------------------------------------------------------


class Sides(NamedTuple):
    """What both sides are called; a blank `own` or `wait` is not offered."""

    theirs: str
    mine: str
    own: str = ""
    wait: str = ""
    mine_deleted: str = ""  # the question about a row that mine is without
    theirs_deleted: str = ""
    before: str = "Before"


EDITORS = Sides(
    theirs="Theirs: as it is saved now",
    mine="Mine: as I typed it",
    own="My own text instead of both",
    mine_deleted="You deleted the {row}; meanwhile it was changed, or something that belongs to it",
    theirs_deleted="The {row} was deleted; you changed it, or something that belongs to it",
)
PROPOSED = Sides(
    theirs="Keep what readers see now",
    mine="Take what is proposed",
    own="Another text instead of both",
    mine_deleted="The change would delete the {row}, which has been changed since, or something "
    "that belongs to it",
    theirs_deleted="The {row} has been deleted since; the change is about it, or about something "
    "that belongs to it",
)
PACK = Sides(
    theirs="Theirs: write what the pack says",
    mine="Mine: keep what is here",
    wait="Let it wait",
    before="The pack said before",
)


class Question(NamedTuple):
    """A conflict with all that its fieldset shows."""

    choice_name: str  # of the form fields
    own_name: str  # blank where nothing can be written instead
    sides: Sides
    text: str
    is_row: bool
    is_mine_gone: bool  # of a row: whether mine is without it, or theirs
    told: list[str]  # of a row: what the other side made of it
    has_base: bool
    before: str
    theirs: list[Piece]
    mine: list[Piece]
    chosen: str  # blank where nothing is
    own: str
    is_long: bool
    most: int | None  # characters


class Choices:
    """What was posted between two sides. It counts only if it was made for what is there now."""

    def __init__(
        self, posted: Mapping[str, str], sides: Sides = EDITORS, *, count: bool = True
    ) -> None:
        self._posted = posted
        self._sides = sides
        self._count = count

    def choose(self, row: RowKey, field: str) -> Choice:
        """Return the choice for a conflict, as merging asks for it; nonsense waits."""
        name = _name(row, field)
        chosen = self._posted.get(f"{CHOICE}{name}") if self._count else None
        if chosen == WRITTEN and self._may_write(row, field):
            text = self._posted.get(f"{OWN}{name}", "").replace("\r\n", "\n")
            return Own(text if _has_lines(row, field) else text.strip())
        return TAKES.get(chosen)

    def question(
        self, conflict: Conflict, labels: Labels, *, text: str = "", told: Sequence[str] = ()
    ) -> Question:
        """Return the conflict as it is asked, with the choice that was made before."""
        row, field, base, theirs, mine = conflict[:5]
        name = _name(row, field)
        choice = self.choose(row, field)
        may_write = self._may_write(row, field)
        before, there, here = (
            full_text(row, field, value, labels) if field and value is not NO_BASE else ""
            for value in (base, theirs, mine)
        )
        return Question(
            choice_name=f"{CHOICE}{name}",
            own_name=f"{OWN}{name}" if may_write else "",
            sides=self._sides,
            text=text or _text(conflict, labels, self._sides),
            is_row=not field,
            is_mine_gone=mine is None,
            told=list(told),
            has_base=base is not NO_BASE,
            before=before,
            theirs=pieces_since(before, there),
            mine=pieces_since(before, here),
            chosen=WRITTEN if isinstance(choice, Own) else choice or "",
            own=self._posted.get(f"{OWN}{name}", mine) if may_write else "",
            is_long=may_write and _has_lines(row, field),
            most=MODELS[row.model]._meta.get_field(field).max_length if may_write else None,
        )

    def _may_write(self, row: RowKey, field: str) -> bool:
        return bool(field and self._sides.own) and is_text(row, field)


def carried(posted: Any) -> Iterator[tuple[str, str]]:
    """Yield what the form itself sent, pair by pair, so that nothing typed is lost."""
    for name, values in posted.lists():
        if name != "csrfmiddlewaretoken" and not name.startswith((CHOICE, OWN, SEEN)):
            yield from ((name, value) for value in values)


def changes_about(row: RowKey, changes: Iterable[RowChange]) -> Iterator[RowChange]:
    """Yield changes of a row and of what belongs to it; to a thing belongs all of it."""
    is_thing = not MODELS[row.model].OWNERS
    for change in changes:
        above = targets_of(change.row, change.after or change.before)
        if is_thing or change.row == row or row in above:
            yield change


def _name(row: RowKey, field: str) -> str:
    return "/".join((row.model, *row.key, field))


def _has_lines(row: RowKey, field: str) -> bool:
    return isinstance(MODELS[row.model]._meta.get_field(field), LinesField)


def _text(conflict: Conflict, labels: Labels, sides: Sides) -> str:
    """Return what is at odds: “Summary of the technology “Flask””, or a row gone on one side."""
    row, field = conflict.row, conflict.field
    named = f"{MODELS[row.model]._meta.verbose_name} “{labels.row(row)}”"
    if not field:
        text = sides.mine_deleted if conflict.mine is None else sides.theirs_deleted
        return text.replace("{row}", named)
    return f"{field_noun(row, field)} of the {named}"
