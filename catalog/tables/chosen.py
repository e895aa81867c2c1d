"""A table of any technologies, which no comparison has to hold together."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.utils.text import capfirst

from catalog import matrix
from catalog.matrix.question import NO_GROUP
from catalog.matrix.table import KNOWN, TEXT, UNKNOWN
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

# With fewer contenders that somebody looked at, a row compares nothing.
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
# Key, name, and whether the guide says it itself: a licence is a fact that somebody can look up.
ROWS = (
    (VERDICT, "Verdict", True),
    (BEST_FOR, "Best for", True),
    ("pros", "Pros", True),
    ("cons", "Cons", True),
    ("use-when", "Use when", True),
    ("avoid-when", "Avoid when", True),
    (GOES_WITH, "Goes with", True),
    (LICENCE, "Licence", False),
    (LIFECYCLE, "Lifecycle", False),
    (VERSIONS, "Recommended versions", True),
)

Cells = dict[tuple[str, str], matrix.Cell]


class Placed(NamedTuple):
    """A cell of some comparison as it is fetched: where it stands, and what it says."""

    comparison: int
    technology: str
    versions: str
    group_position: int | None
    group: str | None
    position: int
    slug: str
    name: str
    kind: str
    weight: int
    question: str
    said: matrix.Cell


# The columns of Placed but for the last, which has those of matrix.Cell.
PLACE = (
    *("criterion__comparison", "contender__technology__slug", "contender__versions"),
    *("criterion__group__position", "criterion__group__slug", "criterion__position"),
    *("criterion__slug", "criterion__name", "criterion__kind", "criterion__weight"),
    "criterion__question",
)
SAID = matrix.Cell._fields[:-1]


def table_of_technologies(slugs: Iterable[str], today: date) -> matrix.Table:
    """These technologies side by side, in this order; those without a page are left out.

    First what the guide says of each, then what the published comparisons say, never merged.
    Seven queries, however many there are; none for nobody.
    """
    places = {slug: place for place, slug in enumerate(slugs)}
    if not places:
        return matrix.Table(contenders=(), criteria=(), cells={}, is_curated=False)
    found = Technology.objects.readable().select_related("replaced_by").filter(slug__in=places)
    technologies = sorted(found, key=lambda technology: places[technology.slug])
    cells = _guide_cells(technologies)
    said_of = {key for key, _slug in cells}
    criteria = {
        key: matrix.Criterion(key, str(name), TEXT, group=GUIDE, is_own=is_own)
        for key, name, is_own in ROWS
        if key in said_of
    }
    groups = [matrix.Group(GUIDE, "What the guide says")] if criteria else []
    for comparison, placed in _by_comparison(technologies):
        group = _group(comparison, placed, technologies)
        groups.append(group)
        stale_before = comparison.stale_before(today)
        for one in placed:
            criterion = _criterion(comparison, one, group.key)
            criteria[criterion.key] = criterion
            checked = one.said.verified_on
            is_stale = checked is not None and checked < stale_before
            cells[criterion.key, one.technology] = one.said._replace(stale=is_stale)
    return matrix.Table(
        contenders=tuple(matrix.Contender(one.slug, one.name) for one in technologies),
        criteria=tuple(criteria.values()),
        cells=cells,
        groups=tuple(groups),
        is_curated=False,
    )


def _guide_cells(technologies: list[Technology]) -> Cells:
    """What the guide says of each, a line for each thing it says. Four queries."""
    lines = defaultdict(list)
    best_for = defaultdict(list)
    for listing in Listing.objects.in_published_categories().filter(technology__in=technologies):
        slug, category = listing.technology.slug, listing.category.name
        verdict = f"{capfirst(listing.get_verdict_display())} {listing.qualifier}".strip()
        lines[VERDICT, slug].append(f"{category}: {verdict}")
        if listing.best_for:
            best_for[slug].append((category, listing.best_for))
    for slug, said in best_for.items():
        alone = len(said) == 1
        lines[BEST_FOR, slug] = [text if alone else f"{name}: {text}" for name, text in said]
    slugs = {technology.pk: technology.slug for technology in technologies}
    for point in Point.objects.filter(technology__in=technologies):
        lines[ROW_OF_POINT[point.kind], slugs[point.technology_id]].append(point.text)
    for companion in Companion.objects.to_readable().filter(technology__in=technologies):
        lines[GOES_WITH, companion.technology.slug].append(str(companion))
    for pin in _newest_pins().filter(package__technology__in=technologies):
        extras = f"[{','.join(pin.extra_names)}]" if pin.extra_names else ""
        said = f"{pin.package.name}{extras} {pin.specifier}"
        lines[VERSIONS, slugs[pin.package.technology_id]].append(said)
    cells = {place: matrix.Cell(KNOWN, value="\n".join(said)) for place, said in lines.items()}
    for technology in technologies:
        if technology.licence:
            cells[LICENCE, technology.slug] = matrix.Cell(KNOWN, value=technology.licence)
        if lifecycle := _lifecycle(technology):
            cells[LIFECYCLE, technology.slug] = lifecycle
    return cells


def _newest_pins() -> QuerySet:
    newest = VersionSet.objects.published().values("pk")[:1]
    return Pin.objects.filter(version_set__in=newest).select_related("package")


def _lifecycle(technology: Technology) -> matrix.Cell | None:
    """The cell of a lifecycle, with what replaced the technology if that has a page."""
    word = capfirst(technology.get_lifecycle_display())
    newer = technology.replaced_by
    replaced = newer is not None and newer.status != Status.DRAFT
    if not word and not replaced:
        return None
    return matrix.Cell(
        KNOWN,
        word=word,
        value=f"replaced by {newer.name}" if replaced else "",
        note=technology.lifecycle_note,
        source=technology.lifecycle_source,
        verified_on=technology.lifecycle_verified_on,
    )


def _by_comparison(technologies: list[Technology]) -> list[tuple[Comparison, list[Placed]]]:
    """Each published comparison with the cells of those of its rows that compare something.

    Comparisons in their order, cells in that of the comparison's own page. Two queries.
    """
    rows = Cell.objects.order_by().filter(
        contender__technology__in=technologies,
        # A fixture can hang a cell between two comparisons; it belongs to neither.
        contender__comparison=F("criterion__comparison"),
        criterion__comparison__status=Status.PUBLISHED,
    )
    by_row: dict[tuple[int, str], list[Placed]] = defaultdict(list)
    for row in rows.values_list(*PLACE, *SAID):
        placed = Placed(*row[: len(PLACE)], matrix.Cell(*row[len(PLACE) :]))
        by_row[placed.comparison, placed.slug].append(placed)
    found: dict[int, list[Placed]] = defaultdict(list)
    for (comparison, _slug), cells in by_row.items():
        if sum(cell.said.state != UNKNOWN for cell in cells) >= FEWEST:
            found[comparison] += cells
    changed = Changed.objects.filter(kind=Comparison.KIND, slug=OuterRef("slug"))
    comparisons = Comparison.objects.filter(pk__in=found).annotate(
        changed_at=Subquery(changed.values("edition__at")[:1])
    )
    return [(one, sorted(found[one.pk], key=_place_on_page)) for one in comparisons]


def _place_on_page(one: Placed) -> tuple[int, str, int, str]:
    """Rows without a group stand first there."""
    at = -1 if one.group_position is None else one.group_position
    return at, one.group or "", one.position, one.slug


def _group(
    comparison: Comparison, placed: list[Placed], technologies: list[Technology]
) -> matrix.Group:
    """A comparison as a heading, with the day it was last looked at and the versions judged."""
    # Two slugs would be taken for something else.
    key = f"{comparison.slug}." if comparison.slug in (GUIDE, NO_GROUP) else comparison.slug
    checked = max((one.said.verified_on for one in placed if one.said.verified_on), default=None)
    notes = []
    if checked is not None:
        notes.append(f"checked {checked.isoformat()}")
    elif comparison.changed_at is not None:
        notes.append(f"changed {comparison.changed_at.date().isoformat()}")
    versions = {one.technology: one.versions for one in placed}
    notes += [f"{one.name} {versions[one.slug]}" for one in technologies if versions.get(one.slug)]
    return matrix.Group(key, comparison.title, ", ".join(notes))


def _criterion(comparison: Comparison, one: Placed, group: str) -> matrix.Criterion:
    return matrix.Criterion(
        key=f"{comparison.slug}.{one.slug}",
        name=one.name,
        kind=one.kind,
        weight=one.weight,
        group=group,
        question=one.question,
        address=f"{comparison.get_absolute_url()}{one.slug}/",
    )
