"""What every page of the admin shares: honest lists, quiet pickers, keys that are keys."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import BaseModelAdmin, IncorrectLookupParameters
from django.contrib.admin.views.main import ERROR_FLAG, ChangeList
from django.contrib.admin.widgets import AutocompleteSelect, RelatedFieldWidgetWrapper
from django.core.exceptions import BadRequest
from django.db import DatabaseError, models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from catalog.admin.widgets import MarkdownTextarea

# What Django and the databases raise for filters that make no sense.
UNREADABLE = (DatabaseError, IndexError, OverflowError, TypeError, ValueError)


class SiteAdmin(admin.ModelAdmin):
    """A page for any model: whatever is put into its address, it answers."""

    list_per_page = 50
    list_max_show_all = 500
    # With both off Django hides the column by a <style>, which the content policy blocks.
    actions_on_top = True

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not all(is_key(value) for value in request.POST.getlist(ACTION_CHECKBOX_NAME)):
            raise BadRequest("A selected row has no such key.")
        return super().changelist_view(request, extra_context)

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """Read the query string, which Django checks only in part.

        What is found wrong only when the database is asked (a broken regular expression, half
        a range, a year that no date has) leads to the plain list, as other such filters do.
        """
        try:
            return super().get_changelist_instance(request)
        except UNREADABLE as error:
            if not request.GET or ERROR_FLAG in request.GET:
                raise  # nothing was asked that could be wrong: the fault is ours
            raise IncorrectLookupParameters from error

    def get_ordering(self, request: HttpRequest) -> Any:
        # Django drops a model's own order from queries that count, as most lists here do.
        return self.ordering or self.opts.ordering

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        # PostgreSQL refuses the NUL character in any text; no name holds one.
        return super().get_search_results(request, queryset, search_term.replace("\0", ""))


class GivenFilter(admin.EmptyFieldListFilter):
    """Finds what is still missing. Beside a filter by value it needs a title of its own."""

    def __init__(self, field: models.Field, *args: Any, **kwargs: Any) -> None:
        super().__init__(field, *args, **kwargs)
        self.title = f"{self.title} given"


class Autocomplete(AutocompleteSelect):
    """Picks a row by searching. Asks the database only for a name it has not been given."""

    names: dict[str, str] = {}

    def optgroups(self, name: str, value: list[str], attr: Any = None) -> list:
        # Django asks for whatever was posted, and fails at what is not a key.
        wanted = [key for key in value if is_key(key)]
        if not wanted or wanted[0] not in self.names:
            return super().optgroups(name, wanted, attr)
        groups = super().optgroups(name, [], attr)
        options = groups[0][1]
        label = self.names[wanted[0]]
        options.append(self.create_option(name, wanted[0], label, selected=True, index=1))
        return groups


class EditorFields(BaseModelAdmin):
    """Form fields as editors get them, on pages and in the tables inside of them."""

    # What is typed without a scheme; Django 5.2 would still take http and warn.
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> forms.ModelChoiceField | None:
        if db_field.name in self.get_autocomplete_fields(request):
            using = kwargs.get("using")
            kwargs["widget"] = Autocomplete(db_field, self.admin_site, using=using)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(
        self, db_field: models.Field, request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        if db_field.name in db_field.model.MARKDOWN:
            kwargs["widget"] = MarkdownTextarea
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            # Nobody who picks a row means to delete it.
            field.widget.can_delete_related = False
        return field


def without_signs(field: forms.Field | None) -> forms.Field | None:
    """The field without the signs beside it, which open the picked row, or a new one."""
    if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
        field.widget = field.widget.widget
    return field


def is_key(value: str) -> bool:
    """Whether this can be a primary key; the databases hold 18 digits with ease."""
    return value.isascii() and value.isdecimal() and len(value) <= 18
