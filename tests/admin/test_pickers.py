"""Pickers know: the exact name first, what is over last, and why stands beside each name."""

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalog.models import Technology
from tests.factories import (
    make_alias,
    make_category,
    make_listing,
    make_package,
    make_technology,
)

pytestmark = pytest.mark.django_db


def offered(client: Client, term: str, model: str = "choice", field: str = "technology") -> list:
    asked = {"app_label": "catalog", "model_name": model, "field_name": field, "term": term}
    answer = client.get(reverse("admin:autocomplete"), asked)
    return [one["text"] for one in answer.json()["results"]]


def make_redis() -> None:
    category = make_category()
    client = make_technology(slug="redis-py", name="redis-py", kind="library")
    rows = {
        "aioredis": {"kind": "library", "lifecycle": "end-of-life", "replaced_by": client},
        "hiredis": {"kind": "library"},
        "redis": {"name": "Redis", "kind": "database", "lifecycle": "active"},
        "redis-old": {"kind": "library", "lifecycle": "deprecated"},
        "redis-bad": {"kind": "library"},
        "redis-good": {"kind": "library"},
    }
    made = {slug: make_technology(slug=slug, **{"name": slug, **rows[slug]}) for slug in rows}
    make_listing(category=category, technology=made["redis-bad"], verdict="avoid")
    make_listing(category=category, technology=made["redis-good"], verdict="recommended")
    make_alias(technology=made["hiredis"], slug="redis-one", name="redis one")
    make_alias(technology=made["hiredis"], slug="redis-two", name="redis two")


def test_the_exact_name_comes_first_and_what_is_over_last(admin_client: Client) -> None:
    make_redis()

    assert offered(admin_client, "redis") == [
        "Redis (database, active)",
        "redis-good (library)",
        "redis-py (library)",
        "redis-bad (library, to be avoided)",
        "redis-old (library, deprecated)",
        "hiredis (library)",
        "aioredis (library, end of life, replaced by redis-py)",
    ]
    assert offered(admin_client, "redis-old")[0] == "redis-old (library, deprecated)"
    assert offered(admin_client, "re\0dis")[0] == "Redis (database, active)"


def test_packages_are_offered_by_their_technologies(admin_client: Client) -> None:
    make_redis()
    for slug in ("aioredis", "redis"):
        make_package(technology=Technology.objects.get(slug=slug), name=slug)

    assert offered(admin_client, "redis", "pin", "package") == [
        "redis (database, active)",
        "aioredis (library, end of life, replaced by redis-py)",
    ]


def test_other_pickers_offer_what_they_did(admin_client: Client) -> None:
    make_category(slug="caches", name="Caches")

    assert offered(admin_client, "cach", "comparison", "category") == ["Caches"]


@pytest.mark.parametrize("size", [1, 3])
def test_a_picker_asks_the_same_whatever_its_number(admin_client: Client, size: int) -> None:
    for number in range(size):
        make_technology(slug=f"redis-{number}", name=f"Redis {number}")

    with CaptureQueriesContext(connection) as statements:
        assert len(offered(admin_client, "redis")) == size

    assert len(statements) == 4  # the session, the user, how many, these


def test_who_may_not_see_technologies_is_offered_none(client: Client) -> None:
    make_technology(name="Redis")
    client.force_login(User.objects.create_user("clerk", is_staff=True))
    asked = {"app_label": "catalog", "model_name": "choice", "field_name": "technology"}

    assert client.get(reverse("admin:autocomplete"), asked).status_code == 403
