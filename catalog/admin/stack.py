"""The editor's pages for stacks, their roles and what fills them."""

from django.contrib import admin

from catalog.admin.base import REVIEW_FIELDSET
from catalog.admin.content import PartAdmin
from catalog.admin.filters import REVIEW_FILTERS, AuthorFilter, given_filters
from catalog.admin.ordering import OrderedAdmin, OrderedInline, OrderedPartsAdmin
from catalog.admin.previews import PageAdmin
from catalog.models import Choice, Role, Stack


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
    list_filter = ["status", AuthorFilter, *given_filters("introduction"), *REVIEW_FILTERS]
    search_fields = ["name", "slug"]
    prepopulated_fields = {"slug": ["name"]}
    fieldsets = [
        (None, {"fields": ["name", "slug", "status", "position"]}),
        ("What it says", {"fields": ["introduction"]}),
        REVIEW_FIELDSET,
    ]
    inlines = [RoleInline]


@admin.register(Role)
class RoleAdmin(OrderedPartsAdmin, PartAdmin):
    counts = {"choice_count": "choices"}
    list_display = ["name", "stack", "mode", "choice_count"]
    list_filter = ["mode"]
    list_select_related = ["stack"]
    search_fields = ["name", "slug", "stack__name"]
    autocomplete_fields = ["stack"]
    fieldsets = [
        (None, {"fields": ["stack", "name", "slug"]}),
        ("How it is filled", {"fields": ["mode", "position"]}),
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
