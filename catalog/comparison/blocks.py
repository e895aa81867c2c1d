"""A comparison as a block of a page: those of its contenders that were chosen, and who leads."""

from dataclasses import replace
from typing import NamedTuple

from django.utils.safestring import SafeString

from catalog.comparison import cells
from catalog.comparison.engine import (
    Column,
    Contender,
    Criterion,
    Row,
    canonical,
    judge,
    words,
)
from catalog.comparison.side_by_side import Held
from catalog.http import address_of
from catalog.models import Comparison


class ShownFit(NamedTuple):
    contender: Contender
    score: str
    bar: str  # an SVG path, from 0 to 100
    reach: str  # blank where nothing is unknown
    leads: bool


class ShownRow(NamedTuple):
    criterion: Criterion
    cells: SafeString


class Block(NamedTuple):
    comparison: Comparison
    address: str  # of the comparison with just these
    note: str
    winner: list[str]
    fits: list[ShownFit]
    rows: list[ShownRow]
    others: int


def block_of(held: Held) -> Block:
    """Judge the members of a comparison alone, under the guide's own weights. No query."""
    table, rectangle = held.table, held.rectangle
    safety = judge(rectangle)
    return Block(
        comparison=held.comparison,
        address=address_of(
            held.comparison.get_absolute_url(), canonical(rectangle.question, table)
        ),
        note=held.note,
        winner=words.winner(safety),
        fits=[_fit(column, column in safety.leaders) for column in rectangle.columns],
        rows=[
            ShownRow(row.criterion, cells.row_html(_bare(row), rectangle.columns, {}))
            for row in rectangle.rows
        ],
        others=len(table.contenders) - len(held.members),
    )


def _fit(column: Column, leads: bool) -> ShownFit:
    fit = column.fit
    score = "" if fit.score is None else f"{float(fit.score):.1f}"
    return ShownFit(
        contender=column.contender,
        score=words.points(fit.score),
        bar=f"M0 0h{score}v6h-{score}z" if score else "",
        reach=words.reach(column) if fit.unknown or not score else "",
        leads=leads,
    )


def _bare(row: Row) -> Row:
    """Return a row without notes and evidence, which the comparison itself has."""
    bare = {"note": "", "source": "", "verified_on": None, "verified_by": "", "applies_to": ""}
    return replace(
        row,
        criterion=row.criterion._replace(is_own=True),
        cells=tuple(cell._replace(**bare, stale=False) for cell in row.cells),
    )
