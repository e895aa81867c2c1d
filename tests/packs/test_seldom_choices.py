"""Choices, references, undo and rules in packs that are legal but seldom."""

from pathlib import Path

import pytest

from catalog import integrity
from catalog.history.merge import Take
from catalog.models import (
    Criterion,
    Package,
    Snippet,
    Technology,
)
from catalog.packs.entries import read
from catalog.packs.loading import MovedError, StuckError, load, plan, undo
from catalog.packs.planning import WaitingConflicts
from catalog.packs.problems import RefusedError
from tests.packs.packing import (
    PACKAGE,
    PIN,
    TWO,
    VERSIONS,
    apply,
    by_hand,
    criterion,
    load_pack,
    pack,
    point,
    row,
    summary_of,
    technology,
    whole,
)

pytestmark = pytest.mark.django_db

# Choices -----------------------------------------------------------------------------------------


def test_each_choice_is_heard_where_fields_do_not_suit_each_other(tmp_path: Path) -> None:
    load_pack(pack(tmp_path, *TWO, criterion("t", "c", kind="yes-no", weight=2)))
    with by_hand():
        Criterion.objects.update(weight=3)
    folder = pack(tmp_path, *TWO, criterion("t", "c", kind="text", weight=0), version="2")
    said, _record = load_pack(folder)

    incoming = read(folder)
    load(
        incoming,
        "ada",
        choose=lambda _row, field: Take.MINE if field == "kind" else Take.THEIRS,
    )

    assert {one.field for one, _text in said.conflicts} == {"kind", "weight"}
    found = Criterion.objects.get()
    assert (found.kind, found.weight) == ("yes-no", 0)


def test_a_conflict_over_a_row_that_another_pack_deleted_is_no_more(tmp_path: Path) -> None:
    load_pack(pack(tmp_path, technology("f"), point("f", "s"), name="b", complete=True))
    _said, record = load_pack(pack(tmp_path, point("f", "s", text="z"), name="a"))
    load_pack(pack(tmp_path, technology("f"), name="b", version="2", complete=True))

    made = plan(WaitingConflicts(record))

    assert (made.changes, made.conflicts, made.problems.first) == ([], [], [])


# References --------------------------------------------------------------------------------------


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


# Undo --------------------------------------------------------------------------------------------


def test_what_another_pack_says_too_bars_the_undo(tmp_path: Path) -> None:
    _said, record = load_pack(pack(tmp_path, technology("f"), name="a"))
    load_pack(pack(tmp_path, technology("f"), name="b", over=("a",)))

    with pytest.raises(StuckError) as stuck:
        undo(record, "ada")

    assert stuck.value.reasons == ["“f” cannot go: the pack b says it too. Undo that one first."]


def test_a_plan_made_before_an_undo_is_good_no_more(tmp_path: Path) -> None:
    with by_hand():
        Technology.objects.create(slug="f", name="F", kind="library", status="published")
    _said, record = load_pack(pack(tmp_path, technology("f", summary="")))

    folder = pack(tmp_path, technology("f", summary="b"), version="2")
    incoming = read(folder)
    made = plan(incoming)
    undo(record, "ada")
    with pytest.raises(MovedError):
        apply(made, "ada")

    assert summary_of("f") == ""


def test_an_undo_that_would_break_a_rule_is_refused_in_a_sentence(tmp_path: Path) -> None:
    load_pack(pack(tmp_path, *TWO, criterion("t", "c", kind="text", weight=0)))
    _said, record = load_pack(
        pack(tmp_path, *TWO, criterion("t", "c", kind="rating", weight=0), version="2")
    )
    with by_hand():
        Criterion.objects.update(weight=3)

    with pytest.raises(StuckError) as stuck:
        undo(record, "ada")

    assert stuck.value.reasons == [
        "Criterion “C”: A text row cannot be weighed; set its weight to 0."
    ]
    assert Criterion.objects.get().kind == "rating"


def test_a_package_that_moved_since_bars_the_undo(tmp_path: Path) -> None:
    load_pack(pack(tmp_path, technology("f"), technology("q")))
    moved = row("package", technology=["f"], name="pkg")
    _said, record = load_pack(pack(tmp_path, technology("f"), technology("q"), moved, version="2"))
    with by_hand():
        Package.objects.update(technology=Technology.objects.get(slug="q"))

    with pytest.raises(StuckError):
        undo(record, "ada")

    assert Package.objects.get().technology.slug == "q"


# Rules -------------------------------------------------------------------------------------------


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
