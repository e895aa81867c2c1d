import pytest
from django.test import Client

from catalog.models import Listing, Status
from tests.factories import (
    make_category,
    make_comparison,
    make_listing,
    make_snippet,
    make_technology,
)
from tests.reading import read

pytestmark = pytest.mark.django_db


def test_listings_stand_by_verdict_and_then_in_their_order(client: Client) -> None:
    category = make_category()
    make_listing(category, make_technology(name="Second"), position=20)
    make_listing(
        category,
        make_technology(name="First"),
        qualifier="for Modern APIs",
        best_for="Microservices",
        note="A note.",
        because="It is measured.",
        position=10,
    )
    make_listing(category, label="third[extra]", verdict=Listing.Verdict.LISTED, position=30)

    page = read(client, category.get_absolute_url())

    assert page.lists() == [
        (
            "Recommended",
            ["First Recommended for Modern APIs: A note. It is measured.", "Second Recommended"],
        ),
        ("Listed", ["third[extra]"]),
    ]
    assert page.texts("caption") == ["Best for"]
    assert page.table() == [["Technology", "Best for"], ["First", "Microservices"]]


def test_the_categorys_own_words_are_shown(client: Client) -> None:
    category = make_category(
        parent=make_category(name="Above", slug="above"),
        qualifier="FastAPI Built-in",
        best_for="REST APIs",
        introduction="Some *words*.",
    )

    page = read(client, category.get_absolute_url())

    assert page.links("nav[@aria-label='Breadcrumb']") == [
        ("Categories", "/categories/"),
        ("Above", "/categories/above/"),
    ]
    assert page.texts("main//p") == [
        "FastAPI Built-in",
        "Best for: REST APIs",
        "Some words.",
        "Nothing is listed here yet.",
    ]
    assert page.texts("main//p/em") == ["words"]


def test_categories_below_are_shown_with_their_listings(client: Client) -> None:
    top = make_category()
    make_category(parent=top, name="Second", position=2)
    first = make_category(
        parent=top, name="First", qualifier="Built-in", best_for="All", position=1
    )
    make_listing(first, make_technology(name="Strawberry"))

    page = read(client, top.get_absolute_url())

    assert page.texts("h2") == ["First", "Second"]
    assert page.texts("section/p") == ["Built-in", "Best for: All"]
    assert page.lists() == [("First", ["Strawberry Recommended"]), ("Second", [])]
    assert page.texts("main/p") == []


def test_comparisons_and_code_of_the_category_are_shown(client: Client) -> None:
    category = make_category()
    comparison = make_comparison(category=category, title="Side by side")
    make_snippet(category=category, title="How to", code="a < b\n", run_with="python 3.11")

    page = read(client, category.get_absolute_url())

    assert page.texts("h2") == ["Comparisons", "How to"]
    assert page.links("section") == [("Side by side", comparison.get_absolute_url())]
    assert page.texts("pre/code") == ["a < b"]
    assert page.texts("section/p") == ["Run with python 3.11"]


def test_an_archived_category_keeps_its_listings(client: Client) -> None:
    archived = make_category(status=Status.ARCHIVED)
    make_listing(archived, make_technology(name="Flask"))
    make_listing(archived, make_technology(status=Status.ARCHIVED))

    page = read(client, archived.get_absolute_url())

    assert page.lists() == [("Recommended", ["Flask Recommended"])]


def test_drafts_are_not_named(client: Client) -> None:
    category = make_category(parent=make_category(name="Draft above", status=Status.DRAFT))
    make_listing(category, make_technology(name="Draft technology", status=Status.DRAFT))
    make_comparison(category=category, title="Draft comparison", status=Status.DRAFT)

    page = read(client, category.get_absolute_url())

    assert page.links() == []
    assert page.texts("main") == [f"{category.name} Nothing is listed here yet."]


def test_drafts_below_are_not_named(client: Client) -> None:
    top = make_category()
    make_category(parent=top, name="Draft below", status=Status.DRAFT)

    page = read(client, top.get_absolute_url())

    assert page.texts("main") == [f"{top.name} Nothing is listed here yet."]


def test_what_is_listed_can_be_ticked_to_be_compared(client: Client) -> None:
    category = make_category(slug="web")
    child = make_category(parent=category)
    for slug, place in (("django", category), ("flask", child)):
        make_listing(place, make_technology(slug=slug, name=slug.capitalize()))

    page = read(client, "/categories/web/")

    boxes = [(box.get("value"), box.get("aria-label")) for box in page.find("input[@form='tray']")]
    assert boxes == [("django", "Compare Django"), ("flask", "Compare Flask")]
    (tray,) = page.find("form[@id='tray']")
    assert (tray.get("method"), tray.get("action")) == ("get", "/compare/")


def test_where_nothing_is_listed_nothing_is_compared(client: Client) -> None:
    page = read(client, make_category().get_absolute_url())

    assert page.find("form[@id='tray']") == []
