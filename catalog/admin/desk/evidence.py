"""What of the content wants looking after: evidence, sources, technologies, empty places."""

from collections.abc import Iterator

from django.db.models import Count, F, Max, Prefetch, Q, Window
from django.http import HttpRequest
from django.utils.formats import date_format

from catalog.admin.desk import attention
from catalog.admin.desk.places import places_of
from catalog.admin.desk.sections import (
    MOST_ENTRIES,
    Entry,
    Section,
    Way,
    address_of,
    list_of,
    section,
    sees,
)
from catalog.http import today
from catalog.models import (
    ByteOrder,
    Cell,
    Comparison,
    Link,
    Package,
    PackageFacts,
    Technology,
)


class Cells:
    """Cells that rest on nothing, or on what was read too long ago. Four queries."""

    def __init__(self) -> None:
        self.is_stale = attention.is_stale(today())
        self.number = Cell.objects.filter(attention.IN_USE).aggregate(
            stale=Count("pk", filter=self.is_stale),
            none=Count("pk", filter=attention.NO_EVIDENCE),
        )

    def stale_way(self) -> Way:
        count = self.number["stale"]
        text = "%(count)d stale cell" if count == 1 else "%(count)d stale cells"
        return Way(text % {"count": count}, list_of(Cell, evidence="stale"), count)

    def stale_entries(self) -> Iterator[Entry]:
        for address, title, count in _by_comparison(self.is_stale, "stale"):
            note = "%(count)d stale cell" if count == 1 else "%(count)d stale cells"
            yield Entry(title, address, note % {"count": count})

    def without_evidence(self) -> Section:
        count = self.number["none"]
        text = ("%(count)d cell" if count == 1 else "%(count)d cells") % {"count": count}
        return section(
            "evidence",
            "Cells without source or date",
            [Way(text, list_of(Cell, evidence="none"), count)],
            self._bare_entries(),
        )

    def _bare_entries(self) -> Iterator[Entry]:
        for address, title, count in _by_comparison(attention.NO_EVIDENCE, "none"):
            note = "%(count)d cell" if count == 1 else "%(count)d cells"
            yield Entry(title, address, note % {"count": count})


def _by_comparison(condition: Q, evidence: str) -> Iterator[tuple[str, str, int]]:
    """The comparisons with the most such cells: the list of these, the title and how many."""
    path = "criterion__comparison"
    counted = (
        Cell.objects.filter(attention.IN_USE & condition)
        .values_list(path, f"{path}__title")
        .annotate(number=Count("pk"))
        .order_by("-number", ByteOrder(f"{path}__slug"))
    )
    for key, title, number in counted[:MOST_ENTRIES]:
        yield list_of(Cell, evidence=evidence, **{f"{path}__id__exact": key}), title, number


def dead_sources(request: HttpRequest) -> Section:
    """Addresses that lead nowhere, dead the longest first. Three queries."""
    said = Link.objects.aggregate(
        dead=Count("pk", filter=Q(is_alive=False)), checked_on=Max("checked_on")
    )
    dead = Link.objects.filter(is_alive=False).order_by("since", ByteOrder("address"))
    found = list(dead[:MOST_ENTRIES])
    places = places_of(request, [link.address for link in found])
    text = "%(count)d dead address" if said["dead"] == 1 else "%(count)d dead addresses"
    remark = "Checked last on %(day)s."
    if said["checked_on"] is None:
        remark = "No address has been checked yet: “manage.py check_links” does that."
    else:
        remark %= {"day": date_format(said["checked_on"], "DATE_FORMAT")}
    return section(
        "sources",
        "Dead sources",
        [Way(text % {"count": said["dead"]}, list_of(Link, is_alive__exact=0), said["dead"])],
        (
            Entry(
                link.address,
                address_of(Link, "change", link.pk),
                link.reason,
                "since",
                link.since,
                places[link.address].shown,
                places[link.address].more,
            )
            for link in found
        ),
        remark if said["dead"] or said["checked_on"] is None else "",
    )


def technologies_in_trouble(request: HttpRequest) -> Section:
    """Two queries at most: packages are told of to those who may see them."""
    packages = Package.objects.select_related("facts")
    rows = attention.in_trouble(Technology.objects.select_related("replaced_by"), today())
    if sees(request, PackageFacts):
        rows = rows.prefetch_related(Prefetch("packages", packages, to_attr="read"))
    rows = rows.annotate(number=Window(Count("pk"))).order_by(ByteOrder("slug"))
    found = list(rows[:MOST_ENTRIES])
    count = found[0].number if found else 0
    text = "%(count)d technology" if count == 1 else "%(count)d technologies"
    return section(
        "trouble",
        "Technologies in trouble",
        [Way(text % {"count": count}, list_of(Technology, trouble="any"), count)],
        (
            Entry(
                technology.name,
                address_of(Technology, "change", technology.pk),
                "; ".join(_reasons(technology)),
            )
            for technology in found
        ),
    )


def _reasons(technology: Technology) -> Iterator[str]:
    if technology.lifecycle in attention.GIVEN_UP:
        yield str(technology.get_lifecycle_display())
    if technology.replaced_by is not None:
        yield f"replaced by {technology.replaced_by}"
    packages = getattr(technology, "read", ())
    facts = [package.facts for package in packages if hasattr(package, "facts")]
    for fact in facts:
        if fact.project_status in attention.LEFT:
            yield f"{fact.package} is {fact.get_project_status_display()} on the index"
    if technology.lifecycle == Technology.Lifecycle.FINISHED:
        return
    newest = max((fact.released_on for fact in facts), default="")
    if newest and attention.is_long_past(newest, today()):
        yield f"last release {newest}"


def missing_data(request: HttpRequest) -> Section:
    """Tables with empty or unknown places, the most first. One query."""
    fill_in = "grid" if sees(request, Cell) else "change"
    rows = attention.incomplete(Comparison.objects.order_by())
    rows = rows.annotate(number=Window(Count("pk")))
    found = list(rows.order_by(-(F("missing") + F("unknown")), ByteOrder("slug"))[:MOST_ENTRIES])
    count = found[0].number if found else 0
    text = "%(count)d comparison" if count == 1 else "%(count)d comparisons"
    return section(
        "missing",
        "Comparisons that lack data",
        [Way(text % {"count": count}, list_of(Comparison, data="incomplete"), count)],
        (
            Entry(
                comparison.title,
                address_of(Comparison, fill_in, comparison.pk),
                f"{comparison.unknown} unknown, {comparison.missing} missing",
            )
            for comparison in found
        ),
    )
