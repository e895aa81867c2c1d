"""Any technologies side by side: what the guide knows of each, and the tables that judge them."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from django.db.models import Count, Prefetch
from django.utils.text import capfirst

from catalog.comparison import engine
from catalog.comparison.engine.table import KNOWN, NOT_APPLICABLE, TEXT
from catalog.comparison.tables import kept_tables
from catalog.models import (
    Comparison,
    Contender,
    Edition,
    Listing,
    PackageFacts,
    Pin,
    Point,
    Status,
    Technology,
)
from catalog.models.category import strongest_first

# With fewer of those that it holds, a comparison compares nothing.
FEWEST = 2

# The group of what the guide says; those of comparisons are called by their slugs.
GUIDE = "guide"
ROWS = {
    "verdict": "Verdict",
    "summary": "What it is",
    "best-for": "Best for",
    "newest": "Newest release",
    "lifecycle": "Lifecycle",
    "python": "Python",
    "licence": "Licence",
    "packages": "Packages",
    "versions": "Pin",
    "links": "Links",
    "because": "Why this verdict",
    "pros": "Pros",
    "cons": "Cons",
    "use-when": "Use when",
    "avoid-when": "Avoid when",
    "goes-with": "Goes with",
    "note": "On its lifecycle",
}
# Sentences, which a page folds.
FOLDED = list(ROWS)[list(ROWS).index("because") :]


class Line(NamedTuple):
    """One thing that a cell says: a strong word, what follows it, a link, and small print."""

    text: str = ""
    strong: str = ""
    code: str = ""
    link: str = ""
    address: str = ""
    small: str = ""
    verdict: str = ""  # whose mark it has

    @property
    def is_bare(self) -> bool:
        return bool(self.link) and not self.strong and not self.text

    @property
    def said(self) -> str:
        """Return it as text, with the address of a link that stands alone."""
        said = f"{self.strong}{self.code}{self.text}{self.link}"
        said += f": {self.address}" if self.is_bare else ""
        return f"{said} ({self.small})" if self.small else said


class Fact(NamedTuple):
    """A row: the name of each technology, and what is said of it."""

    key: str
    name: str
    cells: list[tuple[str, list[Line]]]


class Held(NamedTuple):
    """A comparison, its table, and those of the chosen that stand in it."""

    comparison: Comparison
    table: engine.Table
    members: tuple[str, ...]

    @property
    def note(self) -> str:
        """Return which versions of the members were judged, and when that was checked last."""
        cells = (cell for (_key, slug), cell in self.table.cells.items() if slug in self.members)
        days = [cell.verified_on for cell in cells if cell.verified_on]
        columns = (self.table.contender_by_slug[slug] for slug in self.members)
        judged = [f"{one.name} {one.versions}" for one in columns if one.versions]
        return ", ".join([*judged, *([f"checked {max(days).isoformat()}"] if days else [])])


def read_technologies(slugs: Sequence[str]) -> list[Technology]:
    """Read those with a page, in this order, with all that is said of them. Seven queries."""
    pins = Pin.objects.of_newest_sets()
    listings = Prefetch("listings", Listing.objects.in_published_categories())
    every = Technology.objects.readable().for_detail().filter(slug__in=slugs)
    found = every.prefetch_related(listings, Prefetch("packages__pins", pins)) if slugs else []
    return sorted(found, key=lambda one: slugs.index(one.slug))


def facts_of(technologies: Iterable[Technology]) -> list[Fact]:
    """Return the rows in which something is said of any of them. No query."""
    lines = [(one.name, _lines_of(one)) for one in technologies]
    rows = [
        Fact(key, name, [(one, [*filter(any, said[key])]) for one, said in lines])
        for key, name in ROWS.items()
    ]
    return [row for row in rows if any(found for _name, found in row.cells)]


def held_by_comparisons(slugs: Sequence[str], latest: Edition | None, today: date) -> list[Held]:
    """Return each published comparison that holds at least two of these. Five queries at most."""
    members = Contender.objects.readable().filter(technology__slug__in=slugs).order_by()
    counted = members.values("comparison").annotate(members=Count("pk"))
    several = counted.filter(members__gte=FEWEST).values("comparison")
    rows = list(Comparison.objects.published().filter(pk__in=several)) if len(slugs) > 1 else []
    return [
        Held(one, table, tuple(slug for slug in slugs if slug in table.contender_by_slug))
        for one, table in zip(rows, kept_tables(rows, latest, today), strict=True)
    ]


def one_table(technologies: Sequence[Technology], held: Iterable[Held]) -> engine.Table:
    """Put facts and comparisons into one table for files; across jobs nothing is weighed."""
    columns = [one.slug for one in technologies]
    criteria, cells, groups = [], {}, [engine.Group(GUIDE, "What the guide says")]
    for row in facts_of(technologies):
        criteria.append(engine.Criterion(row.key, row.name, TEXT, group=GUIDE, is_own=True))
        for slug, (_name, lines) in zip(columns, row.cells, strict=True):
            value = "\n".join(line.said for line in lines)
            cells[row.key, slug] = engine.Cell(KNOWN, value=value)
    for comparison, table, members in held:
        # A comparison may be called as the group of what the guide says.
        group = f"{comparison.slug}." if comparison.slug == GUIDE else comparison.slug
        groups.append(engine.Group(group, comparison.title, Held(comparison, table, members).note))
        for row in table.criteria:
            key = f"{comparison.slug}.{row.key}"
            criteria.append(row._replace(key=key, weight=0, group=group))
            for slug in columns:
                outside = None if slug in members else engine.Cell(NOT_APPLICABLE)
                if cell := outside or table.cells.get((row.key, slug)):
                    cells[key, slug] = cell
    contenders = tuple(engine.Contender(one.slug, one.name) for one in technologies)
    return engine.Table(contenders, tuple(criteria), cells, tuple(groups))


def _lines_of(one: Technology) -> dict[str, list[Line]]:
    """Return what is said of a technology, by row; blank lines say nothing."""
    listings = strongest_first(one.listings.all())
    packages = list(one.packages.all())
    facts = getattr(packages[0], "facts", None) if packages else None
    newer, day = one.replaced_by, one.lifecycle_verified_on
    links = {
        one.repository: "Source code",
        one.documentation: "Documentation",
        one.website: "Website",
    }

    def of_each_listing(texts: Iterable[str]) -> list[Line]:
        """Return these texts, each with its category where there are several."""
        several = len(listings) > 1
        return [
            Line(f"{row.category}: {text}" if several else text)
            for row, text in zip(listings, texts, strict=True)
            if text
        ]

    def points(kind: Point.Kind) -> list[Line]:
        return [Line(point.text) for point in one.points.all() if point.kind == kind]

    return {
        "verdict": [
            Line(
                f" {row.qualifier}, in " if row.qualifier else " in ",
                strong=capfirst(row.get_verdict_display()),
                link=row.category.name,
                address=row.category.get_absolute_url(),
                verdict=row.verdict,
            )
            for row in listings
        ],
        "summary": [Line(one.summary)],
        "best-for": of_each_listing(row.best_for for row in listings),
        "newest": [_newest(facts)] if facts else [],
        "lifecycle": [
            Line(
                ", " if one.lifecycle and one.lifecycle_source else "",
                strong=capfirst(one.get_lifecycle_display()),
                link="source" if one.lifecycle_source else "",
                address=one.lifecycle_source,
                small=f"checked {day.isoformat()}" if day else "",
            ),
            Line("replaced by ", link=newer.name, address=newer.get_absolute_url())
            if newer and newer.status != Status.DRAFT
            else Line(),
        ],
        "python": [Line(facts.requires_python)] if facts else [],
        "licence": [Line(one.licence)],
        "packages": [Line(code=package.name) for package in packages],
        # Several sets of one date may pin it alike.
        "versions": [
            *dict.fromkeys(
                Line(
                    code=f"{pin.name_with_extras} {pin.specifier}",
                    small=f"of {pin.version_set.as_of}",
                )
                for package in packages
                for pin in package.pins.all()
            )
        ],
        # The same address twice says nothing more: it is called by its first word.
        "links": [Line(link=word, address=address) for address, word in links.items() if address][
            ::-1
        ],
        "because": of_each_listing(row.because or row.note for row in listings),
        "pros": points(Point.Kind.PRO),
        "cons": points(Point.Kind.CON),
        "use-when": points(Point.Kind.USE_WHEN),
        "avoid-when": points(Point.Kind.AVOID_WHEN),
        "goes-with": [Line(str(companion)) for companion in one.companions.all()],
        "note": [Line(one.lifecycle_note)],
    }


def _newest(facts: PackageFacts) -> Line:
    """Return the newest version with its month, and what speaks against it."""
    remarks = [f"no release for {facts.quiet_years} years"] if facts.is_quiet else []
    month = f", {facts.released_on[:7]}" if facts.released_on else ""
    small = ", ".join([*remarks, *["yanked"] * facts.is_yanked])
    return Line(month, strong=facts.latest_version, small=small)
