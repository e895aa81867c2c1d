"""The lists of each section but technologies, which have filters: what is published, in order."""

import pytest
from django.test import Client

from catalog.models import Choice, Status
from tests.factories import (
    make_category,
    make_comparison,
    make_contender,
    make_listing,
    make_stack,
    make_technology,
    make_version_set,
)
from tests.reading import read

pytestmark = pytest.mark.django_db


def test_every_published_category_stands_under_the_one_above_with_its_count(
    client: Client,
) -> None:
    make_category(name="Second", slug="second", position=2)
    first = make_category(name="First", slug="first", position=1)
    child = make_category(name="Below", slug="below", parent=first)
    make_category(name="Kept back", status=Status.DRAFT)
    make_category(name="Retired", status=Status.ARCHIVED)
    make_listing(child)

    page = read(client, "/categories/")

    assert page.texts("main/ul/li") == ["First (0) Below (1)", "Second (0)"]
    assert [href for _, href in page.links()] == [
        f"/categories/{slug}/" for slug in ("first", "below", "second")
    ]


def test_comparisons_are_named_with_their_contenders(client: Client) -> None:
    comparison = make_comparison(title="Frameworks", slug="frameworks", contenders=0)
    for name, status in (("Flask", "published"), ("Draft", "draft"), ("Django", "published")):
        make_contender(comparison, technology=make_technology(name=name, status=status))
    make_comparison(title="Kept back", status=Status.DRAFT)
    make_comparison(title="Retired", status=Status.ARCHIVED)

    page = read(client, "/comparisons/")

    assert page.texts("main//li") == ["Frameworks: Flask, Django"]
    assert page.links() == [
        ("Put any technologies side by side", "/compare/"),
        ("Frameworks", "/comparisons/frameworks/"),
    ]


def test_stacks_are_shown_with_what_fills_their_roles(client: Client) -> None:
    stack = make_stack(name="Small", slug="small", choices=0)
    role = stack.roles.get()
    for position, name in enumerate(("Flask", "FastAPI")):
        technology = make_technology(name=name)
        Choice.objects.create(role=role, technology=technology, position=position)
    make_stack(name="Kept back", status=Status.DRAFT)
    make_stack(name="Retired", status=Status.ARCHIVED)

    page = read(client, "/stacks/")

    assert page.texts("h2") == ["Small"]
    assert page.facts() == [("Role 0 (all of)", ["Flask", "FastAPI"])]
    assert ("Small", "/stacks/small/") in page.links()


def test_version_sets_stand_newest_first(client: Client) -> None:
    make_version_set(title="Old", slug="old", as_of="2025", python="^3.11")
    make_version_set(title="New", slug="new", as_of="2026-11", python=">=3.12")
    make_version_set(title="Kept back", status=Status.DRAFT)
    make_version_set(title="Retired", status=Status.ARCHIVED)

    page = read(client, "/versions/")

    assert page.texts("main//li") == [
        "New, as of 2026-11, Python >=3.12",
        "Old, as of 2025, Python ^3.11",
    ]
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
def test_an_empty_list_says_so(client: Client, section: str, said: str) -> None:
    to_compare = ["Put any technologies side by side"] if section == "comparisons" else []

    assert read(client, f"/{section}/").texts("main/p") == [*to_compare, said]
