"""What counts as waiting: each condition by the cases that it has to tell apart."""

from datetime import date

import pytest

from catalog.admin.desk import attention
from catalog.history import editions
from catalog.models import Cell, Comparison, Edition, Status, Technology
from tests.factories import (
    make_cell,
    make_comparison,
    make_contender,
    make_package,
    make_package_facts,
    make_technology,
)

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 25)


def is_in_trouble(technology: Technology) -> bool:
    rows = Technology.objects.filter(pk=technology.pk)
    return attention.in_trouble(rows, TODAY).exists()


# Things -----------------------------------------------------------------------------------------


def test_what_somebody_made_an_edition_of_is_theirs():
    with editions.record("ada", "", Edition.Origin.ADMIN):
        hers = make_technology()
    with editions.record("grace", "", Edition.Origin.ADMIN):
        make_technology()

    assert attention.worked_on(Technology.objects.all(), "ada").get() == hers


@pytest.mark.parametrize(
    ("day", "is_due"),
    [(None, False), (date(2026, 11, 24), True), (TODAY, True), (date(2026, 11, 26), False)],
)
def test_a_thing_is_due_from_its_day_on(day, *, is_due):
    make_technology(review_by=day)

    assert attention.due(Technology.objects.all(), TODAY).exists() is is_due


# Technologies -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lifecycle", "expected"),
    [
        ("", False),
        ("active", False),
        ("maintenance", False),
        ("deprecated", True),
        ("end-of-life", True),
    ],
)
def test_what_its_makers_gave_up_is_in_trouble(lifecycle, *, expected):
    assert is_in_trouble(make_technology(lifecycle=lifecycle)) is expected


def test_what_has_a_successor_is_in_trouble_and_the_successor_is_not():
    successor = make_technology()

    assert is_in_trouble(make_technology(replaced_by=successor))
    assert not is_in_trouble(successor)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("", False),
        ("active", False),
        ("archived", True),
        ("deprecated", True),
        ("quarantined", True),
    ],
)
def test_what_the_index_says_counts(status, *, expected):
    technology = make_technology()
    make_package_facts(make_package(technology), project_status=status)

    assert is_in_trouble(technology) is expected


@pytest.mark.parametrize(
    ("released_on", "expected"),
    [
        ("2022", True),
        ("2023", False),  # it may have been in December
        ("2024", False),
        ("2023-10", True),
        ("2023-11", False),
        ("2023-10-31", True),
        ("2023-11-25", True),
        ("2023-11-26", False),
        ("2026-11", False),
        ("", False),
    ],
)
def test_three_years_without_a_release_are_long(released_on, *, expected):
    technology = make_technology()
    make_package_facts(make_package(technology), released_on=released_on)

    assert is_in_trouble(technology) is expected
    if released_on:
        assert attention.is_long_past(released_on, TODAY) is expected


def test_what_is_finished_needs_no_release():
    finished = make_technology(lifecycle=Technology.Lifecycle.FINISHED)
    make_package_facts(make_package(finished), released_on="2015-01")

    assert not is_in_trouble(finished)


def test_the_newest_release_of_all_its_packages_counts():
    technology = make_technology()
    for day in ("2015-01", "2026-01", ""):
        make_package_facts(make_package(technology), released_on=day)

    assert not is_in_trouble(technology)


def test_the_horizon_of_a_leap_day_is_a_day():
    assert attention.is_long_past("2025-02-28", date(2028, 2, 29))
    assert not attention.is_long_past("2025-03-01", date(2028, 2, 29))


def test_what_is_archived_here_is_no_trouble_any_more():
    assert not is_in_trouble(make_technology(lifecycle="deprecated", status=Status.ARCHIVED))


# Cells and comparisons --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("months", "day", "expected"),
    [
        (12, date(2025, 11, 24), True),
        (12, date(2025, 11, 25), False),
        (6, date(2026, 5, 24), True),
        (6, date(2026, 5, 25), False),
        (24, date(2025, 1, 1), False),
        (12, None, False),
    ],
)
def test_a_cell_is_stale_by_the_period_of_its_comparison(months, day, *, expected):
    make_comparison(contenders=0, criteria=0, review_months=1)
    make_comparison(contenders=1, criteria=1, review_months=months)
    Cell.objects.update(verified_on=day)

    assert attention.stale(Cell.objects.all(), TODAY).exists() is expected


def test_without_comparisons_nothing_is_stale():
    assert not attention.stale(Cell.objects.all(), TODAY).exists()


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"source": "https://a.test/", "verified_on": TODAY}, False),
        ({"source": "", "verified_on": TODAY}, True),
        ({"source": "https://a.test/", "verified_on": None}, True),
        ({"state": "unknown", "rating": None, "word": ""}, False),
        ({"state": "not-applicable", "rating": None, "word": ""}, False),
    ],
)
def test_what_is_claimed_needs_source_and_day(fields, *, expected):
    make_comparison(contenders=1, criteria=1)
    Cell.objects.update(**fields)

    assert attention.without_evidence(Cell.objects.all()).exists() is expected


def test_cells_of_archived_comparisons_wait_for_nobody():
    comparison = make_comparison(status=Status.ARCHIVED)
    Cell.objects.update(verified_on=date(2015, 1, 1))
    comparison.cells().first().delete()

    assert not attention.without_evidence(Cell.objects.all()).exists()
    assert not attention.stale(Cell.objects.all(), TODAY).exists()
    assert not attention.incomplete(Comparison.objects.all()).exists()


def test_a_comparison_lacks_unknown_cells_and_empty_places():
    make_comparison()
    comparison = make_comparison(contenders=3, criteria=2)
    cells = list(comparison.cells())
    Cell.objects.filter(pk=cells[0].pk).update(state="unknown", rating=None, word="")
    Cell.objects.filter(pk=cells[1].pk).update(state="not-applicable", rating=None, word="")
    cells[2].delete()
    cells[3].delete()

    found = attention.incomplete(Comparison.objects.all()).get()

    assert (found, found.unknown, found.missing) == (comparison, 1, 2)


def test_a_cell_between_two_comparisons_fills_no_place():
    one, other = make_comparison(1, 1), make_comparison(1, 1)
    contender = make_contender(other)
    make_cell(one.criteria.first(), contender)

    found = attention.incomplete(Comparison.objects.all()).get()

    assert (found, found.unknown, found.missing) == (other, 0, 1)
