"""How the admin writes: what a publisher saves is live, what others save of live things waits.

A form carries the edition in which its thing last changed; a save with another token than that of
the moment must not overwrite what came since, and so must none without. A form that shows a
pending change carries its version as well.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from functools import partial
from typing import NamedTuple

from django.contrib import messages
from django.contrib.admin.models import LogEntry
from django.db.models import Max, Q
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join

from catalog import completeness, integrity
from catalog.admin.base import admin_url, history_address, is_key, model_admin_of
from catalog.advice import doubts, is_published_by, same_names
from catalog.describe import Labels, describe
from catalog.history import editions
from catalog.history.diff import changes_in
from catalog.history.pending import Basis, kept_back, pending_of, write_pending
from catalog.history.rows import MODELS, RowChange, reversed_changes
from catalog.history.trial import shown_with
from catalog.models import Changed, ContentModel, Edition, Pending, ThingKey, Unrecorded

READING = ("GET", "HEAD", "OPTIONS", "TRACE")

PUBLISH = "catalog.publish_content"
AMEND = "catalog.change_pending"

# The hidden fields of forms: the token, and the version of the pending change with the edition it
# was shown on.
STATE, BASIS = "_state", "_pending"

# A wall of warnings is not read.
MOST_WARNINGS = 10
# More is read on the page of the difference.
MOST_SENTENCES = 3


@dataclass
class Saving:
    """What a request of the admin knows of the change that it makes. See saving_of()."""

    token: str = ""  # from which state the form was made
    pending: Pending | None = None  # the change of the page's thing that waits
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
        found: dict[str, str] = {}
        for entry in telling or self.log_entries:
            text = entry.get_change_message() or "Deleted."
            found[entry.object_repr] = f"{found.get(entry.object_repr, '')} {text}".lstrip()
        if len(found) == 1:
            return " ".join(found.values())
        return " ".join(f"{name}: {text}" for name, text in found.items())


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
    Raises editions.BusyError, and NotYoursError where somebody else's change waits.
    """
    saving = saving_of(request)
    user = request.user.get_username()
    saving.log_entries, saving.queued, saving.is_open = [], [], True
    try:
        with editions.record(user, comment, Edition.Origin.ADMIN) as recording:
            keeping = nullcontext([])
            if not publishes(request):
                may = partial(may_amend, request)
                keeping = kept_back(recording, user, thing, posted_basis(request), in_place, may)
            with keeping as saving.kept:
                yield recording
            recording.comment = comment or saving.comment()
    finally:
        saving.is_open = False
    if not saving.kept:
        for level, text in saving.queued:
            messages.add_message(request, level, text)
    if recording.edition is not None:
        tell_edition(request, recording.edition)
    if recording.before and not saving.kept:
        tell_problems(request)
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


# Who may -----------------------------------------------------------------------------------------


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
        model = MODELS[change.row.model]
        if not model.OWNERS and change.before is None:
            needed.add((model.KIND, "add"))
        if not model.OWNERS and change.after is None:
            needed.add((model.KIND, "delete"))
    return all(
        getattr(model_admin_of(kind), f"has_{verb}_permission")(request) for kind, verb in needed
    )


def pending_of_others(request: HttpRequest, things: Iterable[ThingKey]) -> list[str]:
    """Return why what somebody writes of these things cannot join what waits, a sentence each.

    What a publisher writes does not wait. A query for each kind, in batches.
    """
    if publishes(request):
        return []
    waiting = pending_of(things).values()
    return [_not_yours(pending) for pending in waiting if not may_amend(request, pending)]


def _not_yours(pending: Pending) -> str:
    return (
        f"A change of “{pending.slug}” by {pending.user} waits for a publisher, and is not yours "
        "to go on with."
    )


# What a form was made from -----------------------------------------------------------------------


class State(NamedTuple):
    """What became of what a form was made from."""

    edition: int = 0  # in which its things last changed when it was opened
    is_stale: bool = False
    refusal: str = ""  # why nothing can be said of it at all


def token_of(row: ContentModel) -> str:
    """Return the token of a row's form: its things, and the last edition that changed one.

    Read it before anything that the form shows, so that it is never newer than that. Whatever
    change is noted but not recorded yet counts: the next record() keeps it under that number.
    """
    things, wanted = sorted(row.things()), Q()
    for thing in things:
        wanted |= Q(kind=thing.kind, slug=thing.slug)
    changed = Changed.objects.filter(wanted).aggregate(number=Max("edition_id"))["number"]
    noted = Unrecorded.objects.aggregate(number=Max("edition_id"))["number"]
    return " ".join([str(max(changed or 0, noted or 0)), *map("/".join, things)])


def posted_token(request: HttpRequest) -> str:
    """Return the token that a posted form carries."""
    return request.POST.get(STATE, "")


def state_of(token: str, row: ContentModel) -> State:
    """Return whether a form with this token still shows what there is. Call it inside record().

    A number that is not yet reached, another thing's token and nonsense are no tokens.
    """
    now, _space, names = token_of(row).partition(" ")
    given, _space, of = token.partition(" ")
    if of != names or not is_key(given) or int(given) > editions.number_now():
        refusal = "It is not known which state this form was made from: open it anew."
        return State(refusal=refusal)
    return State(int(given), is_stale=int(given) < int(now))


def to_amend(request: HttpRequest) -> Pending | None:
    """Return the pending change that this user's form shows, and amends when it is saved."""
    pending = saving_of(request).pending
    if pending is None or publishes(request):
        return None
    return pending if may_amend(request, pending) else None


def basis_token(request: HttpRequest) -> str:
    """Return what the form carries: what was posted, or what it is made from."""
    if request.method == "POST":
        return request.POST.get(BASIS, "")
    pending = to_amend(request)
    return f"{pending.version} {pending.shown_on}" if pending is not None else ""


def posted_basis(request: HttpRequest) -> Basis | None:
    """Return what the posted form was made from; None where it does not say."""
    version, _space, number = request.POST.get(BASIS, "").partition(" ")
    if not (is_key(version) and is_key(number)) or int(number) > editions.number_now():
        return None
    return Basis(int(version), int(number))


def refusal_to_amend(request: HttpRequest) -> str:
    """Return why what was posted cannot become part of what waits; blank where it can."""
    pending = saving_of(request).pending
    if pending is None or publishes(request):
        return ""
    if not may_amend(request, pending):
        kept = "Nothing of yours was saved, and what you typed is still here."
        return f"{_not_yours(pending)} {kept}"
    basis = posted_basis(request)
    if basis is not None and basis.version == pending.version:
        return ""
    return (
        f"{pending.user} went on with the pending change of “{pending.slug}” since you opened this "
        "form. Nothing of yours was saved, and what you typed is still here: open the form anew "
        "beside it and carry over."
    )


def overtaken(row: ContentModel) -> str:
    """Return who changed a row since a form was opened, and where the change is shown."""
    newest = Edition.objects.get(number=token_of(row).partition(" ")[0])
    return format_html(
        "“{}” has been changed since you opened this form: edition {} by {} ({}). Nothing of yours "
        'was saved, and what you typed is still here. <a href="{}">See what changed</a>, then '
        '<a href="" target="_blank">open the form anew</a> and carry over what you want to keep.',
        row,
        newest.number,
        newest.who,
        newest.comment or "without a comment",
        history_address(min(row.things())),
    )


# Messages ----------------------------------------------------------------------------------------


def tell_problems(request: HttpRequest) -> None:
    """Tell the editor what is wrong in the guide now, whether or not this change did it."""
    problems = [str(problem) for problem in integrity.find_problems()]
    for problem in problems[:MOST_WARNINGS]:
        messages.warning(request, problem)
    more = len(problems) - MOST_WARNINGS
    if more > 0:
        messages.warning(request, f"… and {more} more problem{'' if more == 1 else 's'}.")


def tell_edition(request: HttpRequest, edition: Edition) -> None:
    """Show what an edition changed in a message, with the way to the difference and back.

    Nothing is shown of a mere renaming: all that differs is what things are called. One query,
    and those of names and labels.
    """
    changes = changes_in(edition)
    if not changes:
        return
    lines, left = [], MOST_SENTENCES
    for one in describe(changes, Labels.of(changes)):
        if left > 0:
            lines.append(str(replace(one, sentences=one.sentences[:left])))
        left -= len(one.sentences)
    rest = f", and {-left} more change{'' if left == -1 else 's'}" if left < 0 else ""
    ways = []
    if things := set.intersection(*({*change.things} for change in changes)):
        ways.append((f"{history_address(min(things))}?to={edition.number}", "See the difference"))
    elif request.user.has_perm("catalog.view_edition"):
        ways.append((admin_url(Edition, "change", edition.pk), "See the difference"))
    if may_write(request, reversed_changes(changes)):
        ways.append((admin_url(Edition, "undo", edition.pk), "Undo"))
    links = format_html_join(" · ", '<a href="{}">{}</a>', ways)
    text = format_html("Edition {}. {}{}. {}", edition.number, ". ".join(lines), rest, links)
    messages.info(request, text)
    for advice in _advice_on(changes):
        messages.warning(request, advice)


def _advice_on(changes: list[RowChange]) -> list[str]:
    """Return what nothing forbids but who saved should know; of a page that is published, lacks."""
    published = {thing for one in changes if is_published_by(one) for thing in one.things}
    lacking = completeness.lacks(min(published)) if len(published) == 1 else []
    return [*doubts(changes), *same_names(changes), *lacking][:MOST_WARNINGS]


def _tell_kept(request: HttpRequest, kept: list[Pending]) -> None:
    for pending in kept[:MOST_WARNINGS]:
        text = format_html(
            'Your change of {} “{}” waits for a publisher. <a href="{}">Look at it</a>.',
            pending.kind,
            pending.slug,
            admin_url(Pending, "change", pending.pk),
        )
        messages.success(request, text)
    more = len(kept) - MOST_WARNINGS
    if more > 0:
        address = admin_url(Pending, "changelist")
        text = f"{more} more pending change{'' if more == 1 else 's'}"
        messages.success(request, format_html('… and <a href="{}">{}</a>.', address, text))
