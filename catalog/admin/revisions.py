"""The past of a thing as history keeps it: its revisions, newest first, and what each changed."""

from collections.abc import Iterable
from functools import cached_property
from itertools import chain
from typing import Any, Self

from django.core.paginator import Page as PageOfList
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from catalog.admin.base import is_key
from catalog.describe import Labels, describe
from catalog.history.diff import changes_between_texts
from catalog.history.documents import NOTHING, last_changes
from catalog.history.renames import SlugRenames
from catalog.history.rows import RowChange
from catalog.models import THINGS, Edition, Revision, Thing, ThingKey

PER_PAGE = 20

# A revision is told from the next by these; the whole of it is a page of its own.
MOST_SENTENCES = 5


class Past:
    """The revisions of one thing, also those under names it had before.

    `thing` has the name of today. A name that somebody else bears by now is theirs, and so is
    its past.
    """

    def __init__(self, thing: ThingKey, names: SlugRenames) -> None:
        self.thing = thing
        self.names = names
        revisions = Revision.objects.of_thing(thing, names.former.get(thing, ()))
        self.revisions: QuerySet[Revision] = revisions.select_related("edition")

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
        return last_changes([self.thing]).get(self.thing)

    def page(self, number: Any) -> tuple[PageOfList, list[Revision], str]:
        """Return a page of revisions, the revisions on it, and what the thing is called.

        Each has the first `sentences` of what it changed, and how many `more` there are. Nonsense
        asks for the first page. As many queries for one revision as for twenty.
        """
        page = Paginator(self.revisions, PER_PAGE).get_page(number)
        start = (page.number - 1) * PER_PAGE
        rows = list(self.revisions[start : start + PER_PAGE + 1])
        shown = rows[:PER_PAGE]
        pairs = zip([*rows[1:], None], shown, strict=False)
        changes = [self.between(earlier, later) for earlier, later in pairs]
        # The newest last: where names differ, it has the last word.
        labels = Labels.of(chain.from_iterable(reversed(changes)))
        for row, changed in zip(shown, changes, strict=True):
            sentences = sentences_of(self.thing, changed, labels)
            row.sentences = sentences[:MOST_SENTENCES]
            row.more = len(sentences) - len(row.sentences)
        return page, shown, self.title(labels)

    def two(self, earlier: str, later: str) -> tuple[Revision | None, Revision]:
        """Return the revisions of two editions: by default the newest and the one before.

        The earlier is None where nothing came before. Raises Revision.DoesNotExist for an
        edition that changed something else, and for what is no number of one.
        """
        rows = self.revisions
        if not all(is_key(number) for number in (earlier, later) if number):
            raise Revision.DoesNotExist
        new = rows.get(edition_id=later) if later else rows[:1].get()
        if earlier:
            return rows.get(edition_id=earlier), new
        return rows.filter(edition_id__lt=new.edition_id).first(), new

    def between(self, earlier: Revision | None, later: Revision) -> list[RowChange]:
        """Return what became of the thing between two revisions, or since it was not there."""
        text = earlier.document if earlier else NOTHING
        return changes_between_texts(self.thing, text, later.document, self.names)


def sentences_of(thing: ThingKey, changes: Iterable[RowChange], labels: Labels) -> list[str]:
    """Return what changed, in words; what changed beside the thing follows, and says of what."""
    own, beside = [], []
    for said in describe(changes, labels):
        if said.thing == thing:
            own += said.sentences
        else:
            beside.append(str(said))
    return [*own, *beside]


def revision_of(key: str) -> Revision:
    """Return a revision with its edition. Raises Http404 for what is no key of one."""
    rows = Revision.objects.select_related("edition")
    return get_object_or_404(rows, pk=key if is_key(key) else None)
