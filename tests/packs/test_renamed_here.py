"""What was renamed or deleted here, and what a pack says of it."""

from pathlib import Path

import pytest

from catalog.history.merge import Take
from catalog.models import Conflict, PackLoad, Point, Snippet, Status, Technology
from catalog.packs.loading import StuckError, load, undo
from catalog.packs.planning import WaitingConflicts
from catalog.packs.problems import RefusedError
from tests.packs.packing import (
    Row,
    by_hand,
    load_pack,
    pack,
    point,
    rename,
    row,
    summary_of,
    technology,
    whole,
)

pytestmark = pytest.mark.django_db


def test_what_was_said_under_two_names_keeps_its_order(tmp_path: Path) -> None:
    def points(slug: str, text: str) -> list[Row]:
        return [point("aaa", "first"), *(point(slug, f"p{n:03}", text=text) for n in range(299))]

    load_pack(pack(tmp_path, technology("aaa"), technology("f"), *points("f", "one")))
    rename("f", "fx")
    said = technology("aaa"), technology("fx")
    load_pack(pack(tmp_path, *said, *points("fx", "two"), version="2"))
    with by_hand():
        Point.objects.filter(slug="p149").update(text="one")

    plan_said, _record = load_pack(pack(tmp_path, *said, *points("fx", "three"), version="3"))

    assert Point.objects.get(slug="p149").text == "one"
    assert [one.row.key for one, _text in plan_said.conflicts] == [("fx", "p149")]


def test_a_pack_that_gives_a_thing_under_both_names_is_refused(tmp_path: Path) -> None:
    load_pack(pack(tmp_path, technology("f", summary="a")))
    rename("f", "fx")

    with pytest.raises(RefusedError) as refused:
        load_pack(pack(tmp_path, technology("fx"), technology("f"), version="2"))

    assert [str(problem) for problem in refused.value.problems] == [
        "02-technology.yaml, entry 2: “f” is called “fx” by now, and the pack says that one too."
    ]


def test_a_namesake_is_somebody_else(tmp_path: Path) -> None:
    load_pack(pack(tmp_path, technology("f", summary="a")))
    _said, record = load_pack(pack(tmp_path, technology("f", summary=""), version="2"))
    rename("f", "fx")
    with by_hand():
        Technology.objects.create(slug="f", name="Other", kind="library", status="published")

    said, _record = load_pack(pack(tmp_path, technology("f", summary="New"), version="3"))

    assert (summary_of("f"), summary_of("fx")) == ("", "")
    assert {one.field for one, _text in said.conflicts} == {"name", "summary"}
    PackLoad.objects.exclude(pk=record.pk).filter(version="3").delete()
    with pytest.raises(StuckError):
        undo(record, "ada")
    assert summary_of("f") == ""


def test_renamed_said_again_and_gone_it_is_archived_once(tmp_path: Path) -> None:
    load_pack(pack(tmp_path, technology("f"), point("f", "s"), technology("q"), complete=True))
    rename("f", "fx")
    load_pack(
        pack(
            tmp_path,
            technology("fx"),
            point("fx", "s"),
            technology("q"),
            version="2",
            complete=True,
        )
    )
    less = pack(tmp_path, technology("fx"), technology("q"), version="3", complete=True)
    load_pack(less)
    again = load_pack(less)[1]
    folder = pack(tmp_path, technology("q"), version="4", complete=True)

    load_pack(folder)

    assert (again, Point.objects.count()) == (None, 0)
    assert Technology.objects.get(slug="fx").status == Status.ARCHIVED
    assert load_pack(folder)[1] is None


def test_conflicts_that_wait_go_along_with_a_rename(tmp_path: Path) -> None:
    load_pack(pack(tmp_path, technology("f"), point("f", "s"), complete=True))
    with by_hand():
        Point.objects.update(text="Mine")
    rename("f", "fx")
    _said, record = load_pack(pack(tmp_path, technology("fx"), version="2", complete=True))
    rename("fx", "fy")

    load(WaitingConflicts(record), "ada", choose=lambda _row, _field: Take.THEIRS)

    assert (Point.objects.count(), Conflict.objects.count()) == (0, 0)


def test_a_reference_that_leads_nowhere_yet_is_taken_when_it_leads_somewhere(
    tmp_path: Path,
) -> None:
    load_pack(pack(tmp_path, technology("f"), technology("q")))
    with by_hand():
        Technology.objects.get(slug="q").delete()
    folder = pack(tmp_path, technology("f", replaced_by=["q"]), technology("q"), version="2")
    load_pack(folder)
    with by_hand():
        Technology.objects.create(slug="q", name="Q", kind="library", status="published")

    load_pack(folder)

    assert Technology.objects.get(slug="f").replaced_by.slug == "q"
    assert load_pack(folder)[1] is None


def test_a_snippet_of_what_was_deleted_here_is_left_out(tmp_path: Path) -> None:
    load_pack(pack(tmp_path, technology("f")))
    with by_hand():
        Technology.objects.get(slug="f").delete()
    code = row("snippet", slug="h", title="H", technology=["f"], language="python", code="x = 1\n")

    load_pack(pack(tmp_path, technology("f"), technology("q"), whole(code), version="2"))

    assert (Snippet.objects.count(), Technology.objects.get().slug) == (0, "q")


def test_a_later_row_that_an_upper_pack_took_back_is_not_referred_to(tmp_path: Path) -> None:
    rows = [technology("f"), technology("z")]
    load_pack(pack(tmp_path, *rows, name="b", over=("a",), complete=True))
    with by_hand():
        Technology.objects.get(slug="z").delete()
    load_pack(pack(tmp_path, rows[0], name="b", version="2", over=("a",), complete=True))
    many = [technology(f"f{number}") for number in range(300)]

    load_pack(pack(tmp_path, technology("y", replaced_by=["z"]), *many, rows[1], name="a"))

    assert Technology.objects.get(slug="y").replaced_by is None
    assert not Technology.objects.filter(slug="z").exists()
