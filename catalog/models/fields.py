"""Fields that several models have, and the one rule for all text."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, RegexValidator, URLValidator
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


def one_line(text: str) -> str:
    """Return the text on one line, without control characters and marks of direction."""
    if text.isprintable() and "  " not in text:
        return text.strip()
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


is_slug = RegexValidator(
    r"^[a-z0-9]+(-[a-z0-9]+)*\Z",
    "Use lower-case letters, digits and single hyphens between them: “task-queues”.",
)
is_partial_date = RegexValidator(
    r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?\Z",
    "Give a year, a month or a day: 2025, 2026-11 or 2026-11-22.",
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


def position() -> models.PositiveIntegerField:
    return models.PositiveIntegerField(
        default=0, help_text="Smaller numbers stand first; equal ones by slug."
    )


def line(longest: int, help_text: str = "", label: str | None = None) -> models.CharField:
    """Return a field for text on one line, which may be left empty."""
    return models.CharField(label, max_length=longest, blank=True, help_text=help_text)


def slug(help_text: str = "") -> models.SlugField:
    """Return a field for the slug of a part."""
    return models.SlugField(max_length=80, validators=[is_slug], help_text=help_text)


def partial_date(help_text: str, **options: Any) -> models.CharField:
    """Return a field for a year, a month or a day."""
    return models.CharField(
        max_length=10, validators=[is_partial_date], help_text=help_text, **options
    )


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
