"""What the editor's pages share: the door to an edition, honest lists, quiet pickers."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.models import LogEntry
from django.contrib.admin.options import BaseModelAdmin, IncorrectLookupParameters
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ERROR_FLAG, ChangeList
from django.contrib.admin.widgets import AutocompleteSelect, RelatedFieldWidgetWrapper
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.db import DatabaseError, models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog import edition, integrity
from catalog.admin import tokens
from catalog.models import ContentModel, Edition, Page, Status, Thing

READING = ("GET", "HEAD", "OPTIONS", "TRACE")

# What Django and the databases raise for filters that make no sense.
UNREADABLE = (DatabaseError, IndexError, OverflowError, TypeError, ValueError)

# A wall of warnings is not read.
MOST_WARNINGS = 10


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
        self.title = _("%(field)s given") % {"field": self.title}


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
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            # Nobody who picks a row means to delete it.
            field.widget.can_delete_related = False
        return field


class ContentAdmin(EditorFields, SiteAdmin):
    """A page for content. Whatever it writes in one request is one edition."""

    save_on_top = True
    # One query for each filter, whatever there is to count.
    show_facets = admin.ShowFacets.ALWAYS

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        request.state_token = self._token(request, object_id)
        try:
            with self._door(request):
                request.refusal = self._refusal(request, object_id)
                page = super().changeform_view(request, object_id, form_url, extra_context)
                if request.refusal:
                    page.status_code = 409
                return page
        except edition.BusyError:
            request.refusal = _(
                "Somebody else's change is being written just now. Nothing of yours is lost: "
                "save again."
            )
            # Not by way of Django's transaction, which would wait once more.
            page = self._changeform_view(request, object_id, form_url, extra_context)
            page.status_code = 503
            page.headers["Retry-After"] = "5"
            return page

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        try:
            with self._door(request):
                return super().delete_view(request, object_id, extra_context)
        except edition.BusyError:
            return ask_again(request)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        try:
            with self._door(request):
                return super().changelist_view(request, extra_context)
        except edition.BusyError:
            return ask_again(request)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Leads to the history of the thing, or of the first that this part belongs to."""
        row = self.get_object(request, unquote(object_id))
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_or_change_permission(request, row):
            raise PermissionDenied
        return HttpResponseRedirect(self.history_address(row))

    def get_form(
        self, request: HttpRequest, obj: models.Model | None = None, **kwargs: Any
    ) -> type[forms.ModelForm]:
        form = super().get_form(request, obj, **kwargs)
        if refusal := getattr(request, "refusal", ""):
            # The class was made for this request alone. What was typed stays on the page.
            form.clean = _refusing(refusal)
        return form

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context |= {"token_name": tokens.FIELD, "token": getattr(request, "state_token", "")}
        return super().render_change_form(request, context, *args, **kwargs)

    def _token(self, request: HttpRequest, object_id: str | None) -> str:
        """What the form of this page carries; blank for a row that is still to be made."""
        if object_id is None:
            return ""
        if request.method == "POST":
            return request.POST.get(tokens.FIELD, "")
        row = self.get_object(request, unquote(object_id))
        return tokens.token_of(row) if row is not None else ""

    def _refusal(self, request: HttpRequest, object_id: str | None) -> str:
        """Why what was posted cannot be saved; empty where nothing stands against it."""
        if object_id is None or request.method in READING:
            return ""
        row = self.get_object(request, unquote(object_id))
        if row is None:
            return ""
        return tokens.refusal_of(request.state_token, row, self.history_address(row))

    def history_address(self, row: ContentModel) -> str:
        """The history of the thing that a row is part of, of a listing's category."""
        return reverse("admin:catalog_revision_of", args=min(row.things()))

    def log_addition(self, request: HttpRequest, obj: models.Model, message: Any) -> LogEntry:
        return _note(request, super().log_addition(request, obj, message))

    def log_change(self, request: HttpRequest, obj: models.Model, message: Any) -> LogEntry:
        return _note(request, super().log_change(request, obj, message))

    def log_deletions(self, request: HttpRequest, queryset: QuerySet) -> list[LogEntry]:
        entries = super().log_deletions(request, queryset)
        return [_note(request, entry) for entry in entries]

    @contextmanager
    def _door(self, request: HttpRequest) -> Iterator[None]:
        """Open the door for what may write; reading opens no transaction.

        It must stand outside of Django's own transaction, so that the counter is the first
        thing locked; and a read in a transaction would take SQLite's write lock.
        """
        if request.method in READING:
            yield
            return
        user = request.user.get_username()
        with edition.change(user, "", Edition.Door.ADMIN) as change:
            request.log_entries = []
            yield
            change.comment = _comment(request.log_entries)
            if change.touched:
                warn_of_problems(request)


class ThingAdmin(ContentAdmin):
    """A page for a thing. Its slug is a draft's to change; later others refer to it."""

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Thing | None:
        thing = super().get_object(request, object_id, from_field)
        if thing is not None:
            # The form writes what was posted into this very object, before the page is drawn.
            thing.stored_status = getattr(thing, "status", None)
        return thing

    def get_readonly_fields(self, request: HttpRequest, obj: Thing | None = None) -> list[str]:
        fields = [*super().get_readonly_fields(request, obj)]
        if obj is not None and obj.stored_status != Status.DRAFT:
            fields.append("slug")
        return fields

    def get_prepopulated_fields(
        self, request: HttpRequest, obj: Thing | None = None
    ) -> dict[str, Any]:
        return super().get_prepopulated_fields(request, obj) if obj is None else {}

    def view_on_site(self, thing: Thing) -> str | None:
        """The thing's public address; a draft has none."""
        if isinstance(thing, Page) and thing.stored_status == Status.DRAFT:
            return None
        return thing.get_absolute_url()


class PartAdmin(ContentAdmin):
    """A page for a part of a thing: reached from the thing, kept out of the index."""

    view_on_site = False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False


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


def without_signs(field: forms.Field | None) -> forms.Field | None:
    """The field without the signs beside it, which open the picked row, or a new one."""
    if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
        field.widget = field.widget.widget
    return field


def is_key(value: str) -> bool:
    """Whether this can be a primary key; the databases hold 18 digits with ease."""
    return value.isascii() and value.isdecimal() and len(value) <= 18


def _refusing(refusal: str) -> Callable[[forms.ModelForm], None]:
    def clean(_form: forms.ModelForm) -> None:
        raise ValidationError(refusal)

    return clean


def ask_again(request: HttpRequest) -> HttpResponse:
    """Back to where it was asked, with a sentence: another writer keeps the database."""
    text = _("Somebody else's change is being written just now; nothing was changed. Try again.")
    messages.error(request, text)
    return HttpResponseRedirect(request.get_full_path())


def _note(request: HttpRequest, entry: LogEntry) -> LogEntry:
    request.log_entries.append(entry)
    return entry


def _comment(entries: list[LogEntry]) -> str:
    """What the admin's log says of this request; with names where it is of several rows."""
    # An empty list is Django's “no fields changed”: idle talk beside what was changed.
    telling = [entry for entry in entries if entry.change_message != "[]"] or entries
    said = [(entry.object_repr, entry.get_change_message() or _("Deleted.")) for entry in telling]
    if len({name for name, _message in said}) == 1:
        return " ".join(message for _name, message in said)
    return " ".join(f"{name}: {message}" for name, message in said)


def warn_of_problems(request: HttpRequest) -> None:
    """Tell the editor what is wrong in the guide now, whether or not this change did it."""
    problems = list(integrity.find_problems())
    for problem in problems[:MOST_WARNINGS]:
        messages.warning(request, problem)
    more = len(problems) - MOST_WARNINGS
    if more > 0:
        text = ngettext("… and %(count)d more problem.", "… and %(count)d more problems.", more)
        messages.warning(request, text % {"count": more})
