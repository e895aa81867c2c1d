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
from django.db import IntegrityError, models, transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_safe

from catalog.admin.base import (
    CARE,
    ContentFormMixin,
    SiteAdmin,
    admin_url,
    history_address,
    is_key,
    put_last,
)
from catalog.admin.bulk import BulkAdmin
from catalog.admin.deleting import delete_selected, what_goes
from catalog.admin.filters import REVIEW_FILTERS, AuthorFilter
from catalog.admin.overtaken import page_of_deleted, save_document
from catalog.admin.previews import preview_of_page
from catalog.admin.renaming import Rename
from catalog.admin.saving import (
    BASIS,
    READING,
    STATE,
    basis_token,
    overtaken,
    posted_token,
    publishes,
    refusal_to_amend,
    save_or_propose,
    saving_of,
    shown_with_pending,
    state_of,
    to_amend,
    token_of,
)
from catalog.advice import used_in
from catalog.history import documents
from catalog.history.pending import CannotShowError, pending_for
from catalog.models import ContentModel, Guide, Page, Pending, Status, Thing, ThingKey
from catalog.models.rules import violated

LEAVE = "_leave"  # the button that archives or drafts what is still named


class ContentAdmin(ContentFormMixin, SiteAdmin):
    """A page for content. Its form is refused or merged where somebody else has been faster."""

    save_on_top = True
    actions = [delete_selected]
    # One query for each filter, whatever there is to count.
    show_facets = admin.ShowFacets.ALWAYS

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, *args: Any
    ) -> HttpResponse:
        """Show or save the form, with what waits of its thing for whoever may amend that."""
        show = partial(super().changeform_view, request, object_id, *args)
        saving, row = saving_of(request), self._row(request, object_id)
        if request.method not in READING:
            show = partial(self._shown_or_refused, request, show)
            saving.token = posted_token(request)
        elif row is not None:
            saving.token = token_of(row)
        thing = min(row.things()) if row is not None else None
        saving.pending = pending_for(thing)
        amended = to_amend(request)
        if request.method in READING:
            try:
                with shown_with_pending(amended):
                    return _rendered(show()) if amended else show()
            except CannotShowError:
                text = "What waits does not go together with what the guide says today; see below."
                messages.warning(request, text)
                return HttpResponseRedirect(admin_url(Pending, "change", amended.pk))
        if object_id is not None and row is None and (page := page_of_deleted(request)):
            return page
        with save_or_propose(request, thing, in_place=amended):
            saving.refusal = refusal_to_amend(request)
            if amended:
                page = _rendered(show())
            else:
                page = self._save_live(request, object_id, thing, show)
        if saving.refusal:
            page.status_code = HTTPStatus.CONFLICT
        if saving.kept and page.status_code == HTTPStatus.FOUND:
            return self.response_proposed(request)
        return page

    def save_model(
        self, request: HttpRequest, obj: models.Model, form: forms.ModelForm, change: Any
    ) -> None:
        if not change:
            put_last(form)
        super().save_model(request, obj, form, change)

    def delete_view(self, request: HttpRequest, object_id: str, *args: Any) -> HttpResponse:
        if request.method in READING:
            return super().delete_view(request, object_id, *args)
        row = self._row(request, object_id)
        with save_or_propose(request, min(row.things()) if row is not None else None):
            return super().delete_view(request, object_id, *args)

    def changelist_view(self, request: HttpRequest, *args: Any) -> HttpResponse:
        if request.method in READING:
            return super().changelist_view(request, *args)
        with save_or_propose(request):
            return super().changelist_view(request, *args)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple:
        return what_goes(objs, request)

    def history_view(self, request: HttpRequest, object_id: str, *_args: Any) -> HttpResponse:
        """Lead to the history of the thing, or of the first that this part belongs to."""
        row = self._row(request, object_id)
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_or_change_permission(request, row):
            raise PermissionDenied
        return HttpResponseRedirect(history_address(min(row.things())))

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> type[forms.ModelForm]:
        form = super().get_form(request, *args, **kwargs)
        if refusal := saving_of(request).refusal:

            def clean(_form: forms.ModelForm) -> None:
                raise ValidationError(refusal)

            # The class was made for this request alone. What was typed stays on the page.
            form.clean = clean
        return form

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context |= {
            "token_name": STATE,
            "token": saving_of(request).token,
            "basis_name": BASIS,
            "basis": basis_token(request),
            "pending": saving_of(request).pending,
            "publishes": publishes(request),
        }
        return super().render_change_form(request, context, *args, **kwargs)

    def message_user(
        self, request: HttpRequest, message: str, level: int = messages.INFO, *args: Any, **kw: Any
    ) -> None:
        """Show a message, but not before it is known whether what was written is live."""
        if saving_of(request).is_open:
            saving_of(request).queue_message(level, message)
        else:
            super().message_user(request, message, level, *args, **kw)

    def log_addition(self, request: HttpRequest, obj: models.Model, message: Any) -> LogEntry:
        return saving_of(request).use_as_comment(super().log_addition(request, obj, message))

    def log_change(self, request: HttpRequest, obj: models.Model, message: Any) -> LogEntry:
        return saving_of(request).use_as_comment(super().log_change(request, obj, message))

    def log_deletions(self, request: HttpRequest, queryset: QuerySet) -> list[LogEntry]:
        entries = super().log_deletions(request, queryset)
        return [saving_of(request).use_as_comment(entry) for entry in entries]

    def response_proposed(self, request: HttpRequest) -> HttpResponse:
        """Return where to go on when what was saved waits: the form again, or what waits."""
        if {"_continue", "_move"} & request.POST.keys():
            return HttpResponseRedirect(request.get_full_path())
        return HttpResponseRedirect(admin_url(Pending, "change", saving_of(request).kept[0].pk))

    def _row(self, request: HttpRequest, object_id: str | None) -> ContentModel | None:
        """Return the row that a page is for; None for one that is still to be made, or is gone."""
        return self.get_object(request, unquote(object_id)) if object_id is not None else None

    def _shown_or_refused(
        self, request: HttpRequest, show: Callable[[], HttpResponse]
    ) -> HttpResponse:
        """Show the form; where the database refuses what it says, say so above what was typed.

        Forms do not see all: not what two rows exchange, nor what belongs to their parent.
        """
        try:
            with transaction.atomic():
                return show()
        except IntegrityError as error:
            parts = [inline.model for inline in self.get_inline_instances(request)]
            text = violated(error, [self.model, *parts]) or "The database refuses it."
            saving, go_back = saving_of(request), "Nothing was saved; correct it below."
            saving.queued, saving.log_entries = [], []
            saving.refusal = f"{text} {go_back}"
            return show()

    def _save_live(
        self,
        request: HttpRequest,
        object_id: str | None,
        thing: ThingKey | None,
        show: Callable[[], HttpResponse],
    ) -> HttpResponse:
        """Save the form; one that somebody overtook is merged with what is there now.

        It is saved on top to see what it would make of the thing, and rolled back.
        """
        saving, row = saving_of(request), self._row(request, object_id)
        if row is None or saving.refusal:
            return show()
        state = state_of(saving.token, row)
        saving.refusal = state.refusal
        if not state.is_stale:
            return show()
        with transaction.atomic():
            page = show()
            mine, now = documents.of([thing])[thing], self._row(request, object_id)
            transaction.set_rollback(True)
        tried, saving.queued, saving.log_entries = (saving.queued, saving.log_entries), [], []
        if page.status_code != HTTPStatus.FOUND or not mine or min(now.things()) != thing:
            # Mistakes come first; and what was given another slug or place has to be opened anew.
            saving.refusal = overtaken(self._row(request, object_id))
            return show()
        shown = {self.opts.model_name}
        shown |= {inline.opts.model_name for inline in self.get_inline_instances(request)}
        answer = save_document(request, thing, saving.token, mine, shown)
        if answer is not None:
            return answer
        saving.queued, saving.log_entries = tried
        return page


class ThingAdmin(BulkAdmin, ContentAdmin):
    """A page for a thing. Its slug is a draft's to change; later others refer to it."""

    def get_urls(self) -> list[URLPattern]:
        # Which also asks who is there, and says that nobody may keep the answer.
        view = self.admin_site.admin_view(self.rename_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_rename"
        return [path("<str:object_id>/rename/", view, name=name), *super().get_urls()]

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def rename_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show what renaming does; a POST renames, or says why not."""
        if not self.may_rename(request):
            raise PermissionDenied
        return Rename(self, request, self.row_or_404(object_id)).answer()

    def may_rename(self, request: HttpRequest) -> bool:
        """Return whether somebody may rename things of this kind; the guide has no address."""
        may = self.model is not Guide and publishes(request)
        return may and self.has_change_permission(request)

    def row_or_404(self, object_id: str) -> Thing:
        """Return a thing whatever the list would show. Raises Http404 for what is no key of one."""
        return get_object_or_404(self.model, pk=object_id if is_key(object_id) else None)

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Thing | None:
        thing = super().get_object(request, *args, **kwargs)
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
        if obj is not None and obj.stored_status == Status.PUBLISHED and LEAVE not in request.POST:
            form.clean_status = _ask_before_leaving
        return form

    def get_fieldsets(self, request: HttpRequest, *args: Any) -> list[tuple]:
        return [*super().get_fieldsets(request, *args), CARE]

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        return [*super().get_list_filter(request), *REVIEW_FILTERS]

    def get_readonly_fields(self, request: HttpRequest, obj: Thing | None = None) -> list[str]:
        fields = [*super().get_readonly_fields(request, obj)]
        if obj is not None and obj.stored_status != Status.DRAFT:
            fields.append("slug")
        return fields

    def get_prepopulated_fields(
        self, request: HttpRequest, obj: Thing | None = None
    ) -> dict[str, Any]:
        return super().get_prepopulated_fields(request, obj) if obj is None else {}

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if (obj := kwargs["obj"]) is not None and self.may_rename(request):
            context["rename_address"] = admin_url(self.model, "rename", obj.pk)
        return super().render_change_form(request, context, *args, **kwargs)

    def view_on_site(self, thing: Thing) -> str | None:
        """Return the thing's public address; a draft has none."""
        if isinstance(thing, Page) and thing.stored_status == Status.DRAFT:
            return None
        return thing.get_absolute_url()


def _ask_before_leaving(form: forms.ModelForm) -> str:
    """Say where a page is named before readers lose it; the button beside that says “all the same”.

    Raises ValidationError with both.
    """
    status = form.cleaned_data["status"]
    named = used_in([form.instance]) if status != Status.PUBLISHED else None
    if not named:
        return status
    raise ValidationError(
        format_html(
            '{} <button type="submit" class="button" name="{}" value="1">Save it as {} all '
            "the same</button>",
            *named.values(),
            LEAVE,
            Status(status).label,
        )
    )


class PageAdmin(ThingAdmin):
    """A page for a thing with a public page, and a preview of that."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.preview_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_preview"
        return [path("<str:object_id>/preview/", view, name=name), *super().get_urls()]

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        return ["status", AuthorFilter, *super().get_list_filter(request)]

    @method_decorator(require_safe)
    def preview_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show the public view's own answer for this row, whatever its status."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        return preview_of_page(request, self.row_or_404(object_id))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if (obj := kwargs["obj"]) is not None:
            of = to_amend(request) or obj
            context["preview_address"] = admin_url(type(of), "preview", of.pk)
        return super().render_change_form(request, context, *args, **kwargs)


class PartAdmin(ContentAdmin):
    """A page for a part of a thing: reached from the thing, kept out of the index."""

    view_on_site = False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False


def _rendered(page: HttpResponse) -> HttpResponse:
    """Render a page while what waits can be read."""
    if isinstance(page, TemplateResponse):
        page.render()
    return page
