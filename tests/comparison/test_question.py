"""The query string: what is understood, what is complained of, and its one canonical form."""

import pytest

from catalog.comparison.engine import Contender, Criterion, Group, Table, canonical, read
from tests.comparison.tables import ask, make_table

TABLE = make_table("speed 3: 4 2 3", "async y1: y n y", "best text: api web all")
GROUPED = Table(
    TABLE.contenders,
    (Criterion("speed", "Speed", weight=3, group="one"), Criterion("size", "Size", group="two")),
    {},
    (Group("one", "One"), Group("two", "Two")),
)


def address(table: Table, **asked: list[str]) -> str:
    return "&".join(f"{name}={value}" for name, value in canonical(ask(table, **asked), table))


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, ""),
        ({"t": ["a", "b", "c"]}, ""),
        ({"t": ["c", "a"]}, "t=c&t=a"),
        ({"t": ["c", "a", "c", "b"]}, "t=c&t=a&t=b"),
        ({"t": [""]}, ""),
        ({"differ": ["1"], "t": ["b"]}, "t=b&differ=1"),
        ({"differ": ["0"]}, ""),
        ({"must": ["async.yes", "speed.3"]}, "must=speed.3&must=async.yes"),
        ({"must": ["async.4", "speed.0", ""]}, "must=async.yes"),
        ({"must": ["speed.3", "speed.2"]}, "must=speed.2"),
        ({"sort": ["fit"]}, "sort=fit"),
        ({"sort": ["fit", "-best"]}, "sort=-best"),
        ({"w": ["speed.3"]}, ""),
        ({"w": ["async.5"]}, "w=speed.3&w=async.5"),
        ({"utm_source": ["mail"], "page": ["2"]}, ""),
        (
            {"w": ["speed.0"], "sort": ["speed"], "differ": ["1"], "must": ["speed.1"], "t": ["b"]},
            "t=b&must=speed.1&differ=1&sort=speed&w=speed.0&w=async.1",
        ),
    ],
)
def test_a_question_has_one_address(asked, expected):
    assert address(TABLE, **asked) == expected


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (["one"], "group=one"),
        (["two", "one"], ""),
        (["none"], "group=none"),
        (["none", "two"], "group=two"),
        ([""], ""),
    ],
)
def test_groups_are_all_some_or_none(asked, expected):
    assert address(GROUPED, group=asked) == expected


def test_a_table_that_a_reader_made_always_says_of_whom():
    table = make_table("speed 1: 4 2", is_curated=False)

    assert address(table, t=["a", "b"]) == "t=a&t=b"


def test_a_criterion_may_be_named_with_its_comparison():
    table = make_table("web.speed 1: 4 2")

    assert address(table, must=["web.speed.3"], w=["web.speed.2"]) == (
        "must=web.speed.3&w=web.speed.2"
    )


@pytest.mark.parametrize(
    ("asked", "complaint"),
    [
        ({"t": ["zope"]}, "“zope” is not in this table; it was left out."),
        ({"group": ["x"]}, "There is no group “x” here; it was left out."),
        ({"must": ["speed"]}, "“speed” names no row that is rated here; it was left out."),
        ({"must": ["best.3"]}, "“best.3” names no row that is rated here; it was left out."),
        ({"must": ["speed.5"]},
         "“speed.5” is no must-have: a rating takes 1 to 4, a yes or no takes yes."),
        ({"must": ["speed.yes"]},
         "“speed.yes” is no must-have: a rating takes 1 to 4, a yes or no takes yes."),
        ({"must": ["async.2"]},
         "“async.2” is no must-have: a rating takes 1 to 4, a yes or no takes yes."),
        ({"w": ["speed.6"]}, "“speed.6” is no weight: 0 to 5 after the last dot."),
        ({"w": ["speed.-1"]}, "“speed.-1” is no weight: 0 to 5 after the last dot."),
        ({"w": ["speed.²"]}, "“speed.²” is no weight: 0 to 5 after the last dot."),
        ({"w": ["gone.1"]}, "“gone.1” names no row that is rated here; it was left out."),
        ({"differ": ["yes"]}, "“differ” takes 1, not “yes”; it was left out."),
        ({"sort": ["--speed"]}, "“--speed” is no row to sort by; it was left out."),
        ({"t": ["%s%(value)d" * 9]},
         f"“{('%s%(value)d' * 9)[:60]}…” is not in this table; it was left out."),
    ],
)  # fmt: skip
def test_nonsense_is_left_out_and_said(asked, complaint):
    question, complaints = read(asked, TABLE)

    assert complaints == [complaint]
    assert question == ask(TABLE)


def test_the_rest_of_much_nonsense_is_counted():
    _, complaints = read({"t": [f"x{number}" for number in range(500)]}, TABLE)

    assert len(complaints) == 9
    assert complaints[-1] == "492 more parts were left out."


def test_at_most_ten_can_be_chosen():
    table = Table(tuple(Contender(f"t{number}", "") for number in range(20)), (), {})

    question, complaints = read({"t": [f"t{number}" for number in range(12)]}, table)

    assert question.chosen == tuple(f"t{number}" for number in range(10))
    assert complaints == [
        f"At most 10 can be chosen; “{slug}” was left out." for slug in ("t10", "t11")
    ]


def test_all_of_a_large_curated_table_are_no_choice():
    table = Table(tuple(Contender(f"t{number}", "") for number in range(20)), (), {})

    question, complaints = read({"t": [f"t{number}" for number in range(20)]}, table)

    assert (len(question.chosen), complaints) == (20, [])
    assert canonical(question, table) == []


def test_a_curated_table_shows_at_most_twenty():
    table = Table(tuple(Contender(f"t{number}", "") for number in range(21)), (), {})

    question, complaints = read({}, table)

    assert len(question.chosen) == 20
    assert complaints == ["A table shows at most 20; choose “t20” to see it."]
    assert canonical(question, table) == []
