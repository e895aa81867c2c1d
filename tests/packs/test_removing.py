"""Parts that a pack names to take away: gone, or waiting where they were edited here."""

from pathlib import Path

import pytest

from catalog.history import editions
from catalog.history.merge import Take
from catalog.models import (
    Cell,
    Choice,
    Conflict,
    Contender,
    Edition,
    PackLoad,
    Point,
    Role,
    Technology,
)
from catalog.packs.loading import undo
from catalog.packs.problems import RefusedError
from tests.packs.packing import (
    TABLE,
    by_hand,
    category,
    cell,
    comparison,
    load_pack,
    pack,
    point,
    row,
    state,
    technology,
)
from tests.packs.written import problems_of

OLD = {"point": ["flask", "old"]}
UPDATE = {"name": "update", "over": ("guide",), "removes": (OLD,)}

with_database = pytest.mark.django_db


def edit_the_point() -> None:
    with editions.record("grace", "Edited", Edition.Origin.ADMIN):
        Point.objects.filter(slug="old").update(text="Mine")


def slugs() -> list[str]:
    return sorted(Point.objects.values_list("slug", flat=True))


@pytest.fixture
def loaded(tmp_path: Path) -> None:
    load_pack(pack(tmp_path, *TABLE))


@with_database
def test_a_partial_pack_takes_away_what_it_names_and_says_so_once(tmp_path, loaded):
    update = pack(tmp_path, technology("quart", name="Quart 2"), **UPDATE)

    report, record = load_pack(update)
    again = load_pack(update)[1]

    assert slugs() == ["small"]
    assert [line for line in report.lines() if "Flask" in line] == ["  Flask: Pro removed: Old"]
    assert (record.conflicts.count(), again) == (0, None)


@with_database
def test_the_pack_below_does_not_bring_it_back_and_undo_does(tmp_path, bring):
    below = pack(tmp_path, *TABLE)
    load_pack(below)
    before = state()
    record = bring(technology("quart", name="Quart 2"), **UPDATE)[1]

    bring(*TABLE, technology("new"), version="2")
    assert slugs() == ["small"]
    undo(PackLoad.objects.first(), "ada")
    undo(record, "ada")

    assert state() == before


@with_database
def test_what_was_kept_or_made_again_is_left_alone_by_both_packs(tmp_path, bring):
    below = pack(tmp_path, *TABLE)
    load_pack(below)
    update = pack(tmp_path, technology("quart", name="Quart 2"), **UPDATE)
    load_pack(update)
    with by_hand():
        Point.objects.create(
            technology=Technology.objects.get(slug="flask"), slug="old", kind="pro", text="Old"
        )

    again = bring(*TABLE, version="2")[0]
    reports = [load_pack(update)[0], load_pack(update)[0]]

    assert slugs() == ["old", "small"]
    assert [report.conflicts for report in (again, *reports)] == [[], [], []]
    assert "point “Old” stays: the pack update took it away, but it was kept here." in again.notes


@with_database
@pytest.mark.parametrize(
    ("take", "left", "waiting"),
    [(None, ["old", "small"], 1), (Take.MINE, ["old", "small"], 0), (Take.THEIRS, ["small"], 0)],
)
def test_what_was_edited_here_waits_for_a_choice_that_is_asked_for_once(
    tmp_path, loaded, take, left, waiting
):
    edit_the_point()
    update = pack(tmp_path, technology("quart", name="Quart 2"), **UPDATE)

    load_pack(update, take)
    load_pack(update)

    assert slugs() == left
    assert [str(each) for each in Conflict.objects.values_list("key", flat=True)] == (
        ["flask/old"] * waiting
    )


@with_database
@pytest.mark.parametrize("loaded", [True, False])
def test_what_is_not_here_is_nothing_to_remove(tmp_path, bring, loaded):
    if loaded:
        bring(*TABLE)
        with by_hand():
            Point.objects.filter(slug="old").delete()
    update = pack(tmp_path, technology("quart", name="Quart 2"), **UPDATE)

    load_pack(update)

    assert slugs() == (["small"] if loaded else [])
    assert load_pack(update)[1] is None


@with_database
def test_a_column_goes_with_its_cells(bring, loaded):
    removes = ({"contender": ["frameworks", "sanic"]},)

    bring(technology("quart", name="Q"), **UPDATE | {"removes": removes})

    assert Contender.objects.count() == 2
    assert set(Cell.objects.values_list("contender__technology__slug", flat=True)) == {
        "flask",
        "quart",
    }


@with_database
def test_a_role_of_a_published_stack_goes_with_its_choices(bring):
    choice = row("choice", role=["api", "cache"], technology=["flask"])
    kept = row("choice", role=["api", "web"], technology=["flask"])
    roles = [row("role", stack=["api"], slug=slug, name=slug) for slug in ("web", "cache")]
    stack = row("stack", slug="api", name="API", status="published")
    bring(technology("flask"), stack, *roles, choice, kept)

    update = {**UPDATE, "removes": ({"catalog.role": ["api", "cache"]},)}
    bring(technology("quart"), **update)

    assert list(Role.objects.values_list("slug", flat=True)) == ["web"]
    assert Choice.objects.count() == 1


@with_database
def test_a_pack_cannot_say_what_goes_with_a_part_that_it_removes(tmp_path, loaded):
    removes = ({"contender": ["frameworks", "sanic"]},)

    update = pack(
        tmp_path, cell("frameworks", "speed", "sanic", note="Fast"), **UPDATE | {"removes": removes}
    )

    assert refusal_of(update) == [
        "pack.yaml, field “removes”: The pack removes what “frameworks/speed/sanic” needs, and "
        "says it too. Keep one of the two."
    ]


@with_database
def test_a_pack_that_is_not_over_the_other_takes_nothing_from_it(bring, loaded):
    report, _record = bring(technology("new"), name="other", removes=(OLD,))

    assert slugs() == ["old", "small"]
    assert any("guide" in note for note in report.notes)


@with_database
def test_a_table_cannot_lose_all_but_one_column(tmp_path, bring):
    rows = [category("web"), technology("a"), technology("b"), *comparison("t", "web", "a", "b")]
    bring(*rows)
    removes = ({"contender": ["t", "a"]},)

    update = pack(tmp_path, technology("c"), name="update", over=("guide",), removes=removes)

    assert refusal_of(update) == ["Comparison “T” is published with fewer than two contenders."]


def refusal_of(folder: Path) -> list[str]:
    with pytest.raises(RefusedError) as refused:
        load_pack(folder)
    return [str(problem) for problem in refused.value.problems]


FAULTS = {
    "motor": "It takes a list of parts: [{choice: [lightweight-api, orm, motor]}].",
    "[motor]": "“motor”: write one model with the key of one row.",
    "[{}]": "“{}”: write one model with the key of one row.",
    "[{technology: [flask]}]": "“{'technology': ['flask']}”: only a part of a thing can be "
    "removed; a page is archived by its status.",
    "[{user: [ada]}]": "“{'user': ['ada']}”: only a part of a thing can be removed; a page is "
    "archived by its status.",
    "[{point: [flask]}]": "“{'point': ['flask']}”: its key is a list of 2 texts.",
    "[{point: [flask, 5]}]": "“{'point': ['flask', 5]}”: its key is a list of 2 texts.",
    '[{point: ["a\\0b", c]}]': "“{'point': ['a\\x00b', 'c']}”: its key is a list of 2 texts.",
    "[{point: ['', c]}]": "“{'point': ['', 'c']}”: its key is a list of 2 texts.",
    "[{point: [a, b]}, {point: [a, b]}]": "It names a part twice; name each once.",
    "[{point: [flask, small]}]": "The pack removes point “flask/small” and says it too. Keep one "
    "of the two.",
}


@pytest.mark.parametrize(("text", "fault"), FAULTS.items())
def test_what_cannot_be_removed_is_refused_by_name(tmp_path, text, fault):
    folder = pack(tmp_path, technology("flask"), point("flask", "small"))
    manifest = f"name: guide\nversion: '1'\nremoves: {text}\n"
    (folder / "pack.yaml").write_text(manifest, encoding="utf-8")

    assert problems_of(folder) == [f"pack.yaml, field “removes”: {fault}"]
