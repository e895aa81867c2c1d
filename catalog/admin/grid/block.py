"""A block from a spreadsheet: read, laid over a posted form, and shown before any of it is saved.

A block is lines of texts with tabs between, as every spreadsheet copies them. In a row of ratings
a text is WORD, or WORD, VALUE, with a note behind a colon: “Good, 12 ms: with three nodes”. WORD is
one of the guide's, yes or no, or a figure from 0 to 4. In any row “?” and “unknown” stand for
unknown, “n/a” and a dash for does not apply, each with a note if there is a reason; nothing leaves
a cell as it is. In a row of text whatever else is said is the value.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import NamedTuple

from django.http import QueryDict

from catalog.admin.grid import words
from catalog.admin.grid.posted import Names, Reading, is_shown
from catalog.admin.grid.sheet import CELL_PARTS, Place, Sheet, named
from catalog.describe.fields import quoted
from catalog.history.rows import Fields

LONGEST_BLOCK = 500_000  # letters: a table of the largest size, every cell filled to the brim

_STATES = dict.fromkeys(("?", "unknown", "not known"), words.UNKNOWN) | dict.fromkeys(
    ("n/a", "na", "n. a.", "not applicable", "does not apply", "-", "\u2013", "\u2014"),
    words.NOT_APPLICABLE,
)
_FIGURES = {"0", "1", "2", "3", "4"}
_WITH_ZEROS = re.compile(r"([0-4])[.,]0+")  # as a sheet shows a whole number
# What a sheet shows in place of a value: an error, or how it would be counted.
_NO_VALUE = re.compile(r"#(REF|N/A|DIV/0|VALUE|NAME|NUM|NULL|ERROR|SPILL|CALC)[!?]?|=.+", re.I)

# A text of a block, and the tab or the break behind it. Spreadsheets put quotes around a text that
# holds one of these, and double the quotes in it.
_TEXT = re.compile(r'("(?:[^"]|"")*+"(?=[\t\n]|\Z)|[^\t\n]*)(\t|\n|\Z)')

Lines = list[list[str]]
Heads = list[str] | None
Find = Callable[[str], str | None]  # a name, or a slug, to the slug


class NoBlockError(Exception):
    """What was pasted is no block, or says nothing to a cell; the text says why."""


class Placed(NamedTuple):
    """Where the texts of a block go, and a sentence for each part of it that goes nowhere."""

    texts: dict[Place, str]
    left_out: list[str]


class Becoming(NamedTuple):
    """A cell that the block speaks of: what it says, and would say; or why that cannot be."""

    where: str
    before: str
    after: str
    fault: str


@dataclass
class Pasted:
    """A block over what was typed before; `same` counts the cells that say already what it says."""

    form: QueryDict
    left_out: list[str]
    cells: list[Becoming] = field(default_factory=list)
    same: int = 0

    @property
    def changes(self) -> int:
        return sum(1 for cell in self.cells if not cell.fault)

    @property
    def faults(self) -> int:
        return len(self.cells) - self.changes


def paste(block: str, corner: Place, rows: Iterable[str], before: Reading) -> Pasted:
    """Lay a block over a form as it was read; what would be wrong stays. Raises NoBlockError."""
    form, sheet = before.post, before.sheet
    rows = [row for row in rows if row in sheet.criteria]
    placed = place(read_block(block), sheet, rows, before.names, corner)
    laid, unread = _lay(placed.texts, sheet, form)
    after = Reading(before.base, laid, before.names)
    pasted = Pasted(laid, placed.left_out)
    for cell, text in placed.texts.items():
        controls = {named(part, *cell) for part in CELL_PARTS}
        faults = [fault.text for fault in after.faults if fault.control in controls]
        if fault := unread.get(cell) or " ".join(faults):
            for control in controls & form.keys():
                laid[control] = form[control]
        elif before.sheet.cells.get(cell) == after.sheet.cells.get(cell):
            pasted.same += 1
            continue
        was, becomes = _text_of(cell, before), text if fault else _text_of(cell, after)
        pasted.cells.append(Becoming(before.where(cell), was, becomes, fault))
    return pasted


def _lay(
    texts: dict[Place, str], sheet: Sheet, form: QueryDict
) -> tuple[QueryDict, dict[Place, str]]:
    """Return the form with the texts in it, and why some of them say nothing to their cells."""
    laid, unread = form.copy(), {}
    for cell, text in texts.items():
        if not is_shown(form, cell):
            unread[cell] = "This cell is not shown: show all cells to fill it in."
            continue
        try:
            parts = parts_of(text, sheet.kind_of(cell.criterion), sheet.cell(cell))
        except NoBlockError as error:
            unread[cell] = str(error)
            continue
        for part, value in parts.items():
            laid[named(part, *cell)] = value
    return laid, unread


def _text_of(cell: Place, reading: Reading) -> str:
    """Return what a cell says, and its note: “Good, 12 ms: with three nodes”."""
    fields = reading.sheet.cells.get(cell)
    text = words.text_of(fields, reading.sheet.kind_of(cell.criterion))
    return f"{text}: {fields['note']}" if fields and fields["note"] else text


def read_block(text: str) -> Lines:
    """Return the lines of a block, each a list of its texts on one line. Raises NoBlockError."""
    if len(text) > LONGEST_BLOCK:
        raise NoBlockError("This block is too long; paste it in parts.")
    block: Lines = [[]]
    for one, end in _TEXT.findall(text.replace("\r\n", "\n").strip("\n")):
        block[-1].append(_on_one_line(one))
        if end == "\n":
            block.append([])
        elif not end:
            break
    if not any(text for line in block for text in line):
        raise NoBlockError("There is nothing in this block.")
    return block


def parts_of(text: str, kind: str, before: Fields) -> dict[str, str]:
    """Return what a text says of a cell, by its controls. Raises NoBlockError if it is nothing."""
    if _NO_VALUE.fullmatch(text):
        raise NoBlockError(f"{quoted(text)} is no value but a formula or its error; paste values.")
    head, note = _split(text, ": ")
    notes = {"note": note} if note else {}
    if state := _STATES.get(head.casefold()):
        return {"judgement": state, "word": "", "value": "", **notes}
    if kind == "text":
        return {"judgement": words.KNOWN, "word": "", "value": text}
    word, value = _split(head, ", ")
    word = figure[1] if (figure := _WITH_ZEROS.fullmatch(word)) else word
    rating = int(word) if word in _FIGURES else words.rating_named(kind, word)
    if rating is None:
        offered = ", ".join(name for _value, name in words.offered(kind, words.UNKNOWN))
        text = f"{quoted(text)} is none of these: {offered}."
        raise NoBlockError(f"{text} What else there is to say follows a comma.")
    values = {"value": value} if value else {}
    word = _word(word, kind, rating, before)
    return {"judgement": str(rating), "word": word, **values, **notes}


def _word(given: str, kind: str, rating: int, before: Fields) -> str:
    """Return the word of a cell with a rating: the guide's own only where it had one before."""
    own = words.word_of(kind, rating)
    if given not in _FIGURES and given.casefold() != own.casefold() and kind == "rating":
        return given.capitalize()
    return own if before["word"] else ""


def _on_one_line(text: str) -> str:
    if text.startswith('"') and ("\t" in text or "\n" in text):
        text = text[1:-1].replace('""', '"')
    return " ".join(text.split())


def _split(text: str, sign: str) -> tuple[str, str]:
    head, _sign, rest = text.partition(sign)
    return head.strip(), rest.strip()


def place(block: Lines, sheet: Sheet, rows: Sequence[str], names: Names, corner: Place) -> Placed:
    """Say where the texts of a block go: by its heads, or from a corner on."""
    find_row = _finder({slug: sheet.criteria[slug]["name"] for slug in rows})
    find_column = _finder({slug: names[slug] for slug in sheet.columns()})
    lines, beside, above = _without_heads(block, find_row, find_column)
    criteria = _run(rows, corner.criterion) if beside is None else [*map(find_row, beside)]
    columns = _run(sheet.columns(), corner.technology)
    if above is not None:
        columns = [*map(find_column, above)]
    texts = {
        Place(criterion, technology): text
        for line, criterion in zip(lines, criteria, strict=False)
        for text, technology in zip(line, columns, strict=False)
        if text and criterion is not None and technology is not None
    }
    headings = {"", *(fields["name"].casefold() for fields in sheet.groups.values())}
    lines_left_out = _lines_left_out(lines, beside, criteria, headings)
    return Placed(texts, [*lines_left_out, *_columns_left_out(lines, above, columns)])


def _without_heads(block: Lines, find_row: Find, find_column: Find) -> tuple[Lines, Heads, Heads]:
    """Return the lines of a block without heads, and the heads beside and above them."""
    has_side = _are_heads([line[0] for line in block[1:]] or [block[0][0]], find_row)
    first = 1 if has_side else 0
    has_head = _are_heads(block[0][first:], find_column)
    body = block[1:] if has_head else block
    beside = [line[0] for line in body] if has_side else None
    return [line[first:] for line in body], beside, block[0][first:] if has_head else None


def _finder(names: Names) -> Find:
    """Return what finds a slug by itself or by a name. That raises NoBlockError for one of two."""
    called: dict[str, str] = {}
    twice = set()
    for slug, name in names.items():
        if called.setdefault(name.casefold(), slug) != slug:
            twice.add(name.casefold())

    def find(text: str) -> str | None:
        if text in names:
            return text
        folded = text.casefold()
        if folded in twice:
            raise NoBlockError(f"Two here are called {quoted(text)}: put their slugs there.")
        return called.get(folded, folded if folded in names else None)

    return find


def _are_heads(texts: list[str], find: Find) -> bool:
    """Return whether at least half of what stands there are names."""
    given = [text for text in texts if text]
    return bool(given) and 2 * sum(find(text) is not None for text in given) >= len(given)


def _run(slugs: Sequence[str], first: str) -> Sequence[str]:
    return slugs[slugs.index(first) :] if first in slugs else slugs


def _lines_left_out(
    lines: Lines, beside: Heads, criteria: Sequence[str | None], headings: set[str]
) -> Iterator[str]:
    """Yield a sentence for each line that belongs to no row; a heading may stand between rows."""
    for number, line in enumerate(lines):
        if number < len(criteria) and criteria[number] is not None:
            continue
        if beside is not None:
            if any(line) or beside[number].casefold() not in headings:
                yield f"There is no row {quoted(beside[number])} here."
        elif any(line):
            first = quoted(next(filter(None, line)))
            yield f"The block is too high: there is no row for the line that begins with {first}."


def _columns_left_out(lines: Lines, above: Heads, columns: Sequence[str | None]) -> Iterator[str]:
    """Yield a sentence for each head that no column has, or one for all beyond the table."""
    beyond = [
        number
        for number, texts in enumerate(zip_longest(*lines, fillvalue=""))
        if any(texts) and (number >= len(columns) or columns[number] is None)
    ]
    if above is not None:
        for number in beyond:
            name = above[number] if number < len(above) else ""
            yield f"There is no column {quoted(name)} here."
    elif beyond:
        are = "is no column" if len(beyond) == 1 else "are no columns"
        yield f"The block is too wide: there {are} for its last {len(beyond)}."
