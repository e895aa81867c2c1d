"""What becomes of a guide when packs come over it, as a table."""

from datetime import date
from pathlib import Path

import pytest

from catalog.history.merge import Take
from catalog.models import (
    Base,
    Cell,
    Conflict,
    Edition,
    Listing,
    PackLoad,
    Point,
    Snippet,
    Status,
    Technology,
)
from catalog.packs.entries import digest_of
from catalog.packs.loading import StuckError, is_loaded, load, undo
from catalog.packs.planning import WaitingConflicts
from catalog.packs.problems import RefusedError
from tests.packs.packing import (
    TABLE,
    Row,
    by_hand,
    category,
    cell,
    edit,
    listing,
    load_pack,
    name_of,
    pack,
    point,
    rename,
    row,
    state,
    summary_of,
    technology,
    whole,
)

pytestmark = pytest.mark.django_db

# One pack ---------------------------------------------------------------------------------------


def test_a_first_load_is_one_edition_with_every_row(bring):
    rows = [category("web"), technology("flask"), point("flask", "small"), listing("web", "flask")]

    report, record = bring(*rows)

    assert (record.edition.number, record.edition.origin, record.edition.user) == (1, "pack", "ada")
    assert record.edition.comment == "guide 1"
    assert (Technology.objects.count(), Point.objects.count(), Listing.objects.count()) == (1, 1, 1)
    assert sorted(record.edition.revisions.values_list("kind", "slug")) == [
        ("category", "web"),
        ("technology", "flask"),
    ]
    assert (report.conflicts, report.notes, report.problems.first) == ([], [], [])


def test_loading_the_same_again_writes_nothing(tmp_path):
    folder = pack(tmp_path, technology("flask"), point("flask", "small"))
    load_pack(folder)

    report, record = load_pack(folder)

    assert (record, report.things) == (None, [])
    assert (Edition.objects.count(), PackLoad.objects.count(), Base.objects.count()) == (1, 1, 2)


def test_it_is_known_without_reading_that_nothing_has_changed(tmp_path):
    folder = pack(tmp_path, technology("flask"))
    load_pack(folder)
    before = is_loaded(digest_of(folder))
    edit("flask", summary="Edited")

    assert (before, is_loaded(digest_of(folder))) == (True, False)


SMALL = {"summary": "Small", "licence": "MIT"}


@pytest.mark.parametrize(
    ("here", "said", "take", "after", "at_odds"),
    [
        ({}, {"summary": "New"}, None, ("New", "MIT"), []),  # nobody touched it
        ({"summary": "Mine"}, {"licence": "BSD"}, None, ("Mine", "BSD"), []),
        ({"licence": "BSD"}, {"summary": "New"}, None, ("New", "BSD"), []),
        ({"summary": "New"}, {"summary": "New"}, None, ("New", "MIT"), []),
        ({"summary": "Mine"}, {"summary": "Theirs", "licence": "BSD"}, None, ("Mine", "BSD"),
         ["technology/flask/summary"]),
        ({"summary": "Mine"}, {"summary": "Theirs"}, Take.MINE, ("Mine", "MIT"), []),
        ({"summary": "Mine"}, {"summary": "Theirs"}, Take.THEIRS, ("Theirs", "MIT"), []),
    ],
)  # fmt: skip
def test_what_becomes_of_fields_that_were_edited_here_and_said_anew(
    tmp_path, bring, here, said, take, after, at_odds
):
    bring(technology("flask", **SMALL))
    edit("flask", **here)
    folder = pack(tmp_path, technology("flask", **SMALL | said), version="2")

    report, _record = load_pack(folder, take)
    again, nothing = load_pack(folder)

    assert [name_of(one) for one, _text in report.conflicts] == at_odds
    assert Technology.objects.values_list("summary", "licence").get() == after
    # It says the same once more, and writes nothing.
    assert [name_of(one) for one, _text in again.conflicts] == at_odds
    waiting = [f"technology/{one.key}/{one.field}" for one in Conflict.objects.all()]
    assert (waiting, nothing) == (at_odds, None)


def test_what_both_sides_changed_alike_moves_the_base(bring):
    bring(technology("flask", summary="Small"))
    edit("flask", summary="Tiny")

    _report, record = bring(technology("flask", summary="Tiny"), version="2")
    edit("flask", summary="Small")
    bring(technology("flask", summary="Smallest"), version="3")

    assert (record.edition, Conflict.objects.count()) == (None, 1)


def test_without_a_base_what_is_different_here_is_a_conflict(bring):
    with by_hand():
        Technology.objects.create(
            slug="flask", name="Flask", kind="library", status="published", summary="Mine"
        )

    report, record = bring(technology("flask", summary="Theirs"))

    assert [name_of(one) for one, _text in report.conflicts] == ["technology/flask/summary"]
    assert (record.edition, summary_of("flask")) == (None, "Mine")


def test_an_older_version_is_refused(bring):
    bring(technology("flask", summary="Ten"), version="1.10")

    with pytest.raises(RefusedError) as refused:
        bring(technology("flask", summary="Nine"), version="1.9")

    assert [str(problem) for problem in refused.value.problems] == [
        "pack.yaml, field “version”: Version 1.9 is older than 1.10, which is loaded already."
    ]
    assert summary_of("flask") == "Ten"


def test_fields_that_an_entry_leaves_out_stay_and_a_new_row_gets_defaults(bring):
    bring(technology("flask", summary="Small", licence="MIT"))
    edit("flask", licence="BSD")

    bring(technology("flask", name="FLASK"), technology("quart"), version="2")

    flask, quart = Technology.objects.order_by("slug")
    assert (flask.name, flask.summary, flask.licence) == ("FLASK", "Small", "BSD")
    assert (quart.summary, quart.replaced_by) == ("", None)


def test_order_changes_like_any_field(bring):
    bring(category("web", position=10), category("api", position=20))

    bring(category("web", position=20), category("api", position=10), version="2")

    assert [key for key in state() if key.startswith("category")] == [
        "category/api",
        "category/web",
    ]


def test_rows_may_refer_to_later_ones_of_their_own(bring):
    rows = [
        technology("a", replaced_by=["b"]),
        technology("b", replaced_by=["c"]),
        technology("c"),
        category("child", parent=["top"]),
        category("top"),
    ]

    bring(*rows)

    replaced = dict(Technology.objects.values_list("slug", "replaced_by__slug"))
    assert replaced == {"a": "b", "b": "c", "c": None}


# What was deleted or renamed here ---------------------------------------------------------------


def test_what_was_deleted_here_stays_deleted_and_is_said(bring):
    rows = [technology("flask"), point("flask", "small"), point("flask", "old")]
    bring(*rows)
    with by_hand():
        Point.objects.get(slug="old").delete()

    rows[2] = point("flask", "old", text="Said anew")
    report, _record = bring(*rows, version="2", take=Take.THEIRS)

    assert [row.slug for row in Point.objects.all()] == ["small"]
    assert report.notes == ["point “old” was deleted here and stays so."]


def test_new_parts_of_what_was_deleted_here_are_left_out(tmp_path, bring):
    bring(technology("flask"), technology("quart"))
    with by_hand():
        Technology.objects.get(slug="flask").delete()

    report, _record = bring(
        technology("flask"),
        technology("quart", replaced_by=["flask"], summary="New"),
        point("flask", "small"),
        version="2",
    )

    quart = Technology.objects.get()
    assert (quart.replaced_by, quart.summary, Point.objects.count()) == (None, "New", 0)
    assert report.notes == [
        "Quart: replaced by stays, since “flask” was deleted here.",
        "point “small” is left out: “flask”, which it needs, was deleted here.",
    ]
    assert load_pack(tmp_path / "guide")[1] is None


@pytest.mark.parametrize("take", [None, *Take])
def test_what_comes_in_and_does_not_suit_an_edit_is_a_conflict(tmp_path, bring, take):
    dated = [each if each["model"] != "catalog.cell" else verified(each) for each in TABLE]
    bring(*dated)
    with by_hand():
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


def test_a_renamed_thing_is_found_under_its_new_slug(bring):
    rows = [technology("flask", summary="Small"), technology("quart", replaced_by=["flask"])]
    rows += [point("flask", "small"), category("web"), listing("web", "flask")]
    bring(*rows)
    rename("flask", "flask-3")
    before = state()

    rows[0] = technology("flask", summary="Smaller")
    rows[2] = point("flask", "small", text="Smaller")
    report, _record = bring(*rows, version="2")

    assert (report.conflicts, report.notes, report.problems.first) == ([], [], [])
    assert sorted(state()) == sorted(before)
    flask = Technology.objects.get(slug="flask-3")
    assert (flask.summary, flask.points.get().text) == ("Smaller", "Smaller")
    assert bring(*rows, version="2")[1] is None


# Packs over packs, and packs beside packs ---------------------------------------------------------


def lower(folder: Path, version: str = "1", summary: str = "Lower") -> Path:
    rows = [technology("flask", summary=summary, licence="MIT"), point("flask", "small")]
    return pack(folder, *rows, name="lower", version=version, complete=True)


def upper(folder: Path, **fields: str) -> Path:
    rows = [technology("flask", **{"summary": "Upper"} | fields), point("flask", "new")]
    return pack(folder, *rows, name="upper", over=("lower",))


def test_two_packs_give_the_same_guide_in_both_orders(tmp_path):
    load_pack(lower(tmp_path))
    load_pack(upper(tmp_path))
    first = state()
    with by_hand():
        Technology.objects.all().delete()
    PackLoad.objects.all().delete()

    load_pack(upper(tmp_path))
    report, _record = load_pack(lower(tmp_path))

    assert state() == first
    assert report.notes == ["Flask: summary stays as the pack upper says."]
    assert summary_of("flask") == "Upper"


def test_the_lower_pack_goes_on_saying_what_the_upper_does_not(tmp_path, bring):
    load_pack(lower(tmp_path))
    load_pack(upper(tmp_path))

    report, _record = load_pack(lower(tmp_path, "2", "Lower again"))
    rows = [technology("flask", licence="BSD"), point("flask", "small", text="Smaller")]
    bring(*rows, name="lower", version="3")

    flask = Technology.objects.get()
    assert (flask.summary, flask.licence) == ("Upper", "BSD")
    assert report.notes == ["Flask: summary stays as the pack upper says."]
    assert Point.objects.get(slug="small").text == "Smaller"


def test_what_is_gone_from_the_lower_pack_stays_where_the_upper_says_it(tmp_path, bring):
    load_pack(lower(tmp_path))
    load_pack(upper(tmp_path))

    report, _record = bring(technology("quart"), name="lower", version="2", complete=True)

    assert Technology.objects.get(slug="flask").status == Status.PUBLISHED
    assert report.notes == ["technology “Flask” stays as the pack upper left it."]


def test_a_strangers_field_is_a_conflict(tmp_path, bring):
    load_pack(lower(tmp_path))

    report, _record = bring(technology("flask", summary="Other", licence="MIT"), name="stranger")

    assert [name_of(one) for one, _text in report.conflicts] == ["technology/flask/summary"]
    assert summary_of("flask") == "Lower"


# What was renamed or deleted here, and what a pack says of it -------------------------------------


def test_what_was_said_under_two_names_keeps_its_order(bring):
    def points(slug: str, text: str) -> list[Row]:
        return [point("aaa", "first"), *(point(slug, f"p{n:03}", text=text) for n in range(299))]

    bring(technology("aaa"), technology("f"), *points("f", "one"))
    rename("f", "fx")
    said = technology("aaa"), technology("fx")
    bring(*said, *points("fx", "two"), version="2")
    with by_hand():
        Point.objects.filter(slug="p149").update(text="one")

    plan_said, _record = bring(*said, *points("fx", "three"), version="3")

    assert Point.objects.get(slug="p149").text == "one"
    assert [one.row.key for one, _text in plan_said.conflicts] == [("fx", "p149")]


def test_a_pack_that_gives_a_thing_under_both_names_is_refused(bring):
    bring(technology("f", summary="a"))
    rename("f", "fx")

    with pytest.raises(RefusedError) as refused:
        bring(technology("fx"), technology("f"), version="2")

    assert [str(problem) for problem in refused.value.problems] == [
        "02-technology.yaml, entry 2: “f” is called “fx” by now, and the pack says that one too."
    ]


def test_a_namesake_is_somebody_else(bring):
    bring(technology("f", summary="a"))
    _said, record = bring(technology("f", summary=""), version="2")
    rename("f", "fx")
    with by_hand():
        Technology.objects.create(slug="f", name="Other", kind="library", status="published")

    said, _record = bring(technology("f", summary="New"), version="3")

    assert (summary_of("f"), summary_of("fx")) == ("", "")
    assert {one.field for one, _text in said.conflicts} == {"name", "summary"}
    PackLoad.objects.exclude(pk=record.pk).filter(version="3").delete()
    with pytest.raises(StuckError):
        undo(record, "ada")
    assert summary_of("f") == ""


def test_renamed_said_again_and_gone_it_is_archived_once(tmp_path, bring):
    bring(technology("f"), point("f", "s"), technology("q"), complete=True)
    rename("f", "fx")
    bring(technology("fx"), point("fx", "s"), technology("q"), version="2", complete=True)
    less = pack(tmp_path, technology("fx"), technology("q"), version="3", complete=True)
    load_pack(less)
    again = load_pack(less)[1]
    folder = pack(tmp_path, technology("q"), version="4", complete=True)

    load_pack(folder)

    assert (again, Point.objects.count()) == (None, 0)
    assert Technology.objects.get(slug="fx").status == Status.ARCHIVED
    assert load_pack(folder)[1] is None


def test_conflicts_that_wait_go_along_with_a_rename(bring):
    bring(technology("f"), point("f", "s"), complete=True)
    with by_hand():
        Point.objects.update(text="Mine")
    rename("f", "fx")
    _said, record = bring(technology("fx"), version="2", complete=True)
    rename("fx", "fy")

    load(WaitingConflicts(record), "ada", choose=lambda _row, _field: Take.THEIRS)

    assert (Point.objects.count(), Conflict.objects.count()) == (0, 0)


def test_a_reference_that_leads_nowhere_yet_is_taken_when_it_leads_somewhere(tmp_path, bring):
    bring(technology("f"), technology("q"))
    with by_hand():
        Technology.objects.get(slug="q").delete()
    folder = pack(tmp_path, technology("f", replaced_by=["q"]), technology("q"), version="2")
    load_pack(folder)
    with by_hand():
        Technology.objects.create(slug="q", name="Q", kind="library", status="published")

    load_pack(folder)

    assert Technology.objects.get(slug="f").replaced_by.slug == "q"
    assert load_pack(folder)[1] is None


def test_a_snippet_of_what_was_deleted_here_is_left_out(bring):
    bring(technology("f"))
    with by_hand():
        Technology.objects.get(slug="f").delete()
    code = row("snippet", slug="h", title="H", technology=["f"], language="python", code="x = 1\n")

    bring(technology("f"), technology("q"), whole(code), version="2")

    assert (Snippet.objects.count(), Technology.objects.get().slug) == (0, "q")


def test_a_later_row_that_an_upper_pack_took_back_is_not_referred_to(bring):
    rows = [technology("f"), technology("z")]
    bring(*rows, name="b", over=("a",), complete=True)
    with by_hand():
        Technology.objects.get(slug="z").delete()
    bring(rows[0], name="b", version="2", over=("a",), complete=True)
    many = [technology(f"f{number}") for number in range(300)]

    bring(technology("y", replaced_by=["z"]), *many, rows[1], name="a")

    assert Technology.objects.get(slug="y").replaced_by is None
    assert not Technology.objects.filter(slug="z").exists()
