"""The editor's page for code snippets."""

from django.contrib import admin
from django.db.models.functions import Coalesce

from catalog.admin.base import REVIEW_FIELDSET
from catalog.admin.content import ThingAdmin
from catalog.admin.filters import REVIEW_FILTERS, given_filters
from catalog.admin.ordering import OrderedAdmin
from catalog.models import ByteOrder, Snippet, Status


@admin.register(Snippet)
class SnippetAdmin(OrderedAdmin, ThingAdmin):
    within = ["technology_id", "category_id"]
    ordering = [
        ByteOrder(Coalesce("technology__slug", "category__slug")),
        "position",
        ByteOrder("slug"),
    ]
    list_display = ["title", "language", "technology", "category", "run_with"]
    list_filter = ["language", *given_filters("run_with"), *REVIEW_FILTERS]
    list_select_related = ["technology", "category"]
    search_fields = ["title", "slug", "technology__name", "category__name"]
    autocomplete_fields = ["technology", "category"]
    prepopulated_fields = {"slug": ["title"]}
    fieldsets = [
        (None, {"fields": ["title", "slug"]}),
        (
            "Place",
            {
                "description": "Give one of the two: whose page it stands on.",
                "fields": ["technology", "category", "position"],
            },
        ),
        ("Code", {"fields": ["language", "code", "run_with"]}),
        REVIEW_FIELDSET,
    ]

    def view_on_site(self, thing: Snippet) -> str | None:
        """Return its place on its owner's page, if it has one that readers can open."""
        # A form that failed may have left it without owner.
        owner = thing.technology or thing.category
        if owner is None or owner.status == Status.DRAFT:
            return None
        return thing.get_absolute_url()
