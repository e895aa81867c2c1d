"""The editor's page for the guide itself."""

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.urls import URLPattern, path

from catalog.admin.base import REVIEW_FIELDSET
from catalog.admin.content import ThingAdmin
from catalog.admin.markdown_preview import markdown_preview
from catalog.models import Guide, Thing


@admin.register(Guide)
class GuideAdmin(ThingAdmin):
    list_display = ["title"]
    search_fields = ["title"]
    fieldsets = [
        (None, {"fields": ["title"]}),
        (
            "The front page",
            {
                "description": "Between the two stand the categories, by themselves.",
                "fields": ["introduction", "closing"],
            },
        ),
        REVIEW_FIELDSET,
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
