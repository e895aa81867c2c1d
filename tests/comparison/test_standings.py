"""How technologies stand in the comparisons, and the picture of it."""

import re
from datetime import date
from fractions import Fraction
from itertools import pairwise

import pytest
from django.template.loader import render_to_string

from catalog.comparison import tables
from catalog.comparison.engine import arrange, safety
from catalog.comparison.engine.fit import DOES_NOT_COUNT
from catalog.comparison.pictures import LINE, WIDTH, Step, break_even, score_strip
from catalog.comparison.standings import Standings, standings
from catalog.history import editions
from catalog.models import Cell, Comparison, Technology
from tests.comparison.tables import ask, make_table
from tests.factories import make_cell, make_comparison, make_contender, make_technology

DAY = date(2026, 11, 28)


def stand() -> Standings:
    return standings(editions.latest(), DAY)


def fill(title: str, rows: list[tuple[int, str]], names: str) -> Comparison:
    """A comparison with these contenders: for each row a weight, and a letter for each of them."""
    comparison = make_comparison(contenders=0, criteria=len(rows), title=title, slug=title.lower())
    found = [
        make_contender(
            comparison,
            position=place,
            technology=Technology.objects.filter(slug=name).first()
            or make_technology(slug=name, name=name.upper()),
        )
        for place, name in enumerate(names)
    ]
    for criterion, (weight, letters) in zip(comparison.criteria.all(), rows, strict=True):
        criterion.weight = weight
        criterion.save()
        for contender, letter in zip(found, letters, strict=True):
            if letter == "-":
                make_cell(criterion, contender, state="not-applicable", rating=None, word="")
            elif letter != "?":
                make_cell(criterion, contender, rating=int(letter))
    return comparison


@pytest.mark.django_db
def test_places_follow_the_guides_own_weights_and_level_ones_share_theirs():
    fill("Table", [(3, "0442"), (1, "4220"), (0, "4000")], "abcd")

    ranking = stand().by_comparison["table"]

    assert [(one.name, one.ordinal, one.score) for one in ranking.places] == [
        ("B", "joint 1st", Fraction(700, 8)),
        ("C", "joint 1st", Fraction(700, 8)),
        ("D", "3rd", Fraction(75, 2)),
        ("A", "4th", 25),
    ]
    assert [one.leads for one in ranking.places] == [True, True, False, False]
    assert not ranking.safety.is_clear
    last = ranking.places[-1]
    assert [row.name for row in last.best] == ["Criterion 1"]  # not the one that weighs nothing
    assert [row.name for row in last.least] == ["Criterion 0"]
    assert len(ranking.weighed) == 2


@pytest.mark.django_db
def test_where_too_little_is_known_there_is_no_place():
    fill("Table", [(5, "4?"), (1, "24"), (1, "2-")], "ab")

    (_, known), (_, unknown) = (stand().of(slug)[0] for slug in "ab")

    assert (known.ordinal, known.leads) == ("1st", True)
    assert (unknown.ordinal, unknown.place, unknown.score) == ("", None, 100)
    assert unknown.steps == (Step(5, None), Step(1, 4), Step(1, DOES_NOT_COUNT))


@pytest.mark.django_db
def test_a_technology_stands_in_each_published_comparison_but_as_a_draft_in_none():
    fill("One", [(1, "43")], "ab")
    fill("Two", [(1, "43")], "ba")
    fill("Three", [(1, "43")], "ab")
    Comparison.objects.filter(slug="three").update(status="draft")
    Technology.objects.filter(slug="b").update(status="draft")
    Cell.objects.update(verified_on=date(2026, 1, 2))

    found = stand().of("a")

    assert [(ranking.title, place.ordinal) for ranking, place in found] == [
        ("One", "1st"),
        ("Two", "1st"),
    ]
    assert found[0][0].checked == date(2026, 1, 2)
    assert stand().of("b") == []


@pytest.mark.django_db
@pytest.mark.parametrize("size", [1, 3])
def test_however_many_they_take_six_queries_and_none_when_kept(django_assert_num_queries, size):
    for _ in range(size):
        make_comparison(contenders=size, criteria=size)
    latest = editions.latest()
    tables.forget()

    with django_assert_num_queries(6):
        standings(latest, DAY)
    with django_assert_num_queries(0):
        standings(latest, DAY)


@pytest.mark.django_db(transaction=True)
def test_a_change_is_seen_at_once():
    make_comparison(contenders=1, criteria=1, slug="table")
    assert stand().by_comparison["table"].places[0].score == 75

    Cell.objects.update(rating=4)

    assert stand().by_comparison["table"].places[0].score == 100


def test_the_ink_of_a_strip_is_the_fit():
    steps = [Step(5, 4), Step(3, 2), Step(2, 0)]

    drawn = re.findall(r"v-([\d.]+)h(\d+)", score_strip(steps))

    ink = sum(float(high) * int(wide) for high, wide in drawn) / (4 * WIDTH)
    assert ink == pytest.approx(0.65, abs=0.02)


def test_in_a_strip_unknown_is_pale_and_what_does_not_apply_a_gap():
    svg = score_strip([Step(1, None), Step(1, DOES_NOT_COUNT), Step(1, 4)])

    assert re.findall(r'<path d="([^"]*)"( opacity)?', svg) == [
        ("M267 4v-4h131v4", ""),
        ("M0 4v-4h131v4", " opacity"),
    ]


def test_a_strip_of_many_rows_is_light():
    assert len(score_strip([Step(1, 3)] * 40)) < 1_000
    assert len(score_strip([])) < 200


def test_names_at_the_ends_of_lines_never_overlap_nor_leave_the_frame():
    table = make_table("speed 3: " + "4 " * 9 + "0", "size 2: 0 1 1 1 1 1 1 1 1 4")

    drawn = break_even(safety.break_even(arrange(table, ask(table)), table.criteria[0]))

    places = [line[0] for line in drawn["lines"]]
    assert all(after - before >= LINE for before, after in pairwise(places))
    assert 0 <= places[0] <= places[-1] <= drawn["tall"]


def test_the_picture_of_twenty_contenders_is_light():
    names = [f"contender-{place}" for place in range(20)]
    table = make_table(
        "speed 3: " + "4 3 2 1 " * 5, "size 2: " + "0 1 2 4 3 " * 4, contenders=names
    )
    even = break_even(safety.break_even(arrange(table, ask(table)), table.criteria[0]))

    svg = render_to_string("catalog/_break_even.html", {"even": even}).partition("<div class")[0]

    assert len(svg) < 6_000
