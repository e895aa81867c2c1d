"""Many rows are deleted as they were shown: whatever changed in between stays, and is named."""

from typing import Any

import pytest
from django.db import connection, models
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.history import editions
from catalog.models import Listing, Point, Status, Technology
from tests.admin.bulk.acting import choose, make_drafts
from tests.admin.pages import messages_of, url_for
from tests.admin.reading_history import change, content, texts_of, update
from tests.factories import make_listing, make_point, make_technology

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

UNKNOWN = "It is not known which state this page was made from: look again."


def ask(client: Client, rows: list[models.Model], query: str = "") -> HttpResponse:
    return choose(client, "delete_selected", rows, query)


def confirm(client: Client, page: HttpResponse, **changes: Any) -> HttpResponse:
    """Press the button of the page that asks."""
    address = page.request["PATH_INFO"]
    if query := page.request["QUERY_STRING"]:
        address = f"{address}?{query}"
    return client.post(address, typed(page) | changes)


def typed(page: HttpResponse) -> dict[str, Any]:
    fields: dict[str, Any] = {"_selected_action": []}
    for field in content(page).iter("input"):
        if field.get("name") == "_selected_action":
            fields["_selected_action"].append(field.get("value"))
        elif field.get("type") == "hidden":
            fields[field.get("name")] = field.get("value")
    return fields


def test_what_was_shown_is_deleted_in_one_edition(admin_client):
    rows = make_drafts("Flask", "Quart")

    answer = confirm(admin_client, ask(admin_client, rows))

    assert (answer.status_code, answer["Location"]) == (302, url_for(Technology))
    assert messages_of(answer)[0] == "Successfully deleted 2 technologies."
    assert (Technology.objects.count(), editions.latest().number) == (0, 2)
    assert editions.latest().revisions.count() == 2


def test_what_somebody_changed_in_between_stays(admin_client):
    rows = make_drafts("Flask", "Quart")
    page = ask(admin_client, rows)
    with change(user="grace"):
        rows[0].summary = "Small"
        rows[0].save()

    again = confirm(admin_client, page)

    assert again.status_code == 200
    assert messages_of(again) == [
        "Nothing was deleted. “Flask” has been changed since, in edition 2 (grace)."
    ]
    assert (Technology.objects.count(), editions.latest().number) == (2, 2)
    assert confirm(admin_client, again).status_code == 302
    assert Technology.objects.count() == 0


def test_what_left_the_filtered_list_in_between_stays(admin_client):
    rows = make_drafts("Flask", "Quart")
    page = ask(admin_client, rows, "?status__exact=draft")
    update(rows[0], status=Status.PUBLISHED)

    again = confirm(admin_client, page)

    assert "“Flask” has been changed since" in messages_of(again)[0]
    assert Technology.objects.count() == 2


def test_what_is_gone_already_is_named(admin_client):
    rows = make_drafts("Flask", "Quart")
    page = ask(admin_client, rows)
    with change(user="grace"):
        rows[0].delete()

    again = confirm(admin_client, page)

    assert messages_of(again) == ["Nothing was deleted. “flask” is gone since edition 2 (grace)."]
    assert Technology.objects.count() == 1


def test_a_row_that_never_was_is_missed(admin_client):
    rows = make_drafts("Flask")
    page = ask(admin_client, rows)

    again = confirm(admin_client, page, _selected_action=[rows[0].pk, 999999])

    assert messages_of(again) == ["Nothing was deleted: some of it is gone already. Look again."]
    assert Technology.objects.count() == 1


def test_parts_are_as_their_things_were(admin_client):
    with change():
        quart = make_technology(slug="quart", name="Quart")
        points = [make_point(quart), make_point(quart)]
    page = ask(admin_client, points)
    update(quart, summary="Async")

    again = confirm(admin_client, page)
    answer = confirm(admin_client, again)

    assert messages_of(again) == [
        "Nothing was deleted. “Quart” has been changed since, in edition 2 (ada)."
    ]
    assert (answer.status_code, Point.objects.count()) == (302, 0)


def test_a_part_of_two_things_is_as_both_were(admin_client):
    with change():
        listing = make_listing()
    page = ask(admin_client, [listing])
    update(listing.category, best_for="Pages")

    again = confirm(admin_client, page)

    assert again.status_code == 200
    assert Listing.objects.count() == 1


@pytest.mark.parametrize(
    "token", ["", "x", "1", "9 technology/flask", "1 technology/quart", "1 technology/\0"]
)
def test_a_page_without_its_state_deletes_nothing(admin_client, token):
    page = ask(admin_client, make_drafts("Flask"))

    again = confirm(admin_client, page, _state=token)

    assert messages_of(again) == [UNKNOWN]
    assert Technology.objects.count() == 1


def test_a_forged_post_without_a_page_deletes_nothing(admin_client):
    (flask,) = make_drafts("Flask")
    forged = {"action": "delete_selected", "_selected_action": [flask.pk], "post": "yes"}

    page = admin_client.post(url_for(Technology), forged)

    assert texts_of(page, "h1") == ["Delete the chosen technology?"]
    assert Technology.objects.count() == 1


def test_to_delete_twelve_costs_what_to_delete_two_does(admin_client):
    few = make_drafts("Flask", "Quart")
    many = make_drafts(*(f"Tool {number}" for number in range(12)))
    ask(admin_client, few)

    costs = []
    for rows in (few, many):
        with CaptureQueriesContext(connection) as queries:
            ask(admin_client, rows)
        costs.append(len(queries))

    assert costs[0] == costs[1]
