"""Any technologies side by side: what the guide knows of each, and the tables that judge them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from django.db.models import Count
from django.utils.text import capfirst

from catalog.comparison import engine
from catalog.comparison.engine.table import KNOWN, NOT_APPLICABLE, TEXT
from catalog.comparison.tables import kept_tables
from catalog.models import (
    Companion,
    Comparison,
    Contender,
    Edition,
    Listing,
    Package,
    Pin,
    Point,
    Status,
    Technology,
    VersionSet,
)

# With fewer of those that it holds, a comparison compares nothing.
FEWEST = 2

# The group of what the guide says; those of comparisons are called by their slugs.
GUIDE = "guide"
PIN = "versions"
HARD = {
    "verdict": "Verdict",
    "summary": "What it is",
    "best-for": "Best for",
    "newest": "Newest release",
    "lifecycle": "Lifecycle",
    "python": "Python",
    "licence": "Licence",
    "packages": "Packages",
    PIN: "Pin",
    "links": "Links",
}
# What is said in sentences; a page folds it.
WORDS = {
    "because": "Why this verdict",
    "pros": "Pros",
    "cons": "Cons",
    "use-when": "Use when",
    "avoid-when": "Avoid when",
    "goes-with": "Goes with",
    "note": "On its lifecycle",
}
ROW_OF_POINT = {Point.Kind.PRO: "pros", Point.Kind.CON: "cons"}
BEST_FIRST = list(Listing.Verdict)


class Line(NamedTuple):
    """One thing that a cell says: a strong word, what follows it, a link, and small print."""

    strong: str = ""
    text: str = ""
    link: str = ""
    address: str = ""
    small: str = ""
    verdict: str = ""  # whose mark it has
    code: str = ""

    @property
    def is_bare(self) -> bool:
        return bool(self.link) and not self.strong and not self.text

    @property
    def said(self) -> str:
        """Return it as text, with the address of a link that stands alone."""
        said = f"{self.strong}{self.code}{self.text}"
        if self.link:
            said = f"{said}{self.link}" if said else f"{self.link}: {self.address}"
        return f"{said} ({self.small})" if said and self.small else said or self.small


class Fact(NamedTuple):
    """A row: the name of each technology, and what is said of it."""

    key: str
    name: str
    cells: list[tuple[str, list[Line]]]


class Facts(NamedTuple):
    """What is known of technologies; rows in which nothing is said of any are left out."""

    technologies: list[Technology]
    listings: list[Listing]
    hard: list[Fact]
    words: list[Fact]


class Held(NamedTuple):
    """A comparison, its table, and those of the chosen that stand in it."""

    comparison: Comparison
    table: engine.Table
    members: tuple[str, ...]

    @property
    def rectangle(self) -> engine.Rectangle:
        """Return the table of the members alone, under the guide's own weights."""
        question = engine.Question(self.members, self.table.curated_weights)
        return engine.arrange(self.table, question)

    @property
    def note(self) -> str:
        """Return which versions of the members were judged, and when that was checked last."""
        cells = (cell for (_key, slug), cell in self.table.cells.items() if slug in self.members)
        days = [cell.verified_on for cell in cells if cell.verified_on]
        columns = [self.table.contender_by_slug[slug] for slug in self.members]
        judged = [f"{one.name} {one.versions}" for one in columns if one.versions]
        return ", ".join([*judged, *([f"checked {max(days).isoformat()}"] if days else [])])


Lines = dict[tuple[str, str], list[Line]]


def facts_of(slugs: Sequence[str]) -> Facts:
    """Read technologies with a page, in this order. Six queries, however many; none for none."""
    if not slugs:
        return Facts([], [], [], [])
    found = Technology.objects.readable().select_related("replaced_by").filter(slug__in=slugs)
    technologies = sorted(found, key=lambda one: slugs.index(one.slug))
    listings = list(Listing.objects.in_published_categories().filter(technology__in=technologies))
    lines: Lines = defaultdict(list)
    for one in technologies:
        _add_own(lines, one)
    _add_listings(lines, listings)
    _add_packages(lines, technologies)
    pins = Pin.objects.filter(package__technology__in=technologies).select_related(
        "package__technology", "version_set"
    )
    names = dict(HARD)
    for pin in pins.filter(version_set__in=VersionSet.objects.published().values("pk")[:1]):
        requirement = Line(code=f"{pin.name_with_extras} {pin.specifier}")
        lines[PIN, pin.package.technology.slug].append(requirement)
        names[PIN] = f"Pin of {pin.version_set.as_of}"
    for point in Point.objects.filter(technology__in=technologies).select_related("technology"):
        row = ROW_OF_POINT.get(point.kind, point.kind)
        lines[row, point.technology.slug].append(Line(text=point.text))
    for companion in Companion.objects.to_readable().filter(technology__in=technologies):
        lines["goes-with", companion.technology.slug].append(Line(text=str(companion)))
    return Facts(
        technologies,
        listings,
        hard=_rows(names, lines, technologies),
        words=_rows(WORDS, lines, technologies),
    )


def held_by_comparisons(slugs: Sequence[str], latest: Edition | None, today: date) -> list[Held]:
    """Return each published comparison that holds at least two of these. Five queries at most."""
    members = Contender.objects.readable().filter(technology__slug__in=slugs).order_by()
    counted = members.values("comparison").annotate(members=Count("pk"))
    rows = Comparison.objects.published().filter(
        pk__in=counted.filter(members__gte=FEWEST).values("comparison")
    )
    comparisons = list(rows) if len(slugs) >= FEWEST else []
    tables = kept_tables(comparisons, latest, today)
    return [
        Held(one, table, tuple(slug for slug in slugs if slug in table.contender_by_slug))
        for one, table in zip(comparisons, tables, strict=True)
    ]


def table_of_all(facts: Facts, held: Iterable[Held]) -> engine.Table:
    """Put facts and comparisons into one table for files; of different jobs, nothing is weighed."""
    criteria, cells, groups = [], {}, []
    columns = [one.slug for one in facts.technologies]
    for row in (*facts.hard, *facts.words):
        criteria.append(engine.Criterion(row.key, row.name, TEXT, group=GUIDE, is_own=True))
        for slug, (_name, lines) in zip(columns, row.cells, strict=True):
            value = "\n".join(line.said for line in lines)
            cells[row.key, slug] = engine.Cell(KNOWN, value=value)
    if criteria:
        groups.append(engine.Group(GUIDE, "What the guide says"))
    for one in held:
        # Not the group of what the guide says.
        group = f"{one.comparison.slug}." if one.comparison.slug == GUIDE else one.comparison.slug
        groups.append(engine.Group(group, one.comparison.title, one.note))
        for row in one.table.criteria:
            key = f"{one.comparison.slug}.{row.key}"
            criteria.append(row._replace(key=key, weight=0, group=group))
            of_row = {slug: one.table.cells.get((row.key, slug)) for slug in one.members}
            outside = dict.fromkeys(columns, engine.Cell(NOT_APPLICABLE))
            cells |= {(key, slug): cell for slug, cell in (outside | of_row).items() if cell}
    return engine.Table(
        contenders=tuple(engine.Contender(one.slug, one.name) for one in facts.technologies),
        criteria=tuple(criteria),
        cells=cells,
        groups=tuple(groups),
        is_curated=False,
    )


def _rows(names: dict[str, str], lines: Lines, technologies: list[Technology]) -> list[Fact]:
    rows = (
        Fact(key, name, [(one.name, lines.get((key, one.slug), [])) for one in technologies])
        for key, name in names.items()
    )
    return [row for row in rows if any(found for _name, found in row.cells)]


def _add_own(lines: Lines, one: Technology) -> None:
    """Add what stands in the technology's own row."""
    if one.summary:
        lines["summary", one.slug].append(Line(text=one.summary))
    if one.licence:
        lines["licence", one.slug].append(Line(text=one.licence))
    day = one.lifecycle_verified_on
    if one.lifecycle:
        word, is_sourced = capfirst(one.get_lifecycle_display()), bool(one.lifecycle_source)
        said = Line(
            strong=word,
            text=", " * is_sourced,
            link="source" * is_sourced,
            address=one.lifecycle_source,
            small=f"checked {day.isoformat()}" if day else "",
        )
        lines["lifecycle", one.slug].append(said)
    newer = one.replaced_by
    if newer is not None and newer.status != Status.DRAFT:
        replaced = Line(text="replaced by ", link=newer.name, address=newer.get_absolute_url())
        lines["lifecycle", one.slug].append(replaced)
    if one.lifecycle_note:
        lines["note", one.slug].append(Line(text=one.lifecycle_note))
    # The same address twice says nothing more: its first word is kept.
    words = {
        one.repository: "Source code",
        one.documentation: "Documentation",
        one.website: "Website",
    }
    links = [Line(link=word, address=address) for address, word in words.items() if address]
    lines["links", one.slug] += reversed(links)


def _add_listings(lines: Lines, listings: Iterable[Listing]) -> None:
    """Add verdicts, the strongest first, and what each says more."""
    by_technology = defaultdict(list)
    for listing in sorted(listings, key=lambda one: BEST_FIRST.index(one.verdict)):
        by_technology[listing.technology.slug].append(listing)
    for slug, found in by_technology.items():
        for one in found:
            lines["verdict", slug].append(
                Line(
                    strong=capfirst(one.get_verdict_display()),
                    text=f" {one.qualifier}, in " if one.qualifier else " in ",
                    link=one.category.name,
                    address=one.category.get_absolute_url(),
                    verdict=one.verdict,
                )
            )
            where = f"{one.category.name}: " if len(found) > 1 else ""
            for row, text in (("best-for", one.best_for), ("because", one.because or one.note)):
                if text:
                    lines[row, slug].append(Line(text=f"{where}{text}"))


def _add_packages(lines: Lines, technologies: Iterable[Technology]) -> None:
    """Add each technology's packages, and what the index says of the first. One query."""
    packages = Package.objects.filter(technology__in=technologies)
    for package in packages.select_related("technology", "facts"):
        slug, facts = package.technology.slug, getattr(package, "facts", None)
        lines["packages", slug].append(Line(code=package.name))
        if facts is None or len(lines["packages", slug]) > 1:
            continue
        remarks = [f"no release for {facts.quiet_years} years"] if facts.is_quiet else []
        remarks += ["yanked"] * facts.is_yanked
        month = f", {facts.released_on[:7]}" if facts.released_on else ""
        newest = Line(facts.latest_version, month, small=", ".join(remarks))
        lines["newest", slug].append(newest)
        if facts.requires_python:
            least = facts.requires_python.removeprefix(">=")
            is_least = least.replace(".", "").isdigit()
            python = f"{least} or newer" if is_least else facts.requires_python
            lines["python", slug].append(Line(text=python))
