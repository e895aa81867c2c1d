import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.views.comparing import asked_of_page, read_csv, two_of_a_table

pytestmark = pytest.mark.django_db
PATH = "/compare.csv"


def test_it_has_what_the_page_shows(client: Client) -> None:
    query = two_of_a_table()

    response = client.get(f"{PATH}?{query}")

    assert response["Link"] == '<http://testserver/compare/>; rel="canonical"'
    assert read_csv(response.text) == asked_of_page(client, query)


def test_another_form_of_the_query_leads_to_the_canonical_one(client: Client) -> None:
    query = two_of_a_table()

    response = client.get(f"{PATH}?sort=&{query}")

    assert (response.status_code, response["Location"]) == (302, f"{PATH}?{query}")


@pytest.mark.parametrize("query", ["", "t=nobody", "t=%00&must=%00", "w=" + "x" * 5_000])
def test_nothing_to_compare_is_an_empty_table(client: Client, query: str) -> None:
    assert client.get(f"{PATH}?{query}", follow=True).status_code == 200


@pytest.mark.parametrize("contenders", [2, 4])
def test_the_number_of_queries_does_not_grow(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, contenders: int
) -> None:
    query = two_of_a_table(contenders)

    with django_assert_num_queries(10):
        client.get(f"{PATH}?{query}")
