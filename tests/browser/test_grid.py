"""The grid of a comparison in a real browser: by keyboard alone, with blocks, without scripts."""

import pytest
from playwright.sync_api import Locator, Page, expect

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
from tests.browser.looking import EDITING, STICKS_OUT, without_scripts

pytestmark = EDITING

# What has the focus, and whether something that sticks to the region's rim lies over it.
FOCUSED = "document.activeElement.name"
COVERED = """() => {
  const field = document.activeElement;
  const { left, top, width, height } = field.getBoundingClientRect();
  const seen = document.elementFromPoint(left + width / 2, top + height / 2);
  return !field.contains(seen);
}"""


def control(page: Page, name: str) -> Locator:
    return page.locator(f'[name="{name}"]')


def go(page: Page, comparison: Comparison, criterion: str = "") -> None:
    page.goto(grid_of(comparison, criterion))


@pytest.fixture
def table(page: Page, signed_in: None) -> Comparison:
    """Open a small comparison as a table."""
    comparison = make_table()
    go(page, comparison)
    return comparison


def tab_to(page: Page, name: str) -> None:
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED) == name:
            return
    raise AssertionError(f"{name} is not reached by the Tab key.")


def test_six_rows_by_ten_columns_are_filled_by_keyboard_alone(page):
    comparison = make_large(rows=6, columns=10)
    Cell.objects.all().delete()
    go(page, comparison)
    keys = page.keyboard
    letters = {"e": 4, "g": 3, "m": 2, "s": 1}
    expected = {}

    tab_to(page, "judgement.row-0.technology-0")
    columns = list(range(10))
    for row in range(6):
        for place, column in enumerate(columns):
            letter = "egms"[(row + column) % 4]
            expected[f"row-{row}", f"technology-{column}"] = letters[letter]
            keys.press(letter)
            assert not page.evaluate(COVERED)
            if place < 9:
                keys.press(f"Control+Arrow{'Right' if row % 2 == 0 else 'Left'}")
        keys.press("Control+ArrowDown")
        columns.reverse()
    status = page.locator("[data-sg-changes]").inner_text()
    keys.press("Control+Enter")
    page.wait_for_selector(".messagelist .success")

    assert status == "Not saved yet: 60 fields"
    rows = Cell.objects.values_list("criterion__slug", "contender__technology__slug", "rating")
    assert {(row, column): rating for row, column, rating in rows} == expected
    assert Edition.objects.first().comment == "Changed 60 cells."


def test_arrow_keys_leave_a_text_at_its_edge_and_no_earlier(page, table):
    keys = page.keyboard

    control(page, "note.speed.flask").focus()
    keys.type("ab")
    keys.press("ArrowLeft")
    within = page.evaluate(FOCUSED)
    keys.press("ArrowRight")
    keys.press("ArrowRight")
    right = page.evaluate(FOCUSED)
    keys.press("ArrowDown")
    down = page.evaluate(FOCUSED)
    keys.press("ArrowDown")
    rim = page.evaluate(FOCUSED)
    keys.press("ArrowUp")
    keys.press("ArrowUp")
    up = page.evaluate(FOCUSED)
    keys.press("ArrowLeft")
    left = page.evaluate(FOCUSED)
    keys.press("Shift+ArrowLeft")

    assert (within, right, down, rim) == (
        "note.speed.flask",
        "note.speed.quart",
        "note.async.quart",
        "note.async.quart",
    )
    assert (up, left) == ("note.best-for.quart", "note.best-for.flask")
    assert page.evaluate(FOCUSED) == "note.best-for.flask"


def test_a_choice_is_still_chosen_in_with_arrow_keys(page, table):
    judgement = control(page, "judgement.speed.flask")

    judgement.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    chosen = judgement.input_value()
    page.keyboard.press("Control+ArrowRight")

    assert chosen in ("1", "2")  # to the right is to the next one in some systems only
    assert page.evaluate(FOCUSED) == "judgement.speed.quart"
    assert control(page, "judgement.speed.quart").input_value() == "4"


def test_enter_goes_down_and_sends_nothing(page, table):
    editions = Edition.objects.count()

    control(page, "value.best-for.flask").focus()
    page.keyboard.press("Enter")
    down = page.evaluate(FOCUSED)
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    control(page, "name.speed").focus()
    page.keyboard.press("Enter")

    assert down == "value.speed.flask"
    assert page.evaluate(FOCUSED) == "name.speed"
    assert Edition.objects.count() == editions


def test_a_block_is_pasted_into_a_cell(page):
    comparison = make_table()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    go(page, comparison)
    block = "Small\tGrowing, 9 ms: warm\nyes\tmaybe\n"
    page.evaluate("(text) => navigator.clipboard.writeText(text)", block)

    control(page, "note.best-for.quart").fill("Typed before")
    control(page, "word.speed.flask").focus()
    page.keyboard.press("Control+v")
    page.wait_for_selector("#paste_form")
    heads = [row.inner_text().split("\t") for row in page.locator("#content-main tbody tr").all()]
    page.get_by_role("button", name="Save these changes").press("Enter")
    page.wait_for_selector(".messagelist .success")

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


def test_a_word_is_pasted_as_anywhere(page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    go(page, make_table())
    page.evaluate("(text) => navigator.clipboard.writeText(text)", "one line\n")

    control(page, "value.speed.flask").focus()
    page.keyboard.press("Control+v")

    assert control(page, "value.speed.flask").input_value() == "one line"


def test_a_column_is_picked_by_searching(page):
    comparison = make_table()
    technology("aiohttp")
    go(page, comparison)

    page.locator(".grid-new .select2-selection").focus()
    page.keyboard.press("Enter")
    page.keyboard.type("aioh")
    page.locator(".select2-results__option--highlighted", has_text="Aiohttp").wait_for()
    page.keyboard.press("Enter")
    control(page, "new-row.name").fill("Licence")
    page.locator("[name=_save]").last.press("Enter")
    page.wait_for_selector(".messagelist .success")

    assert columns_of(comparison) == ["flask", "quart", "aiohttp"]
    assert "licence" in names_of_rows(comparison)


def test_a_row_moves_by_keyboard_and_the_button_keeps_the_focus(page, table):
    page.get_by_role("button", name="Move Async towards the beginning").press("Enter")
    page.wait_for_url("**#down.row.async")

    assert names_of_rows(table)[0] == "async"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('tr').id") == "row.async"


def test_removing_is_confirmed(page, table):
    page.locator('[id="row.speed"] summary').press("Enter")
    page.get_by_role("checkbox", name="Remove Speed").press("Space")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#remove_form")
    listed = page.locator("#content-main li").first.inner_text()
    rows = names_of_rows(table)
    page.get_by_role("button", name="Remove, and save the rest").press("Enter")
    page.wait_for_selector(".messagelist .success")

    assert listed.startswith("Row “Speed”: 2 cells, 2 of them known. They rest on:")
    assert rows == ["speed", "async", "best-for"]
    assert names_of_rows(table) == ["async", "best-for"]


def test_what_is_wrong_is_reached_from_the_top(page, table):
    control(page, "judgement.speed.flask").select_option("unknown")
    control(page, "value.speed.flask").fill("12 ms")
    page.locator("[name=_save]").first.press("Enter")
    page.get_by_role("link", name="Speed, Flask").press("Enter")
    page.keyboard.press("Tab")

    # A link leads to the choice itself; the next stop is behind it.
    assert page.evaluate(FOCUSED) == "word.speed.flask"
    assert control(page, "judgement.speed.flask").get_attribute("aria-invalid") == "true"
    assert control(page, "value.speed.flask").input_value() == "12 ms"


def test_leaving_asks_where_something_is_not_saved(page):
    comparison = make_table()
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))

    for criterion, name in (("", "note.speed.flask"), ("speed", "applies_to.speed.flask")):
        go(page, comparison, criterion)
        page.keyboard.press("Tab")
        go(page, comparison, criterion)
        before = len(asked)
        control(page, name).press_sequentially("Typed")
        go(page, comparison, criterion)
        assert (before, asked[before:]) == (before, ["beforeunload"])
        control(page, name).press_sequentially("Typed")
        page.locator("[name=_save]").first.click()
        page.wait_for_selector(".messagelist .success")

    assert asked == ["beforeunload"] * 2


@without_scripts
def test_all_of_it_works_without_scripts(page):
    comparison = make_table()
    technology("aiohttp")
    go(page, comparison)
    expect(page.get_by_text("Arrow keys go from cell to cell")).to_have_count(0)

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


def test_a_large_table_scrolls_by_itself_and_keeps_its_heads(page):
    comparison = make_large(rows=12, columns=10)
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        go(page, comparison)
        assert page.evaluate(STICKS_OUT) == 0

        control(page, "note.row-11.technology-9").focus()
        column = page.locator("thead th", has_text=comparison.contenders.last().technology.name)
        region = page.locator(".grid-box").bounding_box()
        row = page.locator('[id="row.row-11"] th').bounding_box()
        assert abs(column.bounding_box()["y"] - region["y"]) < 3
        assert abs(row["x"] - region["x"]) < 3
        control(page, "judgement.row-3.technology-2").focus()
        assert not page.evaluate(COVERED)


def test_axe_finds_nothing_and_nothing_sticks_out(look):
    comparison = make_table()
    page = look.page

    go(page, comparison)
    for summary in page.locator("details summary").all():
        summary.click()
    look("the table")
    page.get_by_label("Block", exact=True).fill("Good\tsuper\nGood\t2\tx")
    page.get_by_role("button", name="Show what it changes").click()
    look("a block")
    go(page, comparison)
    control(page, "judgement.speed.flask").select_option("unknown")
    control(page, "value.speed.flask").fill("12 ms")
    control(page, "name.speed").fill("")
    page.locator("[name=_save]").first.click()
    look("faults")
    go(page, comparison, "speed")
    look("a row")
    control(page, "source.speed.flask").fill("nonsense")
    page.locator("[name=_save]").first.click()
    look("faults of a row")
    go(page, comparison)
    page.locator('[id="row.speed"] summary').click()
    page.get_by_role("checkbox", name="Remove Speed").check()
    page.locator("[name=_save]").first.click()
    look("removing")
    page.goto(grid_of(comparison, query="?review=1"))
    look("to review")
