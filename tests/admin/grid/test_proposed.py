"""Cells of a published table by whoever does not publish: they wait, and are gone on with."""

import pytest
from django.test import Client

from catalog.models import Cell, Comparison, Edition, Pending, Status
from tests.admin.grid.tables import grid_of, make_table, names_of_rows, said, send
from tests.admin.pages import messages_of, read_form
from tests.admin.roles import sign_in_as

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


@pytest.fixture
def ada() -> Client:
    return sign_in_as("Contributor", "ada")


def test_what_a_contributor_saves_of_a_live_table_waits(ada: Client) -> None:
    comparison = make_table()
    editions = Edition.objects.count()

    answer = send(ada, grid_of(comparison), {"judgement.speed.flask": "1"})

    assert answer.status_code == 302
    assert "waits for a publisher" in messages_of(answer)[0]
    assert (said("speed", "flask")[1], Edition.objects.count()) == (3, editions)
    pending = Pending.objects.get()
    assert (pending.kind, pending.slug, pending.user) == ("comparison", "web", "ada")
    assert '"rating":1' in pending.document


def test_the_form_shows_what_waits_and_goes_on_with_it(ada: Client) -> None:
    comparison = make_table()
    url = grid_of(comparison)
    send(ada, url, {"judgement.speed.flask": "1", "new-row.name": "Licence"})

    form = read_form(ada.get(url))
    answer = send(ada, url, {"judgement.licence.flask": "4", "judgement.async.quart": "0"})

    assert (form["judgement.speed.flask"], form["judgement.licence.flask"]) == ("1", "")
    assert answer.status_code == 302
    pending = Pending.objects.get()
    assert pending.version == 2
    assert '"slug":"licence"' in pending.document
    again = read_form(ada.get(url))
    assert (again["judgement.licence.flask"], again["judgement.async.quart"]) == ("4", "0")
    assert names_of_rows(comparison) == ["speed", "async", "best-for"]
    assert Cell.objects.count() == 5


def test_the_row_of_a_pending_change_has_a_page(ada: Client) -> None:
    comparison = make_table()
    send(ada, grid_of(comparison), {"new-row.name": "Licence"})

    page = ada.get(grid_of(comparison, "licence"))
    answer = send(ada, grid_of(comparison, "licence"), {"weight.licence": "4"})

    assert (page.status_code, answer.status_code) == (200, 302)
    assert '"weight":4' in Pending.objects.get().document


def test_a_fault_leaves_what_waits_as_it_is(ada: Client) -> None:
    comparison = make_table()
    url = grid_of(comparison)
    send(ada, url, {"judgement.speed.flask": "1"})

    page = send(ada, url, {"name.speed": ""})
    answer = ada.post(url, read_form(page) | {"name.speed": "Pace"})

    assert (page.status_code, answer.status_code) == (400, 302)
    assert Pending.objects.get().version == 2


def test_a_form_from_before_the_last_change_of_what_waits_is_refused(ada: Client) -> None:
    comparison = make_table()
    url = grid_of(comparison)
    send(ada, url, {"judgement.speed.flask": "1"})
    form = read_form(ada.get(url))
    send(ada, url, {"judgement.speed.flask": "2"})

    page = ada.post(url, form | {"judgement.speed.quart": "0"})

    assert page.status_code == 409
    assert read_form(page)["judgement.speed.quart"] == "0"
    assert Pending.objects.get().version == 2


def test_what_somebody_else_proposed_is_not_gone_on_with(ada: Client) -> None:
    comparison = make_table()
    url = grid_of(comparison)
    send(ada, url, {"judgement.speed.flask": "1"})
    bob = sign_in_as("Contributor", "bob")

    page = send(bob, url, {"judgement.speed.quart": "0"})

    assert page.status_code == 409
    assert "by ada waits for a publisher" in page.content.decode()
    assert Pending.objects.get().version == 1


def test_a_publisher_sees_what_is_live(ada: Client) -> None:
    comparison = make_table()
    send(ada, grid_of(comparison), {"judgement.speed.flask": "1"})

    form = read_form(sign_in_as("Publisher").get(grid_of(comparison)))

    assert form["judgement.speed.flask"] == "3"


def test_a_draft_is_written_at_once(ada: Client) -> None:
    comparison = make_table(status=Status.DRAFT)

    send(ada, grid_of(comparison), {"judgement.speed.flask": "1"})

    assert (said("speed", "flask")[1], Pending.objects.count()) == (1, 0)
    assert Comparison.objects.get().status == Status.DRAFT


@pytest.mark.parametrize(
    ("role", "get", "post"),
    [
        ("", 403, 403),
        ("Auditor", 200, 403),
        ("Contributor", 200, 302),
        ("Editor", 200, 302),
        ("Publisher", 200, 302),
    ],
)
def test_each_role(role: str, get: int, post: int) -> None:
    comparison = make_table()
    client = sign_in_as(role, "someone")
    url = grid_of(comparison)
    page = client.get(url)
    token = page.context["token"] if page.status_code == 200 else ""

    answer = client.post(url, {"_state": token, "judgement.speed.flask": "1"})

    assert (page.status_code, answer.status_code) == (get, post)
    assert said("speed", "flask")[1] == (1 if role == "Publisher" else 3)
