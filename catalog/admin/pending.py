"""What waits for a publisher: the list, what each would change, and what becomes of it."""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from itertools import islice
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import DataError, IntegrityError, transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse

from catalog import completeness, edition, proposals
from catalog.admin.base import SiteAdmin, is_key
from catalog.admin.conflict_choices import PROPOSED, Choices
from catalog.admin.conflict_page import questions_of
from catalog.admin.door import ask_again, in_place, may_amend, open_door, publishes
from catalog.admin.field_difference import MOST_LINES, lines_of
from catalog.admin.history import Unchangeable
from catalog.admin.merging import problems_of_writing
from catalog.admin.past import address_of_form, address_of_past, may_look, page
from catalog.admin.pending_preview import preview_of_pending
from catalog.admin.revisions import KINDS, Past, sentences_of
from catalog.describe import Labels, barrier_texts
from catalog.models import Pending

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
class PendingAdmin(Unchangeable, SiteAdmin):
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
        """In lists, only of kinds of things that somebody may see."""
        rows = super().get_queryset(request)
        return rows.filter(kind__in=[kind for kind in KINDS if may_look(request, kind)])

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
                text = "That change waits no longer: somebody has applied or withdrawn it."
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
    if not decision.is_open_to(request, pending):
        raise PermissionDenied
    return decision.take(request, pending)


def apply(request: HttpRequest, pending: Pending) -> HttpResponse:
    """Write it through the merge: all of it and the choices, or nothing."""
    comment = "{comment} Proposed by {authors}.".format(
        comment=pending.comment,
        authors=", ".join(pending.authors),
    )
    try:
        with open_door(request, pending.thing, comment=comment.strip()):
            refusals = _write(request, pending)
            if not refusals:
                Pending.objects.filter(pk=pending.pk).delete()
    except edition.BusyError:
        return ask_again(request)
    if refusals:
        return show(request, pending, refusals, status=HTTPStatus.CONFLICT)
    messages.success(request, "Applied: readers see it now.")
    return HttpResponseRedirect(address_of_past(pending.thing))


def _write(request: HttpRequest, pending: Pending) -> list[str]:
    """Write what waits and what was chosen; why not, where that cannot be."""
    if refusal := _stale(request, pending):
        return [refusal]
    proposal = proposals.on_live(pending, Choices(request.POST, count=True).choose)
    if proposal.conflicts:
        return ["Choose what is to stand where both have changed the same."]
    return problems_of_writing(proposal.changes)


def send_back(request: HttpRequest, pending: Pending) -> HttpResponse:
    """Give it back to its author with a word; it stays until somebody withdraws or amends it."""
    answer = request.POST.get("answer", "").strip()[:MOST_LETTERS]
    if not answer:
        return show(request, pending, ["Say what should be different."])
    return _note(
        request,
        pending,
        state=Pending.State.RETURNED,
        answer=answer,
        answered_by=request.user.get_username(),
    )


def explain(request: HttpRequest, pending: Pending) -> HttpResponse:
    """Say what it is for; with its history that stays."""
    comment = request.POST.get("comment", "").strip()[:MOST_LETTERS]
    return _note(request, pending, comment=comment)


def withdraw(request: HttpRequest, pending: Pending) -> HttpResponse:
    """Delete it; what is live stays as it is."""
    with transaction.atomic():
        if refusal := _stale(request, pending):
            return show(request, pending, [refusal], status=HTTPStatus.CONFLICT)
        pending.delete()
    messages.success(request, "Withdrawn: what readers see stays as it is.")
    return HttpResponseRedirect(reverse("admin:catalog_pending_changelist"))


class Decision(NamedTuple):
    take: Callable[[HttpRequest, Pending], HttpResponse]
    is_open_to: Callable[[HttpRequest, Pending], bool]


def may_apply(request: HttpRequest, pending: Pending) -> bool:
    """Whether somebody may make it live; with FOUR_EYES, nobody who had a part in it."""
    own = request.user.get_username() in pending.authors
    return publishes(request) and not (settings.FOUR_EYES and own)


def _may_return(request: HttpRequest, _pending: Pending) -> bool:
    return publishes(request)


def _may_withdraw(request: HttpRequest, pending: Pending) -> bool:
    return may_amend(request, pending) or publishes(request)


DECISIONS = {
    "apply": Decision(apply, may_apply),
    "return": Decision(send_back, _may_return),
    "explain": Decision(explain, may_amend),
    "withdraw": Decision(withdraw, _may_withdraw),
}


def show(
    request: HttpRequest,
    pending: Pending,
    refusals: Iterable[str] = (),
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """The page of a pending change, with what would change now and what is at odds."""
    number = edition.number_now()  # before the rows: what changes in between makes the form stale
    proposal = proposals.on_live(pending)
    choices = Choices(request.POST, count=True)
    past = Past.of(pending.thing)
    rows = [*proposal.mine, *proposal.theirs, *proposal.changes]
    titles = Labels.of(rows)
    lines = list(islice(lines_of(proposal.mine, titles), MOST_LINES + 1))
    context = {
        "title": f"Pending change of “{past.title(titles)}”",
        "thing": pending.thing,
        "pending": pending,
        "refusals": refusals,
        "sentences": sentences_of(pending.thing, proposal.mine, titles),
        "lines": lines[:MOST_LINES],
        "most": MOST_LINES if len(lines) > MOST_LINES else 0,
        "is_done": not (proposal.changes or proposal.asked),
        "has_moved": bool(proposal.theirs),
        "conflicts": list(questions_of(pending.thing, proposal, choices, titles, PROPOSED)),
        "reasons": [] if proposal.asked else barrier_texts(proposal.barriers()),
        "state": f"{pending.version} {number}",
        "form_address": address_of_form(past),
        "may_apply": may_apply(request, pending),
        "may_return": _may_return(request, pending),
        "may_amend": may_amend(request, pending),
        "may_withdraw": _may_withdraw(request, pending),
        "needs_another": publishes(request) and not may_apply(request, pending),
        "lacks": _lacks(request, pending),
    }
    return page(request, "pending.html", context, status)


def _lacks(request: HttpRequest, pending: Pending) -> list[str]:
    """What the thing would still lack, for whoever decides; nothing where it cannot be tried."""
    if not publishes(request):
        return []
    try:
        with in_place(pending):
            return completeness.lacks(pending.thing)
    except (edition.BusyError, IntegrityError, DataError):
        return []


def _note(request: HttpRequest, pending: Pending, **said: Any) -> HttpResponse:
    """Write what somebody said beside the change, unless it has become another one."""
    with transaction.atomic():
        if refusal := _stale(request, pending):
            return show(request, pending, [refusal], status=HTTPStatus.CONFLICT)
        Pending.objects.filter(pk=pending.pk).update(**said)
    messages.success(request, "Noted.")
    return HttpResponseRedirect(request.get_full_path())


def _stale(request: HttpRequest, pending: Pending) -> str:
    """Why the page that was posted no longer shows what there is; locks the pending change."""
    version, _space, number = request.POST.get("_state", "").partition(" ")
    there = Pending.objects.select_for_update().filter(pk=pending.pk).first()
    if there is None or str(there.version) != version:
        return "Somebody went on with this change, or decided it. Below is how it is now."
    if request.POST["_decision"] == "apply" and str(edition.number_now()) != number:
        return "The guide has changed since you opened this page. Below is what would change."
    return ""
