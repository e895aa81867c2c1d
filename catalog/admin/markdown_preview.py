"""How Markdown that is being written will read: a whole page, or the piece of one for a script."""

from http import HTTPStatus

from django.contrib import admin
from django.contrib.auth import get_permission_codename
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.text import capfirst
from django.views.decorators.http import require_POST

from catalog import markdown
from catalog.admin.base import markdown_label
from catalog.models import CONTENT
from catalog.models.fields import LONGEST_MARKDOWN

# What the button is called: its value names the field, as its form does.
BUTTON = "_preview"
# Sent besides by whoever wants no page around the text.
PIECE = "_piece"


@require_POST
def markdown_preview(request: HttpRequest) -> HttpResponse:
    """Render the text of one field of the form that was sent; keep nothing of it.

    For whoever may write any content: what is shown came with the request. Raise BadRequest where
    the form has no such field.
    """
    if not may_write(request):
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


def may_write(request: HttpRequest) -> bool:
    """Return whether this user may add or change content of any sort."""
    return any(
        request.user.has_perm(f"catalog.{get_permission_codename(action, model._meta)}")
        for model in CONTENT
        for action in ("add", "change")
    )
