"""What became of each field of some rows, as the lines of a table."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.db import models
from django.utils.text import capfirst

from catalog.admin.text_difference import Piece, pieces_of
from catalog.changes.rows import MODELS, RowChange, RowKey
from catalog.describe import Labels

# Shorter texts stand side by side; longer ones are read as one.
LONG = 60

# With more of them nobody reads a table, and a browser takes seconds to lay it out.
MOST_LINES = 500


class Line(NamedTuple):
    """A field that says something else: by two values, or by one text with its changes."""

    row: str
    field: str
    before: str
    after: str
    pieces: list[Piece]  # empty where the two values say it


def lines_of(changes: Iterable[RowChange], titles: Labels) -> Iterator[Line]:
    """A line for each field that changed; of a row that is made or goes, for what it says."""
    for change in changes:
        model = MODELS[change.row.model]
        row = f"{capfirst(model._meta.verbose_name)} “{titles.row(change.row)}”"
        for name in _fields(change):
            field = model._meta.get_field(name)
            before, after = (
                _shown(field, fields[name] if fields else None, titles)
                for fields in (change.before, change.after)
            )
            pieces = pieces_of(before, after) if _are_long(before, after) else []
            yield Line(row, capfirst(field.verbose_name), before, after, pieces)


def _fields(change: RowChange) -> list[str]:
    if change.before is not None and change.after is not None:
        return change.changed
    # What names the row stands in front of it already.
    naming = {path.partition("__")[0] for path in MODELS[change.row.model].NATURAL_KEY}
    fields = change.after or change.before
    return [
        name for name, value in fields.items() if name not in naming and value not in (None, "")
    ]


def _are_long(before: str, after: str) -> bool:
    """Whether both are there, and are easier to read as one than side by side."""
    longest = max(len(before), len(after))
    return bool(before and after) and (longest > LONG or "\n" in before + after)


def _shown(field: models.Field, value: Any, titles: Labels) -> str:
    """A value of a fixture row as people read it; nothing for one that says nothing."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return titles.row(RowKey(field.related_model._meta.model_name, tuple(value)))
    return str(dict(field.flatchoices).get(value, value))
