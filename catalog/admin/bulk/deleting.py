"""Deleting many rows at once, as they were when the page was shown on which it is confirmed."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.actions import delete_selected as djangos
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from catalog.admin import listed, tokens
from catalog.history import editions


@admin.action(permissions=["delete"], description="Delete selected %(verbose_name_plural)s")
def delete_selected(
    model_admin: admin.ModelAdmin, request: HttpRequest, selected: QuerySet
) -> HttpResponse | None:
    """Django's own action, through the door that is open; refused where something has changed."""
    number = editions.number_now()  # before the rows: what changes in between makes it stale
    if "post" in request.POST:
        # Whatever the list is filtered by: somebody may have changed just that.
        keys = set(request.POST.getlist(ACTION_CHECKBOX_NAME))
        selected = model_admin.get_queryset(request).filter(pk__in=keys)
        if refusal := _refusal(request, selected, len(keys)):
            model_admin.message_user(request, refusal, messages.ERROR)
            request.POST = request.POST.copy()
            del request.POST["post"]
    page: Any = djangos(model_admin, request, selected)
    if isinstance(page, TemplateResponse):
        page.context_data["token_name"] = tokens.FIELD
        page.context_data["token"] = listed.token_of(number, selected.things())
    return page


def _refusal(request: HttpRequest, selected: QuerySet, count: int) -> str:
    """Why nothing is deleted; empty where all of it is as it was shown."""
    shown = listed.Listed.posted(request.POST)
    if shown is None or not selected.things() <= shown.things:
        return "It is not known which state this page was made from: look again."
    if changed := shown.changed(shown.things):
        text = "Nothing was deleted. %(changes)s"
        return text % {"changes": listed.told(changed)}
    if selected.count() < count:
        return "Nothing was deleted: some of it is gone already. Look again."
    return ""
