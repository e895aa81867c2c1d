import pytest
from django.test import Client

from catalog.models import Choice, Role, Status
from tests.factories import make_stack, make_technology
from tests.reading import read

pytestmark = pytest.mark.django_db


def test_roles_are_shown_with_what_fills_them(client: Client) -> None:
    stack = make_stack(roles=0, introduction="For *prototypes*.")
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

    assert page.texts("main//p") == ["For prototypes."]
    assert page.facts() == [
        ("Database", ["PostgreSQL 18 (asyncpg) (async)"]),
        ("Task Queue (one of)", ["First", "Second"]),
    ]
    assert page.links("dl")[:2] == [
        ("PostgreSQL", "/technologies/postgresql/"),
        ("asyncpg", "/technologies/asyncpg/"),
    ]


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
