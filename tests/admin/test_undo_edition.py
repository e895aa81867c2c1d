"""An edition is taken back: first shown, then done, refused by name, never in part."""

from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalog.history import editions
from catalog.models import Category, Edition, Listing, Pending, Status, Technology
from tests.admin.bulk.acting import part_of, refusal_of
from tests.admin.pages import messages_of, read_form, save, url_of
from tests.admin.reading_history import (
    change,
    delete,
    links_of,
    make_quart,
    revision_of,
    texts_of,
    update,
)
from tests.admin.roles import sign_in, sign_in_as
from tests.admin.test_while_writing import another_writer
from tests.admin.uploading import address as pack_address
from tests.factories import make_category, make_listing, make_point, make_technology
from tests.packs.packing import load_pack, pack, technology

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


def address(number: int) -> str:
    return reverse("admin:catalog_edition_undo", args=[number])


def undo(client: Client, number: int, **fields: Any) -> HttpResponse:
    """Open the page, press the button."""
    return client.post(address(number), read_form(client.get(address(number))) | fields)


def again(client: Client, page: HttpResponse) -> HttpResponse:
    return client.post(page.request["PATH_INFO"], read_form(page))


def things_of(page: HttpResponse) -> list[str]:
    return [text for text in texts_of(page, "li") if ": " in text and not text[0].isdigit()]


def test_what_would_be_taken_back_is_shown_before_anything_is(admin_client, in_capitals):
    page = admin_client.get(address(2))

    assert texts_of(page, "h1") == ["Undo edition 2"]
    assert part_of(page, "summary") == ["Technologies: 1 changed"]
    assert "Quart: Name: “QUART” → “Quart”" in things_of(page)
    assert Technology.objects.get().name == "QUART"
    assert editions.latest().number == 2


def test_an_undo_is_an_edition_with_its_user_and_comment(admin_client, quart):
    update(quart, name="QUART", licence="MIT")

    answer = undo(admin_client, 2)

    newest = editions.latest()
    assert (answer.status_code, answer["Location"]) == (302, url_of(quart))
    assert (newest.number, newest.user, newest.comment, newest.origin) == (
        3,
        "admin",
        "Took back edition 2",
        Edition.Origin.ADMIN,
    )
    assert messages_of(answer)[0] == "Edition 2 is undone."
    assert messages_of(answer)[1].startswith("Edition 3. Quart: Name: “QUART” → “Quart”")
    assert revision_of(quart).document == revision_of(quart, 1).document


def test_an_undo_can_be_undone(admin_client, in_capitals, quart):
    undo(admin_client, 2)

    undo(admin_client, 3)

    quart.refresh_from_db()
    assert quart.name == "QUART"


def test_what_came_after_stays(admin_client, in_capitals, quart):
    update(quart, licence="MIT")

    undo(admin_client, 2)

    assert Technology.objects.values_list("name", "licence").get() == ("Quart", "MIT")


def test_what_was_changed_since_bars_the_way_by_name(admin_client, in_capitals, quart):
    page = admin_client.get(address(2))
    with change(user="grace"):
        quart.name = "quart"
        quart.save()

    barred = admin_client.get(address(2))
    sent = again(admin_client, page)

    reason = "The name of “quart” has been changed since, in edition 3 (grace)."
    assert (barred.status_code, part_of(barred, "reasons")) == (200, [reason])
    assert 'id="undo_form"' not in barred.text
    assert (sent.status_code, part_of(sent, "reasons")) == (409, [reason])
    assert (Technology.objects.get().name, editions.latest().number) == ("quart", 3)


def test_a_page_that_somebody_overtook_is_shown_anew(admin_client, in_capitals, quart):
    page = admin_client.get(address(2))
    with change(user="grace"):
        quart.licence = "MIT"
        quart.save()

    sent = again(admin_client, page)

    assert sent.status_code == 409
    assert refusal_of(sent) == (
        "Nothing was undone. “QUART” has been changed since, in edition 3 (grace). "
        "Below is what would change now."
    )
    assert again(admin_client, sent).status_code == 302
    assert Technology.objects.values_list("name", "licence").get() == ("Quart", "MIT")


@pytest.mark.parametrize("token", ["", "x", "99"])
def test_a_page_without_its_state_is_refused(admin_client, in_capitals, token):
    sent = undo(admin_client, 2, _state=token)

    assert sent.status_code == 409
    assert refusal_of(sent).startswith("It is not known which state")
    assert Technology.objects.get().name == "QUART"


def test_what_was_not_listed_is_not_done(admin_client, in_capitals):
    sent = undo(admin_client, 2, _seen="")

    assert refusal_of(sent) == "Nothing was undone. Below is what would change now."
    assert Technology.objects.get().name == "QUART"


def test_nothing_is_undone_twice(admin_client, in_capitals):
    first = admin_client.get(address(2))
    again(admin_client, first)

    page = admin_client.get(address(2))

    assert "Nothing to do: all of it is undone already." in texts_of(page, "p")
    assert again(admin_client, first).status_code == 409
    assert editions.latest().number == 3


def test_a_new_thing_goes(admin_client):
    with change():
        make_point(make_technology(slug="quart", name="Quart"), text="Fast")

    answer = undo(admin_client, 1)

    assert answer["Location"] == reverse("admin:catalog_edition_change", args=[1])
    assert Technology.objects.count() == 0


def test_a_deleted_thing_comes_back(admin_client):
    with change():
        quart = make_technology(slug="quart", name="Quart")
        make_point(quart, text="Fast")
    delete(quart)

    answer = undo(admin_client, 2)

    back = Technology.objects.get()
    assert answer["Location"] == url_of(back)
    assert back.points.get().text == "Fast"


def test_several_things_are_taken_back_together(admin_client):
    with change():
        web, quart = make_category(slug="web", name="Web"), make_technology(slug="quart")
    with change():
        make_listing(web, quart)
        web.best_for = "Pages"
        web.save()

    answer = undo(admin_client, 2)

    assert answer["Location"] == reverse("admin:catalog_edition_change", args=[2])
    assert (Listing.objects.count(), Category.objects.get().best_for) == (0, "")
    assert editions.latest().revisions.count() == 2


def test_what_breaks_a_rule_of_today_is_refused(admin_client):
    with change():
        top, low = make_category(name="Top"), make_category(name="Low")
        low.parent = top
        low.save()
    update(low, parent=None)
    with change():
        make_category(name="Lowest", parent=low)

    page = admin_client.get(address(2))

    assert "must stay on top" in part_of(page, "reasons")[0]
    assert 'id="undo_form"' not in page.text
    assert editions.latest().number == 3


def test_a_renaming_has_nothing_to_take_back(admin_client, quart):
    save(admin_client, url_of(quart, "rename"), slug="quart-2")

    page = admin_client.get(address(2))

    assert "Nothing to do: all of it is undone already." in texts_of(page, "p")


@pytest.mark.django_db(transaction=True)
def test_while_somebody_else_writes_nothing_is_undone(admin_client, in_capitals):
    with another_writer():
        page = undo(admin_client, 2)

    assert (page.status_code, page["Retry-After"]) == (503, "5")
    assert Technology.objects.get().name == "QUART"


# Packs ------------------------------------------------------------------------------------------


def test_what_a_pack_brought_is_undone_as_a_pack(admin_client, tmp_path):
    load = load_pack(pack(tmp_path, technology("flask")))[1]

    answer = admin_client.get(address(load.edition_id))

    assert (answer.status_code, answer["Location"]) == (302, pack_address("undo", load.pk))


def test_what_took_a_pack_back_is_not_undone_here(admin_client, tmp_path):
    load = load_pack(pack(tmp_path, technology("flask")))[1]
    undo_page = pack_address("undo", load.pk)
    admin_client.post(undo_page, read_form(admin_client.get(undo_page)))

    page = admin_client.get(address(2))
    sent = admin_client.post(address(2), {"_state": "2 technology/flask"})

    assert part_of(page, "reasons") == [
        "It took back the pack guide 1: to have that again, load the pack."
    ]
    assert (sent.status_code, editions.latest().number) == (409, 2)


def test_no_other_method_is_answered(admin_client):
    make_quart()

    assert admin_client.delete(address(1)).status_code == 405


def test_a_page_for_twelve_costs_what_one_for_one_does(admin_client):
    for count in (1, 12):
        with change():
            for _ in range(count):
                make_technology()
    admin_client.get(address(1))

    costs = []
    for number in (1, 2):
        with CaptureQueriesContext(connection) as queries:
            assert admin_client.get(address(number)).status_code == 200
        costs.append(len(queries))

    assert costs[0] == costs[1]


# Who may take an edition back ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("permissions", "of_change", "of_making", "of_deleting"),
    [
        ([], 403, 403, 403),
        (["view_technology"], 403, 403, 403),
        (["change_category"], 403, 403, 403),
        (["change_technology"], 200, 403, 403),
        (["change_technology", "add_technology"], 200, 403, 200),
        (["change_technology", "delete_technology"], 200, 200, 403),
        (["delete_technology", "add_technology"], 403, 403, 403),
    ],
)
def test_to_undo_is_to_change_and_at_times_to_add_or_delete(
    in_capitals, quart, permissions, of_change, of_making, of_deleting
):
    with change():
        flask = make_technology(slug="flask")
    with change():
        sanic = make_technology(slug="sanic")
    delete(sanic)
    client = sign_in(*permissions)
    expected = {2: of_change, 3: of_making, 5: of_deleting}

    seen = {number: client.get(address(number)).status_code for number in expected}
    sent = {
        number: client.post(address(number), {"_state": f"5 technology/{slug}"}).status_code
        for number, slug in ((2, "quart"), (3, "flask"), (5, "sanic"))
    }

    assert seen == expected
    assert sent == {number: 409 if code == 200 else 403 for number, code in expected.items()}
    assert (flask.slug, editions.latest().number) == ("flask", 5)


def test_every_thing_that_was_changed_is_asked_for():
    with change():
        make_listing(make_category(), make_technology())
    client = sign_in("change_technology", "delete_technology")

    assert client.get(address(1)).status_code == 403


def test_what_an_editor_undoes_of_a_live_thing_waits(in_capitals, quart):
    client = sign_in_as("Editor", "grace")

    page = client.get(address(2))
    answer = again(client, page)

    pending = Pending.objects.get()
    assert any(text.startswith("You do not publish") for text in texts_of(page, "p"))
    assert answer["Location"] == reverse("admin:catalog_pending_change", args=[pending.pk])
    assert pending.thing == quart.key
    assert (Technology.objects.get().name, editions.latest().number) == ("QUART", 2)


def test_what_an_editor_undoes_of_a_draft_is_undone():
    with change():
        draft = make_technology(slug="draft", name="Draft", status=Status.DRAFT)
    update(draft, name="DRAFT")
    client = sign_in_as("Editor", "grace")

    answer = undo(client, 2)

    assert answer["Location"] == url_of(draft)
    assert Technology.objects.get().name == "Draft"


def test_what_somebody_else_proposed_is_not_written_over(in_capitals, quart):
    Pending.objects.create(
        kind="technology", slug="quart", edition=2, document="[]", user="ada", authors=["ada"]
    )
    client = sign_in_as("Contributor", "grace")

    sent = undo(client, 2)

    assert part_of(sent, "reasons") == [
        "A change of “quart” by ada waits for a publisher, and is not yours to go on with."
    ]
    assert Pending.objects.get().document == "[]"


def test_the_page_of_an_edition_offers_it(admin_client, in_capitals):
    page = reverse("admin:catalog_edition_change", args=[2])

    auditor = sign_in_as("Auditor", "grace").get(page)

    assert links_of(admin_client.get(page))["Undo"] == address(2)
    assert "Undo" not in links_of(auditor)
