"""What the pages of history share: who may see them, where they are, and their frame."""

from http import HTTPStatus
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse

from catalog.admin.base import is_key
from catalog.admin.revisions import KINDS, Past
from catalog.models import Revision, ThingKey


def may_look(request: HttpRequest, kind: str) -> bool:
    """Whether somebody may see things of this kind. Raises Http404 for a kind there is not."""
    return model_admin_of(kind).has_view_or_change_permission(request)


def check_may_look(request: HttpRequest, kind: str) -> None:
    """Raises PermissionDenied for who may not see things of this kind, Http404 for no kind."""
    if not may_look(request, kind):
        raise PermissionDenied


def may_recover(request: HttpRequest, kind: str) -> bool:
    """Whether somebody may bring back things of this kind, which is to add and to change."""
    model_admin = model_admin_of(kind)
    return model_admin.has_add_permission(request) and model_admin.has_change_permission(request)


def model_admin_of(kind: str) -> admin.ModelAdmin:
    """What shows things of this kind to editors. Raises Http404 for a kind there is not."""
    if kind not in KINDS:
        raise Http404
    return admin.site.get_model_admin(KINDS[kind])


def revision_of(key: str) -> Revision:
    """A revision with its edition. Raises Http404 for what is no key of one."""
    rows = Revision.objects.select_related("edition")
    revision = rows.filter(pk=key).first() if is_key(key) else None
    if revision is None:
        raise Http404
    return revision


def past_of(revision: Revision) -> Past:
    """The past of the thing that a revision is of, by what it is called today."""
    return Past.of(ThingKey(revision.kind, revision.slug))


def address_of_past(thing: ThingKey) -> str:
    return reverse("admin:catalog_revision_of", args=[thing.kind, thing.slug])


def address_of_form(past: Past) -> str:
    """Where the thing is edited; empty for one that is not there."""
    if past.row is None:
        return ""
    return reverse(f"admin:catalog_{past.row._meta.model_name}_change", args=[past.row.pk])


def page(
    request: HttpRequest, template: str, context: dict[str, Any], status: int = HTTPStatus.OK
) -> TemplateResponse:
    """A page in the frame of the admin; the `title` in its context becomes the heading."""
    request.current_app = admin.site.name
    frame = {**admin.site.each_context(request), "subtitle": None}
    return TemplateResponse(request, f"admin/catalog/{template}", frame | context, status=status)
