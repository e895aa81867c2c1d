"""What the front page says of the last editions."""

import pytest
from django.test import Client

from catalog.models import Status, Technology
from tests.edition.on_a_day import edition
from tests.factories import (
    make_category,
    make_comparison,
    make_guide,
    make_snippet,
    make_technology,
)
from tests.reading import Document, read, text_of

pytestmark = pytest.mark.django_db


def section(page: Document) -> list[str]:
    (found,) = page.find("section[@aria-labelledby='lately']")
    return [text_of(item) for item in found.iter("li")]


def lately(client: Client) -> list[str]:
    return section(read(client, "/"))


def test_the_last_editions_stand_newest_first_with_what_they_changed(client):
    with edition("2026-11-20"):
        flask = make_technology(name="Flask", slug="flask")
        make_technology(name="Django", slug="django")
    with edition("2026-11-21"):
        make_comparison(title="Frameworks", contenders=0, category=make_category(name="Web"))
    with edition("2026-11-22"):
        flask.summary = "Small."
        flask.save()

    page = read(client, "/")

    assert section(page) == [
        "2026-11-22 Flask",
        "2026-11-21 Frameworks (comparison), Web",
        "2026-11-20 Django",
    ]
    assert ("Flask", "/technologies/flask/") in page.links("section[@aria-labelledby='lately']")
    assert "Secret words" not in text_of(page.root)


def test_an_edition_of_much_says_the_first_five_and_how_many_more(client):
    with edition("2026-11-20"):
        for letter in "abcdefg":
            make_technology(name=letter.upper(), slug=letter)

    assert lately(client) == ["2026-11-20 A, B, C, D, E and 2 more"]


def test_three_editions_are_enough(client):
    for day in range(1, 6):
        with edition(f"2026-11-0{day}"):
            make_technology(name=f"Made on {day}")

    assert lately(client) == [f"2026-11-0{day} Made on {day}" for day in (5, 4, 3)]


def test_what_is_not_public_is_neither_named_nor_counted(client):
    with edition("2026-11-20"):
        shown = make_technology(name="Shown")
    with edition("2026-11-21"):
        make_technology(name="Draft", status=Status.DRAFT)
        make_technology(name="Archived", status=Status.ARCHIVED)
        make_technology(name="Gone").delete()
        make_guide()
        make_snippet(technology=shown)

    assert lately(client) == ["2026-11-20 Shown"]


def test_what_was_never_public_is_not_named_once_it_is_gone(client):
    with edition("2026-11-20"):
        Technology.objects.filter(pk=make_technology(status=Status.DRAFT).pk).delete()

    assert read(client, "/").find("section[@aria-labelledby='lately']") == []
