"""How the admin writes: what a publisher saves is live, what others save of live things waits."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from functools import partial

from django.contrib import messages
from django.contrib.admin.models import LogEntry
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html

from catalog import integrity
from catalog.admin import said
from catalog.history import editions
from catalog.history.pending import Basis, NotYoursError, kept_back, write_pending
from catalog.models import Edition, Pending, ThingKey

READING = ("GET", "HEAD", "OPTIONS", "TRACE")

PUBLISH = "catalog.publish_content"
AMEND = "catalog.change_pending"

# A wall of warnings is not read.
MOST_WARNINGS = 10


def publishes(request: HttpRequest) -> bool:
    """Whether what this user saves is seen by readers at once."""
    return request.user.has_perm(PUBLISH)


@contextmanager
def open_door(
    request: HttpRequest,
    thing: ThingKey | None = None,
    *,
    basis: Basis | None = None,
    in_place: Pending | None = None,
    comment: str = "",
) -> Iterator[editions.Recording]:
    """Open the door of an edition for what this request writes: all of it, or nothing.

    It must stand outside of Django's own transaction, so that the counter is the first thing
    locked. `request.proposed` are then the pending changes that came of it: with `thing`, its
    own. Raises editions.BusyError.
    """
    user = request.user.get_username()
    request.log_entries, request.held, request.proposed = [], [], []
    with editions.record(user, comment, Edition.Origin.ADMIN) as change:
        if publishes(request):
            keeping = nullcontext([])
        else:
            mine = partial(may_amend, request)
            keeping = kept_back(change, user, thing, basis, in_place, mine)
        with _said_whose(), keeping as kept:
            yield change
        request.proposed = kept
        change.comment = comment or _comment(request.log_entries)
        if change.touched:
            warn_of_problems(partial(hold, request))
    held = [] if request.proposed else request.held
    _say(request, (pair for pair in held if pair[0] < messages.WARNING))
    if change.edition is not None:
        said.tell(request, change.edition)
    _say(request, (pair for pair in held if pair[0] >= messages.WARNING))
    _say_what_waits(request)


@contextmanager
def _said_whose() -> Iterator[None]:
    """Tells who is refused whose change it is that waits."""
    try:
        yield
    except NotYoursError as error:
        text = "A change of “%(slug)s” by %(who)s waits, and is not yours to go on with."
        words = {"slug": error.pending.slug, "who": error.pending.user}
        raise PermissionDenied(text % words) from error


def may_amend(request: HttpRequest, pending: Pending) -> bool:
    """Whether somebody may go on with a pending change: their own, or by a right to, anybody's."""
    return request.user.get_username() in pending.authors or request.user.has_perm(AMEND)


@contextmanager
def in_place(pending: Pending | None) -> Iterator[None]:
    """Show the guide with a pending change, for as long as the block lasts; without one, as it is.

    It keeps other writers waiting meanwhile. Raises editions.BusyError, and what merging raises.
    """
    if pending is None:
        yield
        return
    with editions.atomic():
        with editions.record("", "", Edition.Origin.ADMIN):
            write_pending(pending)
        try:
            yield
        finally:
            transaction.set_rollback(True)


def hold(request: HttpRequest, level: int, text: str) -> None:
    """Say this once what was written is known to be live."""
    request.held.append((level, text))


def note(request: HttpRequest, entry: LogEntry) -> LogEntry:
    """Let the edition's comment say what the admin's log says."""
    request.log_entries.append(entry)
    return entry


def ask_again(request: HttpRequest) -> HttpResponse:
    """Back to where it was asked, with a sentence: another writer keeps the database."""
    text = "Somebody else's change is being written just now; nothing was changed. Try again."
    messages.error(request, text)
    return HttpResponseRedirect(request.get_full_path())


def warn_of_problems(say: Callable[[int, str], None]) -> None:
    """Tell the editor what is wrong in the guide now, whether or not this change did it."""
    problems = list(map(str, integrity.find_problems()))
    for problem in problems[:MOST_WARNINGS]:
        say(messages.WARNING, problem)
    more = len(problems) - MOST_WARNINGS
    if more > 0:
        text = "… and %(count)d more problem." if more == 1 else "… and %(count)d more problems."
        say(messages.WARNING, text % {"count": more})


def _say(request: HttpRequest, held: Iterable[tuple[int, str]]) -> None:
    for level, text in held:
        messages.add_message(request, level, text)


def _say_what_waits(request: HttpRequest) -> None:
    for pending in request.proposed[:MOST_WARNINGS]:
        messages.success(request, _sentence(pending))
    more = len(request.proposed) - MOST_WARNINGS
    if more > 0:
        text = (
            '… and <a href="{address}">{count} more pending change</a>.'
            if more == 1
            else '… and <a href="{address}">{count} more pending changes</a>.'
        )
        address = reverse("admin:catalog_pending_changelist")
        messages.success(request, format_html(text, count=more, address=address))


def _sentence(pending: Pending) -> str:
    return format_html(
        (
            "Your change of {kind} “{slug}” waits for a publisher. "
            '<a href="{address}">Look at it</a>.'
        ),
        kind=pending.kind,
        slug=pending.slug,
        address=reverse("admin:catalog_pending_change", args=[pending.pk]),
    )


def _comment(entries: list[LogEntry]) -> str:
    """What the admin's log says of this request; with names where it is of several rows."""
    # An empty list is Django's “no fields changed”: idle talk beside what was changed.
    telling = [entry for entry in entries if entry.change_message != "[]"] or entries
    said = [(entry.object_repr, entry.get_change_message() or "Deleted.") for entry in telling]
    if len({name for name, _message in said}) == 1:
        return " ".join(message for _name, message in said)
    return " ".join(f"{name}: {message}" for name, message in said)
