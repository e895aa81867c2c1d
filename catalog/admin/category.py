"""The editor's pages for categories and what is listed in them."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from catalog.admin.base import REVIEW_FIELDSET
from catalog.admin.content import PartAdmin
from catalog.admin.filters import REVIEW_FILTERS, AuthorFilter, given_filters
from catalog.admin.ordering import OrderedAdmin, OrderedInline, OrderedPartsAdmin
from catalog.admin.previews import PageAdmin
from catalog.models import Category, Listing


class ListingInline(OrderedInline):
    model = Listing
    fields = [
        "position",
        "technology",
        "label",
        "requirement",
        "verdict",
        "qualifier",
        "best_for",
        "note",
    ]
    autocomplete_fields = ["technology"]
    show_change_link = True


@admin.register(Category)
class CategoryAdmin(OrderedAdmin, OrderedPartsAdmin, PageAdmin):
    within = ["parent_id"]
    counts = {"listing_count": "listings"}
    list_display = ["name", "parent", "status", "listing_count", "position"]
    list_filter = [
        "status",
        AuthorFilter,
        *given_filters("parent", "best_for", "introduction"),
        *REVIEW_FILTERS,
    ]
    list_select_related = ["parent"]
    search_fields = ["name", "slug"]
    search_help_text = "By name or slug."
    autocomplete_fields = ["parent"]
    prepopulated_fields = {"slug": ["name"]}
    fieldsets = [
        (None, {"fields": ["name", "slug", "status"]}),
        (
            "Place",
            {
                "description": "Where it stands among the categories.",
                "fields": ["parent", "position"],
            },
        ),
        ("What it says", {"fields": ["qualifier", "best_for", "introduction"]}),
        REVIEW_FIELDSET,
    ]
    inlines = [ListingInline]

    def get_ordering(self, request: HttpRequest) -> Any:
        return Category.objects.as_tree().query.order_by


@admin.register(Listing)
class ListingAdmin(PartAdmin):
    list_display = ["__str__", "category", "technology", "verdict", "position"]
    list_filter = ["verdict", *given_filters("qualifier", "best_for", "because")]
    list_select_related = ["category", "technology"]
    search_fields = ["label", "technology__name", "technology__slug", "category__name"]
    autocomplete_fields = ["category", "technology"]
    fieldsets = [
        (None, {"fields": ["category", "technology", "position"]}),
        ("As the list writes it", {"fields": ["label", "requirement"]}),
        (
            "Judgement",
            {
                "description": "A verdict other than “listed” should say why.",
                "fields": ["verdict", "qualifier", "best_for", "note", "because"],
            },
        ),
    ]
