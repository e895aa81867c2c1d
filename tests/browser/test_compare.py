"""What one ticks in a list is put side by side, with JavaScript and without."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looking import without_scripts
from tests.factories import make_technology

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("the_guide", "watch"),
]

CATEGORY = "/categories/web-frameworks/"
THREE = "/compare/?t=fastapi&t=django&t=flask"
IN_FIRST_ROW = "table.compared thead a"


def tick(page: Page, *names: str) -> None:
    for name in names:
        page.get_by_role("checkbox", name=f"Compare {name}", exact=True).check()


def names(page: Page) -> list[str]:
    return page.locator(IN_FIRST_ROW).all_inner_texts()


def test_what_is_ticked_in_a_category_is_put_side_by_side(page):
    page.goto(CATEGORY)
    tick(page, "FastAPI", "Django", "Flask")
    page.get_by_role("button", name="Compare (3)").click()

    expect(page).to_have_url(THREE)
    assert names(page) == ["FastAPI", "Django", "Flask"]
    page.go_back()

    expect(page).to_have_url(CATEGORY)
    expect(page.get_by_role("button", name="Compare (3)")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Compare Flask")).to_be_checked()
    assert page.context.cookies() == []


@without_scripts
def test_it_is_a_form_without_javascript(page):
    page.goto(CATEGORY)
    tick(page, "FastAPI", "Django", "Flask")
    page.locator("#tray").get_by_role("button", name="Compare").click()
    expect(page).to_have_url(THREE)
    assert names(page) == ["FastAPI", "Django", "Flask"]

    page.get_by_label("Django", exact=True).click()
    page.get_by_label("Add a technology").select_option("Quart")
    page.get_by_role("button", name="Compare").click()

    expect(page).to_have_url("/compare/?t=fastapi&t=flask&t=quart")
    assert names(page) == ["FastAPI", "Flask", "Quart"]


def test_boxes_stay_ticked_while_the_list_is_narrowed(page):
    page.goto("/technologies/")
    tick(page, "aiohttp", "Django")
    page.get_by_label("Kind").select_option("database")
    expect(page.get_by_role("checkbox", name="Compare MongoDB")).to_be_visible()
    tick(page, "MongoDB")
    expect(page.get_by_role("button", name="Compare (3)")).to_be_visible()
    page.get_by_label("Kind").select_option("framework")
    expect(page.get_by_role("checkbox", name="Compare Django", exact=True)).to_be_checked()
    page.wait_for_load_state("networkidle")  # htmx complains of an answer that it has to drop
    page.get_by_role("button", name="Compare (3)").click()

    expect(page.locator(IN_FIRST_ROW)).to_have_count(3)
    assert sorted(names(page)) == ["Django", "MongoDB", "aiohttp"]


def test_an_eleventh_box_is_not_ticked_and_a_sentence_says_why(page):
    page.goto("/technologies/")
    boxes = page.locator("[form=tray]")
    for place in range(10):
        boxes.nth(place).check()
    boxes.nth(10).click()

    expect(page.get_by_text("Ten is the most; untick one first.")).to_be_visible()
    expect(boxes.nth(10)).not_to_be_checked()
    boxes.nth(0).uncheck()
    boxes.nth(10).check()

    expect(page.get_by_text("Ten is the most; untick one first.")).to_have_count(0)
    expect(page.get_by_role("button", name="Compare (10)")).to_be_visible()


def test_a_technology_is_added_and_taken_out_in_place(page):
    page.goto("/compare/?t=fastapi&t=pydantic")
    assert page.get_by_text("Your priorities").count() == 0
    page.get_by_label("Add a technology").select_option("Starlette")
    page.get_by_role("button", name="Compare").click()
    expect(page.locator(IN_FIRST_ROW)).to_have_text(["FastAPI", "Pydantic", "Starlette"])
    expect(page).to_have_url("/compare/?t=fastapi&t=pydantic&t=starlette")
    # The comparison that holds the two came with its weights.
    page.get_by_label("Weight of Community").focus()
    page.get_by_label("Weight of Community").select_option("5")
    expect(page.get_by_label("Weight of Community")).to_be_focused()
    expect(page.get_by_label("Weight of Community")).to_have_value("async-frameworks.community.5")
    # Answered: the next request would stop this one, of which htmx tells the console.
    expect(page).to_have_url(re.compile(r"w=async-frameworks\.community\.5"))

    page.get_by_label("Pydantic", exact=True).click()
    expect(page.locator(IN_FIRST_ROW)).to_have_text(["FastAPI", "Starlette"])
    page.go_back()
    expect(page.locator(IN_FIRST_ROW)).to_have_text(["FastAPI", "Pydantic", "Starlette"])
    page.get_by_label("Starlette", exact=True).click()
    expect(page.locator(IN_FIRST_ROW)).to_have_text(["FastAPI", "Pydantic"])
    for name in ("FastAPI", "Pydantic"):
        page.get_by_label(name, exact=True).click()  # and it is gone
        expect(page.get_by_label(name, exact=True)).to_have_count(0)

    expect(page).to_have_url("/compare/")
    assert page.locator("table").count() == 0


@pytest.mark.parametrize(("width", "height"), [(1280, 600), (320, 480)])
def test_the_tray_stays_in_sight_and_covers_no_focus(page, width, height):
    make_technology(name="aaa", slug="aaa")
    page.emulate_media(reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": height})
    page.goto("/technologies/")
    tray = page.locator("#tray")
    expect(tray).not_to_be_in_viewport()
    tick(page, "aaa")
    expect(tray).to_be_in_viewport(ratio=1)

    covered = []
    for _ in range(40):
        page.keyboard.press("Tab")
        covered.append(
            page.evaluate(
                """() => {
                  const box = document.activeElement.getBoundingClientRect();
                  return box.bottom > document.getElementById("tray").getBoundingClientRect().top;
                }"""
            )
        )

    assert True not in covered
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0
