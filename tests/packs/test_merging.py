"""What becomes of a guide when packs come over it, as a table."""

from datetime import date
from pathlib import Path

import pytest

from catalog.history import editions, renames
from catalog.history.merge import Take
from catalog.models import (
    Base,
    Cell,
    Conflict,
    Edition,
    Listing,
    PackLoad,
    Point,
    Technology,
)
from catalog.packs.entries import digest_of
from catalog.packs.loading import is_loaded
from catalog.packs.problems import RefusedError
from tests.packs.packing import (
    TABLE,
    Row,
    category,
    cell,
    edit,
    listing,
    load_pack,
    name_of,
    pack,
    point,
    state,
    summary_of,
    technology,
)

pytestmark = pytest.mark.django_db


# One pack ---------------------------------------------------------------------------------------


def test_a_first_load_is_one_edition_with_every_row(tmp_path: Path) -> None:
    rows = [category("web"), technology("flask"), point("flask", "small"), listing("web", "flask")]

    report, record = load_pack(pack(tmp_path, *rows))

    assert (record.edition.number, record.edition.origin, record.edition.user) == (1, "pack", "ada")
    assert record.edition.comment == "guide 1"
    assert (Technology.objects.count(), Point.objects.count(), Listing.objects.count()) == (1, 1, 1)
    assert sorted(record.edition.revisions.values_list("kind", "slug")) == [
        ("category", "web"),
        ("technology", "flask"),
    ]
    assert (report.conflicts, report.notes, report.problems.first) == ([], [], [])


def test_loading_the_same_again_writes_nothing(tmp_path: Path) -> None:
    folder = pack(tmp_path, technology("flask"), point("flask", "small"))
    load_pack(folder)

    report, record = load_pack(folder)

    assert (record, report.things) == (None, [])
    assert (Edition.objects.count(), PackLoad.objects.count(), Base.objects.count()) == (1, 1, 2)


def test_it_is_known_without_reading_that_nothing_has_changed(tmp_path: Path) -> None:
    folder = pack(tmp_path, technology("flask"))
    load_pack(folder)
    before = is_loaded(digest_of(folder))
    edit("flask", summary="Edited")

    assert (before, is_loaded(digest_of(folder))) == (True, False)


def test_an_update_over_what_nobody_touched_is_taken(tmp_path: Path) -> None:
    load_pack(pack(tmp_path, technology("flask", summary="Small")))

    load_pack(pack(tmp_path, technology("flask", summary="Smaller"), version="2"))

    assert summary_of("flask") == "Smaller"


def test_an_edit_stays_where_the_pack_says_nothing_new(tmp_path: Path) -> None:
    load_pack(pack(tmp_path, technology("flask", summary="Small", licence="MIT")))
    edit("flask", summary="Mine")

    report, _record = load_pack(
        pack(tmp_path, technology("flask", summary="Small", licence="BSD"), version="2")
    )

    flask = Technology.objects.get()
    assert (flask.summary, flask.licence, report.conflicts) == ("Mine", "BSD", [])


def test_what_both_sides_changed_alike_is_no_conflict(tmp_path: Path) -> None:
    load_pack(pack(tmp_path, technology("flask", summary="Small")))
    edit("flask", summary="Tiny")

    report, record = load_pack(pack(tmp_path, technology("flask", summary="Tiny"), version="2"))

    assert (summary_of("flask"), report.conflicts, record.edition) == ("Tiny", [], None)
    edit("flask", summary="Small")
    load_pack(pack(tmp_path, technology("flask", summary="Smallest"), version="3"))
    assert Conflict.objects.count() == 1  # the base had moved to “Tiny”


def test_a_conflict_waits_and_returns_with_the_next_load(tmp_path: Path) -> None:
    load_pack(pack(tmp_path, technology("flask", summary="Small", licence="MIT")))
    edit("flask", summary="Mine")
    folder = pack(tmp_path, technology("flask", summary="Theirs", licence="BSD"), version="2")

    first, record = load_pack(folder)
    again, nothing = load_pack(folder)

    assert [name_of(one) for one, _text in first.conflicts] == ["technology/flask/summary"]
    assert [name_of(one) for one, _text in again.conflicts] == ["technology/flask/summary"]
    assert nothing is None
    (waiting,) = Conflict.objects.all()
    assert (waiting.load, waiting.key, waiting.field) == (record, "flask", "summary")
    flask = Technology.objects.get()
    assert (flask.summary, flask.licence) == ("Mine", "BSD")


@pytest.mark.parametrize(
    ("take", "summary", "after_the_next"),
    [(Take.MINE, "Mine", "Mine"), (Take.THEIRS, "Theirs", "Theirs")],
)
def test_a_choice_ends_a_conflict_for_good(
    tmp_path: Path, take: Take, summary: str, after_the_next: str
) -> None:
    load_pack(pack(tmp_path, technology("flask", summary="Small")))
    edit("flask", summary="Mine")
    folder = pack(tmp_path, technology("flask", summary="Theirs"), version="2")
    load_pack(folder)

    load_pack(folder, take)

    assert (summary_of("flask"), Conflict.objects.count()) == (summary, 0)
    report, nothing = load_pack(folder)
    assert (report.conflicts, nothing, summary_of("flask")) == ([], None, after_the_next)


def test_without_a_base_what_is_different_here_is_a_conflict(tmp_path: Path) -> None:
    with editions.record("grace", "", Edition.Origin.ADMIN):
        Technology.objects.create(
            slug="flask", name="Flask", kind="library", status="published", summary="Mine"
        )

    report, record = load_pack(pack(tmp_path, technology("flask", summary="Theirs")))

    assert [name_of(one) for one, _text in report.conflicts] == ["technology/flask/summary"]
    assert (record.edition, summary_of("flask")) == (None, "Mine")


def test_an_older_version_is_refused(tmp_path: Path) -> None:
    load_pack(pack(tmp_path, technology("flask", summary="Ten"), version="1.10"))

    with pytest.raises(RefusedError) as refused:
        load_pack(pack(tmp_path, technology("flask", summary="Nine"), version="1.9"))

    assert [str(problem) for problem in refused.value.problems] == [
        "pack.yaml, field “version”: Version 1.9 is older than 1.10, which is loaded already."
    ]
    assert summary_of("flask") == "Ten"


def test_fields_that_an_entry_leaves_out_stay_and_a_new_row_gets_defaults(tmp_path: Path) -> None:
    load_pack(pack(tmp_path, technology("flask", summary="Small", licence="MIT")))
    edit("flask", licence="BSD")

    load_pack(pack(tmp_path, technology("flask", name="FLASK"), technology("quart"), version="2"))

    flask, quart = Technology.objects.order_by("slug")
    assert (flask.name, flask.summary, flask.licence) == ("FLASK", "Small", "BSD")
    assert (quart.summary, quart.replaced_by) == ("", None)


def test_order_changes_like_any_field(tmp_path: Path) -> None:
    load_pack(pack(tmp_path, category("web", position=10), category("api", position=20)))

    load_pack(
        pack(tmp_path, category("web", position=20), category("api", position=10), version="2")
    )

    assert [key for key in state() if key.startswith("category")] == [
        "category/api",
        "category/web",
    ]


def test_rows_may_refer_to_later_ones_of_their_own(tmp_path: Path) -> None:
    rows = [
        technology("a", replaced_by=["b"]),
        technology("b", replaced_by=["c"]),
        technology("c"),
        category("child", parent=["top"]),
        category("top"),
    ]

    load_pack(pack(tmp_path, *rows))

    replaced = dict(Technology.objects.values_list("slug", "replaced_by__slug"))
    assert replaced == {"a": "b", "b": "c", "c": None}


# What was deleted or renamed here ---------------------------------------------------------------


def test_what_was_deleted_here_stays_deleted_and_is_said(tmp_path: Path) -> None:
    rows = [technology("flask"), point("flask", "small"), point("flask", "old")]
    load_pack(pack(tmp_path, *rows))
    with editions.record("grace", "", Edition.Origin.ADMIN):
        Point.objects.get(slug="old").delete()

    rows[2] = point("flask", "old", text="Said anew")
    report, _record = load_pack(pack(tmp_path, *rows, version="2"), Take.THEIRS)

    assert [row.slug for row in Point.objects.all()] == ["small"]
    assert report.notes == ["point “old” was deleted here and stays so."]


def test_new_parts_of_what_was_deleted_here_are_left_out(tmp_path: Path) -> None:
    load_pack(pack(tmp_path, technology("flask"), technology("quart")))
    with editions.record("grace", "", Edition.Origin.ADMIN):
        Technology.objects.get(slug="flask").delete()

    report, _record = load_pack(
        pack(
            tmp_path,
            technology("flask"),
            technology("quart", replaced_by=["flask"], summary="New"),
            point("flask", "small"),
            version="2",
        )
    )

    quart = Technology.objects.get()
    assert (quart.replaced_by, quart.summary, Point.objects.count()) == (None, "New", 0)
    assert report.notes == [
        "Quart: replaced by stays, since “flask” was deleted here.",
        "point “small” is left out: “flask”, which it needs, was deleted here.",
    ]
    assert load_pack(tmp_path / "guide")[1] is None


@pytest.mark.parametrize("take", [None, *Take])
def test_what_comes_in_and_does_not_suit_an_edit_is_a_conflict(
    tmp_path: Path, take: Take | None
) -> None:
    dated = [each if each["model"] != "catalog.cell" else verified(each) for each in TABLE]
    load_pack(pack(tmp_path, *dated))
    with editions.record("grace", "", Edition.Origin.ADMIN):
        Cell.objects.update(verified_by="Grace")
    folder = pack(tmp_path, cell("frameworks", "docs", "flask", verified_on=None), version="2")

    if take == Take.THEIRS:
        with pytest.raises(RefusedError) as refused:
            load_pack(folder, take)
        assert [problem.text for problem in refused.value.problems] == [
            "Say when it was verified, not only by whom."
        ]
    else:
        report, _record = load_pack(folder, take)
        assert len(report.conflicts) == (take is None)
    said = Cell.objects.values_list("verified_by", "verified_on").distinct()
    assert list(said.order_by()) == [("Grace", date(2026, 11, 22))]


def verified(row: Row) -> Row:
    return {**row, "fields": {**row["fields"], "verified_on": "2026-11-22"}}


def test_a_renamed_thing_is_found_under_its_new_slug(tmp_path: Path) -> None:
    rows = [technology("flask", summary="Small"), technology("quart", replaced_by=["flask"])]
    rows += [point("flask", "small"), category("web"), listing("web", "flask")]
    load_pack(pack(tmp_path, *rows))
    with editions.record("grace", "", Edition.Origin.ADMIN):
        renames.rename(Technology.objects.get(slug="flask"), "flask-3")
    before = state()

    rows[0] = technology("flask", summary="Smaller")
    rows[2] = point("flask", "small", text="Smaller")
    report, _record = load_pack(pack(tmp_path, *rows, version="2"))

    assert (report.conflicts, report.notes, report.problems.first) == ([], [], [])
    assert sorted(state()) == sorted(before)
    flask = Technology.objects.get(slug="flask-3")
    assert (flask.summary, flask.points.get().text) == ("Smaller", "Smaller")
    assert load_pack(pack(tmp_path, *rows, version="2"))[1] is None
