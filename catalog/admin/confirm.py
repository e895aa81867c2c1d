"""Pages that show what would be done, and do it once that very difference is confirmed.

A page carries the edition that it was made from, and a digest of each change that it shows. When
it comes back, the changes are made anew inside of record(), and written only if each was shown.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from http import HTTPStatus
from itertools import accumulate, groupby
from typing import Any, NamedTuple

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.text import capfirst

from catalog.admin.base import is_key, render_page
from catalog.admin.saving import STATE, pending_of_others, publishes, save_or_propose, saving_of
from catalog.describe import Labels, ThingDescription, describe, problem_sentences, summary
from catalog.history import editions
from catalog.history.documents import by_kind, last_changes
from catalog.history.rows import RowChange
from catalog.history.trial import digests, dry_run, write
from catalog.models import THINGS, Edition, ThingKey
from catalog.models.base import SLUG_CHARACTERS

# The name of the hidden field with the digests.
SHOWN = "_seen"

UNKNOWN = "It is not known which state this page was made from: look again."

# A plan may speak of ten thousand things, which no page should hold and nobody reads.
MOST_SENTENCES = 500
# Longer lists of one kind are folded.
SHORT = 40
# A wall of names is not read.
MOST_NAMES = 10


class NotConfirmedError(Exception):
    """What was confirmed is not done; the page says why, and nothing is written."""

    def __init__(
        self,
        refusal: str = "",
        problems: Sequence[str] = (),
        status: int = HTTPStatus.CONFLICT,
    ) -> None:
        super().__init__(refusal, problems)
        self.refusal = refusal
        self.problems = problems
        self.status = status


class Group(NamedTuple):
    """The things of one kind that a page speaks of."""

    title: str
    things: list[ThingDescription]
    is_short: bool


class Confirmation:
    """One request for such a page. Subclasses say what is done, in which words and who may."""

    template: str
    nothing = "Nothing was done."  # begins a refusal
    success = ""  # told once it is done
    idle = ""  # told where there was nothing to do
    comment = ""  # of the edition
    thing: ThingKey | None = None  # whose pending change it becomes for who does not publish
    may_do_less = False  # whether some of what was shown may be left out

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def changes(self) -> list[RowChange]:
        """Return what would be written to the guide as it is now. Raises NotConfirmedError."""
        raise NotImplementedError

    def context(self, changes: list[RowChange]) -> dict[str, Any]:
        """Return what the page shows besides the changes."""
        raise NotImplementedError

    def is_open(self) -> bool:
        """Return whether whoever asks may do it."""
        return True

    def named(self) -> Iterable[ThingKey]:
        """Return the things of which the page is to notice that they are gone."""
        return ()

    def where_next(self) -> str:
        """Return where to go on once it is done: to what waits; blank where nothing does."""
        kept = saving_of(self.request).kept
        return reverse("admin:catalog_pending_change", args=[kept[0].pk]) if kept else ""

    def answer(self) -> HttpResponse:
        """Show what would be done; a POST does it, or shows it anew with the reason why not."""
        if not self.is_open():
            raise PermissionDenied
        if self.request.method != "POST":
            return self.show()
        try:
            self.do()
        except NotConfirmedError as error:
            return self.show(error)
        return HttpResponseRedirect(self.where_next())

    def do(self) -> None:
        """Write what was confirmed as an edition. Raises NotConfirmedError."""
        with save_or_propose(self.request, self.thing, comment=self.comment):
            changes = self.changes()
            self.check(changes)
            self.write(changes)

    def check(self, changes: list[RowChange]) -> None:
        """Raise NotConfirmedError where these are not the changes that the page has shown."""
        number, _named = posted_state(self.request.POST)
        now, shown = digests(changes), {*self.request.POST.get(SHOWN, "").split()}
        if not (now <= shown if self.may_do_less else now == shown):
            self.refuse(changed_since(number, {thing for one in changes for thing in one.things}))

    def refuse(self, changed: dict[ThingKey, Edition]) -> None:
        """Raise NotConfirmedError, and say what has changed since the page was made."""
        told = f" {told_of(changed)}" if changed else ""
        raise NotConfirmedError(f"{self.nothing}{told} Below is what would change now.")

    def write(self, changes: list[RowChange]) -> None:
        """Write what was confirmed, inside of record(). Raises NotConfirmedError."""
        things = {thing for change in changes for thing in change.things[:1]}
        others = pending_of_others(self.request, things)
        if problems := others or problem_sentences(write(changes)):
            raise NotConfirmedError(problems=problems)
        told = (messages.SUCCESS, self.success) if changes else (messages.INFO, self.idle)
        saving_of(self.request).queue_message(*told)

    def show(self, error: NotConfirmedError | None = None) -> HttpResponse:
        """Return the page with what would change now, or what stands in the way."""
        number = editions.number_now()  # before the rows: what changes in between is not shown
        error = error or NotConfirmedError(status=HTTPStatus.OK)
        changes, refusal, reasons = [], error.refusal, error.problems
        try:
            changes = self.changes()
            reasons = reasons or problems_of(changes)
        except NotConfirmedError as found:
            refusal, reasons = refusal or found.refusal, reasons or found.problems
        told = describe(changes, Labels.of(changes))
        groups, more = grouped(told)
        context = {
            "refusal": refusal,
            "reasons": reasons,
            "summary": summary(told),
            "groups": groups,
            "more_things": more,
            "is_done": not (changes or reasons),
            "waits": not publishes(self.request),
            "token_name": STATE,
            "token": state_token(number, self.named()),
            "seen_name": SHOWN,
            "seen": " ".join(sorted(digests(changes))),
            **self.context(changes),
        }
        return render_page(self.request, self.template, context, error.status)


def problems_of(changes: list[RowChange]) -> list[str]:
    """Return why these changes cannot be written: they are tried, unless somebody else writes."""
    with suppress(editions.BusyError), dry_run(wait=False):
        return problem_sentences(write(changes))
    return []


def state_token(number: int, things: Iterable[ThingKey]) -> str:
    """Return the hidden field of a page that was made from an edition and names these things."""
    return " ".join([str(number), *("/".join(thing) for thing in sorted(things))])


def posted_state(post: QueryDict) -> tuple[int, set[ThingKey]]:
    """Return the edition that a posted page was made from, and the things that it names.

    Raises NotConfirmedError for a number that is not yet reached, and for nonsense.
    """
    number, *names = post.get(STATE, "").split(" ")
    if not is_key(number) or int(number) > editions.number_now():
        raise NotConfirmedError(UNKNOWN)
    named = (ThingKey(*name.split("/", 1)) for name in names if "/" in name)
    return int(number), {
        one for one in named if one.kind in THINGS and set(one.slug) <= set(SLUG_CHARACTERS)
    }


def ticked_rows(model_admin: ModelAdmin, request: HttpRequest) -> QuerySet:
    """Return the rows that a posted page ticks, also those that left the filtered list since."""
    keys = set(request.POST.getlist(ACTION_CHECKBOX_NAME))
    return model_admin.get_queryset(request).filter(pk__in=keys)


def changed_since(number: int, things: Iterable[ThingKey]) -> dict[ThingKey, Edition]:
    """Return those of these things that changed after an edition, with the newest that did."""
    return {thing: last for thing, last in last_changes(things).items() if last.number > number}


def told_of(changed: dict[ThingKey, Edition]) -> str:
    """Return who changed what since a page was made: the first few, the rest as a number."""
    named = sorted(changed)[:MOST_NAMES]
    names = {
        row.key: str(row)
        for kind, slugs in by_kind(named)
        for row in THINGS[kind].objects.filter(slug__in=slugs)
    }
    texts = []
    for thing in named:
        edition = changed[thing]
        place = f"edition {edition.number} ({edition.who})"
        if thing in names:
            texts.append(f"“{names[thing]}” has been changed since, in {place}.")
        else:
            texts.append(f"“{thing.slug}” is gone since {place}.")
    if more := len(changed) - len(named):
        texts.append("So has 1 more." if more == 1 else f"So have {more} more.")
    return " ".join(texts)


def grouped(things: list[ThingDescription]) -> tuple[list[Group], int]:
    """Return as many things as a page holds, by kind, and how many there are besides."""
    counts = accumulate(len(one.sentences) for one in things)
    first = [one for one, so_far in zip(things, counts, strict=True) if so_far <= MOST_SENTENCES]
    groups = []
    for kind, same_kind in groupby(first, key=lambda one: one.thing.kind):
        found = list(same_kind)
        count = sum(len(one.sentences) for one in found)
        title = capfirst(THINGS[kind]._meta.verbose_name_plural)
        groups.append(Group(title, found, is_short=count <= SHORT))
    return groups, len(things) - len(first)
