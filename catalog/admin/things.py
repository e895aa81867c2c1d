"""The pages of things and their parts; those of comparisons have a module of their own."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import URLPattern, path

from catalog.admin.base import ContentFormMixin, PartFormSet, PartInline, section
from catalog.admin.content import PageAdmin, PartAdmin, ThingAdmin
from catalog.admin.filters import TroubleFilter, given_filters
from catalog.admin.ordering import OrderedAdmin, OrderedFormSet, OrderedInline, OrderedPartsAdmin
from catalog.admin.previews import markdown_preview
from catalog.models import (
    Alias,
    ByteOrder,
    Category,
    Choice,
    Companion,
    Compatibility,
    Guide,
    Listing,
    Migration,
    Package,
    PackageFacts,
    Piece,
    Pin,
    Point,
    Role,
    Snippet,
    Stack,
    Status,
    SupportWindow,
    Technology,
    Thing,
    VersionSet,
)

# Categories --------------------------------------------------------------------------------------


class ListingOfCategoryInline(OrderedInline):
    model = Listing
    fields = [
        *("position", "technology", "label", "requirement"),
        *("verdict", "qualifier", "best_for", "note"),
    ]
    autocomplete_fields = ["technology"]
    show_change_link = True


@admin.register(Category)
class CategoryAdmin(OrderedAdmin, OrderedPartsAdmin, PageAdmin):
    within = ["parent_id"]
    counts = {"listing_count": "listings"}
    list_display = ["name", "parent", "status", "listing_count", "position"]
    list_filter = given_filters("parent", "best_for", "introduction")
    list_select_related = ["parent"]
    search_fields = ["name", "slug"]
    search_help_text = "By name or slug."
    autocomplete_fields = ["parent"]
    prepopulated_fields = {"slug": ["name"]}
    fieldsets = [
        section(None, ["name", "slug", "status"]),
        section("Place", ["parent", "position"], "Where it stands among the categories."),
        section("What it says", ["qualifier", "best_for", "introduction"]),
    ]
    inlines = [ListingOfCategoryInline]

    def get_ordering(self, request: HttpRequest) -> Any:
        return Category.objects.as_tree().query.order_by


@admin.register(Listing)
class ListingAdmin(PartAdmin):
    list_display = ["__str__", "category", "technology", "verdict", "position"]
    list_filter = ["verdict", *given_filters("qualifier", "best_for", "because")]
    search_fields = ["label", "technology__name", "technology__slug", "category__name"]
    autocomplete_fields = ["category", "technology"]
    fieldsets = [
        section(None, ["category", "technology", "position"]),
        section("As the list writes it", ["label", "requirement"]),
        section(
            "Judgement",
            ["verdict", "qualifier", "best_for", "note", "because"],
            "A verdict other than “listed” should say why.",
        ),
    ]


# Technologies ------------------------------------------------------------------------------------


class AliasInline(PartInline):
    model = Alias
    fields = ["name", "slug"]
    prepopulated_fields = {"slug": ["name"]}


class PackageInline(OrderedInline):
    model = Package
    fields = ["position", "name", "import_name"]
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


class SupportWindowInline(OrderedInline):
    model = SupportWindow
    fields = ["position", "cycle", "active_until", "end_of_life", "source", "verified_on"]


class MigrationInline(OrderedInline):
    model = Migration
    fk_name = "technology"
    fields = ["position", "to", "effort", "steps", "source", "verified_on"]
    autocomplete_fields = ["to"]


class CompatibilityInline(OrderedInline):
    model = Compatibility
    fk_name = "technology"
    fields = ["position", "relation", "other", "versions", "because", "source", "verified_on"]
    autocomplete_fields = ["other"]


class PieceInline(OrderedInline):
    model = Piece
    fk_name = "technology"
    fields = ["position", "slug", "path", "slot", "with_technology", "and_technology"]
    autocomplete_fields = ["with_technology", "and_technology"]
    show_change_link = True  # to the page with its text


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
        TroubleFilter,
        "kind",
        "lifecycle",
        *given_filters("lifecycle", "lifecycle_source", "lifecycle_verified_on"),
        *given_filters("summary", "website", "documentation", "licence"),
    ]
    search_fields = ["name", "slug", "aliases__name"]
    search_help_text = "By name, slug or another name."
    autocomplete_fields = ["replaced_by"]
    prepopulated_fields = {"slug": ["name"]}
    fieldsets = [
        section(None, ["name", "slug", "kind", "status"]),
        section("What it is", ["summary", "description"]),
        section("Where it lives", ["website", "documentation", "repository", "licence"]),
        section(
            "Lifecycle",
            [
                "lifecycle",
                "lifecycle_note",
                "lifecycle_source",
                "lifecycle_verified_on",
                "replaced_by",
            ],
            "Whether its makers still keep it, and how we know.",
        ),
    ]
    inlines = [
        *(ListingInline, PointInline, CompanionInline, MigrationInline),
        *(SupportWindowInline, CompatibilityInline, PieceInline, PackageInline, AliasInline),
    ]


@admin.register(Alias)
class AliasAdmin(PartAdmin):
    list_display = ["name", "technology"]
    search_fields = ["name", "slug", "technology__name"]
    autocomplete_fields = ["technology"]
    fields = ["technology", "name", "slug"]


class PackageFactsInline(ContentFormMixin, admin.StackedInline):
    model = PackageFacts
    formset = PartFormSet
    extra = 0
    verbose_name = verbose_name_plural = "what the package index says"


@admin.register(Package)
class PackageAdmin(PartAdmin):
    list_display = ["name", "technology"]
    search_fields = ["name", "technology__name"]
    search_help_text = "By its name on the index, or its technology's."
    autocomplete_fields = ["technology"]
    fields = ["technology", "name", "import_name", "position"]
    inlines = [PackageFactsInline]


@admin.register(PackageFacts)
class PackageFactsAdmin(PartAdmin):
    list_display = ["package", "latest_version", "released_on", "project_status", "read_on"]
    list_filter = ["project_status", "is_yanked", *given_filters("requires_python", "released_on")]
    search_fields = ["package__name"]
    autocomplete_fields = ["package"]


@admin.register(Point)
class PointAdmin(PartAdmin):
    list_display = ["text", "kind", "technology"]
    list_filter = ["kind"]
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


@admin.register(SupportWindow)
class SupportWindowAdmin(PartAdmin):
    list_display = ["cycle", "technology", "active_until", "end_of_life", "verified_on"]
    list_filter = given_filters("source", "verified_on")
    search_fields = ["cycle", "technology__name"]
    autocomplete_fields = ["technology"]


@admin.register(Migration)
class MigrationAdmin(PartAdmin):
    list_display = ["technology", "to", "effort", "verified_on"]
    list_filter = ["effort", *given_filters("steps", "source")]
    list_select_related = ["technology", "to"]
    search_fields = ["technology__name", "to__name"]
    autocomplete_fields = ["technology", "to"]


@admin.register(Compatibility)
class CompatibilityAdmin(PartAdmin):
    list_display = ["technology", "relation", "other", "versions", "verified_on"]
    list_filter = ["relation", *given_filters("because", "source")]
    list_select_related = ["technology", "other"]
    search_fields = ["technology__name", "other__name"]
    autocomplete_fields = ["technology", "other"]


@admin.register(Piece)
class PieceAdmin(PartAdmin):
    list_display = ["slug", "technology", "path", "slot", "with_technology", "and_technology"]
    list_filter = ["slot"]
    list_select_related = ["technology", "with_technology", "and_technology"]
    search_fields = ["slug", "path", "technology__name"]
    autocomplete_fields = ["technology", "with_technology", "and_technology"]


# Stacks ------------------------------------------------------------------------------------------


class RoleInline(OrderedInline):
    model = Role
    fields = ["position", "name", "slug", "mode"]
    prepopulated_fields = {"slug": ["name"]}
    show_change_link = True  # to the page where the role is filled


class ChoiceInline(OrderedInline):
    model = Choice
    fields = ["position", "technology", "version", "with_technology", "note"]
    autocomplete_fields = ["technology", "with_technology"]


@admin.register(Stack)
class StackAdmin(OrderedAdmin, OrderedPartsAdmin, PageAdmin):
    counts = {"role_count": "roles"}
    list_display = ["name", "status", "role_count", "position"]
    list_filter = given_filters("introduction")
    search_fields = ["name", "slug"]
    prepopulated_fields = {"slug": ["name"]}
    fieldsets = [
        section(None, ["name", "slug", "status", "position"]),
        section("What it says", ["introduction"]),
    ]
    inlines = [RoleInline]


@admin.register(Role)
class RoleAdmin(OrderedPartsAdmin, PartAdmin):
    counts = {"choice_count": "choices"}
    list_display = ["name", "stack", "mode", "choice_count"]
    list_filter = ["mode"]
    search_fields = ["name", "slug", "stack__name"]
    autocomplete_fields = ["stack"]
    fieldsets = [
        section(None, ["stack", "name", "slug"]),
        section("How it is filled", ["mode", "position"]),
    ]
    inlines = [ChoiceInline]


@admin.register(Choice)
class ChoiceAdmin(PartAdmin):
    list_display = ["technology", "version", "with_technology", "note", "role", "stack"]
    list_filter = given_filters("version")
    list_select_related = ["technology", "with_technology", "role__stack"]
    search_fields = ["technology__name", "role__name", "role__stack__name"]
    autocomplete_fields = ["role", "technology", "with_technology"]

    @admin.display(description="stack", ordering="role__stack__name")
    def stack(self, choice: Choice) -> Stack:
        return choice.role.stack


# Version sets ------------------------------------------------------------------------------------


class PinFormSet(OrderedFormSet):
    within = ["group"]


class PinInline(OrderedInline):
    model = Pin
    formset = PinFormSet
    fields = ["group", "position", "package", "extras", "specifier", "note"]
    autocomplete_fields = ["package"]


@admin.register(VersionSet)
class VersionSetAdmin(OrderedPartsAdmin, PageAdmin):
    counts = {"pin_count": "pins"}
    list_display = ["title", "as_of", "python", "status", "pin_count"]
    list_filter = given_filters("introduction")
    search_fields = ["title", "slug"]
    prepopulated_fields = {"slug": ["title"]}
    fieldsets = [
        section(None, ["title", "slug", "status", "as_of"]),
        section(
            "Python",
            ["python", "python_note"],
            "The versions of Python these packages were chosen for.",
        ),
        section("What it says", ["introduction"]),
    ]
    inlines = [PinInline]


@admin.register(Pin)
class PinAdmin(PartAdmin):
    list_display = ["package", "specifier", "group", "version_set"]
    list_filter = ["group", *given_filters("note")]
    search_fields = ["package__name", "version_set__title"]
    autocomplete_fields = ["version_set", "package"]


# Snippets and the guide --------------------------------------------------------------------------


@admin.register(Snippet)
class SnippetAdmin(OrderedAdmin, ThingAdmin):
    within = ["technology_id", "category_id"]
    ordering = [
        ByteOrder(Coalesce("technology__slug", "category__slug")),
        "position",
        ByteOrder("slug"),
    ]
    list_display = ["title", "language", "technology", "category", "run_with"]
    list_filter = ["language", *given_filters("run_with")]
    list_select_related = ["technology", "category"]
    search_fields = ["title", "slug", "technology__name", "category__name"]
    autocomplete_fields = ["technology", "category"]
    prepopulated_fields = {"slug": ["title"]}
    fieldsets = [
        section(None, ["title", "slug"]),
        section(
            "Place",
            ["technology", "category", "position"],
            "Give one of the two: whose page it stands on.",
        ),
        section("Code", ["language", "code", "run_with"]),
    ]

    def view_on_site(self, thing: Snippet) -> str | None:
        """Return its place on its owner's page, if it has one that readers can open."""
        # A form that failed may have left it without owner.
        owner = thing.technology or thing.category
        if owner is None or owner.status == Status.DRAFT:
            return None
        return thing.get_absolute_url()


@admin.register(Guide)
class GuideAdmin(ThingAdmin):
    list_display = ["title"]
    search_fields = ["title"]
    fieldsets = [
        section(None, ["title"]),
        section(
            "The front page",
            ["introduction", "closing"],
            "Between the two stand the categories, by themselves.",
        ),
    ]

    def get_urls(self) -> list[URLPattern]:
        # Of no guide and no row: how any text of the forms will read.
        view = self.admin_site.admin_view(markdown_preview)
        return [path("markdown-preview/", view, name="markdown_preview"), *super().get_urls()]

    def get_readonly_fields(self, request: HttpRequest, obj: Thing | None = None) -> list[str]:
        return []  # its slug is not shown at all

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not Guide.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Thing | None = None) -> bool:
        return False

    def save_model(
        self, request: HttpRequest, obj: Guide, form: forms.ModelForm, change: bool
    ) -> None:
        obj.slug = "guide"
        super().save_model(request, obj, form, change)
