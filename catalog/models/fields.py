"""Fields that several models have, and the one rule for all text."""

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, URLValidator
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


def position_field() -> models.PositiveIntegerField:
    return models.PositiveIntegerField(
        default=0, help_text="Smaller numbers stand first; equal ones by slug."
    )


def markdown_field(help_text: str = "Markdown.", label: str | None = None) -> LinesField:
    return LinesField(
        label, blank=True, validators=[MaxLengthValidator(LONGEST_MARKDOWN)], help_text=help_text
    )


def web_address_field(help_text: str = "", label: str | None = None) -> WebAddressField:
    return WebAddressField(label, max_length=500, blank=True, help_text=help_text)
