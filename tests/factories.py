"""Plain functions that save something valid and published; a test states only what it is about.

Names and slugs are numbered, so that each call makes another row.
"""

from collections.abc import Iterator
from datetime import date
from itertools import count
from typing import Any

from django.utils.text import slugify

from catalog.models import (
    Alias,
    Category,
    Cell,
    Choice,
    Companion,
    Comparison,
    Compatibility,
    Contender,
    Criterion,
    CriterionGroup,
    Guide,
    Listing,
    Measurement,
    Migration,
    Package,
    PackageFacts,
    Piece,
    Pin,
    Point,
    Preset,
    Role,
    Snippet,
    Stack,
    Status,
    SupportWindow,
    Technology,
    VersionSet,
)

# All of one length, so that the order of slugs is the order of making.
_numbers: Iterator[int] = count(1_000_001)


def make_guide(**fields: Any) -> Guide:
    return Guide.objects.create(**{"slug": "guide", "title": "The guide", **fields})


def make_category(**fields: Any) -> Category:
    return _make(Category, "category", "name", {"status": Status.PUBLISHED, **fields})


def make_technology(**fields: Any) -> Technology:
    defaults = {"kind": Technology.Kind.LIBRARY, "status": Status.PUBLISHED}
    return _make(Technology, "technology", "name", {**defaults, **fields})


def make_alias(technology: Technology | None = None, **fields: Any) -> Alias:
    return _make(Alias, "alias", "name", {"technology": technology or make_technology(), **fields})


def make_package(technology: Technology | None = None, **fields: Any) -> Package:
    defaults = {"name": f"package-{next(_numbers)}"}
    return Package.objects.create(technology=technology or make_technology(), **defaults | fields)


def make_package_facts(package: Package | None = None, **fields: Any) -> PackageFacts:
    defaults = {"latest_version": "1.2.3", "released_on": "2026-11", "read_on": "2026-11-22"}
    return PackageFacts.objects.create(package=package or make_package(), **defaults | fields)


def make_point(technology: Technology | None = None, **fields: Any) -> Point:
    defaults = {"technology": technology or make_technology(), "kind": Point.Kind.PRO}
    return _make(Point, "point", "text", {**defaults, **fields})


def make_companion(technology: Technology | None = None, **fields: Any) -> Companion:
    fields = {"companion": fields.pop("companion", None) or make_technology(), **fields}
    return Companion.objects.create(technology=technology or make_technology(), **fields)


def make_support_window(technology: Technology | None = None, **fields: Any) -> SupportWindow:
    fields = {"cycle": f"{next(_numbers)}", "end_of_life": "2030-04"} | fields
    return SupportWindow.objects.create(technology=technology or make_technology(), **fields)


def make_migration(technology: Technology | None = None, **fields: Any) -> Migration:
    fields = {"to": fields.pop("to", None) or make_technology()} | fields
    fields = {"effort": Migration.Effort.SMALL, "steps": "1. Rename *it*."} | fields
    return Migration.objects.create(technology=technology or make_technology(), **fields)


def make_compatibility(technology: Technology | None = None, **fields: Any) -> Compatibility:
    fields = {"other": fields.pop("other", None) or make_technology()} | fields
    fields = {"relation": Compatibility.Relation.WORKS_WITH} | fields
    return Compatibility.objects.create(technology=technology or make_technology(), **fields)


def make_piece(technology: Technology | None = None, **fields: Any) -> Piece:
    number = next(_numbers)
    fields = {"slug": f"piece-{number}", "path": f"piece-{number}.txt", "text": "One\n"} | fields
    return Piece.objects.create(technology=technology or make_technology(), **fields)


def make_measurement(**fields: Any) -> Measurement:
    fields = {"result": "measurements/results/2026-11-29.json", "date": date(2026, 11, 29)} | fields
    return _make(Measurement, "measured", "title", fields)


def make_listing(
    category: Category | None = None, technology: Technology | None = None, **fields: Any
) -> Listing:
    return Listing.objects.create(
        category=category or make_category(),
        technology=technology or make_technology(),
        **{"verdict": Listing.Verdict.RECOMMENDED, **fields},
    )


def make_snippet(**fields: Any) -> Snippet:
    """A snippet of a new technology, unless `technology` or `category` says otherwise."""
    if not fields.keys() & {"technology", "category"}:
        fields["technology"] = make_technology()
    defaults = {"language": "python", "code": "print('hello')\n"}
    return _make(Snippet, "snippet", "title", {**defaults, **fields})


def make_comparison(contenders: int = 2, criteria: int = 2, **fields: Any) -> Comparison:
    """A comparison with a group, so many contenders and rows, and a cell wherever they meet."""
    fields = {"category": fields.pop("category", None) or make_category(), **fields}
    comparison = _make(Comparison, "comparison", "title", {"status": Status.PUBLISHED, **fields})
    group = CriterionGroup.objects.create(comparison=comparison, slug="general", name="General")
    columns = [make_contender(comparison, position=place) for place in range(contenders)]
    for place in range(criteria):
        criterion = Criterion.objects.create(
            comparison=comparison,
            group=group,
            slug=f"criterion-{place}",
            name=f"Criterion {place}",
            position=place,
        )
        for contender in columns:
            make_cell(criterion, contender)
    return comparison


def make_contender(comparison: Comparison, **fields: Any) -> Contender:
    fields = {"technology": fields.pop("technology", None) or make_technology(), **fields}
    return Contender.objects.create(comparison=comparison, **fields)


def make_criterion(comparison: Comparison, **fields: Any) -> Criterion:
    return Criterion.objects.create(comparison=comparison, **fields)


def make_preset(comparison: Comparison, name: str = "Case", **fields: Any) -> Preset:
    row = comparison.criteria.first()
    defaults = {"slug": slugify(name), "name": name, "asks": f"w={row.slug}.5"}
    return Preset.objects.create(comparison=comparison, **{**defaults, **fields})


def make_cell(criterion: Criterion, contender: Contender, **fields: Any) -> Cell:
    defaults = {"rating": 3, "word": "Good"}
    return Cell.objects.create(criterion=criterion, contender=contender, **defaults | fields)


def make_stack(roles: int = 1, choices: int = 1, **fields: Any) -> Stack:
    """A stack with so many roles, each filled by so many choices."""
    stack = _make(Stack, "stack", "name", {"status": Status.PUBLISHED, **fields})
    for place in range(roles):
        role = Role.objects.create(
            stack=stack, slug=f"role-{place}", name=f"Role {place}", position=place
        )
        for position in range(choices):
            Choice.objects.create(role=role, technology=make_technology(), position=position)
    return stack


def make_version_set(pins: int = 1, **fields: Any) -> VersionSet:
    """A version set that pins so many packages, each of a technology of its own."""
    defaults = {"status": Status.PUBLISHED, "as_of": "2026-11", "python": "^3.11"}
    version_set = _make(VersionSet, "versions", "title", {**defaults, **fields})
    for place in range(pins):
        Pin.objects.create(
            version_set=version_set, package=make_package(), specifier="^1.0", position=place
        )
    return version_set


def make_whole_guide() -> None:
    """One row at least of every model, tied to each other: whatever a page can show, it shows."""
    make_guide(introduction="Opening *words*.", closing="Closing *words*.")
    top = make_category(slug="top", introduction="Some *words*.", position=10)
    category = make_category(slug="category", parent=top, introduction="More *words*.")
    newer = make_technology(slug="newer")
    technology = make_technology(slug="technology", replaced_by=newer, description="Its *words*.")
    make_alias(technology)
    package = make_package(technology)
    make_package_facts(package)
    for kind in Point.Kind:
        make_point(technology, kind=kind)
    make_companion(technology)
    make_companion(newer, companion=technology)
    make_support_window(technology)
    make_migration(technology, to=newer)
    make_compatibility(technology, other=newer)
    make_piece(technology, with_technology=newer)
    for place in (top, category):
        make_listing(place, technology)
    make_snippet(technology=technology)
    make_snippet(category=category)
    comparison = make_comparison(slug="comparison", category=category, introduction="*Words*.")
    make_cell(comparison.criteria.first(), make_contender(comparison, technology=technology))
    measured = comparison.criteria.last().cells.last()
    measured.measurement = make_measurement()
    measured.save()
    make_preset(comparison)
    stack = make_stack(slug="stack", introduction="*Words*.")
    Choice.objects.create(
        role=stack.roles.first(), technology=technology, with_technology=newer, position=1
    )
    version_set = make_version_set(slug="versions", introduction="*Words*.")
    Pin.objects.create(version_set=version_set, package=package, specifier="^1.2")


def _make(model: type, word: str, label: str, fields: dict[str, Any]) -> Any:
    number = next(_numbers)
    defaults = {"slug": f"{word}-{number}", label: f"{word.capitalize()} {number}"}
    return model.objects.create(**defaults | fields)
