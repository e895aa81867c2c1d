"""What a thing still lacks before it should be published, as sentences that name it.

Nothing here is wrong: a publisher reads it and decides. What would be wrong is in `integrity`.
"""

from collections.abc import Callable, Iterable, Iterator

from django.db.models import Exists, F, OuterRef, Prefetch, QuerySet
from django.utils.text import capfirst

from catalog.history import documents
from catalog.models import (
    THINGS,
    ByteOrder,
    Category,
    Cell,
    Comparison,
    Contender,
    Criterion,
    Guide,
    Listing,
    Measurement,
    Pin,
    Role,
    Snippet,
    Stack,
    Technology,
    Thing,
    ThingKey,
    VersionSet,
)

# Of many cells the first few are named; a list of hundreds is not read.
NAMED = 3

# A table with less compares nothing.
FEWEST = 2

# Things with what each lacks: the rest of a sentence that begins with its name.
Found = Iterator[tuple[Thing, list[str]]]


def lacks(thing: ThingKey) -> list[str]:
    """Return a sentence for each thing that is lacking. At most four queries."""
    return lacks_of([thing])[thing]


def lacks_of(things: Iterable[ThingKey]) -> dict[ThingKey, list[str]]:
    """Return the sentences of each of these things. At most four queries a kind, in batches."""
    found: dict[ThingKey, list[str]] = {thing: [] for thing in things}
    for kind, slugs in documents.by_kind(found):
        for row, lacking in _FINDERS[kind](THINGS[kind].objects.filter(slug__in=slugs)):
            if not row.owner:
                lacking.append("has no owner")
            name = f"{capfirst(row._meta.verbose_name)} “{row}”"
            found[row.key] = [f"{name} {lack}." for lack in lacking]
    return found


def _where(lacking: dict[str, bool]) -> list[str]:
    return [lack for lack, is_so in lacking.items() if is_so]


def _introduced(rows: QuerySet) -> Found:
    for row in rows:
        yield row, _where({"has no introduction": not row.introduction})


def _technologies(rows: QuerySet) -> Found:
    listings = Listing.objects.order_by().filter(technology=OuterRef("pk"))
    for one in rows.annotate(is_listed=Exists(listings)):
        lacking = {
            "has no summary": not one.summary,
            "is listed in no category": not one.is_listed,
            "has neither website nor source code": not one.website and not one.repository,
            "does not say whether its makers still keep it": not one.lifecycle,
        }
        yield one, _where(lacking)


def _snippets(rows: QuerySet) -> Found:
    for snippet in rows:
        yield snippet, _where({"does not say what it was run with": not snippet.run_with})


def _measurements(rows: QuerySet) -> Found:
    for row in rows:
        yield row, _where({"does not say on what machine it ran": not row.setting})


def _stacks(rows: QuerySet) -> Found:
    roles = Prefetch("roles", Role.objects.prefetch_related("choices"))
    for stack in rows.prefetch_related(roles):
        lacking = {
            "has no introduction": not stack.introduction,
            "has no roles": not stack.roles.all(),
        }
        empty = [role for role in stack.roles.all() if not role.choices.all()]
        yield stack, [*_where(lacking), *(f"has no choice for “{role}”" for role in empty)]


def _version_sets(rows: QuerySet) -> Found:
    pins = Pin.objects.order_by().filter(version_set=OuterRef("pk"))
    for version_set in rows.annotate(has_pins=Exists(pins)):
        lacking = {
            "gives no range for Python": not version_set.python,  # loaddata alone lets it pass
            "has no pins": not version_set.has_pins,
        }
        yield version_set, _where(lacking)


def _comparisons(rows: QuerySet) -> Found:
    """Read criteria and contenders of all in the order of their pages, and all cells."""
    as_read = (F("group__position").asc(nulls_first=True), ByteOrder("group__slug"))
    criteria = Criterion.objects.order_by(*as_read, "position", ByteOrder("slug"))
    contenders = Contender.objects.select_related("technology")
    found = Cell.objects.order_by().filter(criterion__comparison__in=rows)
    cells = {(cell.criterion_id, cell.contender_id): cell for cell in found}
    parts = (Prefetch("criteria", criteria), Prefetch("contenders", contenders))
    for one in rows.prefetch_related(*parts):
        lines, columns = one.criteria.all(), one.contenders.all()
        lacking = {
            "has no introduction": not one.introduction,
            "has no verdict": not one.verdict,
            "has fewer than two contenders": len(columns) < FEWEST,
            "has fewer than two criteria": len(lines) < FEWEST,
        }
        yield one, [*_where(lacking), *_of_cells(lines, columns, cells)]


def _of_cells(
    criteria: QuerySet[Criterion],
    contenders: QuerySet[Contender],
    cells: dict[tuple[int, int], Cell],
) -> Iterator[str]:
    """Yield what the cells of a table lack: once for each kind of lack, whatever its number."""
    places: dict[tuple[str, str], list[str]] = {lack: [] for lack in _LACKS_OF_CELL}
    for criterion in criteria:
        for contender in contenders:
            for lack in _lacks_of_cell(cells.get((criterion.pk, contender.pk))):
                places[lack].append(f"{criterion} of {contender}")
    for (one, many), found in places.items():
        if found:
            more = f" and {len(found) - NAMED} more" if len(found) > NAMED else ""
            what = one if len(found) == 1 else many
            yield f"has {len(found)} {what}: {', '.join(found[:NAMED])}{more}"


# Of one cell, and of several, in the order in which they are named.
_MISSING = ("cell that is missing", "cells that are missing")
_NO_REASON = ("unknown cell without a note why", "unknown cells without a note why")
_NO_SOURCE = ("known cell without a source", "known cells without a source")
_NO_DATE = ("known cell that was never verified", "known cells that were never verified")
_LACKS_OF_CELL = (_MISSING, _NO_REASON, _NO_SOURCE, _NO_DATE)


def _lacks_of_cell(cell: Cell | None) -> Iterator[tuple[str, str]]:
    if cell is None:
        yield _MISSING
    elif cell.state == Cell.State.UNKNOWN and not cell.note:
        yield _NO_REASON
    elif cell.state == Cell.State.KNOWN:
        if not (cell.source or cell.measurement_id):
            yield _NO_SOURCE
        if cell.verified_on is None:
            yield _NO_DATE


_FINDERS: dict[str, Callable[[QuerySet], Found]] = {
    Guide.KIND: _introduced,
    Category.KIND: _introduced,
    Technology.KIND: _technologies,
    Snippet.KIND: _snippets,
    Measurement.KIND: _measurements,
    Comparison.KIND: _comparisons,
    Stack.KIND: _stacks,
    VersionSet.KIND: _version_sets,
}
