"""After a save: what it changed, in the sentences of history, and the way back."""

import pytest
from django.contrib import messages
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.admin import saving
from catalog.history import editions, renames
from catalog.history.diff import changes_in
from catalog.models import Cell, Listing, Technology
from tests.admin.pages import messages_of, save, url_for, url_of
from tests.admin.reading_history import change, make_quart
from tests.admin.roles import sign_in_as
from tests.factories import make_category, make_comparison, make_listing, make_technology

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

WAYS = (
    '<a href="/admin/catalog/revision/of/technology/quart/?to={0}">See the difference</a> · '
    '<a href="/admin/catalog/edition/{0}/undo/">Undo</a>'
)


def test_a_save_says_what_it_changed(admin_client):
    quart = make_quart()

    answer = save(admin_client, url_of(quart), summary="Async", licence="MIT")

    assert messages_of(answer)[0].endswith("was changed successfully.")
    assert messages_of(answer)[1:] == [
        f"Edition 2. Quart: Summary: empty → “Async”; Licence: empty → “MIT”. {WAYS.format(2)}"
    ]


def test_of_many_changes_the_first_three_are_told(admin_client):
    quart = make_quart()
    fields = {"licence": "MIT", "owner": "Ada", "lifecycle": "active", "summary": "Async"}

    answer = save(admin_client, url_of(quart), **fields)

    text = messages_of(answer)[1].partition(" <a")[0]
    assert text.endswith(", and 1 more change.")
    assert text.count("; ") == 2


def test_a_new_thing_and_a_deleted_one_are_told(admin_client):
    answer = save(
        admin_client, url_for(Technology, "add"), name="Quart", slug="quart", kind="library"
    )
    quart = Technology.objects.get()
    gone = admin_client.post(url_of(quart, "delete"), {"post": "yes"})

    assert messages_of(answer)[1] == f"Edition 1. New technology: Quart. {WAYS.format(1)}"
    assert messages_of(gone)[-1] == f"Edition 2. Quart: Deleted. {WAYS.format(2)}"


def test_a_save_that_changes_nothing_says_nothing_more(admin_client):
    quart = make_quart()

    assert len(messages_of(save(admin_client, url_of(quart)))) == 1


def test_what_was_written_is_text(admin_client):
    quart = make_quart()

    answer = save(admin_client, url_of(quart), summary="<script>alert(1)</script>")

    assert "&lt;script&gt;" in messages_of(answer)[1]


def test_a_listing_is_told_once(admin_client):
    with change():
        listing = make_listing(make_category(slug="web", name="Web"), make_quart())

    answer = save(admin_client, url_of(listing), verdict="avoid")

    (text,) = (text for text in messages_of(answer) if text.startswith("Edition"))
    assert text.count("recommended → avoid") == 1


def test_the_links_are_for_those_who_may(admin_client):
    with change():
        listing = make_listing(make_category(slug="web"), make_quart())
    contributor = sign_in_as("Contributor", "grace")
    with change():
        for thing in (listing.category, listing.technology):
            thing.status = "draft"
            thing.save()

    answer = save(contributor, url_of(listing), verdict="avoid")

    (text,) = (text for text in messages_of(answer) if text.startswith("Edition"))
    assert "See the difference" in text
    assert "Undo" not in text  # that would change a category, too


def test_what_waits_is_not_said_to_have_changed():
    quart = make_quart()

    answer = save(sign_in_as("Editor", "grace"), url_of(quart), summary="Async")

    assert not any(text.startswith("Edition") for text in messages_of(answer))
    assert editions.latest().number == 1


def test_a_renaming_is_no_change_of_what_things_say():
    quart = make_quart()
    with change():
        make_listing(technology=quart)
    with change() as door:
        renames.rename(quart, "quart-2")

    assert changes_in(door.edition) == []


def test_it_costs_few_queries_however_much_was_changed(rf, admin_user, monkeypatch):
    told: list[str] = []
    monkeypatch.setattr(messages, "info", lambda _request, text: told.append(text))
    request = rf.get("/")
    request.user = admin_user

    costs = []
    for count in (1, 8):
        with change():
            comparison = make_comparison(contenders=count, criteria=count)
            rows = [make_listing(technology=make_technology()) for _ in range(count)]
        with change() as door:
            Cell.objects.filter(criterion__comparison=comparison).update(rating=4, word="")
            Listing.objects.filter(pk__in=[row.pk for row in rows]).update(verdict="avoid")
        with CaptureQueriesContext(connection) as queries:
            saving.tell_edition(request, door.edition)
        costs.append(len(queries))

    assert costs[0] == costs[1] <= 8
    assert len(told) == 2
    assert " more changes. <a" in told[1]
