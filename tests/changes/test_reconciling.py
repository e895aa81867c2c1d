"""The rules by which two people's states of the same rows become one, as tables."""

from typing import Any

import pytest

from catalog.history.merge import NO_BASE, Choice, Conflict, Own, Reconciled, Take, reconcile
from catalog.history.rows import RowKey
from tests.changes.states import ITSELF, cell, contender, criterion, fields_of, group, key, table

SPEED, QUART, FLASK = criterion("speed"), contender("quart"), contender("flask")
GOOD = cell("speed", "quart", word="Good")
BETTER = cell("speed", "quart", word="Better")
BASE = table(QUART, FLASK, SPEED, GOOD)


def chosen(choice: Choice) -> Any:
    return lambda _row, _field: choice


def rows(found: Reconciled) -> set[RowKey]:
    return set(found.rows)


def merge_titles(base: str, mine: str, theirs: str, choice: Choice = None) -> tuple[str, int]:
    """What the title says then, and how many conflicts wait."""
    found = reconcile(*(table(title=text) for text in (base, mine, theirs)), chosen(choice))
    return found.rows[ITSELF]["title"], len(found.undecided)


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "after"),
    [
        ("a", "a", "a", "a"),
        ("a", "a", "b", "b"),  # I left it alone
        ("a", "b", "a", "b"),  # they left it alone
        ("a", "b", "b", "b"),  # both said the same
    ],
)
def test_a_field_that_one_of_both_changed(base, mine, theirs, after):
    assert merge_titles(base, mine, theirs) == (after, 0)


@pytest.mark.parametrize(
    ("choice", "after", "waiting"),
    [(None, "c", 1), (Take.MINE, "b", 0), (Take.THEIRS, "c", 0), (Own("d"), "d", 0)],
)
def test_a_field_that_both_changed(choice, after, waiting):
    assert merge_titles("a", "b", "c", choice) == (after, waiting)


def test_a_conflict_says_all_three_values():
    found = reconcile(table(title="a"), table(title="b"), table(title="c"))

    assert found.asked == [Conflict(ITSELF, "title", "a", "c", "b")]


def test_fields_of_one_row_that_each_changed_one_come_together():
    mine, theirs = table(title="Mine"), table(verdict="Theirs")

    found = reconcile(table(), mine, theirs)

    after = found.rows[ITSELF]
    assert (after["title"], after["verdict"], found.asked) == ("Mine", "Theirs", [])


def test_a_row_that_both_made_is_at_odds_where_it_differs():
    mine, theirs = table(criterion("speed", name="Mine")), table(criterion("speed", name="Theirs"))

    found = reconcile(table(), mine, theirs, chosen(Take.MINE))

    assert found.asked == [Conflict(key(SPEED), "name", NO_BASE, "Theirs", "Mine")]
    assert found.rows[key(SPEED)]["name"] == "Mine"


def test_rows_that_each_made_are_both_there():
    found = reconcile(table(), table(criterion("mine")), table(criterion("theirs")))

    assert rows(found) == {ITSELF, key(criterion("mine")), key(criterion("theirs"))}
    assert found.asked == []


@pytest.mark.parametrize("deleter", ["mine", "theirs", "both"])
def test_what_nobody_else_changed_can_be_deleted(deleter):
    without = table(QUART, FLASK)
    mine = BASE if deleter == "theirs" else without
    theirs = BASE if deleter == "mine" else without

    found = reconcile(BASE, mine, theirs)

    assert (rows(found), found.asked) == (set(without), [])


CHANGED = {
    "a cell of it": table(QUART, FLASK, SPEED, BETTER),
    "itself": table(QUART, FLASK, criterion("speed", name="Pace"), GOOD),
    "a new cell of it": table(QUART, FLASK, SPEED, GOOD, cell("speed", "flask")),
    "both": table(QUART, FLASK, criterion("speed", name="Pace"), BETTER),
}
without_speed = table(QUART, FLASK)
every_change = pytest.mark.parametrize("changed", CHANGED.values(), ids=CHANGED.keys())


@every_change
@pytest.mark.parametrize(
    ("choice", "is_there"), [(None, True), (Take.THEIRS, True), (Take.MINE, False)]
)
def test_a_row_that_i_deleted_and_they_need(changed, choice, is_there):
    found = reconcile(BASE, without_speed, changed, chosen(choice))

    fields = changed[key(SPEED)]
    assert found.asked == [Conflict(key(SPEED), "", BASE[key(SPEED)], fields, None)]
    assert found.rows == (changed if is_there else without_speed)


@every_change
@pytest.mark.parametrize(
    ("choice", "is_there"), [(None, False), (Take.THEIRS, False), (Take.MINE, True)]
)
def test_a_row_that_they_deleted_and_i_need(changed, choice, is_there):
    found = reconcile(BASE, changed, without_speed, chosen(choice))

    fields = changed[key(SPEED)]
    assert found.asked == [Conflict(key(SPEED), "", BASE[key(SPEED)], None, fields)]
    assert found.rows == (changed if is_there else without_speed)


def test_nobody_can_write_a_row_instead():
    found = reconcile(BASE, without_speed, CHANGED["itself"], chosen(Own("x")))

    assert len(found.undecided) == 1
    assert key(SPEED) in found.rows


def test_a_cell_of_two_deleted_rows_is_asked_about_once():
    theirs = table(QUART, FLASK, SPEED, BETTER)
    mine = table(FLASK)

    found = reconcile(BASE, mine, theirs)

    assert [conflict.row for conflict in found.asked] == [key(QUART)]
    assert found.rows == theirs


def test_what_is_deleted_beside_a_disputed_row_stays_deleted():
    base = table(QUART, FLASK, SPEED, GOOD, cell("speed", "flask"))
    theirs = table(QUART, FLASK, SPEED, BETTER, cell("speed", "flask"))
    mine = table(QUART)  # both the row and the other column

    found = reconcile(base, mine, theirs, chosen(Take.THEIRS))

    assert [conflict.row for conflict in found.asked] == [key(SPEED)]
    assert found.rows == table(QUART, SPEED, BETTER)


def test_a_thing_that_is_deleted_is_asked_about_as_a_whole():
    found = reconcile(BASE, {}, CHANGED["a cell of it"])

    assert [(one.row, one.field) for one in found.asked] == [(ITSELF, "")]
    assert found.rows == CHANGED["a cell of it"]


GROUPED = table(group("main"), criterion("speed", group="main"), criterion("size", group="main"))
UNGROUPED = table(criterion("speed"), criterion("size"))
IN_USE = table(
    *(group("main"), criterion("speed", group="main"), criterion("size", group="main")),
    criterion("cost", group="main"),
)


def groups_of(found: Reconciled) -> dict[str, Any]:
    return {row.key[1]: said["group"] for row, said in found.rows.items() if "group" in said}


@pytest.mark.parametrize(
    ("choice", "there"), [(None, True), (Take.THEIRS, True), (Take.MINE, False)]
)
def test_a_group_that_i_deleted_and_they_put_a_row_into(choice, there):
    found = reconcile(GROUPED, UNGROUPED, IN_USE, chosen(choice))

    assert [(one.row, one.field) for one in found.asked] == [(key(group("main")), "")]
    assert (key(group("main")) in found.rows) is there
    name = ["frameworks", "main"] if there else None
    assert groups_of(found) == {"speed": name, "size": name, "cost": name}


@pytest.mark.parametrize(
    ("choice", "there"), [(None, False), (Take.THEIRS, False), (Take.MINE, True)]
)
def test_a_group_that_they_deleted_and_i_put_a_row_into(choice, there):
    found = reconcile(GROUPED, IN_USE, UNGROUPED, chosen(choice))

    assert (key(group("main")) in found.rows) is there
    name = ["frameworks", "main"] if there else None
    assert groups_of(found) == {"speed": name, "size": name, "cost": name}


def test_a_row_that_goes_on_to_another_group_stays_there():
    base = table(group("main"), group("rest"), criterion("speed", group="main"))
    mine = table(group("rest"), criterion("speed", group="rest"))

    found = reconcile(base, mine, base)

    assert (found.rows, found.asked) == (mine, [])


def test_conflicts_stand_in_the_order_of_the_document():
    base = table(criterion("a", position=0), criterion("b", position=1), title="0")
    mine = table(criterion("a", position=5), criterion("b", position=6), title="1")
    theirs = table(criterion("a", position=7), criterion("b", position=8), title="2")

    asked = reconcile(base, mine, theirs).asked

    assert [one.row.key[-1] for one in asked] == ["frameworks", "a", "b"]


def test_nothing_that_goes_in_is_changed():
    mine, theirs = table(title="Mine", verdict="x"), table(title="Theirs")
    reconcile(table(), mine, theirs, chosen(Take.MINE))

    assert theirs[ITSELF] == table(title="Theirs")[ITSELF]
    assert mine[ITSELF]["title"] == "Mine"
    assert fields_of(GOOD)["word"] == "Good"
