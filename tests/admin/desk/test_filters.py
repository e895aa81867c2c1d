"""The filters that the desk leads to, as somebody chooses them in a list."""

import pytest
from django.test import Client

from catalog.models import Cell, Comparison, Technology
from tests.admin.desk.filling import fill, pages_with_status
from tests.admin.pages import url_for

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


@pytest.mark.parametrize(
    ("model", "label"),
    [
        (Technology, "given up, replaced, or long without a release (3)"),
        (Cell, "no source or no day (5)"),
        (Cell, "stale (1)"),
        (Comparison, "unknown or missing cells (1)"),
    ],
)
def test_a_list_says_how_many_wait(admin_client: Client, model: type, label: str) -> None:
    fill(by="admin")

    assert label in admin_client.get(url_for(model)).content.decode()


@pytest.mark.parametrize("model", pages_with_status(), ids=lambda model: model.__name__)
def test_a_list_finds_what_one_has_worked_on(admin_client: Client, model: type) -> None:
    fill(by="admin")
    fill(by="ada")

    answer = admin_client.get(f"{url_for(model)}?author=me&status__exact=draft")

    assert answer.context["cl"].result_count == 1


@pytest.mark.parametrize(
    ("model", "query"),
    [
        (Technology, "author=grace"),
        (Technology, "author=%00"),
        (Technology, "trouble=none"),
        (Cell, "evidence=all"),
        (Comparison, "data=x&data=y"),
    ],
)
def test_nonsense_filters_nothing(admin_client: Client, model: type, query: str) -> None:
    fill()

    answer = admin_client.get(f"{url_for(model)}?{query}")

    assert answer.status_code == 200
    assert answer.context["cl"].result_count == model.objects.count()
