"""A conflict as an editor meets it on a plan's page, and what was chosen there."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.db import models

from catalog.admin.text_difference import How, pieces_of
from catalog.history.merge import NO_BASE, Conflict, Take
from catalog.history.rows import MODELS, RowKey

PREFIX = "choice:"
TAKES = {take.value: take for take in Take}
# Beyond this nobody reads a value beside another one.
LONGEST_VALUE = 5_000


class Part(NamedTuple):
    """A piece of a value, and whether the other side says something else there."""

    text: str
    differs: bool


class Asked(NamedTuple):
    """A conflict with all that its fieldset shows."""

    name: str  # of its form field
    text: str
    is_row: bool  # the row itself would go
    before: str
    mine: list[Part]
    theirs: list[Part]
    chosen: str  # blank where it waits


class Choices:
    """What was posted, by the names of questions. Whatever makes no sense waits."""

    def __init__(self, posted: Mapping[str, str]) -> None:
        self._takes = {name: TAKES[value] for name, value in posted.items() if value in TAKES}

    def choose(self, row: RowKey, field: str) -> Take | None:
        """The choice for a conflict, as planning asks for it."""
        return self._takes.get(f"{PREFIX}{'/'.join((row.model, *row.key, field))}")

    def asked(self, conflict: Conflict, text: str) -> Asked:
        """The conflict, with the choice that was made before."""
        row, field = conflict.row, conflict.field
        mine, theirs, before = [], [], ""
        if field:
            mine, theirs = _sides(conflict)
            before = shown_value(_field_of(conflict), conflict.base)
        return Asked(
            name=f"{PREFIX}{'/'.join((row.model, *row.key, field))}",
            text=text,
            is_row=not field,
            before=before,
            mine=mine,
            theirs=theirs,
            chosen=self.choose(row, field) or "",
        )


def shown_value(field: models.Field, value: Any) -> str:
    """A field's value in words; blank for nothing."""
    if value is None or value is NO_BASE:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return " / ".join(map(str, value))
    text = str(dict(field.flatchoices).get(value, value))
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"


def _field_of(question: Conflict) -> models.Field:
    return MODELS[question.row.model]._meta.get_field(question.field)


def _sides(question: Conflict) -> tuple[list[Part], list[Part]]:
    """Both values, with the words marked that differ; nothing is where they share no word."""
    field = _field_of(question)
    mine, theirs = shown_value(field, question.mine), shown_value(field, question.theirs)
    pieces = pieces_of(mine, theirs)
    if not any(piece.how == How.SAME and piece.text.strip() for piece in pieces):
        return _whole(mine), _whole(theirs)
    here, there = (
        [Part(each.text, each.how != How.SAME) for each in pieces if each.how != other]
        for other in (How.ADDED, How.REMOVED)
    )
    return here, there


def _whole(text: str) -> list[Part]:
    return [Part(text, differs=False)] if text else []
