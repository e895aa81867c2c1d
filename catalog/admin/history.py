"""Editions and revisions as they are kept, and the ways to the past of each thing."""

import json
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString

from catalog import packs
from catalog.admin.base import ReadOnlyMixin, SiteAdmin
from catalog.admin.past import address_of_past, may_look
from catalog.admin.past_preview import preview_of_past
from catalog.admin.reverting import revert
from catalog.admin.revisions import KINDS
from catalog.admin.thing_history import deleted_things, thing_history
from catalog.admin.undo import address_of_undo, undo_edition
from catalog.models import Edition, Revision, ThingKey


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
        extra = {**(extra_context or {}), "undo_address": address_of_undo(request, object_id)}
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
        return may or (obj is not None and obj.kind in KINDS and may_look(request, obj.kind))

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
    """What this edition changed of the thing, and the thing's whole history."""
    if revision.kind not in KINDS:
        return ""
    address = address_of_past(ThingKey(revision.kind, revision.slug))
    return format_html(
        '<a href="{}?to={}">{}</a> · <a href="{}">{}</a>',
        address,
        revision.edition_id,
        "Difference",
        address,
        "History",
    )
