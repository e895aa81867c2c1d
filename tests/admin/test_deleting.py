"""Before a deletion: what goes along, where it is still used, and what to do instead."""

import re
from collections import Counter

import html5lib
import pytest
from django.contrib.admin.utils import NestedObjects
from django.db import connection, models
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.admin.deleting import FORBIDDING, MOST_NAMES, STILL_USED
from catalog.models import CONTENT, Category, Comparison, Guide, Stack, Status, Technology
from tests.admin.bulk.acting import press
from tests.admin.pages import make_everything, url_for, url_of
from tests.admin.roles import sign_in
from tests.factories import (
    make_category,
    make_companion,
    make_comparison,
    make_contender,
    make_listing,
    make_package,
    make_point,
    make_snippet,
    make_stack,
    make_technology,
    make_whole_guide,
)

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

USED = "Where it is still used"
ALONG = "What goes along"
WOULD = "What would go along"


def ask(client: Client, row: models.Model) -> HttpResponse:
    return client.get(url_of(row, "delete"))


def ask_for_several(client: Client, *rows: models.Model, **more: str) -> HttpResponse:
    data = {"action": "delete_selected", "_selected_action": [row.pk for row in rows], **more}
    return client.post(url_for(type(rows[0])), data)


def said(page: HttpResponse) -> dict[str, dict[str, list[str]]]:
    """What each part of the page lists under each of its headings."""
    tree = html5lib.parse(page.content.decode(), namespaceHTMLElements=False)
    return {
        words(part.find("h2")): {
            words(group.find("h3")): [words(row) for row in group.iter("li")]
            for group in part.iter("section")
            if group.get("class") == "deletion-group"
        }
        for part in tree.iter("section")
        if part.get("class") == "deletion-part"
    }


def heading(page: HttpResponse) -> str:
    tree = html5lib.parse(page.content.decode(), namespaceHTMLElements=False)
    return words(next(tree.iter("h1")))


def words(element: object) -> str:
    return " ".join("".join(element.itertext()).split())


def links(page: HttpResponse) -> set[str]:
    html = page.content.decode().partition('id="content-main"')[2]
    return set(re.findall(r'href="([^"]+)"', html))


def test_it_says_what_goes_along(admin_client):
    technology = make_technology(name="Django", status=Status.DRAFT)
    point = make_point(technology, text="Batteries included")
    listing = make_listing(make_category(name="Web frameworks"), technology)
    make_package(technology, name="django")

    page = ask(admin_client, technology)

    assert heading(page) == "Delete the technology “Django”?"
    assert said(page) == {
        ALONG: {
            "Packages (1)": ["django"],
            "Points (1)": ["Batteries included"],
            "Listings (1)": ["Web frameworks"],
        }
    }
    assert {url_of(point), url_of(listing), url_of(technology)} <= links(page)


def test_it_says_by_what_the_row_is_still_used(admin_client):
    technology = make_technology(name="Django")
    contender = make_contender(make_comparison(0, 0, title="Frameworks"), technology=technology)
    make_technology(name="Old", replaced_by=technology)
    make_companion(make_technology(name="Wagtail"), companion=technology)
    make_snippet(technology=technology, title="A model")
    stack = make_stack(name="Full stack")
    choice = stack.roles.get().choices.get()
    choice.technology, choice.with_technology = make_technology(name="Flask"), technology
    choice.save()

    page = ask(admin_client, technology)

    assert said(page)[USED] == {
        "As the replacement of technologies (1)": ["Old"],
        "As a companion of technologies (1)": ["Wagtail"],
        "As the technology of snippets (1)": ["A model"],
        "As a contender in comparisons (1)": ["Frameworks"],
        "As what goes with a choice in stacks (1)": ["Flask (Full stack, Role 0)"],
    }
    assert url_of(contender) in links(page)
    assert heading(page) == "The technology “Django” cannot be deleted"
    assert b'value="Delete it"' not in page.content


def test_what_only_a_part_is_used_by_is_said_too(admin_client):
    comparison = make_comparison(1, 2, title="Frameworks")

    page = ask(admin_client, comparison.groups.get())

    assert said(page)[USED] == {
        "As the group of criteria (2)": ["Criterion 0 (Frameworks)", "Criterion 1 (Frameworks)"]
    }


def test_what_nothing_refers_to_goes_alone(admin_client):
    page = ask(admin_client, make_category(status=Status.DRAFT))

    assert said(page) == {}
    assert "Nothing else goes with it, and nothing refers to it." in page.content.decode()


def test_each_list_is_short_and_says_how_much_it_leaves_out(admin_client):
    category = make_category()
    for number in range(MOST_NAMES + 2):
        make_listing(category, make_technology(name=f"Technology {number}"))

    (group,) = said(ask(admin_client, category))[ALONG].values()

    assert len(group) == MOST_NAMES + 1
    assert group[-1] == "… and 2 more"


def test_names_are_text(admin_client):
    technology = make_technology(name="<b>x</b>", status=Status.DRAFT)
    make_point(technology, text="<script>alert(1)</script>")

    page = ask(admin_client, technology)

    assert b"<b>x</b>" not in page.content
    assert said(page)[ALONG]["Points (1)"] == ["<script>alert(1)</script>"]


@pytest.mark.parametrize("status", Status.values)
def test_for_what_readers_see_it_suggests_to_archive_it(admin_client, status):
    page = ask(admin_client, make_stack(status=status))

    assert ("archive it instead" in page.content.decode()) == (status == Status.PUBLISHED)


def test_of_a_part_nothing_can_be_archived(admin_client):
    page = ask(admin_client, make_listing())

    assert "archive it instead" not in page.content.decode()


def test_it_is_deleted_when_that_is_confirmed(admin_client):
    stack = make_stack()

    answer = admin_client.post(url_of(stack, "delete"), {"post": "yes"})

    assert answer.status_code == 302
    assert not Stack.objects.exists()


def test_a_comparison_goes_with_its_groups_of_rows(admin_client):
    comparison = make_comparison(contenders=2, criteria=2)
    group = comparison.groups.create(name="Running", slug="running")
    comparison.criteria.update(group=group)

    page = ask(admin_client, comparison).content.decode()
    admin_client.post(url_of(comparison, "delete"), {"post": "yes"})

    assert USED not in page
    assert not Comparison.objects.exists()


def test_what_is_still_used_stays_even_if_that_is_confirmed(admin_client):
    technology = make_contender(make_comparison(0, 0)).technology

    answer = admin_client.post(url_of(technology, "delete"), {"post": "yes"})

    assert USED in answer.content.decode()
    assert Technology.objects.filter(pk=technology.pk).exists()


def test_several_are_named_with_what_goes_along(admin_client):
    stacks = [make_stack(name=name, status=Status.DRAFT) for name in ("First", "Second")]
    chosen = [stack.roles.get().choices.get().technology.name for stack in stacks]

    page = ask_for_several(admin_client, *stacks)

    assert said(page) == {
        "What was chosen": {"Stacks (2)": ["First", "Second"]},
        ALONG: {
            "Roles (2)": ["Role 0 (First)", "Role 0 (Second)"],
            "Choices (2)": [f"{chosen[0]} (First, Role 0)", f"{chosen[1]} (Second, Role 0)"],
        },
    }
    assert heading(page) == "Delete the chosen stacks?"


def test_several_go_when_that_is_confirmed(admin_client):
    stacks = [make_stack(), make_stack()]
    kept = make_stack()

    press(admin_client, ask_for_several(admin_client, *stacks))

    assert list(Stack.objects.all()) == [kept]


def test_several_stay_where_one_is_still_used(admin_client):
    category, parent = make_category(name="Alone"), make_category(name="Parent")
    make_category(name="Child", parent=parent)

    page = ask_for_several(admin_client, category, parent, post="yes")

    assert said(page)["Where they are still used"] == {"As the parent of categories (1)": ["Child"]}
    assert Category.objects.count() == 3


def test_who_may_not_delete_what_goes_along_is_told(admin_client):
    category = make_category(name="Databases")
    make_listing(category, make_technology(name="SQLite"))
    client = sign_in("delete_category", "view_category")

    page = ask(client, category)
    sent = client.post(url_of(category, "delete"), {"post": "yes"})

    assert "Ask somebody who may delete: listings." in " ".join(page.content.decode().split())
    assert said(page) == {WOULD: {"Listings (1)": ["SQLite"]}}
    assert links(page) == {url_of(category)}  # a form that this user may not open is no link
    assert (sent.status_code, Category.objects.count()) == (403, 1)


def test_who_does_not_publish_is_told_that_it_waits(admin_client):
    stacks = [make_stack(), make_stack()]
    client = sign_in(*(f"delete_{name}" for name in ("stack", "role", "choice")), "view_stack")
    waits = "that waits for a publisher"

    said_to_publishers, said_to_others = (
        [
            waits in ask(who, stacks[0]).content.decode(),
            waits in ask_for_several(who, *stacks).content.decode(),
        ]
        for who in (admin_client, client)
    )

    assert (said_to_publishers, said_to_others) == ([False] * 2, [True] * 2)


# Whatever the models are ------------------------------------------------------------------------


def test_whatever_forbids_a_deletion_has_a_heading():
    forbidding = {
        (relation.related_model._meta.model_name, relation.field.name)
        for model in CONTENT
        for relation in model._meta.related_objects
        if relation.on_delete in FORBIDDING
    }

    assert forbidding == STILL_USED.keys()


@pytest.mark.parametrize(
    "model", [model for model in CONTENT if model is not Guide], ids=lambda model: model.__name__
)
def test_the_page_says_what_django_would_do(admin_client, model):
    make_whole_guide()

    for row in model.objects.all():
        collector = NestedObjects(using="default", origin=[row])
        collector.collect([row])
        context = ask(admin_client, row).context
        going = context["deleted_objects"]
        found = [(group.model, pk) for group in (*going.asked, *going.along) for pk in group.keys]
        bars = {(group.model, pk) for group in context["protected"] for pk in group.keys}
        expected = [row for rows in collector.model_objs.values() for row in rows]
        assert Counter(found) == Counter(map(named, expected))
        assert bars == set(map(named, collector.protected))


def named(row: models.Model) -> tuple[str, int]:
    return row._meta.model_name, row.pk


@pytest.mark.parametrize("name", ["category", "technology", "comparison", "stack", "versionset"])
def test_to_ask_costs_the_same_however_much_goes_along(admin_client, name):
    model = next(model for model in CONTENT if model._meta.model_name == name)

    def cost(parts: int) -> int:
        make_everything(parts)
        row = model.objects.order_by("-pk").first()
        with CaptureQueriesContext(connection) as queries:
            assert ask(admin_client, row).status_code == 200
        return len(queries)

    cost(1)  # content types are remembered from the first page on
    assert cost(1) == cost(3)


def test_to_ask_for_several_costs_the_same_however_many(admin_client):
    def cost() -> int:
        rows = Comparison.objects.all()
        with CaptureQueriesContext(connection) as queries:
            assert ask_for_several(admin_client, *rows).status_code == 200
        return len(queries)

    costs = []
    for number in (1, 2):
        for _ in range(number):
            make_comparison()
        cost()  # the door records what was made outside of it
        costs.append(cost())

    assert costs == [costs[0]] * 2
