"""How much of a pack is read."""

from pathlib import Path

import pytest

from catalog.packs.entries import read
from catalog.packs.problems import MOST_PROBLEMS, RefusedError
from tests.packs.written import problems_of, row, technology, write


def test_a_pack_may_hold_as_many_bytes_as_allowed_and_no_more(tmp_path: Path, settings) -> None:
    pack = write(tmp_path / "pack", {"a.yaml": [technology()], "b.yaml": [technology(slug="b")]})
    size = sum(path.stat().st_size for path in pack.iterdir())

    settings.PACK_MAX_BYTES = size
    assert problems_of(pack) == []

    settings.PACK_MAX_BYTES = size - 1
    assert problems_of(pack) == [
        f"pack: The files of this pack hold more than {size - 1} bytes together; split it into "
        "several packs, or raise PACK_MAX_BYTES."
    ]


def test_a_pack_may_hold_as_many_rows_as_allowed_and_no_more(tmp_path: Path, settings) -> None:
    rows = [technology(slug=f"t-{number}") for number in range(5)]
    pack = write(tmp_path / "pack", {"a.yaml": rows[:3], "b.json": rows[3:]})

    settings.PACK_MAX_ROWS = 5
    assert problems_of(pack) == []

    settings.PACK_MAX_ROWS = 4
    assert problems_of(pack) == [
        "pack: This pack holds more than 4 rows; split it into several packs, or raise "
        "PACK_MAX_ROWS."
    ]


def test_whoever_takes_fewer_rows_says_how_more_are_loaded(tmp_path: Path, settings) -> None:
    pack = write(tmp_path / "pack", {"a.json": [technology(slug=f"t-{n}") for n in range(5)]})
    settings.PACK_MAX_ROWS = 6

    with pytest.raises(RefusedError) as refused:
        read(pack, most=4)

    assert str(refused.value) == (
        "pack: This pack holds more than 4 rows; split it into several packs, or load it with the "
        "command load_pack, which takes 6."
    )


def test_a_folder_that_holds_far_more_files_is_not_looked_through(tmp_path: Path, settings) -> None:
    settings.PACK_MAX_ROWS = 10
    pack = write(tmp_path / "pack", {f"sub/{number}.txt": "" for number in range(11)})

    assert problems_of(pack) == ["pack: This folder holds more than 10 files; it is hardly a pack."]


@pytest.mark.parametrize("name", ["a.yaml", "a.json"])
def test_a_file_may_be_as_deep_as_allowed_and_no_deeper(
    tmp_path: Path, settings, name: str
) -> None:
    pack = write(tmp_path / "pack", {name: [row("technology", slug="a", replaced_by=["b"])]})

    settings.PACK_MAX_DEPTH = 4
    assert problems_of(pack) == []

    settings.PACK_MAX_DEPTH = 3
    assert problems_of(pack) == [
        f"{name}: It is nested more than 3 levels deep; an entry needs four."
    ]


def test_as_many_problems_are_told_as_somebody_reads_and_the_rest_is_counted(
    tmp_path: Path,
) -> None:
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
def test_of_one_entry_no_more_faults_are_told_than_help(
    tmp_path: Path, name: str, fields: str, most: int
) -> None:
    if name == "a.yaml":
        fields = fields.replace("a: 1, " * 900, "a: 1, " * 450)
    assert len(problems_of(write(tmp_path / "pack", {name: f"[{fields}]"}))) == most
