"""The list reacts while one types and chooses, and is a plain form without JavaScript."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.looking import without_scripts
from tests.factories import make_technology

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("watch")]


@pytest.fixture(autouse=True)
def technologies() -> None:
    for name, kind in (("Flask", "framework"), ("FastAPI", "framework"), ("ruff", "tool")):
        make_technology(name=name, slug=name.lower(), kind=kind)


def answer(page: Page) -> Locator:
    """The line above the list that says how many were found."""
    return page.locator("#technology-results").get_by_role("status")


def names(page: Page) -> list[str]:
    page.wait_for_load_state("domcontentloaded")  # a press waits for a page to begin, no more
    return page.locator("#technology-results > ul > li > a").all_inner_texts()


def test_choosing_and_typing_narrow_the_list_and_the_address_follows(page):
    page.goto("/technologies/")
    assert names(page) == ["FastAPI", "Flask", "ruff"]

    page.get_by_label("Kind").select_option("framework")
    expect(answer(page)).to_have_text("2 of 3 technologies")
    expect(page).to_have_url("/technologies/?kind=framework")
    page.get_by_label("Text").press_sequentially("fla")
    expect(answer(page)).to_have_text("1 of 3 technologies")

    expect(page).to_have_url("/technologies/?text=fla&kind=framework")
    assert names(page) == ["Flask"]
    expect(page.get_by_label("Text")).to_be_focused()


def test_back_forward_and_reload_show_what_the_address_says(page):
    page.goto("/technologies/")
    page.get_by_label("Kind").select_option("tool")
    expect(answer(page)).to_have_text("1 of 3 technologies")

    page.go_back()
    expect(answer(page)).to_have_text("3 of 3 technologies")
    expect(page.locator("h1")).to_have_count(1)
    page.go_forward()
    expect(answer(page)).to_have_text("1 of 3 technologies")
    page.reload()

    assert names(page) == ["ruff"]
    expect(page.get_by_label("Kind")).to_have_value("tool")


def test_back_shows_the_whole_page_when_the_browser_has_forgotten_it(page):
    page.goto("/technologies/")
    page.get_by_label("Kind").select_option("tool")
    expect(answer(page)).to_have_text("1 of 3 technologies")
    page.evaluate("sessionStorage.removeItem('htmx-history-cache')")

    page.go_back()

    expect(answer(page)).to_have_text("3 of 3 technologies")
    expect(page.locator("h1")).to_have_count(1)
    expect(page.locator("main form[role=search]")).to_have_count(1)


@without_scripts
def test_without_javascript_it_is_a_form_with_a_button(page):
    page.goto("/technologies/")

    page.get_by_label("Kind").select_option("framework")
    page.get_by_role("button", name="Show").click()

    assert names(page) == ["FastAPI", "Flask"]
    assert page.get_by_label("Kind").input_value() == "framework"


def test_the_masthead_leads_to_what_is_searched_for(page):
    page.goto("/stacks/")
    page.get_by_label("Search technologies").fill("fla")
    page.keyboard.press("Enter")

    expect(page).to_have_url("/technologies/?text=fla")
    assert names(page) == ["Flask"]
    expect(page.get_by_label("Search technologies")).to_have_value("")
    page.emulate_media(media="print")
    expect(page.get_by_role("search", name="Site")).to_be_hidden()
