import pytest
from django.test import Client

from catalog.models import Status
from tests.factories import make_comparison, make_contender, make_technology
from tests.reading import read

pytestmark = pytest.mark.django_db


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


def test_an_empty_list_says_so(client: Client) -> None:
    assert read(client, "/comparisons/").texts("main/p") == [
        "Put any technologies side by side",
        "There is no comparison yet.",
    ]
