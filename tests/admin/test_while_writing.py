"""Reading waits for nobody: not for a long import, not for another editor."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse

from catalog.models import Category, EditionCounter, Technology
from tests.admin.pages import (
    MODELS,
    forbidden_pages,
    make_everything,
    messages_of,
    other_pages,
    pages_of,
    read_form,
    url_for,
    url_of,
)
from tests.factories import make_category, make_technology

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.ignore_template_errors]


@contextmanager
def another_writer() -> Iterator[None]:
    """Another connection that holds what every writer needs first.

    Who would wait for it fails at once, so that no clock is needed to see who waits.
    """
    other = connection.copy()
    patience = "lock_timeout = 1" if connection.vendor == "postgresql" else "busy_timeout = 0"
    statement = "SET" if connection.vendor == "postgresql" else "PRAGMA"
    with connection.cursor() as cursor:
        cursor.execute(f"{statement} {patience}")  # milliseconds
    try:
        with other.cursor() as cursor:
            if other.vendor == "sqlite":
                cursor.execute("BEGIN IMMEDIATE")
            else:
                cursor.execute("BEGIN")
                table = EditionCounter._meta.db_table
                cursor.execute(f"SELECT number FROM {table} FOR UPDATE")  # noqa: S608
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
    finally:
        other.close()
        connection.close()  # and with it the shorter patience


def addresses() -> list[str]:
    return [
        *(
            url
            for model in MODELS
            for name, url in pages_of(model).items()
            if name not in forbidden_pages(model)
        ),
        *other_pages(),
    ]


def test_every_page_of_the_admin_opens_while_another_connection_writes(
    admin_client: Client,
) -> None:
    make_everything()
    urls = [*addresses(), reverse("admin:login")]

    with another_writer():
        answers = {url: admin_client.get(url, follow=True).status_code for url in urls}

    assert answers == dict.fromkeys(urls, 200)


def test_an_editor_who_saves_meanwhile_is_told_and_loses_nothing(admin_client: Client) -> None:
    technology = make_technology(name="Quart")
    typed = read_form(admin_client.get(url_of(technology))) | {
        "name": "Quart again",
        "points-TOTAL_FORMS": "1",
        "points-0-kind": "pro",
        "points-0-text": "Fast",
        "points-0-slug": "fast",
        "points-0-position": "0",
    }

    with another_writer():
        page = admin_client.post(url_of(technology), typed)

    form = page.context["adminform"].form
    points = page.context["inline_admin_formsets"][1].formset
    assert (page.status_code, page.headers["Retry-After"]) == (503, "5")
    assert form.non_field_errors() == [
        "Somebody else's change is being written just now. Nothing of yours is lost: save again."
    ]
    assert (form["name"].value(), points.forms[0]["text"].value()) == ("Quart again", "Fast")
    assert Technology.objects.get().name == "Quart"
    assert admin_client.post(url_of(technology), typed).status_code == 302
    assert Technology.objects.get().points.get().text == "Fast"


@pytest.mark.parametrize("page", ["delete", "list", "move"])
def test_an_editor_who_does_something_else_meanwhile_is_told(
    admin_client: Client, page: str
) -> None:
    technology, category = make_technology(), make_category()
    url, action = {
        "delete": (url_of(technology, "delete"), {"post": "yes"}),
        "list": (
            url_for(Technology),
            {"action": "delete_selected", "_selected_action": [technology.pk], "post": "yes"},
        ),
        "move": (url_for(Category), {"_move": f"down-category-{category.pk}"}),
    }[page]

    with another_writer():
        answer = admin_client.post(url, action)

    assert (answer.status_code, answer.headers["Location"]) == (302, url)
    assert messages_of(answer) == [
        "Somebody else's change is being written just now; nothing was changed. Try again."
    ]
    assert Technology.objects.count() == 1


def test_who_would_write_meanwhile_is_stopped_at_once() -> None:
    make_everything()

    with another_writer(), pytest.raises(OperationalError):
        EditionCounter.objects.update(number=1)
