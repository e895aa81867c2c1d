"""A page for content: what it writes in one request is one edition, or waits for a publisher."""

from collections.abc import Callable
from functools import partial
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

from catalog.admin import deleting
from catalog.admin.base import ContentFormMixin, SiteAdmin, history_address
from catalog.admin.bulk import BulkAdmin, delete_selected
from catalog.admin.confirm import STATE
from catalog.admin.formstate import (
    BASIS,
    basis_token,
    overtaken,
    posted_basis,
    posted_token,
    refusal_to_amend,
    state_of,
    to_amend,
    token_of,
)
from catalog.admin.overtaken import page_of_deleted, save_document
from catalog.admin.renaming import RenamingAdmin
from catalog.admin.saving import READING, publishes, save_or_propose, saving_of, shown_with_pending
from catalog.admin.submitted import renumber_deleted_rows
from catalog.history import documents
from catalog.history.pending import pending_for
from catalog.models import ContentModel, Page, Status, Thing, ThingKey


class ContentAdmin(ContentFormMixin, SiteAdmin):
    """A page for content. Its form is refused or merged where somebody else has been faster."""

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
        saving_of(request).token = self._token(request, object_id)
        show = partial(super().changeform_view, request, object_id, form_url, extra_context)
        if request.method in READING:
            return self._open(request, object_id, show)
        return self._save(request, object_id, show)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if request.method in READING:
            return super().delete_view(request, object_id, extra_context)
        with save_or_propose(request, self._thing(request, object_id)):
            return super().delete_view(request, object_id, extra_context)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if request.method in READING:
            return super().changelist_view(request, extra_context)
        with save_or_propose(request):
            return super().changelist_view(request, extra_context)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple:
        return deleting.what_goes(objs, request, self.admin_site)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Lead to the history of the thing, or of the first that this part belongs to."""
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
        if refusal := saving_of(request).refusal:
            # The class was made for this request alone. What was typed stays on the page.
            form.clean = _refusing(refusal)
        return form

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        saving = saving_of(request)
        context |= {
            "token_name": STATE,
            "token": saving.token,
            "basis_name": BASIS,
            "basis": basis_token(request),
            "pending": saving.pending,
            "publishes": publishes(request),
        }
        if saving.pending is not None and context["basis"] and "preview_address" in context:
            address = reverse("admin:catalog_pending_preview", args=[saving.pending.pk])
            context["preview_address"] = address
        return super().render_change_form(request, context, *args, **kwargs)

    def message_user(
        self, request: HttpRequest, message: str, level: int = messages.INFO, *args: Any, **kw: Any
    ) -> None:
        """Show a message, but not before it is known whether what was written is live."""
        if saving_of(request).is_open:
            saving_of(request).queue_message(level, message)
        else:
            super().message_user(request, message, level, *args, **kw)

    def history_address(self, row: ContentModel) -> str:
        """Return the history of the thing that a row is part of, of a listing's category."""
        return history_address(min(row.things()))

    def log_addition(self, request: HttpRequest, obj: models.Model, message: Any) -> LogEntry:
        return saving_of(request).use_as_comment(super().log_addition(request, obj, message))

    def log_change(self, request: HttpRequest, obj: models.Model, message: Any) -> LogEntry:
        return saving_of(request).use_as_comment(super().log_change(request, obj, message))

    def log_deletions(self, request: HttpRequest, queryset: QuerySet) -> list[LogEntry]:
        entries = super().log_deletions(request, queryset)
        return [saving_of(request).use_as_comment(entry) for entry in entries]

    def _open(
        self, request: HttpRequest, object_id: str | None, show: Callable[[], HttpResponse]
    ) -> HttpResponse:
        """Return the form, with what waits of its thing for whoever may amend that."""
        saving_of(request).pending = pending_for(self._thing(request, object_id))
        amended = to_amend(request)
        with shown_with_pending(amended):
            page = show()
            if amended and isinstance(page, TemplateResponse):
                page.render()  # while there is something to be read
        return page

    def _save(
        self, request: HttpRequest, object_id: str | None, show: Callable[[], HttpResponse]
    ) -> HttpResponse:
        thing = self._thing(request, object_id)
        if object_id is not None and thing is None and (page := page_of_deleted(request)):
            return page
        saving = saving_of(request)
        saving.pending = pending_for(thing)
        saving.basis = posted_basis(request)
        amended = to_amend(request)
        with save_or_propose(request, thing, in_place=amended):
            if amended is not None:
                page = self._amend(request, object_id, show)
            else:
                page = self._save_live(request, object_id, thing, show)
        if saving.kept and page.status_code == HTTPStatus.FOUND:
            return self.response_proposed(request)
        return page

    def _amend(
        self, request: HttpRequest, object_id: str, show: Callable[[], HttpResponse]
    ) -> HttpResponse:
        saving_of(request).refusal = refusal_to_amend(request)
        request.POST = renumber_deleted_rows(request.POST, self._known_rows(request, object_id))
        page = show()
        if isinstance(page, TemplateResponse):
            page.render()  # while what waits can be read
        return _conflicting(request, page)

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
        saving = saving_of(request)
        state = state_of(saving.token, row)
        saving.refusal = refusal_to_amend(request) or state.refusal
        if saving.refusal or not state.is_stale:
            return _conflicting(request, show())
        return self._merge(request, object_id, thing, show)

    def _merge(
        self,
        request: HttpRequest,
        object_id: str,
        thing: ThingKey,
        show: Callable[[], HttpResponse],
    ) -> HttpResponse:
        """Merge what was typed into a form that somebody overtook with what is there now.

        It is saved on top to see what it would make of the thing, and rolled back.
        """
        saving = saving_of(request)
        typed = request.POST
        request.POST = renumber_deleted_rows(typed, self._known_rows(request, object_id))
        with transaction.atomic():
            page = show()
            mine, moved_to = documents.of([thing])[thing], self._thing(request, object_id)
            transaction.set_rollback(True)
        if page.status_code != HTTPStatus.FOUND or not mine or moved_to != thing:
            # Mistakes come first; and what was given another slug or place has to be opened anew.
            row = self.get_object(request, unquote(object_id))
            saving.refusal = overtaken(row, self.history_address(row))
            return _conflicting(request, show())
        request.POST = typed
        shown = {self.opts.model_name}
        shown |= {inline.opts.model_name for inline in self.get_inline_instances(request)}
        answer = save_document(request, thing, saving.token, mine, shown)
        if answer is None:
            return page
        saving.queued, saving.log_entries = [], []  # it was but a trial
        return answer

    def response_proposed(self, request: HttpRequest) -> HttpResponse:
        """Return where to go on when what was saved waits: the form again, or what waits."""
        if {"_continue", "_move"} & request.POST.keys():
            return HttpResponseRedirect(request.get_full_path())
        pending = saving_of(request).kept[0]
        return HttpResponseRedirect(reverse("admin:catalog_pending_change", args=[pending.pk]))

    def _known_rows(self, request: HttpRequest, object_id: str) -> dict[str, set[int]]:
        """Return the keys of the parts that the form can find, by the prefix of their table."""
        row = self.get_object(request, unquote(object_id))
        known = {}
        for formset, inline in self.get_formsets_with_inlines(request, row):
            there = formset(instance=row, queryset=inline.get_queryset(request))
            known[there.prefix] = {part.pk for part in there.get_queryset()}
        return known

    def _thing(self, request: HttpRequest, object_id: str | None) -> ThingKey | None:
        """Return the thing of the row that the page is for; None for one that is not there."""
        row = self.get_object(request, unquote(object_id)) if object_id is not None else None
        return min(row.things()) if row is not None else None

    def _token(self, request: HttpRequest, object_id: str | None) -> str:
        """Return what the form of this page carries; blank for a row that is still to be made."""
        if object_id is None:
            return ""
        if request.method == "POST":
            return posted_token(request)
        row = self.get_object(request, unquote(object_id))
        return token_of(row) if row is not None else ""


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
        """Return the thing's public address; a draft has none."""
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


def _conflicting(request: HttpRequest, page: HttpResponse) -> HttpResponse:
    """Give a form that was refused the status of a conflict."""
    if saving_of(request).refusal:
        page.status_code = HTTPStatus.CONFLICT
    return page
