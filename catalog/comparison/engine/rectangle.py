"""The rectangle a reader sees: a question answered by a table."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from catalog.comparison.engine.fit import Fit, fit_of, ratings_of
from catalog.comparison.engine.question import FIT, Question
from catalog.comparison.engine.table import (
    KNOWN,
    TEXT,
    UNKNOWN,
    Cell,
    Contender,
    Criterion,
    Group,
    Table,
)

SOLE = "sole"
JOINT = "joint"


class Ruling(NamedTuple):
    """The reason why a contender is out: it has `cell` where the reader needs `least` or more."""

    criterion: Criterion
    cell: Cell
    least: int


@dataclass(frozen=True, slots=True)
class Column:
    """A contender with its fit, and with the must-haves that it fails."""

    contender: Contender
    fit: Fit
    rulings: tuple[Ruling, ...] = ()

    @property
    def is_out(self) -> bool:
        return bool(self.rulings)


@dataclass(frozen=True, slots=True)
class Row:
    """One criterion and the cell of each column; `best` says which are: sole, joint or blank."""

    criterion: Criterion
    weight: int
    cells: tuple[Cell, ...]
    best: tuple[str, ...]

    @property
    def is_incomplete(self) -> bool:
        return any(cell.state == UNKNOWN for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Block:
    """The rows under one heading; rows without a group stand under none."""

    group: Group | None
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Rectangle:
    """The part of a table that is shown, and how many rows were left out of it."""

    table: Table
    question: Question
    columns: tuple[Column, ...]
    blocks: tuple[Block, ...]
    hidden: int

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        return tuple(row for block in self.blocks for row in block.rows)

    @property
    def incomplete(self) -> int:
        return sum(1 for row in self.rows if row.is_incomplete)

    @property
    def is_weighed(self) -> bool:
        """Return whether any row counts, so that there is a fit to show."""
        return any(self.question.weights.values())

    @property
    def in_question(self) -> tuple[Column, ...]:
        """Return the columns that no must-have has ruled out."""
        return tuple(column for column in self.columns if not column.is_out)


def arrange(table: Table, question: Question) -> Rectangle:
    """Answer a question: columns in order, rows in blocks, the best of each row marked.

    Fit counts every weighed row, shown or not. Contenders that fail a must-have stand last, in
    the order of the others, and are never best.
    """
    columns = _in_order(table, question, _columns(table, question))
    contenders = [column.contender for column in columns]
    out = tuple(column.is_out for column in columns)
    hidden = 0
    blocks = []
    for group, criteria in _by_group(table, question):
        rows = []
        for criterion in criteria:
            cells = table.row(criterion, contenders)
            if question.differ and _is_alike(cells):
                hidden += 1
                continue
            weight = question.weights.get(criterion.key, 0)
            rows.append(Row(criterion, weight, cells, _best(criterion, cells, out)))
        if rows:
            blocks.append(Block(group, tuple(rows)))
    return Rectangle(table, question, columns, tuple(blocks), hidden)


def _columns(table: Table, question: Question) -> list[Column]:
    weights = [question.weights[criterion.key] for criterion in table.weighed]
    needed = [(table.criterion_by_key[key], least) for key, least in question.musts.items()]
    columns = []
    for slug in question.chosen:
        contender = table.contender_by_slug[slug]
        rulings = tuple(
            Ruling(criterion, cell, least)
            for criterion, least in needed
            if (cell := table.cell(criterion, contender)).state != KNOWN
            or (cell.rating or 0) < least
        )
        columns.append(Column(contender, fit_of(ratings_of(table, contender), weights), rulings))
    return columns


def _in_order(table: Table, question: Question, columns: list[Column]) -> tuple[Column, ...]:
    """Sort as asked, unknown ones last, ties as before; ruled out columns stand after the rest."""
    key = question.sort.removeprefix("-")
    if key == FIT:
        # The figure of a contender that cannot lead does not compare with the others.
        columns.sort(key=lambda column: column.fit.score or 0, reverse=True)
        columns.sort(key=lambda column: not column.fit.can_lead)
    elif key:
        criterion = table.criterion_by_key[key]
        cells = {column: table.cell(criterion, column.contender) for column in columns}
        known = [column for column in columns if cells[column].state == KNOWN]
        known.sort(
            key=lambda column: _sort_value(criterion, cells[column]),
            reverse=question.sort.startswith("-"),
        )
        columns = known + [column for column in columns if cells[column].state != KNOWN]
    return tuple(sorted(columns, key=lambda column: column.is_out))


def _sort_value(criterion: Criterion, cell: Cell) -> tuple[int, bytes]:
    if criterion.kind == TEXT:
        return 0, (cell.word or cell.value).casefold().encode()
    return cell.rating or 0, b""


def _by_group(table: Table, question: Question) -> list[tuple[Group | None, list[Criterion]]]:
    """Put the criteria under their headings; rows without a group stand first, always shown."""
    found: dict[str, list[Criterion]] = {"": [], **{group.key: [] for group in table.groups}}
    for criterion in table.criteria:
        found[criterion.group].append(criterion)
    shown = question.groups
    headed = [
        (group, found[group.key]) for group in table.groups if shown is None or group.key in shown
    ]
    return [(None, found[""]), *headed]


def _is_alike(cells: tuple[Cell, ...]) -> bool:
    """Return whether a row tells no contenders apart: all cells say the same, all are known."""
    first = cells[0] if cells else None
    return len(cells) > 1 and all(cell.state != UNKNOWN and cell[:4] == first[:4] for cell in cells)


def _best(criterion: Criterion, cells: tuple[Cell, ...], out: tuple[bool, ...]) -> tuple[str, ...]:
    """Mark the cells that rate highest among those in question; none where all rate alike."""
    if criterion.kind == TEXT:
        return ("",) * len(cells)
    ratings = [
        None if is_out or cell.state != KNOWN else cell.rating
        for cell, is_out in zip(cells, out, strict=True)
    ]
    known = [rating for rating in ratings if rating is not None]
    if len(set(known)) < 2:
        return ("",) * len(cells)
    highest = max(known)
    word = SOLE if known.count(highest) == 1 else JOINT
    return tuple(word if rating == highest else "" for rating in ratings)
