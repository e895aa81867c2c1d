"""A table of parts that was posted although somebody deleted some of them meanwhile."""

import pytest
from django.forms import inlineformset_factory

from catalog.admin.base import PartFormSet
from catalog.models import Point, Technology
from tests.factories import make_point, make_technology

pytestmark = pytest.mark.django_db

POINTS = inlineformset_factory(
    Technology, Point, formset=PartFormSet, fields=["text", "kind", "slug", "position"], extra=0
)


@pytest.fixture
def flask():
    flask = make_technology()
    for place, text in enumerate("abc"):
        make_point(flask, text=text, slug=text, position=place)
    return flask


def table(flask, *gone: str, **typed: str):
    """The table as it was opened, with what was typed, saved once these rows are gone."""
    points = list(flask.points.all())
    data = {"points-TOTAL_FORMS": "4", "points-INITIAL_FORMS": "3", "points-3-id": ""}
    for place, row in enumerate([*points, Point(text="new", slug="new", kind="pro", position=9)]):
        names = ("id", "text", "kind", "slug", "position")
        data |= {f"points-{place}-{name}": str(getattr(row, name) or "") for name in names}
        data[f"points-{place}-position"] = str(row.position)
    flask.points.filter(text__in=gone).delete()
    data |= {name.replace("__", "-"): value for name, value in typed.items()}
    return POINTS(data, instance=flask)


def saved(formset, flask):
    assert formset.is_valid(), formset.errors
    formset.save()
    return [point.text for point in flask.points.order_by("position", "text")]


def test_where_all_is_there_nothing_is_new(flask):
    found = table(flask, points__1__text="B")

    assert saved(found, flask) == ["a", "B", "c", "new"]
    assert [point.text for point in found.new_objects] == ["new"]


def test_what_is_gone_is_new(flask):
    found = table(flask, "a", "c", points__1__text="B")

    assert saved(found, flask) == ["a", "B", "c", "new"]
    assert [point.text for point in found.new_objects] == ["a", "c", "new"]


def test_what_is_gone_and_was_to_be_deleted_is_left_out(flask):
    assert saved(table(flask, "b", points__1__DELETE="on"), flask) == ["a", "c", "new"]


def test_a_part_that_is_there_can_still_be_deleted(flask):
    assert saved(table(flask, "a", points__1__DELETE="on"), flask) == ["a", "c", "new"]


def test_all_of_it_may_be_gone(flask):
    assert saved(table(flask, "a", "b", "c"), flask) == ["a", "b", "c", "new"]


@pytest.mark.parametrize("key", ["x", "²", "9" * 40, "-1"])
def test_a_key_that_is_none_is_a_new_row(flask, key):
    assert saved(table(flask, "a", points__0__id=key), flask) == ["a", "b", "c", "new"]


@pytest.mark.parametrize("key", ["", "x", "9" * 40])
def test_a_new_row_has_no_key(flask, key):
    assert table(flask, points__3__id=key).is_valid() is (key == "")


def test_a_mistake_in_what_is_gone_is_said(flask):
    found = table(flask, "b", points__1__text="")

    assert not found.is_valid()
    assert [form.errors.keys() for form in found.extra_forms] == [{"text"}, set()]
