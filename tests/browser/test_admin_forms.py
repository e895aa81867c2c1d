"""Comfort in the editors' forms: Markdown as it will read, counts, and what is not saved yet."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Dialog, Page, expect

from catalog.models import Comparison, Stack, Technology
from catalog.models.fields import LONGEST_MARKDOWN
from tests.admin.pages import url_of
from tests.browser.looking import Look, without_scripts
from tests.factories import make_comparison, make_stack, make_technology, make_whole_guide

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.ignore_template_errors]

TEXT = "Some *words*.\n\n## A heading\n\n```python\nx = 1  # one\n```\n\n| a |\n|---|\n| 1 |\n"

Open = Callable[..., None]


@pytest.fixture
def open_form(page: Page, signed_in: None) -> Open:
    """Return a function that opens the form of a row, or the one of a new technology."""

    def open_form(row: Any = None) -> None:
        address = url_of(row) if row else reverse("admin:catalog_technology_add")
        page.goto(address)

    return open_form


def unsaved(page: Page) -> Any:
    """The line that says what is not saved yet."""
    return page.locator("[data-sg-unsaved][role=status]")


def asked_on_leaving(page: Page, *, leave: bool = False) -> list[str]:
    """What the browser asks when a link away from the form is followed; it is left only if told."""
    asked = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept() if leave else dialog.dismiss()

    page.once("dialog", answer)
    page.locator("#site-name a").click()
    page.wait_for_timeout(400)
    page.remove_listener("dialog", answer)
    return asked


# Markdown ---------------------------------------------------------------------------------------


def test_markdown_is_shown_by_keyboard_and_closed_again(page, open_form):
    technology = make_technology()
    open_form(technology)
    page.get_by_label("Description:").focus()
    page.keyboard.type("Some *words*.")
    page.keyboard.press("Tab")
    button = page.get_by_role("button", name="Preview of description")
    expect(button).to_be_focused()
    region = page.get_by_role("region", name="Preview of description")
    expect(region).to_have_count(0)

    page.keyboard.press("Enter")

    shown = region.locator("[aria-live=polite]")
    expect(shown.locator("p em")).to_have_text("words")
    expect(button).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(region).to_have_count(0)
    expect(button).to_be_focused()
    assert page.url.endswith(url_of(technology))


def test_an_old_preview_says_that_it_is_old(page, open_form):
    open_form()
    field = page.get_by_label("Description:")
    field.fill("First")
    page.get_by_role("button", name="Preview of description").click()
    region = page.get_by_role("region", name="Preview of description")
    expect(region).to_contain_text("First")
    said = region.get_by_text("The text has been changed since.")
    expect(said).to_be_hidden()

    field.press_sequentially(" and more")
    expect(said).to_be_visible()
    page.get_by_role("button", name="Preview of description").click()

    expect(region).to_contain_text("First and more")
    expect(said).to_be_hidden()


def test_each_text_has_its_own_preview(page, open_form):
    open_form(make_comparison())
    for name in ("Introduction", "Verdict"):
        page.get_by_label(f"{name}:").fill(f"The {name}")
        page.get_by_role("button", name=f"Preview of {name.lower()}").click()

    for name in ("Introduction", "Verdict"):
        region = page.get_by_role("region", name=f"Preview of {name.lower()}")
        expect(region.locator("[data-sg-shown]")).to_have_text(f"The {name}")


def test_who_is_signed_out_is_told_and_loses_nothing(page, open_form):
    open_form()
    page.get_by_label("Description:").fill("Words")
    page.context.clear_cookies(name="sessionid")

    page.get_by_role("button", name="Preview of description").click()

    region = page.get_by_role("region", name="Preview of description")
    expect(region).to_contain_text("Are you still signed in? What you typed is kept.")
    assert page.get_by_label("Description:").input_value() == "Words"


def test_too_long_a_text_is_said_to_be_so(page, open_form):
    open_form()
    page.get_by_label("Description:").fill("x" * (LONGEST_MARKDOWN + 1))
    page.get_by_role("button", name="Preview of description").click()

    region = page.get_by_role("region", name="Preview of description")
    expect(region).to_contain_text("This text is longer than 20000 characters; it is not shown.")


def test_hostile_text_runs_nothing(page, open_form):
    open_form()
    text = "<img src=//127.0.0.2/x onerror=alert(1)> [x](javascript:1)"
    page.get_by_label("Description:").fill(text)
    page.get_by_role("button", name="Preview of description").click()

    shown = page.locator("[data-sg-shown]")
    expect(shown).to_contain_text("onerror=alert(1)")
    expect(shown.locator("img, a[href^=javascript]")).to_have_count(0)


@without_scripts
def test_without_javascript_the_preview_is_a_page_of_its_own(page, open_form):
    technology = make_technology()
    open_form(technology)
    page.get_by_label("Name:").fill("")  # what stands elsewhere in the form does not count
    page.get_by_label("Description:").fill("Some *words*.")
    expect(page.locator(".count, [data-sg-unsaved]:visible")).to_have_count(0)

    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Preview of description").press("Enter")

    other = opened.value
    assert other.locator("h1").inner_text() == "Preview of “Description”"
    assert other.locator(".markdown-shown em").inner_text() == "words"
    assert page.get_by_label("Description:").input_value() == "Some *words*."
    page.get_by_label("Name:").fill("Renamed")
    page.get_by_role("button", name="Save", exact=True).first.click()
    technology.refresh_from_db()
    assert (technology.name, technology.description) == ("Renamed", "Some *words*.")


# Counts -----------------------------------------------------------------------------------------


def test_a_count_follows_what_is_typed(page, open_form):
    open_form()
    name = page.get_by_label("Name:")
    count = page.locator("#id_name_count")
    expect(count).to_have_text("0 of 80 characters")
    assert "id_name_count" in name.get_attribute("aria-describedby")

    name.press_sequentially("Flask")

    expect(count).to_have_text("5 of 80 characters")
    expect(page.locator("#id_slug_count")).to_have_text("5 of 80 characters")  # filled in by it
    expect(page.locator("#id_description_count")).to_have_text("0 of 20,000 characters")


def test_only_near_the_limit_it_is_read_out_once_typing_rests(page, open_form):
    open_form()
    said = page.locator("[data-sg-said]")
    page.get_by_label("Name:").fill("x" * 71)
    page.wait_for_timeout(1300)
    expect(said).to_have_text("")

    page.get_by_label("Name:").press_sequentially("yy")
    expect(said).to_have_text("")
    expect(said).to_have_text("Characters left: 7")
    page.get_by_label("Description:").fill("€" * (LONGEST_MARKDOWN + 3))

    expect(said).to_have_text("Characters too many: 3")
    expect(page.locator("#id_description_count")).to_have_text("20,003 of 20,000 characters")


def test_a_new_row_of_a_table_is_counted_while_it_is_written_in(page, open_form):
    open_form(make_technology())
    page.get_by_role("button", name="Add another Point").press("Enter")
    field = page.locator("#id_points-0-text")

    field.press_sequentially("Fast")

    expect(page.locator("#id_points-0-text_count")).to_have_text("4 of 300 characters")
    expect(page.locator("#id_points-0-text_count")).to_be_visible()
    expect(page.locator("#id_points-0-slug_count")).to_be_hidden()
    expect(unsaved(page)).to_have_text("Not saved yet: 2 fields")  # its slug is filled in by it


# What is not saved ------------------------------------------------------------------------------


def test_leaving_a_changed_form_is_asked_about(page, open_form):
    open_form(make_technology(name="Flask"))
    expect(unsaved(page)).to_have_text("")
    name = page.get_by_label("Name:")
    name.press("End")
    name.press_sequentially("!")
    page.get_by_label("Kind:").select_option("tool")
    expect(unsaved(page)).to_have_text("Not saved yet: 2 fields")
    page.get_by_label("Kind:").select_option("library")
    expect(unsaved(page)).to_have_text("Not saved yet: 1 field")

    assert asked_on_leaving(page) == ["beforeunload"]

    assert name.input_value() == "Flask!"
    assert asked_on_leaving(page, leave=True) == ["beforeunload"]
    page.wait_for_url("**/admin/")


def test_leaving_an_untouched_form_is_not(page, open_form):
    open_form(make_stack(roles=2))
    name = page.get_by_label("Name:")
    name.press_sequentially("x")
    name.press("Backspace")
    page.get_by_role("button", name="Add another Role").click()

    expect(unsaved(page)).to_have_text("")
    assert asked_on_leaving(page) == []
    page.wait_for_url("**/admin/")


def test_saving_is_not(page, open_form):
    technology = make_technology()
    open_form(technology)
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.get_by_label("Summary:").press_sequentially("One sentence.")
    page.get_by_role("button", name="Preview of description").click()

    page.get_by_label("Summary:").press("Enter")

    page.wait_for_url("**/technology/")
    technology.refresh_from_db()
    assert (technology.summary, asked) == ("One sentence.", [])


def test_what_was_refused_is_not_saved(page, open_form):
    open_form(make_technology())
    page.get_by_label("Name:").fill("")
    page.get_by_role("button", name="Save", exact=True).first.click()
    page.wait_for_selector(".errornote")

    expect(unsaved(page)).to_have_text("Not saved yet")
    page.get_by_label("Name:").press_sequentially("x")
    expect(unsaved(page)).to_have_text("Not saved yet")
    assert asked_on_leaving(page) == ["beforeunload"]


def test_what_the_way_back_restores_counts_as_changed(page, open_form):
    technology = make_technology()
    open_form(technology)
    page.get_by_label("Summary:").press_sequentially("One sentence.")
    asked_on_leaving(page, leave=True)
    page.wait_for_url("**/admin/")

    page.go_back()

    page.wait_for_url(f"**{url_of(technology)}")
    assert page.get_by_label("Summary:").input_value() == "One sentence."
    expect(unsaved(page)).to_have_text("Not saved yet: 1 field")


def test_what_is_picked_by_searching_counts(page, open_form):
    make_technology(name="Quart", slug="quart")
    open_form(make_technology(name="Flask"))
    page.locator(".field-replaced_by .select2-selection").press("Enter")
    page.keyboard.type("Quart")
    page.locator(".select2-results__option", has_text="Quart").wait_for()
    page.keyboard.press("Enter")

    expect(unsaved(page)).to_have_text("Not saved yet: 1 field")


def test_ticks_and_dates_count(page, open_form):
    make_whole_guide()
    open_form(Technology.objects.get(slug="technology"))
    page.locator("#id_points-0-DELETE").check()
    page.locator(".field-lifecycle_verified_on").get_by_role("link", name="Today").click()

    expect(unsaved(page)).to_have_text("Not saved yet: 2 fields")


# What they look like ----------------------------------------------------------------------------


def test_axe_finds_nothing_and_nothing_sticks_out(look):
    make_whole_guide()
    page = look.page

    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(url_of(Technology.objects.get(slug="technology")))
    page.get_by_label("Summary:").fill("x" * 195)
    page.get_by_label("Description:").fill(TEXT)
    page.get_by_role("button", name="Preview of description").click()
    page.locator("[data-sg-shown] table").wait_for()
    page.locator("#id_points-0-text").focus()
    look("form")
    look_at_the_page_of_a_preview(look)
    for row in (Technology.objects.get(slug="technology"), Comparison.objects.get()):
        page.goto(url_of(row, "delete"))
        look(f"barred {row}")
    page.goto(url_of(Stack.objects.get(), "delete"))
    look("delete")
    page.goto(reverse("admin:catalog_stack_changelist"))
    page.locator("input.action-select").check()
    page.get_by_label("Action:").select_option("delete_selected")
    page.get_by_role("button", name="Go", exact=False).first.click()
    page.get_by_role("button", name="Delete them").wait_for()
    look("delete several")


def look_at_the_page_of_a_preview(look: Look) -> None:
    """The page that the button opens where no script comes in its way."""
    with look.page.context.expect_page() as opened:
        look.page.evaluate(
            """() => {
              const button = document.querySelector("[name=_preview]");
              document.querySelector("[data-sg-form]").closest("form").requestSubmit(button);
            }"""
        )
    look("page", opened.value)
    opened.value.close()
