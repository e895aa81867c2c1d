"""What waits for a publisher: the list, what each would change, and what becomes of it."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from http import HTTPStatus
from itertools import islice
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse

from catalog import completeness
from catalog.admin.base import (
    ReadOnlyMixin,
    SiteAdmin,
    form_address,
    history_address,
    is_key,
    may_look,
    render_page,
)
from catalog.admin.conflicts import PROPOSED, Choices
from catalog.admin.differences import MOST_LINES, lines_of
from catalog.admin.overtaken import questions_of
from catalog.admin.previews import preview_of_pending
from catalog.admin.revisions import Past, sentences_of
from catalog.admin.saving import may_amend, publishes, save_or_propose, shown_with_pending
from catalog.describe import Labels, problem_sentences
from catalog.history import editions
from catalog.history.pending import CannotShowError, Merged, merge_pending, pending_for
from catalog.history.trial import write
from catalog.models import THINGS, Pending

# As long as the longest comment.
MOST_LETTERS = 500


class MineFilter(admin.SimpleListFilter):
    """Finds what somebody had a part in."""

    title = "author"
    parameter_name = "author"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [(request.user.get_username(), "me")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() is None:
            return queryset
        rows = queryset.values_list("pk", "authors")
        return queryset.filter(pk__in=[pk for pk, authors in rows if self.value() in authors])


@admin.register(Pending)
class PendingAdmin(ReadOnlyMixin, SiteAdmin):
    list_display = ["__str__", "state", "user", "at", "edition", "comment"]
    list_filter = ["state", MineFilter, "kind"]
    search_fields = ["kind", "slug", "user", "comment"]
    search_help_text = "By kind, slug, user or comment."

    def get_urls(self) -> list[URLPattern]:
        preview = self.admin_site.admin_view(preview_of_pending)
        return [
            path("<str:key>/preview/", preview, name="catalog_pending_preview"),
            *super().get_urls(),
        ]

    def has_view_permission(self, request: HttpRequest, obj: Pending | None = None) -> bool:
        """Who may see a thing may see what it would be."""
        if not super().has_view_permission(request, obj):
            return False
        return obj is None or may_look(request, obj.kind)

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Pending | None:
        """Also one that somebody may not see, who is told so."""
        return Pending.objects.filter(pk=object_id).first() if is_key(object_id) else None

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """In lists, only of kinds of things that somebody may see; what is closed, when asked."""
        rows = super().get_queryset(request)
        if request.GET.get("state__exact") != Pending.State.WITHDRAWN:
            rows = rows.open()
        return rows.filter(kind__in=[kind for kind in THINGS if may_look(request, kind)])

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        pending = self.get_object(request, object_id)
        if pending is None:
            if request.method == "POST":
                text = "That change waits no longer: somebody has applied it."
                messages.warning(request, text)
                return HttpResponseRedirect(reverse("admin:catalog_pending_changelist"))
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, pending):
            raise PermissionDenied
        return show(request, pending) if request.method != "POST" else decide(request, pending)


def decide(request: HttpRequest, pending: Pending) -> HttpResponse:
    """Do what a button of the page asks for."""
    decision = DECISIONS.get(request.POST.get("_decision", ""))
    if decision is None:
        raise BadRequest("The page has no such button.")
    is_closed = pending.state == Pending.State.WITHDRAWN
    if is_closed != (decision.take is restore) or not decision.is_open_to(request, pending):
        raise PermissionDenied
    return decision.take(request, pending)


def apply(request: HttpRequest, pending: Pending) -> HttpResponse:
    """Write it through the merge: all of it and the choices, or nothing."""
    comment = f"{pending.comment} Proposed by {', '.join(pending.authors)}."
    with save_or_propose(request, pending.thing, comment=comment.strip()):
        refusals = _write(request, pending)
        if not refusals:
            Pending.objects.filter(pk=pending.pk).delete()
    if refusals:
        return show(request, pending, refusals, status=HTTPStatus.CONFLICT)
    messages.success(request, "Applied: readers see it now.")
    return HttpResponseRedirect(history_address(pending.thing))


def _write(request: HttpRequest, pending: Pending) -> list[str]:
    """Write what waits and what was chosen; return why not, where that cannot be."""
    if refusal := _stale(request, pending):
        return [refusal]
    merged = merge_pending(pending, Choices(request.POST).choose)
    if merged.conflicts:
        return ["Choose what is to stand where both have changed the same."]
    return problem_sentences(write(merged.changes))


def send_back(request: HttpRequest, pending: Pending) -> HttpResponse:
    """Give it back to its author with a word; it stays until somebody withdraws or amends it."""
    answer = request.POST.get("answer", "").strip()[:MOST_LETTERS]
    if not answer:
        return show(request, pending, ["Say what should be different."])
    return _note(
        request,
        pending,
        "Returned: its author reads on the desk what you said.",
        state=Pending.State.RETURNED,
        answer=answer,
        answered_by=request.user.get_username(),
    )


def explain(request: HttpRequest, pending: Pending) -> HttpResponse:
    """Say what it is for; with its history that stays."""
    comment = request.POST.get("comment", "").strip()[:MOST_LETTERS]
    return _note(request, pending, "The comment is kept.", comment=comment)


def withdraw(request: HttpRequest, pending: Pending) -> HttpResponse:
    """Close it, once that is confirmed; what is live stays as it is."""
    if "_confirmed" not in request.POST:
        return show(request, pending, is_asked=True)
    text = "Withdrawn: what readers see stays as it is, and you can take it up again."
    return _note(request, pending, text, state=Pending.State.WITHDRAWN)


def restore(request: HttpRequest, pending: Pending) -> HttpResponse:
    """Let what was withdrawn wait again, unless another change of its thing waits."""
    if pending_for(pending.thing):
        return show(request, pending, ["Another change of it waits; decide that first."], 409)
    return _note(request, pending, "It waits again.", state=Pending.State.WAITING)


class Decision(NamedTuple):
    take: Callable[[HttpRequest, Pending], HttpResponse]
    is_open_to: Callable[[HttpRequest, Pending], bool]


def may_apply(request: HttpRequest, pending: Pending) -> bool:
    """Return whether somebody may make it live; with FOUR_EYES, nobody who had a part in it."""
    own = request.user.get_username() in pending.authors
    return publishes(request) and not (settings.FOUR_EYES and own)


def _may_return(request: HttpRequest, _pending: Pending) -> bool:
    return publishes(request)


def _may_withdraw(request: HttpRequest, pending: Pending) -> bool:
    """Return whether it is theirs: others return it."""
    return request.user.get_username() in pending.authors


DECISIONS = {
    "apply": Decision(apply, may_apply),
    "return": Decision(send_back, _may_return),
    "explain": Decision(explain, may_amend),
    "withdraw": Decision(withdraw, _may_withdraw),
    "restore": Decision(restore, _may_withdraw),
}


def show(
    request: HttpRequest,
    pending: Pending,
    refusals: Iterable[str] = (),
    status: int = HTTPStatus.OK,
    *,
    is_asked: bool = False,
) -> HttpResponse:
    """Show the page of a pending change, with what would change now and what is at odds.

    With `is_asked` it asks whether it is to be withdrawn.
    """
    number = editions.number_now()  # before the rows: what changes in between makes the form stale
    merged = merge_pending(pending)
    is_closed = pending.state == Pending.State.WITHDRAWN
    choices = Choices(request.POST)
    past = Past.of(pending.thing)
    rows = [*merged.mine, *merged.theirs, *merged.changes]
    labels = Labels.of(rows)
    lines = list(islice(lines_of(merged.mine, labels), MOST_LINES + 1))
    context = {
        "title": f"Pending change of “{past.title(labels)}”",
        "thing": pending.thing,
        "pending": pending,
        "refusals": refusals,
        "sentences": sentences_of(pending.thing, merged.mine, labels),
        "lines": lines[:MOST_LINES],
        "most": MOST_LINES if len(lines) > MOST_LINES else 0,
        "is_done": not (merged.changes or merged.asked),
        "has_moved": bool(merged.theirs),
        "conflicts": list(questions_of(pending.thing, merged, choices, labels, PROPOSED)),
        "reasons": [] if merged.asked else _problems(merged),
        "state": f"{pending.version} {number}",
        "form_address": form_address(past.row),
        "is_asked": is_asked,
        "is_closed": is_closed,
        "may_apply": not is_closed and may_apply(request, pending),
        "may_return": not is_closed and _may_return(request, pending),
        "may_amend": not is_closed and may_amend(request, pending),
        "may_withdraw": _may_withdraw(request, pending),
        "needs_another": not is_closed and publishes(request) and not may_apply(request, pending),
        "lacks": _lacks(request, pending),
    }
    return render_page(request, "pending.html", context, status)


def _problems(merged: Merged) -> list[str]:
    """Return why it cannot be written now; nothing while somebody else writes."""
    with suppress(editions.BusyError):
        return problem_sentences(merged.problems())
    return []


def _lacks(request: HttpRequest, pending: Pending) -> list[str]:
    """Return what the thing would still lack, for who decides; nothing if it cannot be tried."""
    if not publishes(request):
        return []
    try:
        with shown_with_pending(pending, wait=False):
            return completeness.lacks(pending.thing)
    except (editions.BusyError, CannotShowError):
        return []


def _note(request: HttpRequest, pending: Pending, text: str, **said: Any) -> HttpResponse:
    """Write what somebody said beside the change, unless it has become another one.

    `text` says that it was done.
    """
    with transaction.atomic():
        if refusal := _stale(request, pending):
            return show(request, pending, [refusal], status=HTTPStatus.CONFLICT)
        Pending.objects.filter(pk=pending.pk).update(**said)
    messages.success(request, text)
    return HttpResponseRedirect(request.get_full_path())


def _stale(request: HttpRequest, pending: Pending) -> str:
    """Return why the posted page no longer shows what there is; lock the pending change."""
    version, _space, number = request.POST.get("_state", "").partition(" ")
    there = Pending.objects.select_for_update().filter(pk=pending.pk).first()
    if there is None or str(there.version) != version:
        return "Somebody went on with this change, or decided it. Below is how it is now."
    if request.POST["_decision"] == "apply" and str(editions.number_now()) != number:
        return "The guide has changed since you opened this page. Below is what would change."
    return ""
