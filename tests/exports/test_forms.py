"""The forms of a table: no spreadsheet runs a word of ours, and nothing is lost."""

import json
import re
import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.comparison.engine import Cell, arrange
from catalog.exports import Sheet, to_csv, to_json, to_markdown
from catalog.exports.as_csv import guard, rows_of
from catalog.exports.as_markdown import escape
from tests.comparison.tables import ask, make_table
from tests.exports.hostile import FORMULAS, HOSTILE, sheet_of, sheets, words
from tests.exports.parsing import PARSER, csv_rows, csv_words, parse_markdown, unguard


@pytest.mark.parametrize("text", FORMULAS)
def test_what_begins_a_formula_is_guarded_in_every_field(text):
    rows = csv_rows(to_csv(sheet_of(text)))

    assert [cell for row in rows for cell in row if _runs(cell)] == []
    assert guard(text) != text


@pytest.mark.parametrize(
    "text", ["Good", "", "a=b", "a - b", "1", "5.2", "well-kept", "'quoted'", "a, -b", "C++", "a@b"]
)
def test_other_words_stay_as_they_are(text):
    assert guard(text) == text


@pytest.mark.parametrize("text", HOSTILE)
def test_no_word_changes_the_number_of_rows_or_columns(text):
    rows = csv_rows(to_csv(sheet_of(text)))

    # Head, who is ruled out, two of the fit, two of the table.
    assert [len(row) for row in rows] == [10] * 6


@given(sheets())
def test_the_file_read_back_is_what_was_meant(sheet):
    assert csv_words(to_csv(sheet)) == list(rows_of(sheet))


@given(words | st.text())
def test_a_guard_comes_off_again_and_leaves_no_formula(text):
    assert unguard(guard(text)) == text
    assert not _runs(guard(text))


def test_lines_end_as_the_standard_says_and_the_file_says_that_it_is_utf_8():
    text = to_csv(sheet_of("é"))

    assert text.encode()[:3] == b"\xef\xbb\xbf"
    assert text.count("\r\n") == text.count("\n") == 6


def test_the_columns_are_the_table_and_then_what_it_rests_on():
    table = make_table("speed 3: 4 ? -", "licence text: MIT BSD MIT")
    table.cells["speed", "a"] = Cell(
        *("known", 4, "Fast", "2 ms", "Measured.", "https://x.example/", date(2026, 1, 2))
    )

    rows = list(rows_of(Sheet("T", "", arrange(table, ask(table, must=["speed.4"])))))

    nothing = [""] * 6
    assert rows == [
        [
            *("Criterion", "Group", "Question", "Weight", "A", "B", "C"),
            *("A source", "A verified on", "B source", "B verified on"),
            *("C source", "C verified on"),
        ],
        [
            *("Ruled out", "", "", "", "", "Speed is unknown, you need Fast"),
            *("Speed does not apply, you need Fast", *nothing),
        ],
        ["Fit", "", "0 to 100 with these weights", "", "100.0", "", "", *nothing],
        [
            *("Range of fit", "", "", "", "", "nothing weighed is known"),
            *("nothing weighed is known", *nothing),
        ],
        [
            *("Speed", "", "", "3", "Fast, 2 ms · Measured.", "unknown", "does not apply"),
            *("https://x.example/", "2026-01-02", "", "", "", ""),
        ],
        ["Licence", "", "", "", "MIT", "BSD", "MIT", *nothing],
    ]


def test_a_table_without_weights_has_no_fit():
    table = make_table("speed 0: 4 2")

    rows = rows_of(Sheet("T", "", arrange(table, ask(table))))

    assert [row[0] for row in rows] == ["Criterion", "Speed"]


def _runs(cell: str) -> bool:
    """Whether a program that drops blanks and invisible letters would see a formula."""
    parts = cell.replace("\t", ";").replace("\r", ";").replace("\n", ";").split(";")
    return cell[:1] in ("\t", "\r", "\n") or any(_begins(part) for part in parts)


def _begins(part: str) -> bool:
    seen = [
        letter
        for letter in part
        if not letter.isspace() and unicodedata.category(letter) not in ("Cc", "Cf")
    ]
    return bool(seen) and unicodedata.normalize("NFKC", seen[0])[0] in "=+-@"


# JSON -----------------------------------------------------------------------------------------


def content_of(sheet: Sheet) -> dict:
    return json.loads(to_json(sheet))


def test_shares_are_numbers_and_what_is_not_known_is_null():
    table = make_table("speed 3: 4 1 ?", "ease 3: 2 ? ?", "licence text: MIT MIT ?")
    address = "https://x.example/?must=speed.4"
    sheet = Sheet("Tools", address, arrange(table, ask(table, must=["speed.4"])))

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
    assert content["evidence"] == {"cells": 9, "known": 5, "sourced": 0, "stale": 0, "oldest": None}


def test_rows_left_out_and_rows_with_gaps_are_counted():
    table = make_table("speed 3: 4 4", "ease 3: 2 2", "price 1: 1 ?", "size 1: ? ?")

    content = content_of(
        Sheet("Tools", "https://x.example/", arrange(table, ask(table, differ=["1"])))
    )

    assert (content["hidden"], content["incomplete"]) == (2, 2)
    assert [row["incomplete"] for row in content["groups"][0]["rows"]] == [True, True]


def test_a_third_is_rounded():
    table = make_table("speed 1: 4", "ease 2: 0")

    content = content_of(Sheet("Tools", "https://x.example/", arrange(table, ask(table))))

    assert content["contenders"][0]["fit"]["score"] == 33.3333


def test_the_weights_that_change_who_leads_are_named():
    table = make_table("speed 3: 4 0", "ease 2: 0 4")

    content = content_of(Sheet("Tools", "https://x.example/", arrange(table, ask(table))))

    assert content["flips"] == [
        {"criterion": "speed", "weight_now": 3, "weight": 2, "leaders": ["a", "b"]},
        {"criterion": "ease", "weight_now": 2, "weight": 3, "leaders": ["a", "b"]},
    ]
    assert (content["margin"], content["clear"]) == (20, True)


def test_a_table_without_weights_has_no_fit_and_no_leader():
    table = make_table("speed 0: 4 2")

    content = content_of(Sheet("Tools", "https://x.example/", arrange(table, ask(table))))

    assert [one["fit"] for one in content["contenders"]] == [None, None]
    assert (content["leaders"], content["winner"], content["flips"]) == ([], [], [])


def test_hostile_words_come_back_as_they_were():
    for text in HOSTILE:
        content = content_of(sheet_of(text))

        cell = content["groups"][0]["rows"][0]["cells"][0]
        assert content["title"] == content["contenders"][0]["name"] == text
        assert [cell[name] for name in ("word", "value", "note", "applies_to")] == [text] * 4


@given(sheets())
def test_every_row_has_a_cell_for_each_contender_in_their_order(sheet):
    content = content_of(sheet)

    slugs = [one["slug"] for one in content["contenders"]]
    rows = [row for group in content["groups"] for row in group["rows"]]
    assert [[cell["contender"] for cell in row["cells"]] for row in rows] == [slugs] * len(rows)
    assert [row["key"] for row in rows] == [row.criterion.key for row in sheet.rectangle.rows]


# Markdown is read back by a parser that makes a link of all that looks like one -------------------


def on_one_line(text: str) -> str:
    """Without controls and overrides of the direction, white space folded."""
    text = re.sub(r"[\u202a-\u202e\u2066-\u2069]", "", text)
    return " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", text).split())


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_are_shown_as_they_are_and_stay_in_their_cells(text):
    parsed = parse_markdown(to_markdown(sheet_of(text)))

    said = on_one_line(text)
    note = on_one_line(f"{text} · {text}")
    assert parsed.texts[0] == said
    assert parsed.texts[2] == (said or "1 of 2 contenders, 2 of 2 rows")
    assert [len(row) for row in parsed.table] == [3] * 5
    assert parsed.table[3] == [f"{said} · {said}" if said else "", "", ""]
    assert parsed.table[4][0] == on_one_line(f"{text} · {text}")
    assert parsed.table[2][0] == on_one_line(f"{text} · {text} · Weight 3")
    assert parsed.table[2][1].endswith(f"[1] · {note}")


@pytest.mark.parametrize("text", HOSTILE)
def test_only_the_heading_and_the_sources_are_links(text):
    parsed = parse_markdown(to_markdown(sheet_of(text)))

    assert parsed.links[0] == "https://guide.example/comparisons/a/?must=rated.1"
    assert len(parsed.links) == 4
    assert all(link.startswith("https://x.example/") for link in parsed.links[1:])


@given(sheets())
def test_the_table_has_its_rows_and_columns_whatever_the_words(sheet):
    rectangle = sheet.rectangle
    groups = sum(1 for block in rectangle.blocks if block.group)

    parsed = parse_markdown(to_markdown(sheet))

    rows = 1 + rectangle.is_weighed + groups + len(rectangle.rows)
    assert [len(row) for row in parsed.table] == [1 + len(rectangle.columns)] * rows
    assert len(parsed.links) == 1 + len(re.findall(r"(?m)^- \\\[\d+\\\] <", to_markdown(sheet)))


@given(words)
def test_any_words_escaped_are_one_paragraph_of_text(text):
    html = PARSER.render(escape(text))

    said = on_one_line(text)
    escaped = said.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert html == (f"<p>{escaped.replace(chr(34), '&quot;')}</p>\n" if said else "")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Good, 12 ms (p99).", "Good, 12 ms (p99)."),
        ("5.2 and newer; 3.11+", "5.2 and newer; 3.11+"),
        ("well-kept: yes!", "well-kept: yes!"),
        ("snake_case", r"snake\_case"),
    ],
)
def test_plain_words_stay_readable(text, written):
    assert escape(text) == written


def test_only_sources_of_what_is_shown_are_listed_under_the_numbers_of_the_page():
    table = make_table("speed 1: 4 2")
    for slug in "ab":
        cell = table.cells["speed", slug]
        table.cells["speed", slug] = cell._replace(source=f"https://{slug}.example/")
    sheet = Sheet("T", "https://x.example/", arrange(table, ask(table, t=["b"])))

    parsed = parse_markdown(to_markdown(sheet))

    assert parsed.links[1:] == ["https://b.example/"]
    assert parsed.texts[-1] == "[2] https://b.example/"
