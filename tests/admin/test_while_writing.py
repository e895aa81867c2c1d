"""Reading waits for nobody: not for a long import, not for another editor."""

import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier

import pytest
from django.contrib.auth.models import Group, User
from django.contrib.sessions.models import Session
from django.db import OperationalError, connection
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from catalog.history import editions
from catalog.models import (
    Category,
    Edition,
    EditionCounter,
    PackLoad,
    Pending,
    Revision,
    Technology,
)
from tests.admin.addresses import make_content, pages
from tests.admin.desk.filling import desk, fill, sections
from tests.admin.grid.tables import grid_of, make_table, said
from tests.admin.overtaken import answered, opened
from tests.admin.pages import NEW_POINT, make_everything, read_form, url_for, url_of
from tests.admin.roles import sign_in_as
from tests.admin.uploading import texts, upload
from tests.factories import make_category, make_technology

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.ignore_template_errors]

PACK = b"[{model: catalog.technology, fields: {slug: flask, name: Flask, kind: library}}]"
HEADING = "Somebody else\N{RIGHT SINGLE QUOTATION MARK}s change is being written"


@contextmanager
def another_writer(*models: type[Model], patience: int | None = None) -> Iterator[None]:
    """Another connection that holds what every writer needs first, and the tables of these models.

    Who would wait for it fails at once, so that no clock is needed to see who waits; with
    `patience`, after so many milliseconds.
    """
    other = connection.copy()
    # PostgreSQL takes 0 for ever.
    name = "SET lock_timeout" if connection.vendor == "postgresql" else "PRAGMA busy_timeout"
    with connection.cursor() as cursor:
        cursor.execute(f"{name} = {patience or int(connection.vendor == 'postgresql')}")
    try:
        with other.cursor() as cursor:
            if other.vendor == "sqlite":
                cursor.execute("BEGIN IMMEDIATE")
            else:
                cursor.execute("BEGIN")
                table = EditionCounter._meta.db_table
                cursor.execute(f"SELECT number FROM {table} FOR UPDATE")  # noqa: S608
                for model in models:
                    cursor.execute(f"LOCK TABLE {model._meta.db_table} IN SHARE MODE")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
    finally:
        other.close()
        connection.close()  # and with it the shorter patience


@pytest.mark.usefixtures("pack_dir")
def test_every_page_of_the_admin_opens_while_another_connection_writes(admin_client):
    make_content()
    # The preview of what was or would be writes, and takes it back.
    urls = [url for url in pages() if not re.search(r"/(revision|pending)/\d+/preview/", url)]
    urls.append(reverse("admin:login"))

    with another_writer():
        answers = {url: admin_client.get(url, follow=True).status_code for url in urls}

    assert answers == dict.fromkeys(urls, 200)


def test_pages_that_try_changes_do_not_wait_for_it(admin_client):
    make_everything()
    with editions.record("ada", "", Edition.Origin.ADMIN):
        Technology.objects.update(summary="Another")
    last = editions.number_now()
    urls = [
        reverse("admin:catalog_edition_undo", args=[last]),
        reverse("admin:catalog_revision_revert", args=[Revision.objects.earliest("pk").pk]),
        reverse("admin:catalog_packload_undo", args=[PackLoad.objects.get().pk]),
        reverse("admin:catalog_packload_choose", args=[PackLoad.objects.get().pk]),
        url_of(Pending.objects.get()),
    ]

    begun = time.monotonic()
    with another_writer(patience=60_000):
        answers = {url: admin_client.get(url).status_code for url in urls}

    assert answers == dict.fromkeys(urls, 200)
    assert time.monotonic() - begun < 50


def test_an_editor_who_saves_meanwhile_is_told_and_loses_nothing(admin_client):
    technology = make_technology(name="Quart")
    typed = read_form(admin_client.get(url_of(technology))) | {"name": "Quart again", **NEW_POINT}

    with another_writer():
        page = admin_client.post(url_of(technology), typed)

    assert (page.status_code, page.headers["Retry-After"]) == (503, "5")
    assert texts(page, "h1") + texts(page, "h2") == [HEADING, "What you typed"]
    assert dict(zip(texts(page, "dt"), texts(page, "dd"), strict=True)) == {
        "Name": "Quart again",
        "Status": "published",
        "Kind": "library",
        "Point 1, kind": "pro",
        "Point 1, text": "Fast",
        "Point 1, slug": "fast",
        "Point 1, position": "0",
    }
    assert Technology.objects.get().name == "Quart"
    assert admin_client.post(url_of(technology), read_form(page)).status_code == 302
    assert Technology.objects.get().points.get().text == "Fast"


@pytest.mark.parametrize("page", ["delete", "list", "move"])
def test_an_editor_who_does_something_else_meanwhile_is_told(admin_client, page):
    technology, category = make_technology(), make_category()
    url, action = {
        "delete": (url_of(technology, "delete"), {"post": "yes"}),
        "list": (
            url_for(Technology),
            {"action": "delete_selected", "_selected_action": [technology.pk], "post": "yes"},
        ),
        "move": (url_for(Category), {"_move": f"down-category-{category.pk}"}),
    }[page]

    with another_writer():
        answer = admin_client.post(url, action)

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert texts(answer, "h1") == [HEADING]
    assert Technology.objects.count() == 1
    assert {name: read_form(answer)[name] for name in action} == {
        name: str(*value) if isinstance(value, list) else value for name, value in action.items()
    }


def test_signing_in_meanwhile_asks_for_the_password_again(client, admin_user):
    url = reverse("admin:login")
    sent = {"username": "admin", "password": "password", "next": "/admin/"}

    with another_writer(User, Session):
        page = client.post(url, sent)

    form = read_form(page)
    assert (page.status_code, page.headers["Retry-After"]) == (503, "5")
    assert "max-age=0" in page.headers["Cache-Control"]
    assert {name: form[name] for name in sent} == sent | {"password": ""}
    assert client.post(url, form | {"password": "password"}).headers["Location"] == "/admin/"


@pytest.mark.parametrize("page", ["user", "group", "password"])
def test_accounts_are_kept_waiting_the_same_way(admin_client, page):
    url, sent = {
        "user": (
            url_for(User, "add"),
            {"username": "ada", "password1": "a long secret", "password2": "a long secret"},
        ),
        "group": (url_for(Group, "add"), {"name": "Editors"}),
        "password": (
            reverse("admin:password_change"),
            {
                "old_password": "password",
                "new_password1": "a long secret",
                "new_password2": "a long secret",
            },
        ),
    }[page]

    with another_writer(User, Group):
        answer = admin_client.post(url, sent)

    form = read_form(answer)
    secrets = {name: text for name, text in sent.items() if "password" in name}
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "secret" not in answer.content.decode()
    assert {name: form[name] for name in sent} == sent | dict.fromkeys(secrets, "")
    assert admin_client.post(url, form | secrets).status_code == 302


def test_a_file_is_to_be_chosen_again(admin_client):
    make_technology()  # without one, nobody has counted editions yet

    with another_writer():
        page = upload(admin_client, PACK, "guide.yaml")

    assert (page.status_code, page.headers["Retry-After"]) == (503, "5")
    assert texts(page, "p")[1:3] == [
        "Nothing of yours was changed, and nothing is lost: send it again in a moment.",
        "Open the page anew and choose the file once more.",
    ]


def test_a_session_that_cannot_be_kept_is_answered_the_same_way(admin_client, settings):
    settings.SESSION_SAVE_EVERY_REQUEST = True
    admin_client.raise_request_exception = False

    with another_writer(Session):
        page = admin_client.get(reverse("admin:index"))

    assert (page.status_code, page.headers["Retry-After"]) == (503, "5")


def test_who_would_write_meanwhile_is_stopped_at_once():
    make_everything()

    with another_writer(), pytest.raises(OperationalError):
        EditionCounter.objects.update(number=1)


# Editors who save at the very same moment ---------------------------------------------------------


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


# One table at the very same moment ----------------------------------------------------------------


def test_of_twelve_with_one_token_exactly_one_is_first():
    url = grid_of(make_table())
    clients = []
    for number in range(EDITORS):
        clients.append(Client())
        clients[-1].force_login(User.objects.create_superuser(f"editor-{number}"))
    forms = [read_form(client.get(url)) for client in clients]
    assert len({form["_state"] for form in forms}) == 1

    def save(number: int, client: Client) -> int:
        return insist(client, url, forms[number] | {"value.speed.flask": str(number)}).status_code

    answers = at_once(clients, save)

    assert sorted(answers) == [302, *[409] * (EDITORS - 1)]
    assert said("speed", "flask")[3] == str(answers.index(302))
    assert Edition.objects.count() == 2


# The desk is read while somebody else writes: it opens no transaction of its own ------------------


def test_it_opens_while_another_connection_writes():
    client = sign_in_as("Publisher", "grace")
    fill()

    with another_writer():
        shown = sections(desk(client))

    assert shown["waiting"].count == 2
