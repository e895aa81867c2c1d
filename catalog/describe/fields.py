"""One field in words: its label, a value of it, and how two values differ."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import models

from catalog.comparison.engine.table import HIGHEST_RATING, RATING_WORDS
from catalog.describe.labels import Labels
from catalog.history.rows import MODELS, RowKey
from catalog.models import Criterion
from catalog.models.fields import one_line

# Longer text is not shown in a sentence about a field, and cut in any other.
LONGEST = 60

# How much of what two long texts have in common is shown before they part.
LEAD = 20

# Texts that are versions or days need no quotation marks.
UNQUOTED = frozenset(
    {
        "active_until",
        "as_of",
        "cycle",
        "end_of_life",
        "latest_version",
        "python",
        "read_on",
        "released_on",
        "requires_python",
        "specifier",
        "version",
        "versions",
    }
)


@cache
def field_of(model: str, name: str) -> models.Field:
    return MODELS[model]._meta.get_field(name)


def field_label(row: RowKey, name: str) -> str:
    return str(field_of(row.model, name).verbose_name)


def is_text(row: RowKey, name: str) -> bool:
    """Return whether a field is free text, and no choice, number, date or reference."""
    field = field_of(row.model, name)
    return isinstance(field, models.CharField | models.TextField) and not field.choices


def field_line(row: RowKey, name: str, before: Any, after: Any, labels: Labels) -> str:
    """Return how one field differs: “weight: 3 → 4”, “introduction: changed”."""
    return f"{field_label(row, name)}: {change_text(row, name, before, after, labels)}"


def change_text(row: RowKey, name: str, before: Any, after: Any, labels: Labels) -> str:
    """Return two values with an arrow between them, or what became of a text too long for that."""
    if is_text(row, name) and any(map(_is_long, (before, after))):
        return presence_text(before, after)
    was, now = (value_text(row, name, value, labels) for value in (before, after))
    return "changed, though it looks the same" if was == now else f"{was} → {now}"


def presence_text(before: Any, after: Any) -> str:
    """Return whether a value was added, changed or removed."""
    if before and after:
        return "changed"
    return "added" if after else "removed"


def value_text(row: RowKey, name: str, value: Any, labels: Labels) -> str:
    """Return a value as a sentence shows it: on one line, short, free text in quotation marks."""
    text = full_text(row, name, value, labels)
    if not text:
        return blank_text(row, name)
    line, is_quoted = shortened(text), is_text(row, name) and name not in UNQUOTED
    return f"“{line}”" if is_quoted or not line else line


def full_text(row: RowKey, name: str, value: Any, labels: Labels) -> str:
    """Return the whole of a value of a fixture row as people read it; "" for nothing."""
    field = field_of(row.model, name)
    if value is None or value == "":
        return ""
    if field.is_relation:
        return labels.row(RowKey(field.related_model._meta.model_name, tuple(value)))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if (row.model, name) == ("cell", "rating"):
        return rating_word(value, labels.criterion_kind(row))
    return str(dict(field.flatchoices).get(value, value))


def blank_text(row: RowKey, name: str) -> str:
    """Return what stands for no value: a choice that was not made is unknown."""
    return "unknown" if field_of(row.model, name).choices else "empty"


def rating_word(rating: int, kind: str) -> str:
    """Return the word of the tables for a rating in a row of this kind."""
    if kind == Criterion.Kind.YES_NO:
        return "yes" if rating else "no"
    return RATING_WORDS[rating] if 0 <= rating <= HIGHEST_RATING else str(rating)


def shortened(text: str) -> str:
    """Return the text on one line, cut to LONGEST characters."""
    line = one_line(text)
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1].rstrip()}…"


def quoted(text: str) -> str:
    """Return the text shortened, in quotation marks."""
    return f"“{shortened(text)}”"


def quoted_apart(texts: Sequence[str]) -> list[str]:
    """Return texts as `quoted`; those that would look alike begin shortly before they part.

    Two texts that begin with the same hundred characters become “…the same hundred characters A”
    and “…the same hundred characters B”.
    """
    lines = [one_line(text) for text in texts]
    short = [shortened(line) for line in lines]
    found = []
    for line, cut in zip(lines, short, strict=True):
        alike = [other for other, its in zip(lines, short, strict=True) if its == cut]
        start = min(_parting(line, other) for other in alike) - LEAD if len(set(alike)) > 1 else 0
        found.append(quoted(f"…{line[start:]}" if start > 0 else line))
    return found


def _is_long(text: str | None) -> bool:
    return len(text or "") > LONGEST or "\n" in (text or "").strip()


def _parting(one: str, other: str) -> int:
    """Return the number of characters that two texts have in common at their beginning."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))
