"""What was deleted can be found."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.history import renames
from catalog.models import Listing, Revision, Technology
from tests.admin.pages import url_for
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
    texts_of,
)
from tests.factories import make_category, make_technology

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


def cost_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_what_was_deleted_can_be_found_the_latest_first(admin_client: Client) -> None:
    with change():
        category, quart = make_category(slug="web", name="Web"), make_technology(name="Quart")
    make_technology(name="Flask")
    delete(category)
    with change(user="grace"):
        quart.delete()

    page = admin_client.get(DELETED)

    assert texts_of(page, "h1") == ["Deleted things"]
    assert [[*row[:2], row[3]] for row in rows_of(page)] == [
        ["Quart", "technology", "grace, in the admin"],
        ["Web", "category", "ada, in the admin"],
    ]
    assert links_of(page) == {
        "History of Quart": history_of(quart.key),
        "Recover Quart": page_of(revision_of(quart.key, 1), "revert"),
        "History of Web": history_of(category.key),
        "Recover Web": page_of(revision_of(category.key, 1), "revert"),
    }


def test_what_moved_or_came_back_is_not_among_them(admin_client: Client) -> None:
    quart, flask = make_quart(), make_technology(slug="flask")
    with change():
        renames.rename(quart, "quart-2")
    delete(flask)
    with change():
        make_technology(slug="flask")

    page = admin_client.get(DELETED)

    assert texts_of(page, "p") == ["Nothing has been deleted."]


def test_they_can_be_narrowed_to_a_kind_and_nonsense_narrows_nothing(admin_client: Client) -> None:
    quart, category = make_quart(), make_category(name="Web")
    delete(quart)
    delete(category)

    found = {
        kind: [row[0] for row in rows_of(admin_client.get(f"{DELETED}?kind={kind}"))]
        for kind in ("technology", "category", "nonsense")
    }

    assert found == {"technology": ["Quart"], "category": ["Web"], "nonsense": ["Web", "Quart"]}


def test_lists_of_things_and_of_revisions_lead_to_them(admin_client: Client) -> None:
    assert f'href="{DELETED}?kind=technology"' in admin_client.get(url_for(Technology)).text
    assert f'href="{DELETED}"' in admin_client.get(url_for(Revision)).text
    assert DELETED not in admin_client.get(url_for(Listing)).text


def test_three_deleted_things_cost_what_one_does(admin_client: Client) -> None:
    delete(make_quart())
    admin_client.get(DELETED)
    one = cost_of(admin_client, DELETED)

    for _ in range(2):
        with change():
            thing = make_technology()
        delete(thing)

    assert cost_of(admin_client, DELETED) == one
