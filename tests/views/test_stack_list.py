import pytest
from django.test import Client

from catalog.models import Choice, Status
from tests.factories import make_stack, make_technology
from tests.reading import read

pytestmark = pytest.mark.django_db


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


def test_an_empty_list_says_so(client: Client) -> None:
    assert read(client, "/stacks/").texts("main/p") == ["There is no stack yet."]
