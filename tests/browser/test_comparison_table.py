"""The table reacts to what a reader asks, by mouse, by keyboard, on a phone and without script."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.looking import without_scripts

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("the_guide", "watch"),
]

PATH = "/comparisons/async-frameworks/"


def heads(page: Page) -> list[str]:
    """The contenders in the order of their columns."""
    return page.locator("table.compared thead th a").all_inner_texts()


def rows(page: Page) -> Locator:
    return page.locator("table.compared tbody:not(.fit) tr")


def said(page: Page) -> Locator:
    return page.locator("#said")


def test_asking_changes_table_address_and_what_is_said(page):
    page.goto(PATH)
    assert heads(page) == ["FastAPI", "Starlette", "Quart", "aiohttp"]

    page.get_by_label("Documentation at least").select_option("Excellent")
    expect(said(page)).to_have_text(
        "1 of 4 contenders, 5 of 5 rows. FastAPI has 87.5; there is nobody to compare it with."
    )
    expect(page.locator(".outs li")).to_have_count(3)
    page.get_by_label("Only differences").check()

    expect(said(page)).to_contain_text(
        "1 of 4 contenders, 5 of 5 rows: 0 identical rows hidden, 0 incomplete rows shown."
    )
    expect(page).to_have_url(f"{PATH}?must=documentation.4&differ=1")
    expect(page.get_by_label("Only differences")).to_be_focused()


def test_weighing_moves_the_fit(page):
    page.goto(PATH)
    assert page.locator(".fit td b").all_inner_texts() == ["87.5", "75", "68.8", "68.8"]

    page.get_by_label("Weight of Performance").focus()
    page.get_by_label("Weight of Performance").select_option("5")
    expect(page.locator(".fit td b").last).to_have_text("84.4")

    expect(page.get_by_label("Weight of Performance")).to_be_focused()
    assert page.url.endswith("?w=performance.5&w=documentation.1&w=ease-of-use.1&w=community.1")


def test_sorting_turns_and_is_marked_and_keeps_the_focus(page):
    page.goto(PATH)

    page.get_by_role("button", name="Sort by Community").click()
    marked = page.locator("th[aria-sort]")
    expect(marked).to_have_attribute("aria-sort", "descending")
    assert heads(page)[-1] == "Quart"
    page.get_by_role("button", name="Sort by Community").click()
    expect(marked).to_have_attribute("aria-sort", "ascending")

    assert heads(page)[0] == "Quart"
    expect(page.get_by_role("button", name="Sort by Community")).to_be_focused()
    page.get_by_label("Only differences").check()
    expect(page).to_have_url(f"{PATH}?differ=1&sort=community")
    page.get_by_role("link", name="Back to the order of the table").click()
    expect(page).to_have_url(f"{PATH}?differ=1")


def test_back_forward_and_reload_show_what_the_address_says(page):
    page.goto(PATH)
    page.get_by_label("Only differences").check()
    expect(page).to_have_url(f"{PATH}?differ=1")
    page.get_by_role("button", name="Best fit first").click()
    expect(page).to_have_url(f"{PATH}?differ=1&sort=fit")

    page.go_back()
    expect(page.locator("th[aria-sort]")).to_have_count(0)
    page.evaluate("sessionStorage.removeItem('htmx-history-cache')")
    page.go_back()
    expect(page.get_by_label("Only differences")).not_to_be_checked()
    assert page.locator("h1").count() == 1
    page.go_forward()
    expect(page.get_by_label("Only differences")).to_be_checked()
    page.reload()

    expect(page.get_by_label("Only differences")).to_be_checked()
    assert page.locator("h1").count() == 1


def test_what_was_weighed_is_there_after_back_and_stays_with_the_next_step(page):
    page.goto(PATH)
    page.get_by_label("Weight of Community").select_option("5")
    expect(page.locator(".fit td b").last).to_have_text("59.4")
    page.get_by_role("button", name="Sort by Community").click()
    expect(said(page)).to_contain_text("By Community, highest first. No clear winner: FastAPI")

    page.go_back()
    expect(page.get_by_label("Weight of Community")).to_have_value("community.5")
    page.get_by_label("Only differences").check()

    expect(page).to_have_url(
        f"{PATH}?differ=1&w=performance.1&w=documentation.1&w=ease-of-use.1&w=community.5"
    )


def test_contenders_are_chosen_by_boxes(page):
    page.goto(PATH)
    page.get_by_role("checkbox", name="Starlette").uncheck()

    expect(said(page)).to_contain_text("3 of 4 contenders, 5 of 5 rows.")
    assert heads(page) == ["FastAPI", "Quart", "aiohttp"]
    expect(page.get_by_role("checkbox", name="Starlette")).to_be_visible()


def test_everything_can_be_asked_by_keyboard_alone(page):
    page.goto(PATH)

    page.get_by_label("Only differences").focus()
    page.keyboard.press("Space")
    expect(page).to_have_url(f"{PATH}?differ=1")
    page.get_by_role("button", name="Sort by Documentation").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{PATH}?differ=1&sort=-documentation")
    page.get_by_label("Documentation at least").focus()
    page.keyboard.press("E")

    expect(said(page)).to_contain_text("1 of 4 contenders")


@without_scripts
def test_without_javascript_it_is_a_form_with_a_button(page):
    page.goto(PATH)

    page.get_by_label("Only differences").check()
    page.get_by_label("Weight of Community").select_option("0")
    page.get_by_label("Documentation at least").select_option("Excellent")
    page.get_by_role("button", name="Show").click()

    assert page.url.partition("?")[2] == (
        "must=documentation.4&differ=1"
        "&w=performance.1&w=documentation.1&w=ease-of-use.1&w=community.0"
    )
    assert page.locator(".outs li").count() == 3
    page.get_by_role("button", name="Sort by Performance").click()
    assert "&sort=-performance&" in page.url


def test_a_phone_shows_two_contenders_and_a_chooser(page):
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(PATH)
    shown = page.locator("table.compared thead th:visible")
    assert [text.strip() for text in shown.all_inner_texts()] == [
        "Criterion",
        "FastAPI",
        "Starlette",
    ]

    page.get_by_label("Right").select_option("aiohttp")

    assert [text.strip() for text in shown.all_inner_texts()] == ["Criterion", "FastAPI", "aiohttp"]
    expect(page).to_have_url(PATH)
    page.get_by_label("Only differences").check()
    expect(page).to_have_url(f"{PATH}?differ=1")
    assert [text.strip() for text in shown.all_inner_texts()] == ["Criterion", "FastAPI", "aiohttp"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_head_and_first_column_stay_in_view(page):
    page.set_viewport_size({"width": 1280, "height": 500})
    page.goto(PATH)

    page.evaluate(
        """() => {
            const last = document.querySelector("table.compared tbody:last-child tr:last-child");
            window.scrollBy({ top: last.getBoundingClientRect().top - 120, behavior: "instant" });
        }"""
    )

    head = page.locator("table.compared thead th").nth(1).bounding_box()
    assert head is not None
    assert head["y"] == 0


def test_it_prints_on_one_page_with_every_contender(page):
    page.set_viewport_size({"width": 690, "height": 900})  # about the width of the paper
    page.goto(PATH)
    page.emulate_media(media="print")

    shown = page.locator("table.compared thead th:visible")
    assert [text.strip() for text in shown.all_inner_texts()][1:] == heads(page)
    assert len(heads(page)) == 4
    assert page.locator("table.compared tbody td:visible").count() == 24
    assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 1
