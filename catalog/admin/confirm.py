"""Pages that show what would be done, and do it once that very difference is confirmed.

A page carries a token: the edition that it was made from, and a digest of each change that it
shows. When it comes back, the changes are made anew inside of record(): they are written only if
each was shown.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from http import HTTPStatus
from itertools import groupby
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.text import capfirst

from catalog.admin.base import is_key, render_page
from catalog.admin.saving import STATE, pending_of_others, publishes, save_or_propose
from catalog.describe import Labels, ThingDescription, describe, problem_sentences, summary
from catalog.history import editions
from catalog.history.rows import RowChange
from catalog.history.store import by_kind
from catalog.history.trial import digests, dry_run, write
from catalog.models import THINGS, Changed, Edition, ThingKey

# The name of the hidden field with the digests.
SHOWN = "_seen"

# A plan may speak of ten thousand things, which no page should hold and nobody reads.
MOST_SENTENCES = 500
# Longer lists of one kind are folded.
SHORT = 40
# A wall of names is not read.
MOST_NAMES = 10


class NotConfirmedError(Exception):
    """What was confirmed is not done; the page says why, and nothing is written."""

    def __init__(self, refusal: str = "", problems: Sequence[str] = ()) -> None:
        super().__init__(refusal, problems)
        self.refusal = refusal
        self.problems = problems


class Group(NamedTuple):
    """The things of one kind that a page speaks of."""

    title: str
    things: list[ThingDescription]
    is_short: bool


class Confirmation:
    """One request for such a page. Subclasses say what is done, in which words and who may."""

    template: str
    nothing = "Nothing was done."  # begins a refusal
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

    def done(self, changes: list[RowChange]) -> HttpResponse:
        """Answer once it is done."""
        raise NotImplementedError

    def write(self, changes: list[RowChange]) -> None:
        """Write what was confirmed, inside of record(). Raises NotConfirmedError."""
        things = {thing for change in changes for thing in change.things[:1]}
        others = pending_of_others(self.request, things)
        if problems := others or problem_sentences(write(changes)):
            raise NotConfirmedError(problems=problems)

    def answer(self) -> HttpResponse:
        """Show what would be done; a POST does it, or shows it anew with the reason why not."""
        if self.request.method != "POST":
            return self.show()
        try:
            with save_or_propose(self.request, self.thing, comment=self.comment):
                changes = self.changes()
                self.check(changes)
                self.write(changes)
        except NotConfirmedError as error:
            return self.show(error.refusal, error.problems, HTTPStatus.CONFLICT)
        return self.done(changes)

    def check(self, changes: list[RowChange]) -> None:
        """Raise NotConfirmedError where these are not the changes that the page has shown."""
        shown = shown_by(self.request.POST)
        if shown is None:
            text = "It is not known which state this page was made from: look again."
            raise NotConfirmedError(text)
        number, seen = shown
        now = digests(changes)
        if not (now <= seen if self.may_do_less else now == seen):
            changed = changed_since(number, {thing for one in changes for thing in one.things})
            told = f" {told_of(changed)}" if changed else ""
            raise NotConfirmedError(f"{self.nothing}{told} Below is what would change now.")

    def show(
        self, refusal: str = "", problems: Sequence[str] = (), status: int = HTTPStatus.OK
    ) -> HttpResponse:
        """Return the page with what would change now, or what stands in the way."""
        number = editions.number_now()  # before the rows: what changes in between is not shown
        changes, reasons = [], list(problems)
        try:
            changes = self.changes()
            reasons = reasons or problems_of(changes)
        except NotConfirmedError as error:
            refusal, reasons = refusal or error.refusal, reasons or [*error.problems]
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
            "token": str(number),
            "seen_name": SHOWN,
            "seen": " ".join(sorted(digests(changes))),
            **self.context(changes),
        }
        return render_page(self.request, self.template, context, status)


def problems_of(changes: list[RowChange]) -> list[str]:
    """Return why these changes cannot be written: they are tried, unless somebody else writes."""
    with suppress(editions.BusyError), dry_run(wait=False):
        return problem_sentences(write(changes))
    return []


def shown_by(post: QueryDict) -> tuple[int, set[str]] | None:
    """Return the edition and the digests that a posted page carries; None for nonsense."""
    number = post.get(STATE, "").partition(" ")[0]
    if not is_key(number) or int(number) > editions.number_now() or SHOWN not in post:
        return None
    return int(number), set(post[SHOWN].split())


def changed_since(number: int, things: Iterable[ThingKey]) -> dict[ThingKey, Edition]:
    """Return those of these things that changed after an edition, with the newest that did."""
    found = {}
    for kind, slugs in by_kind(things):
        newer = Changed.objects.filter(kind=kind, slug__in=slugs, edition_id__gt=number)
        for row in newer.select_related("edition"):
            found[ThingKey(row.kind, row.slug)] = row.edition
    return found


def told_of(changed: dict[ThingKey, Edition]) -> str:
    """Return who changed what since a page was made: the first few, the rest as a number."""
    named = sorted(changed)
    names = {
        row.key: str(row)
        for kind, slugs in by_kind(named[:MOST_NAMES])
        for row in THINGS[kind].objects.filter(slug__in=slugs)
    }
    texts = []
    for thing in named[:MOST_NAMES]:
        edition = changed[thing]
        who = edition.user or edition.get_origin_display()
        if thing in names:
            place = f"in edition {edition.number} ({who})"
            texts.append(f"“{names[thing]}” has been changed since, {place}.")
        else:
            texts.append(f"“{thing.slug}” is gone since edition {edition.number} ({who}).")
    if more := len(named) - len(texts):
        texts.append("So has 1 more." if more == 1 else f"So have {more} more.")
    return " ".join(texts)


def grouped(things: list[ThingDescription]) -> tuple[list[Group], int]:
    """Return as many things as a page holds, by kind, and how many there are besides."""
    first = list(_first(things))
    groups = []
    for kind, same_kind in groupby(first, key=lambda one: one.thing.kind):
        found = list(same_kind)
        count = sum(len(one.sentences) for one in found)
        title = capfirst(THINGS[kind]._meta.verbose_name_plural)
        groups.append(Group(title, found, is_short=count <= SHORT))
    return groups, len(things) - len(first)


def _first(things: list[ThingDescription]) -> Iterator[ThingDescription]:
    left = MOST_SENTENCES
    for one in things:
        left -= len(one.sentences)
        if left < 0:
            return
        yield one
