"""Public pages shown to editors: as they are, as an edition left them, as a change makes them."""

from functools import partial
from http import HTTPStatus
from inspect import unwrap
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, resolve, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe

from catalog.admin.base import check_may_look, history_address, is_key, may_look, render_page
from catalog.admin.content import ThingAdmin
from catalog.admin.revisions import is_empty, past_of, revision_of
from catalog.admin.saving import shown_with_pending
from catalog.describe import problem_sentences
from catalog.history.diff import changes_to_restore
from catalog.history.documents import in_todays_fields
from catalog.history.pending import CannotShowError
from catalog.history.trial import shown_with, write
from catalog.http import state_of, wants_fragment
from catalog.models import THINGS, Page, Pending, Revision, Snippet, ThingKey


class PageAdmin(ThingAdmin):
    """A page for a thing with a public page, and a preview of that."""

    def get_urls(self) -> list[URLPattern]:
        # Which also asks who is there, and says that nobody may keep the answer.
        view = self.admin_site.admin_view(self.preview_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_preview"
        return [path("<str:object_id>/preview/", view, name=name), *super().get_urls()]

    @method_decorator(require_safe)
    def preview_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show the public view's own answer for this row, whatever its status.

        It is found by the row's address, since the admin stands beside the views, not above them.
        """
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        state_of(request)  # before the row is read
        pages = self.model.objects.for_detail()
        page = pages.filter(pk=object_id).first() if is_key(object_id) else None
        if page is None:
            raise Http404
        response = resolve(page.get_absolute_url()).func.show(request, page)
        address = self._address(object_id, "change")
        _frame(request, response, "preview.html", previewed=page, change_address=address)
        return response

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        extra = dict(extra_context or {})
        if is_key(object_id):  # else there is nothing, and Django says so
            extra["preview_address"] = self._address(object_id, "preview")
        return super().change_view(request, object_id, form_url, extra)

    def _address(self, object_id: str, page: str) -> str:
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}"
        return reverse(name, args=[object_id], current_app=self.admin_site.name)


@require_safe
def preview_of_past(request: HttpRequest, key: str) -> HttpResponse:
    """Show the public view's own answer for a thing as this revision says, whatever its status."""
    revision = revision_of(key)
    check_may_look(request, revision.kind)
    if is_empty(revision):
        raise Http404  # there was nothing of it
    thing = past_of(revision).thing
    try:
        with shown_with(partial(_write_revision, thing, revision)):
            response = _public_page(request, thing)
            address = history_address(thing)
            if _frame(
                request,
                response,
                "preview_of_past.html",
                previewed=revision,
                history_address=address,
            ):
                # Head and foot name the edition that is looked at, not the one rolled back.
                request.state = revision.edition
            _render(response)
    except CannotShowError as error:
        title = f"Edition {revision.edition_id} cannot be shown"
        return _refusal(request, thing, title, problem_sentences(error.problems))
    return response


@require_safe
def preview_of_pending(request: HttpRequest, key: str) -> HttpResponse:
    """Show the public view's own answer for a thing as its pending change says."""
    pending = Pending.objects.filter(pk=key).first() if is_key(key) else None
    if pending is None:
        raise Http404
    if not (request.user.has_perm("catalog.view_pending") and may_look(request, pending.kind)):
        raise PermissionDenied
    try:
        with shown_with_pending(pending):
            response = _public_page(request, pending.thing)
            _frame(request, response, "preview_of_pending.html", pending=pending)
            _render(response)
    except CannotShowError:
        reason = "It does not go together with what the guide says today: look at the change."
        return _refusal(request, pending.thing, "This change cannot be shown", [reason])
    return response


def _write_revision(thing: ThingKey, revision: Revision) -> None:
    """Write a thing as a revision says. Raises CannotShowError."""
    changes = changes_to_restore(thing, in_todays_fields(revision.document))
    if problems := write(changes):
        raise CannotShowError(problems)


def _public_page(request: HttpRequest, thing: ThingKey) -> HttpResponse:
    """Return the page that shows the thing: its own, its owner's, or for the guide the front."""
    state_of(request)  # before the row is read
    row = THINGS[thing.kind].objects.get(slug=thing.slug)
    if isinstance(row, Snippet):
        row = row.technology or row.category
    view = resolve(row.get_absolute_url()).func
    if not isinstance(row, Page):
        return unwrap(view)(request)  # not made ready: the banner is still to come
    return view.show(request, type(row).objects.for_detail().get(pk=row.pk))


def _frame(request: HttpRequest, response: HttpResponse, template: str, **context: Any) -> bool:
    """Put a banner above a whole page that is not rendered yet; return whether it is one."""
    response.headers["X-Robots-Tag"] = "noindex"
    if not isinstance(response, TemplateResponse) or wants_fragment(request):
        return False
    response.context_data |= {"shown": response.template_name, **context}
    response.template_name = f"admin/catalog/{template}"
    return True


def _render(response: HttpResponse) -> None:
    """Render a page while there is something to be read."""
    if isinstance(response, TemplateResponse):
        response.render()


def _refusal(request: HttpRequest, thing: ThingKey, title: str, reasons: list[str]) -> HttpResponse:
    context = {"title": title, "thing": thing, "reasons": reasons}
    return render_page(request, "no_preview.html", context, HTTPStatus.CONFLICT)
