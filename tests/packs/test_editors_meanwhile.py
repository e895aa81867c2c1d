"""A load and an editor at once: neither loses what the other wrote."""

import builtins
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from itertools import count
from pathlib import Path
from threading import Event

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from catalog.models import Conflict, PackLoad, Technology
from catalog.packs.entries import read
from catalog.packs.loading import MovedError, plan
from tests.admin.pages import read_form, url_for, url_of
from tests.packs.packing import apply, edit, summary_of
from tests.packs.processes import LOCKING, MADE, SECONDS, waiting
from tests.packs.statements import watched
from tests.packs.updating import edited_guide, everything

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.ignore_template_errors]

CONFLICTS_WAIT = 2
MEANWHILE = "The guide has changed meanwhile; comparing again."


def technology_of(slug: str) -> Technology:
    return Technology.objects.get(slug=slug)


def new_technology(client: Client, slug: str) -> dict[str, str]:
    """The filled form of a new technology."""
    form = read_form(client.get(url_for(Technology, "add")))
    return form | {"slug": slug, "name": slug.capitalize(), "kind": "library"}


def post(client: Client, url: str, data: dict[str, str], arrived: Event) -> HttpResponse:
    """Save, in a thread; say when it is about to ask for the lock."""

    def see(sql: str) -> None:
        if re.search(LOCKING.text, sql):
            arrived.set()

    try:
        with watched(before=see):
            return client.post(url, data)
    finally:
        connection.close()  # this thread's own


def save_while_a_load_writes(
    client: Client, update: Path, url: str, data: dict[str, str]
) -> tuple[int, int]:
    """Save while a load holds the lock, let it go on, and return how each of them ended."""
    arrived = Event()
    with ThreadPoolExecutor(1) as pool, waiting(update, MADE) as loading:
        loading.reach()
        saving = pool.submit(post, client, url, data, arrived)
        arrived.wait(SECONDS)
        loading.let_go()
        return loading.end().status, saving.result(SECONDS).status_code


def answering(monkeypatch: pytest.MonkeyPatch, meanwhile: Callable[[], None]) -> None:
    """Let whoever is asked say yes each time, after somebody else has done something."""

    def say_yes(_prompt: str) -> str:
        meanwhile()
        return "y"

    monkeypatch.setattr(builtins, "input", say_yes)


def test_who_saves_while_somebody_looks_at_the_plan_is_heard(tmp_path, monkeypatch):
    update, complaints = edited_guide(tmp_path), StringIO()
    answering(monkeypatch, lambda: edit("tornado", summary="Saved meanwhile"))

    with pytest.raises(CommandError) as ended:
        call_command("load_pack", update, stdout=StringIO(), stderr=complaints)

    assert ended.value.returncode == CONFLICTS_WAIT
    assert complaints.getvalue() == f"{MEANWHILE}\n"
    assert summary_of("tornado") == "Saved meanwhile"
    assert sorted(Conflict.objects.values_list("key", "field", "incoming")) == [
        ("flask", "summary", "Theirs"),
        ("tornado", "summary", "New"),
    ]
    assert technology_of("litestar").points.count() == 1


def test_an_editor_who_saves_while_a_load_writes_waits_and_both_are_there(admin_client, tmp_path):
    update = edited_guide(tmp_path)
    url = url_of(technology_of("quart"))
    typed = read_form(admin_client.get(url)) | {"summary": "Saved meanwhile"}

    statuses = save_while_a_load_writes(admin_client, update, url, typed)

    assert statuses == (CONFLICTS_WAIT, 302)
    assert (summary_of("quart"), summary_of("tornado")) == ("Saved meanwhile", "New")


def test_what_an_editor_makes_while_a_load_makes_rows_takes_nobodys_key(admin_client, tmp_path):
    update = edited_guide(tmp_path)
    url, before = url_for(Technology, "add"), Technology.objects.count()
    first, second = (new_technology(admin_client, slug) for slug in ("starlette", "blacksheep"))

    statuses = save_while_a_load_writes(admin_client, update, url, first)
    after = admin_client.post(url, second)

    assert (statuses, after.status_code) == ((CONFLICTS_WAIT, 302), 302)
    assert Technology.objects.count() == before + 4
    assert sorted(
        Technology.objects.filter(
            slug__in=["starlette", "blacksheep", "litestar", "robyn"]
        ).values_list("slug", flat=True)
    ) == ["blacksheep", "litestar", "robyn", "starlette"]


def test_a_plan_that_an_edit_has_made_old_is_not_applied(tmp_path):
    incoming = read(edited_guide(tmp_path))
    made = plan(incoming)
    edit("tornado", summary="Saved meanwhile")
    before = everything()

    with pytest.raises(MovedError):
        apply(made, "ada")

    assert everything() == before


def test_a_load_gives_up_where_others_never_stop_writing(tmp_path, monkeypatch):
    numbers, update = count(1), edited_guide(tmp_path)
    answering(monkeypatch, lambda: edit("flask", summary=f"Save {next(numbers)}"))

    with pytest.raises(CommandError) as ended:
        call_command("load_pack", update, stdout=StringIO(), stderr=StringIO())

    text = "Others write all the time; nothing was loaded. Try again later."
    assert str(ended.value) == text
    assert summary_of("flask") == f"Save {next(numbers) - 1}"
    assert (summary_of("tornado"), PackLoad.objects.count()) == ("Old", 1)
