"""The grid of a comparison in a real browser: by keyboard alone, with blocks, without scripts."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, Locator, Page

from catalog.models import Cell, Comparison, Edition
from tests.admin.grid.tables import (
    columns_of,
    grid_of,
    make_large,
    make_table,
    names_of_rows,
    said,
    technology,
)
from tests.browser.conftest import Watch
from tests.browser.looking import Look
from tests.browser.test_admin_accessibility import sign_in
from tests.browser.test_look import STICKS_OUT

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.ignore_template_errors,
]

# What has the focus, and whether something that sticks to the region's rim lies over it.
FOCUSED = "document.activeElement.name"
COVERED = """() => {
  const field = document.activeElement;
  const { left, top, width, height } = field.getBoundingClientRect();
  const seen = document.elementFromPoint(left + width / 2, top + height / 2);
  return !field.contains(seen);
}"""


@pytest.fixture
def desk(page: Page, live_server: Any, watch: Watch, admin_client: Client) -> Iterator[Page]:
    """A browser in which somebody is signed in; it must have nothing to complain of."""
    sign_in(page.context, admin_client, live_server.url)
    yield page
    assert (watch.errors, watch.strangers) == ([], [])


def control(page: Page, name: str) -> Locator:
    return page.locator(f'[name="{name}"]')


def go(page: Page, live_server: Any, comparison: Comparison, criterion: str = "") -> None:
    page.goto(live_server.url + grid_of(comparison, criterion))


def tab_to(page: Page, name: str) -> None:
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED) == name:
            return
    raise AssertionError(f"{name} is not reached by the Tab key.")


def test_six_rows_by_ten_columns_are_filled_by_keyboard_alone(desk: Page, live_server: Any) -> None:
    comparison = make_large(rows=6, columns=10)
    Cell.objects.all().delete()
    go(desk, live_server, comparison)
    keys = desk.keyboard
    letters = {"e": 4, "g": 3, "m": 2, "s": 1}
    expected = {}

    tab_to(desk, "judgement.row-0.technology-0")
    columns = list(range(10))
    for row in range(6):
        for place, column in enumerate(columns):
            letter = "egms"[(row + column) % 4]
            expected[f"row-{row}", f"technology-{column}"] = letters[letter]
            keys.press(letter)
            assert not desk.evaluate(COVERED)
            if place < 9:
                keys.press(f"Control+Arrow{'Right' if row % 2 == 0 else 'Left'}")
        keys.press("Control+ArrowDown")
        columns.reverse()
    status = desk.locator("[data-sg-changes]").inner_text()
    keys.press("Control+Enter")
    desk.wait_for_selector(".messagelist .success")

    assert status == "Not saved yet: 60 fields"
    rows = Cell.objects.values_list("criterion__slug", "contender__technology__slug", "rating")
    assert {(row, column): rating for row, column, rating in rows} == expected
    assert Edition.objects.first().comment == "Changed 60 cells."


def test_arrow_keys_leave_a_text_at_its_edge_and_no_earlier(desk: Page, live_server: Any) -> None:
    comparison = make_table()
    go(desk, live_server, comparison)
    keys = desk.keyboard

    control(desk, "note.speed.flask").focus()
    keys.type("ab")
    keys.press("ArrowLeft")
    within = desk.evaluate(FOCUSED)
    keys.press("ArrowRight")
    keys.press("ArrowRight")
    right = desk.evaluate(FOCUSED)
    keys.press("ArrowDown")
    down = desk.evaluate(FOCUSED)
    keys.press("ArrowDown")
    rim = desk.evaluate(FOCUSED)
    keys.press("ArrowUp")
    keys.press("ArrowUp")
    up = desk.evaluate(FOCUSED)
    keys.press("ArrowLeft")
    left = desk.evaluate(FOCUSED)
    keys.press("Shift+ArrowLeft")

    assert (within, right, down, rim) == (
        "note.speed.flask",
        "note.speed.quart",
        "note.async.quart",
        "note.async.quart",
    )
    assert (up, left) == ("note.best-for.quart", "note.best-for.flask")
    assert desk.evaluate(FOCUSED) == "note.best-for.flask"


def test_a_choice_is_still_chosen_in_with_arrow_keys(desk: Page, live_server: Any) -> None:
    go(desk, live_server, make_table())
    judgement = control(desk, "judgement.speed.flask")

    judgement.focus()
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("ArrowRight")
    chosen = judgement.input_value()
    desk.keyboard.press("Control+ArrowRight")

    assert chosen in ("1", "2")  # to the right is to the next one in some systems only
    assert desk.evaluate(FOCUSED) == "judgement.speed.quart"
    assert control(desk, "judgement.speed.quart").input_value() == "4"


def test_enter_goes_down_and_sends_nothing(desk: Page, live_server: Any) -> None:
    comparison = make_table()
    go(desk, live_server, comparison)
    editions = Edition.objects.count()

    control(desk, "value.best-for.flask").focus()
    desk.keyboard.press("Enter")
    down = desk.evaluate(FOCUSED)
    desk.keyboard.press("Enter")
    desk.keyboard.press("Enter")
    control(desk, "name.speed").focus()
    desk.keyboard.press("Enter")

    assert down == "value.speed.flask"
    assert desk.evaluate(FOCUSED) == "name.speed"
    assert Edition.objects.count() == editions


def test_a_block_is_pasted_into_a_cell(desk: Page, live_server: Any) -> None:
    comparison = make_table()
    desk.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=live_server.url)
    go(desk, live_server, comparison)
    block = "Small\tGrowing, 9 ms: warm\nyes\tmaybe\n"
    desk.evaluate("(text) => navigator.clipboard.writeText(text)", block)

    control(desk, "note.best-for.quart").fill("Typed before")
    control(desk, "word.speed.flask").focus()
    desk.keyboard.press("Control+v")
    desk.wait_for_selector("#paste_form")
    heads = [row.inner_text().split("\t") for row in desk.locator("#content-main tbody tr").all()]
    desk.get_by_role("button", name="Save these changes").press("Enter")
    desk.wait_for_selector(".messagelist .success")

    assert [head[:2] for head in heads] == [
        ["Speed, Flask", "Good"],
        ["Speed, Quart", "Excellent"],
        ["Async, Flask", "unknown"],
        ["Async, Quart", "Not judged"],
    ]
    assert "“maybe” is none of these: Yes, No, Unknown, Does not apply." in heads[3][2]
    assert said("speed", "flask")[1:3] == (1, "Small")
    assert said("speed", "quart") == ("known", 2, "Growing", "9 ms", "warm")
    assert said("async", "flask")[:2] == ("known", 4)
    assert said("best-for", "quart")[-1] == "Typed before"


def test_a_word_is_pasted_as_anywhere(desk: Page, live_server: Any) -> None:
    desk.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=live_server.url)
    go(desk, live_server, make_table())
    desk.evaluate("(text) => navigator.clipboard.writeText(text)", "one line\n")

    control(desk, "value.speed.flask").focus()
    desk.keyboard.press("Control+v")

    assert control(desk, "value.speed.flask").input_value() == "one line"


def test_a_column_is_picked_by_searching(desk: Page, live_server: Any) -> None:
    comparison = make_table()
    technology("aiohttp")
    go(desk, live_server, comparison)

    desk.locator(".grid-new .select2-selection").focus()
    desk.keyboard.press("Enter")
    desk.keyboard.type("aioh")
    desk.locator(".select2-results__option--highlighted", has_text="Aiohttp").wait_for()
    desk.keyboard.press("Enter")
    control(desk, "new-row.name").fill("Licence")
    desk.locator("[name=_save]").last.press("Enter")
    desk.wait_for_selector(".messagelist .success")

    assert columns_of(comparison) == ["flask", "quart", "aiohttp"]
    assert "licence" in names_of_rows(comparison)


def test_a_row_moves_by_keyboard_and_the_button_keeps_the_focus(
    desk: Page, live_server: Any
) -> None:
    comparison = make_table()
    go(desk, live_server, comparison)

    desk.get_by_role("button", name="Move Async towards the beginning").press("Enter")
    desk.wait_for_url("**#down.row.async")

    assert names_of_rows(comparison)[0] == "async"
    desk.keyboard.press("Tab")
    assert desk.evaluate("document.activeElement.closest('tr').id") == "row.async"


def test_removing_is_confirmed(desk: Page, live_server: Any) -> None:
    comparison = make_table()
    go(desk, live_server, comparison)

    desk.locator('[id="row.speed"] summary').press("Enter")
    desk.get_by_role("checkbox", name="Remove Speed").press("Space")
    desk.keyboard.press("Control+Enter")
    desk.wait_for_selector("#remove_form")
    listed = desk.locator("#content-main li").first.inner_text()
    rows = names_of_rows(comparison)
    desk.get_by_role("button", name="Remove, and save the rest").press("Enter")
    desk.wait_for_selector(".messagelist .success")

    assert listed.startswith("Row “Speed”: 2 cells, 2 of them known. They rest on:")
    assert rows == ["speed", "async", "best-for"]
    assert names_of_rows(comparison) == ["async", "best-for"]


def test_what_is_wrong_is_reached_from_the_top(desk: Page, live_server: Any) -> None:
    go(desk, live_server, make_table())

    control(desk, "judgement.speed.flask").select_option("unknown")
    control(desk, "value.speed.flask").fill("12 ms")
    desk.locator("[name=_save]").first.press("Enter")
    desk.get_by_role("link", name="Speed, Flask").press("Enter")
    desk.keyboard.press("Tab")

    # A link leads to the choice itself; the next stop is behind it.
    assert desk.evaluate(FOCUSED) == "word.speed.flask"
    assert control(desk, "judgement.speed.flask").get_attribute("aria-invalid") == "true"
    assert control(desk, "value.speed.flask").input_value() == "12 ms"


def test_leaving_asks_where_something_is_not_saved(desk: Page, live_server: Any) -> None:
    comparison = make_table()
    asked = []
    desk.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))

    for criterion, name in (("", "note.speed.flask"), ("speed", "applies_to.speed.flask")):
        go(desk, live_server, comparison, criterion)
        desk.keyboard.press("Tab")
        go(desk, live_server, comparison, criterion)
        before = len(asked)
        control(desk, name).press_sequentially("Typed")
        go(desk, live_server, comparison, criterion)
        assert (before, asked[before:]) == (before, ["beforeunload"])
        control(desk, name).press_sequentially("Typed")
        desk.locator("[name=_save]").first.click()
        desk.wait_for_selector(".messagelist .success")

    assert asked == ["beforeunload"] * 2


def test_all_of_it_works_without_scripts(
    browser: Browser, live_server: Any, admin_client: Client
) -> None:
    comparison = make_table()
    technology("aiohttp")
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(context, admin_client, live_server.url)
    go(page, live_server, comparison)
    assert page.get_by_text("Arrow keys go from cell to cell").count() == 0

    control(page, "judgement.async.quart").select_option("4")
    control(page, "note.async.quart").fill("Since 0.1")
    control(page, "note.async.quart").press("Enter")
    page.wait_for_selector(".messagelist .success")
    assert said("async", "quart") == ("known", 4, "", "", "Since 0.1")

    page.get_by_label("Name or slug of a technology").fill("Aiohttp")
    page.locator("[name=_save]").last.click()
    page.wait_for_selector("text=Added 1 column.")
    assert columns_of(comparison) == ["flask", "quart", "aiohttp"]

    page.get_by_text("Paste a block").click()
    page.get_by_label("Block", exact=True).fill("Small\tSmall")
    page.get_by_label("First row").select_option(label="Speed")
    page.get_by_label("First column").select_option(label="Quart")
    page.get_by_role("button", name="Show what it changes").click()
    page.get_by_role("button", name="Save these changes").click()
    page.wait_for_selector("text=Changed 2 cells.")
    assert (said("speed", "quart")[1], said("speed", "aiohttp")[1]) == (1, 1)

    page.get_by_label("Only cells to review").check()
    page.get_by_role("button", name="Show").click()
    assert "review=1" in page.url
    page.get_by_role("button", name="Verified today by me: Quart Speed").click()
    page.wait_for_selector(".messagelist")
    context.close()


def test_a_large_table_scrolls_by_itself_and_keeps_its_heads(desk: Page, live_server: Any) -> None:
    comparison = make_large(rows=12, columns=10)
    for width in (1280, 390):
        desk.set_viewport_size({"width": width, "height": 900})
        go(desk, live_server, comparison)
        assert desk.evaluate(STICKS_OUT) == 0

        control(desk, "note.row-11.technology-9").focus()
        column = desk.locator("thead th", has_text=comparison.contenders.last().technology.name)
        region = desk.locator(".grid-box").bounding_box()
        row = desk.locator('[id="row.row-11"] th').bounding_box()
        assert abs(column.bounding_box()["y"] - region["y"]) < 3
        assert abs(row["x"] - region["x"]) < 3
        control(desk, "judgement.row-3.technology-2").focus()
        assert not desk.evaluate(COVERED)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_and_nothing_sticks_out(
    browser: Browser, live_server: Any, admin_client: Client, scheme: Any, width: int
) -> None:
    comparison = make_table()
    context = browser.new_context(
        color_scheme=scheme, viewport={"width": width, "height": 900}, bypass_csp=True
    )
    page = context.new_page()
    sign_in(context, admin_client, live_server.url)
    look = Look(page)

    go(page, live_server, comparison)
    for summary in page.locator("details summary").all():
        summary.click()
    look("the table")
    page.get_by_label("Block", exact=True).fill("Good\tsuper\nGood\t2\tx")
    page.get_by_role("button", name="Show what it changes").click()
    look("a block")
    go(page, live_server, comparison)
    control(page, "judgement.speed.flask").select_option("unknown")
    control(page, "value.speed.flask").fill("12 ms")
    control(page, "name.speed").fill("")
    page.locator("[name=_save]").first.click()
    look("faults")
    go(page, live_server, comparison, "speed")
    look("a row")
    control(page, "source.speed.flask").fill("nonsense")
    page.locator("[name=_save]").first.click()
    look("faults of a row")
    go(page, live_server, comparison)
    page.locator('[id="row.speed"] summary').click()
    page.get_by_role("checkbox", name="Remove Speed").check()
    page.locator("[name=_save]").first.click()
    look("removing")
    page.goto(live_server.url + grid_of(comparison, query="?review=1"))
    look("to review")

    context.close()
    assert look.wrong == {}
