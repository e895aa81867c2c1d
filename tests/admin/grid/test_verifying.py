"""“Verified today by me”: for a cell, a row and a column, together with what was typed."""

from datetime import date

import pytest
import time_machine
from django.contrib.auth.models import User

from catalog.models import Edition
from tests.admin.grid.tables import DOCS, cell, grid_of, make_table, rested_on, said, send
from tests.admin.pages import messages_of

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

TODAY = date(2026, 11, 25)


@pytest.fixture(autouse=True)
def on_a_day() -> None:
    with time_machine.travel("2026-11-25T23:30:00Z", tick=False):
        yield


def signed() -> set[str]:
    places = [("speed", "flask"), ("speed", "quart"), ("best-for", "flask"), ("best-for", "quart")]
    return {".".join(place) for place in places if cell(*place).verified_on == TODAY}


@pytest.mark.parametrize(
    ("button", "cells"),
    [
        ("cell.speed.quart", {"speed.quart"}),
        ("row.speed", {"speed.flask", "speed.quart"}),
        ("column.flask", {"speed.flask", "best-for.flask"}),
        ("cell.speed", set()),
        ("row.nothing", set()),
        ("everything", set()),
        ("cell.speed.quart.x", set()),
        ("", set()),
    ],
)
def test_a_button_signs_what_it_names(type_in, button, cells):
    answer = type_in({"_verify": button})

    assert answer.status_code == 302
    assert signed() == cells


def test_it_keeps_source_and_versions(type_in):
    type_in({"_verify": "cell.speed.flask"})

    assert rested_on("speed", "flask") == (DOCS, TODAY, "admin", "3.1")


def test_a_full_name_is_better_than_an_account(admin_client):
    User.objects.filter(username="admin").update(first_name="Grace", last_name="H" * 100)
    comparison = make_table()

    send(admin_client, grid_of(comparison), {"_verify": "cell.speed.flask"})

    assert rested_on("speed", "flask")[2] == f"Grace {'H' * 100}"[:80]


def test_what_was_typed_is_saved_in_the_same_edition(type_in):
    before = Edition.objects.count()

    type_in(
        {"_verify": "cell.async.quart", "judgement.async.quart": "4", "note.speed.flask": "Typed"}
    )

    assert Edition.objects.count() == before + 1
    assert (said("async", "quart")[1], rested_on("async", "quart")[1]) == (4, TODAY)
    assert said("speed", "flask")[-1] == "Typed"


def test_what_does_not_apply_can_be_verified(type_in):
    type_in({"_verify": "cell.async.flask", "judgement.async.flask": "not-applicable"})

    assert rested_on("async", "flask")[1] == TODAY


def test_what_is_unknown_cannot_be_verified(type_in):
    answer = type_in({"_verify": "row.async"})

    assert messages_of(answer) == ["There is nothing to verify: what is unknown, is."]
    assert rested_on("async", "flask")[1] is None


def test_a_fault_elsewhere_signs_nothing(type_in):
    page = type_in({"_verify": "row.speed", "name.speed": ""})

    assert (page.status_code, signed()) == (400, set())


def test_a_rows_page_has_the_buttons_too(admin_client, comparison):
    url = grid_of(comparison, "speed")

    send(admin_client, url, {"_verify": "cell.speed.quart", "source.speed.quart": DOCS})
    one = signed()
    send(admin_client, url, {"_verify": "row.speed"})

    assert (one, signed()) == ({"speed.quart"}, {"speed.flask", "speed.quart"})
    assert rested_on("speed", "quart") == (DOCS, TODAY, "admin", "")
