"""A post to a form of which somebody deleted parts meanwhile, made fit to be bound."""

import pytest
from django.http import QueryDict

from catalog.admin.base import renumber_deleted_rows


def post(**fields: str) -> QueryDict:
    """A post of two tables, points and aliases, with the prefix in front of a double underscore."""
    found = QueryDict(mutable=True)
    for name, value in fields.items():
        found.appendlist(name.replace("__", "-"), value)
    return found


THREE = {
    "name": "Flask",
    "points__TOTAL_FORMS": "4",
    "points__INITIAL_FORMS": "3",
    "points__MIN_NUM_FORMS": "0",
    "points__MAX_NUM_FORMS": "1000",
    "points__0__id": "7",
    "points__0__text": "a",
    "points__1__id": "8",
    "points__1__text": "b",
    "points__2__id": "9",
    "points__2__text": "c",
    "points__2__DELETE": "on",
    "points__3__id": "",
    "points__3__text": "new",
    "points__" + "__prefix__" + "__text": "",
}


def said(**more: str) -> QueryDict:
    return post(**THREE | more)


def rows(found: QueryDict, *fields: str) -> list[tuple[str | None, ...]]:
    return [
        tuple(found.get(f"points-{place}-{field}") for field in fields)
        for place in range(int(found["points-TOTAL_FORMS"]))
    ]


def test_where_all_is_there_nothing_changes():
    assert renumber_deleted_rows(said(), "points", {"7", "8", "9"}) == said()


def test_what_is_gone_is_new_and_stands_behind_what_is_there():
    found = renumber_deleted_rows(said(), "points", {"8", "9"})

    assert found["points-INITIAL_FORMS"] == "2"
    assert rows(found, "id", "text", "DELETE") == [
        ("8", "b", None),
        ("9", "c", "on"),
        ("", "a", None),
        ("", "new", None),
    ]
    assert (found["name"], found["points-MAX_NUM_FORMS"]) == ("Flask", "1000")


def test_what_is_gone_and_was_to_be_deleted_is_left_out():
    found = renumber_deleted_rows(said(), "points", {"7", "8"})

    assert rows(found, "id", "text", "DELETE") == [
        ("7", "a", None),
        ("8", "b", None),
        ("", "new", None),
    ]
    assert "points-3-text" not in found


def test_all_of_it_may_be_gone():
    found = renumber_deleted_rows(said(), "points", set())

    assert found["points-INITIAL_FORMS"] == "0"
    assert rows(found, "id", "text") == [("", "a"), ("", "b"), ("", "new")]


def test_tables_of_similar_names_are_told_apart():
    both = said(points__2__TOTAL_FORMS="1", points__2__INITIAL_FORMS="1")
    both["points-2-0-id"] = "5"

    found = renumber_deleted_rows(both, "points-2", set())

    assert (found["points-2-INITIAL_FORMS"], found["points-2-0-id"]) == ("0", "")
    assert found["points-2-text"] == "c"


def test_several_values_of_one_name_stay_together():
    several = said()
    several.setlist("points-0-tags", ["x", "y"])

    assert renumber_deleted_rows(several, "points", set()).getlist("points-0-tags") == ["x", "y"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("points__TOTAL_FORMS", value) for value in ("", "x", "-1", "9" * 20, "²", "1")),
        *(("points__INITIAL_FORMS", value) for value in ("", "x", "-1", "9" * 20, "5")),
    ],
)
def test_counts_that_make_no_sense_are_left_to_the_form(name, value):
    nonsense = said(**{name: value})

    assert renumber_deleted_rows(nonsense, "points", set()) == nonsense


@pytest.mark.parametrize("key", ["", "x", "²", "9" * 40, "\0"])
def test_a_key_that_is_none_is_a_new_row(key):
    found = renumber_deleted_rows(said(points__0__id=key), "points", {"8", "9"})

    assert rows(found, "id", "text")[2] == ("", "a")


def test_a_table_that_was_not_posted_is_no_matter():
    assert renumber_deleted_rows(post(name="Flask"), "points", {"1"}) == post(name="Flask")


def test_the_post_itself_stays_as_it_was():
    before = said()
    renumber_deleted_rows(before, "points", set())

    assert before == said()
