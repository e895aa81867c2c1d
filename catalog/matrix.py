"""Rows of a comparison in, the rectangle a reader sees out. No request, no HTML, no query."""

from collections.abc import Iterable
from dataclasses import dataclass

from catalog.models import Cell, Contender, Criterion


@dataclass(frozen=True, slots=True)
class Row:
    criterion: Criterion
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    contenders: tuple[Contender, ...]
    rows: tuple[Row, ...]


def build_matrix(
    contenders: Iterable[Contender], criteria: Iterable[Criterion], cells: Iterable[Cell]
) -> Matrix:
    """One row per criterion with one cell per contender, in the order given.

    A meeting that nobody has judged becomes an unsaved cell in the state “unknown”.
    """
    columns = tuple(contenders)
    known = {(cell.criterion_id, cell.contender_id): cell for cell in cells}
    return Matrix(
        columns,
        tuple(
            Row(
                criterion,
                tuple(
                    known.get((criterion.pk, column.pk)) or Cell(state=Cell.State.UNKNOWN)
                    for column in columns
                ),
            )
            for criterion in criteria
        ),
    )
