"""The rule for one field, as a table; and what a whole row comes to."""

from typing import Any

import pytest

from catalog.history.merge import NO_BASE, Conflict, Take, undecided
from catalog.history.rows import RowKey
from catalog.packs.bases import BaseValue, Rights, merge_row

ROW = RowKey("technology", ("quart",))
OURS = Rights("ours", below=frozenset({"lower"}), above=frozenset({"upper"}))


def merge_field(
    base: BaseValue | None, local: Any, incoming: Any, choice: Take | None = None
) -> tuple[Any, Any, list[Conflict], dict[str, str]]:
    """What the field says then, the base that is written, the conflicts, and who holds it."""
    bases = {} if base is None else {"name": base}
    merged = merge_row(
        ROW, {"name": local}, {"name": incoming}, bases, OURS, lambda _row, _field: choice
    )
    return merged.after["name"], merged.moves.get("name"), merged.conflicts, merged.held


@pytest.mark.parametrize("owner", ["", "ours", "lower"])
@pytest.mark.parametrize(
    ("base", "local", "incoming", "after"),
    [
        ("a", "a", "a", "a"),
        ("a", "a", "b", "b"),  # untouched: take it
        ("a", "b", "a", "b"),  # edited, and the pack says nothing new
        ("a", "b", "b", "b"),  # both said the same
    ],
)
def test_a_field_that_the_pack_may_change(owner, base, local, incoming, after):
    said = merge_field(BaseValue(base, owner), local, incoming)

    moves = None if (owner, base) == ("ours", incoming) else incoming
    assert said == (after, moves, [], {})


@pytest.mark.parametrize("owner", ["", "ours", "lower"])
def test_all_three_different_is_a_conflict_that_leaves_everything(owner):
    said = merge_field(BaseValue("a", owner), "b", "c")

    assert said == ("b", None, [Conflict(ROW, "name", "a", "c", "b")], {})


@pytest.mark.parametrize(
    ("base", "choice", "after"),
    [
        (BaseValue("a", "ours"), Take.MINE, "b"),
        (BaseValue("a", "ours"), Take.THEIRS, "c"),
        (None, Take.MINE, "b"),
        (None, Take.THEIRS, "c"),
        (BaseValue("a", "stranger"), Take.MINE, "b"),
        (BaseValue("a", "stranger"), Take.THEIRS, "c"),
    ],
)
def test_a_choice_ends_a_conflict_and_moves_the_base(base, choice, after):
    said = merge_field(base, "b", "c", choice)

    assert said == (after, "c", [], {})


@pytest.mark.parametrize(
    ("local", "incoming", "after", "moves", "conflicts"),
    [("a", "a", "a", "a", []), ("a", "b", "a", None, [Conflict(ROW, "name", NO_BASE, "b", "a")])],
)
def test_without_a_base(local, incoming, after, moves, conflicts):
    said = merge_field(None, local, incoming)

    assert said == (after, moves, conflicts, {})


@pytest.mark.parametrize(
    ("local", "incoming", "conflicts"),
    [
        ("a", "a", []),
        ("b", "b", []),
        ("a", "b", [Conflict(ROW, "name", NO_BASE, "b", "a")]),
        ("b", "a", [Conflict(ROW, "name", NO_BASE, "a", "b")]),
    ],
)
def test_the_word_of_a_stranger_is_no_base_and_stays_his(local, incoming, conflicts):
    said = merge_field(BaseValue("a", "stranger"), local, incoming)

    assert said == (local, None, conflicts, {})


@pytest.mark.parametrize(
    ("local", "incoming", "held"),
    [
        ("a", "b", {"name": "upper"}),
        ("b", "c", {"name": "upper"}),
        ("a", "a", {}),
        ("b", "a", {}),
        ("b", "b", {}),
    ],
)
def test_a_field_of_a_pack_over_this_one_is_left_alone(local, incoming, held):
    said = merge_field(BaseValue("a", "upper"), local, incoming, Take.THEIRS)

    assert said == (local, None, [], held)


def test_fields_that_are_left_out_stay_as_they_are():
    local = {"name": "Quart", "summary": "Mine", "kind": "framework"}

    merged = merge_row(
        ROW, local, {"kind": "library"}, {"kind": BaseValue("framework", "ours")}, OURS, undecided
    )

    assert merged.after == {"name": "Quart", "summary": "Mine", "kind": "library"}
    assert merged.moves == {"kind": "library"}
    assert local["kind"] == "framework"


def test_each_field_goes_its_own_way():
    local = {"name": "Quart!", "summary": "Old", "licence": "MIT"}
    incoming = {"name": "QUART", "summary": "New", "licence": "BSD"}
    bases = {
        "name": BaseValue("Quart", "ours"),
        "summary": BaseValue("Old", "lower"),
        "licence": BaseValue("GPL", "ours"),
    }

    def choose_theirs_of_licence(_row: RowKey, name: str) -> Take | None:
        return Take.THEIRS if name == "licence" else None

    merged = merge_row(ROW, local, incoming, bases, OURS, choose_theirs_of_licence)

    assert merged.after == {"name": "Quart!", "summary": "New", "licence": "BSD"}
    assert merged.moves == {"summary": "New", "licence": "BSD"}
    assert merged.conflicts == [Conflict(ROW, "name", "Quart", "QUART", "Quart!")]
