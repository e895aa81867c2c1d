"""The desk in a real browser: what axe finds, headings in order, the way to a list by keyboard."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page

from catalog.models import Cell
from tests.admin.desk.filling import fill, make_link
from tests.browser.conftest import Watch
from tests.browser.test_admin_accessibility import DJANGOS, sign_in
from tests.browser.test_look import STICKS_OUT
from tests.factories import make_technology

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.ignore_template_errors]

LONG = "https://example.org/" + "a-long-word" * 20 + "/"
HEADINGS = "[...document.querySelectorAll('h1, h2, h3, h4')].map((each) => each.tagName)"


def fill_it() -> None:
    """More of each than a section shows, and an address that is longer than any line."""
    fill(6, by="admin")
    make_technology(name="Word" * 20, lifecycle="deprecated", website=LONG)
    make_link(LONG, is_alive=False)
    Cell.objects.update(source=LONG)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_of_ours(
    browser: Browser, live_server: Any, admin_client: Client, scheme: Any, width: int
) -> None:
    fill_it()
    context = browser.new_context(
        color_scheme=scheme, viewport={"width": width, "height": 900}, bypass_csp=True
    )
    sign_in(context, admin_client, live_server.url)
    page = context.new_page()

    found = {}
    for address in (reverse("admin:index"), reverse("admin:catalog_link_changelist")):
        page.goto(live_server.url + address)
        rules = {rule["id"] for rule in Axe().run(page).response["violations"]}
        found[address] = rules - DJANGOS.keys()
    page.goto(live_server.url + reverse("admin:index"))
    sticks_out, headings = page.evaluate(STICKS_OUT), page.evaluate(HEADINGS)
    columns = {round(part.bounding_box()["x"]) for part in page.locator(".desk-part").all()}

    context.close()
    assert not any(found.values()), found
    assert sticks_out == 0
    assert headings == ["H1", *["H2"] * 10]
    assert len(columns) == (2 if width == 1280 else 1)


def test_a_list_is_reached_by_keyboard_and_has_what_was_counted(
    page: Page, live_server: Any, admin_client: Client, watch: Watch
) -> None:
    fill_it()
    sign_in(page.context, admin_client, live_server.url)
    page.goto(live_server.url + reverse("admin:index"))
    way = page.get_by_role("region", name="Technologies in trouble").locator(".desk-ways a")
    count = int(way.inner_text().split()[0])

    for _ in range(page.locator("a, button").count()):
        page.keyboard.press("Tab")
        if way.evaluate("(link) => link === document.activeElement"):
            break

    assert way.evaluate("(link) => getComputedStyle(link).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    page.wait_for_url("**/technology/?trouble=any")
    assert page.locator("#result_list tbody tr").count() == count
    assert (watch.errors, watch.strangers) == ([], [])


def test_whoever_has_nothing_to_do_reads_so(
    page: Page, live_server: Any, admin_client: Client
) -> None:
    make_link(is_alive=True)
    sign_in(page.context, admin_client, live_server.url)

    page.goto(live_server.url + reverse("admin:index"))

    assert page.locator(".desk-count").count() == 0
    assert page.locator(".desk-quiet").inner_text().startswith("Nothing waits under: Returned")
