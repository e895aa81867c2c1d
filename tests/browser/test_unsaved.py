"""A day as an editor: the session dropped while typing, a change withdrawn and taken up again."""

import pytest
from django.contrib.auth.models import User

from catalog.history import editions
from catalog.models import Edition, Pending, Technology
from tests.admin.pages import url_of
from tests.browser.looking import EDITING
from tests.browser.test_pending import be, propose
from tests.factories import make_technology

pytestmark = EDITING


@pytest.fixture
def flask() -> Technology:
    with editions.record("eve", "", Edition.Origin.ADMIN):
        return make_technology(slug="flask", name="Flask", summary="Small")


def test_a_session_that_ends_while_typing_costs_nothing(page, flask):
    User.objects.create_superuser("ada", password="correct horse battery")
    page.goto(url_of(flask))
    page.get_by_label("Summary").fill("Typed for an hour")
    page.context.clear_cookies(name="sessionid")
    page.locator("input[name=_save]").first.press("Enter")
    assert page.locator("h1").inner_text() == "You are not signed in any more"
    assert "Typed for an hour" in page.locator("main").inner_text()

    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Sign in (in a new tab)").press("Enter")
    tab = opened.value
    tab.get_by_label("Username").fill("ada")
    tab.get_by_label("Password").fill("correct horse battery")
    tab.get_by_role("button", name="Log in").press("Enter")
    tab.wait_for_url("**/admin/")
    tab.close()

    page.get_by_role("button", name="Save").press("Enter")
    page.get_by_text("Signed in as ada.").wait_for()
    page.get_by_role("button", name="Save").press("Enter")
    page.get_by_text("was changed successfully").wait_for()
    flask.refresh_from_db()
    assert flask.summary == "Typed for an hour"


def test_a_change_is_withdrawn_after_a_question_and_taken_up_again(page, flask):
    be(page, "Contributor", "ada")
    propose(page, flask, "Tiny")

    page.get_by_role("button", name="Withdraw it").press("Enter")
    page.get_by_role("button", name="Yes, withdraw it").press("Enter")
    page.get_by_text("Withdrawn by its author").wait_for()
    assert Pending.objects.get().state == "withdrawn"
    page.get_by_role("button", name="Take it up again").press("Enter")
    page.get_by_text("It waits again.").wait_for()
    assert Pending.objects.get().state == "waiting"


def test_the_page_looks_right(look, flask):
    page = look.page
    page.goto(url_of(flask))
    page.get_by_label("Summary").fill("Typed for an hour, and then some more")
    page.context.clear_cookies(name="csrftoken")
    page.locator("input[name=_save]").first.press("Enter")
    assert page.locator("h1").inner_text() == "This form was opened before you signed in"
    look("unsaved")
