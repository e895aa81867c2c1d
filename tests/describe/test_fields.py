"""One field in words: its label, what it said before, and what it says now."""

from typing import Any

import pytest

from catalog.comparison.engine.table import RATING_WORDS
from catalog.describe import Labels
from catalog.describe.fields import field_line, full_text, rating_word
from catalog.history.rows import RowKey
from tests.describe.changes import KNOWN

LONG = "Long words. " * 6
GUIDE = RowKey("guide", ("guide",))
CATEGORY = RowKey("category", ("async",))
TECHNOLOGY = RowKey("technology", ("quart",))
CELL = RowKey("cell", ("async-frameworks", "documentation", "quart"))
YES_NO = RowKey("cell", ("async-frameworks", "websockets", "quart"))
FACTS = RowKey("packagefacts", ("quart",))
PIN = RowKey("pin", ("python-2026", "django"))


@pytest.mark.parametrize(
    ("row", "name", "before", "after", "line"),
    [
        # Free text stands in quotation marks, versions and days do not.
        (TECHNOLOGY, "name", "Quart", "Quart 2", "name: “Quart” → “Quart 2”"),
        (TECHNOLOGY, "licence", "", "MIT", "licence: empty → “MIT”"),
        (TECHNOLOGY, "licence", "MIT", "", "licence: “MIT” → empty"),
        (TECHNOLOGY, "repository", "", "https://a", "source code: empty → “https://a”"),
        (PIN, "specifier", "^5.0", "^5.2", "specifier: ^5.0 → ^5.2"),
        (FACTS, "released_on", "", "2026-11", "released on: empty → 2026-11"),
        (TECHNOLOGY, "review_by", None, "2027-03-01", "review by: empty → 2027-03-01"),
        # Of long text and of several lines is only said what became of it.
        (GUIDE, "closing", "", LONG, "closing words: added"),
        (GUIDE, "closing", LONG, f"{LONG}!", "closing words: changed"),
        (GUIDE, "closing", LONG, "", "closing words: removed"),
        (GUIDE, "closing", "a\nb", "a", "closing words: changed"),
        (GUIDE, "closing", "A", "B", "closing words: “A” → “B”"),
        (TECHNOLOGY, "summary", "x" * 60, "y", f"summary: “{'x' * 60}” → “y”"),
        (TECHNOLOGY, "summary", "x" * 61, "y", "summary: changed"),
        # What is chosen from a list, counted or answered by yes or no.
        (TECHNOLOGY, "status", "draft", "published", "status: draft → published"),
        (TECHNOLOGY, "lifecycle", "", "end-of-life", "lifecycle: unknown → end of life"),
        (TECHNOLOGY, "lifecycle", "gone-by-now", "", "lifecycle: gone-by-now → unknown"),
        (CATEGORY, "position", 0, 3, "position: 0 → 3"),
        (FACTS, "is_yanked", False, True, "yanked: no → yes"),
        (CELL, "rating", None, 3, "rating: empty → Good"),
        (CELL, "rating", 0, 4, "rating: None → Excellent"),
        (CELL, "rating", 7, 4, "rating: 7 → Excellent"),
        (YES_NO, "rating", 0, 4, "rating: no → yes"),
        # References are called as what they refer to.
        (CATEGORY, "parent", None, ["web"], "parent: empty → Web"),
        (TECHNOLOGY, "replaced_by", ["flask"], ["nobody"], "replaced by: Flask → nobody"),
        # What differs but does not look so.
        (TECHNOLOGY, "name", "A b", "A\u00a0b", "name: changed, though it looks the same"),
        (TECHNOLOGY, "name", "A", "A\u202e", "name: changed, though it looks the same"),
        (PIN, "specifier", "^5", " ^5", "specifier: changed, though it looks the same"),
        # Whatever somebody wrote is text on one line.
        (TECHNOLOGY, "licence", "<b>%s</b>", "{x}\x1b[31m", "licence: “<b>%s</b>” → “{x} [31m”"),
        (PIN, "specifier", "\u202e", "^5", "specifier: “” → ^5"),
    ],
)
def test_a_field_that_differs(row: RowKey, name: str, before: Any, after: Any, line: str) -> None:
    assert field_line(row, name, before, after, Labels.of([], KNOWN)) == line


@pytest.mark.parametrize(
    ("row", "name", "value", "text"),
    [
        (TECHNOLOGY, "summary", "", ""),
        (CATEGORY, "position", None, ""),
        (CATEGORY, "position", 0, "0"),
        (GUIDE, "closing", f"{LONG}\n{LONG}", f"{LONG}\n{LONG}"),
        (TECHNOLOGY, "lifecycle", "end-of-life", "end of life"),
        (TECHNOLOGY, "replaced_by", ["flask"], "Flask"),
        (TECHNOLOGY, "lifecycle_verified_on", "2026-11-22", "2026-11-22"),
        (FACTS, "is_yanked", False, "no"),
        (FACTS, "is_yanked", True, "yes"),
        (CELL, "rating", 4, "Excellent"),
        (CELL, "state", "not-applicable", "does not apply"),
    ],
)
def test_a_value_is_shown_whole(row: RowKey, name: str, value: Any, text: str) -> None:
    assert full_text(row, name, value, Labels.of([], KNOWN)) == text


@pytest.mark.parametrize("rating", range(5))
def test_a_rating_has_the_word_of_the_tables(rating: int) -> None:
    assert rating_word(rating, "rating") == RATING_WORDS[rating]
