"""The editor's pages for categories and what is listed in them."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest

from catalog.admin.base import GivenFilter
from catalog.admin.care import CARE, CARE_FILTERS
from catalog.admin.content import PartAdmin
from catalog.admin.desk.filters import AuthorFilter
from catalog.admin.ordering import OrderedAdmin, OrderedInline, OrderedPartsAdmin
from catalog.admin.preview import PageAdmin
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
    list_display = ["name", "parent", "status", "listing_count", "position"]
    list_filter = [
        "status",
        AuthorFilter,
        ("parent", GivenFilter),
        ("best_for", GivenFilter),
        ("introduction", GivenFilter),
        *CARE_FILTERS,
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
        CARE,
    ]
    inlines = [ListingInline]

    def get_ordering(self, request: HttpRequest) -> Any:
        return Category.objects.as_tree().query.order_by

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        listings = Count("listings", distinct=True)
        return super().get_queryset(request).annotate(listing_count=listings)

    @admin.display(description="listings", ordering="listing_count")
    def listing_count(self, category: Category) -> int:
        return category.listing_count


@admin.register(Listing)
class ListingAdmin(PartAdmin):
    list_display = ["__str__", "category", "technology", "verdict", "position"]
    list_filter = [
        "verdict",
        ("qualifier", GivenFilter),
        ("best_for", GivenFilter),
        ("because", GivenFilter),
    ]
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
