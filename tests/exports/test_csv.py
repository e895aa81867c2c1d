"""No spreadsheet runs a word of ours, and nothing is lost."""

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.comparison.engine import Cell, arrange
from catalog.exports import to_csv
from catalog.exports.as_csv import guard, rows_of
from tests.comparison.tables import ask, make_table
from tests.exports.hostile import FORMULAS, HOSTILE, sheet_of, sheets, words
from tests.exports.parsing import csv_rows, csv_words, unguard


@pytest.mark.parametrize("text", FORMULAS)
def test_what_begins_a_formula_is_guarded_in_every_field(text: str) -> None:
    rows = csv_rows(to_csv(sheet_of(text)))

    assert [cell for row in rows for cell in row if _runs(cell)] == []
    assert guard(text) != text


@pytest.mark.parametrize(
    "text", ["Good", "", "a=b", "a - b", "1", "5.2", "well-kept", "'quoted'", "a, -b", "C++", "a@b"]
)
def test_other_words_stay_as_they_are(text: str) -> None:
    assert guard(text) == text


@pytest.mark.parametrize("text", HOSTILE)
def test_no_word_changes_the_number_of_rows_or_columns(text: str) -> None:
    rows = csv_rows(to_csv(sheet_of(text)))

    # Head, who is ruled out, two of the fit, two of the table.
    assert [len(row) for row in rows] == [10] * 6


@given(sheets())
def test_the_file_read_back_is_what_was_meant(sheet) -> None:
    assert csv_words(to_csv(sheet)) == list(rows_of(sheet.rectangle))


@given(words | st.text())
def test_a_guard_comes_off_again_and_leaves_no_formula(text: str) -> None:
    assert unguard(guard(text)) == text
    assert not _runs(guard(text))


def test_lines_end_as_the_standard_says_and_the_file_says_that_it_is_utf_8() -> None:
    text = to_csv(sheet_of("é"))

    assert text.encode()[:3] == b"\xef\xbb\xbf"
    assert text.count("\r\n") == text.count("\n") == 6


def test_the_columns_are_the_table_and_then_what_it_rests_on() -> None:
    table = make_table("speed 3: 4 ? -", "licence text: MIT BSD MIT")
    table.cells["speed", "a"] = Cell(
        *("known", 4, "Fast", "2 ms", "Measured.", "https://x.example/", date(2026, 1, 2))
    )

    rows = list(rows_of(arrange(table, ask(table, must=["speed.4"]))))

    nothing = [""] * 6
    assert rows == [
        [
            *("Criterion", "Group", "Question", "Weight", "A", "B", "C"),
            *("A source", "A verified on", "B source", "B verified on"),
            *("C source", "C verified on"),
        ],
        [
            *("Ruled out", "", "", "", "", "Speed is unknown, you need Excellent"),
            *("Speed does not apply, you need Excellent", *nothing),
        ],
        ["Fit", "", "0 to 100 with these weights", "", "100", "", "", *nothing],
        [
            *("Range of fit", "", "", "", "all known", "nothing weighed is known"),
            *("nothing weighed is known", *nothing),
        ],
        [
            *("Speed", "", "", "3", "Fast, 2 ms · Measured.", "unknown", "does not apply"),
            *("https://x.example/", "2026-01-02", "", "", "", ""),
        ],
        ["Licence", "", "", "", "MIT", "BSD", "MIT", *nothing],
    ]


def test_a_table_without_weights_has_no_fit() -> None:
    table = make_table("speed 0: 4 2")

    rows = rows_of(arrange(table, ask(table)))

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
