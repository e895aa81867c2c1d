"""What waits for a publisher: the list, what each would change, and what becomes of it."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any
from zlib import crc32

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path

from catalog import completeness
from catalog.admin.base import (
    ReadOnlyMixin,
    SiteAdmin,
    admin_url,
    form_address,
    history_address,
    is_key,
    may_look,
    render_page,
)
from catalog.admin.confirm import problems_of
from catalog.admin.conflicts import PROPOSED, Choices, first_lines
from catalog.admin.filters import AuthorFilter
from catalog.admin.overtaken import questions_of
from catalog.admin.previews import preview_of_pending
from catalog.admin.revisions import Past, sentences_of
from catalog.admin.saving import may_amend, publishes, save_or_propose, shown_with_pending
from catalog.describe import Labels, problem_sentences
from catalog.history import editions
from catalog.history.pending import CannotShowError, merge_pending, pending_for
from catalog.history.trial import write
from catalog.models import THINGS, Pending
from catalog.models.fields import is_showable

# As long as the longest comment.
MOST_LETTERS = 500


class MineFilter(AuthorFilter):
    """Finds what whoever asks had a part in."""

    def narrow(self, rows: QuerySet, value: str) -> QuerySet:
        user = self.request.user.get_username()
        authors = rows.values_list("pk", "authors")
        return rows.filter(pk__in=[pk for pk, names in authors if user in names])


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

    def get_object(self, request: HttpRequest, object_id: str, *_args: Any) -> Pending | None:
        """Also one that somebody may not see, who is told so."""
        return Pending.objects.filter(pk=object_id).first() if is_key(object_id) else None

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """In lists, only of kinds of things that somebody may see; what is closed, when asked."""
        rows = super().get_queryset(request)
        if request.GET.get("state__exact") != Pending.State.WITHDRAWN:
            rows = rows.open()
        return rows.filter(kind__in=[kind for kind in THINGS if may_look(request, kind)])

    def change_view(self, request: HttpRequest, object_id: str, *_args: Any) -> HttpResponse:
        pending = self.get_object(request, object_id)
        if pending is None:
            if request.method == "POST":
                text = "That change waits no longer: somebody has applied it."
                messages.warning(request, text)
                return HttpResponseRedirect(admin_url(Pending, "changelist"))
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, pending):
            raise PermissionDenied
        return show(request, pending) if request.method != "POST" else decide(request, pending)


def decide(request: HttpRequest, pending: Pending) -> HttpResponse:
    """Do what a button of the page asks for."""
    name = request.POST.get("_decision", "")
    if name not in DECISIONS:
        raise BadRequest("The page has no such button.")
    if pending.state == Pending.State.WITHDRAWN and name != "restore":
        text = "Its author has withdrawn it meanwhile: there is nothing to decide."
        return show(request, pending, [text], HTTPStatus.CONFLICT)
    if not open_to(request, pending)[name]:
        raise PermissionDenied
    return DECISIONS[name](request, pending)


def open_to(request: HttpRequest, pending: Pending) -> dict[str, bool]:
    """Return which decisions somebody may take; with FOUR_EYES, nobody applies their own.

    Who had no part in a change does not withdraw it, but return it.
    """
    own = request.user.get_username() in pending.authors
    if pending.state == Pending.State.WITHDRAWN:
        return dict.fromkeys(DECISIONS, False) | {"restore": own}
    may_publish = publishes(request)
    return {
        "apply": may_publish and not (settings.FOUR_EYES and own),
        "return": may_publish,
        "explain": may_amend(request, pending),
        "withdraw": own,
        "restore": False,
    }


def apply(request: HttpRequest, pending: Pending) -> HttpResponse:
    """Write it through the merge: all of it and the choices, or nothing."""
    comment = f"{pending.comment} Proposed by {', '.join(pending.authors)}."
    with save_or_propose(request, pending.thing, comment=comment.strip()) as recording:
        refusals = _write(request, pending)
        if not refusals:
            Pending.objects.filter(pk=pending.pk).delete()
    if refusals:
        return show(request, pending, refusals, status=HTTPStatus.CONFLICT)
    told = "Applied: readers see it now."
    if recording.edition is None:
        told = "Closed: the guide said all of it already, and nothing was left to apply."
    messages.success(request, told)
    return HttpResponseRedirect(history_address(pending.thing))


def _write(request: HttpRequest, pending: Pending) -> list[str]:
    """Write what waits and what was chosen; return why not, where that cannot be."""
    if refusal := _stale(request, pending):
        return [refusal]
    merged = merge_pending(pending, Choices(request.POST, PROPOSED).choose)
    if merged.conflicts:
        return ["Choose what is to stand where both have changed the same."]
    return problem_sentences(write(merged.changes))


def send_back(request: HttpRequest, pending: Pending) -> HttpResponse:
    """Give it back to its author with a word; it stays until somebody withdraws or amends it."""
    answer = request.POST.get("answer", "").strip()[:MOST_LETTERS]
    if fault := _fault_of(answer) if answer else "Say what should be different.":
        return show(request, pending, [fault])
    by = request.user.get_username()
    said = {"state": Pending.State.RETURNED, "answer": answer, "answered_by": by}
    told = "Returned: its author reads on the desk what you said."
    return _settle(request, pending, told, **said)


def explain(request: HttpRequest, pending: Pending) -> HttpResponse:
    """Say what it is for; with its history that stays."""
    comment = request.POST.get("comment", "").strip()[:MOST_LETTERS]
    if fault := _fault_of(comment, one_line=True):
        return show(request, pending, [fault])
    return _settle(request, pending, "The comment is kept.", comment=comment)


def _fault_of(text: str, *, one_line: bool = False) -> str:
    """Return why a text cannot be shown; blank if it can."""
    try:
        is_showable(text, one_line=one_line)
    except ValidationError as error:
        return error.messages[0]
    return ""


def withdraw(request: HttpRequest, pending: Pending) -> HttpResponse:
    """Close it, once that is confirmed; what is live stays as it is."""
    if "_confirmed" not in request.POST:
        return show(request, pending, is_asked=True)
    told = "Withdrawn: what readers see stays as it is, and you can take it up again."
    return _settle(request, pending, told, state=Pending.State.WITHDRAWN)


def restore(request: HttpRequest, pending: Pending) -> HttpResponse:
    """Let what was withdrawn wait again, unless another change of its thing waits."""
    if pending_for(pending.thing):
        text = "Another change of it waits; decide that first."
        return show(request, pending, [text], HTTPStatus.CONFLICT)
    return _settle(request, pending, "It waits again.", state=Pending.State.WAITING)


DECISIONS = {
    "apply": apply,
    "return": send_back,
    "explain": explain,
    "withdraw": withdraw,
    "restore": restore,
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
    past = Past.of(pending.thing)
    labels = Labels.of([*merged.mine, *merged.theirs, *merged.changes])
    changes = merged.changes if merged.theirs else merged.mine
    choices = Choices(request.POST, PROPOSED)
    may = open_to(request, pending)
    context = {
        "title": f"Pending change of “{past.title(labels)}”",
        "thing": pending.thing,
        "pending": pending,
        "refusals": refusals,
        "sentences": sentences_of(pending.thing, changes, labels),
        **first_lines(changes, labels),
        "is_done": not (merged.changes or merged.asked),
        "has_moved": bool(merged.theirs),
        "conflicts": list(questions_of(pending.thing, merged, choices, labels)),
        "reasons": [] if merged.asked else problems_of(merged.changes),
        "state": f"{_shown_of(pending)} {number}",
        "form_address": form_address(past.row),
        "may": may,
        "is_asked": is_asked,
        "needs_another": may["return"] and not may["apply"],
        "lacks": _lacks(pending) if may["return"] else [],
    }
    return render_page(request, "pending.html", context, status)


def _lacks(pending: Pending) -> list[str]:
    """Return what the thing would still lack; nothing if it cannot be tried."""
    try:
        with shown_with_pending(pending, wait=False):
            return completeness.lacks(pending.thing)
    except (editions.BusyError, CannotShowError):
        return []


def _settle(request: HttpRequest, pending: Pending, told: str, **said: Any) -> HttpResponse:
    """Keep what was said of the change, unless it has become another one; `told` says so."""
    with transaction.atomic():
        if refusal := _stale(request, pending):
            return show(request, pending, [refusal], status=HTTPStatus.CONFLICT)
        Pending.objects.filter(pk=pending.pk).update(**said)
    messages.success(request, told)
    return HttpResponseRedirect(request.get_full_path())


def _shown_of(pending: Pending) -> str:
    """Return what a page shows of a change, in short: its version, and what was answered."""
    answered = crc32(f"{pending.state}{pending.answer}".encode()) if pending.answer else ""
    return f"{pending.version}{answered and f'-{answered}'}"


def _stale(request: HttpRequest, pending: Pending) -> str:
    """Return why the posted page no longer shows what there is; lock the pending change."""
    version, _space, number = request.POST.get("_state", "").partition(" ")
    there = Pending.objects.select_for_update().filter(pk=pending.pk).first()
    if there is None or _shown_of(there) != version:
        return "Somebody went on with this change, or decided it. Below is how it is now."
    if request.POST["_decision"] == "apply" and str(editions.number_now()) != number:
        return "The guide has changed since you opened this page. Below is what would change."
    return ""
