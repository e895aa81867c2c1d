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


def choose(page: Page, facet: str, name: str) -> None:
    """Unfold a facet where it is folded, and tick or untick a choice of it."""
    group = page.locator(
        "details", has=page.get_by_text(facet, exact=True).and_(page.locator("summary"))
    )
    if group.get_attribute("open") is None:
        group.locator("summary").click()
    group.get_by_role("checkbox", name=name).click()


def counts(page: Page, facet: str) -> list[str]:
    """The choices of a facet that would find something, with how many."""
    labels = page.locator(f"#facet-{facet} label").all_text_contents()
    return [" ".join(label.split()) for label in labels if not label.endswith("0")]


def test_choosing_and_typing_narrow_the_list_and_the_address_follows(page):
    page.goto("/technologies/")
    assert names(page) == ["FastAPI", "Flask", "ruff"]

    choose(page, "Kind", "framework")
    expect(answer(page)).to_have_text("2 of 3 technologies")
    expect(page).to_have_url("/technologies/?kind=framework")
    page.get_by_role("textbox", name="Text").press_sequentially("fla")
    expect(answer(page)).to_have_text("1 of 3 technologies")

    expect(page).to_have_url("/technologies/?text=fla&kind=framework")
    assert names(page) == ["Flask"]
    expect(page.get_by_role("textbox", name="Text")).to_be_focused()


def test_counts_follow_what_is_asked_and_nothing_folds_or_loses_the_focus(page):
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto("/technologies/")
    expect(page.locator("details[open]")).to_have_count(0)
    choose(page, "Kind", "framework")
    expect(answer(page)).to_have_text("2 of 3 technologies")
    assert counts(page, "kind") == ["framework 2", "tool 1"]
    assert counts(page, "lifecycle") == ["unknown 2"]

    expect(page.get_by_role("checkbox", name="framework")).to_be_focused()
    page.keyboard.press("Space")
    expect(answer(page)).to_have_text("3 of 3 technologies")

    expect(page.get_by_role("checkbox", name="framework")).to_be_focused()
    expect(page.locator("details[open]")).to_have_count(1)
    assert counts(page, "lifecycle") == ["unknown 3"]


def test_what_is_asked_can_be_taken_out_by_the_keyboard_and_the_form_follows(page):
    page.goto("/technologies/?text=fask&kind=framework&kind=tool")
    assert names(page) == ["Flask"]
    expect(page.get_by_label("Order")).to_have_value("")
    page.get_by_role("link", name="Take out text fask").press("Enter")
    expect(answer(page)).to_have_text("3 of 3 technologies")

    expect(page).to_have_url("/technologies/?kind=framework&kind=tool")
    expect(page.get_by_role("textbox", name="Text")).to_have_value("")
    expect(page.get_by_label("Order").locator("option", has_text="relevance")).to_have_count(0)
    expect(page.get_by_role("link", name="Take out kind framework")).to_be_focused()
    page.keyboard.press("Enter")
    expect(answer(page)).to_have_text("1 of 3 technologies")
    expect(page.get_by_role("checkbox", name="framework")).not_to_be_checked()
    page.get_by_role("textbox", name="Text").press_sequentially("fl")  # is still heeded
    expect(page).to_have_url("/technologies/?text=fl&kind=tool")
    page.get_by_role("link", name="All technologies").click()

    expect(page).to_have_url("/technologies/")
    expect(page.get_by_role("textbox", name="Text")).to_have_value("")


def test_back_forward_and_reload_show_what_the_address_says(page):
    page.goto("/technologies/")
    choose(page, "Kind", "tool")
    expect(answer(page)).to_have_text("1 of 3 technologies")

    page.go_back()
    expect(answer(page)).to_have_text("3 of 3 technologies")
    expect(page.locator("h1")).to_have_count(1)
    page.go_forward()
    expect(answer(page)).to_have_text("1 of 3 technologies")
    page.reload()

    assert names(page) == ["ruff"]
    expect(page.get_by_role("checkbox", name="tool")).to_be_checked()


def test_back_shows_the_whole_page_when_the_browser_has_forgotten_it(page):
    page.goto("/technologies/")
    choose(page, "Kind", "tool")
    expect(answer(page)).to_have_text("1 of 3 technologies")
    page.evaluate("sessionStorage.removeItem('htmx-history-cache')")

    page.go_back()

    expect(answer(page)).to_have_text("3 of 3 technologies")
    expect(page.locator("h1")).to_have_count(1)
    expect(page.locator("main form[role=search]")).to_have_count(1)


@without_scripts
def test_without_javascript_it_is_a_form_with_a_button(page):
    page.goto("/technologies/")

    choose(page, "Kind", "framework")
    page.get_by_role("checkbox", name="tool").click()
    page.get_by_role("textbox", name="Text").fill("flask")
    page.get_by_role("button", name="Show").click()
    assert names(page) == ["Flask"]
    page.get_by_role("link", name="Take out text flask").click()

    assert names(page) == ["FastAPI", "Flask", "ruff"]
    assert page.get_by_role("checkbox", name="tool").is_checked()
