"""Archives: what they hold is read only where it could as well lie in a folder."""

import stat
import zipfile
from pathlib import Path

import pytest

from catalog.packs.entries import digest_of
from catalog.packs.problems import RefusedError
from tests.packs.written import as_text, problems_of, rows_of, technology, write_zip

FLASK = as_text([technology()], "a.json")

OUT = "This name leads out of the pack; give it a plain name below the pack's folder."
LINK = "This is a link or a device; put the file itself here."
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


@pytest.mark.parametrize(
    "mode", [stat.S_IFLNK | 0o777, stat.S_IFIFO | 0o644, stat.S_IFCHR | 0o644, stat.S_IFSOCK]
)
def test_an_entry_that_is_no_file_is_refused(tmp_path, mode):
    path = archive_of(tmp_path, ("a.json", b"/etc/passwd", mode))

    assert problems_of(path) == [f"a.json: {LINK}"]


def test_a_name_that_would_garble_a_message_is_refused(tmp_path):
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
