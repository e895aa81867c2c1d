"""A table as CSV: RFC 4180, with nothing in it that a spreadsheet would run."""

import csv
import io
import re
from collections.abc import Iterator

from catalog.exports.sheet import Sheet, heading, joined, remarks
from catalog.matrix import Cell, Rectangle, words
from catalog.matrix.table import TEXT

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
_AT_THE_START = rf"(?=[{DROPPED}]*[{BEGINS}\t\r\n])"
_AFTER_A_SEPARATOR = rf"(?=[{DROPPED}]*[{BEGINS}])"
_DANGER = re.compile(rf"\A{_AT_THE_START}|(?<=[;\t\r\n]){_AFTER_A_SEPARATOR}")
_GUARD = re.compile(rf"\A'{_AT_THE_START}|(?<=[;\t\r\n])'{_AFTER_A_SEPARATOR}")


def to_csv(sheet: Sheet) -> str:
    """The cells of the table, then for each contender what its cells rest on.

    One head, then a row for each line of the page's table. Who is ruled out stands where the page
    shows it, and a row says why; a weighed table has rows for the fit and its range. What makes
    no sense is left out in silence: a spreadsheet has no place for sentences. Which cell is best
    is left to the ratings in the other forms.
    """
    file = io.StringIO(newline="")
    csv.writer(file).writerows([guard(text) for text in row] for row in rows_of(sheet.rectangle))
    return MARK + file.getvalue()


def guard(text: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe before what begins one."""
    return _DANGER.sub("'", text)


def unguard(text: str) -> str:
    """The text that was guarded: the way back for whoever reads the file by a program."""
    return _GUARD.sub("", text)


def rows_of(rectangle: Rectangle) -> Iterator[list[str]]:
    """The rows of the file as they are meant, all of one length."""
    columns = rectangle.columns
    names = [heading(column.contender) for column in columns]
    evidence = [said % {"name": name} for name in names for said in ("%(name)s source", _checked())]
    nothing = [""] * len(evidence)
    yield ["Criterion", "Group", "Question", "Weight", *names, *evidence]
    if any(column.is_out for column in columns):
        reasons = ["; ".join(words.ruling(one) for one in column.rulings) for column in columns]
        yield ["Ruled out", "", "", "", *reasons, *nothing]
    if rectangle.is_weighed:
        scores = [words.points(column.fit.score) for column in columns]
        yield ["Fit", "", "0 to 100 with these weights", "", *scores, *nothing]
        yield ["Range of fit", "", "", "", *map(words.reach, columns), *nothing]
    for block in rectangle.blocks:
        for row in block.rows:
            one = row.criterion
            group = joined(block.group.name, block.group.note) if block.group else ""
            weight = str(row.weight) if one.kind != TEXT else ""
            said = [joined(words.said(cell, one.kind), remarks(cell)) for cell in row.cells]
            facts = [fact for cell in row.cells for fact in _evidence(cell)]
            yield [one.name, group, one.question, weight, *said, *facts]


def _checked() -> str:
    return "%(name)s verified on"


def _evidence(cell: Cell) -> tuple[str, str]:
    return cell.source, cell.verified_on.isoformat() if cell.verified_on else ""
