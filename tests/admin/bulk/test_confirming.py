"""What is done is what was listed: whatever came in between is refused, and shown anew."""

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.admin import bulk as confirming
from catalog.history import editions, renames
from catalog.models import Edition, Pending, Revision, Status, Technology
from tests.admin.bulk.acting import (
    choose,
    confirm,
    fields_of,
    make_drafts,
    part_of,
    refusal_of,
    show,
)
from tests.admin.pages import messages_of, read_form, url_for
from tests.admin.reading_history import change, texts_of, update
from tests.admin.roles import sign_in, sign_in_as
from tests.admin.test_while_writing import another_writer
from tests.factories import (
    make_category,
    make_comparison,
    make_listing,
    make_snippet,
    make_technology,
    make_version_set,
)

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

UNKNOWN = "It is not known which state this page was made from: look again."


def statuses() -> dict[str, str]:
    return dict(Technology.objects.values_list("slug", "status"))


def test_what_somebody_changed_in_between_is_refused_and_shown_anew(admin_client):
    rows = make_drafts("Flask", "Quart")
    page = choose(admin_client, "publish", rows)
    with change(user="grace"):
        rows[0].summary = "Small"
        rows[0].save()

    again = confirm(admin_client, page)

    assert again.status_code == 409
    assert refusal_of(again) == (
        "Nothing was changed. “Flask” has been changed since, in edition 2 (grace). "
        "Below is what would change now."
    )
    assert statuses() == {"flask": "draft", "quart": "draft"}
    assert confirm(admin_client, again).status_code == 302
    assert statuses() == {"flask": "published", "quart": "published"}


def test_a_part_that_changed_in_between_is_left_as_it_is(admin_client, flask):
    page = choose(admin_client, "publish", [flask])
    with change():
        listing = make_listing(technology=flask)

    assert confirm(admin_client, page).status_code == 302
    assert statuses() == {"flask": "published"}
    assert list(flask.listings.all()) == [listing]


def test_what_changed_elsewhere_is_nobodys_concern(admin_client):
    flask, quart = make_drafts("Flask", "Quart")
    page = choose(admin_client, "publish", [flask])
    update(quart, summary="Flask, but async")

    assert confirm(admin_client, page).status_code == 302


def test_what_was_written_past_every_door_counts(admin_client, flask):
    page = choose(admin_client, "publish", [flask])
    Technology.objects.update(summary="Small")

    assert confirm(admin_client, page).status_code == 409


def test_what_was_deleted_in_between_is_named(admin_client):
    rows = make_drafts("Flask", "Quart")
    page = choose(admin_client, "publish", rows)
    with change(user="grace"):
        rows[0].delete()

    again = confirm(admin_client, page)

    assert "“flask” is gone since edition 2 (grace)." in refusal_of(again)
    assert texts_of(again, "h1") == ["Publish: 1 technology"]
    assert statuses() == {"quart": "draft"}
    assert confirm(admin_client, again).status_code == 302


def test_where_all_of_it_was_deleted_the_page_says_so(admin_client, flask):
    page = choose(admin_client, "publish", [flask])
    with change():
        flask.delete()

    again = confirm(admin_client, page)

    assert (again.status_code, part_of(again, "changed")) == (409, [])
    assert 'name="_confirm"' not in again.text


def test_what_was_renamed_in_between_is_refused(admin_client, flask):
    page = choose(admin_client, "publish", [flask])
    with change():
        renames.rename(flask, "flask-2")

    assert confirm(admin_client, page).status_code == 409


def test_what_left_the_filtered_list_in_between_is_not_overlooked(admin_client):
    rows = make_drafts("Flask", "Quart")
    page = choose(admin_client, "archive", rows, "?status__exact=draft")
    update(rows[0], status=Status.PUBLISHED)

    again = confirm(admin_client, page)

    assert again.status_code == 409
    assert len(part_of(again, "changed")) == 2


def test_a_choice_that_was_not_listed_is_listed_first(admin_client, flask):
    page = choose(admin_client, "mark_reviewed", [flask])

    listed = confirm(admin_client, page, months="12")
    before = editions.number_now()
    answer = confirm(admin_client, listed)

    assert (listed.status_code, before) == (409, 1)
    assert refusal_of(listed) == "Nothing was changed. Below is what would change now."
    assert fields_of(listed)["months"] == "12"
    assert answer.status_code == 302


def test_what_is_unticked_stays_as_it_is(admin_client):
    flask, quart = make_drafts("Flask", "Quart")
    page = choose(admin_client, "publish", [flask, quart])

    answer = confirm(admin_client, page, _selected_action=[quart.pk])

    assert answer.status_code == 302
    assert statuses() == {"flask": "draft", "quart": "published"}


def test_with_nothing_ticked_nothing_is_done(admin_client):
    page = choose(admin_client, "publish", make_drafts("Flask"))

    answer = confirm(admin_client, page, _selected_action=[])

    assert messages_of(answer) == ["Nothing was ticked, so nothing was changed."]
    assert statuses() == {"flask": "draft"}


@pytest.mark.parametrize(
    "token",
    [
        "",
        "x",
        "9",
        "9 technology/flask",
        "-1 technology/flask",
        "99999999999999999999 technology/flask",
    ],
)
def test_a_page_that_says_nothing_of_its_state_is_refused(admin_client, token):
    page = choose(admin_client, "publish", make_drafts("Flask"))

    again = confirm(admin_client, page, _state=token)

    assert (again.status_code, refusal_of(again)) == (409, UNKNOWN)
    assert statuses() == {"flask": "draft"}


def test_a_forged_confirmation_without_a_page_shows_the_page(admin_client, flask):
    forged = {"action": "publish", "_selected_action": [flask.pk], "_confirm": "1", "post": "yes"}

    answer = admin_client.post(url_for(Technology), forged)

    assert answer.status_code == 409
    assert statuses() == {"flask": "draft"}


def test_what_was_not_listed_is_not_done(admin_client):
    page = choose(admin_client, "publish", make_drafts("Flask"))

    again = confirm(admin_client, page, _seen="")

    assert part_of(again, "changed")[0].startswith("Flask Status: draft → published")
    assert statuses() == {"flask": "draft"}


def test_more_rows_than_one_request_should_write_are_refused(admin_client, monkeypatch):
    monkeypatch.setattr(confirming, "MOST_ROWS", 2)
    rows = make_drafts("Flask", "Quart", "Sanic")
    page = choose(admin_client, "publish", rows[:2])

    answers = [
        choose(admin_client, "publish", rows),
        admin_client.post(
            url_for(Technology),
            {
                "action": "publish",
                "index": "0",
                "select_across": "1",
                "_selected_action": rows[0].pk,
            },
        ),
        confirm(admin_client, page, _selected_action=[row.pk for row in rows]),
    ]

    assert [messages_of(answer)[-1] for answer in answers] == [
        "3 are selected, and 2 at most can be changed at once."
    ] * 3
    assert set(statuses().values()) == {"draft"}


def test_all_of_a_list_are_chosen_across_its_pages(admin_client):
    rows = make_drafts("Flask", "Quart")
    make_technology(slug="sanic")
    chosen = {"action": "publish", "index": "0", "select_across": "1"}
    chosen["_selected_action"] = [rows[0].pk]

    page = admin_client.post(url_for(Technology) + "?status__exact=draft", chosen)
    confirm(admin_client, page)

    assert len(part_of(page, "changed")) == 2
    assert set(statuses().values()) == {"published"}


def test_an_action_beside_another_is_not_let_past_the_door(admin_client, flask):
    both = {"action": ["delete_selected", "publish"], "index": "0", "post": "yes"}

    admin_client.post(url_for(Technology), both | {"_selected_action": [flask.pk]})

    assert Edition.objects.exclude(origin=Edition.Origin.ADMIN).count() == 0


def test_text_of_the_guide_stays_text(admin_client):
    with change():
        evil = make_technology(name="<b>Evil</b>", slug="evil", status=Status.DRAFT)

    page = choose(admin_client, "publish", [evil])
    answer = confirm(admin_client, page)

    assert "<b>Evil" not in page.text
    assert "&lt;b&gt;Evil" in messages_of(answer)[1]


@pytest.mark.parametrize("action", ["publish", "archive", "mark_reviewed"])
def test_a_page_for_twenty_costs_what_one_for_two_does(admin_client, action):
    few = make_drafts("Flask", "Quart")
    many = make_drafts(*(f"Tool {number}" for number in range(20)))
    choose(admin_client, action, few)

    costs = []
    for rows in (few, many):
        with CaptureQueriesContext(connection) as shown:
            page = choose(admin_client, action, rows)
        with CaptureQueriesContext(connection) as confirmed:
            assert confirm(admin_client, page).status_code == 302
        costs.append((len(shown), len(confirmed)))

    assert costs[0] == costs[1]


@pytest.mark.django_db(transaction=True)
def test_looking_waits_for_nobody_and_confirming_loses_nothing(admin_client, flask):
    with another_writer():
        page = choose(admin_client, "mark_reviewed", [flask])
        listed = show(admin_client, page, months="9")
        answer = confirm(admin_client, listed)

    assert [page.status_code, listed.status_code, answer.status_code] == [200, 200, 503]
    assert answer["Retry-After"] == "5"
    sent = read_form(answer)
    assert sent["months"] == "9"
    assert admin_client.post(url_for(Technology), sent).status_code == 302
    assert Technology.objects.get().review_by is not None


@pytest.mark.parametrize(
    ("make", "offered"),
    [
        (make_category, ["publish", "archive", "mark_reviewed", "move"]),
        (make_technology, ["publish", "archive", "mark_reviewed", "set_lifecycle", "move"]),
        (make_comparison, ["publish", "archive", "mark_reviewed", "move"]),
        (make_snippet, ["mark_reviewed", "move"]),
        (make_version_set, ["publish", "archive", "mark_reviewed"]),
    ],
)
def test_a_list_offers_what_can_be_done_to_its_rows(admin_client, make, offered):
    page = admin_client.get(url_for(type(make())))

    choices = page.context["action_form"].fields["action"].choices
    assert [name for name, _label in choices] == ["", "delete_selected", *offered]


def test_a_popup_offers_nothing(admin_client):
    make_technology()

    page = admin_client.get(url_for(Technology) + "?_popup=1")

    assert page.context["action_form"] is None


# Who may ------------------------------------------------------------------------------------------


WAITS = "You do not publish: what readers see stays as it is, and waits for a publisher."


def offered(client: Client, model: type) -> list[str]:
    form = client.get(url_for(model)).context["action_form"]
    return [name for name, _label in form.fields["action"].choices if name] if form else []


def test_each_role_is_offered_what_it_may_do():
    make_technology()
    common = ["publish", "archive", "mark_reviewed", "set_lifecycle"]

    seen = {
        role: offered(sign_in_as(role, role.lower()), Technology)
        for role in ("Contributor", "Editor", "Publisher", "Auditor")
    }

    assert seen == {
        "Contributor": common,
        "Editor": common,
        "Publisher": ["delete_selected", *common, "move"],
        "Auditor": [],
    }


def test_who_may_not_see_categories_is_offered_none():
    make_technology()
    client = sign_in("change_technology", "view_technology", "change_listing", "publish_content")

    assert "move" not in offered(client, Technology)


def test_what_an_editor_changes_of_live_things_waits():
    with change():
        live = make_technology(slug="flask", name="Flask")
    (draft,) = make_drafts("Quart")
    client = sign_in_as("Editor", "grace")

    page = choose(client, "mark_reviewed", [live, draft])
    answer = confirm(client, page)

    assert WAITS in texts_of(page, "p")
    live.refresh_from_db()
    draft.refresh_from_db()
    assert (live.review_by, draft.review_by is not None) == (None, True)
    assert [pending.thing for pending in Pending.objects.all()] == [live.key]
    assert editions.latest().comment == "Reviewed."
    assert Revision.objects.filter(edition=editions.latest()).count() == 1
    said = messages_of(answer)
    assert len([text for text in said if "waits for a publisher" in text]) == 1
    assert not any(text.startswith("Reviewed") for text in said)


@pytest.mark.parametrize("action", ["publish", "archive"])
def test_a_draft_is_proposed_to_readers(action):
    (draft,) = make_drafts("Quart")
    client = sign_in_as("Contributor", "grace")
    number = editions.latest().number

    confirm(client, choose(client, action, [draft]))

    assert Technology.objects.get().status == Status.DRAFT
    assert Pending.objects.get().thing == draft.key
    assert editions.latest().number == number


def test_many_proposals_are_one_for_each_thing():
    with change():
        rows = [make_technology() for _ in range(3)]
    client = sign_in_as("Editor", "grace")

    page = show(client, choose(client, "set_lifecycle", rows), lifecycle="active")
    confirm(client, page)

    assert {pending.thing for pending in Pending.objects.all()} == {row.key for row in rows}


def test_what_somebody_else_proposed_is_not_written_over():
    with change():
        flask = make_technology(slug="flask", name="Flask")
    ada, grace = sign_in_as("Contributor", "ada"), sign_in_as("Contributor", "grace")
    confirm(ada, choose(ada, "mark_reviewed", [flask]))
    before = Pending.objects.values_list("version", "user", "document").get()

    page = confirm(grace, choose(grace, "archive", [flask]))

    assert page.status_code == 409
    assert part_of(page, "problems") == [
        "A change of “flask” by ada waits for a publisher, and is not yours to go on with."
    ]
    assert Pending.objects.values_list("version", "user", "document").get() == before


def test_one_goes_on_with_ones_own():
    with change():
        flask = make_technology(slug="flask", name="Flask")
    ada = sign_in_as("Contributor", "ada")
    confirm(ada, choose(ada, "mark_reviewed", [flask]))

    confirm(ada, choose(ada, "archive", [flask]))

    pending = Pending.objects.get()
    assert pending.version == 2
    assert '"status":"archived"' in pending.document
    assert '"review_by":null' not in pending.document


def test_who_loses_the_permission_meanwhile_is_stopped():
    (draft,) = make_drafts("Quart")
    client = sign_in_as("Publisher", "grace")
    page = choose(client, "publish", [draft])
    User.objects.get(username="grace").groups.clear()

    answer = confirm(client, page)

    assert answer.status_code == 403
    assert Technology.objects.get().status == Status.DRAFT
