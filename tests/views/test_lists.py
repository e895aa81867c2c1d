"""The lists of each section but technologies, which have filters, and the front page."""

from datetime import date

import pytest

from catalog.models import Choice, Criterion, Listing, Status
from tests.factories import (
    make_category,
    make_cell,
    make_comparison,
    make_contender,
    make_guide,
    make_listing,
    make_stack,
    make_technology,
    make_version_set,
)
from tests.reading import read

pytestmark = pytest.mark.django_db


def test_every_published_category_has_its_count_and_what_is_recommended(client):
    make_category(name="Second", slug="second", position=2)
    first = make_category(name="First", slug="first", position=1)
    child = make_category(name="Below", slug="below", parent=first)
    make_category(name="Kept back", status=Status.DRAFT)
    make_category(name="Retired", status=Status.ARCHIVED)
    make_listing(child, verdict=Listing.Verdict.ALTERNATIVE)
    best = make_listing(child, label="Best")

    page = read(client, "/categories/")

    # Nothing is counted where nothing stands.
    assert page.texts("main//h2") == ["First", "Second"]
    assert page.texts("main//h3") == ["Below (2)"]
    assert page.links("main//li") == [("Best", best.technology.get_absolute_url())]
    assert [href for _, href in page.links() if "categories" in href] == [
        f"/categories/{slug}/" for slug in ("first", "below", "second")
    ]


def test_comparisons_are_shown_with_leader_fit_rows_and_day(client):
    comparison = make_comparison(title="Frameworks", slug="frameworks", contenders=0, criteria=0)
    rows = [
        Criterion.objects.create(comparison=comparison, slug=slug, name=slug, weight=weight)
        for slug, weight in (("speed", 3), ("size", 1), ("unweighed", 0))
    ]
    for name, ratings in (("Flask", (1, 2)), ("Django", (4, 2)), ("Draft", (4, 4))):
        status = Status.DRAFT if name == "Draft" else Status.PUBLISHED
        column = make_contender(comparison, technology=make_technology(name=name, status=status))
        for row, rating in zip(rows, ratings, strict=False):
            make_cell(row, column, rating=rating, verified_on=date(2026, 11, rating))
    make_comparison(title="Kept back", status=Status.DRAFT)
    make_comparison(title="Retired", status=Status.ARCHIVED)

    page = read(client, "/comparisons/")

    assert page.links() == [
        ("Put any technologies side by side", "/compare/"),
        ("What was measured, and how", "/measurements/"),
        ("Frameworks", "/comparisons/frameworks/"),
    ]
    assert page.texts("section/ul/li") == ["Django 87.5", "Flask 31.3"]
    assert page.texts("section/ul/li[@class='leads']/span") == ["Django", "87.5"]
    lead, small = page.texts("section/p")
    assert lead.startswith("Django leads with 87.5")
    assert lead.endswith("Another weight on any of 2 rows would change that.")
    assert small.startswith("3 rows, 2 of them weighed; ")
    assert small.endswith("last checked 2026-11-04.")


def test_a_comparison_that_weighs_nothing_is_shown_without_a_leader(client):
    make_comparison(title="Words", criteria=0, contenders=2)

    page = read(client, "/comparisons/")

    assert page.texts("section/ul") == []
    assert page.texts("section/p")[0] == ""


def test_stacks_are_shown_with_what_fills_their_roles(client):
    stack = make_stack(name="Small", slug="small", choices=0, introduction="For *prototypes*.")
    role = stack.roles.get()
    for position, name in enumerate(("Flask", "FastAPI")):
        technology = make_technology(name=name)
        Choice.objects.create(role=role, technology=technology, position=position)
    make_stack(name="Kept back", status=Status.DRAFT)
    make_stack(name="Retired", status=Status.ARCHIVED)

    page = read(client, "/stacks/")

    assert page.texts("h2") == ["Small"]
    assert page.texts("section//p") == ["For prototypes."]
    assert page.texts("section//li") == ["Role 0 Flask + FastAPI"]
    assert ("Small", "/stacks/small/") in page.links()


def test_version_sets_stand_newest_first(client):
    make_version_set(title="Old", slug="old", as_of="2025", python="^3.11")
    make_version_set(title="New", slug="new", as_of="2026-11", python=">=3.12")
    make_version_set(title="Kept back", status=Status.DRAFT)
    make_version_set(title="Retired", status=Status.ARCHIVED)

    page = read(client, "/versions/")

    assert page.table()[1:] == [["New", ">=3.12", "1", "2026-11"], ["Old", "^3.11", "1", "2025"]]
    assert page.links() == [("New", "/versions/new/"), ("Old", "/versions/old/")]


@pytest.mark.parametrize(
    ("section", "said"),
    [
        ("categories", "There is no category yet."),
        ("comparisons", "There is no comparison yet."),
        ("stacks", "There is no stack yet."),
        ("versions", "There is no version set yet."),
    ],
)
def test_an_empty_list_says_so(client, section, said):
    to_compare = (
        ["Put any technologies side by side What was measured, and how"]
        if section == "comparisons"
        else []
    )

    assert read(client, f"/{section}/").texts("main/p") == [said, *to_compare]


# The front page -----------------------------------------------------------------------------------


def test_an_empty_guide_says_how_to_begin(client):
    page = read(client, "/")

    assert page.texts("h1") == ["An empty guide"]
    assert page.texts("main//p") == [
        "Nothing has been written yet. Sign in and begin with a category."
    ]
    assert page.links() == [("Sign in", "/admin/")]
    assert page.texts("footer/p") == ["No edition yet"]


def test_the_heading_is_exactly_the_title(client):
    make_guide(title="Python & friends")

    page = read(client, "/")

    assert page.texts("h1") == ["Python & friends"]
    assert page.texts("title") == ["Python & friends · StackGuide"]


def test_the_guides_words_open_and_close_the_page(client):
    make_guide(introduction="Read *this* first.", closing="That is **all**.")

    page = read(client, "/")

    assert page.texts("main//p") == ["Read this first.", "That is all."]
    assert page.texts("main//p/em") == ["this"]
    assert page.texts("main//p/strong") == ["all"]


def test_categories_stand_by_position_with_what_is_recommended_in_each(client):
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
    # Every verdict is there, the best first, and each mark has its word for who hears the page.
    assert page.texts("section//li[@data-verdict]") == [
        "Recommended: Flask for Simple APIs",
        "Alternative: A third",
        "Listed: The other",
        "Recommended: New",
        "Avoid: Old",
        "Situational: Perhaps",
    ]
    assert ("Perhaps", undecided.technology.get_absolute_url()) in page.links("section")
    assert ("Flask", flask.get_absolute_url()) in page.links()
    assert ("Second", second.get_absolute_url()) in page.links()
    assert len(page.find("ul[@aria-label='How to read the marks']/li")) == 5


def test_every_section_of_the_guide_is_linked(client):
    comparison = make_comparison(contenders=0, criteria=0)
    stack, version_set = make_stack(roles=0), make_version_set(pins=0)
    category = comparison.category

    page = read(client, "/")

    assert page.texts("h2") == [
        "Categories",
        "Comparisons",
        "Stacks",
        "Versions",
    ]
    links = [
        link for link in page.links() if link not in page.links("*[@aria-labelledby='lately']")
    ]
    assert links == [
        ("Sign in", "/admin/"),
        *[(str(thing), thing.get_absolute_url()) for thing in (category, comparison)],
        *[(str(thing), thing.get_absolute_url()) for thing in (stack, version_set)],
    ]


@pytest.mark.parametrize("status", [Status.DRAFT, Status.ARCHIVED])
def test_what_is_not_published_is_not_there(client, status):
    make_guide()
    top = make_category(name="Top")
    make_category(name="Hidden child", parent=top, status=status)
    make_category(name="Child of hidden", parent=make_category(status=status))
    make_listing(top, make_technology(name="Hidden technology", status=status))
    make_comparison(contenders=0, criteria=0, category=top, status=status)
    make_stack(roles=0, status=status)
    make_version_set(pins=0, status=status)

    page = read(client, "/")

    assert page.texts("h2") == ["Categories"]
    assert page.links() == [("Top", top.get_absolute_url())]
