"""The table of a comparison, and one row of it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from catalog import matrix
from catalog.http import current_slugs
from catalog.models import Comparison, Contender, Criterion, Edition, Technology

# The tables read last; one of 800 cells takes about half a megabyte.
TABLES_KEPT = 32

# Where the date stands among what a cell says.
VERIFIED_ON = matrix.Cell._fields.index("verified_on")


def kept_table(comparison: Comparison, latest: Edition | None, today: date) -> matrix.Table:
    """The table as of an edition that was read before it: from memory where nothing was edited.

    What changed while the table was read is in the next edition, under which it is read again. The
    row of the comparison must have been read after the edition, too.
    """
    stamp = (latest.number, latest.at) if latest else None
    return _kept(comparison, stamp, today)


@lru_cache(maxsize=TABLES_KEPT)
def _kept(comparison: Comparison, _stamp: tuple[int, datetime] | None, today: date) -> matrix.Table:
    return table_of(comparison, today)


def forget() -> None:
    """Read every table anew: for those who put the clock of editions back, as tests do."""
    _kept.cache_clear()


class Asked(NamedTuple):
    """A query string as a table understands it."""

    question: matrix.Question
    complaints: list[str]  # a sentence for each part that makes no sense
    pairs: tuple[tuple[str, str], ...]  # the parameters of the canonical form


def ask(table: matrix.Table, asked: Mapping[str, Sequence[str]]) -> Asked:
    """Read a query string (`http.asked_of`). One query, where it names what has moved or never was.

    Page and all other forms of a table read it here.
    """
    slugs = current_slugs(Technology.KIND, asked.get("t", ()), table.contender_by_slug)
    question, complaints = matrix.read({**asked, "t": slugs}, table)
    return Asked(question, complaints, tuple(matrix.canonical(question, table)))


def table_of(comparison: Comparison, today: date) -> matrix.Table:
    """A curated comparison as readers may see it. Four queries, however large it is."""
    contenders = list(comparison.contenders.readable())
    groups = list(comparison.groups.all())
    slugs = {group.pk: group.slug for group in groups}
    places = {group.pk: place for place, group in enumerate(groups)}
    rows = sorted(comparison.criteria.all(), key=lambda row: places.get(row.group_id, -1))
    criteria = {
        criterion.pk: matrix.Criterion(
            key=criterion.slug,
            name=criterion.name,
            kind=criterion.kind,
            weight=criterion.weight,
            group=slugs.get(criterion.group_id, ""),
            question=criterion.question,
            address=f"{comparison.get_absolute_url()}{criterion.slug}/",
        )
        for criterion in rows
    }
    return matrix.Table(
        contenders=tuple(_contender(contender) for contender in contenders),
        criteria=tuple(criteria.values()),
        cells=_cells(comparison, criteria, contenders, today),
        groups=tuple(
            matrix.Group(group.slug, group.name)
            for group in groups
            if any(row.group_id == group.pk for row in rows)
        ),
    )


def criterion_cells(
    comparison: Comparison, criterion: Criterion, today: date
) -> list[tuple[Contender, matrix.Cell]]:
    """Each contender a reader may see, with its cell under one criterion. Two queries."""
    stale_before = comparison.stale_before(today)
    said = {
        contender: matrix.Cell(*said, _is_stale(said[VERIFIED_ON], stale_before))
        for _criterion, contender, *said in criterion.cells.said()
    }
    return [
        (contender, said.get(contender.pk, matrix.Cell()))
        for contender in comparison.contenders.readable()
    ]


def _contender(contender: Contender) -> matrix.Contender:
    technology = contender.technology
    return matrix.Contender(technology.slug, technology.name, contender.versions)


def _cells(
    comparison: Comparison,
    criteria: dict[int, matrix.Criterion],
    contenders: Iterable[Contender],
    today: date,
) -> dict[tuple[str, str], matrix.Cell]:
    slugs = {contender.pk: contender.technology.slug for contender in contenders}
    stale_before = comparison.stale_before(today)
    cells = {}
    for criterion, contender, *said in comparison.cells().said():
        # A cell of a draft, or one that a fixture hung between two comparisons, is not shown.
        if contender in slugs and criterion in criteria:
            key = criteria[criterion].key, slugs[contender]
            cells[key] = matrix.Cell(*said, _is_stale(said[VERIFIED_ON], stale_before))
    return cells


def _is_stale(verified_on: date | None, stale_before: date) -> bool:
    return verified_on is not None and verified_on < stale_before
