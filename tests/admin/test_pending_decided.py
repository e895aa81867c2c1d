"""A publisher applies a pending change or gives it back; who may do what with it."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from catalog.history import editions
from catalog.models import (
    Edition,
    Pending,
    Technology,
)
from tests.admin.deciding import decide, review, summary
from tests.admin.pages import save, url_for, url_of
from tests.admin.roles import sign_in_as
from tests.factories import (
    make_category,
)

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


def test_applied_it_is_live_and_history_says_whose_it_was(
    ada: Client, eve: Client, flask: Technology
) -> None:
    save(ada, url_of(flask), summary="Tiny")
    decide(ada, "explain", comment="As measured.")

    answer = decide(eve, "apply")

    newest = editions.latest()
    assert (answer.status_code, summary(), Pending.objects.count()) == (302, "Tiny", 0)
    assert (newest.number, newest.user) == (2, "eve")
    assert newest.comment == "As measured. Proposed by ada."


def test_what_both_changed_is_asked(ada: Client, eve: Client, flask: Technology) -> None:
    save(ada, url_of(flask), summary="Tiny")
    save(eve, url_of(flask), summary="Huge")

    undecided = decide(eve, "apply")
    assert (undecided.status_code, summary()) == (409, "Huge")
    (conflict,) = undecided.context["conflicts"]
    decide(eve, "apply", **{conflict.choice_name: "mine"})

    assert (summary(), Pending.objects.count()) == ("Tiny", 0)


def test_a_page_that_was_overtaken_applies_nothing(
    ada: Client, eve: Client, flask: Technology
) -> None:
    save(ada, url_of(flask), summary="Tiny")
    state = eve.get(review()).context["state"]
    with editions.record("bob", "", Edition.Origin.ADMIN):
        make_category()

    page = eve.post(review(), {"_state": state, "_decision": "apply"})

    assert (page.status_code, summary()) == (409, "Small")


def test_returned_it_waits_for_its_author(ada: Client, eve: Client, flask: Technology) -> None:
    save(ada, url_of(flask), summary="Tiny")
    assert decide(eve, "return").status_code == 200  # a word is wanted
    decide(eve, "return", answer="Say why.")

    pending = Pending.objects.get()
    assert (pending.state, pending.answer, pending.answered_by) == ("returned", "Say why.", "eve")
    assert "Returned by eve: Say why." in ada.get(review()).content.decode()
    save(ada, url_of(flask), summary="Tiny, as measured")
    assert Pending.objects.get().state == "waiting"


def test_withdrawn_it_is_gone(ada: Client, flask: Technology) -> None:
    save(ada, url_of(flask), summary="Tiny")
    decide(ada, "withdraw")
    assert (Pending.objects.count(), summary()) == (0, "Small")


@pytest.mark.parametrize(
    ("role", "name", "statuses"),
    [
        ("Contributor", "ada", {"apply": 403, "return": 403, "explain": 302, "withdraw": 302}),
        ("Contributor", "bob", {"apply": 403, "return": 403, "explain": 403, "withdraw": 403}),
        ("Editor", "bob", {"apply": 403, "return": 403, "explain": 302, "withdraw": 302}),
        ("Publisher", "eve", {"apply": 302, "return": 302, "explain": 302, "withdraw": 302}),
        ("Auditor", "kim", {"apply": 403, "return": 403, "explain": 403, "withdraw": 403}),
    ],
)
def test_who_may_decide_what(
    flask: Technology, role: str, name: str, statuses: dict[str, int]
) -> None:
    found = {}
    for decision in statuses:
        Pending.objects.all().delete()
        save(sign_in_as("Contributor", "ada"), url_of(flask), summary=f"By {decision}")
        client = sign_in_as(role, name)
        found[decision] = decide(client, decision, answer="No", comment="Why").status_code
    assert found == statuses


def test_nobody_approves_their_own_where_four_eyes_are_asked(
    ada: Client, flask: Technology, settings: Settings
) -> None:
    save(ada, url_of(flask), summary="Tiny")
    promoted = sign_in_as("Publisher", "ada")
    settings.FOUR_EYES = True

    refused = decide(promoted, "apply").status_code
    settings.FOUR_EYES = False
    allowed = decide(promoted, "apply").status_code

    assert (refused, allowed, summary()) == (403, 302, "Tiny")


def test_a_button_that_is_not_there_is_refused(eve: Client, ada: Client, flask: Technology) -> None:
    save(ada, url_of(flask), summary="Tiny")
    assert decide(eve, "delete").status_code == 400
    assert decide(eve, "").status_code == 400


def test_what_is_decided_already_is_said(ada: Client, eve: Client, flask: Technology) -> None:
    save(ada, url_of(flask), summary="Tiny")
    address, state = review(), eve.get(review()).context["state"]
    decide(eve, "withdraw")

    answer = eve.post(address, {"_state": state, "_decision": "apply"})

    assert (answer.status_code, answer.url) == (302, url_for(Pending))


def test_it_is_previewed_as_it_would_be(ada: Client, flask: Technology) -> None:
    save(ada, url_of(flask), summary="Tiny indeed")
    preview = reverse("admin:catalog_pending_preview", args=[Pending.objects.get().pk])

    page = ada.get(preview)

    assert page.status_code == 200
    assert "Tiny indeed" in page.content.decode()
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert "no-store" in page.headers["Cache-Control"]
    assert summary() == "Small"
    assert Edition.objects.count() == 1


def test_an_auditor_sees_and_changes_nothing(ada: Client, flask: Technology) -> None:
    save(ada, url_of(flask), summary="Tiny")
    auditor = sign_in_as("Auditor")

    assert auditor.get(review()).status_code == 200
    assert auditor.get(url_of(flask)).status_code == 200
    assert auditor.post(url_of(flask), {"summary": "Mine"}).status_code == 403


def test_who_may_not_see_the_thing_does_not_see_what_it_would_be(
    ada: Client, flask: Technology
) -> None:
    save(ada, url_of(flask), summary="Tiny")
    pending = Pending.objects.get()
    client = sign_in_as("", "kim")
    from django.contrib.auth.models import Permission, User  # noqa: PLC0415

    User.objects.get(username="kim").user_permissions.set(
        Permission.objects.filter(codename="view_pending")
    )

    assert client.get(url_of(pending)).status_code == 403
    preview = reverse("admin:catalog_pending_preview", args=[pending.pk])
    assert client.get(preview).status_code == 403
    assert client.get(url_for(Pending)).context["cl"].result_count == 0
