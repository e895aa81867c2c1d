"""Where the pages of things are in the admin, who may see them, and the frame of our own pages."""

from http import HTTPStatus
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse

from catalog.history.rows import MODEL_OF_KIND, MODELS
from catalog.models import Thing, ThingKey

KINDS: dict[str, type[Thing]] = {kind: MODELS[model] for kind, model in MODEL_OF_KIND.items()}


def model_admin_of(kind: str) -> admin.ModelAdmin:
    """Return what shows things of this kind to editors. Raises Http404 for a kind there is not."""
    if kind not in KINDS:
        raise Http404
    return admin.site.get_model_admin(KINDS[kind])


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
    if row is None:
        return ""
    return reverse(f"admin:catalog_{row._meta.model_name}_change", args=[row.pk])


def render_page(
    request: HttpRequest, template: str, context: dict[str, Any], status: int = HTTPStatus.OK
) -> TemplateResponse:
    """Return a page in the frame of the admin; its `title` becomes the heading."""
    request.current_app = admin.site.name
    frame = {**admin.site.each_context(request), "subtitle": None}
    return TemplateResponse(request, f"admin/catalog/{template}", frame | context, status=status)
