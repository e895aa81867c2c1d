"""A conflict of two editors as the second one meets it, and what was chosen in it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from django.db import models
from django.utils.functional import Promise

from catalog.admin.field_difference import LONG
from catalog.admin.text_difference import How, Piece, pieces_of
from catalog.changes.merge import NO_BASE, Take
from catalog.changes.proposing import Choice, Conflict, Own
from catalog.changes.rows import MODELS, RowKey
from catalog.describe import Labels
from catalog.describe.conflicts import field_noun
from catalog.describe.fields import full_text, is_text
from catalog.models.fields import LinesField

# What the page of conflicts adds to what was posted: none of it is the form's own.
CHOICE, OWN, SEEN = "_choice:", "_own:", "_seen"
TAKES = {take.value: take for take in Take}
WRITTEN = "own"


class Sides(NamedTuple):
    """What both sides are called: those of two editors, or of readers and a proposal."""

    theirs: str | Promise
    mine: str | Promise
    own: str | Promise
    i_deleted: str | Promise
    they_deleted: str | Promise


EDITORS = Sides(
    theirs="Theirs: as it is saved now",
    mine="Mine: as I typed it",
    own="My own text instead of both",
    i_deleted="You deleted the %(row)s; meanwhile it was changed, or something that belongs to it",
    they_deleted="The %(row)s was deleted; you changed it, or something that belongs to it",
)
PROPOSED = Sides(
    theirs="Keep what readers see now",
    mine="Take what is proposed",
    own="Another text instead of both",
    i_deleted=(
        "The change would delete the %(row)s, which has been changed since, or something that "
        "belongs to it"
    ),
    they_deleted=(
        "The %(row)s has been deleted since; the change is about it, or about something that "
        "belongs to it"
    ),
)


class Asked(NamedTuple):
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
    """What was posted. It counts only where it was made for what is there now."""

    def __init__(self, posted: Mapping[str, str], *, count: bool) -> None:
        self._posted = posted
        self._count = count

    def choose(self, row: RowKey, field: str) -> Choice:
        """The choice for a conflict, as merging asks for it; whatever makes no sense waits."""
        name = _name(row, field)
        said = self._posted.get(f"{CHOICE}{name}") if self._count else None
        if said == WRITTEN and field and is_text(row, field):
            return Own(_typed(row, field, self._posted.get(f"{OWN}{name}", "")))
        return TAKES.get(said)

    def asked(
        self,
        conflict: Conflict,
        titles: Labels,
        sides: Sides = EDITORS,
        told: Sequence[str] = (),
    ) -> Asked:
        """The conflict, with the choice that was made before and what was written."""
        row, field, base, theirs, mine = conflict
        name = _name(row, field)
        choice = self.choose(row, field)
        may_write = bool(field) and is_text(row, field)
        before, there, here = (
            full_text(row, field, value, titles) if field and value is not NO_BASE else ""
            for value in (base, theirs, mine)
        )
        return Asked(
            choice_name=f"{CHOICE}{name}",
            own_name=f"{OWN}{name}" if may_write else "",
            sides=sides,
            text=_text(conflict, titles, sides),
            is_row=not field,
            is_mine_gone=mine is None,
            told=list(told),
            has_base=base is not NO_BASE,
            before=before,
            theirs=_since(before, there),
            mine=_since(before, here),
            chosen=WRITTEN if isinstance(choice, Own) else choice or "",
            own=self._posted.get(f"{OWN}{name}", mine) if may_write else "",
            is_long=may_write and _has_lines(row, field),
            most=_field(row, field).max_length if may_write else None,
        )


def carried(posted: Any) -> Iterator[tuple[str, str]]:
    """What the form itself sent, pair by pair, so that nothing typed is lost."""
    for name, values in posted.lists():
        if name != "csrfmiddlewaretoken" and not name.startswith((CHOICE, OWN, SEEN)):
            yield from ((name, value) for value in values)


def _name(row: RowKey, field: str) -> str:
    return "/".join((row.model, *row.key, field))


def _typed(row: RowKey, field: str, text: str) -> str:
    """The text as a form would take it."""
    text = text.replace("\r\n", "\n")
    return text if _has_lines(row, field) else text.strip()


def _field(row: RowKey, field: str) -> models.Field:
    return MODELS[row.model]._meta.get_field(field)


def _has_lines(row: RowKey, field: str) -> bool:
    return isinstance(_field(row, field), LinesField)


def _text(conflict: Conflict, titles: Labels, sides: Sides) -> str:
    """What is at odds: “Summary of the technology “Flask””, or that a row is gone on one side."""
    row, field = conflict.row, conflict.field
    model = MODELS[row.model]._meta
    named = f"{model.verbose_name} “{titles.row(row)}”"
    if not field:
        text = sides.i_deleted if conflict.mine is None else sides.they_deleted
        return str(text) % {"row": named}
    return f"{field_noun(row, field)} of the {named}"


def _since(before: str, after: str) -> list[Piece]:
    """A value, with what became of each word of a long one; whole where no word stayed."""
    if not after:
        return []
    is_long = max(len(before), len(after)) > LONG or "\n" in before + after
    pieces = pieces_of(before, after) if before and is_long else []
    if any(piece.how == How.SAME and piece.text.strip() for piece in pieces):
        return pieces
    return [Piece(How.SAME, after)]
