import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from catalog.models import Cell, Criterion, Status
from tests.factories import (
    make_category,
    make_cell,
    make_comparison,
    make_contender,
    make_technology,
)
from tests.reading import read, text_of

pytestmark = pytest.mark.django_db


def test_the_heading_is_exactly_the_title(client: Client) -> None:
    comparison = make_comparison(title="Async & sync")

    page = read(client, comparison.get_absolute_url())

    assert page.texts("h1") == ["Async & sync"]
    assert page.texts("title") == ["Async & sync · StackGuide"]
    assert page.texts("caption") == ["Async & sync"]


def test_contenders_are_columns_and_criteria_are_rows(client: Client) -> None:
    comparison = make_comparison(contenders=0, criteria=0)
    quart = make_contender(
        comparison, technology=make_technology(name="Quart", slug="quart"), position=20
    )
    fastapi = make_contender(
        comparison, technology=make_technology(name="FastAPI"), versions="0.110", position=10
    )
    community = Criterion.objects.create(
        comparison=comparison, slug="community", name="Community", position=2
    )
    speed = Criterion.objects.create(comparison=comparison, slug="speed", name="Speed", position=1)
    make_cell(speed, fastapi, word="Excellent", value="12 ms", note="Measured.")
    make_cell(speed, quart, word="", value="20 ms")
    make_cell(community, fastapi, word="Growing", source="https://example.org/count")
    make_cell(community, quart, word="Small", rating=1)

    page = read(client, comparison.get_absolute_url())

    assert page.table() == [
        ["Criterion", "FastAPI 0.110", "Quart"],
        ["Speed", "Excellent, 12 ms Measured.", "20 ms"],
        ["Community", "Growing source", "Small"],
    ]
    assert ("source", "https://example.org/count") in page.links("table")
    assert ("Quart", "/technologies/quart/") in page.links("table")


def test_what_is_not_known_and_what_does_not_apply_is_said_in_words(client: Client) -> None:
    comparison = make_comparison(contenders=3, criteria=1)
    first, second, third = Cell.objects.order_by("contender__position")
    Cell.objects.filter(pk=first.pk).delete()
    silent = {"rating": None, "word": "", "value": ""}
    Cell.objects.filter(pk=second.pk).update(state=Cell.State.UNKNOWN, **silent)
    Cell.objects.filter(pk=third.pk).update(state=Cell.State.NOT_APPLICABLE, **silent)

    page = read(client, comparison.get_absolute_url())

    assert page.table()[1] == ["Criterion 0", "unknown", "unknown", "does not apply"]
    marks = [cell.get("data-rating") for cell in page.find("td")]
    assert marks == ["unknown", "unknown", "not-applicable"]


@pytest.mark.parametrize(
    ("kind", "rating", "mark"),
    [("rating", 0, "0"), ("rating", 4, "4"), ("yes-no", 0, "no"), ("yes-no", 4, "yes")],
)
def test_a_rating_has_its_mark_beside_the_word(
    client: Client, kind: str, rating: int, mark: str
) -> None:
    comparison = make_comparison(contenders=1, criteria=1)
    Criterion.objects.update(kind=kind)
    Cell.objects.update(rating=rating, word="The word")

    page = read(client, comparison.get_absolute_url())

    assert [(cell.get("data-rating"), text_of(cell)) for cell in page.find("td")] == [
        (mark, "The word")
    ]


def test_its_category_and_its_words_are_shown(client: Client) -> None:
    comparison = make_comparison(
        category=make_category(name="Frameworks", slug="frameworks"),
        introduction="For *whom*.",
        verdict="What it **comes to**.",
    )

    page = read(client, comparison.get_absolute_url())

    assert page.links("nav[@aria-label='Breadcrumb']") == [
        ("Comparisons", "/comparisons/"),
        ("Frameworks", "/categories/frameworks/"),
    ]
    assert page.texts("main//p") == ["For whom.", "What it comes to."]
    assert page.texts("main//p/strong") == ["comes to"]


def test_a_draft_is_not_found(client: Client) -> None:
    draft = make_comparison(title="Kept back", status=Status.DRAFT)

    response = client.get(draft.get_absolute_url())

    assert response.status_code == 404
    assert "Kept back" not in response.text


def test_an_archived_comparison_stays_with_a_banner(client: Client) -> None:
    page = read(client, make_comparison(status=Status.ARCHIVED).get_absolute_url())

    assert page.texts("p[@class='banner']") == [
        "Archived: kept for those who look it up, no longer maintained."
    ]
    assert [meta.get("content") for meta in page.find("meta[@name='robots']")] == ["noindex"]


def test_drafts_are_not_named(client: Client) -> None:
    comparison = make_comparison(
        contenders=1, criteria=1, category=make_category(name="Draft", status=Status.DRAFT)
    )
    draft = make_contender(
        comparison, technology=make_technology(name="Draft", status=Status.DRAFT), position=1
    )
    make_cell(comparison.criteria.get(), draft, word="Hidden")
    shown = comparison.contenders.first().technology

    page = read(client, comparison.get_absolute_url())

    assert page.table() == [["Criterion", shown.name], ["Criterion 0", "Good"]]
    assert page.links() == [(shown.name, shown.get_absolute_url())]


@pytest.mark.parametrize("size", [1, 3])
def test_the_number_of_queries_does_not_grow(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, size: int
) -> None:
    comparison = make_comparison(contenders=size, criteria=size, introduction="Words.")
    read(client, comparison.get_absolute_url())  # renders the Markdown

    with django_assert_num_queries(6):
        client.get(comparison.get_absolute_url())
