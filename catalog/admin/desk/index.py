"""The desk on the first page of the admin: what needs attention, and what was changed last."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import reduce
from itertools import chain, islice
from operator import or_
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import (
    BooleanField,
    CharField,
    Count,
    ExpressionWrapper,
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
from django.db.models.functions import Concat, RowNumber
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.text import Truncator

from catalog.admin.base import admin_url, history_address, may_view
from catalog.admin.desk import attention
from catalog.admin.saving import publishes
from catalog.describe.labels import NAME_FIELDS, Labels
from catalog.history.rows import own_row
from catalog.http import today
from catalog.links import address_fields
from catalog.models import (
    THINGS,
    ByteOrder,
    Cell,
    Changed,
    Comparison,
    Compatibility,
    Edition,
    Guide,
    Link,
    Migration,
    Miss,
    Package,
    PackageFacts,
    Page,
    Pending,
    Pin,
    Revision,
    Status,
    SupportWindow,
    Technology,
    Thing,
    ThingKey,
)
from catalog.models.technology import ENDING
from catalog.package_index import overtaken_pins, trouble_of, why_overtaken

# More would make another list of the desk.
MOST_ENTRIES = 5
MOST_EDITIONS = 10
# A pack may change a thousand.
MOST_THINGS = 3
# Of a comment or an answer; all of it is on the page of the change.
MOST_LETTERS = 120

# Forms on which an address stands: one page may be the source of a whole table.
MOST_PLACES = 3

# What rows are called by: a cell by where it stands, since many say the same word.
CALLED = {
    Technology: F("name"),
    SupportWindow: Concat("technology__name", Value(" "), "cycle"),
    Migration: Concat("technology__name", Value(" to "), "to__name"),
    Compatibility: Concat("technology__name", Value(" and "), "other__name"),
    Cell: Concat("criterion__name", Value(" of "), "contender__technology__name"),
}

# A thing: its model, its name and address, and what it is ranked by.
Found = tuple[type[Thing], tuple[str, str], Any]


class Way(NamedTuple):
    """A page that leads further."""

    text: str
    address: str


@dataclass
class Places:
    """Where an address stands: the first few forms, and how many there are."""

    shown: list[Way] = field(default_factory=list)
    count: int = 0

    @property
    def more(self) -> int:
        return self.count - len(self.shown)


class Entry(NamedTuple):
    """One of what is counted, where somebody goes on with it, and what is said beside it."""

    text: str
    address: str
    note: str = ""
    day_label: str = ""  # what the day is of: “due”
    day: date | datetime | None = None
    places: Places | None = None  # where it is named


class ListLink(NamedTuple):
    """A link to a list that shows exactly so many rows."""

    text: str
    address: str
    count: int


@dataclass
class Section:
    """A heading with a count, the first few of what is counted, and links to them all."""

    key: str
    title: str
    links: Iterable[ListLink]
    entries: Iterable[Entry]
    remark: str = ""  # is said also where there is nothing to count

    def __post_init__(self) -> None:
        self.links = [link for link in self.links if link.count]
        self.entries = list(islice(self.entries, MOST_ENTRIES))
        self.count = sum(link.count for link in self.links)


class RecentEdition(NamedTuple):
    """An edition, the first of the things it changed, and how many more there are."""

    edition: Edition
    address: str
    differences: list[Way]
    more: int


def desk_of(request: HttpRequest) -> dict[str, Any]:
    """Return the sections with something to say, the labels of the others, recent editions."""
    sections = list(_sections(request))
    return {
        "sections": [section for section in sections if section.count or section.remark],
        "quiet": [section.title for section in sections if not (section.count or section.remark)],
        "recent": _recent_editions(request),
    }


def _sections(request: HttpRequest) -> Iterator[Section]:
    """Yield what is for whoever asks; what nobody lets them see is not there at all."""
    yield from _sections_of_work(request)
    seen = [model for model in THINGS.values() if may_view(request, model)]
    links, entries = _due(seen)
    sees_cells = may_view(request, Cell)
    cells = _cells_by_comparison() if sees_cells else []
    if seen or sees_cells:
        stale_link, stale_entries = _cells(cells, "stale", "stale cell")
        yield Section("review", "Due for review", [*links, stale_link], [*entries, *stale_entries])
    if sees_cells:
        link, entries = _cells(cells, "none", "cell")
        yield Section("evidence", "Cells without source or date", [link], entries)
    if may_view(request, Link):
        yield _dead_sources(request)
    if may_view(request, Miss):
        yield _missed()
    if may_view(request, Pin) and may_view(request, PackageFacts):
        yield _overtaken_pins()
    if may_view(request, Technology):
        yield _technologies_in_trouble(request)
    if may_view(request, Comparison):
        yield _missing_data(request)


# One's own work, and what waits for approval ----------------------------------------------------


def _sections_of_work(request: HttpRequest) -> Iterator[Section]:
    """Yield what was returned to whoever asks, what they work on, and what they may approve."""
    user = request.user.get_username()
    page_of = admin.site.get_model_admin
    edited = [one for one in THINGS.values() if page_of(one).has_change_permission(request)]
    approves, sees_pending = publishes(request), may_view(request, Pending)
    kinds = [kind for kind, model in THINGS.items() if may_view(request, model)]
    pending: Iterable[Pending] = ()
    if sees_pending and (edited or approves):
        rows = Pending.objects.open().filter(kind__in=kinds).defer("document")
        pending = rows.order_by("-at", ByteOrder("kind"), ByteOrder("slug"))
    mine = [change for change in pending if user in change.authors]
    returned = [change for change in mine if change.state == Pending.State.RETURNED]
    proposed = [change for change in mine if change.state == Pending.State.WAITING]
    waiting = [change for change in pending if change.state == Pending.State.WAITING]
    shown = [change for part in (returned, proposed, waiting) for change in part[:MOST_ENTRIES]]
    names = Labels.of([], [(own_row(change.thing), {}) for change in shown])
    if edited and sees_pending:
        link = _pending_link(returned, state__exact=Pending.State.RETURNED, author="me")
        entries = (_pending_entry(change, names, change.answered_by) for change in returned)
        yield Section("returned", "Returned to you", [link], entries)
    if edited:
        link = _pending_link(proposed, state__exact=Pending.State.WAITING, author="me")
        links, drafts = _drafts(user, edited)
        entries = chain((_pending_entry(change, names) for change in proposed), drafts)
        yield Section("own", "Your drafts and pending changes", [link, *links], entries)
    if approves and sees_pending:
        link = _pending_link(waiting, state__exact=Pending.State.WAITING)
        entries = (_pending_entry(change, names, ", ".join(change.authors)) for change in waiting)
        yield Section("waiting", "Waiting for approval", [link], entries)


def _pending_link(changes: list[Pending], **filters: str) -> ListLink:
    return _list_link(Pending, len(changes), "pending change", **filters)


def _pending_entry(change: Pending, names: Labels, by: str = "") -> Entry:
    is_returned = change.state == Pending.State.RETURNED
    text = change.answer if is_returned else change.comment
    quoted = f"“{Truncator(text).chars(MOST_LETTERS)}”" if text else ""
    note = ", ".join(part for part in (_kind(THINGS[change.kind]), by, quoted) if part)
    name, address = names.thing(change.thing), admin_url(Pending, "change", change.pk)
    return Entry(name, address, note, "since", None if is_returned else change.at)


def _drafts(user: str, models: Iterable[type[Thing]]) -> tuple[list[ListLink], list[Entry]]:
    """Return links to the drafts that a user worked on, and those changed last. One query."""
    changed = Changed.objects.filter(slug=OuterRef("slug")).values("edition_id")
    drafts = [
        attention.worked_on(model.objects.filter(status=Status.DRAFT), user).annotate(
            ranked_by=Subquery(changed.filter(kind=model.KIND)[:1])
        )
        for model in models
        if issubclass(model, Page)
    ]
    found, counts = _first_things(drafts, "-ranked_by")
    filters = {"status__exact": Status.DRAFT.value, "author": "me"}
    links = [
        _list_link(model, count, f"draft: {_kind(model)}", f"drafts: {_kind(model, 2)}", **filters)
        for model, count in counts.items()
    ]
    return links, [Entry(*one, f"draft, {_kind(model)}") for model, one, _edition in found]


# What of the content wants looking after --------------------------------------------------------


def _due(models: Iterable[type[Thing]]) -> tuple[list[ListLink], list[Entry]]:
    """Return links to the things that are due for review, and the longest due. One query."""
    due = [attention.due(model.objects.all(), today()) for model in models]
    due = [rows.annotate(ranked_by=F("review_by")) for rows in due]
    found, counts = _first_things(due, "ranked_by")
    links = []
    for model, count in counts.items():
        # There is one guide: its list needs no filter.
        filters = {} if model is Guide else {"review": "due"}
        kinds = [f"{_kind(model, number)} due" for number in (1, 2)]
        links.append(_list_link(model, count, *kinds, **filters))
    return links, [Entry(*one, _kind(model), "due", day) for model, one, day in found]


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


def _cells(counts: list[dict], evidence: str, noun: str) -> tuple[ListLink, list[Entry]]:
    """Return the link to all such cells, and the comparisons that have the most of them."""
    filters, entries = {"evidence": evidence}, []
    for row in sorted(counts, key=lambda row: -row[evidence])[:MOST_ENTRIES]:
        address = _list_url(Cell, **filters, criterion__comparison__id__exact=row["key"])
        if row[evidence]:
            entries.append(Entry(row["title"], address, _counted(row[evidence], noun)))
    number = sum(row[evidence] for row in counts)
    return _list_link(Cell, number, noun, **filters), entries


def _dead_sources(request: HttpRequest) -> Section:
    """Return addresses that lead nowhere, dead the longest first. Four queries at most."""
    dead = Link.objects.filter(is_alive=False)
    count, found = _first_rows(dead, "since", ByteOrder("address"))
    places = places_of(request, [link.address for link in found])
    checked_on = Link.objects.aggregate(last=Max("checked_on"))["last"]
    remark = ""
    if checked_on is None:
        remark = "No address has been checked yet: “manage.py check_links” does that."
    elif count:
        remark = f"Checked last on {date_format(checked_on, 'DATE_FORMAT')}."
    entries = []
    for link in found:
        address = admin_url(Link, "change", link.pk)
        named_by = places[link.address]
        entries.append(Entry(link.address, address, link.reason, "since", link.since, named_by))
    link = _list_link(Link, count, "dead address", "dead addresses", is_alive__exact=0)
    return Section("sources", "Dead sources", [link], entries, remark)


def _missed() -> Section:
    """Return what readers looked for most often and did not find. Two queries."""
    rows = Miss.objects.all()
    entries = [
        Entry(
            miss.text,
            admin_url(Miss, "change", miss.pk),
            _counted(miss.count, "time"),
            "last",
            miss.at,
        )
        for miss in rows[:MOST_ENTRIES]
    ]
    link = _list_link(Miss, rows.count(), "text without an answer", "texts without an answer")
    return Section("missed", "Looked for and not found", [link], entries)


def places_of(request: HttpRequest, addresses: Iterable[str]) -> dict[str, Places]:
    """Return the places of each of these addresses that whoever asks may see. A query a model."""
    found = {address: Places() for address in addresses}
    for model, name in CALLED.items():
        if not found or not may_view(request, model):
            continue
        fields = address_fields(model)
        names_any = reduce(or_, (Q(**{f"{each.name}__in": list(found)}) for each in fields))
        order = [ByteOrder(path) for path in model.NATURAL_KEY]
        rows = model.objects.filter(names_any).order_by(*order).annotate(called=name)
        rows = list(rows.values("pk", "called", *(each.name for each in fields)))
        for each in fields:
            for row in rows:
                if places := found.get(row[each.name]):
                    places.count += 1
                    if places.count <= MOST_PLACES:
                        text = f"{row['called']}: {each.verbose_name}"
                        places.shown.append(Way(text, admin_url(model, "change", row["pk"])))
    return found


def _technologies_in_trouble(request: HttpRequest) -> Section:
    """Return them with the reasons. Two queries: packages are told of to those who may see them."""
    rows = attention.in_trouble(Technology.objects.select_related("replaced_by"), today())
    is_quiet = ExpressionWrapper(attention.is_quiet(today()), BooleanField())
    rows = rows.annotate(is_quiet=is_quiet)
    if may_view(request, PackageFacts):
        packages = Package.objects.select_related("facts")
        rows = rows.prefetch_related(Prefetch("packages", packages, to_attr="visible_packages"))
    count, found = _first_rows(rows, ByteOrder("slug"))
    link = _list_link(Technology, count, "technology", "technologies", trouble="any")
    entries = (
        Entry(row.name, admin_url(Technology, "change", row.pk), "; ".join(_reasons(row)))
        for row in found
    )
    return Section("trouble", "Technologies in trouble", [link], entries)


def _overtaken_pins() -> Section:
    """Return the pins that the newest releases on the package index have left behind. One query."""
    pins = overtaken_pins()
    entries = [
        Entry(
            f"{pin.package} {pin} in {pin.version_set}",
            admin_url(Pin, "change", pin.pk),
            why_overtaken(pin),
        )
        for pin in pins[:MOST_ENTRIES]
    ]
    link = _list_link(Pin, len(pins), "pin", id__in=",".join(str(pin.pk) for pin in pins))
    return Section("pins", "Overtaken by the package index", [link], entries)


def _reasons(technology: Technology) -> Iterator[str]:
    if technology.lifecycle in ENDING:
        yield technology.get_lifecycle_display()
    if technology.replaced_by is not None:
        yield f"replaced by {technology.replaced_by}"
    packages = getattr(technology, "visible_packages", ())
    facts = [package.facts for package in packages if hasattr(package, "facts")]
    for fact in facts:
        if trouble := trouble_of(fact):
            yield f"{fact.package}: {trouble}"
    newest = max((fact.released_on for fact in facts), default="")
    is_finished = technology.lifecycle == Technology.Lifecycle.FINISHED
    if newest and technology.is_quiet and not is_finished:
        yield f"last release {newest}"


def _missing_data(request: HttpRequest) -> Section:
    """Return tables with empty or unknown places, the most first. One query."""
    page = "grid" if may_view(request, Cell) else "change"
    rows = attention.incomplete(Comparison.objects.order_by())
    count, found = _first_rows(rows, -(F("missing") + F("unknown")), ByteOrder("slug"))
    link = _list_link(Comparison, count, "comparison", data="incomplete")
    entries = []
    for row in found:
        lacks = f"{row.unknown} unknown, {row.missing} missing"
        entries.append(Entry(row.title, admin_url(Comparison, page, row.pk), lacks))
    return Section("missing", "Comparisons that lack data", [link], entries)


def _first_rows(rows: QuerySet, *order: Any) -> tuple[int, list[Any]]:
    """Return how many rows there are, and the first of them. One query."""
    found = list(rows.annotate(number=Window(Count("pk"))).order_by(*order)[:MOST_ENTRIES])
    return (found[0].number if found else 0), found


# Recent changes ---------------------------------------------------------------------------------


def _recent_editions(request: HttpRequest) -> list[RecentEdition]:
    """Return the newest editions with the things that whoever asks may see."""
    if not may_view(request, Edition):
        return []
    editions = list(Edition.objects.all()[:MOST_EDITIONS])
    kinds = [kind for kind, model in THINGS.items() if may_view(request, model)]
    in_edition = {"partition_by": F("edition_id")}
    order = (ByteOrder("kind"), ByteOrder("slug"))
    rows = Revision.objects.filter(edition__in=editions, kind__in=kinds).annotate(
        place=Window(RowNumber(), order_by=order, **in_edition),
        number=Window(Count("pk"), **in_edition),
    )
    rows = rows.filter(place__lte=MOST_THINGS).order_by("place")
    found = defaultdict(list)
    for key, kind, slug, number in rows.values_list("edition_id", "kind", "slug", "number"):
        found[key].append((ThingKey(kind, slug), number))
    things = [thing for some in found.values() for thing, _number in some]
    names = Labels.of([], [(own_row(thing), {}) for thing in things])
    recent = []
    for edition in editions:
        changed, address = found[edition.pk], admin_url(Edition, "change", edition.pk)
        differences = [
            # What is gone is called by its slug.
            Way(names.thing(thing), f"{history_address(thing)}?to={edition.pk}")
            for thing, _number in changed
        ]
        more = changed[0][1] - len(changed) if changed else 0
        recent.append(RecentEdition(edition, address, differences, more))
    return recent


def _first_things(selects: list[QuerySet], order: str) -> tuple[list[Found], dict[Model, int]]:
    """Return the first things of each kind by `ranked_by`, and how many there are. One query."""
    if not selects:
        return [], {}
    things, counts = [], {}
    first, *others = [
        rows.order_by()
        .annotate(
            of_kind=Value(rows.model.KIND, output_field=CharField()),
            called=F(NAME_FIELDS[rows.model._meta.model_name]),
            place=Window(RowNumber(), order_by=[order, ByteOrder("slug")]),
            number=Window(Count("pk")),
        )
        .filter(place__lte=MOST_ENTRIES)
        .values_list("of_kind", "called", "pk", "ranked_by", "number", "place")
        for rows in selects
    ]
    found = first.union(*others, all=True) if others else first
    for kind, name, pk, ranked_by, number, _place in found.order_by(order, "of_kind", "place"):
        counts[kind] = number
        things.append((THINGS[kind], (name, admin_url(THINGS[kind], "change", pk)), ranked_by))
    return things, {model: counts[kind] for kind, model in THINGS.items() if kind in counts}


def _kind(model: type[Thing], count: int = 1) -> str:
    meta = model._meta
    return str(meta.verbose_name if count == 1 else meta.verbose_name_plural)


def _counted(count: int, one: str, many: str = "") -> str:
    return f"{count} {one if count == 1 else many or one + 's'}"


def _list_link(
    model: type[Model], count: int, one: str, many: str = "", **filters: str | int
) -> ListLink:
    return ListLink(_counted(count, one, many), _list_url(model, **filters), count)


def _list_url(model: type[Model], **filters: str | int) -> str:
    address = admin_url(model, "changelist")
    return f"{address}?{urlencode(filters)}" if filters else address
