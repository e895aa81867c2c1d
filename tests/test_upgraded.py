"""A site of an older commit is upgraded: what it kept, and what waited there, still works.

tests/data/ebdd6a1/README.md tells what is in its database and how that was made. The tests go by
addresses, the words on buttons and whatever fields a form has, so they do not know how a page is
made. Each begins with the upgraded database and leaves it as it was.
"""

import gzip
import io
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from xml.etree.ElementTree import Element

import html5lib
import pytest
from django.conf import settings as site
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoDbBlocker, Settings

from catalog.models import Technology
from tests.admin.pages import fields_in, url_of

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.ignore_template_errors,
    pytest.mark.usefixtures("upgraded"),
]

STORED = site.BASE_DIR / "tests" / "data" / "ebdd6a1"
LAST_EDITION = 13
BY_ADA = (11, 12)
UNDONE_EDITION = 5

EDITED_FIELD = "The task queue that our teams run."
EDITED_ROW = "Small, as we see it"
NEW_IN_THE_PACK = "A small library for jobs in the background over Redis or Valkey."
SNIPPET = "InvalidHashError"
INTRODUCTION = "What runs outside of a request."
PROPOSED = {
    "technology": ("/technologies/taskiq/", "An asynchronous task queue, with brokers as plugins."),
    "comparison": ("/comparisons/task-queues/metrics/", "Counted by an exporter of somebody else."),
}


# The database -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def upgraded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Put a database with what is stored in place of the tests' own, and upgrade it."""
    creation, usual = connection.creation, connection.settings_dict["NAME"]
    with django_db_blocker.unblock():
        creation.clone_test_db("upgraded", verbosity=0, autoclobber=True)
    try:
        with django_db_blocker.unblock():
            change_database(creation.get_test_db_clone_settings("upgraded")["NAME"])
            restore(gzip.decompress((STORED / "guide.sql.gz").read_bytes()).decode())
            call_command("migrate", verbosity=0)
        yield
    finally:
        with django_db_blocker.unblock():
            change_database(usual)
            creation.destroy_test_db(suffix="upgraded", verbosity=0)


def change_database(name: str) -> None:
    """Go on with another database; what Django keeps of the last one's keys is forgotten."""
    connection.close()
    connection.settings_dict["NAME"] = name
    ContentType.objects.clear_cache()


def restore(text: str) -> None:
    """Make the stored database in place of whatever there is."""
    on_sqlite = connection.vendor == "sqlite"
    path = Path(connection.settings_dict["NAME"]) if on_sqlite else ":memory:"
    if on_sqlite:
        path.unlink()
    with closing(sqlite3.connect(path)) as stored:
        stored.executescript(text)
        if not on_sqlite:
            copy(stored)


def copy(stored: sqlite3.Connection) -> None:
    """Make the tables as that commit made them, and fill them with the stored rows."""
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    newest = dict(stored.execute("SELECT app, name FROM django_migrations ORDER BY id"))
    MigrationExecutor(connection).migrate([*newest.items()])
    tables = stored.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    )
    with transaction.atomic(), connection.cursor() as cursor:
        for (table,) in tables.fetchall():
            if table != "django_migrations":
                copy_table(stored, table, cursor)


def copy_table(stored: sqlite3.Connection, table: str, cursor: CursorWrapper) -> None:
    """Write the rows of a table, and let the keys of new ones come after theirs."""
    found = stored.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - a name from the stored file
    names = [column[0] for column in found.description]
    # As text, which PostgreSQL takes for what the column holds: 1 for true, a moment, JSON.
    rows = [[value if value is None else str(value) for value in row] for row in found]
    places = ", ".join(["%s"] * len(names))
    columns = ", ".join(f'"{name}"' for name in names)
    cursor.executemany(f'INSERT INTO "{table}" ({columns}) VALUES ({places})', rows)  # noqa: S608
    for sequence in connection.introspection.get_sequences(cursor, table):
        newest = f'SELECT coalesce(max("{sequence["column"]}"), 0) FROM "{table}"'  # noqa: S608
        cursor.execute(f"SELECT setval(%s, ({newest}) + 1, false)", [sequence["name"]])


# As an editor goes about it ----------------------------------------------------------------------


@pytest.fixture
def eve() -> Client:
    """The publisher of the old site, signed in."""
    return sign_in("eve")


@pytest.fixture
def ada() -> Client:
    """Its contributor, signed in."""
    return sign_in("ada")


@pytest.fixture
def kept_packs(settings: Settings, tmp_path: Path) -> Path:
    """Keep what the old site kept of uploads."""
    settings.PACK_DIR = Path(shutil.copytree(STORED / "packs", tmp_path / "packs"))
    return settings.PACK_DIR


def sign_in(name: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=name))
    return client


def content_of(page: HttpResponse) -> Element:
    """What a page says between its head and its foot."""
    document = html5lib.parse(page.content.decode(), namespaceHTMLElements=False)
    return next(
        one
        for wanted in ("content", "main")
        for one in document.iter()
        if wanted in (one.get("id"), one.tag)
    )


def text_of(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def words_of(page: HttpResponse) -> str:
    assert page.status_code == 200
    return text_of(content_of(page))


def read(address: str) -> str:
    """What a reader finds there."""
    return words_of(Client().get(address))


def links_of(page: HttpResponse) -> list[str]:
    """The addresses that the content of a page leads to, each once, whole."""
    here = page.request["PATH_INFO"]
    found = [link.get("href", "") for link in content_of(page).iter("a")]
    whole = [f"{here}{address}" if address.startswith("?") else address for address in found]
    return list(dict.fromkeys(address for address in whole if address.startswith("/")))


def follow(client: Client, page: HttpResponse, pattern: str) -> HttpResponse:
    """Follow the first link whose address ends so."""
    address = next(one for one in links_of(page) if re.search(f"{pattern}$", one))
    return client.get(address)


def press(client: Client, page: HttpResponse, words: str, **fields: str) -> HttpResponse:
    """Press the button that begins with these words, and return the page that this leads to.

    What is posted are the fields of its form, with these filled in.
    """
    form, button = next(
        (form, button)
        for form in content_of(page).iter("form")
        for button in form.iter()
        if says(button).startswith(words)
    )
    posted = fields_in(form) | fields
    if name := button.get("name"):
        posted[name] = button.get("value", "")
    return client.post(form.get("action") or page.request["PATH_INFO"], posted, follow=True)


def says(element: Element) -> str:
    """What stands on a button; blank for whatever is none."""
    if element.tag == "button":
        return text_of(element)
    return element.get("value", "") if element.get("type") == "submit" else ""


def choice_of(page: HttpResponse, about: str) -> str:
    """The name of the radio buttons among which a conflict is decided."""
    asked = next(one for one in content_of(page).iter("fieldset") if about in text_of(one))
    return next(one.get("name") for one in asked.iter("input") if one.get("type") == "radio")


def loading_with(client: Client, state: str) -> HttpResponse:
    """The page of the loaded pack of which the list says so."""
    page = client.get(reverse("admin:catalog_packload_changelist"))
    row = next(one for one in content_of(page).iter("tr") if state in text_of(one))
    return client.get(next(row.iter("a")).get("href"))


# All of it ---------------------------------------------------------------------------------------


def test_the_check_finds_nothing():
    said = io.StringIO()

    # Of the others one complains of what pytest puts into the settings.
    call_command("check", databases=["default"], tags=["database"], stdout=said, stderr=said)

    assert said.getvalue().strip() == "System check identified no issues (0 silenced)."


def test_every_public_page_opens():
    client = Client()
    sitemap = client.get(reverse("catalog:sitemap")).content.decode()
    paths = re.findall(r"<loc>https?://[^/]+(/[^<]*)</loc>", sitemap)
    tables = [f"/comparisons/task-queues.{suffix}" for suffix in ("csv", "md", "json")]
    others = [*tables, "/versions/november/pyproject.toml", "/compare/?t=rq&t=celery"]

    assert len(paths) == 40
    assert [
        path for path in [*paths, *others] if client.get(path, follow=True).status_code != 200
    ] == []


def test_a_former_address_leads_to_the_new_one():
    answer = Client().get("/technologies/postgresql/")

    assert (answer.status_code, answer.url) == (301, "/technologies/postgres/")


def test_a_draft_is_not_found_but_can_be_previewed(ada):
    draft = Technology.objects.get(slug="huey")

    preview = words_of(ada.get(url_of(draft, "preview")))

    assert Client().get("/technologies/huey/").status_code == 404
    assert "Huey" not in read("/technologies/")
    assert ("Huey" in preview, "No broker is needed" in preview) == (True, True)


# What waited -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", PROPOSED)
def test_a_pending_change_is_shown_and_can_be_applied(eve, kind):
    address, sentence = PROPOSED[kind]
    waiting = reverse("admin:catalog_pending_changelist")
    page = follow(eve, eve.get(waiting, {"kind": kind}), r"/change/(\?.*)?")
    before = read(address)

    assert ("ada" in words_of(page), "As the documentation of" in words_of(page)) == (True, True)
    assert follow(eve, page, "/preview/").status_code == 200
    press(eve, page, "Apply")

    assert (sentence in before, sentence in read(address)) == (False, True)
    assert sum("/change/" in link for link in links_of(eve.get(waiting))) == len(PROPOSED) - 1


@pytest.mark.parametrize(
    ("address", "here", "choice", "stays"),
    [
        ("/technologies/celery/", EDITED_FIELD, "mine", True),
        ("/technologies/celery/", EDITED_FIELD, "theirs", False),
        ("/technologies/dramatiq/", EDITED_ROW, "mine", True),
        ("/technologies/dramatiq/", EDITED_ROW, "theirs", False),
    ],
)
def test_a_conflict_is_listed_and_a_choice_ends_it(eve, address, here, choice, *, stays):
    load = loading_with(eve, "2 conflicts wait")
    page = follow(eve, load, "/choose/")

    assert (EDITED_FIELD in words_of(load), EDITED_ROW in words_of(load)) == (True, True)
    assert here in read(address)
    press(eve, page, "Apply", **{choice_of(page, here): choice})

    assert (here in read(address).partition("What changed")[0]) == stays
    assert loading_with(eve, "1 conflict waits").status_code == 200


def test_an_upload_that_was_kept_can_be_looked_at_and_loaded(eve, kept_packs):
    (kept,) = kept_packs.iterdir()
    page = eve.get(reverse("admin:catalog_packload_plan", args=[kept.name]))

    assert "arq" in words_of(page)
    press(eve, page, "Apply")

    assert "Jobs over Redis with asyncio." in read("/technologies/arq/")
    assert "arq" in read("/categories/task-queues/")


# The past ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "thing",
    [
        *("technology/celery", "technology/postgres", "technology/huey", "category/task-queues"),
        *("comparison/task-queues", "stack/lightweight-api", "snippet/password-hashing-argon2"),
    ],
)
def test_every_page_of_history_opens(eve, thing):
    page = eve.get(reverse("admin:catalog_revision_of", args=thing.split("/")))
    links = [link for link in links_of(page) if "/revision/" in link]

    assert len(links) > 1
    assert [link for link in links if eve.get(link).status_code != 200] == []


def test_every_edition_opens_and_says_who_made_it(eve):
    numbers = range(1, LAST_EDITION + 1)
    pages = [eve.get(reverse("admin:catalog_edition_change", args=[one])) for one in numbers]
    people = [set(re.findall(r"\b(?:ada|eve)\b", words_of(page))) for page in pages]

    assert people == [{"ada" if number in BY_ADA else "eve"} for number in numbers]


def test_an_edition_that_was_undone_is_known_to_be(eve):
    page = eve.get(reverse("admin:catalog_edition_undo", args=[UNDONE_EDITION]))

    assert "undone already" in words_of(page)


def test_the_last_edition_can_be_undone(eve):
    page = eve.get(reverse("admin:catalog_edition_undo", args=[LAST_EDITION]))
    before = read("/categories/task-queues/")

    press(eve, page, "Undo")

    assert (INTRODUCTION in before, INTRODUCTION in read("/categories/task-queues/")) == (
        True,
        False,
    )


def test_a_loading_can_be_undone_with_what_waits(eve):
    page = follow(eve, loading_with(eve, "2 conflicts wait"), "/undo/")
    before = read("/technologies/rq/")

    press(eve, page, "Undo")

    assert (NEW_IN_THE_PACK in before, NEW_IN_THE_PACK in read("/technologies/rq/")) == (
        True,
        False,
    )
    assert " wait" not in words_of(eve.get(reverse("admin:catalog_packload_changelist")))


def test_what_was_deleted_can_be_recovered(eve):
    page = follow(eve, eve.get(reverse("admin:catalog_revision_deleted")), "/revert/")
    before = read("/categories/password-hashing/")

    press(eve, page, "Recover")

    assert (SNIPPET in before, SNIPPET in read("/categories/password-hashing/")) == (False, True)
