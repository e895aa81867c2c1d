"""Fit in exact arithmetic, and how safe the winner is."""

from fractions import Fraction

import pytest

from catalog.comparison.engine import Fit, Rectangle, Table, arrange, judge, words
from catalog.comparison.engine.safety import break_even, must, pairs
from tests.comparison.tables import ask, make_table


def rectangle(table: Table, **asked: list[str]) -> Rectangle:
    return arrange(table, ask(table, **asked))


def fits(table: Table, **asked: list[str]) -> list[Fit]:
    return [column.fit for column in rectangle(table, **asked).columns]


def test_fit_is_the_share_of_the_points_that_known_cells_could_have():
    table = make_table("speed 3: 4 2", "size 2: 3 ?", "async y1: y -", "best text: x y")

    first, second = fits(table)

    assert first == Fit(points=3 * 4 + 2 * 3 + 1 * 4, known=4 * 6, unknown=0)
    assert first.score == Fraction(100 * 22, 24)
    assert (first.coverage, first.low, first.high) == (100, first.score, first.score)
    assert second == Fit(points=6, known=12, unknown=8)
    assert (second.score, second.coverage) == (50, 60)
    assert (second.low, second.high) == (30, 70)


def test_who_is_less_than_sixty_per_cent_known_cannot_lead():
    table = make_table("speed 3: 1 4", "size 2: 1 ?", "cost 1: 1 ?")

    assert [fit.can_lead for fit in fits(table)] == [True, False]
    assert words.winner(judge(rectangle(table)))[0] == (
        "A leads with 25.0; nobody else can be ranked."
    )
    assert [fit.can_lead for fit in fits(table, w=["size.1"])] == [True, True]


def test_nobody_leads_where_nothing_is_known():
    table = make_table("speed 3: ? -")

    assert [fit.score for fit in fits(table)] == [None, None]
    assert words.winner(judge(rectangle(table))) == [
        "Nobody can lead: less than 60 % of the weight is known of each left."
    ]


def test_a_table_without_weights_has_no_fit():
    assert rectangle(make_table("best text: x y")).is_weighed is False
    assert rectangle(make_table("speed 1: 4 2"), w=["speed.0"]).is_weighed is False


def test_who_is_ruled_out_is_not_ranked():
    table = make_table("speed 1: 4 3 2", "async y0: n y y")

    safety = judge(rectangle(table, must=["async.yes"]))

    assert words.winner(safety) == ["B leads with 75.0, 25.0 ahead of C (50.0)."]


@pytest.mark.parametrize(
    ("rows", "sentences"),
    [
        (["speed 1: 4 2"], ["A leads with 100.0, 50.0 ahead of B (50.0)."]),
        (["speed 1: 4 4"], ["No clear winner: A and B are level with 100.0."]),
        (
            ["speed 5: 4 4", "size 5: 3 2", "cost 5: 2 2"],
            [
                "No clear winner: A (75.0) is 8.3 ahead of B (66.7).",
                "A lead of less than 10 points is no clear winner.",
            ],
        ),
        (
            ["speed 3: 4 2", "size 2: ? 4"],
            [
                "A leads with 100.0, 30.0 ahead of B (70.0).",
                "What is unknown could still put B ahead.",
            ],
        ),
    ],
)
def test_the_lead_is_said_in_words(rows, sentences):
    assert words.winner(judge(rectangle(make_table(*rows)))) == sentences


def test_a_margin_is_the_difference_of_the_figures_that_are_shown():
    table = make_table("one 5: 4 4", "two 5: 4 3", "three 4: 2 1", "four 1: 0 3")

    safety = judge(rectangle(table))

    first, second = (words.points(one.fit.score) for one in (safety.leaders[0], safety.second))
    assert (first, second, words.points(safety.margin)) == ("80.0", "70.0", "10.0")
    assert safety.leaders[0].fit.score - safety.second.fit.score == 10


def test_the_nearest_weight_that_changes_the_leader_is_named():
    table = make_table("speed 3: 4 2", "ease 1: 2 4", "look 1: 2 2")

    safety = judge(rectangle(table))

    assert words.flips(rectangle(table), safety) == [
        "A and B are level once Speed weighs 1 (now 3).",
        "A and B are level once Ease weighs 3 (now 1).",
        "No weight of any other single row, from 0 to 5, changes who leads.",
    ]


def test_a_winner_by_every_weight_is_called_so():
    table = make_table("speed 3: 4 2", "ease 1: 4 2")

    assert words.flips(rectangle(table), judge(rectangle(table))) == [
        "No weight of a single row, from 0 to 5, changes who leads."
    ]


def test_a_weight_can_leave_nobody_in_the_lead():
    table = make_table("speed 3: 4 2", "ease 1: ? ?")

    assert words.flips(rectangle(table), judge(rectangle(table))) == [
        "Nobody can lead once Speed weighs 1 (now 3).",
        "Nobody can lead once Ease weighs 3 (now 1).",
        "No weight of any other single row, from 0 to 5, changes who leads.",
    ]


def test_one_alone_leads_nobody():
    table = make_table("speed 3: 2")
    safety = judge(rectangle(table))

    assert words.winner(safety) == ["A has 50.0; there is nobody to compare it with."]
    assert words.flips(rectangle(table), safety) == []


def test_when_all_are_ruled_out_it_says_so():
    table = make_table("speed 3: 2 3")

    assert words.winner(judge(rectangle(table, must=["speed.4"]))) == [
        "Nobody can lead: a must-have rules out each of them."
    ]


def test_level_leaders_have_no_lead_to_speak_of():
    assert words.winner(judge(rectangle(make_table("speed 1: 2 2 1")))) == [
        "No clear winner: A and B are level with 50.0."
    ]


def test_a_margin_of_exactly_ten_is_clear():
    table = make_table("speed 5: 4 4", "size 4: 3 2", "cost 1: 2 2")

    safety = judge(rectangle(table))

    assert safety.margin == 10
    assert safety.is_clear


def test_a_share_is_cut_so_that_rounding_promises_nothing():
    table = make_table("speed 5: 4", "size 4: ?")

    (column,) = rectangle(table).columns

    assert words.reach(column) == "55 to 100, only 55 % known"


def test_where_no_single_weight_turns_the_lead_the_shortest_pairs_and_a_must_have_do():
    table = make_table("speed 4: 4 1", "docs 4: 4 1", "cost 4: 4 1", "size 5: 0 4")
    one = rectangle(table)

    assert judge(one).flips == ()
    (pair,) = pairs(one)
    assert (words.conditions(table, pair), words.turn(pair)) == (
        "with “Speed” at 0 and “Docs” at 2",
        "B leads (59.1)",
    )
    turn = must(one)
    assert (words.conditions(table, turn), words.turn(turn)) == (
        "if you must have “Size: Excellent”",
        "only B is left",
    )


def test_a_row_is_weighed_at_each_weight():
    # A has 4 w + 4 of 4 w + 8 points, B 2 w + 8: level at 2, each with 12 of 16.
    table = make_table("speed 3: 4 2", "size 2: 2 4")

    even = break_even(rectangle(table), table.criteria[0])

    assert [[str(score) for score in line] for line in even.scores] == [
        ["50", "200/3", "75", "80", "250/3", "600/7"],
        ["100", "250/3", "75", "70", "200/3", "450/7"],
    ]
    assert [words.names(leaders) for leaders in even.leaders] == ["B", "B", "A and B", *"AAA"]
    assert even.now == 3
    assert even.crossings == {(2, 75)}
    assert words.break_even(even) == ("B leads up to 1, A and B are level at 2, A leads from 3 on")


def test_leaders_pass_between_two_weights_on_straight_lines():
    # At 1 A has 60 and B 70, at 2 A has 200/3 and B 190/3.
    table = make_table("speed 1: 4 2", "size 4: 2 3")

    even = break_even(rectangle(table), table.criteria[0])

    assert [line[1:3] for line in even.scores] == [
        (60, Fraction(200, 3)),
        (70, Fraction(200, 3)),
    ]
    assert even.crossings == {(2, Fraction(200, 3))}


def test_who_is_too_little_known_has_no_figure_and_crosses_nobody():
    table = make_table("speed 1: 1 ?", "size 2: 1 4")

    even = break_even(rectangle(table), table.criteria[0])

    assert even.scores[1] == (100, 100, None, None, None, None)
    assert even.crossings == set()
    assert words.break_even(even) == "B leads up to 1, A from 2 on"
