"""Who may change many things at once, and what becomes of it where somebody does not publish."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from catalog.history import editions
from catalog.models import Pending, Revision, Status, Technology
from tests.admin.bulk.acting import choose, confirm, make_drafts, part_of, show
from tests.admin.pages import messages_of, url_for
from tests.admin.reading_history import change, texts_of
from tests.admin.roles import sign_in, sign_in_as
from tests.factories import make_technology

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

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
