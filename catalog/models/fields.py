"""Fields that several models have, and the one rule for all text."""

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, RegexValidator, URLValidator
from django.db import models

# Rendering is superlinear on hostile input; a page of prose is a tenth of this.
LONGEST_MARKDOWN = 20_000

# Of control characters all but tab and line breaks; halves of characters; what turns the direction
# of the text around it. Joiners and variation selectors stay: words and emoji need them.
CANNOT_BE_SHOWN = re.compile(
    "[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]"
)
# What one line cannot hold besides.
_BREAKS_A_LINE = re.compile("[\t\n\r\u2028\u2029]")
# Letters and symbols by their category that are drawn as nothing: fillers, an empty Braille cell.
_BLANKS = "\u115f\u1160\u2800\u3164\uffa0"

is_web_address = URLValidator(
    schemes=["http", "https"], message="Give a full address that starts with https://."
)


def is_showable(text: str, *, one_line: bool = False) -> None:
    """Raise ValidationError for text with a character that no page, or no line, can show.

    One line that is not empty must have something to see as well.
    """
    found = CANNOT_BE_SHOWN.search(text)
    if found := found or (one_line and _BREAKS_A_LINE.search(text)):
        raise ValidationError(
            f"This text holds the character U+{ord(found[0]):04X} at place {found.start() + 1}, "
            "which cannot be shown; remove it."
            if CANNOT_BE_SHOWN.match(found[0])
            else "This text is to be one line; take out the line break or tab at place "
            f"{found.start() + 1}."
        )
    if one_line and text and not has_something_to_see(text):
        raise ValidationError("There is nothing to see in this text; write a letter or nothing.")


def has_something_to_see(text: str) -> bool:
    """Return whether a text has a letter, digit or sign that is drawn."""
    return any(
        unicodedata.category(character)[0] in "LNPS" and character not in _BLANKS
        for character in text
    )


def with_plain_line_ends(text: str) -> str:
    r"""Return text whose lines all end with \n: browsers post \r\n, fixtures do not."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def one_line(text: str) -> str:
    """Return the text on one line, without control characters and marks of direction."""
    if text.isprintable() and "  " not in text:
        return text.strip()
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


is_slug = RegexValidator(
    r"^[a-z0-9]+(-[a-z0-9]+)*\Z",
    "Use lower-case letters, digits and single hyphens between them: “task-queues”.",
)
_PARTIAL_DATE = re.compile(r"\d{4}(-\d\d){0,2}", re.ASCII)


def first_day(partial: str) -> date | None:
    """Return the first day of a year, a month or a day; None for what there is not."""
    if not _PARTIAL_DATE.fullmatch(partial):
        return None
    try:
        return date.fromisoformat(partial + "-01-01"[len(partial) - 4 :])
    except ValueError:
        return None


def is_over(partial: str, day: date) -> bool:
    """Return whether the whole of a year, a month or a day is before this day."""
    return bool(first_day(partial)) and partial < day.isoformat()[: len(partial)]


def is_any_partial_date(text: str) -> None:
    """Raise ValidationError for what is no year, month or day of our time, past or to come."""
    day = first_day(text)
    if not day:
        raise ValidationError("Give a year, a month or a day: 2025, 2026-11 or 2026-11-22.")
    is_in_our_time(day)


def is_partial_date(text: str) -> None:
    """Raise ValidationError for what is no year, month or day, or is still to come."""
    is_any_partial_date(text)
    if is_to_come(first_day(text)):
        raise ValidationError("This day is still to come; give one that has been.")


# No database, calendar or index is asked for others; a typing error makes most of them.
FIRST_YEAR, LAST_YEAR = 1970, 2100


def is_in_our_time(day: date) -> None:
    """Raise ValidationError for a day that nobody can have meant."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValidationError(f"Give a day from {FIRST_YEAR} to {LAST_YEAR}.")


def fits_every_database(number: int | None) -> None:
    """Raise ValidationError for a number that PostgreSQL has no room for; SQLite has."""
    if number is not None and not -(2**31) <= number < 2**31:
        raise ValidationError(f"Give a number below {2**31}.")


def is_to_come(day: date) -> bool:
    """Return whether a day is in the future; one day is left for editors ahead of UTC."""
    return day > datetime.now(UTC).date() + timedelta(days=1)


class LinesFormField(forms.CharField):
    """A form field that keeps text as it was typed: saving it untouched changes nothing."""

    def to_python(self, value: Any) -> str:
        return with_plain_line_ends(super().to_python(value))


class WebAddressField(models.URLField):
    """An address for a link: http or https only."""

    default_validators = [is_web_address]


class LinesField(models.TextField):
    """Text of several lines."""

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        return with_plain_line_ends(value) if isinstance(value, str) else value

    def formfield(self, **kwargs: Any) -> forms.Field:
        # Not stripped: code begins with an indent as it likes, and a file ends with a newline.
        return super().formfield(**{"form_class": LinesFormField, "strip": False, **kwargs})


def position() -> models.PositiveIntegerField:
    return models.PositiveIntegerField(
        default=0, help_text="Smaller numbers stand first; equal ones by slug."
    )


def line(
    longest: int, help_text: str = "", label: str | None = None, **options: Any
) -> models.CharField:
    """Return a field for text on one line, which may be left empty."""
    return models.CharField(label, max_length=longest, blank=True, help_text=help_text, **options)


def slug(help_text: str = "") -> models.SlugField:
    """Return a field for the slug of a part."""
    return models.SlugField(max_length=80, validators=[is_slug], help_text=help_text)


def partial_date(
    help_text: str = "", *, may_come: bool = False, **options: Any
) -> models.CharField:
    """Return a field for a year, a month or a day; one still to come where that is meant."""
    validator = is_any_partial_date if may_come else is_partial_date
    return models.CharField(max_length=10, validators=[validator], help_text=help_text, **options)


def choice(choices: type[models.TextChoices], **options: Any) -> models.CharField:
    """Return a field for one of these words."""
    longest = max(map(len, choices.values))
    return models.CharField(max_length=longest, choices=choices, **options)


def reference(
    to: str | type[models.Model], related_name: str, help_text: str = "", label: str | None = None
) -> models.ForeignKey:
    """Return a field that may name a row, which cannot go as long as it does."""
    options = {"verbose_name": label, "help_text": help_text, "related_name": related_name}
    return models.ForeignKey(to, null=True, blank=True, on_delete=models.PROTECT, **options)


def markdown(help_text: str = "Markdown.", label: str | None = None) -> LinesField:
    return LinesField(
        label, blank=True, validators=[MaxLengthValidator(LONGEST_MARKDOWN)], help_text=help_text
    )


def web_address(help_text: str = "", label: str | None = None) -> WebAddressField:
    return WebAddressField(label, max_length=500, blank=True, help_text=help_text)
