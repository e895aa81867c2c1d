"""A pack in a real browser: uploaded, chosen in, applied and undone, with keyboard and eyes."""

from pathlib import Path

import pytest
from playwright.sync_api import Page
from pytest_django import Settings

from catalog.models import PackLoad
from tests.admin.uploading import address, zipped
from tests.browser.looking import EDITING
from tests.packs.packing import TABLE, edit, listing, load_pack, pack, point, summary_of, technology

pytestmark = EDITING

LONG = (
    "A small framework that leaves the choice of everything else to whoever uses it, "
    "and for which an extension has been written for nearly all that one can think of."
)


@pytest.fixture(autouse=True)
def packs_aside(settings: Settings, tmp_path: Path) -> None:
    settings.PACK_DIR = tmp_path / "var" / "packs"


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """A pack with something new, something changed, and conflicts short and long."""
    rows = [*TABLE, technology("sanic", summary="Fast"), point("flask", "plain")]
    known = [row for row in rows if row != technology("sanic")]
    load_pack(pack(tmp_path, *known, complete=True))
    edit("flask", summary=LONG, licence="BSD-3-Clause")
    edit("quart", summary="Flask, but async")
    changed = [
        technology("flask", summary=LONG.replace("small", "tiny"), licence="MIT"),
        technology("quart", summary="Async", lifecycle="maintenance"),
        technology("sanic", summary="Faster", licence="MIT"),
        technology("litestar", summary="New"),
        listing("web", "litestar", verdict="alternative"),
        listing("web", "flask", verdict="recommended"),
    ]
    path = tmp_path / "guide.zip"
    path.write_bytes(zipped(pack(tmp_path, *changed, version="2")))
    return path


def upload(page: Page, archive: Path) -> None:
    page.goto(address("changelist"))
    page.get_by_role("link", name="Load a pack").click()
    page.get_by_label("File").set_input_files(archive)
    page.get_by_role("button", name="Show the plan").click()


def test_a_pack_is_loaded_and_undone(page, archive):
    upload(page, archive)
    assert page.locator("h1").inner_text() == "Plan of guide.zip"

    conflict = page.get_by_role("group", name="Summary of Quart")
    assert conflict.get_by_label("Let it wait").is_checked()
    conflict.get_by_label("Theirs: write what the pack says").check()
    page.get_by_role("group", name="Licence of Flask").get_by_label("Mine").check()
    page.get_by_role("button", name="Apply").click()

    page.wait_for_url(f"**{address('change', PackLoad.objects.first().pk)}")
    assert (
        page.locator(".messagelist .success").inner_text() == "“guide 2” is loaded: edition 4. Undo"
    )
    assert page.locator(".messagelist .warning").inner_text() == "1 conflict waits for a choice."
    assert summary_of("quart") == "Async"
    page.locator(".messagelist").get_by_role("link", name="Undo").click()
    page.get_by_role("button", name="Undo").click()
    assert page.locator(".messagelist .success").inner_text() == "Guide 2 is undone in edition 5."
    assert summary_of("quart") == "Flask, but async"


def test_conflicts_are_chosen_in_with_the_keyboard(page, archive):
    upload(page, archive)
    waits = page.get_by_role("group", name="Summary of Quart").get_by_label("Let it wait")

    waits.focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Tab")

    theirs = page.get_by_role("group", name="Summary of Quart").get_by_label("Theirs")
    assert theirs.is_checked()
    page.get_by_role("button", name="Apply").press("Enter")
    page.wait_for_url("**/change/")
    assert summary_of("quart") == "Async"


def test_axe_finds_nothing_and_nothing_sticks_out(look, archive):
    page = look.page

    page.goto(address("upload"))
    look("upload")
    page.get_by_label("File").set_input_files(
        {"name": "guide.zip", "mimeType": "application/zip", "buffer": b"no archive"}
    )
    page.get_by_role("button", name="Show the plan").click()
    look("refused")
    upload(page, archive)
    look("plan")
    page.get_by_role("button", name="Apply").click()
    page.wait_for_url("**/change/")
    look("page")
    page.get_by_role("link", name="Choose").click()
    look("choose")
    load = PackLoad.objects.first()
    page.goto(address("undo", load.pk))
    look("undo")
    edit("sanic", summary="Fastest")
    page.reload()
    look("barred")
    page.goto(address("changelist"))
    look("list")
