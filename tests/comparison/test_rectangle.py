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
    assert [
        [words.ruling(table, one) for one in column.rulings] for column in rectangle.columns
    ] == [
        [],
        ["Async is No, you need Yes"],
        ["Speed is Moderate, you need Excellent"],
        ["Speed is unknown, you need Excellent"],
    ]


def test_what_does_not_apply_cannot_answer_a_must_have():
    table = make_table("speed 1: -")

    (column,) = arrange(table, ask(table, must=["speed.4"])).columns

    assert [words.ruling(table, one) for one in column.rulings] == [
        "Speed does not apply, you need Excellent"
    ]


def test_only_rows_that_differ_are_shown_and_the_others_counted():
    table = make_table("same 1: 2 2", "open 1: 2 ?", "blank 1: ? ?", "none 1: - -", "odd 1: 1 2")

    rectangle = arrange(table, ask(table, rows=["differ"]))

    assert [row.criterion.key for row in rectangle.rows] == ["open", "blank", "odd"]
    assert words.counts(rectangle) == "2 of 2 contenders, 3 of 5 rows: those rated differently"


@pytest.mark.parametrize(
    ("other", "hidden"),
    [
        ({"note": "But …", "source": "https://example.org/"}, 1),
        ({"word": "Ample", "value": "9 ms"}, 1),
        ({"rating": 3}, 0),
        ({"state": "not-applicable", "rating": None, "word": ""}, 0),
    ],
)
def test_only_another_judgement_is_a_difference(other, hidden):
    table = make_table("same 1: 2 2")
    table.cells["same", "b"] = cell("2")._replace(**other)

    assert arrange(table, ask(table, rows=["differ"])).hidden == hidden


def test_a_row_of_texts_tells_nobody_apart():
    table = make_table("best text: x y")

    assert arrange(table, ask(table, rows=["differ"])).rows == ()


def test_the_rows_in_which_the_first_two_by_fit_differ_are_asked_for():
    table = make_table("speed 5: 1 4 3", "docs 1: 2 2 2", "size 1: 0 2 2", "best text: x y z")

    rectangle = arrange(table, ask(table, rows=["top"]))

    assert [column.contender.slug for column in rectangle.by_fit] == ["b", "c", "a"]
    assert [row.criterion.key for row in rectangle.rows] == ["speed"]
    assert rectangle.differing == (2, 1)


def test_what_is_needed_is_said_in_the_words_of_the_row():
    table = make_table("parts 1: 0 2 4", "async y1: y n n")
    for slug, word in (("a", "None of four"), ("b", "Two of four"), ("c", "All four")):
        table.cells["parts", slug] = table.cells["parts", slug]._replace(word=word)
    parts, is_async = table.criteria

    needs = [words.need(table, parts, least) for least in (1, 2, 3, 4)]
    assert needs == ["Two of four or better"] * 2 + ["All four"] * 2
    assert words.need(table, is_async, 4) == "Yes"


def test_who_misses_by_least_and_what_brings_whom_back_is_said():
    table = make_table("speed 1: 2 3 1", "async y1: y n n")

    rectangle = arrange(table, ask(table, must=["speed.3", "async.yes"]))

    assert words.closest(rectangle) == "Closest is A, which misses one must-have."
    assert words.brings_back(rectangle, "async") == "brings back B"
    assert words.brings_back(rectangle, "speed") == "brings back A"
    assert words.closest(arrange(table, ask(table, must=["async.yes"]))) == ""


def test_best_in_counts_the_rows_in_which_nobody_rates_higher():
    table = make_table("speed 1: 2 3 -", "docs 2: 4 4 ?", "size 0: 4 0 0", "best text: x y z")

    rectangle = arrange(table, ask(table))

    assert [rectangle.best_in(column) for column in rectangle.columns] == [1, 2, 0]
    assert len(rectangle.counting) == 2


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
