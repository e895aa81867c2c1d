"""Parts as tables on the page of their thing."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest

from catalog.admin.base import Autocomplete, EditorFields
from catalog.models import ContentModel


class PartForm(forms.ModelForm):
    """A part among others in a table; its pickers take the names of what came with it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            widget = getattr(field.widget, "widget", None)
            if isinstance(widget, Autocomplete) and (target := self._at_hand(name)):
                widget.names = {str(target.pk): str(target)}

    def _at_hand(self, name: str) -> ContentModel | None:
        """The row a foreign key leads to, unless that would take a query."""
        if self._meta.model._meta.get_field(name).is_cached(self.instance):
            return getattr(self.instance, name)
        return None


class PartFormSet(forms.BaseInlineFormSet):
    """A table of parts. The head of a column names its fields for the eye alone: so say it."""

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        for field in form.fields.values():
            widget = getattr(field.widget, "widget", field.widget)
            widget.attrs.setdefault("aria-label", field.label)


class PartInline(EditorFields, admin.TabularInline):
    """The parts of a thing as a table on its page, in one query whatever their number."""

    form = PartForm
    formset = PartFormSet
    extra = 0
    # Django's own width of each field would make a table of seven wider than any screen.
    formfield_overrides = {
        **EditorFields.formfield_overrides,
        models.CharField: {"widget": forms.TextInput(attrs={"size": 16})},
    }

    def formfield_for_dbfield(
        self, db_field: models.Field, request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            # Three signs beside each picker would take a second line of every row.
            field.widget.can_change_related = field.widget.can_view_related = False
        return field

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = super().get_queryset(request)
        picked = self.get_autocomplete_fields(request)
        return rows.select_related(*picked) if picked else rows
