"""What readers would see: a page as it is, was in an edition, or would be; and Markdown."""

from functools import partial
from http import HTTPStatus
from inspect import unwrap
from typing import Any

from django.contrib import admin
from django.contrib.auth import get_permission_codename
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import resolve
from django.utils.text import capfirst
from django.views.decorators.http import require_POST, require_safe

from catalog import markdown
from catalog.admin.base import (
    admin_url,
    check_may_look,
    history_address,
    is_key,
    markdown_label,
    may_look,
    render_page,
)
from catalog.admin.revisions import Past, revision_of
from catalog.admin.saving import shown_with_pending
from catalog.describe import problem_sentences
from catalog.history.diff import changes_to_restore
from catalog.history.documents import in_todays_fields
from catalog.history.pending import CannotShowError
from catalog.history.trial import shown_with, write
from catalog.http import state_of, wants_fragment
from catalog.models import CONTENT, THINGS, Edition, Page, Pending, Revision, Snippet, ThingKey
from catalog.models.fields import LONGEST_MARKDOWN

# What the button is called: its value names the field, as its form does.
BUTTON = "_preview"
# Sent besides by whoever wants no page around the text.
PIECE = "_piece"


def preview_of_page(request: HttpRequest, page: Page) -> HttpResponse:
    """Show the public view's own answer for a page as it is, whatever its status."""
    address = admin_url(type(page), "change", page.pk)
    return _public_page(request, page.key, "preview.html", previewed=page, change_address=address)


@require_safe
def preview_of_past(request: HttpRequest, key: str) -> HttpResponse:
    """Show the public view's own answer for a thing as this revision says, whatever its status."""
    revision = revision_of(key)
    check_may_look(request, revision.kind)
    if revision.is_empty:
        raise Http404  # there was nothing of it
    thing = Past.of(revision.thing).thing
    context = {"previewed": revision, "history_address": history_address(thing)}
    try:
        with shown_with(partial(_write_revision, thing, revision)):
            return _public_page(request, thing, "preview_of_past.html", revision.edition, **context)
    except CannotShowError as error:
        title = f"Edition {revision.edition_id} cannot be shown"
        return _refusal(request, thing, title, problem_sentences(error.problems))


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
            return _public_page(request, pending.thing, "preview_of_pending.html", pending=pending)
    except CannotShowError:
        reason = "It does not go together with what the guide says today: look at the change."
        return _refusal(request, pending.thing, "This change cannot be shown", [reason])


def _write_revision(thing: ThingKey, revision: Revision) -> None:
    """Write a thing as a revision says. Raises CannotShowError."""
    changes = changes_to_restore(thing, in_todays_fields(revision.document))
    if problems := write(changes):
        raise CannotShowError(problems)


def _public_page(
    request: HttpRequest,
    thing: ThingKey,
    template: str,
    edition: Edition | None = None,
    **context: Any,
) -> HttpResponse:
    """Return the page that shows the thing: its own, its owner's, or for the guide the front.

    It is found by the row's address, since the admin stands beside the views, not above them; a
    whole page gets a banner, and is rendered while there is something to be read.
    """
    state_of(request)  # before the row is read
    row = THINGS[thing.kind].objects.get(slug=thing.slug)
    if isinstance(row, Snippet):
        row = row.technology or row.category
    view = resolve(row.get_absolute_url()).func
    if isinstance(row, Page):
        response = view.show(request, type(row).objects.for_detail().get(pk=row.pk))
    else:
        response = unwrap(view)(request)  # not made ready: the banner is still to come
    response.headers["X-Robots-Tag"] = "noindex"
    if isinstance(response, TemplateResponse):
        if not wants_fragment(request):
            response.context_data |= {"shown": response.template_name, **context}
            response.template_name = f"admin/catalog/{template}"
            # Head and foot name the edition that is looked at, not the one rolled back.
            request.state = edition or request.state
        response.render()
    return response


def _refusal(request: HttpRequest, thing: ThingKey, title: str, reasons: list[str]) -> HttpResponse:
    context = {"title": title, "thing": thing, "reasons": reasons}
    return render_page(request, "no_preview.html", context, HTTPStatus.CONFLICT)


# Markdown that is being written ------------------------------------------------------------------


@require_POST
def markdown_preview(request: HttpRequest) -> HttpResponse:
    """Render the text of one field of the form that was sent; keep nothing of it.

    For whoever may write any content: what is shown came with the request. Raise BadRequest where
    the form has no such field.
    """
    rights = (
        f"catalog.{get_permission_codename(action, model._meta)}"
        for model in CONTENT
        for action in ("add", "change")
    )
    if not any(map(request.user.has_perm, rights)):
        raise PermissionDenied
    field = request.POST.get(BUTTON, "")
    label = markdown_label(field)
    if label is None or field not in request.POST:
        raise BadRequest("That names no field with Markdown.")
    text = request.POST[field].replace("\r\n", "\n")
    is_too_long = len(text) > LONGEST_MARKDOWN
    context = {
        "title": f"Preview of “{capfirst(label)}”",
        "html": "" if is_too_long else markdown.shown_once(text),
        "longest": LONGEST_MARKDOWN if is_too_long else 0,
    }
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE if is_too_long else HTTPStatus.OK
    if PIECE in request.POST:
        template = "admin/catalog/_markdown_shown.html"
    else:
        template = "admin/catalog/markdown_preview.html"
        context |= admin.site.each_context(request)
    return TemplateResponse(request, template, context, status=status)
