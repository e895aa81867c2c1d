"""Widgets of the editor's forms."""

from typing import Any

from django.contrib.admin.widgets import AdminTextareaWidget
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from catalog.models import CONTENT
from catalog.models.fields import LONGEST_MARKDOWN

LABELS = {
    name: model._meta.get_field(name).verbose_name for model in CONTENT for name in model.MARKDOWN
}


def label_of(name: str) -> str | None:
    """What a field of Markdown is called, by its name in a form; None for any other field."""
    return LABELS.get(name.rpartition("-")[2])  # in a table of parts: points-0-introduction


class MarkdownTextarea(AdminTextareaWidget):
    """A large text with a button that shows how it will read.

    The button sends the form to the page of the preview, in a tab of its own; a script fetches the
    same and shows it below the text.
    """

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        # Not maxlength: a browser would cut what is pasted, and says nothing of it.
        super().__init__({"data-sg-most": LONGEST_MARKDOWN, **(attrs or {})})

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        field = super().render(name, value, attrs, renderer)
        key = (attrs or {}).get("id", name)
        context = {"field": field, "name": name, "key": key, "label": label_of(name)}
        return render_to_string("admin/catalog/_markdown_field.html", context)
