"""Who may see what a thing was, and who may bring it back."""

import pytest
from django.test import Client
from django.urls import reverse

from catalog.models import Revision
from tests.admin.pages import url_of
from tests.admin.reading_history import (
    DELETED,
    change,
    delete,
    history_of,
    links_of,
    make_quart,
    page_of,
    revision_of,
    rows_of,
    update,
)
from tests.admin.test_permissions import sign_in
from tests.factories import make_category

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


@pytest.mark.parametrize(
    ("permissions", "status"),
    [
        ([], 403),
        (["view_revision"], 403),
        (["view_category", "change_category"], 403),
        (["view_technology"], 200),
        (["change_technology"], 200),
        (["add_technology"], 403),
        (["delete_technology"], 403),
    ],
)
def test_who_may_see_a_thing_may_see_its_past(permissions: list[str], status: int) -> None:
    quart = make_quart()
    update(quart, name="QUART")
    revision = revision_of(quart)
    client = sign_in(*permissions)

    pages = {
        "list": history_of(quart),
        "difference": history_of(quart, "?to=2"),
        "preview": page_of(revision, "preview"),
    }
    answers = {name: client.get(address).status_code for name, address in pages.items()}

    assert answers == dict.fromkeys(pages, status)


@pytest.mark.parametrize(
    ("permissions", "status"),
    [([], 403), (["view_category"], 403), (["view_technology"], 200), (["view_revision"], 200)],
)
def test_who_may_see_a_thing_may_see_its_documents(permissions: list[str], status: int) -> None:
    make_quart()

    assert sign_in(*permissions).get(url_of(Revision.objects.get())).status_code == status


def test_who_may_not_change_a_thing_is_not_offered_to_revert_it() -> None:
    quart = make_quart()

    links = links_of(sign_in("view_technology").get(history_of(quart)))

    assert [name for name in links if name.startswith("Revert")] == []


@pytest.mark.parametrize(
    ("permissions", "found", "recover"),
    [
        (["view_technology"], ["Quart"], []),
        (["change_technology"], ["Quart"], []),
        (["change_technology", "add_technology"], ["Quart"], ["Recover Quart"]),
        (["view_category", "view_technology"], ["Web", "Quart"], []),
    ],
)
def test_of_what_was_deleted_everybody_sees_their_own_kinds(
    permissions: list[str], found: list[str], recover: list[str]
) -> None:
    delete(make_quart())
    with change():
        category = make_category(name="Web")
    delete(category)

    page = sign_in(*permissions).get(DELETED)

    assert [row[0] for row in rows_of(page)] == found
    assert [name for name in links_of(page) if name.startswith("Recover")] == recover


def test_who_may_see_nothing_sees_nothing_of_what_was_deleted() -> None:
    assert sign_in("view_revision").get(DELETED).status_code == 403


def test_who_is_not_signed_in_is_asked_to(client: Client) -> None:
    quart = make_quart()
    revision = revision_of(quart)
    addresses = [
        DELETED,
        history_of(quart),
        page_of(revision, "preview"),
        page_of(revision, "revert"),
    ]

    answers = [client.get(address) for address in addresses]

    login = reverse("admin:login")
    assert [answer["Location"] for answer in answers] == [
        f"{login}?next={address}" for address in addresses
    ]


def test_nobody_may_keep_it(admin_client: Client) -> None:
    quart = make_quart()
    revision = revision_of(quart)
    addresses = [
        DELETED,
        history_of(quart),
        page_of(revision, "preview"),
        page_of(revision, "revert"),
    ]

    kept = [admin_client.get(address)["Cache-Control"].split(", ") for address in addresses]

    assert [{"private", "no-store"} <= set(words) for words in kept] == [True] * 4


def test_it_takes_no_orders(admin_client: Client) -> None:
    quart = make_quart()
    addresses = [DELETED, history_of(quart), page_of(revision_of(quart), "preview")]

    assert [admin_client.post(address).status_code for address in addresses] == [405] * 3
