"""Cells in words: what is judged anew, and what it rests on."""

import pytest

from catalog.changes.words.values import rating_word
from catalog.comparison.engine import Cell
from catalog.comparison.engine import words as of_tables
from catalog.history.rows import Fields
from tests.changes.worded import changed, gone, made, sentences_of

DOCUMENTATION = {"rating": 3}
WEBSOCKETS = {"criterion": ["async-frameworks", "websockets"], "rating": 4}
LICENCE = {"criterion": ["async-frameworks", "licence"], "rating": None, "value": "MIT"}
UNKNOWN = {"state": "unknown", "rating": None, "value": ""}
DOES_NOT_APPLY = {"state": "not-applicable", "rating": None, "value": ""}


@pytest.mark.parametrize(
    ("before", "after", "clauses"),
    [
        ({"word": "Good"}, {"rating": 2}, "falls from Good to Moderate"),
        ({}, {"rating": 4}, "rises from Good to Excellent"),
        ({}, {"rating": 0}, "falls from Good to None"),
        ({"rating": 2, "word": "Growing"}, {"rating": 3}, "rises from Growing to Good"),
        (
            {"rating": 2, "word": "Growing"},
            {"rating": 3, "word": "Growing"},
            "rises from Growing (2) to Growing (3)",
        ),
        ({}, {"word": "Fine"}, "changes from “Good” to “Fine”"),
        ({"word": "Fine"}, {}, "changes from “Fine” to “Good”"),
        ({}, UNKNOWN, "becomes unknown"),
        (DOES_NOT_APPLY, UNKNOWN, "becomes unknown"),
        ({}, DOES_NOT_APPLY, "no longer applies"),
        (UNKNOWN, DOES_NOT_APPLY, "does not apply"),
        (UNKNOWN, {}, "becomes known: Good"),
        (DOES_NOT_APPLY, {}, "becomes known: Good"),
        (UNKNOWN, {"word": "Fine", "value": "12k"}, "becomes known: Fine, “12k”"),
        ({}, {"source": "https://a"}, "gains a source"),
        ({"source": "https://a"}, {}, "loses its source"),
        ({"source": "https://a"}, {"source": "https://b"}, "has another source"),
        ({}, {"note": "A"}, "gains a note"),
        ({"note": "A"}, {}, "loses its note"),
        ({"note": "A"}, {"note": "B"}, "has another note"),
        ({}, {"verified_on": "2026-11-22"}, "verified on 2026-11-22"),
        ({"verified_on": "2026-11-22"}, {}, "is no longer verified"),
        (
            {},
            {"verified_on": "2026-11-22", "verified_by": "Ada"},
            "verified on 2026-11-22 by Ada",
        ),
        (
            {"verified_on": "2025-01-01", "verified_by": "Ada"},
            {"verified_on": "2026-11-22", "verified_by": "Ada"},
            "verified on 2026-11-22",
        ),
        (
            {"verified_on": "2026-11-22"},
            {"verified_on": "2026-11-22", "verified_by": "Ada"},
            "verified by Ada",
        ),
        (
            {"verified_on": "2026-11-22", "verified_by": "Ada"},
            {"verified_on": "2026-11-22"},
            "no longer says who verified it",
        ),
        (
            {"verified_on": "2025-01-01", "verified_by": "Ada"},
            {"verified_on": "2026-11-22"},
            "verified on 2026-11-22 by nobody named",
        ),
        ({"verified_on": "2025-01-01", "verified_by": "Ada"}, {}, "is no longer verified"),
        ({}, {"applies_to": "5.2 and newer"}, "applies to 5.2 and newer"),
        ({"applies_to": "5.2"}, {}, "no longer says to which versions it applies"),
        (
            {"word": "Good", "source": "https://a", "value": "12k"},
            {"rating": 2, "value": "15k"},
            "falls from Good to Moderate; value: “12k” becomes “15k”; loses its source",
        ),
    ],
)
def test_a_rating_row(before: Fields, after: Fields, clauses: str) -> None:
    change = changed("cell", DOCUMENTATION | before, DOCUMENTATION | after)

    assert sentences_of(change) == (f"Documentation of Quart {clauses}",)


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ({"value": "12k"}, {"value": "15k"}, "value of {}: “12k” becomes “15k”"),
        ({}, {"word": "Good"}, "word of {}: “Good” is added"),
        ({"word": "Good", "rating": None}, {"word": "Good"}, "rating of {}: Good is added"),
    ],
)
def test_what_does_not_show_in_the_judgement(before: Fields, after: Fields, sentence: str) -> None:
    change = changed("cell", DOCUMENTATION | before, DOCUMENTATION | after)

    assert sentences_of(change) == (sentence.format("Documentation of Quart"),)


@pytest.mark.parametrize(
    ("before", "after", "clauses"),
    [
        ({}, {"rating": 0}, "changes from yes to no"),
        ({"rating": 0}, {}, "changes from no to yes"),
        ({"word": "Native"}, {"rating": 0}, "changes from Native to no"),
        (
            {"word": "Partly"},
            {"rating": 0, "word": "Partly"},
            "changes from Partly (yes) to Partly (no)",
        ),
        ({}, {"word": "Native"}, "changes from “yes” to “Native”"),
        (UNKNOWN, {}, "becomes known: yes"),
        ({}, UNKNOWN, "becomes unknown"),
    ],
)
def test_a_yes_or_no_row(before: Fields, after: Fields, clauses: str) -> None:
    change = changed("cell", WEBSOCKETS | before, WEBSOCKETS | after)

    assert sentences_of(change) == (f"WebSockets of Quart {clauses}",)


@pytest.mark.parametrize(
    ("before", "after", "clauses"),
    [
        ({}, {"value": "BSD"}, "changes from “MIT” to “BSD”"),
        ({}, {"word": "Free"}, "changes from “MIT” to “Free”"),
        ({}, {"word": "Free", "value": ""}, "changes from “MIT” to “Free”"),
        (UNKNOWN, {}, "becomes known: “MIT”"),
        ({"value": f"{'a' * 80}b"}, {"value": f"{'a' * 80}c"}, "changes from “…{}b” to “…{}c”"),
    ],
)
def test_a_text_row(before: Fields, after: Fields, clauses: str) -> None:
    change = changed("cell", LICENCE | before, LICENCE | after)

    clauses = clauses.format("a" * 20, "a" * 20)
    assert sentences_of(change) == (f"Licence of Quart {clauses}",)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Documentation of Quart is Good"),
        ({"word": "Fine"}, "Documentation of Quart is Fine"),
        ({"value": "12k"}, "Documentation of Quart is Good, “12k”"),
        (UNKNOWN, "Documentation of Quart is unknown"),
        (DOES_NOT_APPLY, "Documentation of Quart does not apply"),
        (WEBSOCKETS, "WebSockets of Quart is yes"),
        (LICENCE, "Licence of Quart is “MIT”"),
    ],
)
def test_a_cell_that_is_filled(fields: Fields, sentence: str) -> None:
    assert sentences_of(made("cell", **fields)) == (sentence,)


def test_a_cell_that_is_emptied() -> None:
    assert sentences_of(gone("cell")) == ("Documentation of Quart is no longer judged",)


@pytest.mark.parametrize("rating", range(5))
def test_a_rating_is_said_as_in_the_tables(rating: int) -> None:
    assert rating_word(rating, "rating") == of_tables.judgement(Cell("known", rating), "rating")
