"""A table as Markdown that GitHub, GitLab and CommonMark with tables read alike."""

import re
from collections.abc import Iterator
from urllib.parse import quote

from catalog.comparison.engine import Cell, Column, Rectangle, Row, Table, evidence, judge, words
from catalog.comparison.engine.table import Source, source_of
from catalog.exports.sheet import Sheet, absolute, heading, joined, reasons, remarks

# Controls are no text; overrides of the direction would make a line read as another one.
_NO_TEXT = {
    **dict.fromkeys([*range(32), *range(127, 160)], " "),
    **dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)]),
}
# What means something wherever it stands; what makes a heading, a list or a rule where a line
# begins; “a://b”, “a.b” and “www.1”, of which some make links.
_MEANS_SOMETHING = re.compile(
    r"[\\`*_\[\]<>|~&@$^]|\A[#+\-=:]|:(?=//)|(?<=\S)\.(?=[^\W\d_])|(?<=[Ww]{3})\."
)
_NUMBERS_A_LIST = re.compile(r"\A(\d+)([.)])(?=\s|\Z)")
_OF_AN_ADDRESS = ":/?#[]@!$&'()*+,;=%~"


def to_markdown(sheet: Sheet) -> str:
    """Write where the table is from, what was left out of it, the table, and what it rests on.

    No word of a cell can leave its cell or become a link or HTML; the only links are the heading,
    to the page that shows the same, and the sources of the cells shown, numbered as there.
    """
    return "\n\n".join(_paragraphs(sheet)) + "\n"


def escape(text: str) -> str:
    """Return Markdown that shows any text on one line; runs of white space become one space."""
    line = " ".join(text.translate(_NO_TEXT).split())
    return _NUMBERS_A_LIST.sub(r"\1\\\2", _MEANS_SOMETHING.sub(r"\\\g<0>", line))


def _paragraphs(sheet: Sheet) -> Iterator[str]:
    rectangle = sheet.rectangle
    yield f"# [{escape(sheet.title)}](<{_address(sheet.address)}>)"
    day = sheet.edited_on
    yield f"Edition {sheet.edition}, {day.isoformat()}" if day else "No edition yet"
    if sheet.is_archived:
        yield "Archived: kept for those who look it up, no longer maintained."
    if sheet.complaints:
        yield _list(escape(complaint) for complaint in sheet.complaints)
    yield escape(words.counts(rectangle))
    if len(rectangle.in_question) < len(rectangle.columns):
        yield _list(_out(one, rectangle.table) for one in rectangle.columns if one.is_out)
    yield "\n".join(_table(rectangle))
    if any(any(row.best) for row in rectangle.rows):
        yield "What is bold is best in its row."
    if rectangle.is_weighed:
        yield from _winner(rectangle)
    yield "## Sources"
    yield escape(words.grounds(evidence(rectangle.table)))
    cited = {source_of(cell) for row in rectangle.rows for cell in row.cells}
    if cited - {None}:
        numbers = rectangle.table.source_numbers
        yield _list(_source(*item, sheet.address) for item in numbers.items() if item[0] in cited)


def _list(items: Iterator[str]) -> str:
    return "\n".join(f"- {item}" for item in items)


def _out(column: Column, table: Table) -> str:
    name = f"{column.contender.name} is ruled out:"
    return f"{escape(name)} {escape(reasons(table, column.rulings))}."


def _table(rectangle: Rectangle) -> Iterator[str]:
    columns = rectangle.columns
    heads = [joined(heading(one.contender), "ruled out" if one.is_out else "") for one in columns]
    yield _line(["Criterion", *map(escape, heads)])
    yield _line(["---"] * (len(columns) + 1))
    if rectangle.is_weighed:
        fits = [
            joined(words.points(one.fit.score) or "\N{EN DASH}", words.reach(one))
            for one in columns
        ]
        yield _line([joined("Fit", "0 to 100 with these weights"), *map(escape, fits)])
    for block in rectangle.blocks:
        if block.group:
            name = escape(block.group.name)
            head = joined(f"*{name}*" if name else "", escape(block.group.note))
            yield _line([head, *[""] * len(columns)])
        for row in block.rows:
            yield _row(row, rectangle.table.source_numbers)


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _row(row: Row, numbers: dict[Source, int]) -> str:
    one = row.criterion
    first = escape(joined(one.name, one.question, words.row_counts(one, row.weight)))
    cells = [
        _cell(cell, one.kind, best, numbers.get(source_of(cell)))
        for cell, best in zip(row.cells, row.best, strict=True)
    ]
    return _line([first, *cells])


def _cell(cell: Cell, kind: str, best: str, number: int | None) -> str:
    text = escape(words.cell_text(cell, kind))
    if best and text:
        text = f"**{text}**"
    reference = rf" \[{number}\]" if number else ""
    return joined(f"{text}{reference}", escape(remarks(cell)))


def _winner(rectangle: Rectangle) -> Iterator[str]:
    safety = judge(rectangle)
    yield "## How safe is the winner"
    yield from map(escape, words.winner(safety))
    if flips := words.flips(rectangle, safety):
        yield _list(map(escape, flips))


def _source(source: Source, number: int, page: str) -> str:
    place = "no address"
    if address := absolute(page, source.address):
        is_web = address.startswith(("https://", "http://"))
        place = f"<{_address(address)}>" if is_web else escape(address)
    return rf"\[{number}\] " + ", ".join([place, *map(escape, words.source_facts(source))])


def _address(address: str) -> str:
    """Return an address with nothing in it that could end it."""
    return quote(address, safe=_OF_AN_ADDRESS)
