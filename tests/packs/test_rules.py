"""Rules across rows: a pack that would break one is refused whole, before it is written."""

from pathlib import Path

import pytest

from catalog import integrity
from catalog.models import (
    Edition,
)
from catalog.packs.problems import RefusedError
from tests.packs.packing import (
    PACKAGE,
    PIN,
    TABLE,
    VERSIONS,
    Row,
    category,
    cell,
    comparison,
    criterion,
    listing,
    load_pack,
    pack,
    point,
    row,
    state,
    technology,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        (
            [point("nobody", "small")],
            "06-point.yaml, entry 1, field “technology”: Point “small” needs technology "
            "“nobody”, which is not there.",
        ),
        (
            [category("c", parent=["b"]), category("b", parent=["a"]), category("a")],
            "01-category.yaml, entry 1: Category “C” is on a third level; there are two at most.",
        ),
        (
            [category("web"), technology("flask"), *comparison("thin", "web", "flask")],
            "10-comparison.yaml, entry 1: Comparison “Thin” is published with fewer than two "
            "contenders.",
        ),
        (
            [
                category("web"),
                technology("flask"),
                technology("quart", status="draft"),
                *comparison("table", "web", "flask", "quart"),
            ],
            "12-contender.yaml, entry 2: “Table” is published but names “Quart”, which is a draft.",
        ),
        (
            [
                category("web"),
                technology("flask"),
                technology("quart"),
                *comparison("table", "web", "flask", "quart"),
                criterion("table", "speed", kind="yes-no"),
                cell("table", "speed", "quart", rating=2),
            ],
            "14-cell.yaml, entry 1, field “rating”: A yes or no row takes 4 for yes and 0 for no.",
        ),
    ],
)
def test_rules_across_rows_refuse_a_pack_whole(
    tmp_path: Path, rows: list[Row], problem: str
) -> None:
    with pytest.raises(RefusedError) as refused:
        load_pack(pack(tmp_path, *rows))

    assert [str(each) for each in refused.value.problems] == [
        problem.replace("00-point", "06-point")
    ]
    assert (state(), Edition.objects.count()) == ({}, 0)


def test_a_row_that_changes_its_kind_must_suit_the_cells_that_were_edited_here(
    tmp_path: Path,
) -> None:
    load_pack(pack(tmp_path, *TABLE))

    with pytest.raises(RefusedError) as refused:
        load_pack(
            pack(tmp_path, criterion("frameworks", "speed", kind="text", weight=0), version="2")
        )

    assert [problem.field for problem in refused.value.problems] == ["kind"] * 3


def test_every_problem_is_told_at_once(tmp_path: Path) -> None:
    rows = [point("nobody", "a"), point("nobody", "b"), listing("nowhere", "nobody")]

    with pytest.raises(RefusedError) as refused:
        load_pack(pack(tmp_path, *rows))

    assert [(p.file, p.entry, p.field) for p in refused.value.problems] == [
        ("06-point.yaml", 1, "technology"),
        ("06-point.yaml", 2, "technology"),
        ("07-listing.yaml", 1, "category"),
        ("07-listing.yaml", 1, "technology"),
    ]


def test_a_package_may_not_move_to_a_draft_under_a_published_pin(tmp_path: Path) -> None:
    rows = [technology("q"), technology("d", status="draft"), VERSIONS, PIN]
    load_pack(pack(tmp_path, *rows, PACKAGE))

    with pytest.raises(RefusedError) as refused:
        load_pack(pack(tmp_path, *rows, row("package", technology=["d"], name="pkg"), version="2"))

    assert [problem.text for problem in refused.value.problems] == [
        "“V” is published but names “D”, which is a draft."
    ]


def test_a_stack_is_not_published_with_an_empty_role(tmp_path: Path) -> None:
    role = row("role", stack=["s"], slug="r", name="R")
    load_pack(pack(tmp_path, row("stack", slug="s", name="S", status="draft"), role))

    with pytest.raises(RefusedError):
        load_pack(
            pack(tmp_path, row("stack", slug="s", name="S", status="published"), role, version="2")
        )

    assert list(integrity.find_problems()) == []
