"""What the field of the search offers while one types, by keyboard, and without JavaScript."""

import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from catalog.history import indexing
from tests.browser.looking import Look, without_scripts
from tests.factories import make_category, make_listing, make_technology

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("watch")]


@pytest.fixture(autouse=True)
def content() -> None:
    web = make_category(name="Web Frameworks", slug="web-frameworks")
    for name in ("Flask", "FastAPI"):
        make_listing(web, make_technology(name=name, slug=name.lower()))
    indexing.rebuild()


def field(page: Page) -> Locator:
    return page.get_by_role("combobox", name="Search the guide")


def offered(page: Page) -> Locator:
    return page.get_by_role("listbox", name="Suggestions").get_by_role("option")


def chosen(page: Page) -> list[str]:
    return page.locator("[role=option][aria-selected=true] > span").all_inner_texts()


def type_into(page: Page, text: str) -> None:
    field(page).press_sequentially(text)
    expect(offered(page).first).to_be_visible()


def test_the_arrows_choose_while_the_focus_stays_and_enter_opens(page):
    page.goto("/versions/")
    page.keyboard.press("Control+k")
    expect(field(page)).to_be_focused()
    expect(field(page)).to_have_attribute("aria-expanded", "false")
    type_into(page, "web fr")
    expect(offered(page)).to_have_count(3)
    expect(field(page)).to_have_attribute("aria-expanded", "true")
    expect(page.locator("[data-sg-said]")).to_have_text("3 suggestions")

    page.keyboard.press("ArrowDown")
    assert chosen(page) == ["Web Frameworks"]
    active = field(page).get_attribute("aria-activedescendant")
    expect(page.locator(f"#{active}")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    assert chosen(page) == ["FastAPI"]
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert chosen(page) == []  # in the field again
    page.keyboard.press("ArrowUp")
    assert chosen(page) == ["Flask"]
    expect(field(page)).to_be_focused()

    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/technologies/flask/$"))


def test_enter_without_a_choice_asks_and_escape_closes(page):
    page.goto("/")
    field(page).click()
    type_into(page, "fla")
    page.keyboard.press("Escape")
    expect(page.locator("#search-options")).to_be_hidden()
    expect(field(page)).to_have_value("fla")
    expect(field(page)).to_have_attribute("aria-expanded", "false")

    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(r"/search/\?q=fla$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Search: fla")
    expect(page.locator("#site-search")).to_have_value("fla")
    page.emulate_media(media="print")
    expect(page.get_by_role("search", name="Site")).to_be_hidden()


def test_a_press_opens_what_is_offered_and_leaving_closes_the_list(page):
    page.goto("/")
    field(page).click()
    type_into(page, "fast")
    page.keyboard.press("Tab")
    expect(page.locator("#search-options")).to_be_hidden()

    field(page).fill("")
    type_into(page, "flask")
    expect(offered(page).first).to_contain_text("Flask")
    offered(page).first.click()

    expect(page).to_have_url(re.compile("/technologies/flask/$"))


def test_typing_fast_leaves_one_request_in_flight_and_the_last_answer(page):
    page.goto("/")
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url) if "/search/options/" in one.url else None)
    with page.expect_response("**/htmx*.js"):
        field(page).click()
    field(page).press_sequentially("fastapi", delay=5)

    expect(offered(page)).to_have_text(
        ["FastAPI recommended in Web Frameworks", "Web Frameworks Recommended: FastAPI, Flask"]
    )
    assert len(asked) < len("fastapi")


def test_what_was_offered_for_another_text_is_not_chosen(page):
    page.goto("/")
    field(page).click()
    type_into(page, "flask")
    expect(offered(page).first).to_contain_text("Flask")
    page.route("**/search/options/**", lambda route: None)
    field(page).fill("fastapi")
    page.keyboard.press("ArrowDown")
    assert chosen(page) == []
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(r"/search/\?q=fastapi$"))


def test_what_is_typed_before_the_script_is_there_is_asked_for(page):
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        waiting.append(route)

    page.route("**/htmx*.js", hold)
    page.goto("/")
    with page.expect_request("**/htmx*.js"):
        page.keyboard.press("Control+k")
    page.keyboard.type("flask")
    waiting.pop().continue_()

    expect(offered(page).first).to_contain_text("Flask")


def test_the_open_list_is_accessible(page):
    page.goto("/")
    field(page).click()
    type_into(page, "web fr")
    page.keyboard.press("ArrowDown")

    look = Look(page)
    look("with an option chosen")

    assert look.wrong == {}


@without_scripts
def test_without_javascript_the_field_is_a_form(page):
    page.goto("/")
    page.get_by_label("Search the guide").fill("flask")
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(r"/search/\?q=flask$"))
    expect(page.locator(".top a").first).to_have_text("Flask")
