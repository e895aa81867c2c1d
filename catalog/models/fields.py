"""Fields that several models have, and the one rule for all text."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, URLValidator
from django.db import models

# Rendering is superlinear on hostile input; a page of prose is a tenth of this.
LONGEST_MARKDOWN = 20_000

# Of control characters all but tab and line breaks; halves of characters; what turns the direction
# of the text around it.
CANNOT_BE_SHOWN = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")

is_web_address = URLValidator(
    schemes=["http", "https"], message="Give a full address that starts with https://."
)


def is_showable(text: str) -> None:
    """Raise ValidationError for text with a character that no page can show."""
    if found := CANNOT_BE_SHOWN.search(text):
        raise ValidationError(
            f"This text holds the character U+{ord(found[0]):04X} at place {found.start() + 1}, "
            "which cannot be shown; remove it."
        )


class LinesFormField(forms.CharField):
    """A form field that keeps text as it was typed: saving it untouched changes nothing."""

    def to_python(self, value: Any) -> str:
        return super().to_python(value).replace("\r\n", "\n")


class WebAddressField(models.URLField):
    """An address for a link: http or https only."""

    default_validators = [is_web_address]


class LinesField(models.TextField):
    r"""Text of several lines. Every line ends with \n: browsers post \r\n, fixtures do not."""

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        return value.replace("\r\n", "\n") if isinstance(value, str) else value

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
