"""A change that waits, from its author's form to the page that readers see, in a real browser."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, Page

from catalog.history import editions
from catalog.models import Comparison, Edition, Pending, Technology
from tests.admin.pages import save, url_of
from tests.admin.roles import sign_in_as
from tests.browser.conftest import Watch
from tests.browser.test_admin_accessibility import DJANGOS, sign_in
from tests.browser.test_look import STICKS_OUT
from tests.factories import make_comparison, make_technology

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.ignore_template_errors,
]


@pytest.fixture
def flask() -> Technology:
    with editions.record("eve", "", Edition.Origin.ADMIN):
        return make_technology(slug="flask", name="Flask", summary="Small")


def be(page: Page, base: str, role: str, name: str) -> None:
    """Go on as somebody else."""
    page.context.clear_cookies()
    sign_in(page.context, sign_in_as(role, name), base)


def propose(page: Page, base: str, row: Any, summary: str) -> None:
    page.goto(base + url_of(row))
    page.get_by_label("Summary").fill(summary)
    page.locator("input[name=_save]").first.press("Enter")


def test_a_change_is_returned_amended_and_applied(
    page: Page, live_server: Any, watch: Watch, flask: Technology
) -> None:
    base = live_server.url
    be(page, base, "Contributor", "ada")
    propose(page, base, flask, "Tiny")
    assert page.locator("h1").inner_text() == "Pending change of “Flask”"
    page.get_by_role("link", name="Preview").click()
    assert "Tiny" in page.locator("main").inner_text()
    page.goto(base + flask.get_absolute_url())
    assert "Tiny" not in page.locator("main").inner_text()

    be(page, base, "Publisher", "eve")
    page.goto(base + "/admin/")
    page.get_by_role("link", name="Flask").first.click()
    page.get_by_label("What should be different").fill("Say for whom.")
    page.get_by_role("button", name="Return to its author").press("Enter")

    be(page, base, "Contributor", "ada")
    page.goto(base + "/admin/")
    page.get_by_role("link", name="Flask").first.click()
    assert "Returned by eve: Say for whom." in page.locator("#content").inner_text()
    page.get_by_role("link", name="Go on with it").click()
    assert page.get_by_label("Summary").input_value() == "Tiny"
    page.get_by_label("Summary").fill("Tiny, for small sites")
    page.locator("input[name=_save]").first.press("Enter")

    be(page, base, "Publisher", "eve")
    page.goto(base + url_of(Pending.objects.get()))
    page.get_by_role("button", name="Apply: readers see it").press("Enter")
    page.goto(base + flask.get_absolute_url())
    assert "Tiny, for small sites" in page.locator("main").inner_text()
    assert watch.errors == []


def test_where_both_changed_the_same_the_publisher_chooses(
    page: Page, live_server: Any, flask: Technology
) -> None:
    base = live_server.url
    be(page, base, "Contributor", "ada")
    propose(page, base, flask, "Tiny")
    save(sign_in_as("Publisher", "eve"), url_of(flask), summary="Huge")

    be(page, base, "Publisher", "eve")
    page.goto(base + url_of(Pending.objects.get()))
    asked = page.get_by_role("group", name="Summary of the technology “Flask”")
    asked.get_by_label("Take what is proposed").check()
    page.get_by_role("button", name="Apply: readers see it").click()
    page.wait_for_url("**/revision/of/**")
    assert Technology.objects.get().summary == "Tiny"


def test_a_table_is_reverted_to_when_a_row_was_still_there(
    page: Page, live_server: Any, admin_client: Client
) -> None:
    with editions.record("ada", "", Edition.Origin.ADMIN):
        comparison: Comparison = make_comparison(contenders=2, criteria=2)
    names = list(comparison.criteria.values_list("name", flat=True))
    with editions.record("ada", "", Edition.Origin.ADMIN):
        comparison.criteria.first().delete()
    sign_in(page.context, admin_client, live_server.url)

    page.goto(f"{live_server.url}/admin/catalog/revision/of/comparison/{comparison.slug}/")
    page.get_by_role("link", name="Revert").last.click()
    page.get_by_role("button", name="Revert it").press("Enter")
    page.goto(live_server.url + comparison.get_absolute_url())

    shown = page.locator("main").inner_text()
    assert all(name in shown for name in names)
    assert comparison.criteria.first().cells.count() == 2


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_of_ours(
    browser: Browser, live_server: Any, flask: Technology, scheme: Any, width: int
) -> None:
    ada, eve = sign_in_as("Contributor", "ada"), sign_in_as("Publisher", "eve")
    save(ada, url_of(flask), summary="Tiny")
    save(eve, url_of(flask), summary="Huge")
    pending = Pending.objects.get()
    context = browser.new_context(
        color_scheme=scheme, viewport={"width": width, "height": 900}, bypass_csp=True
    )
    page = context.new_page()

    found = {}
    for client, row in ((ada, flask), (ada, pending), (eve, flask), (eve, pending)):
        context.clear_cookies()
        sign_in(context, client, live_server.url)
        page.goto(live_server.url + url_of(row))
        rules = {rule["id"] for rule in Axe().run(page).response["violations"]}
        found[url_of(row)] = rules - DJANGOS.keys()
        assert page.evaluate(STICKS_OUT) == 0

    context.close()
    assert [(url, rules) for url, rules in found.items() if rules] == []
