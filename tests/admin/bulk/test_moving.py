"""Moving many things to another category, each in the way that its model has."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.history import editions
from catalog.models import Category, Comparison, Listing, Snippet, Technology
from tests.admin.bulk.acting import choose, confirm, part_of, show
from tests.admin.reading_history import change
from tests.factories import (
    make_category,
    make_comparison,
    make_listing,
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
