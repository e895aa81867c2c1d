"""The inside of a table as HTML: each piece made once from its own fields.

A template asked once per cell costs a hundred times a plain page. The pieces are escaped here, in
one place, and kept in memory by what they were made of: nothing can be stale.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from catalog.comparison.engine import Cell, Column, Criterion, Row, words
from catalog.comparison.engine.rectangle import SOLE
from catalog.comparison.engine.table import (
    HIGHEST_RATING,
    HIGHEST_WEIGHT,
    KNOWN,
    RATING_WORDS,
    UNKNOWN,
    YES_NO,
    Source,
    source_of,
)

# Some tables of the largest size; a piece has about 300 bytes.
PIECES_KEPT = 20_000


def mark(cell: Cell, kind: str) -> str:
    """Return the name of the mark beside what a cell says; blank for a text, which has none."""
    if cell.state != KNOWN:
        return cell.state
    if cell.rating is None:
        return ""
    if kind == YES_NO:
        return "yes" if cell.rating else "no"
    return str(cell.rating)


def row_html(row: Row, columns: Iterable[Column], numbers: Mapping[Source, int]) -> SafeString:
    """Return one `td` for each column of a row. `numbers` says which source is which."""
    kind, is_own = row.criterion.kind, row.criterion.is_own
    return SafeString(
        "".join(
            _cell(cell, kind, best, column.is_out, numbers.get(source_of(cell), 0), is_own)
            for cell, best, column in zip(row.cells, row.best, columns, strict=True)
        )
    )


@lru_cache(maxsize=PIECES_KEPT)
def _cell(cell: Cell, kind: str, best: str, is_out: bool, number: int, is_own: bool) -> SafeString:
    classes = " ".join(filter(None, ("best" if best else "", best, "out" if is_out else "")))
    attributes = format_html(' class="{}"', classes) if classes else ""
    name = mark(cell, kind)
    if name:
        attributes = format_html('{} data-rating="{}"', attributes, name)
    return format_html(
        "<td{}>{}{}{}{}</td>",
        attributes,
        _judgement(cell, kind),
        _best(best),
        "" if is_own else _reference(cell, number),
        format_html_join("", " <small>{}</small>", ((note,) for note in words.asides(cell))),
    )


def _judgement(cell: Cell, kind: str) -> SafeString:
    word = words.judgement(cell, kind)
    lines = cell.value.splitlines()
    if len(lines) > 1:
        items = format_html_join("", "<li>{}</li>", ((line,) for line in lines))
        return format_html("{}<ul>{}</ul>", cell.word, items)
    value = f", {cell.value}" if cell.value not in ("", word) else ""
    return format_html("<b>{}</b>{}", word, value)


def _best(best: str) -> SafeString:
    if not best:
        return SafeString()
    return format_html('<span class="vh">, {}</span>', "best" if best == SOLE else "joint best")


def _reference(cell: Cell, number: int) -> SafeString:
    """Return a number that leads to the source; hundreds of them, so it says no more than that."""
    if number:
        stale = SafeString(' class="old"') if cell.stale else ""
        return format_html(' <sup{}><a href="#n{}">{}</a></sup>', stale, number, number)
    if cell.state == UNKNOWN:
        return SafeString()
    return SafeString(' <sup class="none"><span class="vh">no source</span></sup>')


@lru_cache(maxsize=PIECES_KEPT)
def weight_options(criterion: Criterion, weight: int) -> SafeString:
    """Return the options of a select for `w`; the curated weight sends nothing."""
    return _options(
        [
            ("" if figure == criterion.weight else f"{criterion.key}.{figure}", figure, str(figure))
            for figure in range(HIGHEST_WEIGHT + 1)
        ],
        weight,
    )


@lru_cache(maxsize=PIECES_KEPT)
def must_options(criterion: Criterion, least: int) -> SafeString:
    """Return the options of a select for `must`; “any” sends nothing."""
    if criterion.kind == YES_NO:
        offered = [(f"{criterion.key}.yes", HIGHEST_RATING, "Yes")]
    else:
        offered = [
            (f"{criterion.key}.{figure}", figure, RATING_WORDS[figure])
            for figure in range(1, HIGHEST_RATING + 1)
        ]
    return _options([("", 0, "any"), *offered], least)


def _options(offered: Iterable[tuple[str, int, str]], chosen: int) -> SafeString:
    """Return an option for each value, figure and word; the chosen figure is selected."""
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        (
            (value, SafeString(" selected") if figure == chosen else "", word)
            for value, figure, word in offered
        ),
    )


def sources_html(numbers: Mapping[Source, int]) -> SafeString:
    """Return the list items of all sources, in the order of their numbers."""
    return SafeString("".join(_source(source, number) for source, number in numbers.items()))


@lru_cache(maxsize=PIECES_KEPT)
def _source(source: Source, number: int) -> SafeString:
    if source.address:
        shown = source.address.partition("://")[2].removesuffix("/")
        place = format_html('<a href="{}">{}</a>', source.address, shown)
    else:
        place = "no address"
    facts = "".join(f", {fact}" for fact in words.source_facts(source))
    return format_html('<li id="n{}">{}{}</li>', number, place, facts)


def parts_html(parts: Iterable[int | None]) -> SafeString:
    """Return what a row adds to each column's points: one `td` each, empty where it adds none."""
    return SafeString("".join(f"<td>{'' if part is None else part}</td>" for part in parts))
