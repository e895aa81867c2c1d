"""Where the grid hangs in the admin: its addresses, and who may open it."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods

from catalog.admin.base import is_key
from catalog.admin.content import ThingAdmin
from catalog.admin.grid.opened import Opened
from catalog.admin.grid.views import GridPage
from catalog.admin.overtaken import page_of_deleted
from catalog.models import Comparison

SEEN_BY = ("catalog.view_cell", "catalog.change_cell")


class GridAdmin(ThingAdmin):
    """The admin of comparisons, with their cells as the table that readers see."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.grid_view)
        return [
            path("<str:object_id>/grid/", view, name="catalog_comparison_grid"),
            path("<str:object_id>/grid/<str:criterion>/", view, name="catalog_comparison_grid_row"),
            *super().get_urls(),
        ]

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def grid_view(self, request: HttpRequest, object_id: str, criterion: str = "") -> HttpResponse:
        """The table, or one row of it with what its cells rest on; a POST saves what was typed."""
        comparison = self._comparison(request, object_id)
        if comparison is None:
            if request.method == "POST" and (page := page_of_deleted(request)):
                return page
            raise Http404
        opened = Opened.by(request, self, comparison)
        if not opened.document:  # it goes with what waits, or has just gone
            raise Http404
        if request.method == "POST" and not opened.rights.allowed:
            raise PermissionDenied
        return GridPage(request, self, opened, criterion).answer()

    def _comparison(self, request: HttpRequest, object_id: str) -> Comparison | None:
        """The comparison, for who may see it and its cells; None where there is none."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        if not any(map(request.user.has_perm, SEEN_BY)):
            raise PermissionDenied
        return self.get_object(request, object_id) if is_key(object_id) else None
