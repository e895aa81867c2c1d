"""From the database to the engine: the table of a comparison, one row of it, and its questions."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from catalog.comparison import engine
from catalog.http import current_slugs
from catalog.models import Comparison, Contender, Criterion, Edition, Technology

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
    """Return the table as of an edition read before it: from memory where nothing was edited.

    What changed while the table was read is in the next edition, under which it is read again. The
    row of the comparison must have been read after the edition, too.
    """
    stamp = (latest.number, latest.at) if latest else None
    return _kept(comparison, stamp, today)


@lru_cache(maxsize=TABLES_KEPT)
def _kept(comparison: Comparison, _stamp: tuple[int, datetime] | None, today: date) -> engine.Table:
    return table_of(comparison, today)


def forget() -> None:
    """Drop every kept table, for tests that put the clock of editions back."""
    _kept.cache_clear()


def table_of(comparison: Comparison, today: date) -> engine.Table:
    """Read a comparison as readers may see it. Four queries, however large it is."""
    contenders = list(comparison.contenders.readable())
    groups = list(comparison.groups.all())
    slugs = {group.pk: group.slug for group in groups}
    places = {group.pk: place for place, group in enumerate(groups)}
    rows = sorted(comparison.criteria.all(), key=lambda row: places.get(row.group_id, -1))
    criteria = {
        row.pk: criterion_of(comparison, row, row.slug, slugs.get(row.group_id, "")) for row in rows
    }
    return engine.Table(
        contenders=tuple(
            engine.Contender(one.technology.slug, one.technology.name, one.versions)
            for one in contenders
        ),
        criteria=tuple(criteria.values()),
        cells=_cells(comparison, criteria, contenders, today),
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


def _cells(
    comparison: Comparison,
    criteria: dict[int, engine.Criterion],
    contenders: Iterable[Contender],
    today: date,
) -> dict[tuple[str, str], engine.Cell]:
    slugs = {contender.pk: contender.technology.slug for contender in contenders}
    stale_before = comparison.stale_before(today)
    rows = comparison.cells().order_by()
    return {
        (criteria[criterion].key, slugs[contender]): dated(engine.Cell(*fields), stale_before)
        for criterion, contender, *fields in rows.values_list(
            "criterion_id", "contender_id", *CELL_FIELDS
        )
        # A cell of a draft, or one that a fixture hung between two comparisons, is not shown.
        if contender in slugs and criterion in criteria
    }
