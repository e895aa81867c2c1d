"""What axe-core finds on the public pages, with the real guide on them, light and dark."""

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.django_db(transaction=True)

GUIDE = Path(__file__).resolve().parent.parent.parent / "fixtures" / "guide-2025"
ADDRESSES = (
    "/",
    "/categories/",
    "/categories/web-frameworks/",
    "/categories/authentication-authorization/",
    "/categories/deployment/",
    "/technologies/",
    "/technologies/?text=nothing+like+it&kind=nonsense",
    "/technologies/fastapi/",
    "/technologies/postgresql/",
    "/comparisons/",
    "/comparisons/async-frameworks/",
    "/stacks/",
    "/stacks/modern-microservices/",
    "/versions/",
    "/versions/python-2025/",
    "/no-such-page/",
)


def violations(page: Page) -> list[str]:
    """Rule and place of each violation of WCAG 2.2 A and AA, and of axe's best practice."""
    found = Axe().run(page).response["violations"]
    return [f"{rule['id']}: {node['target']}" for rule in found for node in rule["nodes"]]


@pytest.fixture
def the_guide() -> None:
    call_command("start_guide", GUIDE, verbosity=0)


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


def test_axe_finds_what_is_wrong(page: Page, live_server: Any) -> None:
    page.goto(f"{live_server.url}/")
    page.evaluate("document.documentElement.removeAttribute('lang')")

    assert violations(page) == ["html-has-lang: ['html']"]
