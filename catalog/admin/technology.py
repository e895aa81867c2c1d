"""The editor's pages for technologies and what is said of each."""

from django import forms
from django.contrib import admin
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest

from catalog.admin.base import REVIEW_FIELDSET, ContentFormMixin, PartInline
from catalog.admin.content import PartAdmin
from catalog.admin.filters import REVIEW_FILTERS, AuthorFilter, TroubleFilter, given_filters
from catalog.admin.ordering import OrderedInline, OrderedPartsAdmin
from catalog.admin.previews import PageAdmin
from catalog.models import Alias, Companion, Listing, Package, PackageFacts, Point, Technology


class AliasInline(PartInline):
    model = Alias
    fields = ["name", "slug"]
    prepopulated_fields = {"slug": ["name"]}


class PackageInline(OrderedInline):
    model = Package
    fields = ["position", "name"]
    show_change_link = True  # to the page with what the index says of it


class PointInline(OrderedInline):
    model = Point
    fields = ["position", "kind", "text", "slug"]
    prepopulated_fields = {"slug": ["text"]}
    formfield_overrides = {models.CharField: {"widget": forms.TextInput(attrs={"size": 40})}}


class CompanionInline(OrderedInline):
    model = Companion
    fk_name = "technology"
    fields = ["position", "companion", "label", "requirement", "group", "note"]
    autocomplete_fields = ["companion"]


class ListingInline(PartInline):
    model = Listing
    fields = ["position", "category", "label", "requirement", "verdict", "qualifier", "best_for"]
    autocomplete_fields = ["category"]
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        # A listing without a label is called by its technology.
        return super().get_queryset(request).select_related("category", "technology")


@admin.register(Technology)
class TechnologyAdmin(OrderedPartsAdmin, PageAdmin):
    counts = {"listing_count": "listings", "point_count": "points"}
    list_display = ["name", "kind", "status", "lifecycle", "listing_count", "point_count"]
    list_filter = [
        "status",
        AuthorFilter,
        TroubleFilter,
        "kind",
        "lifecycle",
        *given_filters("lifecycle", "lifecycle_source", "lifecycle_verified_on"),
        *given_filters("summary", "website", "documentation", "licence"),
        *REVIEW_FILTERS,
    ]
    search_fields = ["name", "slug", "aliases__name"]
    search_help_text = "By name, slug or another name."
    autocomplete_fields = ["replaced_by"]
    prepopulated_fields = {"slug": ["name"]}
    fieldsets = [
        (None, {"fields": ["name", "slug", "kind", "status"]}),
        ("What it is", {"fields": ["summary", "description"]}),
        ("Where it lives", {"fields": ["website", "documentation", "repository", "licence"]}),
        (
            "Lifecycle",
            {
                "description": "Whether its makers still keep it, and how we know.",
                "fields": [
                    "lifecycle",
                    "lifecycle_note",
                    "lifecycle_source",
                    "lifecycle_verified_on",
                    "replaced_by",
                ],
            },
        ),
        REVIEW_FIELDSET,
    ]
    inlines = [ListingInline, PointInline, CompanionInline, PackageInline, AliasInline]


@admin.register(Alias)
class AliasAdmin(PartAdmin):
    list_display = ["name", "technology"]
    list_select_related = ["technology"]
    search_fields = ["name", "slug", "technology__name"]
    autocomplete_fields = ["technology"]
    fields = ["technology", "name", "slug"]


class PackageFactsInline(ContentFormMixin, admin.StackedInline):
    model = PackageFacts
    extra = 0
    verbose_name = verbose_name_plural = "what the package index says"


@admin.register(Package)
class PackageAdmin(PartAdmin):
    list_display = ["name", "technology"]
    list_select_related = ["technology"]
    search_fields = ["name", "technology__name"]
    search_help_text = "By its name on the index, or its technology's."
    autocomplete_fields = ["technology"]
    fields = ["technology", "name", "position"]
    inlines = [PackageFactsInline]


@admin.register(PackageFacts)
class PackageFactsAdmin(PartAdmin):
    list_display = ["package", "latest_version", "released_on", "project_status", "read_on"]
    list_filter = ["project_status", "is_yanked", *given_filters("requires_python", "released_on")]
    list_select_related = ["package"]
    search_fields = ["package__name"]
    autocomplete_fields = ["package"]


@admin.register(Point)
class PointAdmin(PartAdmin):
    list_display = ["text", "kind", "technology"]
    list_filter = ["kind"]
    list_select_related = ["technology"]
    search_fields = ["text", "technology__name"]
    autocomplete_fields = ["technology"]
    fields = ["technology", "kind", "text", "slug", "position"]


@admin.register(Companion)
class CompanionAdmin(PartAdmin):
    list_display = ["__str__", "technology", "group"]
    list_filter = given_filters("requirement", "note")
    list_select_related = ["technology", "companion"]
    search_fields = ["label", "companion__name", "technology__name"]
    autocomplete_fields = ["technology", "companion"]
