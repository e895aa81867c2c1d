"""The admin of a guide: Django's, with the desk on its first page."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse


class GuideAdminSite(admin.AdminSite):
    """Named by catalog.apps as the site that Django registers its own and our models with."""

    site_title = site_header = "StackGuide"
    index_title = "Keeping the guide"

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show Django's index below what needs attention. Some twenty queries, however much."""
        # The admin's modules register with this site, so they can only come after it.
        from catalog.admin.desk.index import desk_of  # noqa: PLC0415

        return super().index(request, {"desk": desk_of(request), **(extra_context or {})})

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        """Answer a picker. Three queries."""
        from catalog.admin.pickers import PickerView  # noqa: PLC0415

        return PickerView.as_view(admin_site=self)(request)

    def submitted_values(self, request: HttpRequest) -> list[Any]:
        """Return what was typed into a posted form, in its words: for pages that cannot save it."""
        from catalog.admin.overtaken import submitted_values  # noqa: PLC0415

        return submitted_values(request)
