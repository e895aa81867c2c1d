"""What a pack says of itself, and what is made of a pack that says nothing."""

from pathlib import Path

import pytest

from catalog.packs.entries import read
from catalog.packs.manifest import Manifest
from tests.packs.written import problems_of, technology, write, write_zip


def manifest_of(path: Path) -> Manifest:
    incoming = read(path)
    return incoming.manifest


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name: guide\nversion: '1'\n", Manifest("guide", "1", complete=False, over=())),
        (
            "{name: a-b, version: 2026.11.post1, complete: true, over: [c, d]}",
            Manifest("a-b", "2026.11.post1", complete=True, over=("c", "d")),
        ),
        ("name: guide\nversion: 1.0rc1\n", Manifest("guide", "1.0rc1", complete=False, over=())),
    ],
)
def test_a_manifest_says_what_a_pack_is(tmp_path: Path, text: str, expected: Manifest) -> None:
    pack = write(tmp_path / "folder", {"pack.yaml": text, "a.yaml": [technology()]})

    assert manifest_of(pack) == expected


@pytest.mark.parametrize(
    ("place", "name"),
    [
        ("guide-2025", "guide-2025"),
        ("v1.2", "v12"),
        ("Our Guide_2", "our-guide-2"),
        ("x" * 90, "x" * 80),
    ],
)
def test_a_pack_without_a_manifest_is_partial_and_named_after_its_place(
    tmp_path: Path, place: str, name: str
) -> None:
    expected = Manifest(name, "0", complete=False, over=())

    folder = write(tmp_path / place, {"a.yaml": [technology()]})

    assert manifest_of(folder) == expected
    assert manifest_of(folder / "a.yaml").name == "a"
    assert manifest_of(write_zip(tmp_path / f"{place}.zip", {"a.yaml": [technology()]})) == expected


def test_a_place_of_which_no_name_can_be_made_needs_a_manifest(tmp_path: Path) -> None:
    pack = write(tmp_path / "指南", {"a.yaml": [technology()]})

    assert problems_of(pack) == [
        "指南: No name for the pack can be made of “指南”; add a pack.yaml that gives one."
    ]


SLUG = "Use lower-case letters, digits and single hyphens between them: “task-queues”."
GOOD = "name: guide\nversion: '1'\n"
REFUSED = [
    (f"{GOOD}author: me\n", ", field “author”: A pack does not say this of itself; remove it."),
    ("version: '1'\n", ", field “name”: It is missing; a pack has a name, such as guide-2026-11."),
    ("name: 5\nversion: '1'\n", ", field “name”: It takes text; write it in quotes."),
    ("name: A Guide\nversion: '1'\n", f", field “name”: {SLUG}"),
    ("name: '../a'\nversion: '1'\n", f", field “name”: {SLUG}"),
    (
        f"name: {'a' * 81}\nversion: '1'\n",
        ", field “name”: It is longer than 80 characters; shorten it.",
    ),
    ("name: guide\n", ", field “version”: It is missing; a pack has a version, such as '1'."),
    (
        "name: guide\nversion: 1.10\n",
        ", field “version”: It takes text; write it in quotes: '1.10' is another version than 1.1.",
    ),
    (
        "name: guide\nversion: 1 of 2\n",
        ", field “version”: “1 of 2” is no version; write numbers with dots between them, such as "
        "'1.2'.",
    ),
    (
        "name: guide\nversion: ' 1'\n",
        ", field “version”: “ 1” is no version; write numbers with dots between them, such as "
        "'1.2'.",
    ),
    (
        f"name: guide\nversion: '{'1.' * 30}1'\n",
        ", field “version”: It is longer than 40 characters; shorten it.",
    ),
    (f"{GOOD}complete: 'yes'\n", ", field “complete”: It takes true or false."),
    (f"{GOOD}complete: null\n", ", field “complete”: It takes true or false."),
    (
        f"{GOOD}over: guide-2025\n",
        ", field “over”: It takes a list of the names of packs: [guide-2025].",
    ),
    (f"{GOOD}over: [A]\n", f", field “over”: “A”: {SLUG}"),
    (f"{GOOD}over: [1]\n", ", field “over”: “1”: It takes text; write it in quotes."),
    (f"{GOOD}over: [[a]]\n", ", field “over”: “['a']”: It takes text; write it in quotes."),
    (f"{GOOD}over: [guide]\n", ", field “over”: A pack is not over itself; remove “guide”."),
    (f"{GOOD}over: [a, b, a]\n", ", field “over”: It names a pack twice; name each once."),
    (f"{GOOD}name: other\n", ": “name” stands there twice; keep one of them."),
    ("", ": It is no mapping; write name, version, complete and over."),
    ("- a\n", ": It is no mapping; write name, version, complete and over."),
    (
        "name: [\n",
        ": It is no valid YAML (line 2, column 1): did not find expected node content.",
    ),
    (b"\xff\xfen\0", ": It is no UTF-8 text; save it in the encoding UTF-8."),
]


@pytest.mark.parametrize(("text", "sentence"), REFUSED)
def test_a_manifest_that_cannot_be_meant_is_refused(tmp_path: Path, text, sentence: str) -> None:
    pack = write(tmp_path / "pack", {"pack.yaml": text, "a.yaml": [technology()]})

    assert problems_of(pack) == [f"pack.yaml{sentence}"]


def test_all_that_is_wrong_with_a_manifest_is_said_at_once_and_with_the_rest(
    tmp_path: Path,
) -> None:
    pack = write(
        tmp_path / "pack",
        {"pack.yaml": "{name: 1, version: 2, over: 3}", "z.yaml": [technology(kind="toy")]},
    )

    assert [line.split(":")[0] for line in problems_of(pack)] == [
        "pack.yaml, field “name”",
        "pack.yaml, field “version”",
        "pack.yaml, field “over”",
        "z.yaml, entry 1, field “kind”",
    ]


def test_a_manifest_elsewhere_is_not_taken_for_the_packs_own(tmp_path: Path) -> None:
    pack = write(tmp_path / "pack", {"a.yaml": [technology()], "sub/pack.yaml": GOOD})

    assert problems_of(pack) == [
        "sub/pack.yaml: What a pack says of itself stands at its top, beside all other files."
    ]


def test_a_manifest_alone_is_no_pack(tmp_path: Path) -> None:
    sentence = "There is no fixture in it: no .yaml, .yml or .json file."

    assert problems_of(write(tmp_path / "pack", {"pack.yaml": GOOD})) == [f"pack: {sentence}"]
    assert problems_of(tmp_path / "pack" / "pack.yaml") == [f"pack.yaml: {sentence}"]
