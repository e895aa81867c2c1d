"""Editions and revisions as they are kept, and the ways to the past of each thing."""

import json
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from catalog import packs
from catalog.admin.base import (
    ReadOnlyMixin,
    SiteAdmin,
    check_may_look,
    form_address,
    history_address,
    is_key,
    may_look,
    may_recover,
    model_admin_of,
    render_page,
)
from catalog.admin.conflicts import first_lines
from catalog.admin.previews import preview_of_past
from catalog.admin.revisions import DELETED_PER_PAGE, Past, deleted, name_deleted, sentences_of
from catalog.admin.undo import revert, undo_address, undo_edition
from catalog.describe import Labels
from catalog.models import THINGS, Edition, Revision, ThingKey
from catalog.models.base import SLUG_CHARACTERS


class RevisionInline(ReadOnlyMixin, admin.TabularInline):
    model = Revision
    fields = ["kind", "slug", "past"]
    readonly_fields = ["past"]
    show_change_link = True  # to its document
    verbose_name_plural = "things changed"

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).defer("document")

    @admin.display(description="what changed")
    def past(self, revision: Revision) -> SafeString | str:
        return links_to_past(revision)


@admin.register(Edition)
class EditionAdmin(ReadOnlyMixin, SiteAdmin):
    list_display = ["number", "at", "user", "origin", "comment"]
    list_filter = ["origin", "at"]
    search_fields = ["user", "comment"]
    fields = ["number", "at", "user", "origin", "comment"]
    inlines = [RevisionInline]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(undo_edition)
        return [path("<str:key>/undo/", view, name="catalog_edition_undo"), *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        extra = {**(extra_context or {}), "undo_address": undo_address(request, object_id)}
        return super().change_view(request, object_id, form_url, extra)


@admin.register(Revision)
class RevisionAdmin(ReadOnlyMixin, SiteAdmin):
    list_display = ["__str__", "kind", "slug", "edition", "at", "user"]
    list_filter = ["kind"]
    list_select_related = ["edition"]
    search_fields = ["kind", "slug"]
    search_help_text = "By kind or slug: “technology django”."
    fields = ["kind", "slug", "past", "edition", "at", "user", "comment", "as_it_was"]
    readonly_fields = ["past", "at", "user", "comment", "as_it_was"]

    def get_urls(self) -> list[URLPattern]:
        # Each of which also asks who is there, and says that nobody may keep the answer.
        pages = (
            ("of/<str:kind>/<str:slug>/", thing_history, "of"),
            ("deleted/", deleted_things, "deleted"),
            ("<str:key>/preview/", preview_of_past, "preview"),
            ("<str:key>/revert/", revert, "revert"),
        )
        return [
            *(
                path(route, self.admin_site.admin_view(view), name=f"catalog_revision_{name}")
                for route, view, name in pages
            ),
            *super().get_urls(),
        ]

    def has_view_permission(self, request: HttpRequest, obj: Revision | None = None) -> bool:
        """Who may see a thing may see what it was."""
        may = super().has_view_permission(request, obj)
        return may or (obj is not None and obj.kind in THINGS and may_look(request, obj.kind))

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("edition")

    @admin.display(description="what changed")
    def past(self, revision: Revision) -> SafeString | str:
        return links_to_past(revision)

    @admin.display(description="at", ordering="edition__at")
    def at(self, revision: Revision) -> Any:
        return revision.edition.at

    @admin.display(description="user", ordering="edition__user")
    def user(self, revision: Revision) -> str:
        return revision.edition.user

    @admin.display(description="comment")
    def comment(self, revision: Revision) -> str:
        return revision.edition.comment

    @admin.display(description="as it was")
    def as_it_was(self, revision: Revision) -> str | SafeString:
        rows = json.loads(revision.document)
        if not rows:
            return "Deleted: there was nothing of it."
        return format_html("<pre>{}</pre>", packs.to_yaml(rows))


def links_to_past(revision: Revision) -> SafeString | str:
    """Return links to what this edition changed of the thing, and to its whole history."""
    if revision.kind not in THINGS:
        return ""
    address = history_address(ThingKey(revision.kind, revision.slug))
    return format_html(
        '<a href="{}?to={}">{}</a> · <a href="{}">{}</a>',
        address,
        revision.edition_id,
        "Difference",
        address,
        "History",
    )


# The history of one thing -----------------------------------------------------------------------


@require_safe
def thing_history(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    """Show all revisions of a thing; with `from` or `to` in the query, what differs between two."""
    check_may_look(request, kind)
    if not set(slug) <= set(SLUG_CHARACTERS):
        raise Http404  # and PostgreSQL would not even look for a NUL
    past = Past.of(ThingKey(kind, slug))
    if past.thing.slug != slug:
        query = request.META.get("QUERY_STRING", "")
        address = history_address(past.thing)
        return HttpResponseRedirect(f"{address}?{query}" if query else address)
    if not any(request.GET.get(name) for name in ("from", "to")):
        return _list(request, past)
    try:
        earlier, later = past.two(_number(request, "from"), _number(request, "to"))
    except (ValueError, Revision.DoesNotExist):
        complaint = "No two editions that changed it stand in the address: choose two below."
        return _list(request, past, complaint)
    if earlier == later:
        return _list(request, past, "These two are one and the same: choose two that differ.")
    return _difference(request, past, earlier, later)


@require_safe
def deleted_things(request: HttpRequest) -> HttpResponse:
    """Show what is gone and can be brought back, of the kinds that somebody may see."""
    kinds = [kind for kind in THINGS if may_look(request, kind)]
    if not kinds:
        raise PermissionDenied
    asked = request.GET.get("kind")
    if asked in kinds:
        kinds = [asked]
    found = Paginator(deleted(kinds), DELETED_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": "Deleted things",
        "page": found,
        "things": name_deleted(found),
        "may_recover": [kind for kind in kinds if may_recover(request, kind)],
        "kept": f"kind={asked}&" if asked in kinds else "",
    }
    return render_page(request, "deleted_things.html", context)


def _number(request: HttpRequest, name: str) -> int | None:
    """Return the number of an edition; raises ValueError for what is none."""
    text = request.GET.get(name, "")
    if text and not is_key(text):
        raise ValueError(name)
    return int(text) if text else None


def _list(request: HttpRequest, past: Past, complaint: str = "") -> HttpResponse:
    found, entries, title = past.page(request.GET.get("page"))
    if not entries and past.row is None:
        raise Http404
    model_admin = model_admin_of(past.thing.kind)
    context = {
        "title": f"History of “{title}”",
        "thing": past.thing,
        "page": found,
        "entries": entries,
        "complaint": complaint,
        "form_address": form_address(past.row),
        "may_revert": model_admin.has_change_permission(request),
    }
    return render_page(request, "thing_history.html", context)


def _difference(
    request: HttpRequest, past: Past, earlier: Revision | None, later: Revision
) -> HttpResponse:
    changes = past.between(earlier, later)
    labels = Labels.of(changes)
    name = past.title(labels)
    title = f"“{name}” in edition {later.edition_id}, its first"
    if earlier is not None:
        title = f"“{name}” from edition {earlier.edition_id} to edition {later.edition_id}"
    context = {
        "title": title,
        "thing": past.thing,
        "earlier": earlier,
        "later": later,
        "sentences": sentences_of(past.thing, changes, labels),
        **first_lines(changes, labels),
    }
    return render_page(request, "thing_difference.html", context)
