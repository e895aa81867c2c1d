"""Fields that several models have: prose, code, addresses, places in an order."""

from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator, URLValidator
from django.db import models

# Rendering is superlinear on hostile input; a page of prose is a tenth of this.
LONGEST_MARKDOWN = 20_000

is_web_address = URLValidator(
    schemes=["http", "https"], message="Give a full address that starts with https://."
)


class LinesFormField(forms.CharField):
    """Takes text as it was typed; to save what was not touched changes nothing."""

    def to_python(self, value: Any) -> str:
        return super().to_python(value).replace("\r\n", "\n")


class WebAddressField(models.URLField):
    """An address for a link: http or https, whoever brings it."""

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
        "position", default=0, help_text="Smaller numbers stand first; equal ones by slug."
    )


def markdown_field(label: str, help_text: str = "") -> LinesField:
    return LinesField(
        label,
        blank=True,
        validators=[MaxLengthValidator(LONGEST_MARKDOWN)],
        help_text=help_text or "Markdown.",
    )


def web_address_field(label: str, help_text: str = "") -> WebAddressField:
    return WebAddressField(label, max_length=500, blank=True, help_text=help_text)
