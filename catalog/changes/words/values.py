"""How a value is put into a sentence: on one line, short, and in the words of its field. Pure text.

Nothing here is HTML: what somebody wrote stays as written, and the template escapes it.
"""

from collections.abc import Sequence
from typing import Any

from django.db import models

from catalog.changes.titles import Titles, one_line
from catalog.comparison.engine.table import RATING_WORDS
from catalog.history.rows import MODELS, RowKey
from catalog.models import Criterion

LONGEST = 60

# How much of what two long texts have in common is shown before they part.
LEAD = 20


def shortened(text: str) -> str:
    """The text on one line, cut to LONGEST signs."""
    line = one_line(text)
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1].rstrip()}…"


def quoted(text: str) -> str:
    """The text shortened, in quotation marks."""
    return f"“{shortened(text)}”"


def quoted_apart(texts: Sequence[str]) -> list[str]:
    """Texts as `quoted`, but those that would look alike begin near the place where they part."""
    lines = [one_line(text) for text in texts]
    short = [shortened(line) for line in lines]
    found = []
    for line, cut in zip(lines, short, strict=True):
        alike = [other for other, its in zip(lines, short, strict=True) if its == cut]
        parting = min(_parting(line, other) for other in alike)
        start = parting - LEAD if len(set(alike)) > 1 else 0
        found.append(quoted(f"…{line[start:]}" if start > 0 else line))
    return found


def shown(row: RowKey, name: str, value: Any, titles: Titles) -> str:
    """The value of a field as a sentence shows it.

    Text and choices are quoted, a reference is the quoted name of its target, and what is not
    there is “empty” or “unknown”.
    """
    field = MODELS[row.model]._meta.get_field(name)
    if field.is_relation:
        return quoted(name_of_target(field, value, titles)) if value else "empty"
    if field.choices:
        word = in_words_of_choice(field, value)
        return quoted(word) if value else word
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None or value == "":
        return "empty"
    if (row.model, name) == ("cell", "rating"):
        return rating_word(value, titles.kind_of_row(row))
    is_plain = isinstance(field, models.IntegerField | models.DateField)
    return shortened(str(value)) if is_plain else quoted(str(value))


def shown_apart(row: RowKey, name: str, values: Sequence[Any], titles: Titles) -> list[str]:
    """Several values of one field, as `shown`; long texts so that one sees where they differ."""
    if not is_text(row, name):
        return [shown(row, name, value, titles) for value in values]
    texts = quoted_apart([value or "" for value in values])
    return [text if value else "empty" for text, value in zip(texts, values, strict=True)]


def is_text(row: RowKey, name: str) -> bool:
    """Whether a field is what people write, and no choice, number, date or reference."""
    field = MODELS[row.model]._meta.get_field(name)
    return isinstance(field, models.CharField | models.TextField) and not field.choices


def in_words_of_choice(field: models.Field, value: Any) -> str:
    """What people read for a choice; nothing chosen is “unknown”."""
    if value in ("", None):
        return "unknown"
    return shortened(str(dict(field.flatchoices).get(value, value)))


def choice_word(row: RowKey, name: str, value: Any) -> str:
    """What people read for the choice of a field."""
    return in_words_of_choice(MODELS[row.model]._meta.get_field(name), value)


def name_of_target(field: models.Field, value: Any, titles: Titles) -> str:
    """What the row is called that a reference names."""
    return titles.row(RowKey(field.related_model._meta.model_name, tuple(value)))


def target_title(row: RowKey, name: str, value: Any, titles: Titles) -> str:
    """What the row is called that the reference in this field names; empty for none."""
    field = MODELS[row.model]._meta.get_field(name)
    return name_of_target(field, value, titles) if value else ""


def rating_word(rating: int, kind: str) -> str:
    """A rating in the word that the tables have for it where the author gave none."""
    if kind == Criterion.Kind.YES_NO:
        return "yes" if rating else "no"
    return RATING_WORDS[rating] if rating in range(len(RATING_WORDS)) else str(rating)


def _parting(one: str, other: str) -> int:
    """The number of signs that two texts have in common at their beginning."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))
