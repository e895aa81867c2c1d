"""What is shown: columns in order, rows, who is ruled out and what is best."""

import pytest

from catalog.comparison.engine import Cell, Table, arrange, evidence, words
from tests.comparison.tables import ask, cell, make_table


def slugs(table: Table, **asked: list[str]) -> str:
    return "".join(column.contender.slug for column in arrange(table, ask(table, **asked)).columns)


@pytest.mark.parametrize(
    ("sort", "order"),
    [("speed", "bacd"), ("-speed", "cabd"), ("best", "bcad"), ("-best", "acbd"), ("fit", "cabd")],
)
def test_contenders_are_sorted_and_the_unknown_stand_last(sort, order):
    table = make_table("speed 2: 2 1 4 ?", "async y0: n y y -", "best text: c a b ?")

    assert slugs(table, sort=[sort]) == order


def test_ties_keep_the_order_of_the_reader():
    table = make_table("speed 1: 2 2 2")

    assert slugs(table, t=["c", "a", "b"], sort=["-speed"]) == "cab"


def test_who_fails_a_must_have_stands_last_with_each_reason():
    table = make_table("speed 1: 2 4 ? 4", "async y1: y n y y")

    rectangle = arrange(table, ask(table, must=["speed.3", "async.yes"], sort=["-speed"]))

    assert [column.contender.slug for column in rectangle.columns] == ["d", "b", "a", "c"]
    assert [[words.ruling(one) for one in column.rulings] for column in rectangle.columns] == [
        [],
        ["Async is No, you need Yes"],
        ["Speed is Moderate, you need Good or better"],
        ["Speed is unknown, you need Good or better"],
    ]


def test_what_does_not_apply_cannot_answer_a_must_have():
    table = make_table("speed 1: -")

    (column,) = arrange(table, ask(table, must=["speed.4"])).columns

    assert [words.ruling(one) for one in column.rulings] == [
        "Speed does not apply, you need Excellent"
    ]


def test_only_rows_that_differ_are_shown_and_the_others_counted():
    table = make_table("same 1: 2 2", "open 1: 2 ?", "blank 1: ? ?", "none 1: - -", "odd 1: 1 2")

    rectangle = arrange(table, ask(table, differ=["1"]))

    assert [row.criterion.key for row in rectangle.rows] == ["open", "blank", "odd"]
    assert words.counts(rectangle) == (
        "2 of 2 contenders, 3 of 5 rows: 2 identical rows hidden, 2 incomplete rows shown"
    )


def test_a_note_or_a_source_alone_makes_no_difference():
    table = make_table("same 1: 2 2")
    table.cells["same", "b"] = cell("2")._replace(note="But …", source="https://example.org/")

    assert arrange(table, ask(table, differ=["1"])).hidden == 1


@pytest.mark.parametrize("less", [{"word": "Ample"}, {"value": "9 ms"}, {"rating": 3}])
def test_another_word_value_or_rating_is_a_difference(less):
    table = make_table("same 1: 2 2")
    table.cells["same", "b"] = cell("2")._replace(**less)

    assert arrange(table, ask(table, differ=["1"])).hidden == 0


@pytest.mark.parametrize(
    ("cells", "must", "best"),
    [
        ("4 3 3", [], ["sole", "", ""]),
        ("4 4 3", [], ["joint", "joint", ""]),
        ("3 3 3", [], ["", "", ""]),
        ("3 ? -", [], ["", "", ""]),
        ("3 ? 2", [], ["sole", "", ""]),
        # The first is ruled out, and stands last.
        ("4 3 2", ["async.yes"], ["sole", "", ""]),
    ],
)
def test_the_best_of_a_row_is_marked(cells, must, best):
    table = make_table(f"speed 1: {cells}", "async y1: n y y")

    row = arrange(table, ask(table, must=must)).rows[0]

    assert list(row.best) == best


def test_nothing_is_best_in_a_text():
    table = make_table("best text: x y")

    assert arrange(table, ask(table)).rows[0].best == ("", "")


def test_evidence_is_counted_over_the_whole_table():
    table = make_table("speed 1: 4 ?", "async y1: - y")
    table.cells["speed", "a"] = cell("4")._replace(source="https://example.org/", stale=True)

    assert words.grounds(evidence(table)) == "3 of 4 cells known, 1 with a source, 1 stale"


def test_cells_of_one_source_share_its_number():
    table = make_table("speed 1: 4 3", "size 1: 2 2")
    for key, source in ((("speed", "b"), "x"), (("size", "a"), "y"), (("size", "b"), "x")):
        table.cells[key] = table.cells[key]._replace(source=source)

    numbers = {source.address: number for source, number in table.source_numbers.items()}

    assert numbers == {"x": 1, "y": 2}


def test_a_cell_that_nobody_filled_is_unknown():
    table = make_table("speed 1: 4 3")
    del table.cells["speed", "b"]

    assert arrange(table, ask(table)).rows[0].cells == (cell("4"), Cell("unknown"))
