import pytest
from django.test import Client

from catalog.models import Status
from tests.factories import make_version_set
from tests.reading import read

pytestmark = pytest.mark.django_db


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


def test_an_empty_list_says_so(client: Client) -> None:
    assert read(client, "/versions/").texts("main/p") == ["There is no version set yet."]
