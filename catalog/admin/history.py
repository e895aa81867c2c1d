"""The guide's past, to be looked at: no page here writes."""

import json
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from catalog import packs
from catalog.admin.base import SiteAdmin
from catalog.models import Edition, Revision


class Unchangeable(admin.options.BaseModelAdmin):
    """History is appended by its own module only, never by hand."""

    def has_add_permission(self, request: HttpRequest, *_parent: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class RevisionInline(Unchangeable, admin.TabularInline):
    model = Revision
    fields = ["kind", "slug"]
    show_change_link = True  # to its document
    verbose_name_plural = _("things changed")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).defer("document")


@admin.register(Edition)
class EditionAdmin(Unchangeable, SiteAdmin):
    list_display = ["number", "at", "user", "door", "comment"]
    list_filter = ["door", "at"]
    search_fields = ["user", "comment"]
    fields = ["number", "at", "user", "door", "comment"]
    inlines = [RevisionInline]


@admin.register(Revision)
class RevisionAdmin(Unchangeable, SiteAdmin):
    list_display = ["__str__", "kind", "slug", "edition", "at", "user"]
    list_filter = ["kind"]
    list_select_related = ["edition"]
    search_fields = ["kind", "slug"]
    search_help_text = _("By kind or slug: “technology django”.")
    fields = ["kind", "slug", "edition", "at", "user", "comment", "as_it_was"]
    readonly_fields = ["at", "user", "comment", "as_it_was"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("edition")

    @admin.display(description=_("at"), ordering="edition__at")
    def at(self, revision: Revision) -> Any:
        return revision.edition.at

    @admin.display(description=_("user"), ordering="edition__user")
    def user(self, revision: Revision) -> str:
        return revision.edition.user

    @admin.display(description=_("comment"))
    def comment(self, revision: Revision) -> str:
        return revision.edition.comment

    @admin.display(description=_("as it was"))
    def as_it_was(self, revision: Revision) -> str | SafeString:
        rows = json.loads(revision.document)
        if not rows:
            return _("Deleted: there was nothing of it.")
        return format_html("<pre>{}</pre>", packs.to_yaml(rows))
