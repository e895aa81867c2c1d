import pytest
from django.test import Client

from catalog.models import Status
from tests.factories import make_category, make_listing
from tests.reading import read

pytestmark = pytest.mark.django_db


def test_every_published_category_stands_under_the_one_above_with_its_count(
    client: Client,
) -> None:
    second = make_category(name="Second", slug="second", position=2)
    first = make_category(name="First", slug="first", position=1)
    child = make_category(name="Below", slug="below", parent=first)
    make_category(name="Kept back", status=Status.DRAFT)
    make_category(name="Retired", status=Status.ARCHIVED)
    make_listing(child)

    page = read(client, "/categories/")

    assert page.texts("main/ul/li") == ["First (0) Below (1)", "Second (0)"]
    assert [href for _, href in page.links()] == [
        "/categories/first/",
        "/categories/below/",
        second.get_absolute_url(),
    ]


def test_an_empty_list_says_so(client: Client) -> None:
    assert read(client, "/categories/").texts("main/p") == ["There is no category yet."]
