"""One field in words: what it is called, and how two values of it differ."""

from typing import Any

from django.db import models

from catalog.changes.titles import Titles
from catalog.changes.words.values import LONGEST, quoted, shown_apart
from catalog.history.rows import MODELS, RowKey

# Fields whose names are no nouns: “best for” of Flask.
NO_NOUNS = frozenset(
    {
        *("applies_to", "as_of", "because", "best_for", "is_yanked", "lifecycle_verified_on"),
        *("read_on", "released_on", "replaced_by", "requires_python", "review_by", "run_with"),
        *("verified_by", "verified_on", "with_technology"),
    }
)

# Fields of prose whose names are plurals.
PLURALS = frozenset({"closing"})


def of_field(row: RowKey, name: str, before: Any, after: Any, titles: Titles) -> str:
    """How one field differs: “name: “Quart” becomes “Quart 2””, “introduction is rewritten”."""
    return told(row, name, before, after, titles, label(row, name), noun(row, name))


def label(row: RowKey, name: str) -> str:
    """What a field is called."""
    return str(MODELS[row.model]._meta.get_field(name).verbose_name)


def noun(row: RowKey, name: str) -> str:
    """What a field is called where a sentence needs a noun."""
    return quoted(label(row, name)) if name in NO_NOUNS else label(row, name)


def told(
    row: RowKey, name: str, before: Any, after: Any, titles: Titles, head: str, subject: str
) -> str:
    """How a field differs; its name is `head` before a colon and `subject` in a sentence."""
    if _is_prose(row, name, before, after):
        return _told_of_prose(name, before, after) % {"field": subject}
    was, now = shown_apart(row, name, (before, after), titles)
    if was == now:
        return f"{subject} changes only in what cannot be seen"
    if _is_nothing(row, name, before):
        text = "%(field)s: %(after)s is added"
    elif _is_nothing(row, name, after):
        text = "%(field)s: %(before)s is removed"
    else:
        text = "%(field)s: %(before)s becomes %(after)s"
    return text % {"field": head, "before": was, "after": now}


def _told_of_prose(name: str, before: Any, after: Any) -> str:
    if not before:
        return "%(field)s are written" if name in PLURALS else "%(field)s is written"
    if not after:
        return "%(field)s are removed" if name in PLURALS else "%(field)s is removed"
    return "%(field)s are rewritten" if name in PLURALS else "%(field)s is rewritten"


def _is_nothing(row: RowKey, name: str, value: Any) -> bool:
    """Whether there is no value to show; a choice that nobody made is shown as “unknown”."""
    return value in (None, "", []) and not MODELS[row.model]._meta.get_field(name).choices


def _is_prose(row: RowKey, name: str, *values: Any) -> bool:
    """Whether these are texts too long to be shown in a sentence."""
    if not isinstance(MODELS[row.model]._meta.get_field(name), models.TextField):
        return False
    return any(len(value or "") > LONGEST or "\n" in (value or "").strip() for value in values)
