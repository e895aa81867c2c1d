"""A pack costs statements by the batch, never by the row, and what is known costs no write."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.history import documents
from catalog.history.documents import MOST_KEYS
from catalog.models import Base, Listing, Point, Revision, Technology
from catalog.packs import dump
from tests.packs.big import IN_A_CATEGORY, ROWS_OF_A_TECHNOLOGY, make_pack
from tests.packs.packing import Row, category, edit, listing, load_pack, pack, point, technology

pytestmark = pytest.mark.django_db

WRITES = ("INSERT", "UPDATE", "DELETE")
# Of a pack with four models: new, over another one that differs, and once more.
FIRST, UPDATE, AGAIN = 119, 90, 16


def tools(count: int, note: str = "As it was") -> list[Row]:
    """So many technologies with a part each, in one category."""
    slugs = [f"tool-{number:03}" for number in range(count)]
    return [
        category("web"),
        *(technology(slug, summary=note, description=f"The *{slug}*: {note}") for slug in slugs),
        *(point(slug, "fast", text=note) for slug in slugs),
        *(listing("web", slug, note=note) for slug in slugs),
    ]


def statements(work: Callable[[], object]) -> list[str]:
    """What is asked and written, without the marks of transactions in the test's own."""
    with CaptureQueriesContext(connection) as captured:
        work()
    return [sql for query in captured if "SAVEPOINT" not in (sql := query["sql"]).split('"')[0]]


def writes(work: Callable[[], object]) -> list[str]:
    return [sql for sql in statements(work) if sql.startswith(WRITES)]


@pytest.mark.parametrize("count", [1, 3, 30])
def test_a_load_costs_as_many_statements_for_one_thing_as_for_many(tmp_path, count):
    first = pack(tmp_path, *tools(count), name="first")
    update = pack(tmp_path, *tools(count, "As it is"), name="second", over=("first",))

    assert len(statements(lambda: load_pack(first))) == FIRST
    assert len(statements(lambda: load_pack(update))) == UPDATE
    assert len(statements(lambda: load_pack(update))) == AGAIN
    assert set(Point.objects.values_list("text", flat=True)) == {"As it is"}


def test_a_pack_that_was_loaded_is_compared_without_a_write(tmp_path):
    folder = pack(tmp_path, *tools(3))
    load_pack(folder)

    assert writes(lambda: load_pack(folder)) == []


def test_a_pack_is_compared_without_a_write_after_an_edit(tmp_path):
    folder = pack(tmp_path, *tools(3))
    load_pack(folder)
    edit("tool-001", summary="Edited")

    assert writes(lambda: call_command("load_pack", folder, interactive=False)) == []


def test_the_same_files_again_are_known_by_their_digest(tmp_path):
    folder = pack(tmp_path, *tools(3))
    load_pack(folder)

    asked = statements(lambda: call_command("load_pack", folder, interactive=False))

    tables = [sql.split(" FROM ")[1].split()[0].strip('"') for sql in asked]
    assert tables == ["catalog_packload", "catalog_edition", "catalog_conflict"]


def test_more_rows_than_one_batch_holds_are_all_loaded(tmp_path):
    # More than a statement asks for, and more things than are read at once.
    count = max(MOST_KEYS, documents.BATCH) + 1

    load_pack(pack(tmp_path, *tools(count)))

    counts = [model.objects.count() for model in (Technology, Point, Listing)]
    assert counts == [count, count, count]
    assert Base.objects.count() == 3 * count + 1
    assert Revision.objects.count() == count + 1


def test_the_pack_that_is_measured_is_as_a_dump_writes_it(tmp_path):
    rows = make_pack(tmp_path / "made", IN_A_CATEGORY * 2)
    load_pack(tmp_path / "made")

    dump(tmp_path / "dumped")

    assert texts(tmp_path / "dumped") == texts(tmp_path / "made")
    assert rows == 2 * (IN_A_CATEGORY * ROWS_OF_A_TECHNOLOGY + 1) == Base.objects.count()


def test_its_second_version_changes_one_row_of_a_hundred(tmp_path):
    rows = make_pack(tmp_path / "first", 2 * IN_A_CATEGORY)
    make_pack(tmp_path / "second", 2 * IN_A_CATEGORY, version=2)
    load_pack(tmp_path / "first")

    load_pack(tmp_path / "second")

    assert Base.objects.filter(load__version="2").count() == rows // 100


def texts(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in folder.rglob("*.yaml")
    }
