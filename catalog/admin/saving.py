"""How the admin writes: what a publisher saves is live, what others save of live things waits."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from functools import partial

from django.contrib import messages
from django.contrib.admin.models import LogEntry
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from catalog import integrity
from catalog.admin.base import history_address, model_admin_of
from catalog.describe import Labels, ThingDescription, describe
from catalog.history import editions
from catalog.history.diff import changes_in
from catalog.history.pending import Basis, NotYoursError, kept_back, pending_of, write_pending
from catalog.history.rows import MODELS, RowChange, reversed_changes
from catalog.history.trial import shown_with
from catalog.models import Edition, Pending, ThingKey

READING = ("GET", "HEAD", "OPTIONS", "TRACE")

PUBLISH = "catalog.publish_content"
AMEND = "catalog.change_pending"

# A wall of warnings is not read.
MOST_WARNINGS = 10
# More is read on the page of the difference.
MOST_SENTENCES = 3


@dataclass
class Saving:
    """What a request of the admin knows of the change that it makes. See saving_of()."""

    token: str = ""  # from which state the form was made
    pending: Pending | None = None  # the change of the page's thing that waits
    basis: Basis | None = None  # which version of it a posted form was made from
    refusal: str = ""  # why nothing of the form is saved, said above it
    kept: list[Pending] = field(default_factory=list)  # pending changes that came of it
    queued: list[tuple[int, str]] = field(default_factory=list)  # messages until it is known
    log_entries: list[LogEntry] = field(default_factory=list)
    is_open: bool = False  # whether something is being written

    def queue_message(self, level: int, text: str) -> None:
        """Show a message once what was written is known to be live."""
        self.queued.append((level, text))

    def use_as_comment(self, entry: LogEntry) -> LogEntry:
        """Let the edition's comment say what the admin's log says."""
        self.log_entries.append(entry)
        return entry

    def comment(self) -> str:
        """Return what the admin's log says of this request; with names where of several rows."""
        # An empty list is Django's “no fields changed”: idle talk beside what was changed.
        telling = [one for one in self.log_entries if one.change_message != "[]"]
        found = [
            (entry.object_repr, entry.get_change_message() or "Deleted.")
            for entry in telling or self.log_entries
        ]
        if len({name for name, _message in found}) == 1:
            return " ".join(message for _name, message in found)
        return " ".join(f"{name}: {message}" for name, message in found)


def saving_of(request: HttpRequest) -> Saving:
    """Return the one object in which pages of the admin keep what belongs to a request."""
    if not hasattr(request, "saving"):
        request.saving = Saving()
    return request.saving


@contextmanager
def save_or_propose(
    request: HttpRequest,
    thing: ThingKey | None = None,
    *,
    in_place: Pending | None = None,
    comment: str = "",
) -> Iterator[editions.Recording]:
    """Make what this request writes one edition, or pending changes of those who do not publish.

    It must stand outside of Django's own transaction, so that the counter is the first thing
    locked. What is kept back goes into `saving_of(request).kept`: with `thing`, as its own.
    Raises editions.BusyError, and PermissionDenied where somebody else's change waits.
    """
    saving = saving_of(request)
    user = request.user.get_username()
    saving.log_entries, saving.queued, saving.kept, saving.is_open = [], [], [], True
    try:
        with editions.record(user, comment, Edition.Origin.ADMIN) as recording:
            keeping = nullcontext([])
            if not publishes(request):
                may = partial(may_amend, request)
                keeping = kept_back(recording, user, thing, saving.basis, in_place, may)
            with _denied_by_name(), keeping as kept:
                yield recording
            saving.kept = kept
            recording.comment = comment or saving.comment()
            if recording.touched:
                queue_warnings(saving)
    finally:
        saving.is_open = False
    queued = [] if saving.kept else saving.queued
    _show(request, (pair for pair in queued if pair[0] < messages.WARNING))
    if recording.edition is not None:
        tell_edition(request, recording.edition)
    _show(request, (pair for pair in queued if pair[0] >= messages.WARNING))
    _tell_kept(request, saving.kept)


@contextmanager
def shown_with_pending(pending: Pending | None, *, wait: bool = True) -> Iterator[None]:
    """Show the guide with a pending change for as long as the block lasts; without one, as it is.

    Other writers wait meanwhile. Raises pending.CannotShowError, and editions.BusyError: without
    `wait` at once.
    """
    if pending is None:
        yield
        return
    with shown_with(partial(write_pending, pending), wait=wait):
        yield


def publishes(request: HttpRequest) -> bool:
    """Return whether what this user saves is seen by readers at once."""
    return request.user.has_perm(PUBLISH)


def may_amend(request: HttpRequest, pending: Pending) -> bool:
    """Return whether somebody may amend a pending change: their own, or by a right to, any."""
    return request.user.get_username() in pending.authors or request.user.has_perm(AMEND)


def may_write(request: HttpRequest, changes: Iterable[RowChange]) -> bool:
    """Return whether somebody may make these changes: change each thing, make or delete it."""
    needed = set()
    for change in changes:
        needed |= {(thing.kind, "change") for thing in change.things}
        if not MODELS[change.row.model].OWNERS:
            kind = MODELS[change.row.model].KIND
            needed |= {(kind, "add")} if change.before is None else set()
            needed |= {(kind, "delete")} if change.after is None else set()
    return all(
        getattr(model_admin_of(kind), f"has_{verb}_permission")(request) for kind, verb in needed
    )


def pending_of_others(request: HttpRequest, things: Iterable[ThingKey]) -> list[str]:
    """Return why what somebody writes of these things cannot join what waits, a sentence each.

    What a publisher writes does not wait. A query for each kind, in batches.
    """
    if publishes(request):
        return []
    return [
        f"A change of “{pending.slug}” by {pending.user} waits for a publisher, and is not yours "
        "to go on with."
        for pending in pending_of(things).values()
        if not may_amend(request, pending)
    ]


# Messages ----------------------------------------------------------------------------------------


def queue_warnings(saving: Saving) -> None:
    """Tell the editor what is wrong in the guide now, whether or not this change did it."""
    problems = [str(problem) for problem in integrity.find_problems()]
    for problem in problems[:MOST_WARNINGS]:
        saving.queue_message(messages.WARNING, problem)
    more = len(problems) - MOST_WARNINGS
    if more > 0:
        text = f"… and {more} more problem{'' if more == 1 else 's'}."
        saving.queue_message(messages.WARNING, text)


def tell_edition(request: HttpRequest, edition: Edition) -> None:
    """Show what an edition changed in a message, with the way to the difference and back.

    Nothing is shown of a mere renaming: all that differs is what things are called. One query,
    and those of names and labels.
    """
    changes = changes_in(edition)
    if not changes:
        return
    lines, more = first_sentences(describe(changes, Labels.of(changes)))
    rest = f", and {more} more change{'' if more == 1 else 's'}" if more else ""
    ways = [*_way_to_difference(request, edition, changes), *_way_back(request, edition, changes)]
    links = format_html_join(" · ", '<a href="{}">{}</a>', ways)
    text = format_html("Edition {}. {}{}. {}", edition.number, ". ".join(lines), rest, links)
    messages.info(request, text)


def first_sentences(things: list[ThingDescription]) -> tuple[list[str], int]:
    """Return the first few sentences, a line for each thing, and how many there are besides."""
    lines, left = [], MOST_SENTENCES
    for one in things:
        if left:
            sentences = one.sentences[:left]
            lines.append(str(replace(one, sentences=sentences)))
            left -= len(sentences)
    return lines, sum(len(one.sentences) for one in things) - (MOST_SENTENCES - left)


def _way_to_difference(
    request: HttpRequest, edition: Edition, changes: list[RowChange]
) -> Iterator[tuple[str, str]]:
    """Yield the page of what changed: of one thing field by field, of several thing by thing."""
    things = set.intersection(*({*change.things} for change in changes))
    if things:
        yield f"{history_address(min(things))}?to={edition.number}", "See the difference"
    elif request.user.has_perm("catalog.view_edition"):
        yield reverse("admin:catalog_edition_change", args=[edition.pk]), "See the difference"


def _way_back(
    request: HttpRequest, edition: Edition, changes: list[RowChange]
) -> Iterator[tuple[str, str]]:
    if may_write(request, reversed_changes(changes)):
        yield reverse("admin:catalog_edition_undo", args=[edition.pk]), "Undo"


def _show(request: HttpRequest, queued: Iterable[tuple[int, str]]) -> None:
    for level, text in queued:
        messages.add_message(request, level, text)


def _tell_kept(request: HttpRequest, kept: list[Pending]) -> None:
    for pending in kept[:MOST_WARNINGS]:
        text = format_html(
            'Your change of {} “{}” waits for a publisher. <a href="{}">Look at it</a>.',
            pending.kind,
            pending.slug,
            reverse("admin:catalog_pending_change", args=[pending.pk]),
        )
        messages.success(request, text)
    more = len(kept) - MOST_WARNINGS
    if more > 0:
        address = reverse("admin:catalog_pending_changelist")
        text = f"{more} more pending change{'' if more == 1 else 's'}"
        messages.success(request, format_html('… and <a href="{}">{}</a>.', address, text))


@contextmanager
def _denied_by_name() -> Iterator[None]:
    """Turn NotYoursError into a refusal that names whose change waits."""
    try:
        yield
    except NotYoursError as error:
        pending = error.pending
        text = (
            f"A change of “{pending.slug}” by {pending.user} waits, and is not yours to go on with."
        )
        raise PermissionDenied(text) from error
