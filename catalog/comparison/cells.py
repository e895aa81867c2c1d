"""The inside of a table as HTML: each piece made once from its own fields.

A template asked once per cell costs a hundred times a plain page. The pieces are escaped here, in
one place, and kept in memory by what they were made of: nothing can be stale.
"""

from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import urlsplit

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


def row_html(row: Row, columns: Iterable[Column]) -> SafeString:
    """Return one `td` for each column of a row."""
    kind, is_own = row.criterion.kind, row.criterion.is_own
    return SafeString(
        "".join(
            _cell(cell, kind, best, column.is_out, is_own)
            for cell, best, column in zip(row.cells, row.best, columns, strict=True)
        )
    )


@lru_cache(maxsize=PIECES_KEPT)
def _cell(cell: Cell, kind: str, best: str, is_out: bool, is_own: bool) -> SafeString:
    """Return the finding, cut to two lines by the style sheet, and what opens with the row."""
    classes = " ".join(filter(None, ("best" if best else "", best, "out" if is_out else "")))
    more = _more(cell, is_own)
    return format_html(
        '<td role="cell"{}><div class="val">{}{}{}</div>{}</td>',
        format_html(' class="{}"', classes) if classes else "",
        _judgement(cell, kind),
        _best(best),
        "" if is_own else _reference(cell),
        format_html('<div class="more">{}</div>', more) if more else "",
    )


def _judgement(cell: Cell, kind: str) -> SafeString:
    word, name = words.judgement(cell, kind), mark(cell, kind)
    lines = cell.value.splitlines()
    if len(lines) > 1:
        items = format_html_join("", "<li>{}</li>", ((line,) for line in lines))
        return format_html("{}<ul>{}</ul>", cell.word, items)
    value = f", {cell.value}" if cell.value not in ("", word) else ""
    if not name:
        return format_html("{}{}", word, value)
    value = format_html('<span class="x">{}</span>', value) if value else ""
    return format_html('<span data-rating="{}"><b>{}</b></span>{}', name, word, value)


def _more(cell: Cell, is_own: bool) -> SafeString:
    """Return the small print of a cell, and its source by host and day."""
    parts = list(words.asides(cell))
    if cell.source and not is_own:
        host = urlsplit(cell.source).netloc.removeprefix("www.") or "measured by us"
        day = cell.verified_on.isoformat() if cell.verified_on and not cell.stale else ""
        link = format_html('<a href="{}">{}</a>', cell.source, host)
        parts.append(format_html("{} <span>{}</span>", link, day) if day else link)
    return format_html_join(" ", "{}", ((part,) for part in parts))


def _best(best: str) -> SafeString:
    if not best:
        return SafeString()
    return format_html('<span class="vh">, {}</span>', "best" if best == SOLE else "joint best")


def _reference(cell: Cell) -> SafeString:
    """Return what is to be known of the evidence at once: that it is stale, or none."""
    if cell.stale:
        return SafeString(' <small class="old">stale</small>')
    if cell.state == UNKNOWN or cell.source or cell.verified_on:
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
def must_options(
    criterion: Criterion, scale: tuple[tuple[int, str], ...], least: int
) -> SafeString:
    """Return the options of a select for `must`; “any” sends nothing.

    `scale` has the ratings that the row has, from the least, each with its word.
    """
    offered = [(figure, word) for figure, word in scale if figure]
    if criterion.kind == YES_NO:
        offered = [(HIGHEST_RATING, "Yes")]
    elif least and least not in dict(offered):
        offered = sorted([*offered, (least, RATING_WORDS[least])])
    figures = {HIGHEST_RATING: "yes"} if criterion.kind == YES_NO else {}
    values = [(f"{criterion.key}.{figures.get(at, at)}", at, word) for at, word in offered]
    return _options([("", 0, "any"), *values], least)


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


def parts_html(parts: Iterable[int | None]) -> SafeString:
    """Return what a row adds to each column's points: one `td` each, empty where it adds none."""
    return SafeString("".join(f"<td>{'' if part is None else part}</td>" for part in parts))
