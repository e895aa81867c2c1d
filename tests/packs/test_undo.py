"""To undo a loading is the guide before it, or a refusal that names what stands in the way."""

from pathlib import Path

import pytest

from catalog.history import editions, renames
from catalog.history.merge import Take
from catalog.models import Base, Conflict, Criterion, Edition, Package, PackLoad, Point, Technology
from catalog.packs.entries import read
from catalog.packs.loading import MovedError, StuckError, plan, undo
from tests.packs.packing import (
    TABLE,
    TWO,
    apply,
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
    summary_of,
    technology,
    without,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def small(tmp_path: Path) -> None:
    load_pack(pack(tmp_path, technology("flask", summary="Small")))


def test_what_was_made_goes_and_what_was_changed_is_as_before(bring, small):
    before = state()
    rows = [technology("flask", summary="Tiny"), technology("quart"), point("flask", "new")]
    _report, record = bring(*rows, version="2")

    taken_back = undo(record, "grace")

    assert state() == before
    assert (taken_back.number, taken_back.user, taken_back.comment, taken_back.origin) == (
        3,
        "grace",
        "Undone: guide 2",
        "pack",
    )
    assert PackLoad.objects.get(pk=record.pk).undone_in == taken_back


def test_what_was_deleted_and_archived_comes_back(bring):
    bring(*TABLE, complete=True)
    before = state()
    less = without(("criterion", "docs"), ("cell", "docs"), ("contender", "sanic"))
    less = [each for each in less if each["fields"].get("slug") != "sanic"]
    less = [each for each in less if ["frameworks", "sanic"] not in each["fields"].values()]
    _report, record = bring(*less, version="2", complete=True)
    between = state()

    undo(record, "grace")

    assert between != before
    assert state() == before


def test_afterwards_the_pack_can_be_loaded_again(tmp_path, small):
    folder = pack(tmp_path, technology("flask", summary="Tiny"), version="2")
    _report, record = load_pack(folder)
    undo(record, "grace")

    report, again = load_pack(folder)

    assert (report.conflicts, again.version, summary_of("flask")) == ([], "2", "Tiny")


def test_edits_of_other_fields_stay(tmp_path, small):
    folder = pack(tmp_path, technology("flask", summary="Tiny"), version="2")
    _report, record = load_pack(folder)
    edit("flask", licence="MIT")

    undo(record, "grace")

    flask = Technology.objects.get()
    assert (flask.summary, flask.licence) == ("Small", "MIT")


def test_a_later_change_of_the_same_field_refuses_it_by_name(tmp_path, small):
    folder = pack(tmp_path, technology("flask", summary="Tiny", licence="MIT"), version="2")
    _report, record = load_pack(folder)
    edit("flask", summary="Mine")
    before = state(), Edition.objects.count()

    with pytest.raises(StuckError) as stuck:
        undo(record, "grace")

    assert stuck.value.reasons == [
        "The summary of “Flask” has been changed since, in edition 3 (grace)."
    ]
    assert (state(), Edition.objects.count()) == before
    assert PackLoad.objects.in_force().count() == 2


def test_what_something_new_needs_refuses_it_by_name(bring):
    _report, record = bring(technology("flask"))
    with by_hand():
        flask = Technology.objects.get()
        Point.objects.create(technology=flask, slug="mine", kind="pro", text="Mine")

    with pytest.raises(StuckError) as stuck:
        undo(record, "ada")

    assert stuck.value.reasons == ["Technology “Flask” cannot go: point “Mine” needs it."]


def test_the_newer_loading_is_undone_first(bring):
    _report, first = bring(technology("flask", summary="Small"))
    _report, second = bring(technology("flask", summary="Tiny"), version="2")

    with pytest.raises(MovedError):
        undo(first, "grace")
    undo(second, "grace")
    undo(first, "grace")

    assert state() == {}
    with pytest.raises(MovedError):
        undo(first, "grace")


def test_what_another_pack_said_counts_again(tmp_path, bring):
    lower = pack(tmp_path, technology("flask", summary="Lower"), name="lower")
    load_pack(lower)
    upper = pack(tmp_path, technology("flask", summary="Upper"), name="upper", over=("lower",))
    _report, record = load_pack(upper)

    undo(record, "grace")
    bring(technology("flask", summary="Lower 2"), name="lower", version="2")

    assert (summary_of("flask"), Conflict.objects.count()) == ("Lower 2", 0)


def test_a_loading_that_only_moved_bases_is_undone_without_an_edition(bring):
    with by_hand():
        Technology.objects.create(slug="flask", name="Flask", kind="library", status="published")
    _report, record = bring(technology("flask"))

    taken_back = undo(record, "grace")

    assert (record.edition, taken_back) == (None, None)
    assert Base.objects.filter(load__undone_in=None).count() == 0
    assert PackLoad.objects.get().undone_in == editions.latest()


def test_conflicts_of_what_is_undone_no_longer_wait(bring, small):
    edit("flask", summary="Mine")
    _report, record = bring(technology("flask", summary="New"), version="2")

    undo(record, "grace")

    assert (Conflict.objects.count(), summary_of("flask")) == (0, "Mine")


def test_a_renamed_thing_is_undone_under_its_new_slug(bring):
    rows = [category("web"), technology("flask", summary="Small"), listing("web", "flask")]
    bring(*rows)
    rows[1] = technology("flask", summary="Tiny")
    _report, record = bring(*rows, version="2", take=Take.THEIRS)
    with by_hand():
        renames.rename(Technology.objects.get(), "flask-3")

    undo(record, "grace")

    assert summary_of("flask-3") == "Small"


def test_what_another_pack_says_too_bars_the_undo(bring):
    _said, record = bring(technology("f"), name="a")
    bring(technology("f"), name="b", over=("a",))

    with pytest.raises(StuckError) as stuck:
        undo(record, "ada")

    assert stuck.value.reasons == ["“f” cannot go: the pack b says it too. Undo that one first."]


def test_a_plan_made_before_an_undo_is_good_no_more(tmp_path, bring):
    with by_hand():
        Technology.objects.create(slug="f", name="F", kind="library", status="published")
    _said, record = bring(technology("f", summary=""))

    folder = pack(tmp_path, technology("f", summary="b"), version="2")
    incoming = read(folder)
    made = plan(incoming)
    undo(record, "ada")
    with pytest.raises(MovedError):
        apply(made, "ada")

    assert summary_of("f") == ""


def test_an_undo_that_would_break_a_rule_is_refused_in_a_sentence(bring):
    bring(*TWO, criterion("t", "c", kind="text", weight=0))
    _said, record = bring(*TWO, criterion("t", "c", kind="rating", weight=0), version="2")
    with by_hand():
        Criterion.objects.update(weight=3)

    with pytest.raises(StuckError) as stuck:
        undo(record, "ada")

    assert stuck.value.reasons == [
        "Criterion “C”: A text row cannot be weighed; set its weight to 0."
    ]
    assert Criterion.objects.get().kind == "rating"


def test_a_package_that_moved_since_bars_the_undo(bring):
    bring(technology("f"), technology("q"))
    moved = row("package", technology=["f"], name="pkg")
    _said, record = bring(technology("f"), technology("q"), moved, version="2")
    with by_hand():
        Package.objects.update(technology=Technology.objects.get(slug="q"))

    with pytest.raises(StuckError):
        undo(record, "ada")

    assert Package.objects.get().technology.slug == "q"
