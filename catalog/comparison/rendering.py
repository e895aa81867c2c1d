"""The answer to a question as the part of a page: HTML, sentences, and addresses of next steps."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from catalog.comparison import cells
from catalog.comparison.engine import (
    Column,
    Criterion,
    Group,
    Question,
    Rectangle,
    Row,
    Safety,
    Table,
    arrange,
    canonical,
    evidence,
    judge,
    words,
)
from catalog.comparison.engine.fit import parts_of
from catalog.comparison.engine.question import FIT
from catalog.comparison.engine.table import TEXT
from catalog.comparison.tables import Query
from catalog.exports import FORMS
from catalog.http import address_of

# For each table, which is read anew after each edit; the largest piece takes 150 KB.
PIECES_KEPT = 24

# With more columns the table has the whole width of the page, and scrolls in a region of its own.
MOST_AT_EASE = 5


class ShownRow(NamedTuple):
    criterion: Criterion
    counts: str  # “Weight 3”
    cells: SafeString
    sort: str  # what its button asks for
    order: str  # the value of aria-sort; blank when the columns are in another order


class ShownColumn(NamedTuple):
    column: Column
    score: str
    reach: str
    leads: bool
    bar: str  # SVG paths, from 0 to 100
    whisker: str


class Priority(NamedTuple):
    criterion: Criterion
    weights: SafeString
    musts: SafeString


class Answer(NamedTuple):
    """The answer to a question: its part of the page, and what is announced of it."""

    html: str
    said: str
    is_wide: bool


def context_of(
    table: Table, query: Query, path: str, title: str, adder: str = "", *, is_public: bool = True
) -> dict[str, Any]:
    """Return what the page at `path` shows of a table as the query asks for it, made once.

    `adder` is the part of a form, ready made, by which a contender is added. A page that is not
    public offers no files.
    """
    asked = (query.pairs, path)
    return {
        "complaints": query.complaints,
        "as_curated": path,
        "answer": _kept(
            table,
            ("answer", *asked),
            lambda: _answer(table, query, path, is_public, {"title": title, "adder": adder}),
        ),
        "priorities": _kept(table, ("form", *asked), lambda: _form(table, query.question, path)),
        "sources": _kept(table, ("sources",), lambda: _sources(table)),
    }


def _answer(
    table: Table, query: Query, path: str, is_public: bool, given: dict[str, str]
) -> Answer:
    rectangle = arrange(table, query.question)
    files = {suffix: address_of(f"{path.rstrip('/')}.{suffix}", query.pairs) for suffix in FORMS}
    safety = judge(rectangle)
    winner = words.winner(safety)
    context = {
        **given,
        "rectangle": rectangle,
        "winner": winner,
        **_table(rectangle, safety),
        **_controls(rectangle, path),
        "forms": [(FORMS[suffix].name, files[suffix]) for suffix in files if is_public],
        "copied_from": files["md"],
    }
    html = render_to_string("catalog/_answer.html", context)
    is_wide = len(rectangle.columns) > MOST_AT_EASE
    return Answer(html, " ".join(words.announcement(rectangle, winner)), is_wide)


def _form(table: Table, question: Question, path: str) -> str:
    """Return the form of weights and must-haves; empty where nothing can be weighed."""
    if not table.weighed:
        return ""
    context = {
        "priorities": _priorities(table, question),
        "as_curated": path,
        "plain": plain_address(table, question, path),
    }
    return render_to_string("catalog/_priorities.html", context)


def _sources(table: Table) -> str:
    """Return the list of what the whole table rests on, whatever of it is shown."""
    found = evidence(table)
    context = {
        "grounds": words.grounds(found) if found.cells else "",
        "sources": cells.sources_html(table.source_numbers),
    }
    return render_to_string("catalog/_sources.html", context)


def plain_address(table: Table, question: Question, path: str) -> str:
    """Return the address of the same contenders when nothing else is asked."""
    chosen = [] if table.is_curated else [("t", slug) for slug in question.chosen]
    return address_of(path, chosen)


def _kept(table: Table, key: tuple[Any, ...], make: Callable[[], Any]) -> Any:
    """Return what was made for this key; it is dropped with the table, which an edit replaces."""
    made = table.kept.get(key)
    if made is None:
        made = make()
        if len(table.kept) >= PIECES_KEPT:
            table.kept.clear()
        table.kept[key] = made
    return made


def _table(rectangle: Rectangle, safety: Safety) -> dict[str, Any]:
    """Return the context of the table itself, and of the sentences around it."""
    weights = rectangle.question.weights
    parts = [parts_of(rectangle.table, column.contender, weights) for column in rectangle.columns]
    rows = zip(rectangle.table.weighed, *parts, strict=True)
    return {
        "counts": words.counts(rectangle),
        "outs": [
            (column, [words.ruling(one) for one in column.rulings])
            for column in rectangle.columns
            if column.is_out
        ],
        "columns": [_column(column, safety) for column in rectangle.columns],
        "fit_order": "descending" if rectangle.question.sort == FIT else "",
        "blocks": [
            (block.group, [_row(row, rectangle) for row in block.rows])
            for block in rectangle.blocks
        ],
        "flips": words.flips(safety),
        # Each row that counts, with what it adds to the points of each column.
        "parts": [
            (row, weights[row.key], cells.parts_html(of_row))
            for row, *of_row in rows
            if weights[row.key]
        ],
    }


def _controls(rectangle: Rectangle, path: str) -> dict[str, Any]:
    """Return the context of the form around the table: what is asked, and addresses to ask else."""
    table, question = rectangle.table, rectangle.question
    by_slug, chosen = table.contender_by_slug, question.chosen
    # One heading above all rows leaves nothing to choose.
    groups = table.groups if len({row.group for row in table.criteria}) > 1 else ()

    def address(**changes: Any) -> str:
        return address_of(path, canonical(replace(question, **changes), table))

    return {
        # The chosen ones in their order, then the others: so the boxes send `t` as it was.
        "contenders": [
            *((by_slug[slug], True) for slug in chosen),
            *((one, False) for slug, one in by_slug.items() if slug not in chosen),
        ],
        "groups": [
            (group, question.groups is None or group.key in question.groups) for group in groups
        ],
        "all_groups": address(groups=None),
        "no_group": address(groups=frozenset()),
        "unsorted": address(sort="") if question.sort else "",
        # Each must-have: its row, what is needed, and the address without it.
        "lifts": [
            (
                table.criterion_by_key[key].name,
                words.need(table.criterion_by_key[key], least),
                address(musts={k: v for k, v in question.musts.items() if k != key}),
            )
            for key, least in question.musts.items()
        ],
        "has_priorities": bool(table.weighed),
        "as_curated": path,
    }


def _column(column: Column, safety: Safety) -> ShownColumn:
    fit = column.fit
    bar = whisker = ""
    if fit.score is not None:
        bar = f"M0 3h{float(fit.score):.1f}v3h-{float(fit.score):.1f}z"
        if fit.unknown:
            low, high = f"{float(fit.low):.1f}", f"{float(fit.high):.1f}"
            whisker = f"M{low} 1v7M{high} 1v7M{low} 4.5H{high}"
    return ShownColumn(
        column=column,
        score=words.points(fit.score),
        reach=words.reach(column),
        leads=column in safety.leaders,
        bar=bar,
        whisker=whisker,
    )


def _row(row: Row, rectangle: Rectangle) -> ShownRow:
    key, sort = row.criterion.key, rectangle.question.sort
    # The first press brings the best to the front, or a text's first by the alphabet.
    first, second = (key, f"-{key}") if row.criterion.kind == TEXT else (f"-{key}", key)
    return ShownRow(
        criterion=row.criterion,
        counts=words.row_counts(row.criterion, row.weight),
        cells=cells.row_html(row, rectangle.columns, rectangle.table.source_numbers),
        sort=second if sort == first else first,
        order={key: "ascending", f"-{key}": "descending"}.get(sort, ""),
    )


def _priorities(table: Table, question: Question) -> list[tuple[Group | None, list[Priority]]]:
    """Return a weight and a must-have for each rated row, under the headings of the rows."""
    found: dict[str, list[Priority]] = {}
    for row in table.weighed:
        priority = Priority(
            row,
            cells.weight_options(row, question.weights[row.key]),
            cells.must_options(row, question.musts.get(row.key, 0)),
        )
        found.setdefault(row.group, []).append(priority)
    headings = {"": None, **{group.key: group for group in table.groups}}
    return [(group, found[key]) for key, group in headings.items() if key in found]
