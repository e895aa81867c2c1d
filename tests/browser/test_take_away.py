"""“Copy as Markdown” copies what is shown, also after the table was narrowed in place."""

import pytest
from playwright.sync_api import expect

from tests.exports.comparisons import make_full_comparison

pytestmark = pytest.mark.django_db(transaction=True)

ADDRESS = "/comparisons/frameworks"


@pytest.mark.browser_context_args(permissions=["clipboard-read", "clipboard-write"])
def test_what_is_copied_is_what_is_shown(page):
    make_full_comparison()
    page.goto(f"{ADDRESS}/")
    button = page.get_by_role("button", name="Copy as Markdown")

    taken = []
    for query in ("", "?rows=differ"):
        if query:
            page.get_by_role("link", name="rated differently").first.click()
            page.wait_for_url(f"**{query}")
        button.click()
        expect(page.locator("[data-sg-copy-from]")).to_have_text("Copied")
        taken.append(page.evaluate("navigator.clipboard.readText()"))
        expect(button).to_be_visible()  # the word is back

    asked = [page.request.get(f"{ADDRESS}.md{query}") for query in ("", "?rows=differ")]
    assert taken == [answer.text() for answer in asked]
