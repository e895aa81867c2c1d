"""What was typed is on the page that says why it was not saved, and is saved from there."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from catalog.models import Technology
from stackguide.errors import AWAY, BUSY, FULL, OLD_TOKEN, READ_ONLY, SIGNED_OUT, Reason, reason_of
from tests.admin.pages import read_form, url_of
from tests.factories import make_technology

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.ignore_template_errors]

HERE = {"Origin": "http://testserver"}


def make_editor() -> Client:
    """A browser that is signed in, and that meets every check that a real one meets."""
    User.objects.create_superuser("ada", password="correct horse battery")
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(User.objects.get(username="ada"))
    return client


def typed(client: Client, technology: Technology) -> dict:
    """The form of a technology, opened and typed into."""
    form = read_form(client.get(url_of(technology)))
    return {**form, "summary": "Typed for an hour", "description": "Two\nlines <b>"}


def assert_holds(page: HttpResponse, form: dict, reason: Reason) -> dict:
    """Assert that a page holds the whole form but its token, and return the form it would send."""
    assert page.status_code == reason.status
    assert reason.text in page.text.replace("&#x27;", "'")
    assert page.headers["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    again = read_form(page)
    assert {**again, "csrfmiddlewaretoken": ""} == {**form, "csrfmiddlewaretoken": ""}
    return again


def test_a_session_that_ended_costs_nothing() -> None:
    client, technology = make_editor(), make_technology(summary="Before")
    form = typed(client, technology)
    address = url_of(technology)
    del client.cookies[settings.SESSION_COOKIE_NAME]

    again = assert_holds(client.post(address, form, headers=HERE), form, SIGNED_OUT)

    # In a new tab.
    entry = {"csrfmiddlewaretoken": client.cookies[settings.CSRF_COOKIE_NAME].value}
    entry |= {"username": "ada", "password": "correct horse battery"}
    assert client.post(reverse("admin:login"), entry, headers=HERE).status_code == 302
    # Signing in gave a new token, so the page comes once more.
    page = client.post(address, again, headers=HERE)
    assert "Signed in as ada." in page.text
    last = assert_holds(page, form, OLD_TOKEN)
    assert client.post(address, last, headers=HERE).status_code == 302
    technology.refresh_from_db()
    assert technology.summary == "Typed for an hour"
    assert technology.description == "Two\nlines <b>"


def test_a_token_that_is_gone_costs_nothing() -> None:
    client, technology = make_editor(), make_technology()
    form = typed(client, technology)
    del client.cookies[settings.CSRF_COOKIE_NAME]

    again = assert_holds(client.post(url_of(technology), form, headers=HERE), form, OLD_TOKEN)

    assert client.post(url_of(technology), again, headers=HERE).status_code == 302


def test_a_thing_that_moved_on_meanwhile_is_a_conflict_as_ever() -> None:
    client, technology = make_editor(), make_technology(summary="Before")
    form = typed(client, technology)
    del client.cookies[settings.CSRF_COOKIE_NAME]
    again = read_form(client.post(url_of(technology), form, headers=HERE))
    Technology.objects.update(summary="By somebody else")

    page = client.post(url_of(technology), again, headers=HERE)

    assert (page.status_code, Technology.objects.get().summary) == (409, "By somebody else")
    assert "Typed for an hour" in page.text


@pytest.mark.parametrize(
    "headers", [{}, {"Origin": "https://elsewhere.example"}, {"Origin": "null"}]
)
def test_what_another_site_sent_is_not_held(headers: dict[str, str]) -> None:
    """Else a page of somebody else's could have one button between it and a save."""
    client, technology = make_editor(), make_technology()
    form = typed(client, technology)

    forged = client.post(url_of(technology), {**form, "csrfmiddlewaretoken": ""}, headers=headers)
    del client.cookies[settings.SESSION_COOKIE_NAME]
    nobody = client.post(url_of(technology), form, headers=headers)

    assert (forged.status_code, "Typed for an hour" in forged.text) == (403, False)
    # With a good token and no word of a foreign sender Django asks to sign in.
    assert nobody.status_code == (403 if headers else 302)
    assert "Typed for an hour" not in nobody.text


def test_passwords_files_and_the_token_are_not_on_the_page() -> None:
    client = make_editor()
    entry = {"username": "ada", "password": "correct horse battery", "next": "/admin/"}

    page = client.post(reverse("admin:login"), entry, headers=HERE)

    assert page.status_code == 403
    assert "correct horse battery" not in page.text
    again = read_form(page)
    assert again.keys() == {"csrfmiddlewaretoken", "username", "password", "next"}
    again["password"] = "correct horse battery"
    assert client.post(reverse("admin:login"), again, headers=HERE).status_code == 302


def test_names_of_drafts_are_not_told_to_whoever_is_not_signed_in() -> None:
    client, technology = make_editor(), make_technology()
    secret = make_technology(slug="secret", name="Not out yet", status="draft")
    form = {**typed(client, technology), "replaced_by": str(secret.pk)}
    del client.cookies[settings.SESSION_COOKIE_NAME]

    page = client.post(url_of(technology), form, headers=HERE)

    assert (page.status_code, "Not out yet" in page.text) == (403, False)


@contextmanager
def sqlite_reads_only() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = 1")
    try:
        yield
    finally:
        connection.cursor().execute("PRAGMA query_only = 0")


@contextmanager
def sqlite_is_full() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")  # no page that is free already
        (pages,) = cursor.execute("PRAGMA page_count").fetchone()
        cursor.execute(f"PRAGMA max_page_count = {pages}")
    try:
        yield
    finally:
        connection.cursor().execute("PRAGMA max_page_count = 1073741823")


@contextmanager
def postgresql_reads_only() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SET default_transaction_read_only = on")
    try:
        yield
    finally:
        connection.cursor().execute("SET default_transaction_read_only = off")


@contextmanager
def postgresql_only_selects() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("DROP ROLE IF EXISTS stackguide_reader")
        cursor.execute("CREATE ROLE stackguide_reader")
        cursor.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO stackguide_reader")
        cursor.execute("SET ROLE stackguide_reader")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
            cursor.execute("DROP OWNED BY stackguide_reader")
            cursor.execute("DROP ROLE stackguide_reader")


REFUSALS = {
    "sqlite": [(sqlite_reads_only, READ_ONLY), (sqlite_is_full, FULL)],
    "postgresql": [(postgresql_reads_only, READ_ONLY), (postgresql_only_selects, READ_ONLY)],
}


@pytest.mark.parametrize(("refuse", "reason"), REFUSALS[connection.vendor])
def test_a_database_that_does_not_write_costs_nothing(
    refuse: Callable[[], Iterator[None]], reason: Reason
) -> None:
    client, technology = make_editor(), make_technology(summary="Before")
    # More than the pages that are there have room for.
    form = {**typed(client, technology), "description": "long " * 3_900}
    entry = {"username": "ada", "password": "correct horse battery"}
    newcomer = Client(raise_request_exception=False)

    with refuse():
        page = client.post(url_of(technology), form, headers=HERE)
        sign_in = newcomer.post(reverse("admin:login"), entry, headers=HERE)
        read = client.get(reverse("catalog:technology_detail", args=[technology.slug]))

    again = assert_holds(page, form, reason)
    assert page.headers["Retry-After"] == "5"
    assert read.status_code == 200
    if reason is READ_ONLY:  # a session is small enough for a page that is there
        assert (sign_in.status_code, reason.title in sign_in.text) == (503, True)
        assert "correct horse battery" not in sign_in.text
    technology.refresh_from_db()
    assert technology.summary == "Before"
    assert client.post(url_of(technology), again, headers=HERE).status_code == 302


def test_a_database_that_does_not_answer_costs_nothing(tmp_path: Path) -> None:
    client, technology = make_editor(), make_technology()
    form = typed(client, technology)
    there = dict(connection.settings_dict)
    connection.close()
    # A port that nobody listens on, a folder that is not there.
    away = {
        "sqlite": {"NAME": str(tmp_path / "gone" / "guide.sqlite3")},
        "postgresql": {"PORT": "1"},
    }[connection.vendor]

    with mock.patch.dict(connection.settings_dict, away):
        page = client.post(url_of(technology), form, headers=HERE)
        read = client.get(reverse("catalog:technology_list"))
    connection.close()

    assert connection.settings_dict == there
    assert_holds(page, form, AWAY)
    assert (read.status_code, read.headers["Retry-After"]) == (503, "5")
    assert AWAY.title in read.text


def test_another_fault_of_the_database_is_none_of_these() -> None:
    class TornError(OperationalError):
        sqlite_errorname = "SQLITE_CORRUPT"

    fault = OperationalError("malformed")
    fault.__cause__ = TornError()

    assert reason_of(fault) is None
    assert reason_of(None) is None
    assert [bool(reason.states or reason.names) for reason in (BUSY, FULL, READ_ONLY, AWAY)] == [
        True
    ] * 4
