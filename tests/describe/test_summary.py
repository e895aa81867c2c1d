"""What changes, thing by thing: in which order, how much of it, and counted by kind."""

from itertools import permutations

import pytest

from catalog.describe import describe, summary
from catalog.describe.summary import Outcome
from catalog.history.rows import RowChange
from catalog.models import ThingKey
from tests.describe.changes import changed, described, gone, labels_of, made, sentences_of


def raised(package: str) -> RowChange:
    pin = {"package": [package]}
    return changed("pin", pin, {**pin, "specifier": "^5.2"})


# Order ------------------------------------------------------------------------------------------


def test_things_stand_in_the_order_of_kinds_then_titles_then_slugs():
    names = [("b", "Zope"), ("c", "aiohttp"), ("e", "Zope"), ("d", "élan")]
    changes = [
        changed("versionset", {}, {"as_of": "2027"}),
        *(
            changed("technology", {"slug": slug}, {"slug": slug, "name": name})
            for slug, name in names
        ),
        changed("guide", {}, {"title": "Ours"}),
        made("role"),
        made("snippet"),
        changed("cell", {}, {"rating": 4}),
        made("listing"),
    ]

    orders = {
        tuple(one.thing for one in described(*order))
        for order in (changes, changes[::-1], changes[5:] + changes[:5])
    }

    assert orders == {
        (
            ThingKey("guide", "guide"),
            ThingKey("category", "async"),
            ThingKey("technology", "b"),
            ThingKey("technology", "e"),
            ThingKey("technology", "c"),
            ThingKey("technology", "d"),
            ThingKey("snippet", "hello"),
            ThingKey("comparison", "async-frameworks"),
            ThingKey("stack", "startup"),
            ThingKey("version", "python-2026"),
        )
    }


def test_sentences_stand_in_the_order_of_rows_whatever_comes_first():
    changes = [
        gone("point", slug="slow", kind="con", text="Slow"),
        made("point"),
        changed("technology", {}, {"summary": "New", "status": "published"}),
        made("alias"),
    ]

    assert {tuple(sentences_of(*order)) for order in permutations(changes)} == {
        (
            "Status: draft → published",
            "Summary: empty → “New”",
            "New alias: QRT",
            "New pro: Fast",
            "Con removed: Slow",
        )
    }


def test_a_thing_with_its_sentences_on_one_line():
    changes = [
        made("technology", slug="litestar", name="Litestar"),
        made("listing", technology=["litestar"], verdict="alternative"),
        changed("listing", {"verdict": "recommended"}, {"verdict": "alternative"}),
        changed("technology", {}, {"name": "%(title)s <b>\x1b"}),
    ]

    assert [str(one) for one in described(*changes)] == [
        "Async: Flask: recommended → alternative; New listing: Litestar as alternative",
        "%(title)s <b>: Name: “Quart” → “%(title)s <b>”",
        "New technology: Litestar",
    ]


# Counts -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        (made("category"), Outcome.NEW),
        (gone("category"), Outcome.DELETED),
        (changed("category", {}, {"name": "B"}), Outcome.CHANGED),
        (changed("category", {}, {"name": "B", "status": "published"}), Outcome.PUBLISHED),
        (changed("category", {}, {"status": "archived"}), Outcome.ARCHIVED),
        (changed("category", {"status": "archived"}, {}), Outcome.DRAFT),
        (made("role"), Outcome.CHANGED),
    ],
)
def test_what_becomes_of_a_thing(change, outcome):
    assert [one.outcome for one in described(change)] == [outcome]


def test_a_summary_counts_things_by_kind():
    changes = [
        *(made("technology", slug=f"new-{number}") for number in range(2)),
        *(
            changed("technology", {"slug": slug}, {"slug": slug, "summary": "A"})
            for slug in ("a", "b", "c")
        ),
        changed("technology", {}, {"status": "published"}),
        changed("technology", {"slug": "d"}, {"slug": "d", "status": "archived"}),
        changed("technology", {"slug": "e", "status": "published"}, {"slug": "e"}),
        gone("technology", slug="f"),
        changed("guide", {}, {"title": "Ours"}),
        made("snippet"),
    ]

    assert summary(described(*changes)) == [
        "Guide: 1 changed",
        "Technologies: 2 new, 3 changed, 1 published, 1 archived, 1 back to draft, 1 deleted",
        "Snippets: 1 new",
    ]


def test_a_summary_adds_the_pins_of_all_sets():
    other = {"version_set": ["python-2027"]}
    things = described(
        *map(raised, ("a", "b")),
        changed("pin", other, {**other, "specifier": "^5.2"}),
        gone("pin", **other, package=["flask"]),
        made("versionset", slug="newest", title="Newest"),
        made("pin", version_set=["newest"]),
    )

    assert summary(things) == ["Version sets: 1 new, 2 changed (3 pins raised, 1 removed)"]


def test_nothing_changed_is_nothing_described():
    assert described() == []
    assert described(changed("technology", {}, {}), changed("cell", {}, {})) == []
    assert summary([]) == []


def test_facts_of_a_package_that_is_nowhere_are_of_no_thing():
    change = made("packagefacts")

    assert described(RowChange(change.row, change.before, change.after, ())) == []


@pytest.mark.parametrize(
    ("points", "last"),
    [(50, "New pro: Point 049"), (51, "… and 1 more"), (7000, "… and 6950 more")],
)
def test_at_most_fifty_sentences_for_a_thing(points, last):
    changes = [
        made("point", slug=f"point-{number:03}", text=f"Point {number:03}")
        for number in reversed(range(points))
    ]

    sentences = sentences_of(*changes)

    assert sentences[:50] == [f"New pro: Point {number:03}" for number in range(50)]
    assert sentences[-1] == last


def test_what_is_said_of_many_rows_has_its_room():
    changes = [
        changed("criterion", {"slug": f"row-{number}"}, {"slug": f"row-{number}", "weight": 2})
        for number in range(60)
    ]

    sentences = sentences_of(*changes, changed("criterion", {}, {"position": 1}))

    assert sentences[49:] == ["… and 11 more", "Order of criteria changed"]


# Parts -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ([made("technology")], "New technology: Quart"),
        (
            [
                made("technology"),
                *(made("point", slug=f"point-{number}") for number in range(4)),
                made("package"),
                made("packagefacts"),
            ],
            "New technology: Quart, with 1 package and 4 points",
        ),
        (
            [
                made("comparison"),
                made("criteriongroup"),
                made("contender"),
                made("criterion"),
                made("criterion", slug="speed"),
                made("cell"),
            ],
            "New comparison: Async frameworks, with 1 group of criteria, 1 contender, 2 criteria "
            "and 1 cell",
        ),
        ([made("versionset"), made("pin")], "New version set: Python 2026, with 1 pin"),
        ([gone("technology"), gone("point"), gone("package")], "Quart: Deleted"),
        ([gone("versionset"), gone("pin")], "Python 2026: Deleted"),
        (
            [made("technology"), changed("package", {"technology": ["flask"]}, {})],
            "New technology: Quart; Package “quart”, technology: Flask → Quart",
        ),
    ],
)
def test_a_thing_that_is_new_or_deleted_stands_for_its_parts(changes, line):
    lines = {tuple(map(str, described(*order))) for order in list(permutations(changes))[:24]}

    assert lines == {(line,)}


@pytest.mark.parametrize(
    ("changes", "sentences"),
    [
        ([gone("cell"), gone("contender")], ["Contender removed: Quart"]),
        ([gone("cell"), gone("criterion")], ["Criterion removed: Documentation"]),
        ([gone("choice"), gone("role")], ["Role removed: Task Queue"]),
        ([gone("packagefacts"), gone("package")], ["Package removed: quart"]),
        (
            [
                made("contender", technology=["litestar"]),
                made("cell", contender=["async-frameworks", "litestar"]),
            ],
            ["New contender: Litestar", "1 new cell"],
        ),
        ([made("criterion"), made("cell"), made("cell", contender=["async-frameworks", "flask"])],
         ["New criterion: Documentation", "2 new cells"]),
        ([made("role"), made("choice")],
         ["New role: Task Queue", "New choice: Celery as Task Queue"]),
    ],
)  # fmt: skip
def test_parts_come_and_go_with_what_they_are_part_of(changes, sentences):
    for order in (changes, changes[::-1]):
        assert sentences_of(*order) == sentences


@pytest.mark.parametrize(
    ("model", "sentence"),
    [
        ("package", "Order of packages changed"),
        ("listing", "Order of listings changed"),
        ("criteriongroup", "Order of groups of criteria changed"),
        ("criterion", "Order of criteria changed"),
        ("choice", "Order of choices changed"),
        ("pin", "Order of pins changed"),
    ],
)
def test_another_order_is_described_once(model, sentence):
    moves = [changed(model, {"position": place}, {"position": place + 1}) for place in range(3)]

    assert sentences_of(*moves) == [sentence]


def test_the_place_of_a_part_that_comes_or_goes_is_no_other_order():
    assert sentences_of(made("role", position=4), gone("role", slug="db", name="DB")) == [
        "Role removed: DB",
        "New role: Task Queue",
    ]


# Pins -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "count", "sentence"),
    [
        ({}, {"specifier": "^5.2"}, "1 pin raised", "Pin of django: ^5.0 → ^5.2"),
        ({}, {"specifier": "^4.2"}, "1 pin lowered", "Pin of django: ^5.0 → ^4.2"),
        ({}, {"specifier": ">=5.0,<6"}, "1 pin changed", "Pin of django: ^5.0 → >=5.0,<6"),
        ({}, {"group": "dev"}, "1 pin changed", "Pin of django, group: main → dev"),
        ({}, {"specifier": "^5.2", "group": "dev", "note": "New"}, "1 pin raised",
         "Pin of django: ^5.0 → ^5.2; group: main → dev; note: empty → “New”"),
    ],
)  # fmt: skip
def test_what_a_pin_says_differently(before, after, count, sentence):
    assert sentences_of(changed("pin", before, after)) == [count, sentence]


def test_pins_that_come_and_go():
    assert sentences_of(made("pin"), gone("pin", package=["flask"])) == [
        "1 pin added, 1 removed",
        "New pin: django ^5.0",
        "Pin removed: flask",
    ]


def test_every_way_is_counted_once():
    sentences = sentences_of(
        *map(raised, ("a", "b", "c")),
        gone("pin", package=["d"]),
        made("pin", package=["e"]),
        changed("pin", {"package": ["f"]}, {"package": ["f"], "specifier": "^4"}),
        changed("pin", {"package": ["g"]}, {"package": ["g"], "note": "New"}),
    )

    assert sentences == ["3 pins raised, 1 lowered, 1 added, 1 removed, 1 changed"]


@pytest.mark.parametrize(("pins", "described_by_themselves"), [(5, 5), (6, 0)])
def test_more_than_five_pins_are_only_counted(pins, described_by_themselves):
    count, *others = sentences_of(*(raised(f"package-{number}") for number in range(pins)))

    assert (count, len(others)) == (f"{pins} pins raised", described_by_themselves)


def test_what_the_set_says_itself_comes_before_its_pins():
    assert sentences_of(raised("django"), changed("versionset", {}, {"as_of": "2027"})) == [
        "As of: 2026-11 → 2027",
        "1 pin raised",
        "Pin of django: ^5.0 → ^5.2",
    ]


def test_labels_may_be_read_for_more_than_is_described():
    change = changed("cell", {}, {"rating": 4})

    [one] = describe(iter([change]), labels_of(change, made("technology", name="QUART")))

    assert one.sentences == ["Documentation of QUART: Good → Excellent"]
