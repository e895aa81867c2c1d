"""Who may take an edition back, and what becomes of it where somebody does not publish."""

import pytest
from django.test import Client
from django.urls import reverse

from catalog.history import editions
from catalog.models import Pending, Status, Technology
from tests.admin.bulk.acting import part_of, sign_in
from tests.admin.pages import url_of
from tests.admin.reading_history import change, delete, links_of, make_quart, texts_of, update
from tests.admin.test_undo_edition import address, again, undo
from tests.factories import make_category, make_listing, make_technology

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


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
    permissions: list[str], of_change: int, of_making: int, of_deleting: int
) -> None:
    quart = make_quart()
    update(quart, name="QUART")
    with change():
        flask = make_technology(slug="flask")
    with change():
        sanic = make_technology(slug="sanic")
    delete(sanic)
    client = sign_in("", *permissions)
    expected = {2: of_change, 3: of_making, 5: of_deleting}

    seen = {number: client.get(address(number)).status_code for number in expected}
    sent = {
        number: client.post(address(number), {"_state": f"5 technology/{slug}"}).status_code
        for number, slug in ((2, "quart"), (3, "flask"), (5, "sanic"))
    }

    assert seen == expected
    assert sent == {number: 409 if code == 200 else 403 for number, code in expected.items()}
    assert (flask.slug, editions.latest().number) == ("flask", 5)


def test_every_thing_that_was_changed_is_asked_for() -> None:
    with change():
        make_listing(make_category(), make_technology())
    client = sign_in("", "change_technology", "delete_technology")

    assert client.get(address(1)).status_code == 403


def test_what_an_editor_undoes_of_a_live_thing_waits() -> None:
    quart = make_quart()
    update(quart, name="QUART")
    client = sign_in("Editor")

    page = client.get(address(2))
    answer = again(client, page)

    pending = Pending.objects.get()
    assert any(text.startswith("You do not publish") for text in texts_of(page, "p"))
    assert answer["Location"] == reverse("admin:catalog_pending_change", args=[pending.pk])
    assert pending.thing == quart.key
    assert (Technology.objects.get().name, editions.latest().number) == ("QUART", 2)


def test_what_an_editor_undoes_of_a_draft_is_undone() -> None:
    with change():
        draft = make_technology(slug="draft", name="Draft", status=Status.DRAFT)
    update(draft, name="DRAFT")
    client = sign_in("Editor")

    answer = undo(client, 2)

    assert answer["Location"] == url_of(draft)
    assert Technology.objects.get().name == "Draft"


def test_what_somebody_else_proposed_is_not_written_over() -> None:
    quart = make_quart()
    update(quart, name="QUART")
    Pending.objects.create(
        kind="technology", slug="quart", edition=2, document="[]", user="ada", authors=["ada"]
    )
    client = sign_in("Contributor")

    sent = undo(client, 2)

    assert part_of(sent, "reasons") == [
        "A change of “quart” by ada waits for a publisher, and is not yours to go on with."
    ]
    assert Pending.objects.get().document == "[]"


def test_the_page_of_an_edition_offers_it(admin_client: Client) -> None:
    update(make_quart(), name="QUART")
    page = reverse("admin:catalog_edition_change", args=[2])

    auditor = sign_in("Auditor").get(page)

    assert links_of(admin_client.get(page))["Undo"] == address(2)
    assert "Undo" not in links_of(auditor)
