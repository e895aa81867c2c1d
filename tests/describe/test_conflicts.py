"""What is at odds, in a sentence that names the field, the row, and what each side says."""

from typing import Any

import pytest

from catalog.describe import Labels, conflict_text
from catalog.history.merge import NO_BASE, Conflict
from catalog.history.rows import MODELS, RowKey
from tests.describe.changes import KNOWN, made

QUART = RowKey("technology", ("quart",))
CELL = RowKey("cell", ("async-frameworks", "documentation", "quart"))
SMALL = RowKey("point", ("quart", "small"))


def text_of(row: RowKey, field: str, base: Any, here: Any, there: Any, labels: Labels) -> str:
    return conflict_text(Conflict(row, field, base, theirs=there, mine=here), labels)


@pytest.mark.parametrize(
    ("row", "field", "values", "text"),
    [
        (
            RowKey("technology", ("litestar",)),
            "name",
            ("Litestar", "Litestar!", "LITESTAR"),
            "Name of Litestar: was “Litestar”, is “Litestar!” here, “LITESTAR” in the pack",
        ),
        (
            RowKey("technology", ("litestar",)),
            "summary",
            ("", "A", None),
            "Summary of Litestar: was empty, is “A” here, empty in the pack",
        ),
        (
            RowKey("technology", ("litestar",)),
            "lifecycle",
            ("", "active", "end-of-life"),
            "Lifecycle of Litestar: was unknown, is “active” here, “end of life” in the pack",
        ),
        (
            RowKey("technology", ("passlib",)),
            "replaced_by",
            (None, ["pwdlib"], ["argon2"]),
            "“Replaced by” of passlib: was empty, is “pwdlib” here, “argon2” in the pack",
        ),
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
        (
            RowKey("packagefacts", ("quart",)),
            "is_yanked",
            (False, True, False),
            "“Yanked” of quart on the index: was no, is yes here, no in the pack",
        ),
    ],
)
def test_three_say_three_things(
    row: RowKey, field: str, values: tuple[Any, ...], text: str
) -> None:
    labels = Labels.of([], [*KNOWN, (SMALL, {"text": "Small"})])

    assert text_of(row, field, *values, labels) == text


def test_nobody_said_anything_before() -> None:
    labels = Labels.of([], KNOWN)

    assert text_of(QUART, "name", NO_BASE, "Quart!", "QUART", labels) == (
        "Name of Quart: is “Quart!” here, “QUART” in the pack"
    )


def test_the_example() -> None:
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
        (
            RowKey("criteriongroup", ("async-frameworks", "people")),
            "People, a group of criteria of Async frameworks,",
        ),
        (
            RowKey("contender", ("async-frameworks", "quart")),
            "Quart, a contender of Async frameworks,",
        ),
        (
            RowKey("criterion", ("async-frameworks", "documentation")),
            "Documentation, a criterion of Async frameworks,",
        ),
        (CELL, "Documentation of Quart in Async frameworks"),
        (RowKey("role", ("startup", "queue")), "Task Queue, a role of Startup,"),
        (RowKey("choice", ("startup", "queue", "celery")), "Celery, a choice of Startup,"),
        (RowKey("pin", ("python-2026", "django")), "django, a pin of Python 2026,"),
    ],
)
def test_a_row_that_was_edited_here_would_go(row: RowKey, name: str) -> None:
    labels = Labels.of(
        [],
        [*KNOWN, (SMALL, {"text": "Small"}), (RowKey("alias", ("quart", "qrt")), {"name": "QRT"})],
    )

    assert text_of(row, "", None, {}, None, labels) == (
        f"{name} is gone from the pack but was edited or is needed here"
    )


def test_a_comma_in_a_title_is_no_aside() -> None:
    title = (RowKey("comparison", ("async-frameworks",)), {"title": "Quart, Flask"})
    labels = Labels.of([], [*KNOWN, title])

    assert text_of(CELL, "", None, {}, None, labels) == (
        "Documentation of Quart in Quart, Flask is gone from the pack but was edited or is "
        "needed here"
    )


@pytest.mark.parametrize("model", MODELS)
def test_every_model_has_a_sentence_for_a_row_that_would_go(model: str) -> None:
    row = made(model).row
    labels = Labels.of([made(model)], KNOWN)

    text = text_of(row, "", None, {}, None, labels)

    assert text.endswith("is gone from the pack but was edited or is needed here")
    assert "%(" not in text
