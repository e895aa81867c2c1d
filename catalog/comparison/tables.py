"""From the database to the engine: the table of a comparison, one row of it, and its questions."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Prefetch, prefetch_related_objects

from catalog.comparison import engine
from catalog.http import current_slugs
from catalog.models import Cell, Comparison, Contender, Criterion, Edition, Technology

# The tables read last; one of 800 cells takes about half a megabyte.
TABLES_KEPT = 32

# The columns of a cell that its page shows, in the order of engine.Cell: all but `stale`, which
# depends on the day.
CELL_FIELDS = engine.Cell._fields[:-1]


# By comparison, edition and day; the oldest first.
_kept: OrderedDict[tuple[int, tuple[int, datetime] | None, date], engine.Table] = OrderedDict()


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
    """Return the table as of an edition read before it: from memory where nothing was edited.

    What changed while the table was read is in the next edition, under which it is read again. The
    row of the comparison must have been read after the edition, too.
    """
    return kept_tables([comparison], latest, today)[0]


def kept_tables(
    comparisons: Sequence[Comparison], latest: Edition | None, today: date
) -> list[engine.Table]:
    """Return the same for several: four queries, or none where all are in memory."""
    stamp = (latest.number, latest.at) if latest else None
    tables = {one.pk: _kept.pop((one.pk, stamp, today), None) for one in comparisons}
    if missing := [one for one in comparisons if tables[one.pk] is None]:
        tables |= tables_of(missing, today)
    for key, table in tables.items():
        _kept[key, stamp, today] = table
    while len(_kept) > TABLES_KEPT:
        _kept.popitem(last=False)
    return [tables[one.pk] for one in comparisons]


def forget() -> None:
    """Drop every kept table, for tests that put the clock of editions back."""
    _kept.clear()


def tables_of(comparisons: Sequence[Comparison], today: date) -> dict[int, engine.Table]:
    """Read comparisons as readers may see them, by primary key. Four queries, however large."""
    columns = Prefetch("contenders", Contender.objects.readable(), to_attr="columns")
    prefetch_related_objects(comparisons, columns, "groups", "criteria")
    rows = Cell.objects.order_by().filter(criterion__comparison__in=comparisons)
    cells = list(rows.values_list("criterion_id", "contender_id", *CELL_FIELDS))
    return {one.pk: _table(one, cells, today) for one in comparisons}


def _table(comparison: Comparison, cells: list[tuple], today: date) -> engine.Table:
    """Return the table of a comparison that was fetched with its parts; `cells` of any."""
    contenders, groups = comparison.columns, comparison.groups.all()
    slugs = {group.pk: group.slug for group in groups}
    places = {group.pk: place for place, group in enumerate(groups)}
    rows = sorted(comparison.criteria.all(), key=lambda row: places.get(row.group_id, -1))
    criteria = {row.pk: _criterion(comparison, row, slugs.get(row.group_id, "")) for row in rows}
    of_column = {contender.pk: contender.technology.slug for contender in contenders}
    stale_before = comparison.stale_before(today)
    return engine.Table(
        contenders=tuple(
            engine.Contender(one.technology.slug, one.technology.name, one.versions)
            for one in contenders
        ),
        criteria=tuple(criteria.values()),
        cells={
            (criteria[row].key, of_column[column]): _dated(engine.Cell(*fields), stale_before)
            for row, column, *fields in cells
            # A cell of a draft, or one that a fixture hung between two comparisons, is not shown.
            if row in criteria and column in of_column
        },
        groups=tuple(
            engine.Group(group.slug, group.name)
            for group in groups
            if any(row.group_id == group.pk for row in rows)
        ),
    )


def criterion_cells(
    comparison: Comparison, criterion: Criterion, today: date
) -> list[tuple[Contender, engine.Cell]]:
    """Return each contender a reader may see, with its cell of one row. Two queries."""
    stale_before = comparison.stale_before(today)
    rows = criterion.cells.order_by().values_list("contender_id", *CELL_FIELDS)
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
