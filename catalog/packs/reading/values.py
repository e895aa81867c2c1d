"""Whether a value is what its field takes, to the letter: nothing is turned into something else.

What a form would say of a value is asked of the field itself; what comes before that, whether it
is text, a number or a list at all, is asked here, since Django's fields take "7" for 7.
"""

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.base.operations import BaseDatabaseOperations

from catalog.models import ContentModel
from catalog.models.fields import LinesField
from catalog.packs.problems import shown

FIRST_YEAR, LAST_YEAR = 1970, 2100
# Rows are named by slugs and the names of packages, which are no longer.
LONGEST_NAME = 100

# Of control characters only tab and line breaks; no halves of characters; nothing that turns the
# direction of the text around it.
_FORBIDDEN = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

# Values that are shorter come again and again: a status, a licence, nothing at all.
LONGEST_KEPT = 40

Taker = Callable[[Any], Any]


class NotTakenError(Exception):
    """A field does not take a value; the text says why and what it takes."""


def taker_of(field: models.Field) -> Taker:
    """A function that returns the value of a fixture's field as it is kept in a document.

    It raises NotTakenError. A reference is not looked up. Raises TypeError for a kind of field that
    content has not had so far.
    """
    if field.is_relation:
        return _or_nothing(field, _reference_taker(field))
    if isinstance(field, models.BooleanField):
        return _take_truth
    if isinstance(field, models.IntegerField):
        return _or_nothing(field, _number_taker(field))
    if isinstance(field, models.DateField):
        return _or_nothing(field, _day_taker(field))
    if isinstance(field, models.CharField | models.TextField) and not field.null:
        return _text_taker(field)
    raise TypeError(f"{field!r} is no kind of field known here.")


def must_be_given() -> str:
    """The sentence about a field that is empty and may not be."""
    return "This field must not be empty; give a value."


def _or_nothing(field: models.Field, taker: Taker) -> Taker:
    """Take null as well, where the field does."""

    def take(value: Any) -> Any:
        if value is not None:
            return taker(value)
        if not field.null:
            raise NotTakenError(must_be_given())
        return None

    return take


def _text_taker(field: models.CharField | models.TextField) -> Taker:
    choices = [value for value, _label in field.flatchoices]
    has_lines = isinstance(field, LinesField)

    def take(value: Any) -> str:
        if type(value) is not str:
            raise NotTakenError(f"This field takes text; {_hint(value)}.")
        if not value:
            if not field.blank:
                raise NotTakenError(must_be_given())
            return value
        if choices and value not in choices:
            words = ", ".join(f"“{choice}”" for choice in choices)
            text = "Choose one of %(words)s; “%(value)s” is none of them."
            raise NotTakenError(text % {"words": words, "value": shown(value)})
        # Before anything looks into it: a pattern may need a hundred times the memory of its text.
        if field.max_length and len(value) > field.max_length:
            text = "This text has %(given)d characters; shorten it to %(most)d."
            raise NotTakenError(text % {"given": len(value), "most": field.max_length})
        _refuse_forbidden(value)
        if has_lines:
            value = value.replace("\r\n", "\n")
        _run_validators(field, value)
        return value

    return _kept(take)


def _number_taker(field: models.IntegerField) -> Taker:
    # As PostgreSQL has them; SQLite would take more.
    least, most = BaseDatabaseOperations.integer_field_ranges[field.get_internal_type()]

    def take(value: Any) -> int:
        if type(value) is not int:
            text = "This field takes a whole number, not %(value)s."
            raise NotTakenError(text % {"value": _named(value)})
        if not least <= value <= most:
            text = "Give a number from %(least)d to %(most)d."
            raise NotTakenError(text % {"least": least, "most": most})
        _run_validators(field, value)
        return value

    return take


def _take_truth(value: Any) -> bool:
    if type(value) is not bool:
        text = "This field takes true or false, not %(value)s."
        raise NotTakenError(text % {"value": _named(value)})
    return value


def _day_taker(field: models.DateField) -> Taker:
    def take(value: Any) -> str:
        day = _day_in(value)
        if day is None:
            text = "This field takes a day that there is, such as '2026-11-22', not %(value)s."
            raise NotTakenError(text % {"value": _named(value)})
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            text = "Give a day from %(first)d to %(last)d."
            raise NotTakenError(text % {"first": FIRST_YEAR, "last": LAST_YEAR})
        _run_validators(field, day)
        return value

    return take


def _reference_taker(field: models.ForeignKey) -> Taker:
    target: type[ContentModel] = field.related_model
    size = len(target.NATURAL_KEY)

    def is_name(part: Any) -> bool:
        return type(part) is str and 0 < len(part) <= LONGEST_NAME

    def take(value: Any) -> list[str]:
        if type(value) is not list or len(value) != size or not all(map(is_name, value)):
            text = (
                "This field names a %(model)s by a list of %(count)d text, not by %(value)s."
                if size == 1
                else "This field names a %(model)s by a list of %(count)d texts, not by %(value)s."
            )
            words = {"model": target._meta.verbose_name, "count": size, "value": _named(value)}
            raise NotTakenError(text % words)
        for part in value:
            _refuse_forbidden(part)
        return value

    return take


def _kept(take: Taker) -> Taker:
    """The same, asked once for each short text; what is not taken is asked again."""
    remembered = lru_cache(maxsize=500)(take)

    def take_or_remember(value: Any) -> Any:
        if type(value) is str and len(value) <= LONGEST_KEPT:
            return remembered(value)
        return take(value)

    return take_or_remember


def _day_in(value: Any) -> date | None:
    if type(value) is not str or not _DAY.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _run_validators(field: models.Field, value: Any) -> None:
    try:
        field.run_validators(value)
    except ValidationError as error:
        raise NotTakenError(" ".join(error.messages)) from error


def _refuse_forbidden(text: str) -> None:
    if found := _FORBIDDEN.search(text):
        sentence = (
            "This text holds the character %(code)s at place %(place)d, which cannot be shown; "
            "remove it."
        )
        code = f"U+{ord(found[0]):04X}"
        raise NotTakenError(sentence % {"code": code, "place": found.start() + 1})


def _hint(value: Any) -> str:
    """What to do with something that is no text."""
    if value is None:
        return "write '' for none"
    if isinstance(value, list | dict):
        return f"this is {_named(value)}"
    return f"write {_named(value)} in quotes"


def _named(value: Any) -> str:
    """A value in a sentence."""
    if isinstance(value, list):
        return f"a list of {len(value)}"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, str):
        return f"the text “{shown(value)}”"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return shown(value)
