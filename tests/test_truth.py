"""The line of truth: the strongest verdict, and facts that do not go together."""

import pytest

from catalog.comparison.standings import standings
from catalog.history import editions
from catalog.http import today
from catalog.models import Listing, Technology
from catalog.truth import Truth, truths_of, truths_of_listings
from tests.factories import (
    make_category,
    make_cell,
    make_comparison,
    make_contender,
    make_listing,
    make_package,
    make_package_facts,
    make_technology,
)

pytestmark = pytest.mark.django_db

Verdict = Listing.Verdict
Lifecycle = Technology.Lifecycle


def truth_on(technology: Technology) -> Truth:
    (found,) = truths_of([technology], standings(editions.latest(), today()))
    return found


def compare(category: object, ratings: dict[str, int]) -> None:
    """Put technologies, by name and rating, into the comparison of a category."""
    comparison = make_comparison(category=category, title="Table", contenders=0, criteria=1)
    for name, rating in ratings.items():
        technology = Technology.objects.filter(slug=name.lower()).first()
        technology = technology or make_technology(name=name, slug=name.lower())
        contender = make_contender(comparison, technology=technology)
        make_cell(comparison.criteria.get(), contender, rating=rating)


@pytest.mark.parametrize(
    ("verdicts", "strongest"),
    [
        ("listed avoid situational alternative recommended", "recommended"),
        ("listed avoid situational alternative", "alternative"),
        ("listed avoid situational", "situational"),
        ("listed avoid", "avoid"),
        ("listed", "listed"),
    ],
)
def test_the_strongest_verdict_is_said(verdicts, strongest):
    technology = make_technology()
    for verdict in verdicts.split():
        make_listing(technology=technology, verdict=verdict)

    assert truth_on(technology).listing.verdict == strongest


def test_the_verdict_in_a_draft_category_is_not_said():
    technology = make_technology()
    make_listing(make_category(status="draft"), technology)

    assert truth_on(technology).listing is None


def test_its_newest_release_is_of_the_first_package_that_the_index_knows():
    technology = make_technology()
    make_package(technology, position=1)
    for place in (3, 2):
        package = make_package(technology, position=place)
        make_package_facts(package, latest_version=f"{place}.0", released_on=f"2026-0{place}-01")

    truth = truth_on(technology)

    assert (truth.facts.latest_version, truth.month) == ("2.0", "2026-02")


def test_its_own_comparison_is_that_of_its_category():
    category = make_category()
    compare(make_category(), {"A": 4, "B": 0})
    compare(category, {"A": 1, "B": 4})
    make_listing(category, Technology.objects.get(slug="a"), verdict=Verdict.SITUATIONAL)

    places = truth_on(Technology.objects.get(slug="a")).places

    assert [place.ordinal for _, place in places] == ["2nd", "1st"]


@pytest.mark.parametrize(
    ("verdict", "lifecycle", "released", "looks"),
    [
        ("recommended", "active", "2026-11", []),
        (
            "recommended",
            "active",
            "2022-11-06",
            ["Recommended, but its newest release is of 2022-11."],
        ),
        ("recommended", "finished", "2022-11", []),
        ("alternative", "active", "2022-11", []),
        (
            "recommended",
            "deprecated",
            "2026-11",
            ["Recommended, but its lifecycle is: deprecated."],
        ),
        (
            "avoid",
            "",
            "2022-11",
            ["To be avoided, but whether it is still kept up was not checked."],
        ),
        ("avoid", "end-of-life", "2022-11", []),
        ("listed", "", "2022-11", []),
    ],
)
def test_facts_that_do_not_go_with_the_verdict_are_said(verdict, lifecycle, released, looks):
    technology = make_technology(lifecycle=lifecycle)
    make_package_facts(make_package(technology), released_on=released, read_on="2026-11")
    listing = make_listing(technology=technology, verdict=verdict)

    (in_category,) = truths_of_listings([listing], standings(editions.latest(), today()))

    assert truth_on(technology).looks == in_category.looks == looks


@pytest.mark.parametrize(
    ("ratings", "looks"),
    [
        ({"A": 3, "B": 4}, ["Recommended, but B leads “Table” with 100.0."]),
        ({"A": 4, "B": 4}, []),
        ({"A": 4, "B": 3}, []),
    ],
)
def test_a_recommended_one_far_behind_the_leader_of_its_table_is_said(ratings, looks):
    category = make_category()
    compare(category, ratings)
    technology = Technology.objects.get(slug="a")
    make_listing(category, technology)

    assert truth_on(technology).looks == looks


def test_behind_in_the_table_of_another_category_nothing_is_said():
    compare(make_category(), {"A": 0, "B": 4})
    technology = Technology.objects.get(slug="a")
    make_listing(technology=technology)

    assert truth_on(technology).looks == []


@pytest.mark.parametrize("size", [1, 3])
def test_the_truth_on_many_takes_as_many_queries_as_on_one(django_assert_num_queries, size):
    for _ in range(size):
        technology = make_technology(replaced_by=make_technology())
        make_listing(technology=technology)
        make_package_facts(make_package(technology))
    listings = list(Listing.objects.select_related("technology"))
    technologies = list(Technology.objects.filter(listings__isnull=False))
    ranked = standings(editions.latest(), today())

    with django_assert_num_queries(3):
        truths_of(technologies, ranked)
    with django_assert_num_queries(2):
        truths_of_listings(listings, ranked)
