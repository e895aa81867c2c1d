"""Every page of every model opens, and costs the same however much there is to show."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.models import CONTENT
from tests.admin.pages import (
    HISTORY,
    MODELS,
    forbidden_pages,
    make_everything,
    make_rows_with_parts,
    other_pages,
    pages_of,
    url_for,
    url_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


def count_queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def test_every_model_of_content_and_history_has_pages() -> None:
    registered = {model for model in MODELS if model._meta.app_label == "catalog"}

    assert registered == {*CONTENT, *HISTORY}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_page_opens(admin_client: Client, model: type) -> None:
    make_everything()

    answers = {name: admin_client.get(url).status_code for name, url in pages_of(model).items()}

    expected = dict.fromkeys(answers, 200) | dict.fromkeys(forbidden_pages(model), 403)
    if model in CONTENT:
        expected["history"] = 302  # it is the thing's, under an address of its own
    assert answers == expected


def test_the_pages_of_no_model_open(admin_client: Client) -> None:
    make_everything()

    answers = {url: admin_client.get(url).status_code for url in other_pages()}

    assert answers == dict.fromkeys(answers, 200)


def test_the_index_names_things_and_history_but_no_parts(admin_client: Client) -> None:
    apps = admin_client.get("/admin/").context["app_list"]

    assert [model["object_name"] for app in apps for model in app["models"]] == [
        "Group",
        "User",
        "Category",
        "Comparison",
        "Edition",
        "Guide",
        "Link",
        "PackLoad",
        "Pending",
        "Revision",
        "Snippet",
        "Stack",
        "Technology",
        "VersionSet",
    ]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_a_list_of_three_costs_what_a_list_of_one_does(admin_client: Client, model: type) -> None:
    urls = [url_for(model), url_for(model) + "?q=a"]
    make_everything()
    admin_client.get(urls[0])  # content types are remembered from the first page on
    costs_of_one = [count_queries(admin_client, url) for url in urls]

    make_everything()
    make_everything()

    assert [count_queries(admin_client, url) for url in urls] == costs_of_one


@pytest.mark.parametrize(
    "name",
    ["category", "technology", "comparison", "criterion", "stack", "role", "version set"],
)
def test_a_page_with_three_parts_of_each_sort_costs_what_one_with_one_does(
    admin_client: Client, name: str
) -> None:
    one = url_of(make_rows_with_parts(1)[name])
    three = url_of(make_rows_with_parts(3)[name])
    admin_client.get(one)

    costs = [count_queries(admin_client, url) for url in (one, three)]

    assert costs == [costs[0]] * 2


@pytest.mark.parametrize("name", ["category", "technology", "comparison", "stack", "version set"])
def test_a_preview_with_three_parts_of_each_sort_costs_what_one_with_one_does(
    admin_client: Client, name: str
) -> None:
    one = url_of(make_rows_with_parts(1)[name], "preview")
    three = url_of(make_rows_with_parts(3)[name], "preview")
    admin_client.get(one)
    admin_client.get(three)  # so that its Markdown is rendered

    costs = [count_queries(admin_client, url) for url in (one, three)]

    assert costs == [costs[0]] * 2
