"""Addresses in the admin: what became of each, and the forms on which it stands."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.admin.desk.index import CALLED
from catalog.links import address_fields
from catalog.models import CONTENT, Cell, Link
from tests.admin.desk.filling import make_link
from tests.admin.pages import url_for, url_of
from tests.admin.test_permissions import sign_in
from tests.factories import make_comparison, make_technology

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

GONE = "https://example.org/gone/"


def test_a_list_says_what_became_of_each(admin_client: Client) -> None:
    make_link("https://example.org/", is_alive=True, reason="200 OK")
    make_link(GONE, is_alive=False)
    make_link("https://example.org/slow/", is_alive=None, reason="no answer in time")

    page = admin_client.get(url_for(Link)).content.decode()

    for word in ("alive", "dead", "not known", "200 OK", "404 Not Found", "no answer in time"):
        assert word in page


def test_an_address_says_on_which_forms_it_stands(admin_client: Client) -> None:
    technology = make_technology(name="Flask", website=GONE, lifecycle_source=GONE)
    make_technology(repository="https://example.org/")
    comparison = make_comparison(contenders=1, criteria=1)
    Cell.objects.update(source=GONE)
    link = make_link(GONE, is_alive=False)

    for address in (url_for(Link), url_of(link)):
        page = admin_client.get(address).content.decode()

        assert f'<a href="{url_of(technology)}">Flask: website</a>' in page
        assert f'<a href="{url_of(technology)}">Flask: lifecycle source</a>' in page
        contender = comparison.contenders.get()
        cell = f'<a href="{url_of(Cell.objects.get())}">Criterion 0 of {contender}: source</a>'
        assert cell in page


def test_an_address_that_nothing_names_says_so(admin_client: Client) -> None:
    make_link(GONE, is_alive=False)

    assert "nothing that you may see" in admin_client.get(url_for(Link)).content.decode()


def test_the_forms_are_named_to_those_who_may_see_them() -> None:
    make_technology(name="Flask", website=GONE)
    link = make_link(GONE, is_alive=False)
    client = sign_in("view_link")

    pages = [client.get(address).content.decode() for address in (url_for(Link), url_of(link))]

    assert not any("Flask" in page for page in pages)


def test_of_many_places_a_few_are_named(admin_client: Client) -> None:
    make_technology(name="Flask", website=GONE)
    make_comparison(contenders=3, criteria=2)
    Cell.objects.update(source=GONE)
    make_link(GONE, is_alive=False)

    page = admin_client.get(url_for(Link)).content.decode()

    assert page.count("Flask: website") == 1
    assert page.count(": source</a>") == 2
    assert " and 4 more" in page


def test_every_model_with_addresses_says_what_its_rows_are_called() -> None:
    assert [*CALLED] == [model for model in CONTENT if address_fields(model)]


def test_nobody_writes_them_by_hand(admin_client: Client) -> None:
    link = make_link(GONE)

    answers = [
        admin_client.post(url_for(Link, "add"), {"address": "https://example.org/"}),
        admin_client.post(url_of(link), {"address": "https://example.org/"}),
        admin_client.post(url_of(link, "delete"), {"post": "yes"}),
    ]

    assert [answer.status_code for answer in answers] == [403] * 3
    assert Link.objects.get().address == GONE


def test_more_addresses_cost_no_more_queries(admin_client: Client) -> None:
    costs = []
    for number in (1, 3):
        for _ in range(number):
            link = make_link(is_alive=False)
            make_technology(website=link.address)
        with CaptureQueriesContext(connection) as queries:
            admin_client.get(url_for(Link))
        costs.append(len(queries))

    assert costs[0] == costs[1]
