from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.views.comparing import (
    Cells,
    asked_of_page,
    read_csv,
    read_json,
    read_md,
    two_of_a_table,
)

pytestmark = pytest.mark.django_db
READERS = {"/compare.csv": read_csv, "/compare.md": read_md, "/compare.json": read_json}
every_form = pytest.mark.parametrize("path", READERS)


@pytest.mark.parametrize(("path", "read"), READERS.items())
def test_it_has_what_the_page_shows(
    client: Client, path: str, read: Callable[[str], Cells]
) -> None:
    query = two_of_a_table()

    response = client.get(f"{path}?{query}")

    assert response["Link"] == '<http://testserver/compare/>; rel="canonical"'
    assert read(response.text) == asked_of_page(client, query)


@every_form
def test_another_form_of_the_query_leads_to_the_canonical_one(client: Client, path: str) -> None:
    query = two_of_a_table()

    response = client.get(f"{path}?sort=&{query}")

    assert (response.status_code, response["Location"]) == (302, f"{path}?{query}")


@every_form
@pytest.mark.parametrize("query", ["", "t=nobody", "t=%00&must=%00", "w=" + "x" * 5_000])
def test_nothing_to_compare_is_an_empty_table(client: Client, path: str, query: str) -> None:
    assert client.get(f"{path}?{query}", follow=True).status_code == 200


@every_form
@pytest.mark.parametrize("contenders", [2, 4])
def test_the_number_of_queries_does_not_grow(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, path: str, contenders: int
) -> None:
    query = two_of_a_table(contenders)

    with django_assert_num_queries(10):
        client.get(f"{path}?{query}")


def test_there_is_no_file_of_another_form(client: Client) -> None:
    assert client.get(f"/compare.xml?{two_of_a_table()}").status_code == 404
