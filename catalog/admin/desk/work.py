"""What waits for people: one's own work, others' work to approve, things to look at again."""

from collections.abc import Iterator, Mapping

from django.http import HttpRequest
from django.utils.text import Truncator

from catalog.admin.desk import attention, things
from catalog.admin.desk.sections import (
    MOST_ENTRIES,
    Entry,
    Section,
    Way,
    address_of,
    changes,
    list_of,
    section,
    sees,
)
from catalog.admin.door import publishes
from catalog.admin.revisions import KINDS
from catalog.http import today
from catalog.models import ByteOrder, Guide, Page, Pending, Status, Thing, ThingKey

# Of a comment or an answer; all of it is on the page of the change.
MOST_LETTERS = 120

WAITING, RETURNED = Pending.State.WAITING, Pending.State.RETURNED

Names = Mapping[ThingKey, str]


class Changes:
    """The pending changes of things that whoever asks may see. One query, without documents."""

    def __init__(self, request: HttpRequest) -> None:
        self.user = request.user.get_username()
        self.edits = any(changes(request, model) for model in KINDS.values())
        self.publishes = publishes(request)
        self.is_seen = sees(request, Pending)
        self.all: list[Pending] = []
        if self.is_seen and (self.edits or self.publishes):
            kinds = [kind for kind, model in KINDS.items() if sees(request, model)]
            rows = Pending.objects.filter(kind__in=kinds).defer("document")
            self.all = list(rows.order_by("-at", ByteOrder("kind"), ByteOrder("slug")))

    def in_state(self, state: str, *, mine: bool) -> list[Pending]:
        return [
            one for one in self.all if one.state == state and (not mine or self.user in one.authors)
        ]

    def shown(self) -> Iterator[ThingKey]:
        """What the sections below may have to call by name."""
        for state, mine in ((RETURNED, True), (WAITING, True), (WAITING, False)):
            yield from (one.thing for one in self.in_state(state, mine=mine)[:MOST_ENTRIES])

    def returned(self, names: Names) -> Section:
        found = self.in_state(RETURNED, mine=True)
        return section(
            "returned",
            "Returned to you",
            [_way(found, state__exact=RETURNED, author=self.user)],
            (
                Entry(*_named(one, names), _said(_kind_of(one), one.answer, one.answered_by))
                for one in found
            ),
        )

    def waiting(self, names: Names) -> Section:
        found = self.in_state(WAITING, mine=False)
        return section(
            "waiting",
            "Waiting for approval",
            [_way(found, state__exact=WAITING)],
            (_waits(one, names, ", ".join(one.authors)) for one in found),
        )

    def of_mine(self) -> tuple[Way, list[Pending]]:
        found = self.in_state(WAITING, mine=True)
        return _way(found, state__exact=WAITING, author=self.user), found


class Things:
    """Things of the kinds that whoever asks works with: their drafts, and those due for review.

    Three queries, one of which counts all.
    """

    def __init__(self, request: HttpRequest) -> None:
        user = request.user.get_username()
        drafts = {
            model: attention.worked_on(model.objects.filter(status=Status.DRAFT), user)
            for model in KINDS.values()
            if issubclass(model, Page) and changes(request, model)
        }
        due = {
            model: attention.due(model.objects.all(), today())
            for model in KINDS.values()
            if sees(request, model)
        }
        numbers = things.counts(
            {f"draft {model.KIND}": rows for model, rows in drafts.items()}
            | {f"due {model.KIND}": rows for model, rows in due.items()}
        )
        self.draft_ways = [_draft_way(model, numbers[f"draft {model.KIND}"]) for model in drafts]
        self.due_ways = [_due_way(model, numbers[f"due {model.KIND}"]) for model in due]
        self.drafts = things.last_changed(drafts.values(), MOST_ENTRIES)
        self.due = things.longest_due(due.values(), MOST_ENTRIES)

    def draft_entries(self) -> Iterator[Entry]:
        for draft in self.drafts:
            model = KINDS[draft.kind]
            note = f"draft, {model._meta.verbose_name}"
            yield Entry(draft.name, address_of(model, "change", draft.pk), note)

    def due_entries(self) -> Iterator[Entry]:
        for thing in self.due:
            model = KINDS[thing.kind]
            address = address_of(model, "change", thing.pk)
            yield Entry(thing.name, address, str(model._meta.verbose_name), "due", thing.by)


def own(these: Things, those: Changes, names: Names) -> Section:
    """Drafts and waiting changes of whoever asks, those that wait first."""
    way, found = those.of_mine()
    proposed = (_waits(one, names) for one in found)
    return section(
        "own",
        "Your drafts and pending changes",
        [way, *these.draft_ways],
        [*proposed, *these.draft_entries()],
    )


def _waits(pending: Pending, names: Names, by: str = "") -> Entry:
    note = _said(_kind_of(pending), pending.comment, by)
    return Entry(*_named(pending, names), note, "since", pending.at)


def _named(pending: Pending, names: Names) -> tuple[str, str]:
    """What it is a change of, and its page."""
    name = names.get(pending.thing, pending.slug)
    return name, address_of(Pending, "change", pending.pk)


def _kind_of(pending: Pending) -> str:
    return str(KINDS[pending.kind]._meta.verbose_name)


def _said(kind: str, text: str, by: str) -> str:
    """Of what kind it is, what was said to it, and by whom."""
    quoted = f"“{Truncator(text).chars(MOST_LETTERS)}”" if text else ""
    return ", ".join(part for part in (kind, by, quoted) if part)


def _way(found: list[Pending], **filters: str) -> Way:
    text = "%(count)d pending change" if len(found) == 1 else "%(count)d pending changes"
    return Way(text % {"count": len(found)}, list_of(Pending, **filters), len(found))


def _draft_way(model: type[Thing], count: int) -> Way:
    text = "%(count)d draft: %(kind)s" if count == 1 else "%(count)d drafts: %(kind)s"
    filters = {"status__exact": Status.DRAFT.value, "author": "me"}
    return Way(
        text % {"count": count, "kind": _kind(model, count)}, list_of(model, **filters), count
    )


def _due_way(model: type[Thing], count: int) -> Way:
    text = f"{count} {_kind(model, count)} due"
    # There is one guide: its list needs no filter.
    filters = {} if model is Guide else {"review": "due"}
    return Way(text, list_of(model, **filters), count)


def _kind(model: type[Thing], count: int) -> str:
    meta = model._meta
    return str(meta.verbose_name if count == 1 else meta.verbose_name_plural)
