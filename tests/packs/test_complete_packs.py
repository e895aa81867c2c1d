"""What is gone from a complete pack: archived, deleted, or waiting where it was edited here."""

from pathlib import Path

import pytest

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
    Point,
    Snippet,
    Status,
    Technology,
)
from catalog.packs.loading import undo
from catalog.packs.problems import RefusedError
from tests.packs.packing import (
    FACTS,
    PACKAGE,
    PIN,
    TABLE,
    VERSIONS,
    by_hand,
    category,
    criterion,
    edit,
    listing,
    load_pack,
    pack,
    point,
    row,
    state,
    technology,
    whole,
    without,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded(tmp_path: Path) -> None:
    load_pack(pack(tmp_path, *TABLE, complete=True))


def test_a_part_that_is_gone_from_a_complete_pack_is_deleted(bring, loaded):
    report, _record = bring(*without(("point", "old")), version="2", complete=True)

    assert [row.slug for row in Point.objects.all()] == ["small"]
    assert report.conflicts == []


def test_a_part_that_a_partial_pack_leaves_out_stays(bring):
    bring(*TABLE)

    bring(*without(("point", "old")), version="2")

    assert Point.objects.count() == 2


def test_a_page_that_is_gone_is_archived_with_its_parts_and_comes_back(bring):
    rows = [technology("flask"), point("flask", "small"), technology("quart")]
    bring(*rows, complete=True)

    bring(rows[2], version="2", complete=True)
    archived = Technology.objects.get(slug="flask").status
    again = bring(rows[2], version="2", complete=True)[1]
    bring(*rows, version="3", complete=True)

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
    tmp_path, bring, take, status, waiting
):
    bring(technology("flask"), technology("quart"), complete=True)
    edit("flask", summary="Mine")
    folder = pack(tmp_path, technology("quart"), version="2", complete=True)

    load_pack(folder, take)

    assert Technology.objects.get(slug="flask").status == status
    assert Conflict.objects.count() == waiting
    assert load_pack(folder)[1] is None


def test_a_row_that_is_gone_takes_its_cells_along(bring, loaded):
    less = without(("criterion", "docs"), ("cell", "docs"))

    report, _record = bring(*less, version="2", complete=True)

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
    tmp_path, loaded, take, criteria, cells, waiting
):
    with by_hand():
        Cell.objects.filter(criterion__slug="docs", contender__technology__slug="flask").update(
            word="Very good"
        )
    less = without(("criterion", "docs"), ("cell", "docs"))
    folder = pack(tmp_path, *less, version="2", complete=True)

    report, _record = load_pack(folder, take)

    assert sorted(row.slug for row in Criterion.objects.all()) == criteria
    assert (Cell.objects.count(), len(report.conflicts)) == (cells, waiting)
    assert load_pack(folder)[1] is None


def test_a_column_that_is_gone_waits_where_a_row_was_added_here(tmp_path, loaded):
    with by_hand():
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


def test_a_group_goes_when_its_rows_have_left_it(bring):
    group = {"comparison": ["frameworks"], "slug": "general", "name": "General"}
    grouped = [
        each
        if each["fields"].get("slug") != "speed"
        else criterion("frameworks", "speed", group=["frameworks", "general"])
        for each in TABLE
    ]
    grouped.append({"model": "catalog.criteriongroup", "fields": group})
    bring(*map(whole, grouped), complete=True)

    report, _record = bring(*map(whole, TABLE), version="2", complete=True)

    assert (report.conflicts, report.problems.first) == ([], [])
    assert list(Criterion.objects.values_list("group", flat=True)) == [None, None]


def test_package_facts_that_are_gone_are_in_history_and_come_back(bring):
    bring(technology("q"), PACKAGE, FACTS, complete=True)
    before = state()

    _said, record = bring(technology("q"), PACKAGE, version="2", complete=True)

    assert PackageFacts.objects.count() == 0
    undo(record, "ada")
    assert state() == before


def test_an_archived_page_keeps_facts_and_snippets(bring):
    code = row("snippet", slug="s", title="S", technology=["q"], language="python", code="x = 1\n")
    rows = [technology("q"), PACKAGE, FACTS, code]
    bring(technology("f"), *rows, complete=True)

    bring(technology("f"), version="2", complete=True)

    assert Technology.objects.get(slug="q").status == Status.ARCHIVED
    counted = [model.objects.count() for model in (Package, PackageFacts, Snippet)]
    assert counted == [1, 1, 1]


def test_a_part_that_an_editor_made_is_not_deleted_without_a_question(bring):
    with by_hand():
        web = Category.objects.create(slug="web", name="Web", status="published")
        flask = Technology.objects.create(slug="f", name="F", kind="library", status="published")
        Listing.objects.create(category=web, technology=flask, note="Long words of an editor")
    bring(category("web"), technology("f"), listing("web", "f"), complete=True)

    said, _record = bring(category("web"), technology("f"), version="2", complete=True)

    assert (Listing.objects.count(), len(said.conflicts)) == (1, 1)


def test_what_a_stranger_says_stays(bring):
    bring(technology("f"), point("f", "s"), name="a", complete=True)
    bring(point("f", "s", text="b"), name="b", take=Take.THEIRS)

    said, _record = bring(technology("f"), name="a", version="2", complete=True)

    assert Point.objects.get().text == "b"
    assert said.notes == ["point “b” stays as the pack b left it."]


def test_a_page_that_an_upper_pack_holds_keeps_its_parts(bring):
    rows = [technology("q"), technology("f"), point("f", "s")]
    bring(*rows, name="a", complete=True)
    bring(technology("f", summary="B"), name="b", over=("a",))

    bring(technology("q"), name="a", version="2", complete=True)

    assert (Technology.objects.get(slug="f").status, Point.objects.count()) == ("published", 1)


def test_a_draft_that_is_gone_stays_unseen(client, bring):
    rows = [technology("q"), technology("secret", status="draft")]
    bring(*rows, complete=True)

    bring(technology("q"), version="2", complete=True)

    assert client.get("/technologies/secret/").status_code == 404
    bring(*rows[:1], technology("secret"), version="3", complete=True)
    assert client.get("/technologies/secret/").status_code == 200


def test_a_page_whose_status_no_pack_gave_is_left_alone(bring):
    with by_hand():
        Technology.objects.create(slug="f", name="F", kind="library", status="published")
    partial = row("technology", slug="f", name="F")
    bring(technology("q"), partial, complete=True)

    bring(technology("q"), version="2", complete=True)

    assert Technology.objects.get(slug="f").status == Status.PUBLISHED


@pytest.mark.parametrize("take", [None, *Take])
def test_a_cell_on_which_two_conflicts_hang_is_settled_once(tmp_path, loaded, take):
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


def test_a_new_row_that_needs_what_the_pack_drops_is_named_in_the_plan(bring):
    bring(technology("q"), PACKAGE, VERSIONS, complete=True)

    with pytest.raises(RefusedError) as refused:
        bring(technology("q"), VERSIONS, PIN, version="2", complete=True)

    assert [problem.text for problem in refused.value.problems] == [
        "Pin “pkg” needs package “pkg”, which is to go."
    ]
