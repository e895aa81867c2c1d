import pytest
from django.test import Client

from catalog.models import Listing, Status
from tests.factories import (
    make_category,
    make_comparison,
    make_guide,
    make_listing,
    make_stack,
    make_technology,
    make_version_set,
)
from tests.reading import read

pytestmark = pytest.mark.django_db


def test_an_empty_guide_says_how_to_begin(client: Client) -> None:
    page = read(client, "/")

    assert page.texts("h1") == ["An empty guide"]
    assert page.texts("main//p") == [
        "Nothing has been written yet. Sign in and begin with a category."
    ]
    assert page.links() == [("Sign in", "/admin/")]
    assert page.texts("footer/p") == ["No edition yet"]


def test_the_heading_is_exactly_the_title(client: Client) -> None:
    make_guide(title="Python & friends")

    page = read(client, "/")

    assert page.texts("h1") == ["Python & friends"]
    assert page.texts("title") == ["Python & friends · StackGuide"]


def test_the_guides_words_open_and_close_the_page(client: Client) -> None:
    make_guide(introduction="Read *this* first.", closing="That is **all**.")

    page = read(client, "/")

    assert page.texts("main//p") == ["Read this first.", "That is all."]
    assert page.texts("main//p/em") == ["this"]
    assert page.texts("main//p/strong") == ["all"]


def test_categories_stand_by_position_with_what_is_recommended_in_each(client: Client) -> None:
    second = make_category(name="Second", position=20)
    first = make_category(name="First", position=10)
    child = make_category(name="Below", parent=first)
    flask = make_technology(name="Flask")
    make_listing(first, flask, qualifier="for Simple APIs", position=2)
    make_listing(first, label="The other", verdict=Listing.Verdict.LISTED, position=1)
    make_listing(first, label="A third", verdict=Listing.Verdict.ALTERNATIVE, position=3)
    make_listing(child, verdict=Listing.Verdict.AVOID, label="Old")
    make_listing(child, label="New")
    undecided = make_listing(second, label="Perhaps", verdict=Listing.Verdict.SITUATIONAL)

    page = read(client, "/")

    assert page.texts("h3") == ["First", "Second"]
    assert page.texts("h4") == ["Below"]
    assert page.texts("div[@class='line']//li") == [
        "Flask Recommended for Simple APIs",
        "New Recommended",
    ]
    assert page.texts("section/p") == ["also The other, A third", "Perhaps"]
    assert ("Perhaps", undecided.technology.get_absolute_url()) in page.links("section/p")
    assert ("Flask", flask.get_absolute_url()) in page.links()
    assert ("Second", second.get_absolute_url()) in page.links()


def test_every_section_of_the_guide_is_linked(client: Client) -> None:
    comparison = make_comparison(contenders=0, criteria=0)
    stack, version_set = make_stack(roles=0), make_version_set(pins=0)
    category = comparison.category

    page = read(client, "/")

    assert page.texts("h2") == [
        "Categories",
        "Comparisons",
        "Recommended Stack Combinations",
        "Versions",
        "How to read the marks",
    ]
    assert page.links() == [
        ("Sign in", "/admin/"),
        *[(str(thing), thing.get_absolute_url()) for thing in (category, comparison)],
        *[(str(thing), thing.get_absolute_url()) for thing in (stack, version_set)],
    ]


@pytest.mark.parametrize("status", [Status.DRAFT, Status.ARCHIVED])
def test_what_is_not_published_is_not_there(client: Client, status: Status) -> None:
    make_guide()
    top = make_category(name="Top")
    make_category(name="Hidden child", parent=top, status=status)
    make_category(name="Child of hidden", parent=make_category(status=status))
    make_listing(top, make_technology(name="Hidden technology", status=status))
    make_comparison(contenders=0, criteria=0, category=top, status=status)
    make_stack(roles=0, status=status)
    make_version_set(pins=0, status=status)

    page = read(client, "/")

    assert page.texts("h2") == ["Categories", "How to read the marks"]
    assert page.links() == [("Top", top.get_absolute_url())]
