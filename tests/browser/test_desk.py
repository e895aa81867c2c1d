"""The desk in a real browser: what axe finds, headings in order, the way to a list by keyboard."""

from django.urls import reverse
from playwright.sync_api import expect

from catalog.models import Cell
from tests.admin.desk.filling import fill, make_link
from tests.browser.looking import EDITING
from tests.factories import make_technology

pytestmark = EDITING

LONG = "https://example.org/" + "a-long-word" * 20 + "/"
HEADINGS = "[...document.querySelectorAll('h1, h2, h3, h4')].map((each) => each.tagName)"


def fill_it() -> None:
    """More of each than a section shows, and an address that is longer than any line."""
    fill(6, by="admin")
    make_technology(name="Word" * 20, lifecycle="deprecated", website=LONG)
    make_link(LONG, is_alive=False)
    Cell.objects.update(source=LONG)


def test_axe_finds_nothing_and_nothing_sticks_out(look):
    fill_it()
    for address in (reverse("admin:catalog_link_changelist"), reverse("admin:index")):
        look.page.goto(address)
        look(address)

    assert look.page.evaluate(HEADINGS) == ["H1", *["H2"] * 11]
    columns = {round(part.bounding_box()["x"]) for part in look.page.locator(".desk-part").all()}
    assert len(columns) == (2 if look.page.viewport_size["width"] == 1280 else 1)


def test_a_list_is_reached_by_keyboard_and_has_what_was_counted(page):
    fill_it()
    page.goto(reverse("admin:index"))
    way = page.get_by_role("region", name="Technologies in trouble").locator(".desk-ways a")
    count = int(way.inner_text().split()[0])

    for _ in range(page.locator("a, button").count()):
        page.keyboard.press("Tab")
        if way.evaluate("(link) => link === document.activeElement"):
            break

    assert way.evaluate("(link) => getComputedStyle(link).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    page.wait_for_url("**/technology/?trouble=any")
    expect(page.locator("#result_list tbody tr")).to_have_count(count)


def test_whoever_has_nothing_to_do_reads_so(page):
    make_link(is_alive=True)

    page.goto(reverse("admin:index"))

    expect(page.locator(".desk-count")).to_have_count(0)
    assert page.locator(".desk-quiet").inner_text().startswith("Nothing waits under: Returned")
