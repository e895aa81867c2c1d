"""What the pages of the admin share: addresses, frame, lists, form fields, tables of parts."""

from collections.abc import Callable, Collection
from http import HTTPStatus
from itertools import chain, count
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import BaseModelAdmin, IncorrectLookupParameters
from django.contrib.admin.views.main import ERROR_FLAG, ChangeList
from django.contrib.admin.widgets import (
    AdminTextareaWidget,
    AutocompleteSelect,
    RelatedFieldWidgetWrapper,
)
from django.contrib.auth import admin as auth_admin
from django.contrib.auth.models import Group, User
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import DatabaseError, models
from django.db.models import Count, Max, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.text import slugify

from catalog.models import CONTENT, THINGS, Thing, ThingKey
from catalog.models.fields import LONGEST_MARKDOWN

# What Django and the databases raise for filters that make no sense.
UNREADABLE = (DatabaseError, IndexError, OverflowError, TypeError, ValueError)

MARKDOWN_LABELS = {
    name: model._meta.get_field(name).verbose_name for model in CONTENT for name in model.MARKDOWN
}


def section(title: str | None, fields: list[str], description: str = "") -> tuple:
    """Return a fieldset of a form, with its heading and what stands below that."""
    return title, {"fields": fields, "description": description}


# Who answers for a thing and when it is due for a look: the same on the page of every kind.
CARE = section("Care", ["owner", "review_by"], "Seen by editors only, here and in the history.")


def is_key(value: str) -> bool:
    """Return whether this can be a key or an edition; the databases hold 18 digits with ease."""
    return value.isascii() and value.isdecimal() and len(value) <= 18


def may_view(request: HttpRequest, model: type[models.Model]) -> bool:
    """Return whether somebody may see the rows of a model."""
    return admin.site.get_model_admin(model).has_view_or_change_permission(request)


def admin_url(model: type[models.Model], page: str, *key: int) -> str:
    """Return the address of a page of the admin: of a model's list, or of the row with a key."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=key)


def markdown_label(name: str) -> str | None:
    """Return what a Markdown field is called, by its name in a form; None for any other field."""
    return MARKDOWN_LABELS.get(name.rpartition("-")[2])  # in a table: points-0-introduction


def model_admin_of(kind: str) -> admin.ModelAdmin:
    """Return what shows things of this kind to editors. Raises Http404 for a kind there is not."""
    if kind not in THINGS:
        raise Http404
    return admin.site.get_model_admin(THINGS[kind])


def may_look(request: HttpRequest, kind: str) -> bool:
    """Return whether somebody may see things of this kind. Raises Http404 for no kind."""
    return model_admin_of(kind).has_view_or_change_permission(request)


def check_may_look(request: HttpRequest, kind: str) -> None:
    """Raise PermissionDenied for who may not see things of this kind, Http404 for no kind."""
    if not may_look(request, kind):
        raise PermissionDenied


def may_recover(request: HttpRequest, kind: str) -> bool:
    """Return whether somebody may bring back things of this kind: add them and change them."""
    model_admin = model_admin_of(kind)
    return model_admin.has_add_permission(request) and model_admin.has_change_permission(request)


def history_address(thing: ThingKey) -> str:
    """Return where the history of a thing is."""
    return reverse("admin:catalog_revision_of", args=[thing.kind, thing.slug])


def form_address(row: Thing | None) -> str:
    """Return where a thing is edited; blank for one that is not there."""
    return admin_url(type(row), "change", row.pk) if row is not None else ""


def render_page(
    request: HttpRequest, template: str, context: dict[str, Any], status: int = HTTPStatus.OK
) -> TemplateResponse:
    """Return a page in the frame of the admin; its `title` becomes the heading."""
    request.current_app = admin.site.name
    frame = {**admin.site.each_context(request), "subtitle": None}
    return TemplateResponse(request, f"admin/catalog/{template}", frame | context, status=status)


# Pages ------------------------------------------------------------------------------------------


class SiteAdmin(admin.ModelAdmin):
    """A page for any model, which answers whatever is put into its address."""

    list_per_page = 50
    list_max_show_all = 500
    # With both off Django hides the column by a <style>, which the content policy blocks.
    actions_on_top = True
    # Columns that count the rows of a relation: the relation by the name of the column.
    counts: ClassVar[dict[str, str]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        for column, relation in cls.counts.items():
            setattr(cls, column, _count_column(column, relation))

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        counts = {name: Count(path, distinct=True) for name, path in self.counts.items()}
        return super().get_queryset(request).annotate(**counts)

    def changelist_view(self, request: HttpRequest, *args: Any) -> HttpResponse:
        if not all(is_key(value) for value in request.POST.getlist(ACTION_CHECKBOX_NAME)):
            raise BadRequest("A selected row has no such key.")
        return super().changelist_view(request, *args)

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


def _count_column(column: str, relation: str) -> Callable[[SiteAdmin, models.Model], int]:
    @admin.display(description=relation, ordering=column)
    def count(_model_admin: SiteAdmin, row: models.Model) -> int:
        return getattr(row, column)

    return count


class ReadOnlyMixin(BaseModelAdmin):
    """Lets nobody add, change or delete rows by hand."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    has_change_permission = has_delete_permission = has_add_permission


# Importing Django's module for accounts has registered its own pages.
admin.site.unregister([Group, User])


@admin.register(Group)
class GroupAdmin(SiteAdmin, auth_admin.GroupAdmin):
    pass


@admin.register(User)
class UserAdmin(SiteAdmin, auth_admin.UserAdmin):
    pass


# Form fields ------------------------------------------------------------------------------------


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
        context = {"field": field, "name": name, "key": key, "label": markdown_label(name)}
        return render_to_string("admin/catalog/_markdown_field.html", context)


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


class ContentFormMixin(BaseModelAdmin):
    """Form fields as editors get them, on pages and in the tables inside of them."""

    # What is typed without a scheme; Django 5.2 would still take http and warn.
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    # Links beside a picker, to the picked row or a new one. Nobody who picks means to delete.
    related_links: ClassVar[Collection[str]] = ("add", "change", "view")

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
            # In a table a button for each row would be too many; the row's own page has it.
            is_row = isinstance(self, admin.TabularInline)
            kwargs["widget"] = forms.Textarea({"rows": 4}) if is_row else MarkdownTextarea
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            for link in {"add", "change", "view", "delete"}.difference(self.related_links):
                setattr(field.widget, f"can_{link}_related", False)
        return field


# Tables of parts --------------------------------------------------------------------------------


class PartForm(forms.ModelForm):
    """A part among others in a table; its pickers take the names of what came with it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = self.instance._state.fields_cache  # what would take no query
        for name, field in self.fields.items():
            widget = getattr(field.widget, "widget", None)
            if isinstance(widget, Autocomplete) and (related := known.get(name)):
                widget.names = {str(related.pk): str(related)}
        self.taken: set[str] = set()  # the slugs of the others; a table gives its forms its own
        if "slug" in self.fields and self.instance.pk is None:
            self.fields["slug"].required = False

    def clean(self) -> dict[str, Any]:
        """Give a new part a slug that is free, where nobody typed one: a script makes it too."""
        found = super().clean()
        if "slug" not in self.fields or "slug" in self.errors or self.instance.pk is not None:
            return found
        words = slugify(found.get("name") or found.get("text") or "")[:80].strip("-")
        if found.get("slug") in ("", words):
            first = words or self._meta.model._meta.model_name
            others = (f"{first[:76].strip('-')}-{number}" for number in count(2))
            found["slug"] = next(slug for slug in chain([first], others) if slug not in self.taken)
        elif found["slug"] in self.taken:
            self.add_error("slug", "Another row has this slug; give another.")
        self.taken.add(found.get("slug", ""))
        return found


STEP = 10  # between two positions, so that there is room to type a number


def put_last(form: forms.ModelForm) -> None:
    """Put a new row behind those that it stands among, unless its position was typed. One query."""
    row = form.instance
    if "position" not in form.fields or "position" in form.changed_data:
        return
    owner = [path.split("__")[0] for path in row.OWNERS[:1]]
    rows = type(row).objects.filter(**{name: getattr(row, name) for name in owner})
    row.position = (rows.aggregate(last=Max("position"))["last"] or 0) + STEP


class PartFormSet(forms.BaseInlineFormSet):
    """Takes rows that somebody deleted meanwhile as new ones: they have no key any more.

    Labels each field: the head of its column names it for the eye alone.
    """

    @cached_property
    def taken(self) -> set[str]:
        """Return the slugs of the parts that are there; new ones are added as they get theirs."""
        return {part.slug for part in self.get_queryset()}

    def save_new(self, form: forms.ModelForm, commit: bool = True) -> models.Model:
        setattr(form.instance, self.fk.name, self.instance)
        if not form.data.get(form.add_prefix("id")):  # one that is gone keeps its place
            put_last(form)
        return super().save_new(form, commit)

    @property
    def initial_forms(self) -> list[forms.ModelForm]:
        return [form for form in super().initial_forms if form.instance.pk is not None]

    @property
    def extra_forms(self) -> list[forms.ModelForm]:
        gone = [form for form in super().initial_forms if form.instance.pk is None]
        return [*gone, *super().extra_forms]

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        was_there = self.is_bound and index is not None and index < self.initial_form_count()
        if was_there and form.instance.pk is None:
            form.fields["id"] = forms.CharField(required=False, widget=forms.HiddenInput)
            form.empty_permitted = True
        if "slug" in form.fields and self.is_bound:
            form.taken = self.taken
        for field in form.fields.values():
            widget = getattr(field.widget, "widget", field.widget)
            widget.attrs.setdefault("aria-label", field.label)


class PartInline(ContentFormMixin, admin.TabularInline):
    """The parts of a thing as a table on its page, in one query whatever their number."""

    form = PartForm
    formset = PartFormSet
    extra = 0
    # Django's own width of each field would make a table of seven wider than any screen.
    formfield_overrides = {
        **ContentFormMixin.formfield_overrides,
        models.CharField: {"widget": forms.TextInput(attrs={"size": 16})},
    }
    # More beside each picker would take a second line of every row.
    related_links = ("add",)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = super().get_queryset(request)
        picked = self.get_autocomplete_fields(request)
        return rows.select_related(*picked) if picked else rows
