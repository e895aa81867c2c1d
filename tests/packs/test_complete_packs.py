"""What is gone from a complete pack: archived, deleted, or waiting where it was edited here."""

from pathlib import Path

import pytest

from catalog.history import editions
from catalog.history.merge import Take
from catalog.models import (
    Cell,
    Conflict,
    Contender,
    Criterion,
    Edition,
    Point,
    Status,
    Technology,
)
from tests.packs.packing import (
    TABLE,
    criterion,
    edit,
    load_pack,
    pack,
    point,
    technology,
    whole,
    without,
)

pytestmark = pytest.mark.django_db


def test_a_part_that_is_gone_from_a_complete_pack_is_deleted(tmp_path: Path) -> None:
    load_pack(pack(tmp_path, *TABLE, complete=True))

    report, _record = load_pack(
        pack(tmp_path, *without(("point", "old")), version="2", complete=True)
    )

    assert [row.slug for row in Point.objects.all()] == ["small"]
    assert report.conflicts == []


def test_a_part_that_a_partial_pack_leaves_out_stays(tmp_path: Path) -> None:
    load_pack(pack(tmp_path, *TABLE))

    load_pack(pack(tmp_path, *without(("point", "old")), version="2"))

    assert Point.objects.count() == 2


def test_a_page_that_is_gone_is_archived_with_its_parts_and_comes_back(tmp_path: Path) -> None:
    rows = [technology("flask"), point("flask", "small"), technology("quart")]
    load_pack(pack(tmp_path, *rows, complete=True))

    load_pack(pack(tmp_path, rows[2], version="2", complete=True))
    archived = Technology.objects.get(slug="flask").status
    again = load_pack(pack(tmp_path, rows[2], version="2", complete=True))[1]
    load_pack(pack(tmp_path, *rows, version="3", complete=True))

    assert (archived, again, Point.objects.count()) == (Status.ARCHIVED, None, 1)
    assert Technology.objects.get(slug="flask").status == Status.PUBLISHED


@pytest.mark.parametrize(
    ("take", "status", "waiting"),
    [
        (None, Status.PUBLISHED, 1),
        (Take.MINE, Status.PUBLISHED, 0),
        (Take.THEIRS, Status.ARCHIVED, 0),
    ],
)
def test_a_page_that_is_gone_but_was_edited_here_is_a_conflict(
    tmp_path: Path, take: Take | None, status: Status, waiting: int
) -> None:
    load_pack(pack(tmp_path, technology("flask"), technology("quart"), complete=True))
    edit("flask", summary="Mine")
    folder = pack(tmp_path, technology("quart"), version="2", complete=True)

    load_pack(folder, take)

    assert Technology.objects.get(slug="flask").status == status
    assert Conflict.objects.count() == waiting
    assert load_pack(folder)[1] is None


def test_a_row_that_is_gone_takes_its_cells_along(tmp_path: Path) -> None:
    load_pack(pack(tmp_path, *TABLE, complete=True))
    less = without(("criterion", "docs"), ("cell", "docs"))

    report, _record = load_pack(pack(tmp_path, *less, version="2", complete=True))

    assert [row.slug for row in Criterion.objects.all()] == ["speed"]
    assert (Cell.objects.count(), report.conflicts) == (3, [])


@pytest.mark.parametrize(
    ("take", "criteria", "cells", "waiting"),
    [
        (None, ["docs", "speed"], 6, 1),
        (Take.MINE, ["docs", "speed"], 6, 0),
        (Take.THEIRS, ["speed"], 3, 0),
    ],
)
def test_a_row_that_is_gone_waits_whole_where_a_cell_was_edited_here(
    tmp_path: Path, take: Take | None, criteria: list[str], cells: int, waiting: int
) -> None:
    load_pack(pack(tmp_path, *TABLE, complete=True))
    with editions.record("grace", "", Edition.Origin.ADMIN):
        Cell.objects.filter(criterion__slug="docs", contender__technology__slug="flask").update(
            word="Very good"
        )
    less = without(("criterion", "docs"), ("cell", "docs"))
    folder = pack(tmp_path, *less, version="2", complete=True)

    report, _record = load_pack(folder, take)

    assert sorted(row.slug for row in Criterion.objects.all()) == criteria
    assert (Cell.objects.count(), len(report.conflicts)) == (cells, waiting)
    assert load_pack(folder)[1] is None


def test_a_column_that_is_gone_waits_where_a_row_was_added_here(tmp_path: Path) -> None:
    load_pack(pack(tmp_path, *TABLE, complete=True))
    with editions.record("grace", "", Edition.Origin.ADMIN):
        table = Contender.objects.get(technology__slug="sanic").comparison
        added = Criterion.objects.create(comparison=table, slug="mine", name="Mine")
        Cell.objects.create(
            criterion=added, contender=Contender.objects.get(technology__slug="sanic"), rating=1
        )
    less = without(("contender", "sanic"), ("cell", "sanic"))
    folder = pack(tmp_path, *less, version="2", complete=True)

    waiting, _record = load_pack(folder)
    cells = Cell.objects.count()
    load_pack(folder, Take.THEIRS)

    assert [one.row.key for one, _text in waiting.conflicts] == [("frameworks", "sanic")]
    assert (cells, Cell.objects.count()) == (7, 4)
    assert Criterion.objects.filter(slug="mine").exists()


def test_a_group_goes_when_its_rows_have_left_it(tmp_path: Path) -> None:
    group = {"comparison": ["frameworks"], "slug": "general", "name": "General"}
    grouped = [
        each
        if each["fields"].get("slug") != "speed"
        else criterion("frameworks", "speed", group=["frameworks", "general"])
        for each in TABLE
    ]
    grouped.append({"model": "catalog.criteriongroup", "fields": group})
    load_pack(pack(tmp_path, *map(whole, grouped), complete=True))

    report, _record = load_pack(pack(tmp_path, *map(whole, TABLE), version="2", complete=True))

    assert (report.conflicts, report.problems.first) == ([], [])
    assert list(Criterion.objects.values_list("group", flat=True)) == [None, None]
