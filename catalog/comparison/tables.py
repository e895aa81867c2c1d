"""From the database to the engine: the table of a comparison, one row of it, and its questions."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from catalog.comparison import engine
from catalog.http import current_slugs
from catalog.models import (
    Cell,
    Comparison,
    Contender,
    Criterion,
    Edition,
    Listing,
    Technology,
)

# The tables read last; one of 800 cells takes about half a megabyte.
TABLES_KEPT = 32

# The columns of a cell that its page shows, in the order of engine.Cell: all but `stale`, which
# depends on the day.
CELL_FIELDS = engine.Cell._fields[:-1]


class Query(NamedTuple):
    """A query string as a table understands it."""

    question: engine.Question
    complaints: list[str]  # a sentence for each part that makes no sense
    pairs: tuple[tuple[str, str], ...]  # the parameters of the canonical form


def read_query(table: engine.Table, parameters: Mapping[str, Sequence[str]]) -> Query:
    """Read what a query string asks of a table. No query: `current_slugs` has found the slugs."""
    question, complaints = engine.read(parameters, table)
    return Query(question, complaints, tuple(engine.canonical(question, table)))


def ask(table: engine.Table, parameters: Mapping[str, Sequence[str]]) -> Query:
    """Read a query of a comparison's table; one query, where contenders have moved or are none."""
    slugs = current_slugs(Technology.KIND, parameters.get("t", ()), table.contender_by_slug)
    return read_query(table, {**parameters, "t": slugs})


def kept_table(comparison: Comparison, latest: Edition | None, today: date) -> engine.Table:
    """Return the table as of an edition read before it; see `kept`.

    The row of the comparison must have been read after the edition, too.
    """
    return kept(table_of, latest, today, comparison)


def kept(read: Callable[..., Any], latest: Edition | None, today: date, *given: Hashable) -> Any:
    """Return what `read` makes of these and the day: from memory where nothing was edited.

    What changed while it was read is in the next edition, under which it is read again.
    """
    return _kept(read, (latest.number, latest.at) if latest else None, today, *given)


@lru_cache(maxsize=TABLES_KEPT)
def _kept(
    read: Callable[..., Any], _stamp: tuple[int, datetime] | None, today: date, *given: Hashable
) -> Any:
    return read(*given, today)


def forget() -> None:
    """Drop all that is kept, for tests that put the clock of editions back."""
    _kept.cache_clear()


def table_of(comparison: Comparison, today: date) -> engine.Table:
    """Read a comparison as readers may see it. Four queries, however large it is."""
    return tables_of([comparison], today)[comparison]


def tables_of(comparisons: Iterable[Comparison], today: date) -> dict[Comparison, engine.Table]:
    """Read comparisons as readers may see them. Four queries, however many they are."""
    comparisons = list(comparisons)
    verdicts: dict[int, dict[int, tuple[str, str]]] = defaultdict(dict)
    listings = Listing.objects.order_by().in_published_categories()
    listings = listings.filter(category__in={one.category_id for one in comparisons})
    for category, technology, *said in listings.values_list(
        "category", "technology", "verdict", "qualifier"
    ):
        verdicts[category][technology] = tuple(said)
    columns: dict[int, list[Contender]] = defaultdict(list)
    for contender in Contender.objects.readable().filter(comparison__in=comparisons):
        columns[contender.comparison_id].append(contender)
    rows: dict[int, list[Criterion]] = defaultdict(list)
    criteria = Criterion.objects.filter(comparison__in=comparisons).select_related("group")
    for criterion in sorted(criteria, key=_place_of_group):
        rows[criterion.comparison_id].append(criterion)
    cells: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    found = Cell.objects.filter(criterion__comparison__in=comparisons).order_by()
    for comparison, *cell in found.values_list(
        "criterion__comparison_id", "criterion_id", "contender_id", *CELL_FIELDS
    ):
        cells[comparison].append(cell)
    return {
        one: _table(
            one,
            columns[one.pk],
            rows[one.pk],
            cells[one.pk],
            verdicts[one.category_id],
            one.stale_before(today),
        )
        for one in comparisons
    }


def _table(
    comparison: Comparison,
    columns: Iterable[Contender],
    rows: Iterable[Criterion],
    cells: Iterable[tuple[Any, ...]],
    verdicts: Mapping[int, tuple[str, str]],
    stale_before: date,
) -> engine.Table:
    groups = {row.group.slug: row.group.name for row in rows if _has_group(row)}
    criteria = {
        row.pk: criterion_of(comparison, row, row.slug, row.group.slug if _has_group(row) else "")
        for row in rows
    }
    slugs = {column.pk: column.technology.slug for column in columns}
    return engine.Table(
        contenders=tuple(
            engine.Contender(
                column.technology.slug,
                column.technology.name,
                column.versions,
                *verdicts.get(column.technology_id, ()),
            )
            for column in columns
        ),
        criteria=tuple(criteria.values()),
        cells={
            (criteria[criterion].key, slugs[contender]): dated(engine.Cell(*fields), stale_before)
            for criterion, contender, *fields in cells
            # A cell of a draft, or one that a fixture hung between two comparisons, is not shown.
            if contender in slugs and criterion in criteria
        },
        groups=tuple(engine.Group(slug, name) for slug, name in groups.items()),
    )


def _has_group(row: Criterion) -> bool:
    """Return whether a row has a heading; a fixture can give it one of another comparison."""
    return row.group is not None and row.group.comparison_id == row.comparison_id


def _place_of_group(row: Criterion) -> tuple[int, str]:
    """Return what rows are ordered by before their own place; those without a group are first."""
    return (row.group.position, row.group.slug) if _has_group(row) else (-1, "")


def criterion_cells(
    comparison: Comparison, criterion: Criterion, today: date
) -> list[tuple[Contender, engine.Cell]]:
    """Return each contender a reader may see, with its cell of one row. Two queries."""
    stale_before = comparison.stale_before(today)
    rows = criterion.cells.order_by().values_list("contender_id", *CELL_FIELDS)
    cells = {contender: dated(engine.Cell(*fields), stale_before) for contender, *fields in rows}
    return [
        (contender, cells.get(contender.pk, engine.Cell()))
        for contender in comparison.contenders.readable()
    ]


def criterion_of(comparison: Comparison, row: Criterion, key: str, group: str) -> engine.Criterion:
    """Return a row of a comparison, by this key and in the group of that key."""
    address = f"{comparison.get_absolute_url()}{row.slug}/"
    return engine.Criterion(key, row.name, row.kind, row.weight, group, row.question, address)


def dated(cell: engine.Cell, stale_before: date) -> engine.Cell:
    """Return the cell marked as stale if it was verified before that day."""
    is_stale = cell.verified_on is not None and cell.verified_on < stale_before
    return cell._replace(stale=True) if is_stale else cell
