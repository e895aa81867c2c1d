"""A change that waits, from its author's form to the page that readers see, in a real browser."""

from typing import Any

import pytest
from playwright.sync_api import Page

from catalog.history import editions
from catalog.models import Comparison, Edition, Pending, Technology
from tests.admin.pages import save, url_of
from tests.admin.roles import sign_in_as
from tests.browser.looking import EDITING, sign_in
from tests.factories import make_comparison, make_technology

pytestmark = EDITING


@pytest.fixture
def flask() -> Technology:
    with editions.record("eve", "", Edition.Origin.ADMIN):
        return make_technology(slug="flask", name="Flask", summary="Small")


def be(page: Page, role: str, name: str) -> None:
    """Go on as somebody else."""
    page.context.clear_cookies()
    sign_in(page.context, sign_in_as(role, name))


def propose(page: Page, row: Any, summary: str) -> None:
    page.goto(url_of(row))
    page.get_by_label("Summary").fill(summary)
    page.locator("input[name=_save]").first.press("Enter")


def test_a_change_is_returned_amended_and_applied(page, flask):
    be(page, "Contributor", "ada")
    propose(page, flask, "Tiny")
    assert page.locator("h1").inner_text() == "Pending change of “Flask”"
    page.get_by_role("link", name="Preview").click()
    assert "Tiny" in page.locator("main").inner_text()
    page.goto(flask.get_absolute_url())
    assert "Tiny" not in page.locator("main").inner_text()

    be(page, "Publisher", "eve")
    page.goto("/admin/")
    page.get_by_role("link", name="Flask").first.click()
    page.get_by_label("What should be different").fill("Say for whom.")
    page.get_by_role("button", name="Return to its author").press("Enter")

    be(page, "Contributor", "ada")
    page.goto("/admin/")
    page.get_by_role("link", name="Flask").first.click()
    assert "Returned by eve: Say for whom." in page.locator("#content").inner_text()
    page.get_by_role("link", name="Go on with it").click()
    assert page.get_by_label("Summary").input_value() == "Tiny"
    page.get_by_label("Summary").fill("Tiny, for small sites")
    page.locator("input[name=_save]").first.press("Enter")

    be(page, "Publisher", "eve")
    page.goto(url_of(Pending.objects.get()))
    page.get_by_role("button", name="Apply: readers see it").press("Enter")
    page.goto(flask.get_absolute_url())
    assert "Tiny, for small sites" in page.locator("main").inner_text()


def test_where_both_changed_the_same_the_publisher_chooses(page, flask):
    be(page, "Contributor", "ada")
    propose(page, flask, "Tiny")
    save(sign_in_as("Publisher", "eve"), url_of(flask), summary="Huge")

    be(page, "Publisher", "eve")
    page.goto(url_of(Pending.objects.get()))
    asked = page.get_by_role("group", name="Summary of the technology “Flask”")
    asked.get_by_label("Take what is proposed").check()
    page.get_by_role("button", name="Apply: readers see it").click()
    page.wait_for_url("**/revision/of/**")
    assert Technology.objects.get().summary == "Tiny"


def test_a_table_is_reverted_to_when_a_row_was_still_there(page):
    with editions.record("ada", "", Edition.Origin.ADMIN):
        comparison: Comparison = make_comparison(contenders=2, criteria=2)
    names = list(comparison.criteria.values_list("name", flat=True))
    with editions.record("ada", "", Edition.Origin.ADMIN):
        comparison.criteria.first().delete()

    page.goto(f"/admin/catalog/revision/of/comparison/{comparison.slug}/")
    page.get_by_role("link", name="Revert").last.click()
    page.get_by_role("button", name="Revert it").press("Enter")
    page.goto(comparison.get_absolute_url())

    shown = page.locator("main").inner_text()
    assert all(name in shown for name in names)
    assert comparison.criteria.first().cells.count() == 2


def test_axe_finds_nothing_and_nothing_sticks_out(look, flask):
    ada, eve = sign_in_as("Contributor", "ada"), sign_in_as("Publisher", "eve")
    save(ada, url_of(flask), summary="Tiny")
    save(eve, url_of(flask), summary="Huge")
    pending = Pending.objects.get()

    for client, row in ((ada, flask), (ada, pending), (eve, flask), (eve, pending)):
        look.page.context.clear_cookies()
        sign_in(look.page.context, client)
        look.page.goto(url_of(row))
        look(url_of(row))
