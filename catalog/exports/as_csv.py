"""A table as CSV: RFC 4180, with nothing in it that a spreadsheet would run."""

import csv
import io
import re
from collections.abc import Iterator

from catalog.comparison.engine import Cell, Group, Rectangle, Row, words
from catalog.comparison.engine.table import TEXT
from catalog.exports.sheet import Sheet, absolute, heading, joined, reasons, remarks

# Excel reads a CSV without this mark by the code page of its machine and spoils every letter
# beyond ASCII. LibreOffice and pandas pass over it; Python's name for it is "utf-8-sig".
MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"

# What begins a formula, also as full-width, small, raised or lowered characters that a
# spreadsheet may fold to it.
BEGINS = r"=+\-@\uff1d\uff0b\uff0d\uff20\ufe62\ufe63\ufe66\ufe6b\u207a-\u207c\u208a-\u208c"
# What a spreadsheet may drop before it looks: white space, controls, marks without width, quotes.
DROPPED = r"\s\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff'\"\u2018\u2019"
# Inside a cell too: where lists are written with semicolons, Excel splits the lines of this file
# at semicolons, and a quote that does not begin a cell protects nothing.
AT_THE_START = rf"(?=[{DROPPED}]*[{BEGINS}\t\r\n])"
AFTER_A_SEPARATOR = rf"(?=[{DROPPED}]*[{BEGINS}])"
_DANGER = re.compile(rf"\A{AT_THE_START}|(?<=[;\t\r\n]){AFTER_A_SEPARATOR}")


def to_csv(sheet: Sheet) -> str:
    """Write the cells of the table, then for each contender what its cells rest on.

    What makes no sense is left out in silence: a spreadsheet has no place for sentences. Which cell
    is best is left to the ratings in the other forms.
    """
    file = io.StringIO(newline="")
    csv.writer(file).writerows([guard(text) for text in row] for row in rows_of(sheet))
    return MARK + file.getvalue()


def guard(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula, by an apostrophe before it."""
    return _DANGER.sub("'", text)


def rows_of(sheet: Sheet) -> Iterator[list[str]]:
    """Yield the rows of the file before they are guarded, all of one length."""
    rectangle = sheet.rectangle
    names = [heading(column.contender) for column in rectangle.columns]
    evidence = [f"{name} {fact}" for name in names for fact in ("source", "verified on")]
    nothing = [""] * len(evidence)
    yield ["Criterion", "Group", "Question", "Weight", *names, *evidence]
    for row in _summary(rectangle):
        yield [*row, *nothing]
    for block in rectangle.blocks:
        for row in block.rows:
            yield _row(row, block.group, sheet.address)


def _summary(rectangle: Rectangle) -> Iterator[list[str]]:
    """Yield the rows above the criteria: who is ruled out and why, and how well each fits."""
    columns, table = rectangle.columns, rectangle.table
    if any(column.is_out for column in columns):
        yield ["Ruled out", "", "", "", *(reasons(table, column.rulings) for column in columns)]
    if rectangle.is_weighed:
        scores = [words.points(column.fit.score) for column in columns]
        yield ["Fit", "", "0 to 100 with these weights", "", *scores]
        yield ["Range of fit", "", "", "", *map(words.reach, columns)]


def _row(row: Row, group: Group | None, page: str) -> list[str]:
    one = row.criterion
    under = joined(group.name, group.note) if group else ""
    weight = "" if one.kind == TEXT else str(row.weight)
    texts = [joined(words.cell_text(cell, one.kind), remarks(cell)) for cell in row.cells]
    facts = [fact for cell in row.cells for fact in _evidence(cell, page)]
    return [one.name, under, one.question, weight, *texts, *facts]


def _evidence(cell: Cell, page: str) -> tuple[str, str]:
    return absolute(page, cell.source), cell.verified_on.isoformat() if cell.verified_on else ""
