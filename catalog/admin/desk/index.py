"""The desk on the first page of the admin: what needs attention, and what was changed last."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from itertools import chain, islice
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import (
    CharField,
    Count,
    F,
    Max,
    Model,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    Window,
)
from django.db.models.functions import RowNumber
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.text import Truncator

from catalog.admin.base import admin_url, may_view
from catalog.admin.desk import attention
from catalog.admin.desk.places import Place, places_of
from catalog.admin.places import KINDS, history_address
from catalog.admin.revisions import how
from catalog.admin.saving import publishes
from catalog.describe.labels import NAME_FIELDS
from catalog.http import today
from catalog.models import (
    ByteOrder,
    Cell,
    Changed,
    Comparison,
    Edition,
    Guide,
    Link,
    Package,
    PackageFacts,
    Page,
    Pending,
    Revision,
    Status,
    Technology,
    Thing,
    ThingKey,
)

# More would make another list of the desk.
MOST_ENTRIES = 5
MOST_EDITIONS = 10
# A pack may change a thousand.
MOST_THINGS = 3
# Of a comment or an answer; all of it is on the page of the change.
MOST_LETTERS = 120

Names = Mapping[ThingKey, str]


class Entry(NamedTuple):
    """One of what is counted, where somebody goes on with it, and what is said beside it."""

    text: str
    address: str
    note: str = ""
    day_label: str = ""  # what the day is of: “due”
    day: date | datetime | None = None
    places: Iterable[Place] = ()  # where it is named
    more: int = 0  # places that are not shown


class ListLink(NamedTuple):
    """A link to a list that shows exactly so many rows."""

    text: str
    address: str
    count: int


class Section:
    """A heading with a count, the first few of what is counted, and links to them all."""

    def __init__(
        self,
        key: str,
        title: str,
        links: Iterable[ListLink],
        entries: Iterable[Entry],
        remark: str = "",
    ) -> None:
        self.key = key
        self.title = title
        self.links = [link for link in links if link.count]
        self.entries = list(islice(entries, MOST_ENTRIES))
        self.count = sum(link.count for link in self.links)
        self.remark = remark  # is said also where there is nothing to count


class FoundThing(NamedTuple):
    """One of the first things of a kind, and how many of the kind were found."""

    kind: str
    pk: int
    name: str
    ranked_by: Any
    count: int

    @property
    def model(self) -> type[Thing]:
        return KINDS[self.kind]

    @property
    def address(self) -> str:
        return admin_url(self.model, "change", self.pk)


class RecentEdition(NamedTuple):
    """An edition, the first of the things it changed, and how many more there are."""

    edition: Edition
    how: str
    address: str
    differences: list["Difference"]
    more: int


class Difference(NamedTuple):
    """A thing that an edition changed, and the page that shows what."""

    name: str
    address: str


def desk_of(request: HttpRequest) -> dict[str, Any]:
    """Return the sections with something to say, the titles of the others, recent editions."""
    sections = list(_sections(request))
    return {
        "sections": [section for section in sections if section.count or section.remark],
        "quiet": [section.title for section in sections if not (section.count or section.remark)],
        "recent": _recent_editions(request),
    }


def _sections(request: HttpRequest) -> Iterator[Section]:
    """Yield what is for whoever asks; what nobody lets them see is not there at all."""
    yield from _sections_of_work(request)
    due = {
        model: attention.due(model.objects.all(), today())
        for model in KINDS.values()
        if may_view(request, model)
    }
    cells = _cells_by_comparison() if may_view(request, Cell) else []
    if due or may_view(request, Cell):
        yield _to_review(due, cells)
    if may_view(request, Cell):
        link, entries = _counted_cells(cells, "none", "cell")
        yield Section("evidence", "Cells without source or date", [link], entries)
    if may_view(request, Link):
        yield _dead_sources(request)
    if may_view(request, Technology):
        yield _technologies_in_trouble(request)
    if may_view(request, Comparison):
        yield _missing_data(request)


# One's own work, and what waits for approval ----------------------------------------------------


def _sections_of_work(request: HttpRequest) -> Iterator[Section]:
    """Yield what was returned to whoever asks, what they work on, and what they may approve."""
    user = request.user.get_username()
    edited = [model for model in KINDS.values() if _may_change(request, model)]
    approves, sees_pending = publishes(request), may_view(request, Pending)
    pending = _pending(request) if sees_pending and (edited or approves) else []
    mine = [change for change in pending if user in change.authors]
    returned = [change for change in mine if change.state == Pending.State.RETURNED]
    proposed = [change for change in mine if change.state == Pending.State.WAITING]
    waiting = [change for change in pending if change.state == Pending.State.WAITING]
    shown = [change for part in (returned, proposed, waiting) for change in part[:MOST_ENTRIES]]
    names = _names_of(change.thing for change in shown)
    if edited and sees_pending:
        link = _pending_link(returned, state__exact=Pending.State.RETURNED, author=user)
        entries = (
            _pending_entry(change, names, change.answered_by, change.answer) for change in returned
        )
        yield Section("returned", "Returned to you", [link], entries)
    if edited:
        drafts = {
            model: attention.worked_on(model.objects.filter(status=Status.DRAFT), user)
            for model in edited
            if issubclass(model, Page)
        }
        yield _own_work(user, proposed, drafts, names)
    if approves and sees_pending:
        link = _pending_link(waiting, state__exact=Pending.State.WAITING)
        entries = (
            _pending_entry(change, names, ", ".join(change.authors), change.comment, change.at)
            for change in waiting
        )
        yield Section("waiting", "Waiting for approval", [link], entries)


def _own_work(
    user: str, proposed: list[Pending], drafts: dict[type[Page], QuerySet], names: Names
) -> Section:
    """Return waiting changes and drafts of whoever asks, those that wait first. One query."""
    changed = Changed.objects.filter(slug=OuterRef("slug")).values("edition_id")
    found = _first_things(
        [
            rows.annotate(ranked_by=Subquery(changed.filter(kind=model.KIND)[:1]))
            for model, rows in drafts.items()
        ],
        "-ranked_by",
    )
    links = [_pending_link(proposed, state__exact=Pending.State.WAITING, author=user)]
    for model, count in _counts(drafts, found):
        text = f"{_counted(count, 'draft')}: {_kind(model, count)}"
        filters = {"status__exact": Status.DRAFT.value, "author": "me"}
        links.append(ListLink(text, _list_url(model, **filters), count))
    entries = chain(
        (_pending_entry(change, names, "", change.comment, change.at) for change in proposed),
        (Entry(one.name, one.address, f"draft, {_kind(one.model)}") for one in found),
    )
    return Section("own", "Your drafts and pending changes", links, entries)


def _pending(request: HttpRequest) -> list[Pending]:
    """Return pending changes of things that whoever asks may see, without documents. One query."""
    kinds = [kind for kind, model in KINDS.items() if may_view(request, model)]
    rows = Pending.objects.filter(kind__in=kinds).defer("document")
    return list(rows.order_by("-at", ByteOrder("kind"), ByteOrder("slug")))


def _pending_link(found: list[Pending], **filters: str) -> ListLink:
    text = _counted(len(found), "pending change")
    return ListLink(text, _list_url(Pending, **filters), len(found))


def _pending_entry(
    change: Pending, names: Names, by: str, text: str, since: datetime | None = None
) -> Entry:
    """Return what it is a change of, by whom it was said what, and its page."""
    quoted = f"“{Truncator(text).chars(MOST_LETTERS)}”" if text else ""
    note = ", ".join(part for part in (_kind(KINDS[change.kind]), by, quoted) if part)
    address = admin_url(Pending, "change", change.pk)
    return Entry(names.get(change.thing, change.slug), address, note, "since", since)


# What of the content wants looking after --------------------------------------------------------


def _to_review(due: dict[type[Thing], QuerySet], cells: list[dict]) -> Section:
    """Return the things that are due, those that are so the longest first, and stale cells."""
    found = _first_things(
        [rows.annotate(ranked_by=F("review_by")) for rows in due.values()], "ranked_by"
    )
    links = []
    for model, count in _counts(due, found):
        # There is one guide: its list needs no filter.
        filters = {} if model is Guide else {"review": "due"}
        text = f"{count} {_kind(model, count)} due"
        links.append(ListLink(text, _list_url(model, **filters), count))
    stale_link, stale_entries = _counted_cells(cells, "stale", "stale cell")
    entries = chain(
        (Entry(one.name, one.address, _kind(one.model), "due", one.ranked_by) for one in found),
        stale_entries,
    )
    return Section("review", "Due for review", [*links, stale_link], entries)


def _cells_by_comparison() -> list[dict]:
    """Return of each comparison in use how many cells rest on nothing or are stale. Two queries."""
    return list(
        Cell.objects.filter(attention.IN_USE)
        .order_by(ByteOrder("criterion__comparison__slug"))
        .values(key=F("criterion__comparison"), title=F("criterion__comparison__title"))
        .annotate(
            stale=Count("pk", filter=attention.is_stale(today())),
            none=Count("pk", filter=attention.WITHOUT_EVIDENCE),
        )
    )


def _counted_cells(cells: list[dict], evidence: str, noun: str) -> tuple[ListLink, list[Entry]]:
    """Return the link to all such cells, and the comparisons that have the most of them."""
    most = sorted(cells, key=lambda row: -row[evidence])[:MOST_ENTRIES]
    entries = [
        Entry(
            row["title"],
            _list_url(Cell, evidence=evidence, criterion__comparison__id__exact=row["key"]),
            _counted(row[evidence], noun),
        )
        for row in most
        if row[evidence]
    ]
    count = sum(row[evidence] for row in cells)
    return ListLink(_counted(count, noun), _list_url(Cell, evidence=evidence), count), entries


def _dead_sources(request: HttpRequest) -> Section:
    """Return addresses that lead nowhere, dead the longest first. Four queries at most."""
    checks = Link.objects.aggregate(
        dead=Count("pk", filter=Q(is_alive=False)), last=Max("checked_on")
    )
    dead = Link.objects.filter(is_alive=False).order_by("since", ByteOrder("address"))
    found = list(dead[:MOST_ENTRIES])
    places = places_of(request, [link.address for link in found])
    entries = [
        Entry(
            link.address,
            admin_url(Link, "change", link.pk),
            link.reason,
            "since",
            link.since,
            places[link.address].shown,
            places[link.address].more,
        )
        for link in found
    ]
    remark = ""
    if checks["last"] is None:
        remark = "No address has been checked yet: “manage.py check_links” does that."
    elif checks["dead"]:
        remark = f"Checked last on {date_format(checks['last'], 'DATE_FORMAT')}."
    text = _counted(checks["dead"], "dead address", "dead addresses")
    link = ListLink(text, _list_url(Link, is_alive__exact=0), checks["dead"])
    return Section("sources", "Dead sources", [link], entries, remark)


def _technologies_in_trouble(request: HttpRequest) -> Section:
    """Return them with the reasons. Two queries: packages are told of to those who may see them."""
    rows = attention.in_trouble(Technology.objects.select_related("replaced_by"), today())
    if may_view(request, PackageFacts):
        packages = Package.objects.select_related("facts")
        rows = rows.prefetch_related(Prefetch("packages", packages, to_attr="visible_packages"))
    rows = rows.annotate(number=Window(Count("pk"))).order_by(ByteOrder("slug"))
    found = list(rows[:MOST_ENTRIES])
    count = found[0].number if found else 0
    text = _counted(count, "technology", "technologies")
    entries = (
        Entry(
            technology.name,
            admin_url(Technology, "change", technology.pk),
            "; ".join(_reasons(technology)),
        )
        for technology in found
    )
    link = ListLink(text, _list_url(Technology, trouble="any"), count)
    return Section("trouble", "Technologies in trouble", [link], entries)


def _reasons(technology: Technology) -> Iterator[str]:
    if technology.lifecycle in attention.GIVEN_UP:
        yield technology.get_lifecycle_display()
    if technology.replaced_by is not None:
        yield f"replaced by {technology.replaced_by}"
    packages = getattr(technology, "visible_packages", ())
    facts = [package.facts for package in packages if hasattr(package, "facts")]
    for fact in facts:
        if fact.project_status in attention.LEFT:
            yield f"{fact.package} is {fact.get_project_status_display()} on the index"
    newest = max((fact.released_on for fact in facts), default="")
    is_finished = technology.lifecycle == Technology.Lifecycle.FINISHED
    if newest and not is_finished and attention.is_long_past(newest, today()):
        yield f"last release {newest}"


def _missing_data(request: HttpRequest) -> Section:
    """Return tables with empty or unknown places, the most first. One query."""
    page = "grid" if may_view(request, Cell) else "change"
    rows = attention.incomplete(Comparison.objects.order_by())
    rows = rows.annotate(number=Window(Count("pk")))
    found = list(rows.order_by(-(F("missing") + F("unknown")), ByteOrder("slug"))[:MOST_ENTRIES])
    count = found[0].number if found else 0
    link = ListLink(_counted(count, "comparison"), _list_url(Comparison, data="incomplete"), count)
    entries = (
        Entry(
            comparison.title,
            admin_url(Comparison, page, comparison.pk),
            f"{comparison.unknown} unknown, {comparison.missing} missing",
        )
        for comparison in found
    )
    return Section("missing", "Comparisons that lack data", [link], entries)


# Recent changes ---------------------------------------------------------------------------------


def _recent_editions(request: HttpRequest) -> list[RecentEdition]:
    """Return the newest editions with the things that whoever asks may see. Three queries."""
    if not may_view(request, Edition):
        return []
    editions = list(Edition.objects.all()[:MOST_EDITIONS])
    kinds = [kind for kind, model in KINDS.items() if may_view(request, model)]
    in_edition = {"partition_by": F("edition_id")}
    order = (ByteOrder("kind"), ByteOrder("slug"))
    revisions = (
        Revision.objects.filter(edition__in=editions, kind__in=kinds)
        .annotate(
            place=Window(RowNumber(), order_by=order, **in_edition),
            number=Window(Count("pk"), **in_edition),
        )
        .filter(place__lte=MOST_THINGS)
        .order_by("edition_id", "place")
        .values_list("edition_id", "kind", "slug", "number")
    )
    things, counts = defaultdict(list), defaultdict(int)
    for edition, kind, slug, number in revisions:
        things[edition].append(ThingKey(kind, slug))
        counts[edition] = number
    names = _names_of(thing for some in things.values() for thing in some)
    return [
        RecentEdition(
            edition,
            how(edition),
            admin_url(Edition, "change", edition.pk),
            [
                # What is gone is called by its slug.
                Difference(
                    names.get(thing, thing.slug), f"{history_address(thing)}?to={edition.pk}"
                )
                for thing in things[edition.pk]
            ],
            counts[edition.pk] - len(things[edition.pk]),
        )
        for edition in editions
    ]


# Things of all kinds together -------------------------------------------------------------------


def _first_things(selects: list[QuerySet], order: str) -> list[FoundThing]:
    """Return the first things of each kind, by their annotation `ranked_by`. One query."""
    order_of_kind = [order, ByteOrder("slug")]
    selects = [
        _named(rows)
        .annotate(
            place=Window(RowNumber(), order_by=order_of_kind),
            number=Window(Count("pk")),
        )
        .filter(place__lte=MOST_ENTRIES)
        for rows in selects
    ]
    columns = ("of_kind", "pk", "called", "ranked_by", "number", "place")
    found = _union(selects, columns, (order, "of_kind", "place"))
    return [FoundThing(*values) for *values, _place in found]


def _names_of(things: Iterable[ThingKey]) -> dict[ThingKey, str]:
    """Return what those of these things are called that are there. One query."""
    slugs = defaultdict(set)
    for thing in things:
        slugs[thing.kind].add(thing.slug)
    selects = [_named(KINDS[kind].objects.filter(slug__in=some)) for kind, some in slugs.items()]
    found = _union(selects, ("of_kind", "slug", "called"))
    return {ThingKey(kind, slug): name for kind, slug, name in found}


def _named(things: QuerySet) -> QuerySet:
    """Return things of one kind with the columns that a union of several kinds needs."""
    model = things.model
    return things.order_by().annotate(
        of_kind=Value(model.KIND, output_field=CharField()),
        called=F(NAME_FIELDS[model._meta.model_name]),
    )


def _union(
    selects: list[QuerySet], columns: Iterable[str], order: Iterable[str] = ()
) -> Iterable[tuple]:
    """Return these columns of all rows. Nothing at all where there are none to ask for."""
    if not selects:
        return ()
    first, *others = (rows.values_list(*columns) for rows in selects)
    return (first.union(*others, all=True) if others else first).order_by(*order)


def _counts(
    models: Iterable[type[Thing]], found: Iterable[FoundThing]
) -> Iterator[tuple[type[Thing], int]]:
    """Yield of each model how many of its things were found."""
    counts = {one.kind: one.count for one in found}
    for model in models:
        yield model, counts.get(model.KIND, 0)


# Words and addresses ----------------------------------------------------------------------------


def _counted(count: int, one: str, many: str = "") -> str:
    """Return a number with what it counts: “1 cell”, “2 cells”."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def _kind(model: type[Thing], count: int = 1) -> str:
    meta = model._meta
    return str(meta.verbose_name if count == 1 else meta.verbose_name_plural)


def _list_url(model: type[Model], **filters: str | int) -> str:
    """Return the address of a model's list, filtered."""
    address = admin_url(model, "changelist")
    return f"{address}?{urlencode(filters)}" if filters else address


def _may_change(request: HttpRequest, model: type[Model]) -> bool:
    return admin.site.get_model_admin(model).has_change_permission(request)
