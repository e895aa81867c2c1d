"""Publishing and archiving many pages: listed first, then done in one edition, or not at all."""

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from catalog.admin.bulk import MOST_NAMES
from catalog.history import editions
from catalog.models import Comparison, Edition, Status, Technology
from tests.admin.bulk.acting import choose, confirm, make_drafts, part_of
from tests.admin.pages import messages_of, url_for
from tests.admin.reading_history import change, links_of, texts_of
from tests.factories import make_category, make_comparison, make_stack, make_technology

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


def test_what_changes_is_listed_before_anything_does(admin_client: Client) -> None:
    rows = [*make_drafts("Flask", "Quart"), make_technology(slug="sanic", name="Sanic")]
    number = editions.latest().number

    page = choose(admin_client, "publish", rows)

    assert texts_of(page, "h1") == ["Publish: 3 technologies"]
    assert [text.split(" Note:")[0] for text in part_of(page, "changed")] == [
        "Flask Status: draft → published",
        "Quart Status: draft → published",
    ]
    assert part_of(page, "left") == ["Sanic: is published already"]
    assert editions.latest().number == number
    assert Technology.objects.published().count() == 1


def test_what_is_confirmed_is_one_edition(admin_client: Client) -> None:
    rows = make_drafts("Flask", "Quart")

    answer = confirm(admin_client, choose(admin_client, "publish", rows))

    newest = editions.latest()
    assert (answer.status_code, answer["Location"]) == (302, url_for(Technology))
    assert (newest.number, newest.user, newest.comment, newest.origin) == (
        2,
        "admin",
        "Published: Flask and Quart.",
        Edition.Origin.ADMIN,
    )
    assert messages_of(answer) == [
        "Published: Flask and Quart.",
        "Edition 2. Flask: Status: draft → published. Quart: Status: draft → published. "
        '<a href="/admin/catalog/edition/2/change/">See the difference</a> · '
        '<a href="/admin/catalog/edition/2/undo/">Undo</a>',
    ]
    assert Technology.objects.published().count() == 2
    assert [entry.get_change_message() for entry in LogEntry.objects.all()] == ["Published."] * 2


def test_of_many_the_first_are_named(admin_client: Client) -> None:
    rows = make_drafts(*(f"Tool {number}" for number in range(MOST_NAMES + 2)))

    confirm(admin_client, choose(admin_client, "publish", rows))

    assert editions.latest().comment == (
        "Published: Tool 0, Tool 1, Tool 2, Tool 3, Tool 4 and 2 more."
    )


def test_what_a_page_still_lacks_is_said_and_does_not_bar_it(admin_client: Client) -> None:
    (flask,) = make_drafts("Flask")

    page = choose(admin_client, "publish", [flask])
    confirm(admin_client, page)

    (entry,) = part_of(page, "changed")
    assert " Note: " in entry
    assert Technology.objects.get().status == Status.PUBLISHED


def test_what_names_a_draft_is_not_published_and_neither_is_the_rest(admin_client: Client) -> None:
    category = make_category()
    with change():
        whole = make_comparison(title="Whole", category=category, status=Status.DRAFT)
        broken = make_comparison(title="Broken", category=category, status=Status.DRAFT)
        make_stack(name="Broken before", choices=0)
        draft = broken.contenders.first().technology
        draft.name, draft.status = "Quart", Status.DRAFT
        draft.save()
    number = editions.latest().number

    page = confirm(admin_client, choose(admin_client, "publish", [whole, broken]))

    assert page.status_code == 409
    assert part_of(page, "problems") == [
        "“Broken” is published but names “Quart”, which is a draft."
    ]
    assert len(part_of(page, "changed")) == 2
    assert Comparison.objects.published().count() == 0
    assert editions.latest().number == number


def test_what_is_in_the_way_can_be_left_out(admin_client: Client) -> None:
    category = make_category()
    with change():
        whole = make_comparison(title="Whole", category=category, status=Status.DRAFT)
        thin = make_comparison(contenders=1, category=category, status=Status.DRAFT)
    page = confirm(admin_client, choose(admin_client, "publish", [whole, thin]))

    answer = confirm(admin_client, page, _selected_action=[whole.pk])

    assert answer.status_code == 302
    assert list(Comparison.objects.published()) == [whole]


def test_archiving_leaves_the_address(admin_client: Client) -> None:
    with change():
        flask = make_technology(slug="flask", name="Flask")
        quart = make_technology(slug="quart", name="Quart", status=Status.DRAFT)

    page = choose(admin_client, "archive", [flask, quart])
    answer = confirm(admin_client, page)

    assert part_of(page, "changed") == [
        "Flask Status: published → archived",
        "Quart Status: draft → archived "
        "Note: It is a draft: archived, it has an address that readers can open.",
    ]
    assert messages_of(answer)[0] == "Archived: Flask and Quart."
    assert admin_client.get("/technologies/flask/").status_code == 200


def test_where_nothing_changes_there_is_nothing_to_confirm(admin_client: Client) -> None:
    with change():
        flask = make_technology(slug="flask", name="Flask")

    page = choose(admin_client, "publish", [flask])
    answer = confirm(admin_client, page)

    assert 'name="_confirm"' not in page.text
    assert part_of(page, "left") == ["Flask: is published already"]
    assert messages_of(answer) == ["Nothing to do: all of it is so already."]
    assert editions.latest().number == 1


def test_the_page_leads_back_to_the_list_as_it_was_filtered(admin_client: Client) -> None:
    (flask,) = make_drafts("Flask")
    query = "?status__exact=draft"

    page = choose(admin_client, "publish", [flask], query)
    answer = confirm(admin_client, page)

    assert links_of(page)["Back to the list"] == url_for(Technology) + query
    assert answer["Location"] == url_for(Technology) + query
    assert Technology.objects.get().status == Status.PUBLISHED
