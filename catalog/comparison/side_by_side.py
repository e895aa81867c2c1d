"""A table of any technologies, which no comparison has to hold together."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import F, OuterRef, Subquery
from django.utils.text import capfirst

from catalog.comparison import engine
from catalog.comparison.engine.question import NO_GROUP
from catalog.comparison.engine.table import KNOWN, TEXT, UNKNOWN
from catalog.comparison.tables import CELL_FIELDS, criterion_of, dated
from catalog.models import (
    Cell,
    Changed,
    Companion,
    Comparison,
    Listing,
    Pin,
    Point,
    Status,
    Technology,
    VersionSet,
)

# With known cells of fewer contenders, a row compares nothing.
FEWEST = 2

# The group of what the guide says; those of comparisons are called by their slugs.
GUIDE = "guide"
VERDICT, BEST_FOR, GOES_WITH = "verdict", "best-for", "goes-with"
LICENCE, LIFECYCLE, VERSIONS = "licence", "lifecycle", "versions"
ROW_OF_POINT = {
    Point.Kind.PRO: "pros",
    Point.Kind.CON: "cons",
    Point.Kind.USE_WHEN: "use-when",
    Point.Kind.AVOID_WHEN: "avoid-when",
}
# The name of each row by its key.
ROWS = {
    VERDICT: "Verdict",
    BEST_FOR: "Best for",
    "pros": "Pros",
    "cons": "Cons",
    "use-when": "Use when",
    "avoid-when": "Avoid when",
    GOES_WITH: "Goes with",
    LICENCE: "Licence",
    LIFECYCLE: "Lifecycle",
    VERSIONS: "Recommended versions",
}
# Facts that anybody can look up, so that they need a source; the rest the guide answers for.
FACTS = {LICENCE, LIFECYCLE}

Cells = dict[tuple[str, str], engine.Cell]


def table_of_technologies(slugs: Iterable[str], today: date) -> engine.Table:
    """Put these technologies side by side, in this order; those without a page are left out.

    First what the guide says of each, then what the published comparisons say, never merged.
    Seven queries, however many there are; none for no slugs.
    """
    places = {slug: place for place, slug in enumerate(slugs)}
    if not places:
        return engine.Table(contenders=(), criteria=(), cells={}, is_curated=False)
    found = Technology.objects.readable().select_related("replaced_by").filter(slug__in=places)
    technologies = sorted(found, key=lambda technology: places[technology.slug])
    cells = _guide_cells(technologies)
    filled = {key for key, _slug in cells}
    criteria = {
        key: engine.Criterion(key, name, TEXT, group=GUIDE, is_own=key not in FACTS)
        for key, name in ROWS.items()
        if key in filled
    }
    groups = [engine.Group(GUIDE, "What the guide says")] if criteria else []
    for comparison, found_cells in _by_comparison(technologies):
        group = _group(comparison, found_cells, technologies)
        groups.append(group)
        stale_before = comparison.stale_before(today)
        for one in found_cells:
            key = f"{comparison.slug}.{one.criterion.slug}"
            criteria[key] = criterion_of(comparison, one.criterion, key, group.key)
            cell = engine.Cell(*(getattr(one, name) for name in CELL_FIELDS))
            cells[key, one.contender.technology.slug] = dated(cell, stale_before)
    return engine.Table(
        contenders=tuple(engine.Contender(one.slug, one.name) for one in technologies),
        criteria=tuple(criteria.values()),
        cells=cells,
        groups=tuple(groups),
        is_curated=False,
    )


def _guide_cells(technologies: list[Technology]) -> Cells:
    """Return what the guide says of each, a line for each thing it says. Four queries."""
    lines = defaultdict(list)
    best_for = defaultdict(list)
    for listing in Listing.objects.in_published_categories().filter(technology__in=technologies):
        slug, category = listing.technology.slug, listing.category.name
        verdict = f"{capfirst(listing.get_verdict_display())} {listing.qualifier}".strip()
        lines[VERDICT, slug].append(f"{category}: {verdict}")
        if listing.best_for:
            best_for[slug].append((category, listing.best_for))
    for slug, texts in best_for.items():
        alone = len(texts) == 1
        lines[BEST_FOR, slug] = [text if alone else f"{name}: {text}" for name, text in texts]
    slugs = {technology.pk: technology.slug for technology in technologies}
    for point in Point.objects.filter(technology__in=technologies):
        lines[ROW_OF_POINT[point.kind], slugs[point.technology_id]].append(point.text)
    for companion in Companion.objects.to_readable().filter(technology__in=technologies):
        lines[GOES_WITH, companion.technology.slug].append(str(companion))
    newest = VersionSet.objects.published().values("pk")[:1]
    pins = Pin.objects.filter(version_set__in=newest, package__technology__in=technologies)
    for pin in pins.select_related("package"):
        requirement = f"{pin.name_with_extras} {pin.specifier}"
        lines[VERSIONS, slugs[pin.package.technology_id]].append(requirement)
    cells = {place: engine.Cell(KNOWN, value="\n".join(texts)) for place, texts in lines.items()}
    for technology in technologies:
        if technology.licence:
            cells[LICENCE, technology.slug] = engine.Cell(KNOWN, value=technology.licence)
        if lifecycle := _lifecycle(technology):
            cells[LIFECYCLE, technology.slug] = lifecycle
    return cells


def _lifecycle(technology: Technology) -> engine.Cell | None:
    """Return the cell of a lifecycle, with what replaced the technology if that has a page."""
    word = capfirst(technology.get_lifecycle_display())
    newer = technology.replaced_by
    replaced = newer is not None and newer.status != Status.DRAFT
    if not word and not replaced:
        return None
    return engine.Cell(
        KNOWN,
        word=word,
        value=f"replaced by {newer.name}" if replaced else "",
        note=technology.lifecycle_note,
        source=technology.lifecycle_source,
        verified_on=technology.lifecycle_verified_on,
    )


def _by_comparison(technologies: list[Technology]) -> list[tuple[Comparison, list[Cell]]]:
    """Return each published comparison with the cells of those rows that compare something.

    Comparisons in their order, cells in that of the comparison's own page. Two queries.
    """
    rows = Cell.objects.order_by().filter(
        contender__technology__in=technologies,
        # A fixture can hang a cell between two comparisons; it belongs to neither.
        contender__comparison=F("criterion__comparison"),
        criterion__comparison__status=Status.PUBLISHED,
    )
    by_row: dict[int, list[Cell]] = defaultdict(list)
    for cell in rows.select_related("criterion__group", "contender__technology"):
        by_row[cell.criterion_id].append(cell)
    found: dict[int, list[Cell]] = defaultdict(list)
    for row in by_row.values():
        if sum(cell.state != UNKNOWN for cell in row) >= FEWEST:
            found[row[0].criterion.comparison_id] += row
    changed = Changed.objects.filter(kind=Comparison.KIND, slug=OuterRef("slug"))
    comparisons = Comparison.objects.filter(pk__in=found).annotate(
        changed_at=Subquery(changed.values("edition__at")[:1])
    )
    return [(one, sorted(found[one.pk], key=_place_on_page)) for one in comparisons]


def _place_on_page(cell: Cell) -> tuple[int, str, int, str]:
    """Return what cells are ordered by; rows without a group stand first on the page."""
    row, group = cell.criterion, cell.criterion.group
    place = (group.position, group.slug) if group else (-1, "")
    return *place, row.position, row.slug


def _group(
    comparison: Comparison, cells: list[Cell], technologies: list[Technology]
) -> engine.Group:
    """Return a comparison as a heading, with the day of its last check and the versions judged."""
    # Two slugs would be taken for something else.
    key = f"{comparison.slug}." if comparison.slug in (GUIDE, NO_GROUP) else comparison.slug
    checked = max((cell.verified_on for cell in cells if cell.verified_on), default=None)
    notes = []
    if checked is not None:
        notes.append(f"checked {checked.isoformat()}")
    elif comparison.changed_at is not None:
        notes.append(f"changed {comparison.changed_at.date().isoformat()}")
    versions = {cell.contender.technology.slug: cell.contender.versions for cell in cells}
    notes += [f"{one.name} {versions[one.slug]}" for one in technologies if versions.get(one.slug)]
    return engine.Group(key, comparison.title, ", ".join(notes))
