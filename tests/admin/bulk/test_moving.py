"""Moving many things to another category, each in the way that its model has."""

from typing import Any

import pytest
from django.db import connection, models
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.history import editions
from catalog.models import Category, Comparison, Listing, Point, Snippet, Status, Technology
from tests.admin.bulk.acting import choose, confirm, make_drafts, part_of, press, show
from tests.admin.pages import messages_of, url_for
from tests.admin.reading_history import change, texts_of, update
from tests.factories import (
    make_category,
    make_comparison,
    make_listing,
    make_point,
    make_snippet,
    make_technology,
)

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


@pytest.fixture
def web() -> Category:
    return make_category(slug="web", name="Web")


@pytest.fixture
def tasks() -> Category:
    return make_category(slug="tasks", name="Tasks")


def moving(client: Client, rows: list[Any], **chosen: str) -> Any:
    return show(client, choose(client, "move", rows), **chosen)


def test_comparisons_move(admin_client, web, tasks):
    with change():
        rows = [make_comparison(title=title, category=web) for title in ("Fast", "Slow")]

    page = moving(admin_client, rows, to="tasks")
    confirm(admin_client, page)

    assert part_of(page, "changed") == ["Fast Category: Web → Tasks", "Slow Category: Web → Tasks"]
    assert editions.latest().comment == "Moved to “Tasks”: Fast and Slow."
    assert set(Comparison.objects.values_list("category__slug", flat=True)) == {"tasks"}


def test_what_is_there_already_stays(admin_client, web):
    comparison = make_comparison(title="Fast", category=web)

    page = moving(admin_client, [comparison], to="web")

    assert part_of(page, "left") == ["Fast: stays as it is"]
    assert part_of(page, "changed") == []


def test_snippets_leave_their_technology(admin_client, web, tasks):
    with change():
        flask = make_technology(name="Flask")
        rows = [
            make_snippet(title="Hello", technology=flask),
            make_snippet(title="Bye", category=web),
        ]

    page = moving(admin_client, rows, to="tasks")
    confirm(admin_client, page)

    assert sorted(part_of(page, "changed")) == [
        "Bye Category: Web → Tasks",
        "Hello Technology: Flask → empty Category: empty → Tasks",
    ]
    assert set(Snippet.objects.values_list("category__slug", "technology")) == {("tasks", None)}


# Categories -------------------------------------------------------------------------------------


def test_categories_move_below_another_and_to_the_top(admin_client, web, tasks):
    page = moving(admin_client, [tasks], to="web")
    confirm(admin_client, page)
    tasks.refresh_from_db()
    back = moving(admin_client, [tasks], to="")
    confirm(admin_client, back)

    assert part_of(page, "changed") == ["Tasks Parent: empty → Web"]
    assert tasks.parent == web
    assert part_of(back, "changed") == ["Tasks Parent: Web → empty"]
    assert Category.objects.top().count() == 2
    assert editions.latest().comment == "Moved to the top: Tasks."


def test_what_cannot_be_below_another_is_left_out(admin_client, web, tasks):
    make_category(parent=tasks)
    other = make_category(name="Other")

    page = moving(admin_client, [web, tasks, other], to="web")
    confirm(admin_client, page)

    assert sorted(part_of(page, "left")) == [
        "Tasks: It has categories below it, so it must stay on top.",
        "Web: It cannot be its own parent.",
    ]
    other.refresh_from_db()
    assert other.parent == web


def test_only_top_categories_are_offered(admin_client, web, tasks):
    low = make_category(slug="low", parent=tasks)

    page = moving(admin_client, [web], to="low")

    assert page.context["form"].errors.keys() == {"to"}
    assert low.parent == tasks


def test_a_parent_that_became_a_child_meanwhile_is_refused(admin_client, web, tasks):
    other = make_category(name="Other")
    page = moving(admin_client, [tasks], to="web")
    with change():
        web.parent = other
        web.save()

    again = confirm(admin_client, page)

    assert again.context["form"].errors.keys() == {"to"}
    tasks.refresh_from_db()
    assert tasks.parent is None


# Technologies -----------------------------------------------------------------------------------


def test_a_listing_moves_with_all_it_says(admin_client, web, tasks):
    with change():
        flask = make_technology(slug="flask", name="Flask")
        make_listing(web, flask, verdict="alternative", because="Small.", position=7)

    page = moving(admin_client, [flask], of="web", to="tasks")
    confirm(admin_client, page)

    assert part_of(page, "changed") == [
        "Flask New listing: in Tasks as alternative Listing removed: in Web"
    ]
    listing = Listing.objects.get()
    assert (listing.category, listing.verdict, listing.because, listing.position) == (
        tasks,
        "alternative",
        "Small.",
        7,
    )
    assert sorted(editions.latest().revisions.values_list("kind", "slug")) == [
        ("category", "tasks"),
        ("category", "web"),
        ("technology", "flask"),
    ]


def test_what_is_not_listed_or_listed_there_already_is_left_out(admin_client, web, tasks):
    flask, quart, sanic = (make_technology(name=name) for name in ("Flask", "Quart", "Sanic"))
    for place, row in ((web, flask), (web, quart), (tasks, quart)):
        make_listing(place, row)

    page = moving(admin_client, [flask, quart, sanic], of="web", to="tasks")
    confirm(admin_client, page)

    assert sorted(part_of(page, "left")) == [
        "Quart: “Tasks” lists it already; what is said there would be lost.",
        "Sanic: is not listed in “Web”",
    ]
    assert sorted(Listing.objects.values_list("category__slug", "technology__name")) == [
        ("tasks", "Flask"),
        ("tasks", "Quart"),
        ("web", "Quart"),
    ]


def test_two_categories_must_differ(admin_client, web):
    flask = make_technology()

    page = moving(admin_client, [flask], of="web", to="web")

    assert page.context["form"].non_field_errors() == ["Choose two categories that differ."]


def test_a_moved_listing_can_be_moved_back_by_undo(admin_client, web, tasks):
    with change():
        flask = make_technology(slug="flask", name="Flask")
        make_listing(web, flask, verdict="alternative")
    confirm(admin_client, moving(admin_client, [flask], of="web", to="tasks"))
    address = f"/admin/catalog/edition/{editions.latest().number}/undo/"

    page = admin_client.get(address)
    admin_client.post(address, {"_state": page.context["token"], "_seen": page.context["seen"]})

    assert Listing.objects.get().category == web


def test_moving_twelve_costs_what_moving_one_does(admin_client, web, tasks):
    costs = []
    for count in (1, 1, 12):  # content types are remembered from the first time on
        with change():
            rows = [make_technology() for _ in range(count)]
            for row in rows:
                make_listing(web, row)
        page = moving(admin_client, rows, of="web", to="tasks")
        with CaptureQueriesContext(connection) as queries:
            assert confirm(admin_client, page).status_code == 302
        costs.append(len(queries))

    assert costs[1] == costs[2]
    assert Technology.objects.filter(listings__category=tasks).count() == 14


# Deleting -----------------------------------------------------------------------------------------


UNKNOWN = "It is not known which state this page was made from: look again."


def ask(client: Client, rows: list[models.Model], query: str = "") -> HttpResponse:
    return choose(client, "delete_selected", rows, query)


def test_what_was_shown_is_deleted_in_one_edition(admin_client):
    rows = make_drafts("Flask", "Quart")

    answer = press(admin_client, ask(admin_client, rows))

    assert (answer.status_code, answer["Location"]) == (302, url_for(Technology))
    assert messages_of(answer)[0] == "Successfully deleted 2 technologies."
    assert (Technology.objects.count(), editions.latest().number) == (0, 2)
    assert editions.latest().revisions.count() == 2


def test_what_somebody_changed_in_between_stays(admin_client):
    rows = make_drafts("Flask", "Quart")
    page = ask(admin_client, rows)
    with change(user="grace"):
        rows[0].summary = "Small"
        rows[0].save()

    again = press(admin_client, page)

    assert again.status_code == 200
    assert messages_of(again) == [
        "Nothing was deleted. “Flask” has been changed since, in edition 2 (grace)."
    ]
    assert (Technology.objects.count(), editions.latest().number) == (2, 2)
    assert press(admin_client, again).status_code == 302
    assert Technology.objects.count() == 0


def test_what_left_the_filtered_list_in_between_stays(admin_client):
    rows = make_drafts("Flask", "Quart")
    page = ask(admin_client, rows, "?status__exact=draft")
    update(rows[0], status=Status.PUBLISHED)

    again = press(admin_client, page)

    assert "“Flask” has been changed since" in messages_of(again)[0]
    assert Technology.objects.count() == 2


def test_what_is_gone_already_is_named(admin_client):
    rows = make_drafts("Flask", "Quart")
    page = ask(admin_client, rows)
    with change(user="grace"):
        rows[0].delete()

    again = press(admin_client, page)

    assert messages_of(again) == ["Nothing was deleted. “flask” is gone since edition 2 (grace)."]
    assert Technology.objects.count() == 1


def test_a_row_that_never_was_is_missed(admin_client):
    rows = make_drafts("Flask")
    page = ask(admin_client, rows)

    again = press(admin_client, page, _selected_action=[rows[0].pk, 999999])

    assert messages_of(again) == ["Nothing was deleted: some of it is gone already. Look again."]
    assert Technology.objects.count() == 1


def test_parts_are_as_their_things_were(admin_client):
    with change():
        quart = make_technology(slug="quart", name="Quart")
        points = [make_point(quart), make_point(quart)]
    page = ask(admin_client, points)
    update(quart, summary="Async")

    again = press(admin_client, page)
    answer = press(admin_client, again)

    assert messages_of(again) == [
        "Nothing was deleted. “Quart” has been changed since, in edition 2 (ada)."
    ]
    assert (answer.status_code, Point.objects.count()) == (302, 0)


def test_a_part_of_two_things_is_as_both_were(admin_client):
    with change():
        listing = make_listing()
    page = ask(admin_client, [listing])
    update(listing.category, best_for="Pages")

    again = press(admin_client, page)

    assert again.status_code == 200
    assert Listing.objects.count() == 1


@pytest.mark.parametrize(
    "token", ["", "x", "1", "9 technology/flask", "1 technology/quart", "1 technology/\0"]
)
def test_a_page_without_its_state_deletes_nothing(admin_client, token):
    page = ask(admin_client, make_drafts("Flask"))

    again = press(admin_client, page, _state=token)

    assert messages_of(again) == [UNKNOWN]
    assert Technology.objects.count() == 1


def test_a_forged_post_without_a_page_deletes_nothing(admin_client, flask):
    forged = {"action": "delete_selected", "_selected_action": [flask.pk], "post": "yes"}

    page = admin_client.post(url_for(Technology), forged)

    assert texts_of(page, "h1") == ["Delete the chosen technology?"]
    assert Technology.objects.count() == 1


def test_to_delete_twelve_costs_what_to_delete_two_does(admin_client):
    few = make_drafts("Flask", "Quart")
    many = make_drafts(*(f"Tool {number}" for number in range(12)))
    ask(admin_client, few)

    costs = []
    for rows in (few, many):
        with CaptureQueriesContext(connection) as queries:
            ask(admin_client, rows)
        costs.append(len(queries))

    assert costs[0] == costs[1]
