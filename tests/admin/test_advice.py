"""What no rule forbids and an editor should know: said before it is done, and after."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.advice import used_in
from catalog.models import Pin, Stack, Technology
from tests.admin.pages import messages_of, read_form, save, url_for, url_of
from tests.factories import (
    make_comparison,
    make_package,
    make_stack,
    make_technology,
    make_version_set,
)

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


def warnings_of(page) -> list[str]:
    return [text for text in messages_of(page) if text.startswith(("Mind", "2 published"))]


def make_dead() -> Technology:
    living = make_technology(name="redis-py")
    return make_technology(name="aioredis", lifecycle="end-of-life", replaced_by=living)


DOUBT = "Mind that “aioredis” is end of life, replaced by redis-py."


def test_to_choose_what_is_over_is_said_once(admin_client):
    dead, stack = make_dead(), make_stack(roles=1)
    choice = stack.roles.get().choices.get()

    chosen = save(admin_client, url_of(choice), technology=str(dead.pk))
    again = save(admin_client, url_of(choice), note="Another word")

    assert (warnings_of(chosen), warnings_of(again)) == ([DOUBT], [])


def test_to_pin_a_package_of_what_is_over_is_said(admin_client):
    package = make_package(make_dead(), name="aioredis")
    make_version_set(pins=1)

    page = save(admin_client, url_of(Pin.objects.get()), package=str(package.pk))

    assert warnings_of(page) == [DOUBT]


def test_to_publish_what_names_it_is_said_with_what_it_lacks(admin_client):
    dead, stack = make_dead(), make_stack(roles=1, name="Caching", status="draft")
    stack.roles.get().choices.update(technology=dead)

    page = save(admin_client, url_of(stack), status="published")

    found = messages_of(page)
    assert [text for text in found if text == DOUBT] == [DOUBT]
    assert "Stack “Caching” has no introduction." in found


def test_a_name_that_another_has_is_said(admin_client):
    make_technology(slug="one", name="Redis")
    other = make_technology(slug="other", name="Redys")

    page = save(admin_client, url_of(other), name="Redis")

    assert warnings_of(page) == [
        "2 published technologies are called “Redis”. If they are the same, keep one and "
        "archive the other."
    ]


@pytest.mark.parametrize("status", ["archived", "draft"])
def test_what_is_still_named_leaves_only_after_that_was_said(admin_client, status):
    technology = make_technology(name="FastAPI")
    stack = make_stack(name="Light")
    stack.roles.get().choices.update(technology=technology)
    comparison = make_comparison(title="Frameworks")
    comparison.contenders.filter(pk=comparison.contenders.first().pk).update(technology=technology)

    asked = save(admin_client, url_of(technology), status=status, summary="Typed")

    assert asked.status_code == 200
    assert "It stays named in comparison “Frameworks” and stack “Light”." in asked.text.replace(
        "&#x27;", "'"
    )
    assert Technology.objects.get(pk=technology.pk).status == "published"
    form = read_form(asked)
    assert form["summary"] == "Typed"
    assert admin_client.post(url_of(technology), {**form, "_leave": "1"}).status_code == 302
    technology.refresh_from_db()
    assert (technology.status, technology.summary) == (status, "Typed")


def test_what_nobody_names_leaves_unasked(admin_client):
    technology = make_technology()

    assert save(admin_client, url_of(technology), status="archived").status_code == 302


def test_to_archive_many_says_of_each_where_it_stays_named(admin_client):
    technology, _alone = make_technology(name="FastAPI"), make_technology()
    make_stack(name="Light").roles.get().choices.update(technology=technology)

    page = admin_client.post(
        url_for(Technology), {"action": "archive", "_selected_action": [technology.pk, _alone.pk]}
    )

    assert page.text.count("It stays named in stack “Light”.") == 1


@pytest.mark.parametrize("size", [1, 3])
def test_where_pages_are_named_takes_the_same_queries_for_any_number(size):
    technologies = [make_technology() for _ in range(size)]
    for technology in technologies:
        make_stack().roles.get().choices.update(technology=technology)

    with CaptureQueriesContext(connection) as statements:
        found = used_in(technologies)

    assert len(found) == size
    assert len(statements) == 22
    assert Stack.objects.count() == size
