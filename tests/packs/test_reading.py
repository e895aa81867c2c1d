"""A pack that may be loaded: what is read of it, wherever it lies and however it is written."""

import json
from pathlib import Path

import pytest
import yaml
from django.conf import settings as site

from catalog.history.rows import MODELS, RowKey, key_of
from catalog.packs import parse
from catalog.packs.entries import digest_of, read
from tests.packs.written import MANIFEST, row, rows_of, technology, write, write_zip

GUIDE = site.BASE_DIR / "fixtures" / "guide-2025"
FILES = {path.relative_to(GUIDE).as_posix(): path for path in sorted(GUIDE.glob("*/*.yaml"))}


def shipped_rows():
    """What any YAML parser finds in the shipped guide, dates as text."""
    rows = [entry for path in FILES.values() for entry in yaml.safe_load(path.read_text())]
    return json.loads(json.dumps(rows, default=str))


def test_the_shipped_guide_is_read_to_the_letter() -> None:
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


def test_a_row_says_where_it_stands(tmp_path: Path) -> None:
    pack = write(
        tmp_path / "pack",
        {"b/two.yaml": [technology(slug="c")], "a.yaml": [technology(), technology(slug="b")]},
    )

    incoming = read(pack)
    places = [(one.row.key[0], one.file, one.entry) for one in incoming.rows("technology")]

    assert places == [("flask", "a.yaml", 1), ("b", "a.yaml", 2), ("c", "b/two.yaml", 1)]


def test_fields_that_an_entry_leaves_out_are_left_out(tmp_path: Path) -> None:
    pack = write(tmp_path / "pack", {"a.yaml": [row("technology", slug="flask", summary="Small.")]})

    assert rows_of(pack) == [("technology", ("flask",), {"slug": "flask", "summary": "Small."})]


def test_the_pack_tells_which_rows_it_has_and_gives_them_as_often_as_asked(tmp_path: Path) -> None:
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
def test_each_value_is_what_its_document_would_say(tmp_path: Path, monkeypatch, parser) -> None:
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
                "code": "a\nb\rc\n",
                "run_with": "2026-11-22",
                "position": 10,
            },
        ),
    ]


def test_json_says_the_same_as_yaml(tmp_path: Path) -> None:
    rows = shipped_rows()
    in_json = {f"{number:04}.json": rows[number : number + 50] for number in range(0, 500, 50)}

    assert rows_of(write(tmp_path / "pack", in_json)) == rows_of(
        write(tmp_path / "other", {"all.yaml": rows})
    )


@pytest.mark.parametrize("name", ["a.yaml", "a.json"])
def test_a_mark_of_the_encoding_is_no_text(tmp_path: Path, name: str) -> None:
    content = json.dumps([technology()]).encode("utf-8-sig")

    assert len(rows_of(write(tmp_path / "pack", {name: content}))) == 1


def test_what_is_no_fixture_is_left_alone(tmp_path: Path) -> None:
    others = {
        **dict.fromkeys(["README.md", "a.yaml.orig", ".hidden.yaml", ".git/a.yaml"], "{"),
        "__MACOSX/a.yaml": b"\0",
    }
    files = {**others, "a.yaml": [technology()], "B.YAML": [technology(slug="b")]}

    pack = write(tmp_path / "pack", files)
    archive = write_zip(tmp_path / "pack.zip", files)

    assert [key for _model, key, _fields in rows_of(pack)] == [("b",), ("flask",)]
    assert rows_of(archive) == rows_of(pack)


def test_the_same_files_have_one_digest_wherever_they_lie(tmp_path: Path) -> None:
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
def test_other_files_have_another_digest(tmp_path: Path, files) -> None:
    pack = write(tmp_path / "a", {"a.yaml": [technology()], "b.yaml": [technology(slug="b")]})

    assert digest_of(write(tmp_path / "b", files)) != digest_of(pack)


def test_a_link_to_a_pack_is_a_way_to_it(tmp_path: Path) -> None:
    write(tmp_path / "real", {"a.yaml": [technology()]})
    (tmp_path / "folder").symlink_to(tmp_path / "real")
    (tmp_path / "flask.yaml").symlink_to(tmp_path / "real" / "a.yaml")

    folder = read(tmp_path / "folder")
    file = read(tmp_path / "flask.yaml")
    assert [folder.manifest.name, file.manifest.name] == ["folder", "flask"]
    assert [one.fields for one in folder.rows("technology")] == [
        one.fields for one in file.rows("technology")
    ]
