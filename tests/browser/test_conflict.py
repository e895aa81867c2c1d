"""Two editors at one thing in a real browser: what the second one sees, chooses and keeps."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page

from catalog.history import editions
from catalog.models import Comparison, Criterion, Edition, Point, Technology
from tests.admin.pages import url_of
from tests.browser.looking import EDITING, without_scripts
from tests.factories import make_comparison, make_point, make_technology

pytestmark = EDITING

LONG = (
    "A small framework that leaves the choice of everything else to whoever uses it,\n"
    "and for which an extension has been written for nearly all that one can think of."
)


@pytest.fixture
def flask() -> Technology:
    with editions.record("ada", "", Edition.Origin.ADMIN):
        technology = make_technology(
            slug="flask", name="Flask", summary="Small", licence="BSD", description=LONG
        )
        make_point(technology, slug="fast", text="Fast")
        make_point(technology, slug="plain", text="Plain", position=1)
    return technology


def overtake(**fields: Any) -> None:
    """Somebody else saves these fields of it."""
    with editions.record("grace", "Said more plainly", Edition.Origin.ADMIN):
        Technology.objects.filter(slug="flask").update(**fields)


@pytest.fixture
def mine(page: Page, signed_in: None, flask: Technology) -> None:
    """Open the form of Flask and type a summary."""
    page.goto(url_of(flask))
    page.get_by_label("Summary").fill("Mine")


def press_save(page: Page) -> None:
    page.locator("input[name=_save]").first.click()


def save_both(page: Page, technology: Technology) -> None:
    page.get_by_role("button", name="Save both together").click()
    page.wait_for_url("**/technology/")
    technology.refresh_from_db()


def conflict(page: Page, name: str) -> Locator:
    return page.get_by_role("group", name=name)


def test_a_conflict_is_resolved_with_the_keyboard(page, mine, flask):
    page.get_by_label("Licence").fill("BSD-3-Clause")
    overtake(summary="Theirs", website="https://flask.example/")
    press_save(page)
    assert page.locator("h1").inner_text() == "“Flask” has been changed since you opened it"

    asked = conflict(page, "Summary of the technology “Flask”")
    asked.get_by_role("radio").first.focus()
    page.keyboard.press("ArrowDown")
    assert asked.get_by_label("Mine: as I typed it").is_checked()
    page.get_by_role("button", name="Save both together").press("Enter")

    page.wait_for_url("**/technology/")
    flask.refresh_from_db()
    said = (flask.summary, flask.licence, flask.website)
    assert said == ("Mine", "BSD-3-Clause", "https://flask.example/")


def test_theirs_is_kept_where_it_is_chosen(page, mine, flask):
    overtake(summary="Theirs")
    press_save(page)

    conflict(page, "Summary").get_by_label("Theirs: as it is saved now").check()
    save_both(page, flask)

    assert flask.summary == "Theirs"


@without_scripts
def test_a_text_of_ones_own_is_saved_without_any_script(page, flask):
    page.goto(url_of(flask))
    page.get_by_role("textbox", name="Description").fill(LONG.replace("small", "tiny"))
    overtake(description=LONG.replace("extension", "addition"))
    press_save(page)

    asked = conflict(page, "Description of the technology “Flask”")
    added = [text.split() for text in asked.locator("ins").all_inner_texts()]
    assert added == [["added:", "addition"], ["added:", "tiny"]]
    own = asked.get_by_role("textbox", name="My own text instead of both")
    assert own.input_value() == LONG.replace("small", "tiny")
    asked.get_by_role("radio", name="My own text").check()
    own.fill(LONG.replace("small", "tiny").replace("extension", "addition"))
    save_both(page, flask)

    assert flask.description == LONG.replace("small", "tiny").replace("extension", "addition")


def test_nothing_is_sent_before_it_is_chosen(page, mine):
    overtake(summary="Theirs")
    press_save(page)

    posts: list[str] = []
    page.on("request", lambda request: posts.append(request.method))
    page.get_by_role("button", name="Save both together").click()

    first = conflict(page, "Summary").get_by_role("radio").first
    assert first.evaluate(
        "(radio) => radio.validity.valueMissing && radio === document.activeElement"
    )
    assert "POST" not in posts


def test_what_was_typed_is_there_after_back(page, mine, flask):
    page.locator("#id_points-1-DELETE").check()
    overtake(summary="Theirs")
    press_save(page)
    page.wait_for_selector(".conflict")

    page.go_back()

    assert page.get_by_label("Summary").input_value() == "Mine"
    assert page.locator("#id_points-1-DELETE").is_checked()
    press_save(page)
    conflict(page, "Summary").get_by_label("Mine: as I typed it").check()
    save_both(page, flask)
    assert (flask.summary, Point.objects.count()) == ("Mine", 1)


def test_a_page_that_was_left_half_done_does_not_overwrite_what_came_since(page, mine, flask):
    """The browser fetches it anew and fills in what was typed over what is saved by now."""
    page.once("dialog", lambda dialog: dialog.accept())
    page.goto("/admin/")
    overtake(summary="Theirs")

    page.go_back()
    assert page.get_by_label("Summary").input_value() == "Mine"
    press_save(page)

    assert conflict(page, "Summary").get_by_text("Theirs", exact=True).is_visible()
    flask.refresh_from_db()
    assert flask.summary == "Theirs"


@without_scripts
def test_without_any_script_such_a_page_says_what_is_saved(page, mine):
    page.goto("/admin/")
    overtake(summary="Theirs")

    page.go_back()

    assert page.get_by_label("Summary").input_value() == "Theirs"


def test_a_row_that_was_added_in_the_page_goes_along(page, flask):
    page.goto(url_of(flask))
    page.get_by_role("button", name="Add another Point").click()
    page.locator("#id_points-2-kind").select_option("con")
    page.locator("#id_points-2-text").fill("Slow at times")
    page.locator("#id_points-0-text").fill("Very fast")
    with editions.record("grace", "", Edition.Origin.ADMIN):
        Point.objects.get(slug="fast").delete()
    press_save(page)

    conflict(page, "The point “Fast” was deleted").get_by_label("Mine").check()
    page.get_by_role("button", name="Save both together").click()

    page.wait_for_url("**/technology/")
    texts = set(Point.objects.values_list("text", flat=True))
    assert texts == {"Very fast", "Plain", "Slow at times"}


def test_axe_finds_nothing_and_nothing_sticks_out(look, flask):
    with editions.record("ada", "", Edition.Origin.ADMIN):
        table: Comparison = make_comparison(slug="table", title="Frameworks")
    page = look.page

    page.goto(url_of(flask))
    page.get_by_label("Summary").fill("Mine, " + "and more of it, " * 10)
    page.get_by_label("Licence").fill("MIT")
    page.get_by_role("textbox", name="Description").fill(LONG.replace("small", "tiny"))
    page.locator("#id_points-0-text").fill("Very fast")
    overtake(summary="Theirs", description=LONG.replace("extension", "addition"))
    with editions.record("grace", "", Edition.Origin.ADMIN):
        Point.objects.get(slug="fast").delete()
    press_save(page)
    look("conflict")
    for group in page.locator(".conflict").all():
        group.get_by_role("radio").nth(1).check()
    conflict(page, "Summary").get_by_role("radio").last.check()
    conflict(page, "Summary").get_by_role("textbox").evaluate(
        "(input) => { input.removeAttribute('maxlength'); input.value = 'x'.repeat(300); }"
    )
    page.get_by_role("button", name="Save both together").click()
    page.wait_for_selector(".typed")
    look("problems")

    criterion: Criterion = table.criteria.first()
    page.goto(url_of(table))
    page.locator("#id_criteria-0-DELETE").check()
    with editions.record("grace", "", Edition.Origin.ADMIN):
        criterion.cells.update(word="Theirs")
    press_save(page)
    look("row")

    page.goto(url_of(flask))
    page.get_by_role("textbox", name="Description").fill(LONG)
    with editions.record("grace", "No longer made", Edition.Origin.ADMIN):
        Technology.objects.get(slug="flask").delete()
    press_save(page)
    assert page.locator("h1").inner_text() == "What you were editing has been deleted"
    look("gone")
