"""Many things changed at once, an edition undone and a thing renamed, in a real browser."""

import pytest
from playwright.sync_api import Locator, Page, expect

from catalog.history import editions
from catalog.models import Comparison, Edition, Status, Technology
from tests.admin.pages import url_for, url_of
from tests.browser.looking import EDITING, without_scripts
from tests.factories import make_category, make_comparison, make_listing, make_technology

pytestmark = EDITING


@pytest.fixture
def drafts() -> list[Technology]:
    """Three technologies of which two are drafts, in a category."""
    with editions.record("ada", "Begun", Edition.Origin.ADMIN):
        web = make_category(slug="web", name="Web")
        make_category(slug="tasks", name="Tasks")
        rows = [
            make_technology(slug="flask", name="Flask", status=Status.DRAFT),
            make_technology(slug="quart", name="Quart", status=Status.DRAFT),
            make_technology(slug="sanic", name="Sanic", summary="Fast"),
        ]
        for row in rows:
            make_listing(web, row)
    return rows


def tab_to(page: Page, wanted: Locator) -> None:
    """Press the Tab key until something has the focus."""
    for _ in range(200):
        page.keyboard.press("Tab")
        if wanted.evaluate("(element) => element === document.activeElement"):
            return
    raise AssertionError("The Tab key does not lead there.")


def tick(page: Page, rows: list[Technology]) -> None:
    for row in rows:
        page.locator(f'input[name=_selected_action][value="{row.pk}"]').check()


def take(page: Page, action: str) -> None:
    page.locator("select[name=action]").select_option(action)
    page.locator("button[name=index]").click()


@without_scripts
def test_an_action_is_confirmed_and_undone_with_the_keyboard_and_no_script(page, drafts):
    page.goto(url_for(Technology))
    for row in drafts:
        tab_to(page, page.locator(f'input[name=_selected_action][value="{row.pk}"]'))
        page.keyboard.press("Space")
    page.locator("select[name=action]").focus()
    page.keyboard.type("Publish")
    tab_to(page, page.locator("button[name=index]"))
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Publish: 3 technologies").wait_for()
    assert Technology.objects.published().count() == 1

    tab_to(page, page.get_by_label("Quart"))
    page.keyboard.press("Space")
    tab_to(page, page.get_by_role("button", name="Publish"))
    page.keyboard.press("Enter")
    page.locator(".messagelist .success").wait_for()
    assert page.locator(".messagelist .success").inner_text() == "Published: Flask."
    statuses = dict(Technology.objects.values_list("slug", "status"))
    assert statuses == {"flask": "published", "quart": "draft", "sanic": "published"}

    tab_to(page, page.locator(".messagelist").get_by_role("link", name="Undo"))
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Undo edition 2").wait_for()
    tab_to(page, page.get_by_role("button", name="Undo"))
    page.keyboard.press("Enter")
    page.locator(".messagelist .success").wait_for()
    assert page.locator(".messagelist .success").inner_text() == "Edition 2 is undone."
    assert Technology.objects.get(slug="flask").status == Status.DRAFT


def test_what_somebody_overtook_is_looked_at_again(page, drafts):
    page.goto(url_for(Technology))
    tick(page, drafts)
    take(page, "archive")
    with editions.record("grace", "", Edition.Origin.ADMIN):
        Technology.objects.filter(slug="quart").update(summary="Async")

    page.get_by_role("button", name="Archive").click()

    alert = page.get_by_role("alert").inner_text()
    assert "“Quart” has been changed since, in edition 2 (grace)." in alert
    page.get_by_role("button", name="Archive").click()
    page.locator(".messagelist .success").wait_for()
    assert set(Technology.objects.values_list("status", flat=True)) == {"archived"}


def test_a_thing_is_renamed(page, drafts):
    page.goto(url_of(drafts[2]))
    page.get_by_role("link", name="Rename").click()
    page.get_by_label("New slug").fill("Not A Slug")
    page.get_by_label("New slug").press("Enter")
    assert "Use lower-case letters" in page.locator(".errorlist").inner_text()
    page.get_by_label("New slug").fill("sanic-2")
    page.get_by_label("New slug").press("Enter")

    page.wait_for_url("**/change/")
    page.get_by_role("link", name="/technologies/sanic/", exact=True).click()
    page.wait_for_url("**/technologies/sanic-2/")


@without_scripts
def test_without_any_script_a_form_is_filled_and_confirmed(page, drafts):
    page.goto(url_for(Technology))
    tick(page, drafts[:2])
    take(page, "set_lifecycle")
    page.locator("#id_lifecycle").select_option("deprecated")
    page.get_by_label("Source").fill("example.org/end")
    page.locator("#id_replaced_by").select_option("sanic")
    page.get_by_label("Note").fill("No releases any more.")
    page.get_by_label("Note").press("Enter")

    expect(page.locator(".listed-things > li")).to_have_count(2)
    assert not Technology.objects.filter(lifecycle="deprecated").exists()
    page.get_by_role("button", name="Set the lifecycle").click()
    assert (
        "Lifecycle set to “deprecated”: Flask and Quart."
        in page.locator(".messagelist").inner_text()
    )
    assert set(
        Technology.objects.filter(lifecycle="deprecated").values_list(
            "lifecycle_source", "replaced_by__slug"
        )
    ) == {("https://example.org/end", "sanic")}


def test_axe_finds_nothing_and_nothing_sticks_out(look, drafts):
    page = look.page

    def choose(action: str, rows: list[Technology]) -> None:
        page.goto(url_for(Technology))
        tick(page, rows)
        take(page, action)
        look(action)

    choose("set_lifecycle", drafts)
    page.locator("#id_lifecycle").select_option("active")
    page.get_by_label("Verified on").fill("2999-01-01")
    page.get_by_role("button", name="Show what would change").click()
    look("mistakes")
    choose("move", drafts)
    choose("mark_reviewed", drafts)
    choose("publish", drafts)
    with editions.record("grace", "", Edition.Origin.ADMIN):
        Technology.objects.filter(slug="quart").update(summary="Async")
    page.get_by_role("button", name="Publish").click()
    look("overtaken")
    page.get_by_label("Quart").uncheck()
    look("unticked")
    page.get_by_label("Quart").check()
    page.get_by_role("button", name="Publish").click()
    page.locator(".messagelist").wait_for()
    look("list with what was done")
    page.locator(".messagelist").get_by_role("link", name="Undo").click()
    look("undo")
    with editions.record("grace", "", Edition.Origin.ADMIN):
        Technology.objects.filter(slug="quart").update(status=Status.ARCHIVED)
    page.reload()
    look("barred")
    page.goto(url_of(drafts[2], "rename"))
    look("rename")
    page.get_by_label("New slug").fill("Not A Slug")
    page.get_by_label("New slug").press("Enter")
    look("no slug")
    with editions.record("ada", "", Edition.Origin.ADMIN):
        thin = make_comparison(contenders=1, status=Status.DRAFT)
    page.goto(url_for(Comparison))
    page.locator(f'input[name=_selected_action][value="{thin.pk}"]').check()
    take(page, "publish")
    page.get_by_role("button", name="Publish").click()
    look("refused")
