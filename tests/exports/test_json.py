import json

from hypothesis import given

from catalog.comparison.engine import arrange
from catalog.exports import to_json
from catalog.exports.sheet import Sheet
from tests.comparison.tables import ask, make_table
from tests.exports.hostile import HOSTILE, sheet_of, sheets


def content_of(sheet: Sheet) -> dict:
    return json.loads(to_json(sheet))


def test_shares_are_numbers_and_what_is_not_known_is_null() -> None:
    table = make_table("speed 3: 4 1 ?", "ease 3: 2 ? ?", "licence text: MIT MIT ?")
    sheet = Sheet("Tools", "https://x.example/", arrange(table, ask(table, must=["speed.4"])))

    content = content_of(sheet)

    assert [(one["slug"], one["fit"]) for one in content["contenders"]] == [
        ("a", {"score": 75, "coverage": 100, "low": 75, "high": 75, "can_lead": True}),
        ("b", {"score": 25, "coverage": 50, "low": 12.5, "high": 62.5, "can_lead": False}),
        ("c", {"score": None, "coverage": 0, "low": 0, "high": 100, "can_lead": False}),
    ]
    assert [[one["said"] for one in each["ruled_out"]] for each in content["contenders"]] == [
        [],
        ["Speed is Small, you need Excellent"],
        ["Speed is unknown, you need Excellent"],
    ]
    assert content["question"] == {"must": ["speed.4"]}
    assert (content["edition"], content["edited_on"]) == (None, None)
    assert (content["leaders"], content["second"], content["margin"]) == (["a"], None, None)
    assert content["evidence"] == {
        "cells": 9,
        "known": 5,
        "sourced": 0,
        "stale": 0,
        "oldest": None,
    }


def test_rows_left_out_and_rows_with_gaps_are_counted() -> None:
    table = make_table("speed 3: 4 4", "ease 3: 2 2", "price 1: 1 ?", "size 1: ? ?")

    content = content_of(
        Sheet("Tools", "https://x.example/", arrange(table, ask(table, differ=["1"])))
    )

    assert (content["hidden"], content["incomplete"]) == (2, 2)
    assert [row["incomplete"] for row in content["groups"][0]["rows"]] == [True, True]


def test_a_third_is_rounded() -> None:
    table = make_table("speed 1: 4", "ease 2: 0")

    content = content_of(Sheet("Tools", "https://x.example/", arrange(table, ask(table))))

    assert content["contenders"][0]["fit"]["score"] == 33.3333


def test_the_weights_that_change_who_leads_are_named() -> None:
    table = make_table("speed 3: 4 0", "ease 2: 0 4")

    content = content_of(Sheet("Tools", "https://x.example/", arrange(table, ask(table))))

    assert content["flips"] == [
        {"criterion": "speed", "weight_now": 3, "weight": 2, "leaders": ["a", "b"]},
        {"criterion": "ease", "weight_now": 2, "weight": 3, "leaders": ["a", "b"]},
    ]
    assert (content["margin"], content["clear"]) == (20, True)


def test_a_table_without_weights_has_no_fit_and_no_leader() -> None:
    table = make_table("speed 0: 4 2")

    content = content_of(Sheet("Tools", "https://x.example/", arrange(table, ask(table))))

    assert [one["fit"] for one in content["contenders"]] == [None, None]
    assert (content["leaders"], content["winner"], content["flips"]) == ([], [], [])


def test_hostile_words_come_back_as_they_were() -> None:
    for text in HOSTILE:
        content = content_of(sheet_of(text))

        cell = content["groups"][0]["rows"][0]["cells"][0]
        assert content["title"] == content["contenders"][0]["name"] == text
        assert [cell[name] for name in ("word", "value", "note", "applies_to")] == [text] * 4


@given(sheets())
def test_every_row_has_a_cell_for_each_contender_in_their_order(sheet) -> None:
    content = content_of(sheet)

    slugs = [one["slug"] for one in content["contenders"]]
    rows = [row for group in content["groups"] for row in group["rows"]]
    assert [[cell["contender"] for cell in row["cells"]] for row in rows] == [slugs] * len(rows)
    assert [row["key"] for row in rows] == [row.criterion.key for row in sheet.rectangle.rows]
