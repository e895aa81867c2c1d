"""What axe-core finds on the public pages, with the real guide on them, light and dark."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.public import ADDRESSES
from tests.browser.test_look import STICKS_OUT
from tests.factories import make_technology

pytestmark = pytest.mark.django_db(transaction=True)


def violations(page: Page) -> list[str]:
    """Rule and place of each violation of WCAG 2.2 A and AA, and of axe's best practice."""
    found = Axe().run(page).response["violations"]
    return [f"{rule['id']}: {node['target']}" for rule in found for node in rule["nodes"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.usefixtures("the_guide")
def test_axe_finds_nothing(browser: Browser, live_server: Any, scheme: str, width: int) -> None:
    context = browser.new_context(
        color_scheme=scheme, viewport={"width": width, "height": 900}, bypass_csp=True
    )
    page = context.new_page()

    found = {}
    for address in ADDRESSES:
        page.goto(live_server.url + address)
        found[address] = violations(page)

    context.close()
    assert {address: rules for address, rules in found.items() if rules} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_wide_tables_and_the_keyboard_scrolls_them(
    browser: Browser, live_server: Any, scheme: str
) -> None:
    table = f"| {'x' * 40} | {'y' * 40} |\n|---|---|\n| 1 | `2` |\n"
    make_technology(slug="wide", description=f"{table}\nBetween.\n\n{table}")
    context = browser.new_context(
        color_scheme=scheme, viewport={"width": 320, "height": 640}, bypass_csp=True
    )
    page = context.new_page()
    page.goto(f"{live_server.url}/technologies/wide/")

    assert violations(page) == []
    second = page.get_by_role("group", name="Table").nth(1)
    second.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.activeElement.scrollLeft > 0")
    assert page.evaluate(STICKS_OUT) == 0
    context.close()


def test_axe_finds_what_is_wrong(page: Page, live_server: Any) -> None:
    page.goto(f"{live_server.url}/")
    page.evaluate("document.documentElement.removeAttribute('lang')")

    assert violations(page) == ["html-has-lang: ['html']"]
