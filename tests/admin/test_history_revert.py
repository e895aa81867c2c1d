"""A thing is made as an edition left it: first shown, then done, refused by name, never in part."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from catalog.history import documents, editions, renames
from catalog.models import (
    Category,
    Cell,
    Changed,
    Edition,
    Guide,
    Listing,
    Package,
    Revision,
    Technology,
    ThingKey,
)
from tests.admin.pages import messages_of, read_form
from tests.admin.reading_history import (
    change,
    content,
    delete,
    history_of,
    make_quart,
    page_of,
    revision_of,
    texts_of,
    update,
)
from tests.admin.roles import sign_in
from tests.factories import (
    make_category,
    make_comparison,
    make_guide,
    make_listing,
    make_package,
    make_point,
    make_technology,
)

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


def revert(client: Client, revision: Revision, **fields: Any) -> HttpResponse:
    """Open the page, press the button."""
    address = page_of(revision, "revert")
    return client.post(address, read_form(client.get(address)) | fields)


def test_what_would_change_is_shown_before_anything_does(admin_client, quart):
    with change():
        quart.name = "QUART"
        quart.save()
        make_point(quart, text="Fast")

    page = admin_client.get(page_of(revision_of(quart, 1), "revert"))

    assert texts_of(page, "h1") == ["Revert “QUART” to edition 1"]
    assert texts_of(page, "li") == ["Name: “QUART” → “Quart”", "Pro removed: Fast"]
    assert Technology.objects.get().name == "QUART"
    assert editions.latest().number == 2


def test_a_revert_is_an_edition_with_its_user_and_comment(admin_client, in_capitals, quart):
    answer = revert(admin_client, revision_of(quart, 1))

    newest = editions.latest()
    assert (answer.status_code, answer["Location"]) == (302, history_of(quart))
    assert messages_of(answer)[0] == "It is again as in edition 1."
    assert (newest.number, newest.user, newest.comment, newest.origin) == (
        3,
        "admin",
        "Reverted to edition 1",
        Edition.Origin.ADMIN,
    )
    assert revision_of(quart).document == revision_of(quart, 1).document


def test_a_deleted_criterion_of_a_comparison_comes_back_with_its_cells(admin_client):
    with change():
        comparison = make_comparison(contenders=2, criteria=2)
    with change():
        comparison.criteria.get(slug="criterion-0").delete()

    revert(admin_client, revision_of(comparison, 1))

    assert Cell.objects.filter(criterion__slug="criterion-0").count() == 2
    assert documents.texts([comparison.key])[comparison.key] == (
        revision_of(comparison, 1).document
    )


def test_a_listing_that_changes_is_marked_in_both_its_things(admin_client):
    category, quart = make_category(slug="web"), make_quart()
    with change():
        listing = make_listing(category, quart)
    first = revision_of(quart)
    update(listing, verdict=Listing.Verdict.AVOID)

    revert(admin_client, first)

    newest = editions.latest()
    assert sorted(newest.revisions.values_list("kind", "slug")) == [
        ("category", "web"),
        ("technology", "quart"),
    ]
    assert sorted(Changed.objects.filter(edition=newest).values_list("kind", "slug")) == [
        ("category", "web"),
        ("technology", "quart"),
    ]


NO_STATE = "It is not known which state this page was made from: look again."


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        (
            {"_state": "1", "_seen": ""},
            "Nothing was changed. “QUART” has been changed since, in edition 2 (grace). Below is "
            "what would change now.",
        ),
        ({"_state": "", "_seen": ""}, NO_STATE),
        ({"_state": "x", "_seen": ""}, NO_STATE),
        ({}, NO_STATE),
    ],
)
def test_a_token_that_is_stale_or_missing_is_refused_by_name(admin_client, quart, fields, refusal):
    with change(user="grace"):
        quart.name = "QUART"
        quart.save()
    address = page_of(revision_of(quart, 1), "revert")

    page = admin_client.post(address, fields)

    assert page.status_code == 409
    assert refusal in texts_of(page, "p")
    assert texts_of(page, "li") == ["Name: “QUART” → “Quart”"]
    assert Technology.objects.get().name == "QUART"
    assert editions.latest().number == 2


def test_a_page_that_was_refused_can_be_sent_again(admin_client, in_capitals, quart):
    address = page_of(revision_of(quart, 1), "revert")
    page = admin_client.post(address, {"_state": "1", "_seen": ""})

    admin_client.post(address, read_form(page))

    assert Technology.objects.get().name == "Quart"


def test_what_was_written_past_every_door_makes_a_form_stale(admin_client, in_capitals, quart):
    address = page_of(revision_of(quart, 1), "revert")
    shown = read_form(admin_client.get(address))
    Technology.objects.update(licence="MIT")

    page = admin_client.post(address, shown)

    assert page.status_code == 409
    assert Technology.objects.values_list("name", "licence").get() == ("QUART", "MIT")


def test_where_nothing_differs_there_is_nothing_to_do(admin_client, quart):
    revision = revision_of(quart)

    page = admin_client.get(page_of(revision, "revert"))
    answer = admin_client.post(page_of(revision, "revert"), {"_state": "1", "_seen": ""})

    assert "Nothing to do: it is as it was then." in texts_of(page, "p")
    assert list(content(page).iter("form")) == []
    assert messages_of(answer) == ["Nothing to do: it is as in edition 1."]
    assert editions.latest().number == 1


def test_what_bars_the_way_is_said_and_nothing_is_written(admin_client):
    newer = make_technology(slug="newer")
    with change():
        quart = make_technology(slug="quart", name="Quart", replaced_by=newer)
    first = revision_of(quart)
    update(quart, replaced_by=None, name="QUART")
    delete(newer)
    number = editions.latest().number

    shown = admin_client.get(page_of(first, "revert"))
    sent = admin_client.post(page_of(first, "revert"), {"_state": str(number), "_seen": ""})

    reason = "Technology “QUART” needs technology “newer”, which is not there."
    assert (shown.status_code, sent.status_code) == (200, 409)
    assert [texts_of(page, "li") for page in (shown, sent)] == [[reason], [reason]]
    assert [list(content(page).iter("form")) for page in (shown, sent)] == [[], []]
    assert Technology.objects.get().name == "QUART"
    assert editions.latest().number == number


def test_what_breaks_a_rule_of_today_is_refused(admin_client, quart):
    revision = revision_of(quart)
    document = revision.document.replace('"kind":"library"', '"kind":"nonsense"')
    Revision.objects.filter(pk=revision.pk).update(document=document)

    page = admin_client.post(page_of(revision, "revert"), {"_state": "1", "_seen": ""})

    assert page.status_code == 409
    assert texts_of(page, "li") == [
        "Technology “Quart”, kind: Value 'nonsense' is not a valid choice."
    ]
    assert Technology.objects.get().kind == "library"
    assert editions.latest().number == 1


def test_what_would_break_a_rule_of_its_thing_is_refused(admin_client):
    with change():
        low = make_category(name="Low", parent=make_category())
    first = revision_of(low)
    update(low, parent=None)
    with change():
        make_category(name="Lowest", parent=low)

    page = admin_client.get(page_of(first, "revert"))

    assert texts_of(page, "li") == [
        "Category “Low”, parent: This category has categories below it, so it must stay on top."
    ]
    assert list(content(page).iter("form")) == []


def test_a_thing_under_its_former_name_is_made_so_under_the_name_of_today(admin_client, quart):
    with change():
        renames.rename(quart, "quart-2")
        quart.name = "Quart 2"
        quart.save()
    first = revision_of(ThingKey("technology", "quart"), 1)

    answer = revert(admin_client, first)

    assert answer["Location"] == history_of(quart)
    assert Technology.objects.values_list("slug", "name").get() == ("quart-2", "Quart")


# What was deleted ------------------------------------------------------------------------------


def test_what_was_deleted_is_recovered_with_its_parts(admin_client):
    with change():
        quart = make_technology(slug="quart", name="Quart")
        make_point(quart, text="Fast")
    delete(quart)
    last = revision_of(quart.key, 1)

    page = admin_client.get(page_of(last, "revert"))
    revert(admin_client, last)

    assert texts_of(page, "h1") == ["Recover “Quart” from edition 1"]
    assert texts_of(page, "li") == ["New technology: Quart, with 1 point"]
    assert Technology.objects.get().points.get().text == "Fast"
    assert revision_of(quart.key).document == last.document


def test_what_was_deleted_is_recovered_beside_what_took_its_references(admin_client):
    with change():
        quart = make_technology(slug="quart", name="Quart")
        make_package(quart, name="quart")
        make_listing(make_category(slug="web"), quart)
    with change():
        quart.delete()
    with change():
        other = make_technology(slug="other", name="Other")
        make_listing(Category.objects.get(), other)
        package = make_package(other, name="quart")
    last = revision_of(quart.key, 1)

    barred = admin_client.get(page_of(last, "revert"))
    with change():
        package.delete()
    revert(admin_client, last)

    assert texts_of(barred, "li") == ["Package “quart” belongs to technology “Other” by now."]
    assert Package.objects.get().technology.slug == "quart"
    assert sorted(Listing.objects.values_list("technology__slug", flat=True)) == ["other", "quart"]


def test_a_thing_made_anew_under_the_name_becomes_what_it_was(admin_client, quart):
    delete(quart)
    with change():
        make_point(make_technology(slug="quart", name="Another"), text="Different")

    revert(admin_client, revision_of(quart.key, 1))

    assert Technology.objects.get().name == "Quart"
    assert Technology.objects.get().points.count() == 0


def test_the_guide_comes_back_too(admin_client):
    with change():
        guide = make_guide(title="The guide")
    delete(guide)

    revert(admin_client, revision_of(guide.key, 1))

    assert Guide.objects.get().title == "The guide"


def test_a_revert_to_when_it_was_gone_deletes_it(admin_client, quart):
    delete(quart)
    with change():
        make_technology(slug="quart", name="Another")

    revert(admin_client, revision_of(quart.key, 2))

    assert Technology.objects.count() == 0


# Who may ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("permissions", "to_change", "to_recover", "to_delete"),
    [
        ([], 403, 403, 403),
        (["view_technology"], 403, 403, 403),
        (["change_category", "add_category", "delete_category"], 403, 403, 403),
        (["change_technology"], 200, 403, 403),
        (["add_technology"], 403, 403, 403),
        (["change_technology", "add_technology"], 200, 200, 403),
        (["delete_technology"], 403, 403, 200),
    ],
)
def test_to_revert_is_to_change_to_recover_is_to_add_too(
    permissions, to_change, to_recover, to_delete
):
    quart, flask, again = make_quart(), make_technology(slug="flask"), make_technology(slug="again")
    with change():
        for thing in (flask, again):
            thing.licence = "MIT"
            thing.save()
    update(quart, name="QUART")
    last = revision_of(flask)
    delete(flask)
    delete(again)
    with change():
        make_technology(slug="again")
    revisions = {
        revision_of(quart, 1): to_change,
        last: to_recover,
        Revision.objects.get(slug="again", document="[]"): to_delete,
    }
    client, number = sign_in(*permissions), editions.latest().number

    seen = {one: client.get(page_of(one, "revert")).status_code for one in revisions}
    sent = {one: client.post(page_of(one, "revert")).status_code for one in revisions}

    assert seen == revisions
    assert sent == {one: 409 if status == 200 else 403 for one, status in revisions.items()}
    assert editions.latest().number == number


def test_the_page_leads_back_to_the_history(admin_client, in_capitals, quart):
    page = admin_client.get(page_of(revision_of(quart, 1), "revert"))

    assert f'href="{history_of(quart)}"' in page.text
