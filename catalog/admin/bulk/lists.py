"""Lists of things that can be changed many at once."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from catalog.admin import tokens
from catalog.admin.actions import (
    Action,
    Archive,
    MarkReviewed,
    MoveCategories,
    MoveComparisons,
    MoveSnippets,
    MoveTechnologies,
    Publish,
    SetLifecycle,
)
from catalog.admin.base import SiteAdmin
from catalog.admin.bulk.confirming import Confirmation
from catalog.models import Category, Comparison, Page, Snippet, Technology, Thing

OF_PAGES = [Publish(), Archive()]
OF_THINGS = [MarkReviewed()]
OF_MODEL: dict[type[Thing], list[Action]] = {
    Category: [MoveCategories()],
    Technology: [SetLifecycle(), MoveTechnologies()],
    Comparison: [MoveComparisons()],
    Snippet: [MoveSnippets()],
}
NAMES = {action.name for actions in (OF_PAGES, OF_THINGS, *OF_MODEL.values()) for action in actions}


def actions_of(model: type[Thing]) -> list[Action]:
    """What can be done to many things of a model at once."""
    of_pages = OF_PAGES if issubclass(model, Page) else []
    return [*of_pages, *OF_THINGS, *OF_MODEL.get(model, [])]


class BulkAdmin(SiteAdmin):
    """A list above which such actions are offered to those who may change what it holds."""

    def __init__(self, model: type[Thing], admin_site: admin.AdminSite) -> None:
        super().__init__(model, admin_site)
        offered = actions_of(model)
        self.actions = [*(self.actions or ()), *map(_confirming, offered)]
        for action in offered:
            # What Django asks for the permission that an action names: here, its own.
            setattr(self, f"has_{action.name}_permission", partial(self._may_take, action))

    def _may_take(self, action: Action, request: HttpRequest) -> bool:
        return self.has_change_permission(request) and action.is_open_to(request)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        asked = {*request.POST.getlist("action")} - {""}
        if not asked or not asked <= NAMES or "_save" in request.POST:
            return super().changelist_view(request, extra_context)
        if tokens.FIELD in request.POST and ACTION_CHECKBOX_NAME not in request.POST:
            messages.warning(request, "Nothing was ticked, so nothing was changed.")
            return HttpResponseRedirect(request.get_full_path())
        # Past the door that lists open for what they write: these open it once confirmed.
        return SiteAdmin.changelist_view(self, request, extra_context)


def _confirming(action: Action) -> Callable[..., HttpResponse | None]:
    @admin.action(permissions=[action.name], description=action.label)
    def confirm(
        model_admin: admin.ModelAdmin, request: HttpRequest, selected: QuerySet
    ) -> HttpResponse | None:
        return Confirmation(action, model_admin, request).answer(selected)

    confirm.__name__ = action.name  # by which lists tell actions apart
    return confirm
