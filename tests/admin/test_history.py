"""The history of a thing: its revisions, the newest first, and the ways to it."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.history import editions, renames
from catalog.models import Edition, Listing, Revision, Technology, ThingKey
from tests.admin.pages import url_for, url_of
from tests.admin.reading_history import (
    DELETED,
    change,
    delete,
    history_of,
    links_of,
    make_quart,
    page_of,
    revision_of,
    rows_of,
    texts_of,
    update,
)
from tests.admin.roles import sign_in
from tests.factories import (
    make_category,
    make_comparison,
    make_guide,
    make_listing,
    make_point,
    make_snippet,
    make_stack,
    make_technology,
    make_version_set,
)

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

HOSTILE = "</td><script>alert(1)</script>"


def changes_told(client: Client, address: str) -> list[str]:
    return [row[5] for row in rows_of(client.get(address))]


def cost_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_the_newest_revision_stands_first_with_what_it_changed(admin_client, quart):
    with change("More of it", user="grace"):
        quart.name = "QUART"
        quart.save()
        make_point(quart, text="Fast")

    page = admin_client.get(history_of(quart))

    assert texts_of(page, "h1") == ["History of “QUART”"]
    assert texts_of(page, "caption") == ["Revisions, the newest first"]
    assert [[row[2], row[4], row[5]] for row in rows_of(page)] == [
        ["2", "grace, in the admin", "More of it Name: “Quart” → “QUART” New pro: Fast"],
        ["1", "ada, in the admin", "Begun New technology: QUART"],
    ]


@pytest.mark.parametrize(
    ("origin", "user", "told"),
    [
        (Edition.Origin.ADMIN, "ada", "ada, in the admin"),
        (Edition.Origin.PACK, "ada", "ada, by a pack"),
        (Edition.Origin.COMMAND, "", "by a command"),
    ],
)
def test_the_door_is_told_in_words(admin_client, origin, user, told):
    with editions.record(user, "", origin):
        quart = make_technology(slug="quart")

    assert [row[4] for row in rows_of(admin_client.get(history_of(quart)))] == [told]


def test_a_change_that_passed_no_door_is_told_as_such(admin_client, quart):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE catalog_technology SET name = 'QUART'")
    update(quart, licence="MIT", name="QUART")

    rows = rows_of(admin_client.get(history_of(quart)))

    assert [[row[2], row[4]] for row in rows] == [
        ["3", "ada, in the admin"],
        ["2", "changed outside"],
        ["1", "ada, in the admin"],
    ]
    assert rows[1][5] == "Changed outside Name: “Quart” → “QUART”"


def test_each_revision_leads_to_its_difference_document_preview_and_revert(admin_client, quart):
    revision = revision_of(quart)

    links = links_of(admin_client.get(history_of(quart)))

    assert links == {
        "Edit": url_of(quart),
        "Deleted things": f"{DELETED}?kind=technology",
        "Difference that edition 1 made": "?to=1",
        "Document of edition 1": url_of(revision),
        "Preview of edition 1": page_of(revision, "preview"),
        "Revert to edition 1": page_of(revision, "revert"),
    }


def test_a_deletion_has_nothing_to_be_shown_or_brought_back(admin_client, quart):
    delete(quart)

    page = admin_client.get(history_of(ThingKey("technology", "quart")))

    assert texts_of(page, "h1") == ["History of “Quart”"]
    assert [row[5] for row in rows_of(page)] == ["Gone Deleted", "Begun New technology: Quart"]
    assert [name for name in links_of(page) if "edition 2" in name] == [
        "Difference that edition 2 made"
    ]


def test_what_a_thing_was_under_its_former_names_is_its_history(admin_client, quart):
    with change("Renamed"):
        renames.rename(quart, "quart-2")
    update(quart, name="Quart 2")

    page = admin_client.get(history_of(ThingKey("technology", "quart-2")))

    assert [row[2] for row in rows_of(page)] == ["3", "2", "1"]
    assert [row[5] for row in rows_of(page)] == [
        "Name: “Quart” → “Quart 2”",
        "Renamed",
        "Begun New technology: Quart 2",
    ]


def test_a_former_name_leads_to_the_history_under_the_name_of_today(admin_client, quart):
    with change():
        renames.rename(quart, "quart-2")

    answer = admin_client.get(history_of(ThingKey("technology", "quart"), "?from=1&to=2"))

    assert (answer.status_code, answer["Location"]) == (302, history_of(quart, "?from=1&to=2"))


def test_a_listing_is_in_the_history_of_both_its_things(admin_client):
    category, quart = make_category(slug="web", name="Web"), make_quart()
    with change():
        make_listing(category, quart, verdict=Listing.Verdict.ALTERNATIVE)

    told = [changes_told(admin_client, history_of(thing))[0] for thing in (category, quart)]

    assert told == ["New listing: Quart as alternative", "Web: New listing: Quart as alternative"]


def test_what_a_thing_says_itself_comes_before_what_is_said_of_it_elsewhere(admin_client):
    category, quart = make_category(slug="web", name="Web"), make_quart()
    with change():
        make_listing(category, quart, verdict=Listing.Verdict.ALTERNATIVE)
        quart.licence = "MIT"
        quart.save()

    page = admin_client.get(history_of(quart))

    assert texts_of(page, "li")[2:4] == [
        "Licence: empty → “MIT”",
        "Web: New listing: Quart as alternative",
    ]


def test_what_many_sentences_would_say_is_counted(admin_client, quart):
    with change():
        for number in range(7):
            make_point(quart, text=f"Point {number}", position=number)

    page = admin_client.get(history_of(quart))

    assert [text for text in texts_of(page, "li") if "more" in text] == [
        "… and 2 more in edition 2"
    ]


def test_twenty_stand_on_a_page_and_the_last_of_them_is_compared_with_the_next(admin_client, quart):
    for number in range(2, 23):
        update(quart, name=f"Quart {number}")

    first = rows_of(admin_client.get(history_of(quart)))
    second = rows_of(admin_client.get(history_of(quart, "?page=2")))

    assert [row[2] for row in first] == [str(number) for number in range(22, 2, -1)]
    assert first[-1][5] == "Name: “Quart 2” → “Quart 3”"
    assert [row[2] for row in second] == ["2", "1"]


@pytest.mark.parametrize("page", ["0", "-1", "99", "x", "9" * 30])
def test_a_page_that_there_is_not_is_answered_by_one_there_is(admin_client, page, quart):
    assert len(rows_of(admin_client.get(history_of(quart, f"?page={page}")))) == 1


def test_a_thing_that_no_edition_has_recorded_yet_says_so(admin_client):
    quart = make_technology(slug="quart", name="Quart")
    Revision.objects.all().delete()

    page = admin_client.get(history_of(quart))

    assert texts_of(page, "h1") == ["History of “Quart”"]
    assert texts_of(page, "p") == [
        "No edition has recorded it yet: the next one that changes it will."
    ]


@pytest.mark.parametrize(
    "address",
    ["of/technology/nothing/", "of/nothing/quart/", "of/point/quart/", "of/technology/%00/"],
)
def test_what_is_not_there_is_not_found(admin_client, address):
    make_quart()

    assert admin_client.get(f"/admin/catalog/revision/{address}").status_code == 404


def test_hostile_text_stays_text(admin_client, quart):
    with change(HOSTILE):
        quart.name = HOSTILE
        quart.description = f"{HOSTILE}\n\nMore."
        quart.save()
        make_point(quart, text=HOSTILE)
    update(quart, description="Less.\n")
    delete(quart)
    last = revision_of(quart.key, 3)

    pages = [
        admin_client.get(address)
        for address in (
            history_of(quart.key),
            history_of(quart.key, "?from=1&to=3"),
            history_of(quart.key, "?from=2&to=3"),
            page_of(last, "revert"),
            page_of(last, "preview"),
            url_of(last),
            DELETED,
        )
    ]

    assert [page.status_code for page in pages] == [200] * 7
    assert ["<script>alert" in page.text for page in pages] == [False] * 7
    assert ["&lt;script&gt;" in page.text for page in pages] == [True] * 7


def test_three_revisions_cost_what_one_does(admin_client):
    things = []
    for revisions in (1, 3):
        with change():
            thing = make_technology(name="Begun")
            point = make_point(thing)
        for number in range(revisions):
            update(point, text=f"Point {number}")
        things.append(thing)
    newest = [revision_of(thing).edition_id for thing in things]
    addresses = [
        [history_of(thing), history_of(thing, f"?to={number}")]
        for thing, number in zip(things, newest, strict=True)
    ]
    admin_client.get(addresses[0][0])

    costs = [[cost_of(admin_client, address) for address in both] for both in addresses]

    assert costs == [costs[0]] * 2


def test_the_history_of_a_row_is_that_of_its_thing(admin_client):
    comparison, stack, version_set = make_comparison(), make_stack(), make_version_set()
    listing = make_listing()
    of_thing = {
        make_guide(): "guide",
        make_snippet(slug="hello"): "hello",
        comparison: comparison.slug,
        comparison.criteria.first(): comparison.slug,
        comparison.cells().first(): comparison.slug,
        stack.roles.get().choices.get(): stack.slug,
        version_set.pins.get(): version_set.slug,
        listing: listing.category.slug,
    }

    answers = {row: admin_client.get(url_of(row, "history")) for row in of_thing}

    assert {row: answer["Location"].split("/")[-2] for row, answer in answers.items()} == of_thing
    assert {answer.status_code for answer in answers.values()} == {302}


def test_an_edition_leads_to_what_it_changed_of_each_thing(admin_client, quart):
    page = admin_client.get(url_of(Edition.objects.get()))

    links = links_of(page)
    assert (links["Difference"], links["History"]) == (
        history_of(quart, "?to=1"),
        history_of(quart),
    )


# What was deleted ---------------------------------------------------------------------------------


def test_what_was_deleted_can_be_found_the_latest_first(admin_client):
    with change():
        category, quart = make_category(slug="web", name="Web"), make_technology(name="Quart")
    make_technology(name="Flask")
    delete(category)
    with change(user="grace"):
        quart.delete()

    page = admin_client.get(DELETED)

    assert texts_of(page, "h1") == ["Deleted things"]
    assert [[*row[:2], row[3]] for row in rows_of(page)] == [
        ["Quart", "technology", "grace, in the admin"],
        ["Web", "category", "ada, in the admin"],
    ]
    assert links_of(page) == {
        "History of Quart": history_of(quart.key),
        "Recover Quart": page_of(revision_of(quart.key, 1), "revert"),
        "History of Web": history_of(category.key),
        "Recover Web": page_of(revision_of(category.key, 1), "revert"),
    }


def test_what_moved_or_came_back_is_not_among_them(admin_client):
    quart, flask = make_quart(), make_technology(slug="flask")
    with change():
        renames.rename(quart, "quart-2")
    delete(flask)
    with change():
        make_technology(slug="flask")

    page = admin_client.get(DELETED)

    assert texts_of(page, "p") == ["Nothing has been deleted."]


def test_they_can_be_narrowed_to_a_kind_and_nonsense_narrows_nothing(admin_client):
    quart, category = make_quart(), make_category(name="Web")
    delete(quart)
    delete(category)

    found = {
        kind: [row[0] for row in rows_of(admin_client.get(f"{DELETED}?kind={kind}"))]
        for kind in ("technology", "category", "nonsense")
    }

    assert found == {"technology": ["Quart"], "category": ["Web"], "nonsense": ["Web", "Quart"]}


def test_lists_of_things_and_of_revisions_lead_to_them(admin_client):
    assert f'href="{DELETED}?kind=technology"' in admin_client.get(url_for(Technology)).text
    assert f'href="{DELETED}"' in admin_client.get(url_for(Revision)).text
    assert DELETED not in admin_client.get(url_for(Listing)).text


def test_three_deleted_things_cost_what_one_does(admin_client):
    delete(make_quart())
    admin_client.get(DELETED)
    one = cost_of(admin_client, DELETED)

    for _ in range(2):
        with change():
            thing = make_technology()
        delete(thing)

    assert cost_of(admin_client, DELETED) == one


# Who may see it -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("permissions", "status"),
    [
        ([], 403),
        (["view_revision"], 403),
        (["view_category", "change_category"], 403),
        (["view_technology"], 200),
        (["change_technology"], 200),
        (["add_technology"], 403),
        (["delete_technology"], 403),
    ],
)
def test_who_may_see_a_thing_may_see_its_past(in_capitals, quart, permissions, status):
    revision = revision_of(quart)
    client = sign_in(*permissions)

    pages = {
        "list": history_of(quart),
        "difference": history_of(quart, "?to=2"),
        "preview": page_of(revision, "preview"),
    }
    answers = {name: client.get(address).status_code for name, address in pages.items()}

    assert answers == dict.fromkeys(pages, status)


@pytest.mark.parametrize(
    ("permissions", "status"),
    [([], 403), (["view_category"], 403), (["view_technology"], 200), (["view_revision"], 200)],
)
def test_who_may_see_a_thing_may_see_its_documents(permissions, status):
    make_quart()

    assert sign_in(*permissions).get(url_of(Revision.objects.get())).status_code == status


def test_who_may_not_change_a_thing_is_not_offered_to_revert_it(quart):
    links = links_of(sign_in("view_technology").get(history_of(quart)))

    assert [name for name in links if name.startswith("Revert")] == []


@pytest.mark.parametrize(
    ("permissions", "found", "recover"),
    [
        (["view_technology"], ["Quart"], []),
        (["change_technology"], ["Quart"], []),
        (["change_technology", "add_technology"], ["Quart"], ["Recover Quart"]),
        (["view_category", "view_technology"], ["Web", "Quart"], []),
    ],
)
def test_of_what_was_deleted_everybody_sees_their_own_kinds(permissions, found, recover):
    delete(make_quart())
    with change():
        category = make_category(name="Web")
    delete(category)

    page = sign_in(*permissions).get(DELETED)

    assert [row[0] for row in rows_of(page)] == found
    assert [name for name in links_of(page) if name.startswith("Recover")] == recover


def test_nobody_may_keep_it(admin_client, quart):
    revision = revision_of(quart)
    addresses = [
        DELETED,
        history_of(quart),
        page_of(revision, "preview"),
        page_of(revision, "revert"),
    ]

    kept = [admin_client.get(address)["Cache-Control"].split(", ") for address in addresses]

    assert [{"private", "no-store"} <= set(words) for words in kept] == [True] * 4
