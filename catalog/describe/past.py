"""What readers may know of the past of a technology, in sentences."""

from collections import defaultdict
from collections.abc import Mapping, Set
from datetime import date, datetime
from itertools import pairwise, takewhile

from django.db.models import Case, OuterRef, Q, Subquery, When

from catalog.describe.labels import Labels
from catalog.describe.summary import describe
from catalog.history.documents import NOTHING, in_todays_fields
from catalog.history.renames import SlugRenames
from catalog.history.rows import MODELS, Owners, RowKey, State, difference, own_row, targets_of
from catalog.models import Category, Revision, Status, Technology, ThingKey

# So many revisions are looked at, for so many that changed what readers see.
MOST_READ = 20
MOST_CHANGES = 5

# Fields of which no page of a technology says anything.
UNSAID = {("technology", "owner"), ("technology", "review_by"), ("listing", "position")}

# The name of each thing that has a page, and the edition since which it has had one.
Pages = Mapping[RowKey, tuple[str, int]]


def past_of_technology(slug: str, _today: date) -> list[tuple[datetime, list[str]]]:
    """Return when its page was last changed and how, newest first; the same on every day.

    Its first revision, or the first since it was deleted, is no change. Three queries at most, and
    one for each kind of which a slug has moved.
    """
    names, thing = SlugRenames.read(), ThingKey(Technology.KIND, slug)
    rows = Revision.objects.of_thing(thing, names.former.get(thing, ())).select_related("edition")
    revisions = [*takewhile(lambda row: not row.is_empty, rows[: MOST_READ + 1])]
    states = [names.rows(in_todays_fields(one.document), thing, Owners()) for one in revisions]
    pages = _pages({row for state in states for row in _named(state, thing)})
    found = []
    for revision, (after, before) in zip(revisions, pairwise(states), strict=False):
        number = revision.edition_id
        # What was shown just before it, not at the revision before: others changed in between.
        if sentences := _sentences(thing, [(before, number - 1), (after, number)], pages):
            found.append((revision.edition.at, sentences))
    return found[:MOST_CHANGES]


def _pages(things: Set[RowKey]) -> Pages:
    """Return those of these that have a page. What was hidden or renamed has it since then."""
    names = [
        When(kind=model.KIND, then=Subquery(rows.filter(slug=OuterRef("slug")).values("name")[:1]))
        for model, rows in ((one, one.objects.readable()) for one in (Category, Technology))
    ]
    # Only the row of the thing has a status, and within texts quotation marks are escaped.
    is_hidden = Q(document=NOTHING) | Q(document__contains='"status":"draft"')
    rows = Revision.objects.filter(slug__in={row.key[0] for row in things})
    rows = rows.annotate(name=Case(*names), is_hidden=is_hidden).exclude(name=None)
    found = {}
    for revision in rows.order_by("edition_id").defer("document"):
        if revision.is_hidden:
            found.pop(own_row(revision.thing), None)
        else:
            found.setdefault(own_row(revision.thing), (revision.name, revision.edition_id))
    return found


def _sentences(thing: ThingKey, sides: list[tuple[State, int]], pages: Pages) -> list[str]:
    """Return what readers saw change between two states, each as of an edition; verdicts first."""
    own = own_row(thing)
    was, now = (state[own]["status"] for state, _number in sides)
    if Status.DRAFT in (was, now):
        return ["Published."] if now == Status.PUBLISHED else []
    read, are_replacements_shown = [], True
    for state, number in sides:
        shown = {row for row, (_name, since) in pages.items() if since <= number}
        are_replacements_shown &= _named({own: state[own]}, thing) <= shown
        read.append(
            {
                row: {name: fields[name] for name in fields if (row.model, name) not in UNSAID}
                for row, fields in state.items()
                if row == own or _named({row: fields}, thing) <= shown
            }
        )
    if not are_replacements_shown:  # one of two alone would be wrong
        read[0][own]["replaced_by"] = read[1][own]["replaced_by"] = None
    changes = difference(*read, defaultdict(lambda: {thing}))
    names = [(row, {"name": name}) for row, (name, _since) in pages.items()]
    labels = Labels.of(changes, [*names, (own, read[1][own])])
    verdicts = [change for change in changes if change.row.model == "listing"]
    others = [change for change in changes if change.row.model != "listing"]
    said = [*describe(verdicts, labels), *describe(others, labels)]
    texts = [text for one in said for text in one.sentences]
    return [text if text.endswith((".", "…")) else f"{text}." for text in texts]


def _named(state: State, thing: ThingKey) -> set[RowKey]:
    """Return the things that these rows name beside their own."""
    targets = {target for row, fields in state.items() for target in targets_of(row, fields)}
    return {row for row in targets if not MODELS[row.model].OWNERS and row != own_row(thing)}
