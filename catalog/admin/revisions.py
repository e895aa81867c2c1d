"""The past of a thing as history keeps it: its revisions, newest first, and what each changed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any, NamedTuple, Self

from django.core.paginator import Page as PageOfList
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.http import Http404

from catalog.admin.base import is_key
from catalog.describe import Labels, describe
from catalog.history.diff import changes_between_texts
from catalog.history.documents import NOTHING, in_todays_fields
from catalog.history.renames import SlugRenames
from catalog.history.rows import RowChange, key_of
from catalog.models import THINGS, Changed, Edition, Moved, Revision, Thing, ThingKey

PER_PAGE = 20
DELETED_PER_PAGE = 50

# A revision is told from the next by these; the whole of it is a page of its own.
MOST_SENTENCES = 5

ORIGINS = {
    Edition.Origin.ADMIN: "in the admin",
    Edition.Origin.PACK: "by a pack",
    Edition.Origin.COMMAND: "by a command",
    Edition.Origin.OUTSIDE: "changed outside",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A revision as the list shows it."""

    revision: Revision
    sentences: Sequence[str]
    more: int  # sentences that are not shown

    @property
    def edition(self) -> Edition:
        return self.revision.edition

    @property
    def how(self) -> str:
        return how(self.edition)

    @property
    def is_deletion(self) -> bool:
        return is_empty(self.revision)


class Deleted(NamedTuple):
    """A thing that is gone, the edition in which it went, and the last revision that had rows."""

    thing: ThingKey
    title: str
    edition: Edition
    last: int

    @property
    def kind(self) -> str:
        return str(THINGS[self.thing.kind]._meta.verbose_name)

    @property
    def how(self) -> str:
        return how(self.edition)


class Past:
    """The revisions of one thing, also those under names it had before.

    `thing` has the name of today. A name that somebody else bears by now is theirs, and so is
    its past.
    """

    def __init__(self, thing: ThingKey, names: SlugRenames) -> None:
        self.thing = thing
        self.names = names
        slugs = [thing.slug, *names.former.get(thing, ())]
        family = Revision.objects.filter(kind=thing.kind, slug__in=slugs)
        # The old name of a thing that moved ends with an empty document in the same edition.
        namesake = family.filter(edition=OuterRef("edition")).exclude(slug=OuterRef("slug"))
        moved_away = Q(document=NOTHING) & Exists(namesake)
        self.revisions: QuerySet[Revision] = family.exclude(moved_away).select_related("edition")

    @classmethod
    def of(cls, thing: ThingKey) -> Self:
        """Return the past of a thing by any name it has or had."""
        names = SlugRenames.read()
        return cls(names.thing(thing), names)

    @cached_property
    def row(self) -> Thing | None:
        """Return the thing as it is today, if it is there."""
        return THINGS[self.thing.kind].objects.filter(slug=self.thing.slug).first()

    def title(self, labels: Labels) -> str:
        """Return what the thing is called today, or was when it was there."""
        return str(self.row) if self.row else labels.thing(self.thing)

    def changed(self) -> Edition | None:
        """Return the edition in which the thing last changed: its number is the token of forms."""
        return changed(self.thing)

    def page(self, number: Any) -> tuple[PageOfList, list[Entry], str]:
        """Return a page of revisions, what is shown of each, and what the thing is called.

        Nonsense asks for the first page. As many queries for one revision as for twenty.
        """
        page = Paginator(self.revisions, PER_PAGE).get_page(number)
        start = (page.number - 1) * PER_PAGE
        rows = list(self.revisions[start : start + PER_PAGE + 1])
        documents = [*(row.document for row in rows), NOTHING]
        pairs = zip(documents[1:], documents[:PER_PAGE], strict=False)
        changes = [self._difference(earlier, later) for earlier, later in pairs]
        # The newest last: where names differ, it has the last word.
        labels = Labels.of(chain.from_iterable(reversed(changes)))
        entries = [self._entry(*pair, labels) for pair in zip(rows, changes, strict=False)]
        return page, entries, self.title(labels)

    def two(self, earlier: int | None, later: int | None) -> tuple[Revision | None, Revision]:
        """Return the revisions of two editions: by default the newest and the one before.

        The earlier is None where nothing came before. Raises Revision.DoesNotExist for an
        edition that changed something else.
        """
        rows = self.revisions
        new = rows.get(edition_id=later) if later is not None else rows[:1].get()
        if earlier is not None:
            return rows.get(edition_id=earlier), new
        return rows.filter(edition_id__lt=new.edition_id).first(), new

    def between(self, earlier: Revision | None, later: Revision) -> list[RowChange]:
        return self._difference(earlier.document if earlier else NOTHING, later.document)

    def _difference(self, earlier: str, later: str) -> list[RowChange]:
        return changes_between_texts(self.thing, earlier, later, self.names)

    def _entry(self, revision: Revision, changes: list[RowChange], labels: Labels) -> Entry:
        sentences = sentences_of(self.thing, changes, labels)
        more = len(sentences) - MOST_SENTENCES
        return Entry(revision, sentences[:MOST_SENTENCES], max(more, 0))


def sentences_of(thing: ThingKey, changes: Iterable[RowChange], labels: Labels) -> list[str]:
    """Return what changed, in words; what changed beside the thing follows, and says of what."""
    own, beside = [], []
    for said in describe(changes, labels):
        if said.thing == thing:
            own += said.sentences
        else:
            beside.append(str(said))
    return [*own, *beside]


def changed(thing: ThingKey) -> Edition | None:
    """Return the edition in which a thing last changed."""
    rows = Changed.objects.filter(kind=thing.kind, slug=thing.slug).select_related("edition")
    row = rows.first()
    return row.edition if row else None


def is_empty(revision: Revision) -> bool:
    """Return whether it says that the thing was deleted."""
    return revision.document == NOTHING


def how(edition: Edition) -> str:
    """Return in words the way that an edition came."""
    return str(ORIGINS[Edition.Origin(edition.origin)])


def deleted(kinds: Iterable[str]) -> QuerySet[Revision]:
    """Return what says of a thing of these kinds that it is gone: the latest first.

    With `last`: the key of the revision before. What merely has another name is not among them.
    """
    here = {"kind": OuterRef("kind"), "slug": OuterRef("slug")}
    newest = Changed.objects.filter(**here, edition_id=OuterRef("edition_id"))
    moved = Moved.objects.filter(kind=OuterRef("kind"), old=OuterRef("slug"))
    with_rows = Revision.objects.filter(**here).exclude(document=NOTHING)
    return (
        Revision.objects.filter(kind__in=list(kinds), document=NOTHING)
        .filter(Exists(newest), ~Exists(moved))
        .annotate(last=Subquery(with_rows.order_by("-edition_id").values("pk")[:1]))
        .exclude(last=None)
        .select_related("edition")
    )


def name_deleted(revisions: Iterable[Revision]) -> list[Deleted]:
    """Return these with what each thing was called. One query, and those of its title."""
    rows = list(revisions)
    last = Revision.objects.in_bulk([row.last for row in rows])
    also = []
    for row in last.values():
        itself = in_todays_fields(row.document)[0]
        also.append((key_of(itself), itself["fields"]))
    labels = Labels.of([], also)
    things = [ThingKey(row.kind, row.slug) for row in rows]
    return [
        Deleted(thing, labels.thing(thing), row.edition, row.last)
        for thing, row in zip(things, rows, strict=True)
    ]


def revision_of(key: str) -> Revision:
    """Return a revision with its edition. Raises Http404 for what is no key of one."""
    rows = Revision.objects.select_related("edition")
    revision = rows.filter(pk=key).first() if is_key(key) else None
    if revision is None:
        raise Http404
    return revision


def past_of(revision: Revision) -> Past:
    """Return the past of the thing that a revision is of, by what it is called today."""
    return Past.of(ThingKey(revision.kind, revision.slug))
