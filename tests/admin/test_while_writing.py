"""Reading waits for nobody: not for a long import, not for another editor."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse

from catalog.models import EditionCounter
from tests.admin.pages import MODELS, forbidden_pages, make_everything, other_pages, pages_of

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


def test_who_would_write_meanwhile_is_stopped_at_once() -> None:
    make_everything()

    with another_writer(), pytest.raises(OperationalError):
        EditionCounter.objects.update(number=1)
