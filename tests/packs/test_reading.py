"""A pack that may be loaded: what is read of it, wherever it lies and however it is written."""

import json
from pathlib import Path

import pytest
import yaml
from django.conf import settings as site

from catalog.history.rows import MODELS, RowKey, key_of
from catalog.packs import parse
from catalog.packs.entries import digest_of, read
from catalog.packs.manifest import Manifest
from catalog.packs.problems import MOST_PROBLEMS, RefusedError
from tests.packs.written import MANIFEST, problems_of, row, rows_of, technology, write, write_zip

GUIDE = site.BASE_DIR / "fixtures" / "guide-2025"
FILES = {path.relative_to(GUIDE).as_posix(): path for path in sorted(GUIDE.glob("*/*.yaml"))}


def shipped_rows():
    """What any YAML parser finds in the shipped guide, dates as text."""
    rows = [entry for path in FILES.values() for entry in yaml.safe_load(path.read_text())]
    return json.loads(json.dumps(rows, default=str))


def test_the_shipped_guide_is_read_to_the_letter():
    by_model = {model: [] for model in MODELS}
    for entry in shipped_rows():
        by_model[entry["model"].removeprefix("catalog.")].append(entry)

    incoming = read(GUIDE)
    found = {model: [*incoming.rows(model)] for model in MODELS}

    assert incoming.manifest.name == "guide-2025"
    assert len(incoming) == sum(map(len, by_model.values()))
    for model, entries in by_model.items():
        assert [(one.row.key, one.fields) for one in found[model]] == [
            (key_of(entry).key, entry["fields"]) for entry in entries
        ]


def test_a_row_says_where_it_stands(tmp_path):
    pack = write(
        tmp_path / "pack",
        {"b/two.yaml": [technology(slug="c")], "a.yaml": [technology(), technology(slug="b")]},
    )

    incoming = read(pack)
    places = [(one.row.key[0], one.file, one.entry) for one in incoming.rows("technology")]

    assert places == [("flask", "a.yaml", 1), ("b", "a.yaml", 2), ("c", "b/two.yaml", 1)]


def test_fields_that_an_entry_leaves_out_are_left_out(tmp_path):
    pack = write(tmp_path / "pack", {"a.yaml": [row("technology", slug="flask", summary="Small.")]})

    assert rows_of(pack) == [("technology", ("flask",), {"slug": "flask", "summary": "Small."})]


def test_the_pack_tells_which_rows_it_has_and_gives_them_as_often_as_asked(tmp_path):
    point = row("point", technology=["flask"], slug="small")

    incoming = read(write(tmp_path / "pack", {"a.yaml": [technology(), point]}))
    first, again = incoming.rows("technology"), incoming.rows("technology")

    assert first[0] == again[0]
    assert [*incoming.rows("cell")] == []
    assert len(incoming) == 2
    assert RowKey("point", ("flask", "small")) in incoming
    assert RowKey("point", ("flask", "large")) not in incoming
    assert RowKey("alias", ("flask", "small")) not in incoming


@pytest.mark.parametrize("parser", [parse.PARSER, yaml.SafeLoader], ids=["fast", "plain"])
def test_each_value_is_what_its_document_would_say(tmp_path, monkeypatch, parser):
    monkeypatch.setattr(parse, "PARSER", parser)
    text = """
    - model: catalog.snippet
      fields:
        slug: hello
        title: "Say\\thello"
        technology: [flask]
        category: null
        language: python
        code: "a\\r\\nb\\rc\\n"
        run_with: !!str 2026-11-22
        position: 10
    - model: catalog.packagefacts
      fields: {package: [flask], latest_version: '3.1', is_yanked: no, read_on: 2026-11-22}
    - model: "catalog.technology"
      "fields": {"slug": "e", "name": "É 🐍", lifecycle_verified_on: ~}
    """

    facts = {"package": ["flask"], "latest_version": "3.1", "is_yanked": False}
    assert rows_of(write(tmp_path, {"pack.d/a.yml": text}) / "pack.d") == [
        ("technology", ("e",), {"slug": "e", "name": "É 🐍", "lifecycle_verified_on": None}),
        ("packagefacts", ("flask",), {**facts, "read_on": "2026-11-22"}),
        (
            "snippet",
            ("hello",),
            {
                "slug": "hello",
                "title": "Say\thello",
                "technology": ["flask"],
                "category": None,
                "language": "python",
                "code": "a\nb\nc\n",
                "run_with": "2026-11-22",
                "position": 10,
            },
        ),
    ]


def test_json_says_the_same_as_yaml(tmp_path):
    rows = shipped_rows()
    in_json = {f"{number:04}.json": rows[number : number + 50] for number in range(0, 500, 50)}

    assert rows_of(write(tmp_path / "pack", in_json)) == rows_of(
        write(tmp_path / "other", {"all.yaml": rows})
    )


@pytest.mark.parametrize("name", ["a.yaml", "a.json"])
def test_a_mark_of_the_encoding_is_no_text(tmp_path, name):
    content = json.dumps([technology()]).encode("utf-8-sig")

    assert len(rows_of(write(tmp_path / "pack", {name: content}))) == 1


def test_what_is_no_fixture_is_left_alone(tmp_path):
    others = {
        **dict.fromkeys(["README.md", "a.yaml.orig", ".hidden.yaml", ".git/a.yaml"], "{"),
        "__MACOSX/a.yaml": b"\0",
    }
    files = {**others, "a.yaml": [technology()], "B.YAML": [technology(slug="b")]}

    pack = write(tmp_path / "pack", files)
    archive = write_zip(tmp_path / "pack.zip", files)

    assert [key for _model, key, _fields in rows_of(pack)] == [("b",), ("flask",)]
    assert rows_of(archive) == rows_of(pack)


def test_the_same_files_have_one_digest_wherever_they_lie(tmp_path):
    files = {"pack.yaml": MANIFEST, "b/a.yaml": [technology()], "a.json": [technology(slug="b")]}
    places = [
        write(tmp_path / "folder", files),
        write(tmp_path / "elsewhere", {**files, "README.md": "Not read."}),
        write_zip(tmp_path / "packed.zip", files),
        write_zip(tmp_path / "in.zip", {f"folder/{name}": text for name, text in files.items()}),
    ]

    digests = {digest_of(place) for place in places}
    for place in places:
        incoming = read(place)
        digests.add(incoming.digest)
        assert incoming.manifest.name == "guide-2026"

    assert len(digests) == 1


@pytest.mark.parametrize(
    "files",
    [
        {"a.yaml": [technology(name="Other")], "b.yaml": [technology(slug="b")]},
        {"a.yaml": [technology()], "c.yaml": [technology(slug="b")]},
        {"a.yaml": [technology()]},
        {"pack.yaml": MANIFEST, "a.yaml": [technology()], "b.yaml": [technology(slug="b")]},
    ],
    ids=["another value", "another name", "a file less", "a manifest more"],
)
def test_other_files_have_another_digest(tmp_path, files):
    pack = write(tmp_path / "a", {"a.yaml": [technology()], "b.yaml": [technology(slug="b")]})

    assert digest_of(write(tmp_path / "b", files)) != digest_of(pack)


def test_a_link_to_a_pack_is_a_way_to_it(tmp_path):
    write(tmp_path / "real", {"a.yaml": [technology()]})
    (tmp_path / "folder").symlink_to(tmp_path / "real")
    (tmp_path / "flask.yaml").symlink_to(tmp_path / "real" / "a.yaml")

    folder = read(tmp_path / "folder")
    file = read(tmp_path / "flask.yaml")
    assert [folder.manifest.name, file.manifest.name] == ["folder", "flask"]
    assert [one.fields for one in folder.rows("technology")] == [
        one.fields for one in file.rows("technology")
    ]


# How much of a pack is read -----------------------------------------------------------------------


def test_a_pack_may_hold_as_many_bytes_as_allowed_and_no_more(tmp_path, settings):
    pack = write(tmp_path / "pack", {"a.yaml": [technology()], "b.yaml": [technology(slug="b")]})
    size = sum(path.stat().st_size for path in pack.iterdir())

    settings.PACK_MAX_BYTES = size
    assert problems_of(pack) == []

    settings.PACK_MAX_BYTES = size - 1
    assert problems_of(pack) == [
        f"pack: The files of this pack hold more than {size - 1} bytes together; split it into "
        "several packs, or raise PACK_MAX_BYTES."
    ]


def test_a_pack_may_hold_as_many_rows_as_allowed_and_no_more(tmp_path, settings):
    rows = [technology(slug=f"t-{number}") for number in range(5)]
    pack = write(tmp_path / "pack", {"a.yaml": rows[:3], "b.json": rows[3:]})

    settings.PACK_MAX_ROWS = 5
    assert problems_of(pack) == []

    settings.PACK_MAX_ROWS = 4
    assert problems_of(pack) == [
        "pack: This pack holds more than 4 rows; split it into several packs, or raise "
        "PACK_MAX_ROWS."
    ]


def test_whoever_takes_fewer_rows_says_how_more_are_loaded(tmp_path, settings):
    pack = write(tmp_path / "pack", {"a.json": [technology(slug=f"t-{n}") for n in range(5)]})
    settings.PACK_MAX_ROWS = 6

    with pytest.raises(RefusedError) as refused:
        read(pack, most=4)

    assert str(refused.value) == (
        "pack: This pack holds more than 4 rows; split it into several packs, or load it with the "
        "command load_pack, which takes 6."
    )


def test_a_folder_that_holds_far_more_files_is_not_looked_through(tmp_path, settings):
    settings.PACK_MAX_ROWS = 10
    pack = write(tmp_path / "pack", {f"sub/{number}.txt": "" for number in range(11)})

    assert problems_of(pack) == ["pack: This folder holds more than 10 files; it is hardly a pack."]


@pytest.mark.parametrize("name", ["a.yaml", "a.json"])
def test_a_file_may_be_as_deep_as_allowed_and_no_deeper(tmp_path, settings, name):
    pack = write(tmp_path / "pack", {name: [row("technology", slug="a", replaced_by=["b"])]})

    settings.PACK_MAX_DEPTH = 4
    assert problems_of(pack) == []

    settings.PACK_MAX_DEPTH = 3
    assert problems_of(pack) == [
        f"{name}: It is nested more than 3 levels deep; an entry needs four."
    ]


def test_as_many_problems_are_told_as_somebody_reads_and_the_rest_is_counted(tmp_path):
    again = [technology()] * (MOST_PROBLEMS + 5)
    files = {"a.json": [technology(kind="toy")] * 250, "b.json": [technology(slug="b"), *again]}

    with pytest.raises(RefusedError) as refused:
        read(write(tmp_path / "pack", files)).problems.refuse()

    assert len(refused.value.problems) == MOST_PROBLEMS
    assert refused.value.more == 50 + 249 + MOST_PROBLEMS + 5
    lines = str(refused.value).split("\n")
    assert lines[-1] == f"And {50 + 249 + MOST_PROBLEMS + 5} more problems."


@pytest.mark.parametrize(
    ("name", "fields", "most"),
    [
        ("a.yaml", "{" + "a: 1, " * 900 + "b: 1}", 20),
        ("a.json", "{" + "".join(f'"{n}": 1, "{n}": 1, ' for n in range(450)) + '"b": 1}', 20),
    ],
)
def test_of_one_entry_no_more_faults_are_told_than_help(tmp_path, name, fields, most):
    if name == "a.yaml":
        fields = fields.replace("a: 1, " * 900, "a: 1, " * 450)
    assert len(problems_of(write(tmp_path / "pack", {name: f"[{fields}]"}))) == most


# What a pack says of itself, and what is made of a pack that says nothing -------------------------


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
def test_a_manifest_says_what_a_pack_is(tmp_path, text, expected):
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
def test_a_pack_without_a_manifest_is_partial_and_named_after_its_place(tmp_path, place, name):
    expected = Manifest(name, "0", complete=False, over=())

    folder = write(tmp_path / place, {"a.yaml": [technology()]})

    assert manifest_of(folder) == expected
    assert manifest_of(folder / "a.yaml").name == "a"
    assert manifest_of(write_zip(tmp_path / f"{place}.zip", {"a.yaml": [technology()]})) == expected


def test_a_place_of_which_no_name_can_be_made_needs_a_manifest(tmp_path):
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
    (f"name: {'a' * 81}\nversion: '1'\n",
     ", field “name”: It is longer than 80 characters; shorten it."),
    ("name: guide\n", ", field “version”: It is missing; a pack has a version, such as '1'."),
    ("name: guide\nversion: 1.10\n",
     ", field “version”: It takes text; write it in quotes: '1.10' is another version than 1.1."),
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
    (f"name: guide\nversion: '{'1.' * 30}1'\n",
     ", field “version”: It is longer than 40 characters; shorten it."),
    (f"{GOOD}complete: 'yes'\n", ", field “complete”: It takes true or false."),
    (f"{GOOD}complete: null\n", ", field “complete”: It takes true or false."),
    (f"{GOOD}over: guide-2025\n",
     ", field “over”: It takes a list of the names of packs: [guide-2025]."),
    (f"{GOOD}over: [A]\n", f", field “over”: “A”: {SLUG}"),
    (f"{GOOD}over: [1]\n", ", field “over”: “1”: It takes text; write it in quotes."),
    (f"{GOOD}over: [[a]]\n", ", field “over”: “['a']”: It takes text; write it in quotes."),
    (f"{GOOD}over: [guide]\n", ", field “over”: A pack is not over itself; remove “guide”."),
    (f"{GOOD}over: [a, b, a]\n", ", field “over”: It names a pack twice; name each once."),
    (f"{GOOD}name: other\n", ": “name” stands there twice; keep one of them."),
    ("", ": It is no mapping; write name, version, complete and over."),
    ("- a\n", ": It is no mapping; write name, version, complete and over."),
    ("name: [\n", ": It is no valid YAML (line 2, column 1): did not find expected node content."),
    (b"\xff\xfen\0", ": It is no UTF-8 text; save it in the encoding UTF-8."),
]  # fmt: skip


@pytest.mark.parametrize(("text", "sentence"), REFUSED)
def test_a_manifest_that_cannot_be_meant_is_refused(tmp_path, text, sentence):
    pack = write(tmp_path / "pack", {"pack.yaml": text, "a.yaml": [technology()]})

    assert problems_of(pack) == [f"pack.yaml{sentence}"]


def test_all_that_is_wrong_with_a_manifest_is_said_at_once_and_with_the_rest(tmp_path):
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


def test_a_manifest_elsewhere_is_not_taken_for_the_packs_own(tmp_path):
    pack = write(tmp_path / "pack", {"a.yaml": [technology()], "sub/pack.yaml": GOOD})

    assert problems_of(pack) == [
        "sub/pack.yaml: What a pack says of itself stands at its top, beside all other files."
    ]


def test_a_manifest_alone_is_no_pack(tmp_path):
    sentence = "There is no fixture in it: no .yaml, .yml or .json file."

    assert problems_of(write(tmp_path / "pack", {"pack.yaml": GOOD})) == [f"pack: {sentence}"]
    assert problems_of(tmp_path / "pack" / "pack.yaml") == [f"pack.yaml: {sentence}"]
