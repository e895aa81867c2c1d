"""What the inside of a table shows, as HTML: each piece made once from its own fields.

A template asked once per cell costs a hundred times a plain page. The pieces are escaped here, in
one place, and kept in memory by what they were made of: nothing can be stale.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from catalog.matrix import Cell, Column, Criterion, Row, words
from catalog.matrix.table import (
    HIGHEST_RATING,
    HIGHEST_WEIGHT,
    KNOWN,
    UNKNOWN,
    YES_NO,
    Source,
    source_of,
)

# Some tables of the largest size; a piece has about 300 bytes.
PIECES_KEPT = 20_000


def mark(cell: Cell, kind: str) -> str:
    """The name of the mark beside what a cell says; blank for a text, which has none."""
    if cell.state != KNOWN:
        return cell.state
    if cell.rating is None:
        return ""
    if kind == YES_NO:
        return "yes" if cell.rating else "no"
    return str(cell.rating)


def row_html(row: Row, columns: Iterable[Column], numbers: Mapping[Source, int]) -> SafeString:
    """The cells of a row: one `td` for each column. `numbers` says which source is which."""
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
        _notes(cell),
    )


def _judgement(cell: Cell, kind: str) -> SafeString:
    said = words.judgement(cell, kind)
    lines = cell.value.splitlines()
    if len(lines) > 1:
        items = format_html_join("", "<li>{}</li>", ((line,) for line in lines))
        return format_html("{}<ul>{}</ul>", cell.word, items)
    value = f", {cell.value}" if cell.value not in ("", said) else ""
    return format_html("<b>{}</b>{}", said, value)


def _best(best: str) -> SafeString | str:
    if not best:
        return ""
    said = "best" if best == "sole" else "joint best"
    return format_html('<span class="vh">, {}</span>', said)


def _reference(cell: Cell, number: int) -> SafeString | str:
    """A number that leads to the source; hundreds of them, so it says no more than that."""
    if number:
        stale = SafeString(' class="old"') if cell.stale else ""
        return format_html(' <sup{}><a href="#n{}">{}</a></sup>', stale, number, number)
    if cell.state == UNKNOWN:
        return ""
    return format_html(' <sup class="none"><span class="vh">{}</span></sup>', "no source")


def _notes(cell: Cell) -> SafeString | str:
    return format_html_join("", " <small>{}</small>", ((note,) for note in words.asides(cell)))


@lru_cache(maxsize=PIECES_KEPT)
def weight_options(criterion: Criterion, weight: int) -> SafeString:
    """The options of a select for `w`; the curated weight sends nothing."""
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        (
            (
                "" if figure == criterion.weight else f"{criterion.key}.{figure}",
                _selected(figure == weight),
                figure,
            )
            for figure in range(HIGHEST_WEIGHT + 1)
        ),
    )


@lru_cache(maxsize=PIECES_KEPT)
def must_options(criterion: Criterion, least: int) -> SafeString:
    """The options of a select for `must`; “any” sends nothing."""
    if criterion.kind == YES_NO:
        offered = [(f"{criterion.key}.yes", HIGHEST_RATING, "Yes")]
    else:
        offered = [
            (f"{criterion.key}.{figure}", figure, words.rating_word(figure))
            for figure in range(1, HIGHEST_RATING + 1)
        ]
    options = [("", _selected(not least), "any")] + [
        (value, _selected(figure == least), word) for value, figure, word in offered
    ]
    return format_html_join("", '<option value="{}"{}>{}</option>', options)


def _selected(is_selected: bool) -> SafeString | str:
    return SafeString(" selected") if is_selected else ""


def sources_html(numbers: Mapping[Source, int]) -> SafeString:
    """The list items of all sources, in the order of their numbers."""
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
    """What a row adds to each column's points: one `td` each, empty where it has none."""
    return SafeString("".join(f"<td>{'' if part is None else part}</td>" for part in parts))
