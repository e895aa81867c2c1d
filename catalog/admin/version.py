"""The editor's pages for version sets and their pins."""

from django.contrib import admin

from catalog.admin.base import REVIEW_FIELDSET
from catalog.admin.content import PartAdmin
from catalog.admin.filters import REVIEW_FILTERS, AuthorFilter, given_filters
from catalog.admin.ordering import OrderedInline, OrderedPartsAdmin
from catalog.admin.previews import PageAdmin
from catalog.models import Pin, VersionSet


class PinInline(OrderedInline):
    model = Pin
    within = ["group"]
    fields = ["group", "position", "package", "extras", "specifier", "note"]
    autocomplete_fields = ["package"]


@admin.register(VersionSet)
class VersionSetAdmin(OrderedPartsAdmin, PageAdmin):
    counts = {"pin_count": "pins"}
    list_display = ["title", "as_of", "python", "status", "pin_count"]
    list_filter = ["status", AuthorFilter, *given_filters("introduction"), *REVIEW_FILTERS]
    search_fields = ["title", "slug"]
    prepopulated_fields = {"slug": ["title"]}
    fieldsets = [
        (None, {"fields": ["title", "slug", "status", "as_of"]}),
        (
            "Python",
            {
                "description": "The versions of Python these packages were chosen for.",
                "fields": ["python", "python_note"],
            },
        ),
        ("What it says", {"fields": ["introduction"]}),
        REVIEW_FIELDSET,
    ]
    inlines = [PinInline]


@admin.register(Pin)
class PinAdmin(PartAdmin):
    list_display = ["package", "specifier", "group", "version_set"]
    list_filter = ["group", *given_filters("note")]
    list_select_related = ["package", "version_set"]
    search_fields = ["package__name", "version_set__title"]
    autocomplete_fields = ["version_set", "package"]
