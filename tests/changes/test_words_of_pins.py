"""Pins in words: which way a version goes, and how many go so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.changes.words import ThingSaid, summary
from catalog.changes.words.pins import direction
from catalog.history.rows import Fields, RowChange
from tests.changes.worded import changed, gone, made, sentences_of, told

SPECIFIERS = [
    *("^5.0", "~5.2", "==5.2", "==5.2.*", "~=5.2", "~=5.2.1", ">=2.0,<3", "<3", ">2", "!=2"),
    *("===5.2", ">=1!2.0", "", "nonsense", "^0.110.0", ">=2.0,<=3,!=2.5"),
]


def raised(package: str) -> RowChange:
    pin = {"package": [package]}
    return changed("pin", pin, {**pin, "specifier": "^5.2"})


@pytest.mark.parametrize(
    ("before", "after", "goes"),
    [
        ("^5.0", "^5.2", 1),
        ("^5.2", "^5.0", -1),
        ("^0.9.0", "^0.110.0", 1),
        (">=2.0,<3", ">=2.0,<4", 1),
        (">=2.0,<3", ">=2.0", 1),
        (">=2.0", ">=2.0,<3", -1),
        (">=2.0,<4", ">=2.5,<3", 1),  # the lowest decides
        ("<3", "<4", 1),
        ("<3", "<=3", 1),
        (">2", ">=2", -1),
        ("==5.2", "==5.2.1", 1),
        ("==5.2", "==5.2.*", 1),
        ("~=2.2", "~=2.2.0", -1),
        ("~5.2", "~5.10", 1),
        (">=9", ">=1!2.0", 1),
        ("^5.0", ">=5.0,<6", 0),
        ("^5.0", ">= 5.0, < 6", 0),
        (">=2.0,!=2.5", ">=2.0", 0),
        ("^5.0", "nonsense", 0),
        ("", "^5.0", 0),
        ("===5.2", "===local-build", 0),
    ],
)
def test_which_way_a_specifier_goes(before: str, after: str, goes: int) -> None:
    assert direction(before, after) == goes


@given(st.sampled_from(SPECIFIERS), st.sampled_from(SPECIFIERS))
def test_there_and_back_go_opposite_ways(one: str, other: str) -> None:
    assert direction(one, other) == -direction(other, one)


@pytest.mark.parametrize(
    ("before", "after", "count", "sentence"),
    [
        ({}, {"specifier": "^5.2"}, "1 pin raised", "django rises from ^5.0 to ^5.2"),
        ({}, {"specifier": "^4.2"}, "1 pin lowered", "django falls from ^5.0 to ^4.2"),
        ({}, {"specifier": ">=5.0,<6"}, "1 pin changed", "django: ^5.0 becomes >=5.0,<6"),
        ({}, {"group": "dev"}, "1 pin changed", "django moves from main to dev"),
        ({"extras": "a"}, {"extras": "b"}, "1 pin changed", "extras of django: “a” becomes “b”"),
        ({"note": "A"}, {}, "1 pin changed", "note of django: “A” is removed"),
        (
            {},
            {"specifier": "^5.2", "group": "dev", "note": "New"},
            "1 pin raised",
            "django rises from ^5.0 to ^5.2; moves from main to dev; note: “New” is added",
        ),
    ],
)
def test_what_a_pin_says_differently(
    before: Fields, after: Fields, count: str, sentence: str
) -> None:
    assert sentences_of(changed("pin", before, after)) == (count, sentence)


def test_pins_that_come_and_go() -> None:
    assert sentences_of(made("pin"), gone("pin", package=["flask"])) == (
        "1 pin added, 1 dropped",
        "adds django ^5.0",
        "drops flask",
    )


def test_every_way_is_counted_once() -> None:
    sentences = sentences_of(
        *map(raised, ("a", "b", "c")),
        gone("pin", package=["d"]),
        made("pin", package=["e"]),
        changed("pin", {"package": ["f"]}, {"package": ["f"], "specifier": "^4"}),
        changed("pin", {"package": ["g"]}, {"package": ["g"], "note": "New"}),
    )

    assert sentences == ("3 pins raised, 1 lowered, 1 added, 1 dropped, 1 changed",)


@pytest.mark.parametrize(("pins", "said_by_themselves"), [(5, 5), (6, 0)])
def test_more_than_five_pins_are_only_counted(pins: int, said_by_themselves: int) -> None:
    count, *others = sentences_of(*(raised(f"package-{number}") for number in range(pins)))

    assert (count, len(others)) == (f"{pins} pins raised", said_by_themselves)


def test_what_the_set_says_itself_comes_before_its_pins() -> None:
    assert sentences_of(raised("django"), changed("versionset", {}, {"as_of": "2027"})) == (
        "as of 2027",
        "1 pin raised",
        "django rises from ^5.0 to ^5.2",
    )


def test_a_summary_adds_the_pins_of_all_sets() -> None:
    other = {"version_set": ["python-2027"]}
    said: list[ThingSaid] = told(
        *map(raised, ("a", "b")),
        changed("pin", other, {**other, "specifier": "^5.2"}),
        gone("pin", **other, package=["flask"]),
        made("versionset", slug="newest", title="Newest"),
        made("pin", version_set=["newest"]),
    )

    assert summary(said) == ["Version sets: 1 new, 2 changed (3 pins raised, 1 dropped)"]
