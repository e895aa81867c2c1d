"""One field in words: its label, what it said before and says now, and what is at odds in it."""

from typing import Any

import pytest

from catalog.comparison.engine.table import RATING_WORDS
from catalog.describe import Labels, conflict_text
from catalog.describe.fields import field_line, full_text, rating_word
from catalog.history.merge import NO_BASE, Conflict
from catalog.history.rows import MODELS, RowKey
from tests.describe.changes import KNOWN, made

LONG = "Long words. " * 6
GUIDE = RowKey("guide", ("guide",))
CATEGORY = RowKey("category", ("async",))
TECHNOLOGY = RowKey("technology", ("quart",))
CELL = RowKey("cell", ("async-frameworks", "documentation", "quart"))
YES_NO = RowKey("cell", ("async-frameworks", "websockets", "quart"))
FACTS = RowKey("packagefacts", ("quart",))
PIN = RowKey("pin", ("python-2026", "django"))


def text_of(row: RowKey, field: str, base: Any, here: Any, there: Any, labels: Labels) -> str:
    return conflict_text(Conflict(row, field, base, theirs=there, mine=here), labels)


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
def test_a_field_that_differs(row, name, before, after, line):
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
def test_a_value_is_shown_whole(row, name, value, text):
    assert full_text(row, name, value, Labels.of([], KNOWN)) == text


@pytest.mark.parametrize("rating", range(5))
def test_a_rating_has_the_word_of_the_tables(rating):
    assert rating_word(rating, "rating") == RATING_WORDS[rating]


# What is at odds, in a sentence that names the field, the row, and what each side says ------------


QUART = RowKey("technology", ("quart",))
SMALL = RowKey("point", ("quart", "small"))


@pytest.mark.parametrize(
    ("row", "field", "values", "text"),
    [
        (RowKey("technology", ("litestar",)), "name", ("Litestar", "Litestar!", "LITESTAR"),
         "Name of Litestar: was “Litestar”, is “Litestar!” here, “LITESTAR” in the pack"),
        (RowKey("technology", ("litestar",)), "summary", ("", "A", None),
         "Summary of Litestar: was empty, is “A” here, empty in the pack"),
        (RowKey("technology", ("litestar",)), "lifecycle", ("", "active", "end-of-life"),
         "Lifecycle of Litestar: was unknown, is “active” here, “end of life” in the pack"),
        (RowKey("technology", ("passlib",)), "replaced_by", (None, ["pwdlib"], ["argon2"]),
         "“Replaced by” of passlib: was empty, is “pwdlib” here, “argon2” in the pack"),
        (
            CELL,
            "rating",
            (3, 4, 2),
            "Rating of Documentation of Quart in Async frameworks: "
            "was Good, is Excellent here, Moderate in the pack",
        ),
        (
            RowKey("cell", ("async-frameworks", "websockets", "quart")),
            "rating",
            (4, 0, 4),
            "Rating of WebSockets of Quart in Async frameworks: "
            "was yes, is no here, yes in the pack",
        ),
        (
            CELL,
            "verified_on",
            ("2025-01-01", "2026-01-01", "2026-11-22"),
            "“Verified on” of Documentation of Quart in Async frameworks: "
            "was 2025-01-01, is 2026-01-01 here, 2026-11-22 in the pack",
        ),
        (
            SMALL,
            "text",
            (f"{'x' * 80} a", f"{'x' * 80} b", "c"),
            "Text of Small, a point of Quart: was “…xxxxxxxxxxxxxxxxxxx a”, "
            "is “…xxxxxxxxxxxxxxxxxxx b” here, “c” in the pack",
        ),
        (RowKey("packagefacts", ("quart",)), "is_yanked", (False, True, False),
         "“Yanked” of quart on the index: was no, is yes here, no in the pack"),
    ],
)  # fmt: skip
def test_three_say_three_things(row, field, values, text):
    labels = Labels.of([], [*KNOWN, (SMALL, {"text": "Small"})])

    assert text_of(row, field, *values, labels) == text


def test_nobody_said_anything_before() -> None:
    labels = Labels.of([], KNOWN)

    assert text_of(QUART, "name", NO_BASE, "Quart!", "QUART", labels) == (
        "Name of Quart: is “Quart!” here, “QUART” in the pack"
    )


def test_the_example():
    assert text_of(QUART, "name", "Quart", "Quart!", "QUART", Labels.of([], KNOWN)) == (
        "Name of Quart: was “Quart”, is “Quart!” here, “QUART” in the pack"
    )


@pytest.mark.parametrize(
    ("row", "name"),
    [
        (QUART, "Quart"),
        (SMALL, "Small, a point of Quart,"),
        (RowKey("alias", ("quart", "qrt")), "QRT, an alias of Quart,"),
        (RowKey("package", ("quart-db",)), "quart-db, a package,"),
        (RowKey("packagefacts", ("quart-db",)), "quart-db on the index"),
        (RowKey("listing", ("async", "flask")), "Flask, a listing of Async,"),
        (RowKey("companion", ("quart", "celery")), "Celery, a companion of Quart,"),
        (RowKey("criteriongroup", ("async-frameworks", "people")),
         "People, a group of criteria of Async frameworks,"),
        (RowKey("contender", ("async-frameworks", "quart")),
         "Quart, a contender of Async frameworks,"),
        (RowKey("criterion", ("async-frameworks", "documentation")),
         "Documentation, a criterion of Async frameworks,"),
        (CELL, "Documentation of Quart in Async frameworks"),
        (RowKey("preset", ("async-frameworks", "small-team")),
         "Small team, a preset of Async frameworks,"),
        (RowKey("role", ("startup", "queue")), "Task Queue, a role of Startup,"),
        (RowKey("choice", ("startup", "queue", "celery")), "Celery, a choice of Startup,"),
        (RowKey("pin", ("python-2026", "django")), "django, a pin of Python 2026,"),
    ],
)  # fmt: skip
def test_a_row_that_was_edited_here_would_go(row, name):
    labels = Labels.of(
        [],
        [*KNOWN, (SMALL, {"text": "Small"}), (RowKey("alias", ("quart", "qrt")), {"name": "QRT"})],
    )

    assert text_of(row, "", None, {}, None, labels) == (
        f"{name} is gone from the pack but was edited or is needed here"
    )


def test_a_comma_in_a_title_is_no_aside():
    title = (RowKey("comparison", ("async-frameworks",)), {"title": "Quart, Flask"})
    labels = Labels.of([], [*KNOWN, title])

    assert text_of(CELL, "", None, {}, None, labels) == (
        "Documentation of Quart in Quart, Flask is gone from the pack but was edited or is "
        "needed here"
    )


@pytest.mark.parametrize("model", MODELS)
def test_every_model_has_a_sentence_for_a_row_that_would_go(model):
    row = made(model).row
    labels = Labels.of([made(model)], KNOWN)

    text = text_of(row, "", None, {}, None, labels)

    assert text.endswith("is gone from the pack but was edited or is needed here")
    assert "%(" not in text
