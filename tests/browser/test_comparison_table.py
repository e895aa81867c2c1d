"""The table reacts to what a reader asks, by mouse, by keyboard, on a phone and without script."""

import re
from pathlib import Path

import pytest
from django.core.management import call_command
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import FIXTURES
from tests.browser.looking import without_scripts

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("the_guide", "watch"),
]

# The small table of 2025, beside what became of it.
PATH = "/comparisons/async-2025/"
OF_2025 = FIXTURES / "guide-2025" / "5-comparisons" / "async-frameworks.yaml"
FLAGSHIP = "/comparisons/web-frameworks/"


@pytest.fixture(autouse=True)
def table_of_2025(the_guide: None, tmp_path: Path) -> None:
    text = OF_2025.read_text(encoding="utf-8").replace("async-frameworks", "async-2025")
    text = text.replace("category: [async-2025]", "category: [async-frameworks]")
    (tmp_path / "table.yaml").write_text(text, encoding="utf-8")
    call_command("loaddata", tmp_path / "table.yaml", verbosity=0)


def heads(page: Page) -> list[str]:
    """The contenders in the order of their columns."""
    page.wait_for_load_state("domcontentloaded")  # a press waits for a page to begin, no more
    return page.locator("table.compared thead th a").all_inner_texts()


def fits(page: Page) -> list[str]:
    """The contenders with their points as the band has them, best fit first."""
    page.wait_for_load_state("domcontentloaded")  # a press waits for a page to begin, no more
    names = page.locator(".fits tbody th").all_inner_texts()
    return [
        f"{name} {points}"
        for name, points in zip(
            names, page.locator(".fits td b:not(.verdict b)").all_inner_texts(), strict=True
        )
    ]


def said(page: Page) -> Locator:
    return page.locator("#said")


def ask_for_rows_that_differ(page: Page) -> None:
    page.get_by_role("link", name="rated differently").first.click()


def test_asking_changes_table_address_and_what_is_said(page):
    page.goto(PATH)
    assert heads(page) == ["FastAPI", "Starlette", "Quart", "aiohttp"]

    page.get_by_label("Documentation at least").focus()
    page.get_by_label("Documentation at least").select_option("Excellent")
    expect(said(page)).to_have_text(
        "1 of 4 contenders, 5 of 5 rows. FastAPI has 87.5; there is nobody to compare it with."
    )
    expect(page.get_by_role("list", name="Ruled out").locator("li")).to_have_count(3)
    expect(page.get_by_label("Documentation at least")).to_be_focused()
    ask_for_rows_that_differ(page)

    expect(said(page)).to_contain_text("1 of 4 contenders, 4 of 5 rows: those rated differently.")
    expect(page).to_have_url(f"{PATH}?must=documentation.4&rows=differ")


def test_weighing_moves_the_fit(page):
    page.goto(PATH)
    before = ["FastAPI 87.5", "Starlette 75.0", "Quart 68.8", "aiohttp 68.8"]
    assert fits(page) == before

    page.get_by_label("Weight of Performance").focus()
    page.get_by_label("Weight of Performance").select_option("5")
    expect(page).to_have_url(
        f"{PATH}?w=performance.5&w=documentation.1&w=ease-of-use.1&w=community.1"
    )

    expect(page.get_by_label("Weight of Performance")).to_be_focused()
    assert fits(page)[0] == "FastAPI 93.8"
    page.get_by_role("link", name="Reset weights").click()
    expect(page).to_have_url(PATH)
    assert fits(page) == before


def test_a_link_of_the_band_asks_what_it_says(page):
    page.goto(FLAGSHIP)
    assert "Litestar leads with 81.6" in page.locator(".lead").inner_text()

    page.get_by_role("link", name="if you must have “Parts of an application").click()

    expect(page.locator(".lead")).to_contain_text("Django has 67.8")
    page.get_by_role("link", name="Do without").click()
    expect(page).to_have_url(FLAGSHIP)


def test_a_row_opens_in_place_and_closes_again(page):
    page.goto(FLAGSHIP)
    row = page.locator("#row-websockets")
    expect(row.locator(".more:visible")).to_have_count(0)

    row.locator("summary").focus()
    page.keyboard.press("Enter")

    assert row.locator(".more:visible").count() > 0
    expect(row.get_by_role("link", name="Sources of this row")).to_be_visible()
    page.keyboard.press("Enter")
    expect(row.locator(".more:visible")).to_have_count(0)


def test_each_density_shows_what_it_says(page):
    shown = {}
    # Each from another one, so that the table waited for is the new one.
    for density, before in (("Marks", "words"), ("Words", "marks"), ("Everything", "words")):
        page.goto(f"{FLAGSHIP}?show={before}")
        page.get_by_role("link", name=density, exact=True).click()
        expect(page.locator(f"table.compared.{density.lower()}")).to_be_visible()
        row = page.locator("#row-websockets")
        word = row.locator("[data-rating] b").first.bounding_box()
        shown[density] = (
            page.locator("table.compared").bounding_box()["height"],
            row.locator(".more:visible").count() > 0,
            word["width"] > 5,
        )

    heights = [height for height, _more, _word in shown.values()]
    assert heights == sorted(heights)
    assert [more for _height, more, _word in shown.values()] == [False, False, True]
    assert heights[0] <= 800
    assert heights[1] <= 1_100


def test_what_a_reader_looks_at_stays_where_it_is(page):
    page.goto(FLAGSHIP)
    page.evaluate("scrollTo({top: 500, behavior: 'instant'})")

    page.get_by_role("link", name="Marks", exact=True).click()
    expect(page.locator("table.compared.marks")).to_be_visible()

    assert 450 <= page.evaluate("scrollY") <= 550


def test_sorting_turns_and_is_marked(page):
    page.goto(PATH)
    button = page.get_by_role("button", name="Sort columns by it")

    page.locator("#row-community summary").click()
    button.click()
    marked = page.locator("th[aria-sort]")
    expect(marked).to_have_attribute("aria-sort", "descending")
    assert heads(page)[-1] == "Quart"
    page.locator("#row-community summary").click()
    button.click()
    expect(marked).to_have_attribute("aria-sort", "ascending")

    assert heads(page)[0] == "Quart"
    ask_for_rows_that_differ(page)
    expect(page).to_have_url(f"{PATH}?rows=differ&sort=community")
    page.get_by_role("link", name="own order").click()
    expect(page).to_have_url(f"{PATH}?rows=differ")


def test_back_forward_and_reload_show_what_the_address_says(page):
    page.goto(PATH)
    chosen = page.locator(".control [aria-current]").nth(1)
    ask_for_rows_that_differ(page)
    expect(page).to_have_url(f"{PATH}?rows=differ")
    page.get_by_role("link", name="Best fit first").click()
    expect(page).to_have_url(f"{PATH}?rows=differ&sort=fit")

    page.go_back()
    expect(page.get_by_role("link", name="Best fit first")).to_be_visible()
    page.evaluate("sessionStorage.removeItem('htmx-history-cache')")
    page.go_back()
    expect(chosen).to_have_text("all 5")
    expect(page.locator("h1")).to_have_count(1)
    page.go_forward()
    expect(chosen).to_contain_text("rated differently")
    page.reload()

    expect(chosen).to_contain_text("rated differently")
    expect(page.locator("h1")).to_have_count(1)


def test_what_was_weighed_is_there_after_back_and_stays_with_the_next_step(page):
    page.goto(PATH)
    page.get_by_label("Weight of Community").select_option("5")
    expect(page.locator(".fits")).to_contain_text("59.4")
    page.get_by_role("link", name="Best fit first").click()
    expect(said(page)).to_contain_text("Best fit first. No clear winner: FastAPI")

    page.go_back()
    expect(page.get_by_label("Weight of Community")).to_have_value("community.5")
    ask_for_rows_that_differ(page)

    expect(page).to_have_url(
        f"{PATH}?rows=differ&w=performance.1&w=documentation.1&w=ease-of-use.1&w=community.5"
    )


def test_contenders_are_chosen_by_boxes(page):
    page.goto(PATH)
    page.get_by_text("Choose what is shown").click()
    page.get_by_role("checkbox", name="Starlette").uncheck()
    page.get_by_role("button", name="Show these").click()

    expect(said(page)).to_contain_text("3 of 4 contenders, 5 of 5 rows.")
    assert heads(page) == ["FastAPI", "Quart", "aiohttp"]


def test_the_weights_are_reached_by_few_presses(page):
    page.goto(FLAGSHIP)
    page.locator("table.compared thead a").first.focus()
    reached = []
    while len(reached) < 12 and "w" not in reached:
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.name"))
    assert "w" in reached

    page.keyboard.press("ArrowDown")
    expect(page).to_have_url(re.compile(r"\?w=async-server\.5&"))


@without_scripts
def test_without_javascript_it_is_a_form_with_a_button(page):
    page.goto(PATH)

    page.get_by_label("Weight of Community").select_option("0")
    page.get_by_label("Documentation at least").select_option("Excellent")
    page.get_by_role("button", name="Weigh anew").click()
    ask_for_rows_that_differ(page)

    assert page.url.partition("?")[2] == (
        "must=documentation.4&rows=differ"
        "&w=performance.1&w=documentation.1&w=ease-of-use.1&w=community.0"
    )
    expect(page.get_by_role("list", name="Ruled out").locator("li")).to_have_count(3)
    page.locator("#row-performance summary").click()
    page.get_by_role("button", name="Sort columns by it").click()
    assert "&sort=-performance&" in page.url


def test_a_phone_shows_two_contenders_and_a_chooser(page):
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(PATH)
    shown = page.locator("table.compared thead th:visible a")
    assert shown.all_inner_texts() == ["FastAPI", "Starlette"]

    page.get_by_label("Right").select_option("aiohttp")

    assert shown.all_inner_texts() == ["FastAPI", "aiohttp"]
    expect(page).to_have_url(PATH)
    page.get_by_label("Weight of Community").select_option("5")
    expect(page).to_have_url(
        f"{PATH}?w=performance.1&w=documentation.1&w=ease-of-use.1&w=community.5"
    )
    assert shown.all_inner_texts() == ["FastAPI", "aiohttp"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_phone_begins_with_the_first_two_by_fit(page):
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(FLAGSHIP)

    shown = page.locator("table.compared thead th:visible a")
    assert shown.all_inner_texts() == ["FastAPI", "Litestar"]


def test_bar_and_heads_stay_in_view(page):
    page.set_viewport_size({"width": 1280, "height": 500})
    page.goto(FLAGSHIP)

    page.evaluate(
        """() => {
            const last = document.querySelector("table.compared tbody:last-child tr:last-child");
            window.scrollBy({ top: last.getBoundingClientRect().top - 220, behavior: "instant" });
        }"""
    )

    bar = page.locator(".control").bounding_box()
    head = page.locator("table.compared thead th").nth(1).bounding_box()
    assert bar["y"] == 0
    assert 0 <= bar["y"] + bar["height"] - head["y"] < 12


def test_it_prints_on_one_page_with_every_contender(page):
    page.set_viewport_size({"width": 690, "height": 900})  # about the width of the paper
    page.goto(PATH)
    page.emulate_media(media="print")

    shown = page.locator("table.compared thead th:visible a")
    assert shown.all_inner_texts() == heads(page)
    assert len(heads(page)) == 4
    expect(page.locator("table.compared tbody td:visible")).to_have_count(20)
    assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 1
