"""What a thing still lacks before it should be published, as sentences that name it.

Nothing here is wrong: a publisher reads it and decides. What would be wrong is in `integrity`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from django.db.models import Exists, F, OuterRef, Prefetch
from django.utils.text import capfirst

from catalog.history import documents
from catalog.models import (
    ByteOrder,
    Category,
    Cell,
    Comparison,
    Contender,
    Criterion,
    Guide,
    Listing,
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

Lacks = Iterator[str]


def lacks(thing: ThingKey) -> list[str]:
    """What a thing lacks, a sentence each; nothing where it is complete, or not there.

    At most four queries.
    """
    return lacks_of([thing])[thing]


def lacks_of(things: Iterable[ThingKey]) -> dict[ThingKey, list[str]]:
    """What each of these things lacks. At most four queries a kind, in batches."""
    found: dict[ThingKey, list[str]] = {thing: [] for thing in things}
    for batch in documents.in_batches(sorted(found)):
        for kind, same_kind in groupby(batch, key=lambda thing: thing.kind):
            for row, sentences in _FINDERS[kind]([thing.slug for thing in same_kind]):
                found[row.key] = [*sentences, *_of_care(row)]
    return found


Found = Iterator[tuple[Thing, Lacks]]


def _guides(slugs: Sequence[str]) -> Found:
    for guide in Guide.objects.filter(slug__in=slugs):
        yield guide, _of_guide(guide)


def _of_guide(guide: Guide) -> Lacks:
    if not guide.introduction:
        yield f"Guide “{guide}” has no introduction."


def _categories(slugs: Sequence[str]) -> Found:
    for category in Category.objects.filter(slug__in=slugs):
        yield category, _of_category(category)


def _of_category(category: Category) -> Lacks:
    if not category.introduction:
        yield f"Category “{category}” has no introduction."


def _technologies(slugs: Sequence[str]) -> Found:
    listings = Listing.objects.order_by().filter(technology=OuterRef("pk"))
    rows = Technology.objects.filter(slug__in=slugs)
    for technology in rows.annotate(is_listed=Exists(listings)):
        yield technology, _of_technology(technology)


def _of_technology(technology: Technology) -> Lacks:
    if not technology.summary:
        yield f"Technology “{technology}” has no summary."
    if not technology.is_listed:
        yield f"Technology “{technology}” is listed in no category."
    if not technology.website and not technology.repository:
        yield f"Technology “{technology}” has neither website nor source code."
    if not technology.lifecycle:
        yield f"Technology “{technology}” does not say whether its makers still keep it."


def _snippets(slugs: Sequence[str]) -> Found:
    for snippet in Snippet.objects.filter(slug__in=slugs):
        yield snippet, _of_snippet(snippet)


def _of_snippet(snippet: Snippet) -> Lacks:
    if not snippet.run_with:
        yield f"Snippet “{snippet}” does not say what it was run with."


def _stacks(slugs: Sequence[str]) -> Found:
    roles = Prefetch("roles", Role.objects.prefetch_related("choices"))
    for stack in Stack.objects.filter(slug__in=slugs).prefetch_related(roles):
        yield stack, _of_stack(stack)


def _of_stack(stack: Stack) -> Lacks:
    name = {"name": stack}
    if not stack.introduction:
        yield "Stack “{name}” has no introduction.".format(**name)
    if not stack.roles.all():
        yield "Stack “{name}” has no roles.".format(**name)
    for role in stack.roles.all():
        if not role.choices.all():
            yield "Stack “{name}” has no choice for “{role}”.".format(**name, role=role)


def _version_sets(slugs: Sequence[str]) -> Found:
    pins = Pin.objects.order_by().filter(version_set=OuterRef("pk"))
    rows = VersionSet.objects.filter(slug__in=slugs)
    for version_set in rows.annotate(has_pins=Exists(pins)):
        yield version_set, _of_version_set(version_set)


def _of_version_set(version_set: VersionSet) -> Lacks:
    if not version_set.python:  # loaddata alone lets it pass
        yield f"Version set “{version_set}” gives no range for Python."
    if not version_set.has_pins:
        yield f"Version set “{version_set}” has no pins."


class _Table(NamedTuple):
    """A comparison with its rows, its columns, and what is said where they meet."""

    comparison: Comparison
    criteria: list[Criterion]
    contenders: list[Contender]
    cells: dict[tuple[int, int], Cell]


def _comparisons(slugs: Sequence[str]) -> Found:
    comparisons = Comparison.objects.filter(slug__in=slugs)
    criteria = defaultdict(list)
    as_read = (F("group__position").asc(nulls_first=True), ByteOrder("group__slug"))
    rows = Criterion.objects.order_by(*as_read, "position", ByteOrder("slug"))
    for criterion in rows.filter(comparison__slug__in=slugs):
        criteria[criterion.comparison_id].append(criterion)
    contenders = defaultdict(list)
    columns = Contender.objects.filter(comparison__slug__in=slugs)
    for contender in columns.select_related("technology"):
        contenders[contender.comparison_id].append(contender)
    cells = defaultdict(dict)
    for cell in Cell.objects.order_by().filter(criterion__comparison__slug__in=slugs):
        cells[cell.criterion_id][cell.contender_id] = cell
    for comparison in comparisons:
        said = {
            (row.pk, contender): cell
            for row in criteria[comparison.pk]
            for contender, cell in cells[row.pk].items()
        }
        table = _Table(comparison, criteria[comparison.pk], contenders[comparison.pk], said)
        yield comparison, _of_comparison(table)


def _of_comparison(table: _Table) -> Lacks:
    if not table.comparison.introduction:
        yield f"Comparison “{table.comparison}” has no introduction."
    if not table.comparison.verdict:
        yield f"Comparison “{table.comparison}” has no verdict."
    if len(table.contenders) < FEWEST:
        yield f"Comparison “{table.comparison}” has fewer than two contenders."
    if len(table.criteria) < FEWEST:
        yield f"Comparison “{table.comparison}” has fewer than two criteria."
    yield from _of_cells(table)


def _of_cells(table: _Table) -> Lacks:
    """What is wanting in the cells: a sentence for each kind of want, whatever its number."""
    wanting: dict[str, list[str]] = defaultdict(list)
    for criterion in table.criteria:
        for contender in table.contenders:
            for want in _wants(table.cells.get((criterion.pk, contender.pk))):
                wanting[want].append(f"{criterion} of {contender}")
    for want, sentence in _WANTS.items():
        if places := wanting[want]:
            named = ", ".join(places[:NAMED])
            if (more := len(places) - NAMED) > 0:
                named = f"{named} and {more} more"
            said = {"name": table.comparison, "count": len(places), "places": named}
            yield sentence(len(places)) % said


def _wants(cell: Cell | None) -> Iterator[str]:
    if cell is None:
        yield "cell"
    elif cell.state == Cell.State.UNKNOWN and not cell.note:
        yield "reason"
    elif cell.state == Cell.State.KNOWN:
        if not cell.source:
            yield "source"
        if cell.verified_on is None:
            yield "date"


_WANTS: dict[str, Callable[[int], str]] = {
    "cell": lambda count: (
        "Comparison “%(name)s” has %(count)d cell that is missing: %(places)s."
        if count == 1
        else "Comparison “%(name)s” has %(count)d cells that are missing: %(places)s."
    ),
    "reason": lambda count: (
        "Comparison “%(name)s” has %(count)d unknown cell without a note why: %(places)s."
        if count == 1
        else "Comparison “%(name)s” has %(count)d unknown cells without a note why: %(places)s."
    ),
    "source": lambda count: (
        "Comparison “%(name)s” has %(count)d known cell without a source: %(places)s."
        if count == 1
        else "Comparison “%(name)s” has %(count)d known cells without a source: %(places)s."
    ),
    "date": lambda count: (
        "Comparison “%(name)s” has %(count)d known cell that was never verified: %(places)s."
        if count == 1
        else "Comparison “%(name)s” has %(count)d known cells that were never verified: %(places)s."
    ),
}


def _of_care(thing: Thing) -> Lacks:
    if not thing.owner:
        kind = capfirst(thing._meta.verbose_name)
        yield f"{kind} “{thing}” has no owner."


_FINDERS: dict[str, Callable[[Sequence[str]], Found]] = {
    Guide.KIND: _guides,
    Category.KIND: _categories,
    Technology.KIND: _technologies,
    Snippet.KIND: _snippets,
    Comparison.KIND: _comparisons,
    Stack.KIND: _stacks,
    VersionSet.KIND: _version_sets,
}
