"""The answer to a question as the part of a page: HTML, sentences, and addresses of next steps."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, NamedTuple

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from catalog.comparison import cells, pictures
from catalog.comparison.engine import (
    Column,
    Criterion,
    Question,
    Rectangle,
    Row,
    Safety,
    Table,
    Turn,
    arrange,
    canonical,
    evidence,
    judge,
    weighed_as,
    words,
)
from catalog.comparison.engine.fit import parts_of
from catalog.comparison.engine.question import ALL, DENSITIES, DIFFER, FIT, TOP
from catalog.comparison.engine.safety import break_even, must, pairs
from catalog.comparison.engine.table import TEXT
from catalog.comparison.tables import Query
from catalog.exports import FORMS
from catalog.http import address_of

# For each table, which is read anew after each edit; the largest piece takes 150 KB.
PIECES_KEPT = 24

# With more columns the table scrolls in a region of its own.
MOST_AT_EASE = 5

# How many weights, each of which alone would change who leads, the band names.
MOST_TURNS = 2


class ShownRow(NamedTuple):
    criterion: Criterion
    weight: str  # “weight 3”, for paper
    weights: str  # the options of its weight, and of the least that is taken
    musts: str
    cells: SafeString
    sort: str  # what its button asks for
    order: str  # the value of aria-sort; blank when the columns are in another order


class ShownColumn(NamedTuple):
    column: Column
    under: str  # what stands under its name: versions, fit, that it is ruled out
    score: str
    reach: str
    leads: bool
    bar: str  # SVG paths, from 0 to 100
    whisker: str
    best_in: int  # of the rows that count


class Answer(NamedTuple):
    """The answer to a question: its part of the page, and what is announced of it."""

    html: str
    said: str
    is_wide: bool


def context_of(
    table: Table, query: Query, path: str, *, is_public: bool = True, **given: str
) -> dict[str, Any]:
    """Return what the page at `path` shows of a table as the query asks for it, made once.

    `given` is for the template: the title, and `reasons`, where the guide says why it recommends.
    What is not public offers no files.
    """
    key = ("answer", query.pairs, path)
    return {
        "complaints": query.complaints,
        "as_curated": path,
        "answer": _kept(table, key, lambda: _answer(table, query, path, is_public, given)),
        "grounds": _kept(table, ("grounds",), lambda: _grounds(table)),
    }


def _answer(
    table: Table, query: Query, path: str, is_public: bool, given: dict[str, str]
) -> Answer:
    question = query.question
    rectangle = arrange(table, question)
    asked = canonical(replace(question, show=Question.show), table)
    files = {suffix: address_of(f"{path.rstrip('/')}.{suffix}", asked) for suffix in FORMS}
    safety = judge(rectangle)
    winner = words.winner(safety)
    context = {
        **given,
        "rectangle": rectangle,
        "winner": winner,
        **_band(rectangle, safety, path),
        **_table(rectangle, safety),
        **_controls(rectangle, path),
        "forms": [(FORMS[suffix].name, files[suffix]) for suffix in files if is_public],
        "copied_from": files["md"],
    }
    html = render_to_string("catalog/_answer.html", context)
    is_wide = len(rectangle.columns) > MOST_AT_EASE
    return Answer(html, " ".join(words.announcement(rectangle, winner)), is_wide)


def _grounds(table: Table) -> str:
    found = evidence(table)
    return words.grounds(found) if found.cells else ""


def _kept(table: Table, key: tuple[Any, ...], make: Callable[[], Any]) -> Any:
    """Return what was made for this key; it is dropped with the table, which an edit replaces."""
    made = table.kept.get(key)
    if made is None:
        made = make()
        if len(table.kept) >= PIECES_KEPT:
            table.kept.clear()
        table.kept[key] = made
    return made


def _band(rectangle: Rectangle, safety: Safety, path: str) -> dict[str, Any]:
    """Return the context of the answer itself: who leads, how safe that is, and the fits."""
    table, question = rectangle.table, rectangle.question
    turns: list[Turn] = []
    if safety.leaders and safety.in_question > 1:
        turns = [*(safety.flips[:MOST_TURNS] or pairs(rectangle))]
        turns += filter(None, [must(rectangle)])
    said = {column.contender.verdict for column in rectangle.in_question}
    leading = {column.contender.verdict for column in safety.leaders}
    return {
        "safe": words.safe(safety),
        "turns": [
            (
                words.conditions(table, one),
                address_of(path, canonical(_asked(question, one), table)),
                words.turn(one),
            )
            for one in turns
        ],
        # The table and the guide's own verdict may differ: then both are said.
        "recommended": [
            column.contender
            for column in rectangle.by_fit
            if column.contender.verdict == "recommended"
        ]
        if "recommended" in said - leading
        else [],
        "counting": len(rectangle.counting),
        "pair": sorted(
            rectangle.by_fit[:2], key=rectangle.columns.index
        ),  # what a phone shows first
        "fits": [_column(column, rectangle, safety) for column in rectangle.by_fit],
        "outs": [
            (column, [words.ruling(table, one) for one in column.rulings])
            for column in rectangle.columns
            if column.is_out
        ],
        "closest": words.closest(rectangle),
        # Each must-have: its row, what is needed, the address without it, and what that brings.
        "lifts": [
            (
                table.criterion_by_key[key].name,
                words.need(table, table.criterion_by_key[key], least),
                address_of(path, canonical(_without_must(question, key), table)),
                words.brings_back(rectangle, key),
            )
            for key, least in question.musts.items()
        ],
    }


def _asked(question: Question, turn: Turn) -> Question:
    """Return the question that brings a turn about."""
    if turn.least:
        key = turn.changes[0][0].key
        return replace(question, musts={**question.musts, key: turn.least})
    weights = {row.key: weight for row, weight in turn.changes}
    return replace(question, weights={**question.weights, **weights})


def _without_must(question: Question, key: str) -> Question:
    musts = {other: least for other, least in question.musts.items() if other != key}
    return replace(question, musts=musts)


def _table(rectangle: Rectangle, safety: Safety) -> dict[str, Any]:
    """Return the context of the table itself, and of the sentences around it."""
    weights = rectangle.question.weights
    parts = [parts_of(rectangle.table, column.contender, weights) for column in rectangle.columns]
    rows = zip(rectangle.table.weighed, *parts, strict=True)
    # A picture of the weight that turns the lead first; where none does there is nothing to draw.
    evens = [break_even(rectangle, turn.changes[0][0]) for turn in safety.flips[:1]]
    return {
        "counts": words.counts(rectangle),
        "columns": [_column(column, rectangle, safety) for column in rectangle.columns],
        "blocks": [
            (block.group, [_row(row, rectangle) for row in block.rows])
            for block in rectangle.blocks
        ],
        "legend": _legend(rectangle.rows),
        "flips": words.flips(rectangle, safety),
        "evens": [*map(pictures.break_even, evens)],
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
    every, top = rectangle.differing
    rows = {ALL: len(table.criteria), DIFFER: every, TOP: top}
    names = {ALL: "all", DIFFER: "rated differently:", TOP: "top two rated differently:"}
    shown = {row.criterion.key for row in rectangle.rows}

    own = replace(question, weights=table.curated_weights, musts={})
    presets = [(one.name, weighed_as(question, one, table)) for one in table.presets]
    if presets:
        presets.insert(0, ("the guide's", own))

    def address(**changes: Any) -> str:
        return address_of(path, canonical(replace(question, **changes), table))

    def is_shown(one: Question) -> bool:
        return (question.weights, question.musts) == (one.weights, one.musts)

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
        "densities": [(name, address(show=name), name == question.show) for name in DENSITIES],
        "choices_of_rows": [
            (names[one], count, address(rows=one), one == question.rows)
            for one, count in rows.items()
            if one == ALL or len(chosen) > (2 if one == TOP else 1)
        ],
        "unsorted": address(sort="") if question.sort else "",
        "by_fit": address(sort=FIT) if question.sort != FIT and rectangle.is_weighed else "",
        # What else is asked stays so when the form is sent.
        "kept": [
            (name, value)
            for name, value in canonical(question, table)
            if name in ("rows", "show", "sort")
            or (name in ("w", "must") and value.rpartition(".")[0] not in shown)
        ],
        # What the weights and must-haves are for: the guide's own case, and those with a name.
        "presets": [
            (name, address(weights=one.weights, musts=one.musts), is_shown(one))
            for name, one in presets
        ],
        "has_priorities": bool(table.weighed),
        "is_weighed_anew": not is_shown(own),
        "plain": address_of(path, canonical(own, table)),
        "as_curated": path,
    }


def _column(column: Column, rectangle: Rectangle, safety: Safety) -> ShownColumn:
    fit = column.fit
    bar = whisker = ""
    if fit.score is not None:
        bar = f"M0 1h{float(fit.score):.1f}v8h-{float(fit.score):.1f}z"
        if fit.unknown:
            low, high = f"{float(fit.low):.1f}", f"{float(fit.high):.1f}"
            whisker = f"M{low} 1v7M{high} 1v7M{low} 4.5H{high}"
    under = [
        column.contender.versions,
        f"fit {words.points(fit.score)}" if rectangle.is_weighed and fit.known else "",
        "ruled out" if column.is_out else "",
    ]
    return ShownColumn(
        column=column,
        under=" · ".join(filter(None, under)),
        score=words.points(fit.score),
        reach=words.reach(column),
        leads=column in safety.leaders,
        bar=bar,
        whisker=whisker,
        best_in=rectangle.best_in(column),
    )


def _row(row: Row, rectangle: Rectangle) -> ShownRow:
    one, table, question = row.criterion, rectangle.table, rectangle.question
    key, sort, weights, musts = one.key, question.sort, "", ""
    if one.kind != TEXT:
        weights = cells.weight_options(one, row.weight)
        scale = tuple(table.scales[key].items())
        musts = cells.must_options(one, scale, question.musts.get(key, 0))
    # The first press brings the best to the front, or a text's first by the alphabet.
    first, second = (key, f"-{key}") if one.kind == TEXT else (f"-{key}", key)
    return ShownRow(
        criterion=one,
        weight=words.row_counts(one, row.weight),
        weights=weights,
        musts=musts,
        cells=cells.row_html(row, rectangle.columns),
        sort=second if sort == first else first,
        order={key: "ascending", f"-{key}": "descending"}.get(sort, ""),
    )


def _legend(rows: Iterable[Row]) -> list[tuple[str, str]]:
    """Return the marks that occur in these rows, each with its meaning."""
    found = set()
    for row in rows:
        found |= {cells.mark(cell, row.criterion.kind) for cell in row.cells} | {*row.best}
        known = (cell for cell in row.cells if cell.state != "unknown")
        if any(not (cell.source or cell.verified_on) for cell in known):
            found.add("none")
    return [(name, words) for name, words in LEGEND.items() if name in found]


# What the marks of a table mean, by the names that the style sheet has for them.
LEGEND = {
    "4": "four of four",
    "3": "three",
    "2": "two",
    "1": "one",
    "0": "none",
    "yes": "yes",
    "no": "no",
    "unknown": "unknown",
    "not-applicable": "does not apply",
    "sole": "best in its row",
    "joint": "joint best",
    "none": "no source given",
}
