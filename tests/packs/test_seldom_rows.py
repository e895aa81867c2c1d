"""What is gone or renamed in packs that are legal but seldom: nothing is lost in them."""

from pathlib import Path

import pytest
from django.test import Client

from catalog.history.merge import Take
from catalog.models import (
    Category,
    Cell,
    Conflict,
    Contender,
    Criterion,
    Listing,
    Package,
    PackageFacts,
    PackLoad,
    Point,
    Snippet,
    Status,
    Technology,
)
from catalog.packs.loading import StuckError, load, undo
from catalog.packs.planning import WaitingConflicts
from catalog.packs.problems import RefusedError
from tests.packs.packing import (
    FACTS,
    PACKAGE,
    PIN,
    TABLE,
    VERSIONS,
    Row,
    by_hand,
    category,
    listing,
    load_pack,
    pack,
    point,
    rename,
    row,
    state,
    summary_of,
    technology,
    without,
)

pytestmark = pytest.mark.django_db

# Gone from a complete pack -----------------------------------------------------------------------


def test_package_facts_that_are_gone_are_in_history_and_come_back(tmp_path: Path) -> None:
    load_pack(pack(tmp_path, technology("q"), PACKAGE, FACTS, complete=True))
    before = state()

    _said, record = load_pack(pack(tmp_path, technology("q"), PACKAGE, version="2", complete=True))

    assert PackageFacts.objects.count() == 0
    undo(record, "ada")
    assert state() == before


def test_an_archived_page_keeps_facts_and_snippets(tmp_path: Path) -> None:
    code = row("snippet", slug="s", title="S", technology=["q"], language="python", code="x = 1\n")
    rows = [technology("q"), PACKAGE, FACTS, code]
    load_pack(pack(tmp_path, technology("f"), *rows, complete=True))

    load_pack(pack(tmp_path, technology("f"), version="2", complete=True))

    assert Technology.objects.get(slug="q").status == Status.ARCHIVED
    counted = [model.objects.count() for model in (Package, PackageFacts, Snippet)]
    assert counted == [1, 1, 1]


def test_a_part_that_an_editor_made_is_not_deleted_without_a_question(tmp_path: Path) -> None:
    with by_hand():
        web = Category.objects.create(slug="web", name="Web", status="published")
        flask = Technology.objects.create(slug="f", name="F", kind="library", status="published")
        Listing.objects.create(category=web, technology=flask, note="Long words of an editor")
    load_pack(pack(tmp_path, category("web"), technology("f"), listing("web", "f"), complete=True))

    said, _record = load_pack(
        pack(tmp_path, category("web"), technology("f"), version="2", complete=True)
    )

    assert (Listing.objects.count(), len(said.conflicts)) == (1, 1)


def test_what_a_stranger_says_stays(tmp_path: Path) -> None:
    load_pack(pack(tmp_path, technology("f"), point("f", "s"), name="a", complete=True))
    load_pack(pack(tmp_path, point("f", "s", text="b"), name="b"), Take.THEIRS)

    said, _record = load_pack(pack(tmp_path, technology("f"), name="a", version="2", complete=True))

    assert Point.objects.get().text == "b"
    assert said.notes == ["point “b” stays as the pack b left it."]


def test_a_page_that_an_upper_pack_holds_keeps_its_parts(tmp_path: Path) -> None:
    rows = [technology("q"), technology("f"), point("f", "s")]
    load_pack(pack(tmp_path, *rows, name="a", complete=True))
    load_pack(pack(tmp_path, technology("f", summary="B"), name="b", over=("a",)))

    load_pack(pack(tmp_path, technology("q"), name="a", version="2", complete=True))

    assert (Technology.objects.get(slug="f").status, Point.objects.count()) == ("published", 1)


def test_a_draft_that_is_gone_stays_unseen(client: Client, tmp_path: Path) -> None:
    rows = [technology("q"), technology("secret", status="draft")]
    load_pack(pack(tmp_path, *rows, complete=True))

    load_pack(pack(tmp_path, technology("q"), version="2", complete=True))

    assert client.get("/technologies/secret/").status_code == 404
    load_pack(pack(tmp_path, *rows[:1], technology("secret"), version="3", complete=True))
    assert client.get("/technologies/secret/").status_code == 200


def test_a_page_whose_status_no_pack_gave_is_left_alone(tmp_path: Path) -> None:
    with by_hand():
        Technology.objects.create(slug="f", name="F", kind="library", status="published")
    partial = row("technology", slug="f", name="F")
    load_pack(pack(tmp_path, technology("q"), partial, complete=True))

    load_pack(pack(tmp_path, technology("q"), version="2", complete=True))

    assert Technology.objects.get(slug="f").status == Status.PUBLISHED


@pytest.mark.parametrize("take", [None, *Take])
def test_a_cell_on_which_two_conflicts_hang_is_settled_once(
    tmp_path: Path, take: Take | None
) -> None:
    load_pack(pack(tmp_path, *TABLE, complete=True))
    with by_hand():
        shared = Cell.objects.filter(criterion__slug="docs", contender__technology__slug="sanic")
        shared.update(word="Very good")
    less = without(("criterion", "docs"), ("cell", "docs"))
    less = [each for each in less if each["fields"].get("technology") != ["sanic"]]
    less = [each for each in less if each["fields"].get("contender") != ["frameworks", "sanic"]]
    folder = pack(tmp_path, *less, version="2", complete=True)

    load_pack(folder, take)

    gone = take == Take.THEIRS
    assert Criterion.objects.filter(slug="docs").exists() != gone
    assert Contender.objects.filter(technology__slug="sanic").exists() != gone
    assert load_pack(folder)[1] is None


def test_a_new_row_that_needs_what_the_pack_drops_is_named_in_the_plan(tmp_path: Path) -> None:
    load_pack(pack(tmp_path, technology("q"), PACKAGE, VERSIONS, complete=True))

    with pytest.raises(RefusedError) as refused:
        load_pack(pack(tmp_path, technology("q"), VERSIONS, PIN, version="2", complete=True))

    assert [problem.text for problem in refused.value.problems] == [
        "Pin “pkg” needs package “pkg”, which is to go."
    ]


# Renamed here ------------------------------------------------------------------------------------


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
