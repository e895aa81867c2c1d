"""From the database to the engine: the table of a comparison, one row of it, and its questions."""

from collections import OrderedDict, defaultdict
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
    CriterionGroup,
    Edition,
    Listing,
    Preset,
    Technology,
)

# The tables read last; one of 800 cells takes about half a megabyte.
TABLES_KEPT = 32

# What of a cell its page shows, in the order of engine.Cell: all but `stale`, which depends on the
# day. The source of a measured cell is where the measurement stands.
CELL_FIELDS = tuple("evidence" if name == "source" else name for name in engine.Cell._fields[:-1])

Read = Callable[..., Any]
Stamp = tuple[int, datetime]


# By comparison, edition and day; the one asked for last is last.
_tables: OrderedDict[tuple[int, Stamp | None, date], engine.Table] = OrderedDict()


class Query(NamedTuple):
    """A query string as a table understands it."""

    question: engine.Question
    complaints: list[str]  # a sentence for each part that makes no sense
    pairs: tuple[tuple[str, str], ...]  # the parameters of the canonical form


def ask(table: engine.Table, parameters: Mapping[str, Sequence[str]]) -> Query:
    """Read a query of a comparison's table; one query, where contenders have moved or are none."""
    slugs = current_slugs(Technology.KIND, parameters.get("t", ()), table.contender_by_slug)
    question, complaints = engine.read({**parameters, "t": slugs}, table)
    return Query(question, complaints, tuple(engine.canonical(question, table)))


def kept_table(comparison: Comparison, latest: Edition | None, today: date) -> engine.Table:
    """Return the table as of an edition read before it; see `kept`.

    The row of the comparison must have been read after the edition, too.
    """
    return kept_tables([comparison], latest, today)[0]


def kept_tables(
    comparisons: Sequence[Comparison], latest: Edition | None, today: date
) -> list[engine.Table]:
    """Return the same for several: five queries, or none where all are in memory."""
    stamp = _stamp(latest)
    tables = {one: _tables.pop((one.pk, stamp, today), None) for one in comparisons}
    if missing := [one for one, table in tables.items() if table is None]:
        tables |= tables_of(missing, today)
    for one, table in tables.items():
        _tables[one.pk, stamp, today] = table
    while len(_tables) > TABLES_KEPT:
        _tables.popitem(last=False)
    return [tables[one] for one in comparisons]


def kept(read: Read, latest: Edition | None, today: date, *given: Hashable) -> Any:
    """Return what `read` makes of these and the day: from memory where nothing was edited.

    What changed while it was read is in the next edition, under which it is read again.
    """
    return _kept(read, _stamp(latest), today, *given)


def _stamp(latest: Edition | None) -> Stamp | None:
    return latest.stamp if latest else None


@lru_cache(maxsize=TABLES_KEPT)
def _kept(read: Read, _stamp: Stamp | None, today: date, *given: Hashable) -> Any:
    return read(*given, today)


def forget() -> None:
    """Drop all that is kept, for tests that put the clock of editions back."""
    _kept.cache_clear()
    _tables.clear()


def tables_of(comparisons: Iterable[Comparison], today: date) -> dict[Comparison, engine.Table]:
    """Read comparisons as readers may see them. Five queries, however many they are."""
    by_comparison = {one.pk: one for one in comparisons}
    columns, rows, cells = defaultdict(list), defaultdict(list), defaultdict(list)
    verdicts = defaultdict(dict)
    listings = Listing.objects.order_by().in_published_categories()
    listings = listings.filter(category__in={one.category_id for one in by_comparison.values()})
    listed = listings.values_list("category", "technology", "verdict", "qualifier")
    for category, technology, *words in listed:
        verdicts[category][technology] = words
    presets = defaultdict(list)
    for preset in Preset.objects.filter(comparison__in=by_comparison):
        presets[preset.comparison_id].append(engine.Preset(preset.name, preset.asked))
    for contender in Contender.objects.readable().filter(comparison__in=by_comparison):
        columns[contender.comparison_id].append(contender)
    criteria = Criterion.objects.filter(comparison__in=by_comparison).select_related("group")
    for row in criteria:
        rows[row.comparison_id].append(row)
    found = Cell.objects.filter(criterion__comparison__in=by_comparison).with_evidence()
    found = found.order_by()
    meeting = ("criterion__comparison_id", "criterion_id", "contender_id")
    for comparison, *cell in found.values_list(*meeting, *CELL_FIELDS):
        cells[comparison].append(cell)
    return {
        one: _table(
            one,
            columns[pk],
            rows[pk],
            cells[pk],
            presets[pk],
            verdicts[one.category_id],
            one.stale_before(today),
        )
        for pk, one in by_comparison.items()
    }


def _table(
    comparison: Comparison,
    columns: Iterable[Contender],
    rows: Iterable[Criterion],
    cells: Iterable[tuple[Any, ...]],
    presets: Iterable[engine.Preset],
    verdicts: Mapping[int, Sequence[str]],
    stale_before: date,
) -> engine.Table:
    headed = [(row, _group(row)) for row in rows]
    headed.sort(key=lambda one: (one[1].position, one[1].slug) if one[1] else (-1, ""))
    groups = {group.slug: engine.Group(group.slug, group.name) for _, group in headed if group}
    criteria = {
        row.pk: _criterion(comparison, row, group.slug if group else "") for row, group in headed
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
            (criteria[criterion].key, slugs[contender]): _dated(engine.Cell(*fields), stale_before)
            for criterion, contender, *fields in cells
            # A cell of a draft, or one that a fixture hung between two comparisons, is not shown.
            if contender in slugs and criterion in criteria
        },
        groups=tuple(groups.values()),
        presets=tuple(presets),
    )


def _group(row: Criterion) -> CriterionGroup | None:
    """Return the heading of a row; one of another comparison, by a faulty fixture, is none."""
    return row.group if row.group and row.group.comparison_id == row.comparison_id else None


def criterion_cells(
    comparison: Comparison, criterion: Criterion, today: date
) -> list[tuple[Contender, engine.Cell]]:
    """Return each contender a reader may see, with its cell of one row. Two queries."""
    stale_before = comparison.stale_before(today)
    rows = criterion.cells.with_evidence().order_by().values_list("contender_id", *CELL_FIELDS)
    cells = {contender: _dated(engine.Cell(*fields), stale_before) for contender, *fields in rows}
    return [
        (contender, cells.get(contender.pk, engine.Cell()))
        for contender in comparison.contenders.readable()
    ]


def _criterion(comparison: Comparison, row: Criterion, group: str) -> engine.Criterion:
    address = f"{comparison.get_absolute_url()}{row.slug}/"
    return engine.Criterion(row.slug, row.name, row.kind, row.weight, group, row.question, address)


def _dated(cell: engine.Cell, stale_before: date) -> engine.Cell:
    """Return the cell marked as stale if it was verified before that day."""
    is_stale = cell.verified_on is not None and cell.verified_on < stale_before
    return cell._replace(stale=True) if is_stale else cell
