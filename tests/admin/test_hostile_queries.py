"""Whatever stands in the address of a list, the answer is a page or a refusal, never a fault."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from catalog.models import Category, Cell, Edition
from tests.admin.pages import url_for, url_of
from tests.factories import make_category, make_comparison, make_technology

# The database refuses some of these, after which PostgreSQL lets a transaction do nothing more.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.ignore_template_errors]

PLAIN_LIST = "?e=1"


@pytest.mark.parametrize(
    "query",
    [
        "name__regex=(",
        "name__iregex=[",
        "id__in=",
        "id__in=a,b",
        "parent__id__exact=x",
        "position__range=1",
        "nothing=1",
    ],
)
def test_filters_that_cannot_be_read_lead_to_the_plain_list(admin_client, query):
    make_category()

    answer = admin_client.get(url_for(Category) + "?" + query)

    assert (answer.status_code, answer.headers.get("Location")) == (
        302,
        url_for(Category) + PLAIN_LIST,
    )


@pytest.mark.parametrize(
    ("model", "query"),
    [
        (Cell, "verified_on__year=999999999999"),
        (Cell, "verified_on__year=-1"),
        (Cell, "verified_on__gte=2025-13-40"),
        (Cell, "rating__gt=99999999999999999999999"),
        (Cell, "id__in=99999999999999999999999"),
        (Edition, "at__year=99999"),
        (Edition, "at__gte=nonsense"),
        (Edition, "number__gte=1&number__gte=99999999999999999999"),
        (User, "username__regex=("),
        (User, "q=%00"),
        (Category, "q=%00"),
        (Category, "name=%00"),
        (Category, "name__icontains=%00"),
        (Category, "p=999999"),
        (Category, "p=-1"),
        (Category, "p=x"),
        (Category, "o=9.9.9"),
        (Category, "o=-"),
        (Category, "o=99999999999999999999"),
        (Category, "all=&e=1"),
        (Category, "_to_field=x"),
        (Category, "_to_field=name"),
        (Category, "_popup=1&_to_field=id"),
        (Category, "status__exact=%FF"),
        (Category, "parent__isempty=x"),
        (Category, "listings__technology__name__regex=("),
        (Category, "_facets=True&name__regex=("),
        (Category, "q=" + "%22" * 3),
        (Category, "q=" + "a+" * 500),
    ],
)
def test_no_list_fails(admin_client, model, query):
    make_comparison()

    answer = admin_client.get(url_for(model) + "?" + query)

    assert answer.status_code in (200, 302, 400)


def test_a_filter_that_fails_while_an_action_is_sent_writes_nothing(admin_client):
    category = make_category()
    data = {"action": "delete_selected", "_selected_action": [category.pk], "post": "yes"}

    answer = admin_client.post(url_for(Category) + "?name__regex=(", data)

    assert answer.headers["Location"] == url_for(Category) + PLAIN_LIST
    assert Category.objects.count() == 1


@pytest.mark.parametrize("key", ["x", "", "-1", "1.5", "99999999999999999999", "\0", "\u0661"])
def test_a_selected_row_that_is_no_key_is_a_bad_request(admin_client, key):
    make_category()
    data = {"action": "delete_selected", "_selected_action": [key], "post": "yes"}

    answer = admin_client.post(url_for(Category), data)

    assert answer.status_code == 400


def test_a_search_in_a_picker_takes_any_character(admin_client):
    make_technology(name="Django")
    asked = {
        "app_label": "catalog",
        "model_name": "listing",
        "field_name": "technology",
        "term": "Djan\0go",
    }

    answer = admin_client.get(reverse("admin:autocomplete"), asked)

    assert [result["text"] for result in answer.json()["results"]] == ["Django (library)"]


@pytest.mark.parametrize("value", ["x", "99999999999999999999", "\0"])
def test_an_add_page_takes_any_beginning(admin_client, value):
    answer = admin_client.get(url_for(Category, "add"), {"parent": value, "name": value})

    assert answer.status_code == 200


@pytest.mark.parametrize("key", ["x", "99999999999999999999", "%00"])
@pytest.mark.parametrize("name", ["change", "delete", "history"])
def test_a_row_that_is_not_there_leads_to_the_index(admin_client, name, key):
    address = url_of(make_category(), name)

    answer = admin_client.get(f"{url_for(Category)}{key}/{name}/")

    assert name in address
    assert (answer.status_code, answer.headers["Location"]) == (302, "/admin/")
