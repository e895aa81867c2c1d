"""What axe-core finds on the public pages, with the real guide on them, light and dark."""

import pytest
from playwright.sync_api import Page

from tests.browser.looking import STICKS_OUT, violations
from tests.browser.public import ADDRESSES
from tests.factories import make_technology

pytestmark = pytest.mark.django_db(transaction=True)


def places(page: Page) -> list[str]:
    """Return scheme, rule and place of each violation."""
    return [
        f"{scheme}: {rule['id']}: {node['target']}"
        for scheme, rule in violations(page)
        for node in rule["nodes"]
    ]


@pytest.mark.browser_context_args(bypass_csp=True)
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.usefixtures("the_guide")
def test_axe_finds_nothing(page, width):
    page.set_viewport_size({"width": width, "height": 900})

    found = {}
    for address in ADDRESSES:
        page.goto(address)
        found[address] = places(page)

    assert {address: rules for address, rules in found.items() if rules} == {}


@pytest.mark.browser_context_args(bypass_csp=True)
def test_axe_finds_nothing_in_wide_tables_and_the_keyboard_scrolls_them(page):
    table = f"| {'x' * 40} | {'y' * 40} |\n|---|---|\n| 1 | `2` |\n"
    make_technology(slug="wide", description=f"{table}\nBetween.\n\n{table}")
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto("/technologies/wide/")

    assert places(page) == []
    second = page.get_by_role("group", name="Table").nth(1)
    second.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.activeElement.scrollLeft > 0")
    assert page.evaluate(STICKS_OUT) == 0


@pytest.mark.browser_context_args(bypass_csp=True)
def test_axe_finds_what_is_wrong(page):
    page.goto("/")
    page.evaluate("document.documentElement.removeAttribute('lang')")
    page.add_style_tag(content="h1 { color: #808080; background: #7f7f7f }")

    assert places(page) == [
        "light: color-contrast: ['h1']",
        "light: html-has-lang: ['html']",
        "dark: color-contrast: ['h1']",
    ]
