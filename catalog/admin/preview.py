"""A page as readers will see it, shown to editors before there is anything to be read."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, resolve, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe

from catalog.admin.base import is_key
from catalog.admin.content import ThingAdmin
from catalog.http import state_of, wants_fragment


class PageAdmin(ThingAdmin):
    """A page for a thing with a public page, and a preview of that."""

    def get_urls(self) -> list[URLPattern]:
        # Which also asks who is there, and says that nobody may keep the answer.
        view = self.admin_site.admin_view(self.preview_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_preview"
        return [path("<str:object_id>/preview/", view, name=name), *super().get_urls()]

    @method_decorator(require_safe)
    def preview_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The public view's own answer for this row, whatever its status.

        It is found by the row's address, since the admin stands beside the views, not above them.
        """
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        state_of(request)  # before the row is read
        pages = self.model.objects.for_detail()
        page = pages.filter(pk=object_id).first() if is_key(object_id) else None
        if page is None:
            raise Http404
        response = resolve(page.get_absolute_url()).func.show(request, page)
        if not isinstance(response, TemplateResponse) or wants_fragment(request):
            return response
        response.context_data |= {"shown": response.template_name, "previewed": page}
        response.context_data["change_address"] = self._address(object_id, "change")
        response.template_name = "admin/catalog/preview.html"
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        extra = dict(extra_context or {})
        if is_key(object_id):  # else there is nothing, and Django says so
            extra["preview_address"] = self._address(object_id, "preview")
        return super().change_view(request, object_id, form_url, extra)

    def _address(self, object_id: str, page: str) -> str:
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}"
        return reverse(name, args=[object_id], current_app=self.admin_site.name)
