"""Each thing knows its address, and the addresses never change."""

import pytest
from django.urls import resolve

from catalog.models import Guide, Snippet
from tests.factories import (
    make_category,
    make_comparison,
    make_guide,
    make_snippet,
    make_stack,
    make_technology,
    make_version_set,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("make", "address", "view"),
    [
        (make_category, "/categories/task-queues/", "category_detail"),
        (make_technology, "/technologies/task-queues/", "technology_detail"),
        (make_comparison, "/comparisons/task-queues/", "comparison_detail"),
        (make_stack, "/stacks/task-queues/", "stack_detail"),
        (make_version_set, "/versions/task-queues/", "version_detail"),
    ],
)
def test_a_page_stands_at_its_address(make: type, address: str, view: str) -> None:
    page = make(slug="task-queues")

    found = resolve(address)

    assert page.get_absolute_url() == address
    assert (found.view_name, found.kwargs) == (f"catalog:{view}", {"slug": "task-queues"})
    assert found.func.__name__ == view


def test_the_guide_is_the_front_page() -> None:
    assert make_guide().get_absolute_url() == "/"
    assert resolve("/").view_name == "catalog:home"
    assert Guide.KIND == "guide"


def test_code_is_a_place_on_the_page_it_belongs_to() -> None:
    technology, category = make_technology(slug="celery"), make_category(slug="testing")

    places = [
        make_snippet(technology=technology, slug="a-task").get_absolute_url(),
        make_snippet(category=category, slug="a-test").get_absolute_url(),
    ]

    assert places == ["/technologies/celery/#snippet-a-task", "/categories/testing/#snippet-a-test"]
    assert Snippet.KIND == "snippet"
