"""Editors who save at the very same moment: one is first, and no change of anybody is lost."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from catalog.history import editions
from catalog.models import Category, Edition, Revision, Technology
from tests.admin.overtaken import answered, opened
from tests.admin.pages import url_of
from tests.factories import make_category, make_technology

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.ignore_template_errors]

EDITORS = 12


def at_once(editors: list[Client], act: Callable[[int, Client], int]) -> list[int]:
    """What each editor gets who acts in a thread, none before all are ready."""
    barrier = Barrier(len(editors))

    def run(number: int) -> int:
        try:
            barrier.wait(timeout=60)
            return act(number, editors[number])
        finally:
            connection.close()

    with ThreadPoolExecutor(len(editors)) as pool:
        return list(pool.map(run, range(len(editors))))


@pytest.fixture
def editors() -> list[Client]:
    """So many people, each in a browser of their own."""
    found = []
    for number in range(EDITORS):
        client = Client()
        client.force_login(User.objects.create_superuser(f"editor-{number}"))
        found.append(client)
    return found


def insist(client: Client, url: str, form: dict[str, str]) -> HttpResponse:
    """Post until no other writer is in the way; the site asks for it."""
    while (answer := client.post(url, form)).status_code == 503:
        continue
    return answer


def test_of_twelve_who_save_one_form_at_once_exactly_one_is_first(editors):
    with editions.record("ada", "", Edition.Origin.ADMIN):
        flask = make_technology(slug="flask", summary="Small")
    forms = [opened(client, flask) for client in editors]
    assert len({form["_state"] for form in forms}) == 1

    def save(number: int, client: Client) -> int:
        return insist(client, url_of(flask), forms[number] | {"summary": f"{number}"}).status_code

    answers = at_once(editors, save)

    assert sorted(answers) == [302, *[409] * (EDITORS - 1)]
    assert Technology.objects.get().summary == str(answers.index(302))
    assert (Edition.objects.count(), Revision.objects.count()) == (2, 2)


def test_whoever_counts_upwards_and_chooses_anew_loses_no_step(editors):
    steps = 2
    with editions.record("ada", "", Edition.Origin.ADMIN):
        category = make_category(slug="web", position=0)
    url = url_of(category)

    def count(_number: int, client: Client) -> int:
        conflicts = 0
        for _step in range(steps):
            form = opened(client, category)
            form["position"] = str(int(form["position"]) + 1)
            answer = insist(client, url, form)
            while answer.status_code == 409:
                # Somebody counted meanwhile: begin again from what there is.
                conflicts += 1
                form = opened(client, category)
                form["position"] = str(int(form["position"]) + 1)
                answer = insist(client, url, form)
        return conflicts

    at_once(editors[:6], count)

    assert Category.objects.get().position == 6 * steps
    assert Edition.objects.count() == 1 + 6 * steps


def test_of_twelve_who_choose_at_once_one_is_first_too(editors):
    with editions.record("ada", "", Edition.Origin.ADMIN):
        flask = make_technology(slug="flask", summary="Small")
    forms = [opened(client, flask) for client in editors]
    with editions.record("grace", "", Edition.Origin.ADMIN):
        Technology.objects.update(summary="Theirs")
    choices = [
        answered(client.post(url_of(flask), form | {"summary": f"{number}"}), "mine")
        for number, (client, form) in enumerate(zip(editors, forms, strict=True))
    ]

    answers = at_once(
        editors, lambda number, client: insist(client, url_of(flask), choices[number]).status_code
    )

    assert sorted(answers) == [302, *[409] * (EDITORS - 1)]
    assert Technology.objects.get().summary == str(answers.index(302))


def test_changes_of_different_fields_all_arrive(editors):
    """Each looks at what the others did and saves both, until it is done."""
    with editions.record("ada", "", Edition.Origin.ADMIN):
        flask = make_technology(slug="flask")
    fields = ("summary", "licence", "website", "repository", "documentation", "lifecycle_note")
    forms = [opened(client, flask) for client in editors[: len(fields)]]

    def save(number: int, client: Client) -> int:
        field = fields[number]
        answer = insist(client, url_of(flask), forms[number] | {field: "https://mine.example/"})
        while answer.status_code == 409:
            answer = insist(client, url_of(flask), answered(answer))
        return answer.status_code

    answers = at_once(editors[: len(fields)], save)

    assert answers == [302] * len(fields)
    flask.refresh_from_db()
    assert {getattr(flask, name) for name in fields} == {"https://mine.example/"}
    assert Edition.objects.count() == 1 + len(fields)
