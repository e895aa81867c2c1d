"""Move rows by buttons. They submit the form they stand in, so they need no script, no mouse."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import models
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from catalog.admin.base import STEP, PartFormSet, PartInline
from catalog.admin.content import ContentAdmin
from catalog.admin.saving import publishes, save_or_propose

MOVE = "_move"  # the buttons' name; Django's own begin like this
ORDER = re.compile(r"(up|down)-([a-z]+)-([0-9]{1,18})")


def note_places(rows: Iterable[models.Model], keys: Iterable[tuple]) -> None:
    """Note at each row whether something stands above or below it.

    `keys` are those of all rows in order, each followed by what it has in common with those
    that it moves among.
    """
    groups = defaultdict(list)
    for key, *group in keys:
        groups[tuple(group)].append(key)
    first = {keys[0] for keys in groups.values()}
    last = {keys[-1] for keys in groups.values()}
    for row in rows:
        row.can_move = {"up": row.pk not in first, "down": row.pk not in last}


@admin.display(description="move")
def show_moves(_model_admin: BaseModelAdmin, row: models.Model) -> SafeString | str:
    """Return both buttons, disabled where they lead nowhere; none for a row yet to be added."""
    can_move = getattr(row, "can_move", None)
    if can_move is None:
        return ""
    button = '<button type="submit" name="{}" value="{}" id="{}" aria-label="{}"{}>{}</button>'
    buttons = []
    for direction, sign in (("up", "↑"), ("down", "↓")):
        order = f"{direction}-{row._meta.model_name}-{row.pk}"
        disabled = "" if can_move[direction] else " disabled"
        buttons.append((MOVE, order, order, f"Move {row} {direction}", disabled, sign))
    return format_html('<span class="moves">{}</span>', format_html_join("", button, buttons))


class OrderedAdmin(ContentAdmin):
    """A list whose rows move among those that agree with them in each of the fields `within`."""

    within: Sequence[str] = ()
    moves = show_moves

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        found = super().get_changelist_instance(request)
        # All of them, not only those found: where a row can go depends on what is not shown, too.
        note_places(found.result_list, self.model.objects.values_list("pk", *self.within))
        return found

    def get_list_display(self, request: HttpRequest) -> list[str]:
        columns = [*super().get_list_display(request)]
        return [*columns, "moves"] if self._may_move(request) else columns

    def _may_move(self, request: HttpRequest) -> bool:
        # One move may change many things, each of which would wait by itself.
        return self.has_change_permission(request) and publishes(request)

    def changelist_view(self, request: HttpRequest, *args: Any) -> HttpResponse:
        if request.method != "POST" or MOVE not in request.POST:
            return super().changelist_view(request, *args)
        with save_or_propose(request):
            return self._move_row(request)

    def _move_row(self, request: HttpRequest) -> HttpResponse:
        direction, name, key = read_order(request)
        if name != self.opts.model_name:
            raise BadRequest("Another list has such rows.")
        if not self._may_move(request):
            raise PermissionDenied
        row = self.get_queryset(request).filter(pk=key).first()
        if row is None:
            raise Http404
        if not self.has_change_permission(request, row):
            raise PermissionDenied
        anchor = move(row, self.model.objects.all(), self.within, direction)
        message = f"Moved {direction}."
        self.log_change(request, row, message)
        self.message_user(request, f"{row}: {message}", messages.SUCCESS)
        return HttpResponseRedirect(f"{request.get_full_path()}#{anchor}")


class OrderedFormSet(PartFormSet):
    """Parts that move within their table, or within the rows that agree with them in `within`."""

    within: Sequence[str] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = self.get_queryset()
        note_places(rows, [(row.pk, *(getattr(row, name) for name in self.within)) for row in rows])


class OrderedInline(PartInline):
    formset = OrderedFormSet
    moves = show_moves

    def get_fields(self, request: HttpRequest, obj: models.Model | None = None) -> list[str]:
        fields = [*super().get_fields(request, obj)]
        movable = obj is not None and self.has_change_permission(request, obj)
        return ["moves", *fields] if movable else fields

    def get_readonly_fields(self, request: HttpRequest, *args: Any) -> list[str]:
        return [*super().get_readonly_fields(request, *args), "moves"]


class OrderedPartsAdmin(ContentAdmin):
    """A page whose tables have such buttons. They save what was typed, then move."""

    def response_change(self, request: HttpRequest, obj: models.Model) -> HttpResponse:
        if MOVE not in request.POST:
            return super().response_change(request, obj)
        direction, name, key = read_order(request)
        tables = {each.opts.model_name: each for each in self.get_inline_instances(request, obj)}
        inline = tables.get(name)
        if not isinstance(inline, OrderedInline):
            raise BadRequest("This page has no such parts.")
        if not inline.has_change_permission(request, obj):
            raise PermissionDenied
        owner = inline.get_formset(request, obj).fk
        parts = inline.get_queryset(request).filter(**{owner.name: obj})
        part = parts.filter(pk=key).first()
        if part is None and inline.model.objects.filter(pk=key).exists():
            raise BadRequest("That part belongs to another page.")
        if part is None:  # deleted by the same form, or by somebody else
            return HttpResponseRedirect(request.get_full_path())
        anchor = move(part, parts, inline.formset.within, direction)
        message = f"Moved {inline.opts.verbose_name} “{part}” {direction}."
        self.log_change(request, obj, message)
        self.message_user(request, message, messages.SUCCESS)
        return HttpResponseRedirect(f"{request.get_full_path()}#{anchor}")


def read_order(request: HttpRequest) -> tuple[str, str, int]:
    """Return direction, model and key of the row to move. Raise BadRequest for anything else."""
    order = ORDER.fullmatch(request.POST[MOVE])
    if order is None:
        raise BadRequest("That is no order to move a row.")
    return order[1], order[2], int(order[3])


def move(row: models.Model, rows: QuerySet, within: Sequence[str], direction: str) -> str:
    """Let a row change places with its neighbour, if there is one, and number its group anew.

    Its group are those of the rows that agree with it in the fields `within`. Positions need not
    differ before, so that to exchange two numbers would not do. Write only rows whose number
    changes. Return the id of the button to go on with.
    """
    siblings = list(rows.filter(**{name: getattr(row, name) for name in within}))
    here = siblings.index(row)
    there = here - 1 if direction == "up" else here + 1
    if 0 <= there < len(siblings):
        siblings[here], siblings[there] = siblings[there], siblings[here]
        numbered = list(enumerate(siblings, start=1))
        changed = [sibling for number, sibling in numbered if sibling.position != number * STEP]
        for number, sibling in numbered:
            sibling.position = number * STEP
        type(row)._base_manager.bulk_update(changed, ["position"])
        here = there
    at_the_end = here == (0 if direction == "up" else len(siblings) - 1)
    onwards = {"up": "down", "down": "up"}[direction] if at_the_end else direction
    return f"{onwards}-{row._meta.model_name}-{row.pk}"
