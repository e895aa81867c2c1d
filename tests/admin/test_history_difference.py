"""What differs between two revisions of a thing, told in sentences and shown field by field."""

from datetime import date

import pytest
from django.test import Client

from catalog.admin.differences import MOST_LINES
from catalog.models import Status, Technology
from tests.admin.reading_history import (
    change,
    content,
    history_of,
    make_quart,
    rows_of,
    texts_of,
    update,
)
from tests.factories import (
    make_alias,
    make_package,
    make_package_facts,
    make_point,
    make_technology,
)

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

LONG = ", ".join(["A long text"] * 9)
VERIFIED = ["Lifecycle verified on", "nothing", "2026-11-22"]


def test_two_radio_buttons_of_a_revision_choose_it_as_either_end(admin_client: Client) -> None:
    quart = make_quart()
    update(quart, name="QUART")

    page = admin_client.get(history_of(quart))

    assert [
        (field.get("name"), field.get("value"), field.get("aria-label"), "checked" in field.attrib)
        for field in content(page).iter("input")
        if field.get("type") == "radio"
    ] == [
        ("from", "2", "From edition 2", False),
        ("to", "2", "To edition 2", True),
        ("from", "1", "From edition 1", True),
        ("to", "1", "To edition 1", False),
    ]


def test_the_difference_of_two_revisions_is_told_and_shown_by_field(admin_client: Client) -> None:
    quart = make_quart()
    newer = make_technology(slug="newer", name="Newer")
    update(quart, name="QUART")
    with change():
        quart.replaced_by = newer
        quart.lifecycle = Technology.Lifecycle.DEPRECATED
        quart.save()
        make_alias(quart, slug="quartz", name="Quartz")

    page = admin_client.get(history_of(quart, "?from=1&to=4"))

    assert texts_of(page, "h1") == ["“QUART” from edition 1 to edition 4"]
    assert texts_of(page, "caption") == ["Field by field"]
    assert rows_of(page) == [
        ["Technology “QUART”", "Name", "Quart", "QUART"],
        ["Technology “QUART”", "Lifecycle", "nothing", "deprecated"],
        ["Technology “QUART”", "Replaced by", "nothing", "Newer"],
        ["Alias “Quartz”", "Name", "nothing", "Quartz"],
    ]
    assert "Name: “Quart” → “QUART”" in texts_of(page, "li")


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("?from=2&to=1", "“QUART” from edition 2 to edition 1"),
        ("?to=2", "“QUART” from edition 1 to edition 2"),
        ("?from=1", "“QUART” from edition 1 to edition 2"),
        ("?to=1", "“QUART” in edition 1, its first"),
        ("?from=&to=1", "“QUART” in edition 1, its first"),
    ],
)
def test_an_end_that_is_left_out_is_the_one_that_suggests_itself(
    admin_client: Client, query: str, title: str
) -> None:
    quart = make_quart()
    update(quart, name="QUART")

    assert texts_of(admin_client.get(history_of(quart, query)), "h1") == [title]


@pytest.mark.parametrize(
    "query",
    [
        "?from=x&to=2",
        "?from=1&to=99",
        "?from=0&to=1",
        "?from=-1&to=2",
        "?from=1&to=%00",
        f"?from=1&to={'9' * 18}",
        f"?from=1&to={'9' * 40}",
        "?from=²&to=2",
        "?from=1.0&to=2",
        "?from=1&to=3",
    ],
)
def test_ends_that_make_no_sense_lead_to_the_list_and_a_sentence(
    admin_client: Client, query: str
) -> None:
    quart = make_quart()
    update(quart, name="QUART")
    make_quart_like_neighbour()

    page = admin_client.get(history_of(quart, query))

    assert (page.status_code, len(rows_of(page))) == (200, 2)
    assert texts_of(page, "p")[0] == (
        "No two editions that changed it stand in the address: choose two below."
    )


def make_quart_like_neighbour() -> None:
    """Edition 3, which changes another thing."""
    with change():
        make_technology(slug="flask")


def test_a_revision_is_not_compared_with_itself(admin_client: Client) -> None:
    quart = make_quart()

    page = admin_client.get(history_of(quart, "?from=1&to=1"))

    assert texts_of(page, "p")[0] == "These two are one and the same: choose two that differ."


def test_a_long_text_is_shown_once_with_what_went_and_what_came(admin_client: Client) -> None:
    quart = make_quart()
    update(quart, description=f"Made for the web.\n\n{'Many words. ' * 9}")
    update(quart, description=f"Made for a web of events.\n\n{'Many words. ' * 9}")

    page = admin_client.get(history_of(quart, "?from=2&to=3"))

    assert texts_of(page, "del") == ["removed: the"]
    assert texts_of(page, "ins") == ["added: a", "added: of events"]
    (cells,) = rows_of(page)
    assert len(cells) == 3


def test_two_revisions_that_say_the_same_say_so(admin_client: Client) -> None:
    quart = make_quart()
    update(quart, name="QUART")
    update(quart, name="Quart")

    page = admin_client.get(history_of(quart, "?from=1&to=3"))

    assert texts_of(page, "p") == ["Both say the same."]


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({"summary": "Short."}, ["Summary", "nothing", "Short."]),
        ({"lifecycle": "end-of-life"}, ["Lifecycle", "nothing", "end of life"]),
        ({"status": Status.DRAFT}, ["Status", "published", "draft"]),
        ({"lifecycle_verified_on": date(2026, 11, 22)}, VERIFIED),
        (
            {"description": "A long text. " * 9},
            ["Description", "nothing", ("A long text. " * 9)[:-1]],
        ),
    ],
)
def test_a_value_is_shown_in_the_words_of_its_field(
    admin_client: Client, fields: dict[str, object], line: list[str]
) -> None:
    quart = make_quart()
    update(quart, **fields)

    assert rows_of(admin_client.get(history_of(quart, "?to=2"))) == [["Technology “Quart”", *line]]


def test_a_yes_is_no_true(admin_client: Client) -> None:
    quart = make_quart()
    with change():
        facts = make_package_facts(make_package(quart, name="quart"))
    update(facts, is_yanked=True)

    page = admin_client.get(history_of(quart, "?to=3"))

    assert rows_of(page) == [["Package facts “quart”", "Yanked", "no", "yes"]]


def test_of_more_fields_than_anybody_reads_the_first_are_shown(admin_client: Client) -> None:
    quart = make_quart()
    with change():
        for number in range(MOST_LINES // 3 + 1):
            make_point(quart, text=f"Point {number}")

    page = admin_client.get(history_of(quart, "?to=2"))

    assert len(rows_of(page)) == MOST_LINES
    assert texts_of(page, "p") == [
        "These are the first 500 fields that differ; the documents have all of them."
    ]
