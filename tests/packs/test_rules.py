"""A pack that would break a rule across rows is refused whole; conflicts wait without its files."""

import pytest

from catalog import integrity
from catalog.history.merge import Take
from catalog.history.rows import RowKey
from catalog.models import Cell, Conflict, Criterion, Edition, PackLoad, Status, Technology
from catalog.packs.entries import digest_of, read
from catalog.packs.loading import is_loaded, load, plan
from catalog.packs.planning import WaitingConflicts
from catalog.packs.problems import RefusedError
from tests.packs.packing import (
    PACKAGE,
    PIN,
    TABLE,
    TWO,
    VERSIONS,
    by_hand,
    category,
    cell,
    comparison,
    criterion,
    edit,
    listing,
    load_pack,
    pack,
    point,
    row,
    state,
    summary_of,
    technology,
    without,
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
            "15-comparison.yaml, entry 1: Comparison “Thin” is published with fewer than two "
            "contenders.",
        ),
        (
            [
                category("web"),
                technology("flask"),
                technology("quart", status="draft"),
                *comparison("table", "web", "flask", "quart"),
            ],
            "17-contender.yaml, entry 2: “Table” is published but names “Quart”, which is a draft.",
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
            "19-cell.yaml, entry 1, field “rating”: A yes or no row takes 4 for yes and 0 for no.",
        ),
    ],
)
def test_rules_across_rows_refuse_a_pack_whole(bring, rows, problem):
    with pytest.raises(RefusedError) as refused:
        bring(*rows)

    assert [str(each) for each in refused.value.problems] == [
        problem.replace("00-point", "06-point")
    ]
    assert (state(), Edition.objects.count()) == ({}, 0)


def test_a_row_that_changes_its_kind_must_suit_the_cells_that_were_edited_here(bring):
    bring(*TABLE)

    with pytest.raises(RefusedError) as refused:
        bring(criterion("frameworks", "speed", kind="text", weight=0), version="2")

    assert [problem.field for problem in refused.value.problems] == ["kind"] * 3


def test_every_problem_is_told_at_once(bring):
    rows = [point("nobody", "a"), point("nobody", "b"), listing("nowhere", "nobody")]

    with pytest.raises(RefusedError) as refused:
        bring(*rows)

    assert [(p.file, p.entry, p.field) for p in refused.value.problems] == [
        ("06-point.yaml", 1, "technology"),
        ("06-point.yaml", 2, "technology"),
        ("08-listing.yaml", 1, "category"),
        ("08-listing.yaml", 1, "technology"),
    ]


def test_a_package_may_not_move_to_a_draft_under_a_published_pin(bring):
    rows = [technology("q"), technology("d", status="draft"), VERSIONS, PIN]
    bring(*rows, PACKAGE)

    with pytest.raises(RefusedError) as refused:
        bring(*rows, row("package", technology=["d"], name="pkg"), version="2")

    assert [problem.text for problem in refused.value.problems] == [
        "“V” is published but names “D”, which is a draft."
    ]


def test_a_stack_is_not_published_with_an_empty_role(bring):
    role = row("role", stack=["s"], slug="r", name="R")
    bring(row("stack", slug="s", name="S", status="draft"), role)

    with pytest.raises(RefusedError):
        bring(row("stack", slug="s", name="S", status="published"), role, version="2")

    assert list(integrity.find_problems()) == []


# Conflicts that wait are chosen without the files of their pack -----------------------------------


def choose(record: PackLoad, take: Take | None, *rows: str) -> PackLoad | None:
    """End the conflicts of these rows; all others go on waiting."""

    def choice(row: RowKey, _field: str) -> Take | None:
        return take if str(row) in rows else None

    return load(WaitingConflicts(record), "grace", choose=choice)[1]


@pytest.mark.parametrize(("take", "summary"), [(Take.MINE, "Mine"), (Take.THEIRS, "New")])
def test_one_is_chosen_and_the_others_wait(tmp_path, bring, take, summary):
    slugs = ("flask", "quart")
    bring(*(technology(slug, summary="Old") for slug in slugs))
    for slug in slugs:
        edit(slug, summary="Mine")
    folder = pack(tmp_path, *(technology(slug, summary="New") for slug in slugs), version="2")
    _report, record = load_pack(folder)

    chosen = choose(record, take, "flask")

    assert (chosen.name, chosen.version, chosen.digest) == ("guide", "2", record.digest)
    assert (summary_of("flask"), summary_of("quart")) == (summary, "Mine")
    assert list(Conflict.objects.values_list("load", "key")) == [(chosen.pk, "quart")]
    assert [one.row.key for one, _text in load_pack(folder)[0].conflicts] == [("quart",)]


def test_when_all_are_chosen_the_pack_has_nothing_to_say(tmp_path, bring):
    bring(technology("flask", summary="Old"))
    edit("flask", summary="Mine")
    folder = pack(tmp_path, technology("flask", summary="New"), version="2")
    _report, record = load_pack(folder)

    choose(record, Take.MINE, "flask")

    assert is_loaded(digest_of(folder))
    assert load_pack(folder)[1] is None


@pytest.mark.parametrize(
    ("take", "status", "criteria", "cells"),
    [(Take.MINE, Status.PUBLISHED, 2, 6), (Take.THEIRS, Status.ARCHIVED, 1, 3)],
)
def test_rows_that_would_go_are_chosen_too(tmp_path, bring, take, status, criteria, cells):
    alone = technology("bottle")
    bring(*TABLE, alone, complete=True)
    edit("bottle", summary="Mine")
    Cell.objects.filter(criterion__slug="docs", contender__technology__slug="flask").update(
        word="Very good"
    )
    less = without(("criterion", "docs"), ("cell", "docs"))
    folder = pack(tmp_path, *less, version="2", complete=True)
    _report, record = load_pack(folder)

    choose(record, take, "bottle", "frameworks/docs")

    assert Technology.objects.get(slug="bottle").status == status
    assert (Criterion.objects.count(), Cell.objects.count()) == (criteria, cells)
    assert Conflict.objects.count() == 0
    assert load_pack(folder)[1] is None


def test_a_choice_for_what_is_no_longer_at_odds_does_nothing(bring):
    bring(technology("flask", summary="Old"))
    edit("flask", summary="Mine")
    _report, record = bring(technology("flask", summary="New"), version="2")
    edit("flask", summary="Old")

    choose(record, Take.MINE, "flask")

    assert (summary_of("flask"), Conflict.objects.count()) == ("New", 0)


def test_each_choice_is_heard_where_fields_do_not_suit_each_other(tmp_path, bring):
    bring(*TWO, criterion("t", "c", kind="yes-no", weight=2))
    with by_hand():
        Criterion.objects.update(weight=3)
    folder = pack(tmp_path, *TWO, criterion("t", "c", kind="text", weight=0), version="2")
    said, _record = load_pack(folder)

    incoming = read(folder)
    load(incoming, "ada", choose=lambda _row, field: Take.MINE if field == "kind" else Take.THEIRS)

    assert {one.field for one, _text in said.conflicts} == {"kind", "weight"}
    found = Criterion.objects.get()
    assert (found.kind, found.weight) == ("yes-no", 0)


def test_a_conflict_over_a_row_that_another_pack_deleted_is_no_more(bring):
    bring(technology("f"), point("f", "s"), name="b", complete=True)
    _said, record = bring(point("f", "s", text="z"), name="a")
    bring(technology("f"), name="b", version="2", complete=True)

    made = plan(WaitingConflicts(record))

    assert (made.changes, made.conflicts, made.problems.first) == ([], [], [])
