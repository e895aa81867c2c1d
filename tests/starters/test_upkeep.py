"""What became of a stack since a project was started: sentences, steps and a patch."""

from typing import Any

import pytest

from catalog.starters.upkeep import news, to_markdown
from catalog.starters.versions import Requirement
from tests.starters.test_project import guide, piece, row, started, technology


def migration(to: str) -> dict[str, Any]:
    return row("migration", to=[to], effort="small", steps="1. Move.", source="https://a.org/way")


@pytest.fixture
def two_starts() -> tuple[Any, Any, dict[str, Any]]:
    file = piece("file", "main.py", "one\n$settings\n")
    before = started(guide(file), database="big")
    after = started(guide(file, tiny=[piece("s", slot="settings", text="two")]), database="tiny")
    pins = (
        Requirement("api", "api", "api[fast]", ">=2", is_dev=False),
        Requirement("tiny", "tiny", "tiny", ">=1", is_dev=False),
    )
    after = after._replace(edition=9, pinned=after.pinned._replace(requirements=pins, python=">=4"))
    ended = {"lifecycle": "deprecated", "lifecycle_note": "Nobody looks after it."}
    documents = {
        "big": technology("big", migration("tiny"), **ended),
        "api": technology("api", migration("big"), lifecycle="active", lifecycle_note=""),
        "python": technology("python"),
    }
    return before, after, documents


def test_what_was_replaced_raised_or_ended_is_said_with_the_steps(two_starts):
    found = news(*two_starts)

    assert found.sentences == [
        "Database: Big → Tiny.",
        "Python: >=3.11 → >=4.",
        "api[fast]>=1 → api[fast]>=2.",
        "New: tiny>=1.",
        "Big is deprecated now: Nobody looks after it.",
    ]
    assert [(step.title, step.text) for step in found.steps] == [("From Big to Tiny", "1. Move.")]
    assert found.files == 1
    text = to_markdown(found)
    assert text.startswith("- Database: Big → Tiny.\n- Python")
    assert "# From Big to Tiny\n\n1. Move.\n\nSource: <https://a.org/way>\n" in text
    assert text.endswith(
        "The patch of 1 file, for `git apply` or `patch -p1`: <https://guide.org/stacks/small/since/7.patch?database=tiny>\n"
    )


def test_nothing_changed_is_a_sentence_and_so_is_an_edition_without_files(two_starts):
    before, after, _documents = two_starts

    same = to_markdown(news(before, before, before.technologies))
    assert same == (
        "Nothing that this project has changed.\n\nThe files of the project are the same.\n"
    )
    bare = started([technology(slug) for slug in ("python", "api", "big", "tiny")])
    assert news(bare, after, bare.technologies).patch is None
    assert "There is no patch" in to_markdown(news(bare, after, bare.technologies))


def test_what_was_withdrawn_since_is_named_no_more(two_starts):
    before, after, documents = two_starts
    del documents["big"]

    found = news(before, after, documents)

    assert found.sentences[0] == "Database: nothing → Tiny."
    assert "Big" not in to_markdown(found)
    assert found.patch is None
