"""The public page of a thing as an edition left it, of which nothing stays."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.admin.conflicts import MOST_LINES
from catalog.history import editions, renames
from catalog.models import Comparison, Guide, Revision, Status, Technology, Thing, ThingKey
from tests.admin.pages import read_form
from tests.admin.reading_history import (
    change,
    content,
    delete,
    everything_stored,
    history_of,
    page_of,
    revision_of,
    rows_of,
    texts_of,
    update,
)
from tests.admin.test_while_writing import another_writer
from tests.factories import (
    make_alias,
    make_category,
    make_comparison,
    make_guide,
    make_listing,
    make_package,
    make_package_facts,
    make_point,
    make_snippet,
    make_stack,
    make_technology,
    make_version_set,
)

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

MAKERS = [make_category, make_technology, make_comparison, make_stack, make_version_set]
every_page = pytest.mark.parametrize("make", MAKERS)


def preview(client: Client, revision: Revision, **headers: str) -> Any:
    return client.get(page_of(revision, "preview"), headers=headers)


def name_of(thing: Thing) -> str:
    return "title" if hasattr(thing, "title") else "name"


@every_page
def test_a_page_is_shown_as_it_was(admin_client, make):
    with change():
        thing = make()
    then = str(thing)
    update(thing, **{name_of(thing): "Called otherwise"})

    page = preview(admin_client, revision_of(thing, 1))

    assert page.status_code == 200
    assert f">{then}</h1>" in page.text
    assert "Preview: as edition 1 left it." in page.text
    assert f'href="{history_of(thing)}"' in page.text
    assert '<meta name="robots" content="noindex">' in page.text
    assert page["X-Robots-Tag"] == "noindex"
    assert {"private", "no-store"} <= set(page["Cache-Control"].split(", "))


@every_page
def test_nothing_of_it_stays(admin_client, make):
    with change():
        thing = make(introduction="*Then*.") if make is not make_technology else make()
    update(thing, **{name_of(thing): "Called otherwise"})
    public = admin_client.get(thing.get_absolute_url()).text
    before = everything_stored()

    preview(admin_client, revision_of(thing, 1))

    assert everything_stored() == before
    assert admin_client.get(thing.get_absolute_url()).text == public


@every_page
def test_what_was_deleted_is_shown_as_it_was(admin_client, make):
    with change():
        thing = make(status=Status.DRAFT)
        if make is make_comparison:
            thing.criteria.all().delete()
    key, name = thing.key, str(thing)
    delete(thing)
    before = everything_stored()

    page = preview(admin_client, revision_of(key, 1))

    assert f">{name}</h1>" in page.text
    assert everything_stored() == before


def test_a_table_is_shown_as_it_was_and_neither_mistaken_for_the_other(admin_client):
    with change():
        comparison = make_comparison(contenders=2, criteria=2)
    with change():
        comparison.criteria.get(slug="criterion-0").delete()
    now = admin_client.get(comparison.get_absolute_url()).text

    then = preview(admin_client, revision_of(comparison, 1)).text
    again = admin_client.get(comparison.get_absolute_url()).text
    with change():
        comparison.criteria.update(name="Speed")
    later = admin_client.get(comparison.get_absolute_url()).text

    rows = ("Criterion 0", "Criterion 1", "Speed")
    shown = [[name in text for name in rows] for text in (now, then, again, later)]
    assert shown == [
        [False, True, False],
        [True, True, False],
        [False, True, False],
        [False, False, True],
    ]
    assert again == now
    assert editions.latest().number == 3


def test_a_table_can_be_asked_and_offers_no_files(admin_client):
    with change():
        comparison = make_comparison()
    address = page_of(revision_of(comparison), "preview")

    asked = admin_client.get(f"{address}?sort=fit")
    swapped = admin_client.get(f"{address}?sort=fit", headers={"HX-Request": "true"})
    moved = admin_client.get(f"{address}?sort=")

    assert (asked.status_code, swapped.status_code) == (200, 200)
    assert "<html" not in swapped.text
    assert swapped["HX-Push-Url"] == f"{address}?sort=fit"
    assert "takeaway" not in asked.text + swapped.text
    assert (moved.status_code, moved["Location"]) == (302, address)


def test_the_guide_is_shown_on_its_front_page(admin_client):
    with change():
        guide = make_guide(title="Then", introduction="*Words* of then.")
    update(guide, title="Now", introduction="Words of now.")
    before = everything_stored()

    page = preview(admin_client, revision_of(guide, 1))

    assert ">Then</h1>" in page.text
    assert "<em>Words</em> of then." in page.text
    assert page["X-Robots-Tag"] == "noindex"
    assert Guide.objects.get().title == "Now"
    assert everything_stored() == before


@pytest.mark.parametrize("status", [Status.PUBLISHED, Status.DRAFT])
@pytest.mark.parametrize("owner", ["technology", "category"])
def test_a_snippet_is_shown_on_the_page_of_its_owner(admin_client, owner, status):
    make = {"technology": make_technology, "category": make_category}[owner]
    place = make(name="Its place", status=status)
    with change():
        snippet = make_snippet(title="Hello then", **{owner: place})
    number = editions.latest().number
    update(snippet, title="Hello now")

    page = preview(admin_client, revision_of(snippet, number))

    assert ">Its place</h1>" in page.text
    assert ("Hello then" in page.text, "Hello now" in page.text) == (True, False)


def test_a_deletion_has_no_page(admin_client, quart):
    delete(quart)

    assert preview(admin_client, revision_of(quart.key, 2)).status_code == 404


def test_a_thing_is_shown_under_the_name_of_today(admin_client, quart):
    with change():
        renames.rename(quart, "quart-2")
        quart.name = "Quart 2"
        quart.save()

    page = preview(admin_client, revision_of(ThingKey("technology", "quart"), 1))

    assert ">Quart</h1>" in page.text
    assert f'href="{history_of(quart)}"' in page.text


def test_what_cannot_be_shown_says_why(admin_client):
    with change():
        quart = make_technology(slug="quart")
        make_package(quart, name="quart")
    delete(quart)
    with change():
        make_package(make_technology(name="Other"), name="quart")
    before = everything_stored()

    page = preview(admin_client, revision_of(quart.key, 1))

    assert page.status_code == 409
    assert texts_of(page, "h1") == ["Edition 1 cannot be shown"]
    assert texts_of(page, "p") == ["Package “quart” belongs to technology “Other” by now."]
    assert everything_stored() == before


def test_what_breaks_a_rule_of_today_says_so(admin_client, quart):
    revision = revision_of(quart)
    document = revision.document.replace('"kind":"library"', '"kind":"nonsense"')
    Revision.objects.filter(pk=revision.pk).update(document=document)

    page = preview(admin_client, revision)

    assert page.status_code == 409
    assert texts_of(page, "p") == [
        "Technology “Quart”, kind: Value 'nonsense' is not a valid choice."
    ]


def test_what_is_as_it_was_is_shown_as_it_is(admin_client, quart):
    before = everything_stored()

    page = preview(admin_client, revision_of(quart))

    assert ">Quart</h1>" in page.text
    assert everything_stored() == before


def test_three_parts_cost_what_one_does(admin_client):
    revisions = []
    for parts in (1, 3):
        with change():
            thing = make_technology()
            for _ in range(parts):
                make_point(thing)
                make_listing(technology=thing)
        revisions.append(revision_of(thing))
        with change():
            thing.points.all().delete()
            thing.listings.all().delete()
    preview(admin_client, revisions[0])

    costs = []
    for revision in revisions:
        with CaptureQueriesContext(connection) as queries:
            assert preview(admin_client, revision).status_code == 200
        costs.append(len(queries))

    assert costs == [costs[0]] * 2


@pytest.mark.django_db(transaction=True)
def test_while_another_writes_it_says_so_in_one_sentence(admin_client, in_capitals, quart):
    first = revision_of(quart, 1)
    preview(admin_client, first)

    with another_writer():
        page = preview(admin_client, first)
    after = preview(admin_client, first)

    assert (page.status_code, page["Retry-After"]) == (503, "5")
    assert "Nothing of yours was changed" in page.text
    assert after.status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_revert_that_meets_another_writer_changes_nothing_and_says_so(
    admin_client, in_capitals, quart
):
    address = page_of(revision_of(quart, 1), "revert")
    shown = read_form(admin_client.get(address))

    with another_writer():
        answer = admin_client.post(address, shown)

    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert Technology.objects.get().name == "QUART"


@pytest.mark.django_db(transaction=True)
def test_nothing_stays_of_a_transaction_of_its_own(admin_client):
    with change():
        comparison = make_comparison(introduction="*Then*.")
    update(comparison, introduction="Now.")
    before = everything_stored()

    page = preview(admin_client, revision_of(comparison, 1))

    assert "<em>Then</em>" in page.text
    assert everything_stored() == before
    assert Comparison.objects.get().introduction == "Now."
    assert not connection.in_atomic_block


# What differs between two revisions ---------------------------------------------------------------


VERIFIED = ["Lifecycle verified on", "nothing", "2026-11-22"]


def test_two_radio_buttons_of_a_revision_choose_it_as_either_end(admin_client, in_capitals, quart):
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


def test_the_difference_of_two_revisions_is_told_and_shown_by_field(admin_client, quart):
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
    admin_client, in_capitals, quart, query, title
):
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
    admin_client, in_capitals, quart, query
):
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


def test_a_revision_is_not_compared_with_itself(admin_client, quart):
    page = admin_client.get(history_of(quart, "?from=1&to=1"))

    assert texts_of(page, "p")[0] == "These two are one and the same: choose two that differ."


def test_a_long_text_is_shown_once_with_what_went_and_what_came(admin_client, quart):
    update(quart, description=f"Made for the web.\n\n{'Many words. ' * 9}")
    update(quart, description=f"Made for a web of events.\n\n{'Many words. ' * 9}")

    page = admin_client.get(history_of(quart, "?from=2&to=3"))

    assert texts_of(page, "del") == ["removed: the"]
    assert texts_of(page, "ins") == ["added: a", "added: of events"]
    (cells,) = rows_of(page)
    assert len(cells) == 3


def test_two_revisions_that_say_the_same_say_so(admin_client, in_capitals, quart):
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
def test_a_value_is_shown_in_the_words_of_its_field(admin_client, quart, fields, line):
    update(quart, **fields)

    assert rows_of(admin_client.get(history_of(quart, "?to=2"))) == [["Technology “Quart”", *line]]


def test_a_yes_is_no_true(admin_client, quart):
    with change():
        facts = make_package_facts(make_package(quart, name="quart"))
    update(facts, is_yanked=True)

    page = admin_client.get(history_of(quart, "?to=3"))

    assert rows_of(page) == [["Package facts “quart”", "Yanked", "no", "yes"]]


def test_of_more_fields_than_anybody_reads_the_first_are_shown(admin_client, quart):
    with change():
        for number in range(MOST_LINES // 3 + 1):
            make_point(quart, text=f"Point {number}")

    page = admin_client.get(history_of(quart, "?to=2"))

    assert len(rows_of(page)) == MOST_LINES
    assert texts_of(page, "p") == [
        "These are the first 500 fields that differ; the documents have all of them."
    ]
