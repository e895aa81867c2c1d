"""What readers may know of the past of a technology, in sentences."""

from collections import defaultdict
from collections.abc import Set
from datetime import datetime
from itertools import pairwise, takewhile
from typing import NamedTuple

from django.db.models import Case, OuterRef, Q, Subquery, When

from catalog.describe.labels import Labels
from catalog.describe.summary import describe
from catalog.history.documents import NOTHING, in_todays_fields
from catalog.history.renames import SlugRenames
from catalog.history.rows import MODELS, Owners, RowKey, State, difference, own_row, targets_of
from catalog.models import Category, Revision, Status, Technology, ThingKey

# So many revisions are looked at, and of what they changed so much is said.
MOST_READ = 20
MOST_CHANGES = 5
MOST_SENTENCES = 3

# Fields of which no page of a technology says anything.
UNSAID = {"technology": {"owner", "review_by"}, "listing": {"position"}}


class PastChange(NamedTuple):
    """What an edition changed: its first sentences, and how many more there are."""

    at: datetime
    sentences: list[str]
    more: int


class Others(NamedTuple):
    """The things that a technology names: what those with a page today are called.

    `had_page` says whether each had one, by the editions that changed it, the oldest first.
    """

    names: dict[RowKey, str]
    had_page: dict[RowKey, dict[int, bool]]

    def shown_in(self, number: int) -> set[RowKey]:
        """Return those that have a page today and had one in this edition."""
        return {
            row
            for row in self.names
            if [had for since, had in self.had_page[row].items() if since <= number][-1:] == [True]
        }


def past_of_technology(slug: str) -> list[PastChange]:
    """Return what the last editions changed on the page of a technology, newest first.

    Its first revision, or the first since it was deleted, is no change. Three queries at most, and
    one for each kind of which a slug has moved.
    """
    names, thing = SlugRenames.read(), ThingKey(Technology.KIND, slug)
    own, found = own_row(thing), []
    rows = Revision.objects.of_thing(thing, names.former.get(thing, ())).select_related("edition")
    revisions = [*takewhile(lambda row: not row.is_empty, rows[: MOST_READ + 1])]
    documents = [in_todays_fields(revision.document) for revision in revisions]
    states = [names.rows(document, thing, Owners()) for document in documents]
    others = _others({row for state in states for row in _named(state, own)}, names)
    for revision, (after, before) in zip(revisions, pairwise(states), strict=False):
        # By the edition before this one: what is named may have got its page since the last change.
        sides = [
            (state, others.shown_in(number))
            for state, number in ((before, revision.edition_id - 1), (after, revision.edition_id))
        ]
        if sentences := _sentences(own, *sides, others.names):
            more = max(len(sentences) - MOST_SENTENCES, 0)
            found.append(PastChange(revision.edition.at, sentences[:MOST_SENTENCES], more))
    return found[:MOST_CHANGES]


def _others(things: Set[RowKey], names: SlugRenames) -> Others:
    """Read of these things which have a page, and when they had one. One query, none for none."""
    found = Others({}, defaultdict(dict))
    called = [
        When(
            kind=model.KIND,
            then=Subquery(model.objects.readable().filter(slug=OuterRef("slug")).values("name")[:1]),
        )
        for model in (Category, Technology)
    ]
    slugs = {row.key[0] for thing in things for row in names.every_key(thing)}
    rows = Revision.objects.filter(kind__in=[Category.KIND, Technology.KIND], slug__in=slugs)
    # Only things have this field, and within texts a quotation mark is written with a backslash.
    rows = rows.annotate(
        name=Case(*called),
        is_hidden=Q(document=NOTHING) | Q(document__contains='"status":"draft"'),
    )
    for one in rows.order_by("edition_id").only("kind", "slug", "edition_id"):
        row = own_row(names.thing(one.thing))
        if one.name is not None:
            found.names[row] = one.name
        # The old slug of a thing that moved ends in the edition in which the new one begins.
        had = found.had_page[row]
        had[one.edition_id] = had.get(one.edition_id, False) or not one.is_hidden
    return found


def _sentences(
    own: RowKey,
    before: tuple[State, Set[RowKey]],
    after: tuple[State, Set[RowKey]],
    names: dict[RowKey, str],
) -> list[str]:
    """Return what changed between two states of a technology, each with the things shown then."""
    sides = before, after
    statuses = [state[own]["status"] for state, _shown in sides]
    if Status.DRAFT in statuses:
        return ["Published."] if statuses[1] == Status.PUBLISHED else []
    was, now = (
        {
            row: {name: fields[name] for name in fields.keys() - UNSAID.get(row.model, set())}
            for row, fields in state.items()
            if row == own or _named({row: fields}, own) <= shown
        }
        for state, shown in sides
    )
    # To say only one of two technologies would be wrong, too.
    if any(not _named({own: state[own]}, own) <= shown for state, shown in sides):
        was[own]["replaced_by"] = now[own]["replaced_by"] = None
    thing = ThingKey(Technology.KIND, own.key[0])
    changes = difference(was, now, defaultdict(lambda: {thing}))
    called = [(row, {"name": name}) for row, name in names.items()]
    labels = Labels.of(changes, [*called, (own, now[own])])
    return [_ended(text) for said in describe(changes, labels) for text in said.sentences]


def _named(state: State, own: RowKey) -> set[RowKey]:
    """Return the things that these rows name besides their own."""
    targets = {target for row, fields in state.items() for target in targets_of(row, fields)}
    return {target for target in targets - {own} if not MODELS[target.model].OWNERS}


def _ended(text: str) -> str:
    return text if text.endswith((".", "…")) else f"{text}."
