"""A block from a spreadsheet, read as the cells of a table. Pure.

A block is lines of texts with tabs between, as every spreadsheet copies them. In a row of ratings
a text is WORD, or WORD, VALUE, with a note behind a colon: “Good, 12 ms: with three nodes”. WORD is
one of the guide's, yes or no, or a figure from 0 to 4. In any row “?” and “unknown” stand for
unknown, “n/a” and a dash for does not apply, each with a note if there is a reason; nothing leaves
a cell as it is. In a row of text whatever else is said is the value.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from catalog.admin.grid import wording
from catalog.admin.grid.controls import JUDGEMENT, named
from catalog.admin.grid.sheet import Place, Sheet
from catalog.describe.fields import quoted
from catalog.history.rows import Fields
from catalog.models import Cell

LONGEST_BLOCK = 500_000  # letters: a table of the largest size, every cell filled to the brim

_UNKNOWN = {"?", "unknown", "not known"}
_NOT_APPLICABLE = {
    "n/a",
    "na",
    "n. a.",
    "-",
    "\u2013",
    "\u2014",
    "does not apply",
    "not applicable",
}
_FIGURES = {"0", "1", "2", "3", "4"}

# A text of a block, and the tab or the break behind it. Spreadsheets put quotes around a text that
# holds one of these, and double the quotes in it.
_TEXT = re.compile(r'("(?:[^"]|"")*+"(?=[\t\n]|\Z)|[^\t\n]*)(\t|\n|\Z)')

Names = Mapping[str, str]  # slugs to names


class NoBlockError(Exception):
    """What was pasted is no block; the text says why."""


class Target(NamedTuple):
    """A text of the block and the cell that it goes into."""

    place: Place
    text: str


@dataclass
class Placed:
    """Where the texts of a block go, and a sentence for each part of it that goes nowhere."""

    targets: list[Target] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def read_block(text: str) -> list[list[str]]:
    """The lines of a block, each a list of its texts on one line. Raises NoBlockError."""
    if len(text) > LONGEST_BLOCK:
        raise NoBlockError("This block is too long; paste it in parts.")
    block: list[list[str]] = [[]]
    for one, end in _TEXT.findall(text.replace("\r\n", "\n").strip("\n")):
        block[-1].append(_on_one_line(one))
        if end == "\n":
            block.append([])
        elif not end:
            break
    if not any(text for line in block for text in line):
        raise NoBlockError("There is nothing in this block.")
    return block


def place(
    block: list[list[str]], sheet: Sheet, rows: Sequence[str], names: Names, corner: Place
) -> Placed:
    """Where the texts of a block go: by heads that name rows or columns, else from a corner on.

    `rows` are the criteria that are shown, in order; `names` those of technologies.
    """
    placed = Placed()
    row_named = _finder({slug: sheet.criteria[slug]["name"] for slug in rows})
    column_named = _finder({slug: names.get(slug, slug) for slug in sheet.columns()})
    has_side = _are_heads([line[0] for line in block[1:]] or [block[0][0]], row_named)
    head = block[0][1:] if has_side else block[0]
    has_head = _are_heads(head, column_named)
    body = block[1:] if has_head else block
    first = 1 if has_side else 0
    width = max(len(line) for line in block) - first
    columns = _heads_or_run(
        head if has_head else None, column_named, sheet.columns(), corner.technology, width
    )
    side = [line[0] for line in body] if has_side else None
    criteria = _heads_or_run(side, row_named, rows, corner.criterion, len(body))
    groups = {fields["name"].casefold() for fields in sheet.groups.values()}
    for line, criterion in zip(body, criteria, strict=True):
        texts = line[first:]
        if criterion is None:
            if any(texts) or not has_side or line[0].casefold() not in {"", *groups}:
                placed.left_out.append(_line_left_out(line, has_side))
            continue
        for text, technology in zip(texts, columns, strict=False):
            if text and technology is not None:
                placed.targets.append(Target(Place(criterion, technology), text))
    placed.left_out += _columns_left_out(body, first, columns, head if has_head else None)
    return placed


def controls_of(target: Target, kind: str, before: Fields) -> dict[str, str]:
    """What a text puts into the controls of its cell. Raises NoBlockError where it says nothing."""
    said = _read(target.text, kind, before)
    return {named(part, *target.place): value for part, value in said.items()}


def _read(text: str, kind: str, before: Fields) -> dict[str, str]:
    head, note = _split(text, ": ")
    notes = {"note": note} if note else {}
    for words, state in (
        (_UNKNOWN, Cell.State.UNKNOWN),
        (_NOT_APPLICABLE, Cell.State.NOT_APPLICABLE),
    ):
        if head.casefold() in {*words, str(state.label).casefold()}:
            return {JUDGEMENT: state.value, "word": "", "value": "", **notes}
    if kind == "text":
        return {JUDGEMENT: wording.KNOWN, "word": "", "value": text}
    word, value = _split(head, ", ")
    rating = int(word) if word in _FIGURES else wording.rating_named(kind, word)
    if rating is None:
        raise NoBlockError(_not_understood(text, kind))
    values = {"value": value} if value else {}
    return {JUDGEMENT: str(rating), "word": _word(word, kind, rating, before), **values, **notes}


def _word(given: str, kind: str, rating: int, before: Fields) -> str:
    """The word that a cell gets with a rating: the guide's own only where it had one before.

    Both ways of writing a cell are in use, and to paste what a cell says already changes nothing.
    """
    own = wording.word_of(kind, rating)
    if given not in _FIGURES and given.casefold() != own.casefold() and kind == "rating":
        return given.capitalize()
    return own if before["word"] else ""


def _not_understood(text: str, kind: str) -> str:
    words = [word for value, word in wording.offered(kind, wording.UNKNOWN)]
    return "{text} is none of these: {words}. What else there is to say follows a comma.".format(
        text=quoted(text),
        words=", ".join(words),
    )


def _on_one_line(text: str) -> str:
    if text.startswith('"') and ("\t" in text or "\n" in text):
        text = text[1:-1].replace('""', '"')
    return " ".join(text.split())


def _split(text: str, sign: str) -> tuple[str, str]:
    head, _sign, rest = text.partition(sign)
    return head.strip(), rest.strip()


def _finder(names: Names) -> Callable[[str], str | None]:
    """A function from a name, or a slug, to the slug."""
    known = {name.casefold(): slug for slug, name in names.items()} | {slug: slug for slug in names}
    return lambda text: known.get(text.casefold())


def _are_heads(texts: list[str], find: Callable[[str], str | None]) -> bool:
    """Whether at least half of what stands there are names."""
    given = [text for text in texts if text]
    return bool(given) and 2 * sum(find(text) is not None for text in given) >= len(given)


def _heads_or_run(
    heads: list[str] | None,
    find: Callable[[str], str | None],
    every: Sequence[str],
    first: str,
    count: int,
) -> list[str | None]:
    """The slugs that heads name, or so many from the first on; None for what is not there."""
    if heads is not None:
        return [find(text) for text in heads]
    start = every.index(first) if first in every else 0
    run: list[str | None] = [*every[start : start + count]]
    return run + [None] * (count - len(run))


def _line_left_out(line: list[str], has_side: bool) -> str:
    if has_side:
        return f"There is no row {quoted(line[0])} here."
    return "The block is too high: there is no row for the line that begins with {text}.".format(
        text=quoted(next(filter(None, line), "")),
    )


def _columns_left_out(
    body: list[list[str]], first: int, columns: list[str | None], head: list[str] | None
) -> list[str]:
    """A sentence for each column with a head that nobody has, or one for all beyond the table."""
    beyond = [
        place
        for place in range(max((len(line) for line in body), default=first) - first)
        if (place >= len(columns) or columns[place] is None)
        and any(len(line) > first + place and line[first + place] for line in body)
    ]
    if head is not None:
        return [
            "There is no column {name} here.".format(
                name=quoted(head[place] if place < len(head) else "")
            )
            for place in beyond
        ]
    if not beyond:
        return []
    text = (
        "The block is too wide: there is no column for its last %(count)d."
        if len(beyond) == 1
        else "The block is too wide: there are no columns for its last %(count)d."
    )
    return [text % {"count": len(beyond)}]
