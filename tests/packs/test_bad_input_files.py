"""Files that cannot be read, or not without doubt about what they say."""

import json
import os
import stat
import zipfile
from pathlib import Path

import pytest
import yaml
from django.conf import settings as site

from catalog.packs import files, parse
from catalog.packs.entries import digest_of, read
from catalog.packs.problems import RefusedError
from tests.packs.written import as_text, problems_of, row, rows_of, technology, write, write_zip

FLASK = as_text([technology()], "a.json")
FIXTURE = site.BASE_DIR / "fixtures" / "guide-2025" / "2-technologies" / "flask.yaml"

NO_ENTRY = "It holds no entry; remove it, or write what belongs there."
NO_LIST = "It is no list of entries; write each as “model” and “fields”, in a list."
NO_UTF_8 = "It is no UTF-8 text; save it in the encoding UTF-8."
DEEP = "It is nested more than 20 levels deep; an entry needs four."

every_parser = pytest.mark.parametrize(
    "parser", [parse.PARSER, yaml.SafeLoader], ids=["fast", "plain"]
)


def problems(folder: Path, name: str, content) -> list[str]:
    return problems_of(write(folder / "pack", {name: content}))


WHOLE_FILES = [
    ("a.yaml", "", NO_ENTRY),
    ("a.json", "", NO_ENTRY),
    ("a.json", " \n", NO_ENTRY),
    ("a.yaml", "# only a comment\n", NO_ENTRY),
    ("a.yaml", "[]", NO_ENTRY),
    ("a.json", "[]", NO_ENTRY),
    *[(name, text, NO_LIST) for name in ("a.yaml", "a.json") for text in ("7", "null")],
    ("a.yaml", "hello", NO_LIST),
    ("a.json", "hello", "It is no valid JSON (line 1, column 1): Expecting value."),
    ("a.yaml", "---\n", NO_LIST),
    ("a.yaml", "model: catalog.technology\n", NO_LIST),
    ("a.json", "{}", NO_LIST),
    ("a.json", '"[]"', NO_LIST),
    ("a.yaml", FLASK.decode().encode("utf-16"), NO_UTF_8),
    ("a.json", FLASK.decode().encode("utf-16-be"), NO_UTF_8),
    ("a.json", FLASK.decode().encode("utf-32"), NO_UTF_8),
    ("a.yaml", b"- a: 1\n- b: \xe9\n",
     "It is no UTF-8 text from line 2 on; save it in the encoding UTF-8."),
    ("a.yaml", FLASK + b"\n--- []\n", "It holds several documents; put them into one list."),
    (
        "a.yaml",
        b"- a\n- \x07\n",
        "It is no valid YAML: it holds characters that are not allowed (control characters are "
        "not allowed).",
    ),
    ("a.yaml", "- a: b: c\n",
     "It is no valid YAML (line 1, column 7): mapping values are not allowed in this context."),
    ("a.json", "[1", "It is no valid JSON (line 1, column 3): Expecting ',' delimiter."),
    ("a.json", "[,]", "It is no valid JSON (line 1, column 2): Expecting value."),
    ("a.json", FLASK + b"\n]", "It is no valid JSON (line 2, column 1): Extra data."),
    ("a.json", "[[" * 50_000, DEEP),
    ("a.yaml", "[[" * 50_000, DEEP),
    ("a.yaml", "- " * 50_000, DEEP),
    ("a.json", '[{"a":' * 50_000, DEEP),
    ("a.yaml", "- " + "{a: " * 50_000, DEEP),
    ("a.json", '["' + '\\"' * 100_000, "It is no valid JSON (line 1, column 2): Unterminated "
     "string starting at."),
]  # fmt: skip  # fmt: skip


@pytest.mark.parametrize(("name", "content", "sentence"), WHOLE_FILES)
def test_a_file_that_is_no_list_of_entries_is_refused(tmp_path, name, content, sentence):
    found = [line for line in problems(tmp_path, name, content) if "entry" not in line[:13]]

    assert found == [f"{name}: {sentence}"]


@pytest.mark.parametrize("tenth", range(1, 10))
def test_a_file_that_was_cut_off_is_read_as_far_as_it_goes_or_refused(tmp_path, tenth):
    text = FIXTURE.read_bytes()
    in_json = json.dumps(yaml.safe_load(text)).encode()

    for name, content in (("a.yaml", text), ("a.json", in_json)):
        cut = problems(tmp_path / name, name, content[: len(content) * tenth // 10])

        assert [line for line in cut if not line.startswith(name)] == []
        assert len(cut) == 1 or name == "a.yaml"


ENTRY = "An entry is a mapping with “model” and “fields”."
MAPPING = "The fields of an entry are a mapping from name to value."
MORE = "An entry has “model” and “fields” only; remove it."
NO_KEY = "No entry gives a primary key; rows are named by their fields. Remove it."


@pytest.mark.parametrize(
    ("entry", "field", "sentence"),
    [
        *[(entry, "", ENTRY) for entry in (None, "flask", 7, [], True)],
        ({"model": "catalog.technology"}, "fields", MAPPING),
        ({"model": "catalog.technology", "fields": [1]}, "fields", MAPPING),
        ({**technology(), "comment": ""}, "comment", MORE),
        *[({**technology(), "pk": pk}, "pk", NO_KEY) for pk in (1, True, 1.9, "7", None, {}, -1)],
    ],
)
@pytest.mark.parametrize("name", ["a.json", "a.yaml"])
def test_an_entry_of_another_form_is_refused(tmp_path, name, entry, field, sentence):
    place = f"{name}, entry 2, field “{field}”" if field else f"{name}, entry 2"

    assert problems(tmp_path, name, [technology(slug="b"), entry]) == [f"{place}: {sentence}"]


@pytest.mark.parametrize(
    "model",
    [
        *("auth.user", "auth.group", "sessions.session", "admin.logentry", "catalog.edition"),
        *("catalog.packload", "catalog.base", "catalog.Technology", "technology", "catalog.", ""),
        *(None, 7, ["catalog.technology"]),
    ],
)
def test_only_content_is_loaded(tmp_path, model):
    fields = {"username": "root", "is_superuser": True}

    (line,) = problems(tmp_path, "a.json", [{"model": model, "fields": fields}])

    said = f"a.json, entry 1, field “model”: “{model}” is none of the models of content: catalog."
    assert line.startswith(said)


# What notations allow and fixtures do not ------------------------------------------------------


MARKED = "It marks a value with &x to be used elsewhere; write it out each time."
TAGGED = "It has the tag %s; write plain text, numbers, lists and mappings."
NO_NAME = "A name in it is no text; write it in quotes."
MISREAD = {
    "- {a: &x 1, b: 2}": MARKED,
    "- &x {a: 1}": MARKED,
    "- {a: !!str &x b}": MARKED,
    "- {a: !!python/object/apply:os.system [ls]}": TAGGED
    % "tag:yaml.org,2002:python/object/apply:os.system",
    "- !local {a: b}": TAGGED % "!local",
    "- {a: !!binary aGk=}": TAGGED % "tag:yaml.org,2002:binary",
    "- !!set {a}": TAGGED % "tag:yaml.org,2002:set",
    "- {a: !!timestamp 2026-11-22}": TAGGED % "tag:yaml.org,2002:timestamp",
    "- {a: 1, a: 2}": "“a” stands there twice; keep one of them.",
    "- {x: {b: 1, 'b': 1}}": "“b” stands there twice; keep one of them.",
    "- {<<: {a: 1}}": "It takes over other values with “<<”; write them out.",
    "- {1: a}": NO_NAME,
    "- {no: a}": NO_NAME,
    "- {? [a, b] : c}": NO_NAME,
}


@pytest.mark.parametrize(("text", "sentence"), MISREAD.items())
@every_parser
def test_yaml_that_could_be_misread_is_refused(tmp_path, monkeypatch, parser, text, sentence):
    monkeypatch.setattr(parse, "PARSER", parser)

    assert problems(tmp_path, "a.yaml", text) == [f"a.yaml, entry 1: {sentence}"]


def test_a_key_that_stands_twice_in_json_is_refused(tmp_path):
    good = FLASK.decode()[1:-1]
    text = f'[{good}, {{"model": "catalog.guide", "fields": {{"slug": "a", "slug": "b"}}}}]'

    assert problems(tmp_path, "a.json", text) == [
        "a.json, entry 2: “slug” stands there twice; keep one of them."
    ]


@every_parser
def test_an_alias_bomb_is_as_short_as_it_looks(tmp_path, monkeypatch, parser):
    monkeypatch.setattr(parse, "PARSER", parser)
    lists = [f"- &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]

    found = problems(tmp_path, "a.yaml", "- &a0 [lol]\n" + "\n".join(lists))

    assert len(found) == 1 + 11 * 10
    assert found[1:3] == [
        "a.yaml, entry 2: It marks a value with &a1 to be used elsewhere; write it out each time.",
        "a.yaml, entry 2: It uses a value from elsewhere (*a0); write it out.",
    ]


def test_an_alias_of_an_entry_that_was_fine_is_refused(tmp_path):
    text = "- &a {model: catalog.technology, fields: {slug: a}}\n- *a\n"

    assert problems(tmp_path, "a.yaml", text) == [
        "a.yaml, entry 1: It marks a value with &a to be used elsewhere; write it out each time.",
        "a.yaml, entry 2: It uses a value from elsewhere (*a); write it out.",
    ]


# The same row twice ----------------------------------------------------------------------------


def test_a_row_that_the_pack_gives_twice_is_refused_with_both_places(tmp_path):
    point = row("point", technology=["flask"], slug="small")
    content = {
        "a.yaml": [technology(), point],
        "b.yaml": [technology(name="Other")],
        "c.json": [row("point", technology=["django"], slug="small"), point, point],
    }
    twice = "The pack gives this row twice: “%s” stands in a.yaml, entry %d, already. Keep one of "
    twice += "the two."

    assert problems_of(write(tmp_path / "pack", content)) == [
        f"b.yaml, entry 1: {twice % ('flask', 1)}",
        f"c.json, entry 2: {twice % ('flask/small', 2)}",
        f"c.json, entry 3: {twice % ('flask/small', 2)}",
    ]


# Where files lie -------------------------------------------------------------------------------

NO_PACK = "A pack is a folder, a .zip, or a .yaml, .yml or .json file."
LINK = "This is a link or a device; put the file itself here."


def test_nothing_that_leads_elsewhere_is_opened(tmp_path):
    outside = write(tmp_path / "outside", {"b.yaml": [technology(slug="b")]})
    pack = write(tmp_path / "pack", {"a.yaml": [technology()]})
    (pack / "b.yaml").symlink_to(outside / "b.yaml")
    (pack / "c").symlink_to(outside)
    (pack / "d.yaml").symlink_to("a.yaml")
    (pack / "e.yaml").symlink_to("nowhere")
    os.mkfifo(pack / "f.yaml")

    expected = [f"{name}: {LINK}" for name in ("b.yaml", "c", "d.yaml", "e.yaml", "f.yaml")]
    assert sorted(problems_of(pack)) == expected
    with pytest.raises(RefusedError) as refused:
        digest_of(pack)
    assert sorted(str(refused.value).split("\n")) == expected


def test_what_became_a_link_or_a_pipe_since_it_was_listed_is_not_read(tmp_path, monkeypatch):
    pack = write(tmp_path / "pack", {f"{name}.yaml": [technology(slug=name)] for name in "abc"})
    seen = []

    def swap_once_all_are_listed(name: str) -> bool:
        seen.append(name)
        if len(seen) == 3:
            (pack / "b.yaml").unlink()
            (pack / "c.yaml").unlink()
            (pack / "b.yaml").symlink_to(pack / "a.yaml")
            os.mkfifo(pack / "c.yaml")
        return True

    monkeypatch.setattr(files, "is_fixture", swap_once_all_are_listed)
    with pytest.raises(RefusedError) as refused:
        read(pack)

    assert [(problem.file, problem.text) for problem in refused.value.problems] == [
        (
            "b.yaml",
            "It cannot be read (Too many levels of symbolic links); let whoever loads the pack "
            "read it.",
        ),
        ("c.yaml", LINK),
    ]


def test_a_file_and_a_folder_that_the_system_does_not_open_are_named(tmp_path):
    # Longer paths than any system opens; to make them one has to go there.
    pack = write(tmp_path / "pack", {"a.yaml": [technology()]})
    here = Path.cwd()
    try:
        os.chdir(pack)
        for _level in range(20):
            Path("d" * 250).mkdir()
            os.chdir("d" * 250)
    finally:
        os.chdir(here)

    (line,) = problems_of(pack)

    assert line.endswith(
        "It cannot be read (File name too long); let whoever loads the pack read it."
    )


@pytest.mark.parametrize("name", ["a\nb.yaml", "a\x1b[31m.yaml", "a\u202eb.yaml", b"\xff.yaml"])
def test_a_name_that_would_garble_a_message_is_refused(tmp_path, name):
    pack = write(tmp_path / "pack", {})
    (pack / os.fsdecode(name)).write_bytes(FLASK)

    (line,) = problems_of(pack)

    assert line.isprintable()
    assert line.endswith(": This name holds characters that cannot be shown; give it a plain name.")


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        ("nowhere", "nowhere: There is no such file or folder; correct the path."),
        ("a\0b", "a\\x00b: There is no such file or folder; correct the path."),
        ("pack/flask.xml", f"flask.xml: {NO_PACK}"),
        ("pack/pipe", f"pipe: {NO_PACK}"),
        ("pack/a.yaml.gz", f"a.yaml.gz: {NO_PACK}"),
        ("pack", "pack: There is no fixture in it: no .yaml, .yml or .json file."),
    ],
)
def test_what_is_no_pack_is_refused(tmp_path, place, sentence):
    write(tmp_path / "pack", {"flask.xml": "<a/>", "a.yaml.gz": b"\x1f\x8b"})
    os.mkfifo(tmp_path / "pack" / "pipe")
    if place == "pack":
        (tmp_path / "pack" / "pipe").unlink()

    assert problems_of(tmp_path / place) == [sentence]


def test_one_broken_file_hides_nothing_of_the_others(tmp_path):
    content = {
        "a.yaml": "- a: b: c",
        "b.json": "[",
        "c.yaml": [technology(kind="toy"), technology(slug=7)],
        "d.yaml": "",
    }

    assert [line.split(":")[0] for line in problems_of(write(tmp_path / "pack", content))] == [
        "a.yaml",
        "b.json",
        "c.yaml, entry 1, field “kind”",
        "c.yaml, entry 2, field “slug”",
        "d.yaml",
    ]


# Archives: what they hold is read only where it could as well lie in a folder ---------------------


OUT = "This name leads out of the pack; give it a plain name below the pack's folder."
DAMAGED = "It is damaged or no .zip archive; pack it again."


def archive_of(folder: Path, *entries: tuple[str, bytes, int]) -> Path:
    """An archive with these entries: name, content, and mode of the file."""
    path = folder / "pack.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content, mode in entries:
            info = zipfile.ZipInfo("x")
            info.filename = name
            info.external_attr = mode << 16
            archive.writestr(info, content)
    return path


@pytest.mark.parametrize(
    "name",
    [
        *("../a.json", "/a.json", "sub/../../a.json", "C:/a.json", "c:a.json", "..\\a.json"),
        *("sub\\a.json", "./a.json", "sub//a.json", "\\\\server\\a.json", "../README.md"),
    ],
)
def test_a_name_that_leads_out_of_the_pack_is_refused(tmp_path, name):
    path = archive_of(tmp_path, ("b.json", FLASK, 0o644), (name, FLASK, 0o644))

    assert problems_of(path) == [f"{name}: {OUT}"]
    with pytest.raises(RefusedError):
        digest_of(path)
    assert [entry.name for entry in tmp_path.iterdir()] == ["pack.zip"]


def test_an_archive_as_windows_makes_it_is_read(tmp_path):
    path = tmp_path / "pack.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("sub\\a.json", "..\\b.json"):
            info = zipfile.ZipInfo("x")
            info.filename, info.create_system = name, 0
            archive.writestr(info, FLASK)
    assert problems_of(path) == [f"../b.json: {OUT}"]

    with zipfile.ZipFile(path, "w") as archive:
        info = zipfile.ZipInfo("x")
        info.filename, info.create_system = "sub\\a.json", 0
        archive.writestr(info, FLASK)
    assert problems_of(path) == []


@pytest.mark.parametrize("name", ["pack.yml", "PACK.YAML", "sub/Pack.yaml"])
def test_what_a_pack_says_of_itself_has_one_name(tmp_path, name):
    path = archive_of(tmp_path, ("a.json", FLASK, 0o644), (name, b"name: other", 0o644))

    assert problems_of(path) == [
        f"{name}: Call this file pack.yaml, to the letter: it says what the pack is."
    ]


@pytest.mark.parametrize(
    "mode", [stat.S_IFLNK | 0o777, stat.S_IFIFO | 0o644, stat.S_IFCHR | 0o644, stat.S_IFSOCK]
)
def test_an_entry_that_is_no_file_is_refused(tmp_path, mode):
    path = archive_of(tmp_path, ("a.json", b"/etc/passwd", mode))

    assert problems_of(path) == [f"a.json: {LINK}"]


def test_a_name_in_an_archive_that_would_garble_a_message_is_refused(tmp_path):
    path = archive_of(tmp_path, ("a\x1b[31m.json", FLASK, 0o644))

    assert problems_of(path) == [
        "a\\x1b[31m.json: This name holds characters that cannot be shown; give it a plain name."
    ]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_files_of_one_name_are_refused(tmp_path):
    path = archive_of(tmp_path, *[("a.json", FLASK, 0o644)] * 3)

    assert problems_of(path) == [
        "a.json: The archive holds two files of this name; keep one of them."
    ]


def test_folders_and_other_files_in_an_archive_are_left_alone(tmp_path):
    path = archive_of(
        tmp_path,
        ("a.yaml/", b"", stat.S_IFDIR | 0o755),
        ("a.yaml/b.json", FLASK, stat.S_IFREG | 0o644),
        ("a.yaml/README.md", b"\0", 0o644),
        ("__MACOSX/a.yaml/._b.json", b"\0", 0o644),
    )

    assert len(rows_of(path)) == 1


def test_an_encrypted_file_is_refused(tmp_path):
    path = write_zip(tmp_path / "pack.zip", {"a.json": FLASK})
    content = bytearray(path.read_bytes())
    for mark, place in ((b"PK\1\2", 8), (b"PK\3\4", 6)):
        content[content.index(mark) + place] |= 1
    path.write_bytes(content)

    assert problems_of(path) == ["a.json: It is encrypted; pack it without a password."]


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_method_that_takes_memory_first_is_refused(tmp_path, method):
    path = tmp_path / "pack.zip"
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("a.json", FLASK)

    assert problems_of(path) == [
        "a.json: It is packed in an unusual way; pack it with deflate, as most programs do."
    ]


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\5\6", b"PK\5\6" + b"\xff" * 30])
def test_what_is_no_archive_is_refused(tmp_path, content):
    (tmp_path / "pack.zip").write_bytes(content)

    assert len(problems_of(tmp_path / "pack.zip")) == 1


@pytest.mark.parametrize("tenth", range(10))
def test_an_archive_that_was_cut_off_is_refused(tmp_path, tenth):
    path = write_zip(tmp_path / "pack.zip", {"a.json": FLASK, "b.json": FLASK})
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * tenth // 10])

    assert problems_of(path) == [f"pack.zip: {DAMAGED}"]


def test_content_that_is_not_what_was_packed_is_refused(tmp_path):
    path = archive_of(tmp_path, ("a.json", FLASK, 0o644), ("b.yaml", b"", 0o644))
    path.write_bytes(path.read_bytes().replace(b"Flask", b"Slack"))

    assert problems_of(path) == [
        f"a.json: {DAMAGED}",
        "b.yaml: It holds no entry; remove it, or write what belongs there.",
    ]


# How much ---------------------------------------------------------------------------------------

TOO_MANY = "pack.zip: This archive holds too many files; it is hardly a pack."


def test_a_bomb_is_read_no_further_than_a_pack_goes(tmp_path, settings):
    settings.PACK_MAX_BYTES = 100_000
    bomb = {"a.json": b"[" + b" " * 50_000_000 + b"]", "b.json": FLASK}

    path = write_zip(tmp_path / "pack.zip", bomb)

    assert path.stat().st_size < 100_000
    assert problems_of(path) == [
        "pack.zip: The files of this pack hold more than 100000 bytes together; split it into "
        "several packs, or raise PACK_MAX_BYTES."
    ]


def test_what_a_header_claims_of_a_size_counts_for_nothing(tmp_path, settings):
    settings.PACK_MAX_BYTES = 100_000
    path = write_zip(tmp_path / "pack.zip", {"a.json": b"[" + b" " * 1_000_000 + b"]"})
    content = bytearray(path.read_bytes())
    for mark, place in ((b"PK\1\2", 24), (b"PK\3\4", 22)):
        start = content.index(mark) + place
        content[start : start + 4] = (99_000).to_bytes(4, "little")
    path.write_bytes(content)

    assert problems_of(path) == [f"a.json: {DAMAGED}"]


def test_an_archive_larger_than_a_pack_is_not_opened(tmp_path, settings):
    settings.PACK_MAX_BYTES = 1_000
    path = archive_of(tmp_path, ("README.md", b"x" * 2_000, 0o644), ("a.json", FLASK, 0o644))

    assert problems_of(path) == [
        "pack.zip: This archive is larger than 1000 bytes; split it into several packs."
    ]


@pytest.mark.parametrize("comment", [b"", b"A comment.", b"x" * 65_535])
def test_an_archive_of_too_many_names_is_not_opened(tmp_path, settings, comment):
    settings.PACK_MAX_ROWS = 29
    path = tmp_path / "pack.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(30):
            archive.writestr(f"{number}.json", FLASK)
        archive.comment = comment

    assert problems_of(path) == [TOO_MANY]
