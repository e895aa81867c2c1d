"""The public page of a thing as an edition left it, of which nothing stays."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.history import editions, renames
from catalog.models import Comparison, Guide, Revision, Status, Technology, Thing, ThingKey
from tests.admin.pages import read_form
from tests.admin.reading_history import (
    change,
    delete,
    everything_stored,
    history_of,
    make_quart,
    page_of,
    revision_of,
    texts_of,
    update,
)
from tests.admin.test_while_writing import another_writer
from tests.factories import (
    make_category,
    make_comparison,
    make_guide,
    make_listing,
    make_package,
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
def test_a_page_is_shown_as_it_was(admin_client: Client, make: Any) -> None:
    with change():
        thing = make()
    then = str(thing)
    update(thing, **{name_of(thing): "Called otherwise"})

    page = preview(admin_client, revision_of(thing, 1))

    assert page.status_code == 200
    assert f"<h1>{then}</h1>" in page.text
    assert "Preview: as edition 1 left it." in page.text
    assert f'href="{history_of(thing)}"' in page.text
    assert '<meta name="robots" content="noindex">' in page.text
    assert page["X-Robots-Tag"] == "noindex"
    assert {"private", "no-store"} <= set(page["Cache-Control"].split(", "))


@every_page
def test_nothing_of_it_stays(admin_client: Client, make: Any) -> None:
    with change():
        thing = make(introduction="*Then*.") if make is not make_technology else make()
    update(thing, **{name_of(thing): "Called otherwise"})
    public = admin_client.get(thing.get_absolute_url()).text
    before = everything_stored()

    preview(admin_client, revision_of(thing, 1))

    assert everything_stored() == before
    assert admin_client.get(thing.get_absolute_url()).text == public


@every_page
def test_what_was_deleted_is_shown_as_it_was(admin_client: Client, make: Any) -> None:
    with change():
        thing = make(status=Status.DRAFT)
        if make is make_comparison:
            thing.criteria.all().delete()
    key, name = thing.key, str(thing)
    delete(thing)
    before = everything_stored()

    page = preview(admin_client, revision_of(key, 1))

    assert f"<h1>{name}</h1>" in page.text
    assert everything_stored() == before


def test_a_table_is_shown_as_it_was_and_neither_mistaken_for_the_other(
    admin_client: Client,
) -> None:
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


def test_a_table_can_be_asked_and_offers_no_files(admin_client: Client) -> None:
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


def test_the_guide_is_shown_on_its_front_page(admin_client: Client) -> None:
    with change():
        guide = make_guide(title="Then", introduction="*Words* of then.")
    update(guide, title="Now", introduction="Words of now.")
    before = everything_stored()

    page = preview(admin_client, revision_of(guide, 1))

    assert "<h1>Then</h1>" in page.text
    assert "<em>Words</em> of then." in page.text
    assert page["X-Robots-Tag"] == "noindex"
    assert Guide.objects.get().title == "Now"
    assert everything_stored() == before


@pytest.mark.parametrize("status", [Status.PUBLISHED, Status.DRAFT])
@pytest.mark.parametrize("owner", ["technology", "category"])
def test_a_snippet_is_shown_on_the_page_of_its_owner(
    admin_client: Client, owner: str, status: Status
) -> None:
    make = {"technology": make_technology, "category": make_category}[owner]
    place = make(name="Its place", status=status)
    with change():
        snippet = make_snippet(title="Hello then", **{owner: place})
    number = editions.latest().number
    update(snippet, title="Hello now")

    page = preview(admin_client, revision_of(snippet, number))

    assert "<h1>Its place</h1>" in page.text
    assert ("Hello then" in page.text, "Hello now" in page.text) == (True, False)


def test_a_deletion_has_no_page(admin_client: Client) -> None:
    quart = make_quart()
    delete(quart)

    assert preview(admin_client, revision_of(quart.key, 2)).status_code == 404


def test_a_thing_is_shown_under_the_name_of_today(admin_client: Client) -> None:
    quart = make_quart()
    with change():
        renames.rename(quart, "quart-2")
        quart.name = "Quart 2"
        quart.save()

    page = preview(admin_client, revision_of(ThingKey("technology", "quart"), 1))

    assert "<h1>Quart</h1>" in page.text
    assert f'href="{history_of(quart)}"' in page.text


def test_what_cannot_be_shown_says_why(admin_client: Client) -> None:
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


def test_what_breaks_a_rule_of_today_says_so(admin_client: Client) -> None:
    quart = make_quart()
    revision = revision_of(quart)
    document = revision.document.replace('"kind":"library"', '"kind":"nonsense"')
    Revision.objects.filter(pk=revision.pk).update(document=document)

    page = preview(admin_client, revision)

    assert page.status_code == 409
    assert texts_of(page, "p") == [
        "Technology “Quart”, kind: Value 'nonsense' is not a valid choice."
    ]


def test_what_is_as_it_was_is_shown_as_it_is(admin_client: Client) -> None:
    quart = make_quart()
    before = everything_stored()

    page = preview(admin_client, revision_of(quart))

    assert "<h1>Quart</h1>" in page.text
    assert everything_stored() == before


def test_three_parts_cost_what_one_does(admin_client: Client) -> None:
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
def test_while_another_writes_it_says_so_in_one_sentence(admin_client: Client) -> None:
    quart = make_quart()
    update(quart, name="QUART")
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
    admin_client: Client,
) -> None:
    quart = make_quart()
    update(quart, name="QUART")
    address = page_of(revision_of(quart, 1), "revert")
    shown = read_form(admin_client.get(address))

    with another_writer():
        answer = admin_client.post(address, shown)

    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert Technology.objects.get().name == "QUART"


@pytest.mark.django_db(transaction=True)
def test_nothing_stays_of_a_transaction_of_its_own(admin_client: Client) -> None:
    with change():
        comparison = make_comparison(introduction="*Then*.")
    update(comparison, introduction="Now.")
    before = everything_stored()

    page = preview(admin_client, revision_of(comparison, 1))

    assert "<em>Then</em>" in page.text
    assert everything_stored() == before
    assert Comparison.objects.get().introduction == "Now."
    assert not connection.in_atomic_block
