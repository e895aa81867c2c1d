"""What one ticks in a list is put side by side, with JavaScript and without."""

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
CHOSEN = ".tray .names > *"
HEADS = "table.known:visible thead a"


def tick(page: Page, *names: str) -> None:
    for name in names:
        page.get_by_role("checkbox", name=f"Compare {name}", exact=True).check()


def names(page: Page) -> list[str]:
    page.wait_for_load_state("domcontentloaded")  # a press waits for a page to begin, no more
    return page.locator(HEADS).all_inner_texts()


def chosen(page: Page) -> list[str]:
    """What the tray names."""
    page.wait_for_load_state("domcontentloaded")  # a press waits for a page to begin, no more
    return page.locator(CHOSEN).all_inner_texts()


# In a category ------------------------------------------------------------------------------------


def test_what_is_ticked_in_a_category_is_named_and_put_side_by_side(page):
    page.goto(CATEGORY)
    tick(page, "FastAPI", "Django", "Flask")
    assert chosen(page) == ["FastAPI", "Django", "Flask"]
    page.get_by_role("button", name="Compare", exact=True).click()

    expect(page).to_have_url(THREE)
    assert names(page) == ["FastAPI", "Django", "Flask"]
    page.go_back()

    expect(page).to_have_url(CATEGORY)
    expect(page.locator(".tray .names > *")).to_have_text(["FastAPI", "Django", "Flask"])
    expect(page.get_by_role("checkbox", name="Compare Flask")).to_be_checked()
    assert page.context.cookies() == []


def test_in_a_category_each_can_be_taken_out_and_all_and_the_rest_goes_on_to_the_list(page):
    page.goto(CATEGORY)
    tick(page, "FastAPI", "Django", "Flask")
    page.get_by_role("group", name="Take out").get_by_role("button", name="Django").click()

    expect(page.get_by_role("checkbox", name="Compare Django", exact=True)).not_to_be_checked()
    expect(page.get_by_role("checkbox", name="Compare Django", exact=True)).to_be_focused()
    assert chosen(page) == ["FastAPI", "Flask"]
    page.get_by_role("button", name="Add from all technologies").click()
    expect(page).to_have_url("/technologies/?t=fastapi&t=flask")
    assert chosen(page) == ["FastAPI", "Flask"]
    page.go_back()
    page.get_by_role("button", name="Clear").click()

    expect(page.locator(".tray .names > *")).to_have_count(0)
    expect(page.get_by_role("checkbox", name="Compare Flask")).not_to_be_checked()


@without_scripts
def test_it_is_a_form_without_javascript(page):
    page.goto(CATEGORY)
    tick(page, "FastAPI", "Django", "Flask")
    page.locator("#tray").get_by_role("button", name="Compare").click()
    expect(page).to_have_url(THREE)
    assert names(page) == ["FastAPI", "Django", "Flask"]

    page.get_by_role("link", name="Take out Django").click()
    expect(page).to_have_url("/compare/?t=fastapi&t=flask")
    page.get_by_label("Add one").fill("Quart")
    page.get_by_role("button", name="Add", exact=True).click()

    expect(page).to_have_url("/compare/?t=fastapi&t=flask&t=quart")
    assert names(page) == ["FastAPI", "Flask", "Quart"]


# In the list of technologies ----------------------------------------------------------------------


def test_what_is_ticked_stays_in_the_address_over_filters_and_pages(page):
    page.goto("/technologies/")
    tick(page, "aiohttp")
    expect(page).to_have_url("/technologies/?t=aiohttp")
    tick(page, "Django")
    expect(page).to_have_url("/technologies/?t=aiohttp&t=django")
    expect(page.get_by_role("checkbox", name="Compare Django", exact=True)).to_be_focused()
    page.get_by_role("checkbox", name="database").check()
    expect(page).to_have_url("/technologies/?kind=database&t=aiohttp&t=django")
    tick(page, "MongoDB")
    expect(page.get_by_role("button", name="Compare (3)")).to_be_visible()
    page.get_by_role("link", name="All technologies").click()
    page.get_by_role("link", name="Next").click()

    expect(page).to_have_url("/technologies/?t=aiohttp&t=django&t=mongodb&page=2")
    assert sorted(chosen(page)) == ["Django", "MongoDB", "aiohttp"]
    page.get_by_role("group", name="Take out").get_by_role("link", name="aiohttp").click()
    expect(page).to_have_url("/technologies/?t=django&t=mongodb&page=2")
    expect(page.get_by_role("button", name="Compare (2)")).to_be_focused()
    page.go_back()
    page.get_by_role("button", name="Compare (3)").click()

    expect(page.locator(HEADS)).to_have_count(3)
    assert sorted(names(page)) == ["Django", "MongoDB", "aiohttp"]


@without_scripts
def test_without_javascript_a_button_keeps_what_is_ticked(page):
    page.goto("/technologies/")
    tick(page, "aiohttp", "Django")
    page.get_by_role("button", name="Keep what is ticked").click()
    expect(page.locator(CHOSEN)).to_have_text(["aiohttp", "Django"])
    page.get_by_role("link", name="Next").click()
    expect(page.get_by_role("link", name="Previous")).to_be_visible()
    tick(page, "Flask")
    page.locator("summary", has_text="Kind").click()
    page.locator("input[name=kind][value=framework]").check()
    page.get_by_role("button", name="Show").click()
    # A press leads to a page, for which nothing waits by itself.
    expect(page.locator(CHOSEN)).to_have_count(3)
    assert sorted(chosen(page)) == ["Django", "Flask", "aiohttp"]
    page.get_by_role("group", name="Take out").get_by_role("link", name="Django").click()
    page.get_by_role("button", name="Compare (2)").click()

    expect(page.locator(HEADS)).to_have_count(2)
    assert sorted(names(page)) == ["Flask", "aiohttp"]


def test_an_eleventh_box_is_not_ticked_and_a_sentence_says_why(page):
    page.goto("/technologies/")
    boxes = page.locator("input[form=tray][type=checkbox]")
    for place in range(10):
        boxes.nth(place).check()
        # htmx complains of an answer that it has to drop.
        expect(page.get_by_role("button", name=f"Compare ({place + 1})")).to_be_visible()
    boxes.nth(10).click()

    expect(page.get_by_text("Ten is the most; untick one first.")).to_be_visible()
    expect(boxes.nth(10)).not_to_be_checked()
    boxes.nth(0).uncheck()
    expect(page.get_by_role("button", name="Compare (9)")).to_be_visible()
    boxes.nth(10).check()

    expect(page.get_by_text("Ten is the most; untick one first.")).to_have_count(0)
    expect(page.get_by_role("button", name="Compare (10)")).to_be_visible()


@pytest.mark.parametrize(("width", "height"), [(1280, 600), (320, 480)])
@pytest.mark.parametrize("address", ["/technologies/", CATEGORY])
def test_the_tray_stays_in_sight_and_covers_no_focus(page, address, width, height):
    make_technology(name="aaa", slug="aaa")
    page.emulate_media(reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": height})
    page.goto(address)
    page.locator("input[form=tray][type=checkbox]").first.check()
    expect(page.locator(".tray .names > *")).to_have_count(1)
    page.evaluate("scrollTo(0, document.body.scrollHeight / 2)")
    tray = page.locator(".tray")
    expect(tray).to_be_in_viewport(ratio=1)

    covered = []
    for _ in range(40):
        page.keyboard.press("Tab")
        covered.append(
            page.evaluate(
                """() => {
                  const active = document.activeElement;
                  const tray = document.querySelector(".tray");
                  const [box, bar] = [active, tray].map((one) => one.getBoundingClientRect());
                  if (active === document.body || tray.contains(active)) return false;
                  if (box.height > innerHeight / 2) return false; // a region that scrolls
                  return box.bottom > bar.top && box.top < bar.bottom;
                }"""
            )
        )

    assert True not in covered
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0


# Side by side -------------------------------------------------------------------------------------


def test_a_technology_is_added_and_taken_out_in_place(page):
    page.goto("/compare/?t=fastapi&t=pydantic")
    page.get_by_label("Add one").fill("Starlette")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator(HEADS)).to_have_text(["FastAPI", "Pydantic", "Starlette"])
    expect(page).to_have_url("/compare/?t=fastapi&t=pydantic&t=starlette")
    expect(page).to_have_title("FastAPI, Pydantic and Starlette compared · StackGuide")
    expect(page.get_by_label("Add one")).to_be_focused()
    expect(page.get_by_role("heading", name="Async Frameworks")).to_be_visible()

    page.get_by_role("link", name="Take out Pydantic").click()
    expect(page.locator(HEADS)).to_have_text(["FastAPI", "Starlette"])
    page.go_back()
    expect(page.locator(HEADS)).to_have_text(["FastAPI", "Pydantic", "Starlette"])
    page.get_by_label("Add one").fill("fastpi")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Did you mean FastAPI or FastAPI Users?")).to_be_visible()
    page.get_by_role("link", name="Take out all").click()

    expect(page).to_have_url("/compare/")
    expect(page.locator("table")).to_have_count(0)
