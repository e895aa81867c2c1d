"""“Copy as Markdown” copies what is shown, also after the table was narrowed in place."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.exports.comparisons import make_full_comparison

pytestmark = pytest.mark.django_db(transaction=True)

ADDRESS = "/comparisons/frameworks"


@pytest.fixture
def table(browser: Browser, live_server: Any) -> Iterator[Page]:
    make_full_comparison()
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{live_server.url}{ADDRESS}/")
    yield page
    context.close()


def test_what_is_copied_is_what_is_shown(table: Page, live_server: Any) -> None:
    button = table.get_by_role("button", name="Copy as Markdown")

    taken = []
    for query in ("", "?differ=1"):
        if query:
            table.get_by_label("Only differences").check()
            table.wait_for_url(f"**{query}")
        button.click()
        expect(table.locator("[data-sg-copy-from]")).to_have_text("Copied")
        taken.append(table.evaluate("navigator.clipboard.readText()"))
        expect(button).to_be_visible()  # the word is back

    asked = [
        table.request.get(f"{live_server.url}{ADDRESS}.md{query}") for query in ("", "?differ=1")
    ]
    assert taken == [answer.text() for answer in asked]
