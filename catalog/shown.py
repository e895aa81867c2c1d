"""What a page shows of a rectangle: pieces of HTML, sentences, and the addresses of next steps."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, NamedTuple

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from catalog import cells
from catalog.http import address_of
from catalog.matrix import (
    Column,
    Contender,
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
from catalog.matrix.fit import parts_of
from catalog.matrix.question import FIT
from catalog.matrix.table import TEXT
from catalog.tables import Asked

# For each table, which is read anew after each edit; the largest piece takes 150 KB.
PIECES_KEPT = 24

# With more columns the table has the whole width of the page, and scrolls in a region of its own.
MOST_AT_EASE = 5

# The other forms of a table, by the suffix of their addresses.
FORMS = {"csv": "CSV", "md": "Markdown", "json": "JSON"}  # written by catalog.exports


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
    """What a question is answered with: the part of the page, and what it says in short."""

    html: str
    said: str
    is_wide: bool


def answer(
    table: Table, asked: Asked, path: str, title: str, adder: str = "", *, is_public: bool = True
) -> Answer:
    """Return what `table` answers to what was asked of it at `path`, made once a question.

    `adder` is the part of a form, ready made, by which a contender is added. What is not public has
    no other forms to be taken away.
    """

    def make() -> Answer:
        rectangle = arrange(table, asked.question)
        context = show(rectangle, path) | {"title": title, "adder": adder}
        if not is_public:
            context["forms"] = []
        html = render_to_string("catalog/_answer.html", context)
        is_wide = len(rectangle.columns) > MOST_AT_EASE
        return Answer(html, " ".join(words.spoken(rectangle, context["winner"])), is_wide)

    return _kept(table, ("answer", asked.pairs, path), make)


def priorities(table: Table, asked: Asked, path: str) -> str:
    """Return the form of weights and must-haves; empty where nothing can be weighed."""
    if not table.weighed:
        return ""

    def make() -> str:
        context = {
            "priorities": _priorities(table, asked.question),
            "as_curated": path,
            "plain": plain_address(table, asked.question, path),
        }
        return render_to_string("catalog/_priorities.html", context)

    return _kept(table, ("priorities", asked.pairs, path), make)


def sources(table: Table) -> str:
    """What the whole table rests on, whatever of it is shown."""

    def make() -> str:
        found = evidence(table)
        context = {
            "grounds": words.grounds(found) if found.cells else "",
            "sources": cells.sources_html(table.source_numbers),
        }
        return render_to_string("catalog/_sources.html", context)

    return _kept(table, ("sources",), make)


def _kept(table: Table, key: tuple[Any, ...], make: Callable[[], Any]) -> Any:
    """What was made for this key; it lives and dies with the table, which an edit replaces."""
    made = table.kept.get(key)
    if made is None:
        made = make()
        if len(table.kept) >= PIECES_KEPT:
            table.kept.clear()
        table.kept[key] = made
    return made


def plain_address(table: Table, question: Question, path: str) -> str:
    """The address of the same contenders when nothing else is asked."""
    chosen = [] if table.is_curated else [("t", slug) for slug in question.chosen]
    return address_of(path, chosen)


def show(rectangle: Rectangle, path: str) -> dict[str, Any]:
    """The context of the table of an answer."""
    table, question = rectangle.table, rectangle.question
    numbers = table.source_numbers
    safety = judge(rectangle) if rectangle.is_weighed else None
    pairs = canonical(question, table)
    forms = {suffix: address_of(f"{path.rstrip('/')}.{suffix}", pairs) for suffix in FORMS}
    return {
        "rectangle": rectangle,
        "counts": words.counts(rectangle),
        "outs": [
            (column, [words.ruling(one) for one in column.rulings])
            for column in rectangle.columns
            if column.is_out
        ],
        "lifts": _lifts(question, rectangle, path),
        "columns": [_column(column, safety) for column in rectangle.columns],
        "fit_order": "descending" if question.sort == FIT else "",
        "blocks": [
            (block.group, [_row(row, rectangle, numbers) for row in block.rows])
            for block in rectangle.blocks
        ],
        "winner": words.winner(safety) if safety else [],
        "flips": words.flips(safety) if safety else [],
        "parts": [
            (row, question.weights[row.key], cells.parts_html(parts))
            for row, *parts in _parts(rectangle)
        ],
        "contenders": _contenders(rectangle),
        "groups": [(group, _is_shown(group, question)) for group in _offered(table)],
        "all_groups": _address(replace(question, groups=None), rectangle, path),
        "no_group": _address(replace(question, groups=frozenset()), rectangle, path),
        "unsorted": _address(replace(question, sort=""), rectangle, path) if question.sort else "",
        "forms": [(name, forms[suffix]) for suffix, name in FORMS.items()],
        "copied_from": forms["md"],
        "has_priorities": bool(table.weighed),
        "as_curated": path,
    }


def _address(question: Question, rectangle: Rectangle, path: str) -> str:
    return address_of(path, canonical(question, rectangle.table))


def _lifts(question: Question, rectangle: Rectangle, path: str) -> list[tuple[str, str, str]]:
    """For each must-have its row, what is needed, and the address without it."""
    by_key = rectangle.table.criterion_by_key
    return [
        (
            by_key[key].name,
            words.need(by_key[key], least),
            _address(replace(question, musts=_without(question.musts, key)), rectangle, path),
        )
        for key, least in question.musts.items()
    ]


def _without(musts: dict[str, int], key: str) -> dict[str, int]:
    return {other: least for other, least in musts.items() if other != key}


def _column(column: Column, safety: Safety | None) -> ShownColumn:
    fit = column.fit
    bar = whisker = ""
    if fit.score is not None:
        bar = f"M0 3h{float(fit.score):.1f}v3h-{float(fit.score):.1f}z"
        if fit.unknown:
            low, high = f"{float(fit.low):.1f}", f"{float(fit.high):.1f}"
            whisker = f"M{low} 1v7M{high} 1v7M{low} 4.5H{high}"
    leads = safety is not None and column in safety.leaders
    return ShownColumn(column, words.points(fit.score), words.reach(column), leads, bar, whisker)


def _row(row: Row, rectangle: Rectangle, numbers: dict) -> ShownRow:
    key, sort = row.criterion.key, rectangle.question.sort
    order = {key: "ascending", f"-{key}": "descending"}.get(sort, "")
    # The first press brings the best to the front, or a text's first by the alphabet.
    first, second = (key, f"-{key}") if row.criterion.kind == TEXT else (f"-{key}", key)
    return ShownRow(
        criterion=row.criterion,
        counts=words.row_counts(row.criterion, row.weight),
        cells=cells.row_html(row, rectangle.columns, numbers),
        sort=second if sort == first else first,
        order=order,
    )


def _parts(rectangle: Rectangle) -> Iterable[tuple[Any, ...]]:
    """Each row that counts, with what it adds to the points of each column."""
    table, weights = rectangle.table, rectangle.question.weights
    parts = [parts_of(table, column.contender, weights) for column in rectangle.columns]
    return (row for row in zip(table.weighed, *parts, strict=True) if weights[row[0].key])


def _contenders(rectangle: Rectangle) -> list[tuple[Contender, bool]]:
    """The reader's, in their order, then the others: so the boxes send `t` as it was."""
    chosen = rectangle.question.chosen
    by_slug = rectangle.table.contender_by_slug
    rest = [slug for slug in by_slug if slug not in chosen]
    return [(by_slug[slug], slug in chosen) for slug in (*chosen, *rest)]


def _offered(table: Table) -> tuple[Group, ...]:
    """The groups to choose from; one heading above all rows leaves nothing to choose."""
    headings = {criterion.group for criterion in table.criteria}
    return table.groups if len(headings) > 1 else ()


def _is_shown(group: Group, question: Question) -> bool:
    return question.groups is None or group.key in question.groups


def _priorities(table: Table, question: Question) -> list[tuple[Group | None, list[Priority]]]:
    """A weight and a must-have for each row that is rated, under the headings of the rows."""
    found: dict[str, list[Priority]] = {}
    for row in table.weighed:
        priority = Priority(
            row,
            cells.weight_options(row, question.weights[row.key]),
            cells.must_options(row, question.musts.get(row.key, 0)),
        )
        found.setdefault(row.group, []).append(priority)
    headings: list[Group | None] = [None, *table.groups]
    return [
        (group, found[group.key if group else ""])
        for group in headings
        if (group.key if group else "") in found
    ]
