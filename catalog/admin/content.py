"""A page for content: what it writes in one request is one edition, or waits for a publisher."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from catalog.admin import amending, deleting, merging, tokens
from catalog.admin.base import ContentFormMixin, SiteAdmin
from catalog.admin.bulk.deleting import delete_selected
from catalog.admin.bulk.lists import BulkAdmin
from catalog.admin.door import READING, ask_again, hold, in_place, note, open_door, publishes
from catalog.admin.renaming_page import RenamingAdmin
from catalog.history import documents, editions
from catalog.history.pending import waiting_for
from catalog.models import ContentModel, Page, Status, Thing, ThingKey

# Seconds after which somebody who met a writer may ask again.
ASK_AGAIN = 5


class ContentAdmin(ContentFormMixin, SiteAdmin):
    """A page for content. Its form is refused where somebody else has been faster."""

    save_on_top = True
    actions = [delete_selected]
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
        asked = (object_id, form_url, extra_context)
        show = super().changeform_view
        try:
            if request.method in READING:
                return self._open(request, object_id, lambda: show(request, *asked))
            return self._save(request, object_id, lambda: show(request, *asked))
        except editions.BusyError:
            request.refusal = (
                "Somebody else's change is being written just now. Nothing of yours is lost: "
                "save again."
            )
            # Not by way of Django's transaction, which would wait once more.
            page = self._changeform_view(request, *asked)
            return _unavailable(page)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if request.method in READING:
            return super().delete_view(request, object_id, extra_context)
        try:
            with open_door(request, self._thing(request, object_id)):
                return super().delete_view(request, object_id, extra_context)
        except editions.BusyError:
            return ask_again(request)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if request.method in READING:
            return super().changelist_view(request, extra_context)
        try:
            with open_door(request):
                return super().changelist_view(request, extra_context)
        except editions.BusyError:
            return ask_again(request)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple:
        return deleting.what_goes(objs, request, self.admin_site)

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
        pending = getattr(request, "pending", None)
        context |= {
            "token_name": tokens.FIELD,
            "token": getattr(request, "state_token", ""),
            "basis_name": amending.FIELD,
            "basis": amending.basis_of(request),
            "pending": pending,
            "publishes": publishes(request),
        }
        if pending is not None and context["basis"] and "preview_address" in context:
            context["preview_address"] = reverse("admin:catalog_pending_preview", args=[pending.pk])
        return super().render_change_form(request, context, *args, **kwargs)

    def message_user(
        self, request: HttpRequest, message: str, level: int = messages.INFO, *args: Any, **kw: Any
    ) -> None:
        """Say it, but not before it is known whether what was written is live."""
        if request.method in READING or not hasattr(request, "held"):
            super().message_user(request, message, level, *args, **kw)
        else:
            hold(request, level, message)

    def history_address(self, row: ContentModel) -> str:
        """The history of the thing that a row is part of, of a listing's category."""
        return reverse("admin:catalog_revision_of", args=min(row.things()))

    def log_addition(self, request: HttpRequest, obj: models.Model, message: Any) -> LogEntry:
        return note(request, super().log_addition(request, obj, message))

    def log_change(self, request: HttpRequest, obj: models.Model, message: Any) -> LogEntry:
        return note(request, super().log_change(request, obj, message))

    def log_deletions(self, request: HttpRequest, queryset: QuerySet) -> list[LogEntry]:
        entries = super().log_deletions(request, queryset)
        return [note(request, entry) for entry in entries]

    def _open(
        self, request: HttpRequest, object_id: str | None, show: Callable[[], HttpResponse]
    ) -> HttpResponse:
        """The form, with what waits of its thing for whoever may go on with that."""
        request.pending = waiting_for(self._thing(request, object_id))
        amended = amending.to_amend(request)
        try:
            with in_place(amended):
                page = show()
                if amended and isinstance(page, TemplateResponse):
                    page.render()  # while there is something to be read
        except editions.BusyError:
            return _unavailable(ask_again(request))
        return page

    def _save(
        self, request: HttpRequest, object_id: str | None, show: Callable[[], HttpResponse]
    ) -> HttpResponse:
        thing = self._thing(request, object_id)
        if object_id is not None and thing is None and (gone := merging.gone(request)):
            return gone
        request.pending = waiting_for(thing)
        amended = amending.to_amend(request)
        request.basis = amending.posted_basis(request)
        with open_door(request, thing, in_place=amended, basis=request.basis):
            if amended is not None:
                page = self._amend(request, object_id, show)
            else:
                page = self._save_live(request, object_id, thing, show)
        if request.proposed and page.status_code == HTTPStatus.FOUND:
            return self.response_proposed(request)
        return page

    def _amend(
        self, request: HttpRequest, object_id: str, show: Callable[[], HttpResponse]
    ) -> HttpResponse:
        request.refusal = amending.refusal_of(request, request.basis)
        request.POST = merging.rebased(request.POST, self._known_rows(request, object_id))
        page = show()
        if isinstance(page, TemplateResponse):
            page.render()  # while what waits can be read
        if request.refusal:
            page.status_code = HTTPStatus.CONFLICT
        return page

    def _save_live(
        self,
        request: HttpRequest,
        object_id: str | None,
        thing: ThingKey | None,
        show: Callable[[], HttpResponse],
    ) -> HttpResponse:
        row = self.get_object(request, unquote(object_id)) if object_id is not None else None
        if row is None:
            return show()
        state = tokens.state_of(request.state_token, row)
        request.refusal = amending.refusal_of(request, request.basis) or state.refusal
        if request.refusal or not state.is_stale:
            page = show()
            if request.refusal:
                page.status_code = HTTPStatus.CONFLICT
            return page
        return self._merge(request, object_id, thing, show)

    def _merge(
        self,
        request: HttpRequest,
        object_id: str,
        thing: ThingKey,
        show: Callable[[], HttpResponse],
    ) -> HttpResponse:
        """What was typed into a form that somebody overtook, merged with what is there now.

        It is saved on top to see what it would make of the thing, and taken back.
        """
        typed = request.POST
        request.POST = merging.rebased(typed, self._known_rows(request, object_id))
        with transaction.atomic():
            page = show()
            mine, moved_to = documents.of([thing])[thing], self._thing(request, object_id)
            transaction.set_rollback(True)
        if page.status_code != HTTPStatus.FOUND or not mine or moved_to != thing:
            # Mistakes come first; and what was given another slug or place has to be opened anew.
            row = self.get_object(request, unquote(object_id))
            request.refusal = tokens.overtaken(row, self.history_address(row))
            page = show()
            page.status_code = HTTPStatus.CONFLICT
            return page
        request.POST = typed
        shown = {self.opts.model_name}
        shown |= {inline.opts.model_name for inline in self.get_inline_instances(request)}
        answer = merging.save_document(request, thing, request.state_token, mine, shown)
        if answer is None:
            return page
        request.held, request.log_entries = [], []  # it was but a trial
        return answer

    def response_proposed(self, request: HttpRequest) -> HttpResponse:
        """Where to go on when what was saved waits: the form again, or what waits."""
        if {"_continue", "_move"} & request.POST.keys():
            return HttpResponseRedirect(request.get_full_path())
        address = reverse("admin:catalog_pending_change", args=[request.proposed[0].pk])
        return HttpResponseRedirect(address)

    def _known_rows(self, request: HttpRequest, object_id: str) -> dict[str, set[int]]:
        """The keys of the parts that the form can find, by the prefix of their table."""
        row = self.get_object(request, unquote(object_id))
        known = {}
        for formset, inline in self.get_formsets_with_inlines(request, row):
            parts = inline.get_queryset(request)
            there = formset(instance=row, queryset=parts)
            known[there.prefix] = {part.pk for part in there.get_queryset()}
        return known

    def _thing(self, request: HttpRequest, object_id: str | None) -> ThingKey | None:
        """The thing of the row that the page is for; None for one that is not there."""
        row = self.get_object(request, unquote(object_id)) if object_id is not None else None
        return min(row.things()) if row is not None else None

    def _token(self, request: HttpRequest, object_id: str | None) -> str:
        """What the form of this page carries; blank for a row that is still to be made."""
        if object_id is None:
            return ""
        if request.method == "POST":
            return request.POST.get(tokens.FIELD, "")
        row = self.get_object(request, unquote(object_id))
        return tokens.token_of(row) if row is not None else ""


class ThingAdmin(BulkAdmin, RenamingAdmin, ContentAdmin):
    """A page for a thing. Its slug is a draft's to change; later others refer to it."""

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Thing | None:
        thing = super().get_object(request, object_id, from_field)
        if thing is not None:
            # The form writes what was posted into this very object, before the page is drawn.
            thing.stored_status = getattr(thing, "status", None)
        return thing

    def get_form(
        self, request: HttpRequest, obj: Thing | None = None, **kwargs: Any
    ) -> type[forms.ModelForm]:
        form = super().get_form(request, obj, **kwargs)
        status = form.base_fields.get("status")
        if obj is None and status is not None and not publishes(request):
            # There has to be something before it can be proposed to readers.
            status.choices = [(Status.DRAFT.value, Status.DRAFT.label)]
        return form

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


def _refusing(refusal: str) -> Callable[[forms.ModelForm], None]:
    def clean(_form: forms.ModelForm) -> None:
        raise ValidationError(refusal)

    return clean


def _unavailable(page: HttpResponse) -> HttpResponse:
    page.status_code = HTTPStatus.SERVICE_UNAVAILABLE
    page.headers["Retry-After"] = str(ASK_AGAIN)
    return page
