"""Publishing and archiving many pages: listed first, then done in one edition, or not at all."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from catalog.admin.bulk import MOST_NAMES
from catalog.history import editions
from catalog.models import Comparison, Edition, Snippet, Status, Technology
from catalog.models.base import add_months
from tests.admin.bulk.acting import (
    choose,
    confirm,
    fields_of,
    make_drafts,
    part_of,
    refusal_of,
    show,
)
from tests.admin.pages import messages_of, url_for
from tests.admin.reading_history import change, links_of, texts_of
from tests.factories import (
    make_category,
    make_comparison,
    make_snippet,
    make_stack,
    make_technology,
)

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


def test_what_changes_is_listed_before_anything_does(admin_client):
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


def test_what_is_confirmed_is_one_edition(admin_client):
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


def test_of_many_the_first_are_named(admin_client):
    rows = make_drafts(*(f"Tool {number}" for number in range(MOST_NAMES + 2)))

    confirm(admin_client, choose(admin_client, "publish", rows))

    assert editions.latest().comment == (
        "Published: Tool 0, Tool 1, Tool 2, Tool 3, Tool 4 and 2 more."
    )


def test_what_a_page_still_lacks_is_said_and_does_not_bar_it(admin_client, flask):
    page = choose(admin_client, "publish", [flask])
    confirm(admin_client, page)

    (entry,) = part_of(page, "changed")
    assert " Note: " in entry
    assert Technology.objects.get().status == Status.PUBLISHED


def test_what_names_a_draft_is_not_published_and_neither_is_the_rest(admin_client):
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


def test_what_is_in_the_way_can_be_left_out(admin_client):
    category = make_category()
    with change():
        whole = make_comparison(title="Whole", category=category, status=Status.DRAFT)
        thin = make_comparison(contenders=1, category=category, status=Status.DRAFT)
    page = confirm(admin_client, choose(admin_client, "publish", [whole, thin]))

    answer = confirm(admin_client, page, _selected_action=[whole.pk])

    assert answer.status_code == 302
    assert list(Comparison.objects.published()) == [whole]


def test_archiving_leaves_the_address(admin_client):
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


def test_where_nothing_changes_there_is_nothing_to_confirm(admin_client):
    with change():
        flask = make_technology(slug="flask", name="Flask")

    page = choose(admin_client, "publish", [flask])
    answer = confirm(admin_client, page)

    assert 'name="_confirm"' not in page.text
    assert part_of(page, "left") == ["Flask: is published already"]
    assert messages_of(answer) == ["Nothing to do: all of it is so already."]
    assert editions.latest().number == 1


def test_the_page_leads_back_to_the_list_as_it_was_filtered(admin_client, flask):
    query = "?status__exact=draft"

    page = choose(admin_client, "publish", [flask], query)
    answer = confirm(admin_client, page)

    assert links_of(page)["Back to the list"] == url_for(Technology) + query
    assert answer["Location"] == url_for(Technology) + query
    assert Technology.objects.get().status == Status.PUBLISHED


# Marking as reviewed: the next day to look is set so many months from today, never earlier --------


def test_the_page_begins_with_half_a_year(admin_client):
    with change():
        flask = make_technology(name="Flask")
    day = add_months(datetime.now(UTC).date(), 6)

    page = choose(admin_client, "mark_reviewed", [flask])
    answer = confirm(admin_client, page)

    assert fields_of(page)["months"] == "6"
    assert part_of(page, "changed") == [f"Flask Review by: empty → {day.isoformat()}"]
    assert messages_of(answer)[0] == "Reviewed: Flask."
    assert Technology.objects.get().review_by == day


def test_a_later_day_stays(admin_client):
    with change():
        flask = make_technology(name="Flask", review_by=date(2999, 1, 1))
        quart = make_technology(name="Quart", review_by=date(2020, 1, 1))

    page = choose(admin_client, "mark_reviewed", [flask, quart])
    confirm(admin_client, page)

    assert part_of(page, "left") == ["Flask: is to be reviewed by 2999-01-01 already"]
    flask.refresh_from_db()
    quart.refresh_from_db()
    assert (flask.review_by.year, quart.review_by > date(2026, 1, 1)) == (2999, True)


def test_other_months_are_shown_before_they_count(admin_client):
    with change():
        snippet = make_snippet(title="Hello")
    day = add_months(datetime.now(UTC).date(), 18)

    page = show(admin_client, choose(admin_client, "mark_reviewed", [snippet]), months="18")
    confirm(admin_client, page)

    assert part_of(page, "changed") == [f"Hello Review by: empty → {day.isoformat()}"]
    assert Snippet.objects.get().review_by == day


@pytest.mark.parametrize("months", ["", "0", "-1", "121", "x", "1.5", "9" * 30, "\0"])
def test_what_is_no_number_of_months_is_said_in_the_form(admin_client, months):
    with change():
        flask = make_technology(name="Flask")

    page = confirm(admin_client, choose(admin_client, "mark_reviewed", [flask]), months=months)

    assert page.status_code == 200
    assert page.context["form"].errors.keys() == {"months"}
    assert part_of(page, "selected") == ["Flask"]
    assert editions.latest().number == 1


# The lifecycle of many technologies: a claim with all it rests on, and what to take instead -------


CLAIM = {
    "lifecycle": "deprecated",
    "lifecycle_note": "No releases any more.",
    "lifecycle_source": "https://example.org/end",
    "lifecycle_verified_on": "2026-01-02",
}


@pytest.fixture
def both() -> list[Technology]:
    with change():
        newer = make_technology(slug="newer", name="Newer")
        return [
            make_technology(
                slug=slug,
                name=slug.capitalize(),
                lifecycle="active",
                lifecycle_note="Lively.",
                lifecycle_source="https://example.org/old",
                replaced_by=newer,
            )
            for slug in ("flask", "quart")
        ]


def shown(client: Client, rows: list[Technology], **chosen: str) -> Any:
    return show(client, choose(client, "set_lifecycle", rows), **chosen)


def test_first_the_page_asks(admin_client, both):
    page = choose(admin_client, "set_lifecycle", both)

    assert part_of(page, "selected") == ["Flask", "Quart"]
    assert page.context["form"].errors == {}
    assert 'name="_confirm"' not in page.text


def test_a_claim_replaces_another_as_a_whole(admin_client, both):
    page = shown(admin_client, both, **CLAIM | {"lifecycle_note": ""})
    confirm(admin_client, page)

    assert len(part_of(page, "changed")) == 2
    for row in both:
        row.refresh_from_db()
        assert row.lifecycle == "deprecated"
        assert row.lifecycle_note == ""
        assert row.lifecycle_source == "https://example.org/end"
        assert row.lifecycle_verified_on == date(2026, 1, 2)
        assert row.replaced_by.slug == "newer"
    assert editions.latest().comment == "Lifecycle set to “deprecated”: Flask and Quart."


def test_what_to_take_instead_is_set_and_emptied(admin_client, both):
    make_technology(slug="litestar", name="Litestar")

    confirm(admin_client, shown(admin_client, both[:1], replaced_by="litestar", **CLAIM))
    confirm(admin_client, shown(admin_client, both[1:], is_replaced_by_nothing="on", **CLAIM))

    replaced = Technology.objects.filter(slug__in=["flask", "quart"]).order_by("slug")
    assert list(replaced.values_list("replaced_by__slug", flat=True)) == ["litestar", None]


def test_unknown_is_a_choice_of_its_own(admin_client, both):
    confirm(admin_client, shown(admin_client, both[:1], lifecycle="unknown"))

    both[0].refresh_from_db()
    assert (both[0].lifecycle, both[0].lifecycle_source) == ("", "")
    assert editions.latest().comment == "Lifecycle set to “unknown”: Flask."


def test_a_technology_that_would_replace_itself_is_left_out(admin_client, both):
    page = shown(admin_client, both, replaced_by="flask", **CLAIM)
    confirm(admin_client, page)

    assert part_of(page, "left") == ["Flask: It cannot replace itself."]
    assert [text.split()[0] for text in part_of(page, "changed")] == ["Quart"]
    assert list(
        Technology.objects.filter(lifecycle="deprecated").values_list("slug", flat=True)
    ) == ["quart"]


@pytest.mark.parametrize(
    ("chosen", "field"),
    [
        ({"lifecycle": ""}, "lifecycle"),
        ({"lifecycle": "nonsense"}, "lifecycle"),
        ({"lifecycle_source": "javascript:alert(1)"}, "lifecycle_source"),
        ({"lifecycle_source": "ftp://example.org/"}, "lifecycle_source"),
        ({"lifecycle_source": "https://example.org/" + "a" * 500}, "lifecycle_source"),
        ({"lifecycle_note": "a" * 301}, "lifecycle_note"),
        ({"lifecycle_verified_on": "2999-01-01"}, "lifecycle_verified_on"),
        ({"lifecycle_verified_on": "yesterday"}, "lifecycle_verified_on"),
        ({"replaced_by": "nobody"}, "replaced_by"),
        ({"replaced_by": "a\0b"}, "replaced_by"),
        ({"replaced_by": "newer", "is_replaced_by_nothing": "on"}, "__all__"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_kept(admin_client, both, chosen, field):
    page = shown(admin_client, both, **CLAIM | chosen)
    sent = confirm(admin_client, page, **chosen)

    assert [one.context["form"].errors.keys() for one in (page, sent)] == [{field}] * 2
    assert fields_of(page)["lifecycle_verified_on"] == chosen.get(
        "lifecycle_verified_on", "2026-01-02"
    )
    assert part_of(page, "selected") == ["Flask", "Quart"]
    assert editions.latest().number == 1


def test_another_choice_than_the_listed_one_is_not_written(admin_client, both):
    page = shown(admin_client, both, **CLAIM)

    again = confirm(admin_client, page, lifecycle="end-of-life")

    assert refusal_of(again) == "Nothing was changed. Below is what would change now."
    assert "end of life" in part_of(again, "changed")[0]
    assert editions.latest().number == 1
