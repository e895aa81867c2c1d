import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from catalog.models import Choice, Role, Status
from tests.factories import make_stack, make_technology
from tests.reading import read

pytestmark = pytest.mark.django_db


def test_the_heading_is_exactly_the_name(client: Client) -> None:
    stack = make_stack(name="Small & simple", introduction="For *prototypes*.")

    page = read(client, stack.get_absolute_url())

    assert page.texts("h1") == ["Small & simple"]
    assert page.texts("title") == ["Small & simple · StackGuide"]
    assert page.texts("main//p") == ["For prototypes."]


def test_roles_are_shown_with_what_fills_them(client: Client) -> None:
    stack = make_stack(roles=0)
    queue = Role.objects.create(
        stack=stack, slug="queue", name="Task Queue", mode=Role.Mode.ONE_OF, position=2
    )
    database = Role.objects.create(stack=stack, slug="database", name="Database", position=1)
    driver = make_technology(name="asyncpg", slug="asyncpg")
    Choice.objects.create(
        role=database,
        technology=make_technology(name="PostgreSQL", slug="postgresql"),
        version="18",
        with_technology=driver,
        note="async",
    )
    Choice.objects.create(role=queue, technology=make_technology(name="Second"), position=2)
    Choice.objects.create(role=queue, technology=make_technology(name="First"), position=1)

    page = read(client, stack.get_absolute_url())

    assert page.facts() == [
        ("Database", ["PostgreSQL 18 (asyncpg) (async)"]),
        ("Task Queue (one of)", ["First", "Second"]),
    ]
    assert page.links("dl")[:2] == [
        ("PostgreSQL", "/technologies/postgresql/"),
        ("asyncpg", "/technologies/asyncpg/"),
    ]


def test_a_draft_is_not_found(client: Client) -> None:
    draft = make_stack(name="Kept back", status=Status.DRAFT)

    response = client.get(draft.get_absolute_url())

    assert response.status_code == 404
    assert "Kept back" not in response.text


def test_an_archived_stack_stays_with_a_banner(client: Client) -> None:
    page = read(client, make_stack(status=Status.ARCHIVED).get_absolute_url())

    assert page.texts("p[@class='banner']") == [
        "Archived: kept for those who look it up, no longer maintained."
    ]
    assert [meta.get("content") for meta in page.find("meta[@name='robots']")] == ["noindex"]


def test_drafts_are_not_named(client: Client) -> None:
    draft = make_technology(name="Draft", status=Status.DRAFT)
    stack = make_stack(roles=2, choices=0)
    first, second = stack.roles.all()
    shown = make_technology(name="Shown")
    Choice.objects.create(role=first, technology=draft)
    Choice.objects.create(role=first, technology=shown, with_technology=draft)
    Choice.objects.create(role=second, technology=draft)

    page = read(client, stack.get_absolute_url())

    assert page.facts() == [("Role 0", ["Shown"])]
    assert page.links() == [("Shown", shown.get_absolute_url())]


@pytest.mark.parametrize("size", [1, 3])
def test_the_number_of_queries_does_not_grow(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, size: int
) -> None:
    stack = make_stack(roles=size, choices=size, introduction="Words.")
    Choice.objects.update(with_technology=make_technology())
    read(client, stack.get_absolute_url())  # renders the Markdown

    with django_assert_num_queries(6):
        client.get(stack.get_absolute_url())
