"""Things in words: what is said of each of their fields."""

from itertools import permutations

import pytest

from catalog.changes.words import What
from catalog.history.rows import Fields, RowChange
from tests.changes.worded import changed, gone, made, sentences_of, told

LONG = "Long words. " * 6
ADDRESS = "https://example.org/a/page/whose/address/is/longer/than/a/sentence/likes"


@pytest.mark.parametrize(
    ("model", "before", "after", "sentences"),
    [
        ("guide", {}, {"title": "Ours"}, ("title: “The guide” becomes “Ours”",)),
        ("guide", {}, {"closing": LONG}, ("closing words are written",)),
        ("guide", {"introduction": LONG}, {"introduction": "B"}, ("introduction is rewritten",)),
        ("guide", {"closing": LONG}, {}, ("closing words are removed",)),
        ("guide", {"introduction": LONG}, {}, ("introduction is removed",)),
        ("guide", {"closing": "a\nb"}, {"closing": "a\nc"}, ("closing words are rewritten",)),
        ("guide", {"closing": "A"}, {"closing": "B"}, ("closing words: “A” becomes “B”",)),
        ("category", {}, {"status": "published"}, ("is published",)),
        ("category", {"status": "published"}, {}, ("becomes a draft",)),
        ("category", {}, {"status": "archived"}, ("is archived",)),
        ("category", {}, {"parent": ["web"]}, ("moves from the top to “Web”",)),
        ("category", {"parent": ["web"]}, {}, ("moves from “Web” to the top",)),
        ("category", {}, {"owner": "Ada"}, ("the owner is now “Ada”",)),
        ("guide", {"owner": "Ada"}, {"owner": "The desk"}, ("the owner is now “The desk”",)),
        ("snippet", {"owner": "Ada"}, {}, ("nobody answers for it any longer",)),
        ("stack", {}, {"review_by": "2027-03-01"}, ("is to be reviewed by 2027-03-01",)),
        (
            "versionset",
            {"review_by": "2027-03-01"},
            {"review_by": "2027-06-01"},
            ("is to be reviewed by 2027-06-01",),
        ),
        (
            "comparison",
            {"review_by": "2027-03-01"},
            {},
            ("is no longer to be reviewed by a day",),
        ),
        (
            "technology",
            {"owner": "Ada\u00a0L"},
            {"owner": "Ada L"},
            ("owner changes only in what cannot be seen",),
        ),
        ("category", {}, {"position": 3}, ("place in lists changes",)),
        ("category", {}, {"best_for": "APIs"}, ("best for: “APIs” is added",)),
        ("category", {"qualifier": "A"}, {}, ("qualifier: “A” is removed",)),
        ("technology", {"summary": "A"}, {"summary": "B"}, ("summary: “A” becomes “B”",)),
        ("technology", {}, {"kind": "library"}, ("kind: “framework” becomes “library”",)),
        (
            "technology",
            {"website": "https://a"},
            {"website": ADDRESS},
            (
                "website: “https://a” becomes "
                "“https://example.org/a/page/whose/address/is/longer/than/a/s…”",
            ),
        ),
        (
            "technology",
            {"lifecycle": "active"},
            {"lifecycle": "deprecated", "replaced_by": ["pwdlib"]},
            ("active becomes deprecated, replaced by pwdlib",),
        ),
        ("technology", {}, {"lifecycle": "end-of-life"}, ("unknown becomes end of life",)),
        ("technology", {"lifecycle": "active"}, {}, ("active becomes unknown",)),
        ("technology", {}, {"replaced_by": ["pwdlib"]}, ("is replaced by pwdlib",)),
        ("technology", {"replaced_by": ["pwdlib"]}, {}, ("is no longer replaced by pwdlib",)),
        (
            "technology",
            {"replaced_by": ["pwdlib"]},
            {"replaced_by": ["argon2"]},
            ("is replaced by argon2 instead of pwdlib",),
        ),
        (
            "technology",
            {"lifecycle": "deprecated", "replaced_by": ["pwdlib"]},
            {"lifecycle": "active"},
            ("deprecated becomes active", "is no longer replaced by pwdlib"),
        ),
        (
            "technology",
            {},
            {"lifecycle_verified_on": "2026-11-22"},
            ("lifecycle verified on 2026-11-22",),
        ),
        (
            "technology",
            {"lifecycle_verified_on": "2026-11-22"},
            {},
            ("lifecycle is no longer verified",),
        ),
        ("snippet", {}, {"code": "print()"}, ("code changes",)),
        ("snippet", {}, {"run_with": "django 5.2"}, ("run with django 5.2",)),
        ("snippet", {"run_with": "A"}, {}, ("no longer says what it was run with",)),
        (
            "snippet",
            {},
            {"technology": None, "category": ["web"]},
            ("moves from “Quart” to “Web”",),
        ),
        ("snippet", {}, {"language": "toml"}, ("language: “python” becomes “toml”",)),
        ("comparison", {}, {"category": ["web"]}, ("moves from “Async” to “Web”",)),
        (
            "comparison",
            {},
            {"review_months": 24},
            ("review period changes from 12 to 24 months",),
        ),
        (
            "comparison",
            {},
            {"review_months": 1},
            ("review period changes from 12 to 1 month",),
        ),
        ("comparison", {"verdict": LONG}, {"verdict": f"{LONG}!"}, ("verdict is rewritten",)),
        ("stack", {}, {"name": "Start"}, ("name: “Startup” becomes “Start”",)),
        ("versionset", {}, {"as_of": "2027"}, ("as of 2027",)),
        ("versionset", {}, {"python": "^3.13"}, ("Python rises from ^3.11 to ^3.13",)),
        ("versionset", {}, {"python": "^3.9"}, ("Python falls from ^3.11 to ^3.9",)),
        (
            "versionset",
            {},
            {"python": ">=3.11,<4"},
            ("Python: “^3.11” becomes “>=3.11,<4”",),
        ),
        ("versionset", {}, {"python_note": "New"}, ("note on Python: “New” is added",)),
        (
            "stack",
            {},
            {"status": "published", "position": 1, "introduction": LONG},
            ("is published", "place in lists changes", "introduction is written"),
        ),
    ],
)
def test_what_a_thing_says_differently(
    model: str, before: Fields, after: Fields, sentences: tuple[str, ...]
) -> None:
    assert sentences_of(changed(model, before, after)) == sentences


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (made("category"), What.NEW),
        (gone("category"), What.DELETED),
        (changed("category", {}, {"name": "B"}), What.CHANGED),
        (changed("category", {}, {"name": "B", "status": "published"}), What.PUBLISHED),
        (changed("category", {}, {"status": "archived"}), What.ARCHIVED),
        (changed("category", {"status": "archived"}, {}), What.DRAFT),
    ],
)
def test_what_becomes_of_a_thing(change: RowChange, what: What) -> None:
    [said] = told(change)

    assert said.what == what


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ([made("technology")], "new technology: Quart"),
        (
            [
                made("technology"),
                *(made("point", slug=f"point-{number}") for number in range(4)),
                made("package"),
            ],
            "new technology: Quart, with 4 points and 1 package",
        ),
        (
            [made("technology"), made("point"), made("package"), made("packagefacts")],
            "new technology: Quart, with 1 point and 1 package",
        ),
        (
            [
                made("comparison"),
                made("criteriongroup"),
                made("contender"),
                made("criterion"),
                made("criterion", slug="speed"),
                made("cell"),
            ],
            "new comparison: Async frameworks, with 1 contender, 1 group, 2 rows and 1 cell",
        ),
        (
            [made("stack"), made("role"), made("choice")],
            "new stack: Startup, with 1 role and 1 choice",
        ),
        ([made("versionset"), made("pin")], "new version set: Python 2026, with 1 pin"),
        ([gone("technology"), gone("point"), gone("package")], "Quart: deleted"),
        ([gone("versionset"), gone("pin")], "Python 2026: deleted"),
        (
            [made("technology"), changed("package", {"technology": ["flask"]}, {})],
            "new technology: Quart; quart moves from “Flask” to “Quart”",
        ),
    ],
)
def test_a_thing_that_comes_or_goes_speaks_for_its_parts(
    changes: list[RowChange], line: str
) -> None:
    lines = {tuple(map(str, told(*order))) for order in list(permutations(changes))[:24]}

    assert lines == {(line,)}
