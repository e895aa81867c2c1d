"""What is kept back of a change: that of live things, as one document for each thing."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from catalog.admin.saving import shown_with_pending
from catalog.history import documents, editions, renames
from catalog.history.merge import Take, undecided
from catalog.history.pending import FIRST_KEY, kept_back, merge_pending
from catalog.history.trial import write
from catalog.models import (
    Category,
    Comparison,
    Edition,
    Listing,
    Pending,
    Point,
    Revision,
    Snippet,
    Status,
    Technology,
    ThingKey,
)
from tests.factories import (
    make_category,
    make_comparison,
    make_listing,
    make_point,
    make_snippet,
    make_technology,
)

pytestmark = pytest.mark.django_db


@contextmanager
def saving(by: str = "ada", **how: Any) -> Iterator[None]:
    """What somebody writes who does not publish."""
    with editions.record(by, "", Edition.Origin.ADMIN) as door, kept_back(door, by, **how):
        yield


@contextmanager
def going_on(by: str = "ada") -> Iterator[None]:
    """The same on top of what waits."""
    pending = Pending.objects.get()
    with saving(by, thing=pending.thing, in_place=pending):
        yield


@pytest.fixture
def flask(db: None) -> Technology:
    with editions.record("eve", "", Edition.Origin.ADMIN):
        return make_technology(name="Flask", slug="flask", summary="Small")


def set_summary(text: str) -> None:
    row = Technology.objects.get(slug="flask")
    row.summary = text
    row.save()


def publish(text: str) -> None:
    with editions.record("eve", "", Edition.Origin.ADMIN):
        set_summary(text)


def proposed() -> dict[str, Any]:
    """The fields of the technology as the pending change has it."""
    (row,) = (
        row
        for row in json.loads(Pending.objects.get().document)
        if row["model"] == "catalog.technology"
    )
    return row["fields"]


def summary() -> str:
    return Technology.objects.get(slug="flask").summary


def apply(choose: Any = undecided) -> list[Any]:
    pending = Pending.objects.get()
    with editions.record("eve", "", Edition.Origin.ADMIN):
        found = merge_pending(pending, choose)
        assert write(found.changes) == []
    return found.conflicts


@pytest.fixture
def tiny(flask: Technology) -> None:
    """Let a summary of Flask by Ada wait."""
    with saving():
        set_summary("Tiny")


def test_a_change_of_a_live_thing_waits_and_makes_no_edition(flask, tiny):
    pending = Pending.objects.get()
    assert (summary(), Edition.objects.count(), Revision.objects.count()) == ("Small", 1, 1)
    assert (pending.thing, pending.user, pending.authors) == (flask.key, "ada", ["ada"])
    assert (pending.edition, pending.version, pending.state) == (1, 1, "waiting")
    assert proposed()["summary"] == "Tiny"


@pytest.mark.parametrize("status", [Status.PUBLISHED, Status.ARCHIVED])
def test_what_readers_can_open_is_live(status, db):
    page = make_category(status=status)
    with saving():
        Category.objects.filter(pk=page.pk).update(name="Other")
    assert Pending.objects.get().thing == page.key


def test_a_draft_is_written(db):
    draft = make_technology(slug="flask", status=Status.DRAFT)
    make_point(draft)
    with saving():
        set_summary("Tiny")
        make_point(draft)
    assert (summary(), Point.objects.count(), Pending.objects.count()) == ("Tiny", 2, 0)
    assert Edition.objects.first().user == "ada"


def test_to_publish_a_draft_is_proposed_and_it_stays_a_draft(db):
    draft = make_technology(slug="flask", status=Status.DRAFT)
    with saving():
        draft.status = Status.PUBLISHED
        draft.save()
    assert Technology.objects.get().status == Status.DRAFT
    assert proposed()["status"] == "published"


def test_drafts_are_written_where_live_things_wait(flask):
    draft = make_technology(slug="quart", status=Status.DRAFT)
    with saving():
        set_summary("Tiny")
        Technology.objects.filter(pk=draft.pk).update(summary="Written")
        make_point(draft, text="Made")
    assert summary() == "Small"
    assert Technology.objects.get(slug="quart").summary == "Written"
    assert Point.objects.get().text == "Made"
    assert Pending.objects.get().slug == "flask"


def test_a_listing_of_a_draft_is_not_seen_and_so_is_written(db):
    category = make_category()
    draft = make_technology(status=Status.DRAFT)
    with saving():
        make_listing(category, draft)
    assert (Listing.objects.count(), Pending.objects.count()) == (1, 0)


def test_a_listing_waits_with_the_thing_whose_form_it_stands_in(flask):
    category = make_category(slug="web")
    with saving(thing=flask.key):
        make_listing(category, flask)
    assert Listing.objects.count() == 0
    assert Pending.objects.get().thing == flask.key


def test_a_listing_without_a_form_waits_with_its_category(flask):
    category = make_category(slug="web")
    with saving():
        make_listing(category, flask)
    assert Pending.objects.get().thing == category.key


@pytest.mark.parametrize(
    ("status", "count"), [(Status.DRAFT, 1), (Status.PUBLISHED, 0), (Status.ARCHIVED, 0)]
)
def test_a_snippet_is_as_live_as_its_page(status, count, db):
    technology = make_technology(status=status)
    with saving():
        make_snippet(technology=technology)
    assert Snippet.objects.count() == count
    assert Pending.objects.count() == 1 - count


def test_saving_again_amends_what_waits(tiny):
    with saving("bob"):
        row = Technology.objects.get()
        row.description = "Described"
        row.save()

    pending = Pending.objects.get()
    assert (pending.version, pending.user, pending.authors) == (2, "bob", ["ada", "bob"])
    assert (proposed()["summary"], proposed()["description"]) == ("Tiny", "Described")


def test_going_on_sees_what_waits_and_replaces_it(flask):
    with saving():
        set_summary("Tiny")
        make_point(flask, slug="one")
    with going_on():
        assert summary() == "Tiny"
        assert [point.pk for point in Point.objects.all()] == [FIRST_KEY]
        Point.objects.all().delete()
        make_point(flask, slug="two")

    rows = [row["fields"].get("slug") for row in json.loads(Pending.objects.get().document)]
    assert rows == ["flask", "two"]
    assert Point.objects.count() == 0


def test_going_on_without_a_change_is_no_version(tiny):
    with going_on():
        pass
    assert Pending.objects.get().version == 1


def test_to_take_it_all_back_withdraws_it(tiny):
    with going_on():
        set_summary("Small")
    assert Pending.objects.count() == 0


def test_a_returned_change_waits_again_when_it_is_amended(tiny):
    Pending.objects.update(state=Pending.State.RETURNED, answer="Shorter")
    with going_on():
        set_summary("T")
    assert Pending.objects.get().state == "waiting"


def test_what_fails_keeps_nothing_back(flask):
    def fail() -> None:
        with saving():
            set_summary("Tiny")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert (summary(), Pending.objects.count()) == ("Small", 0)


def test_applied_it_is_what_was_proposed(flask):
    with saving():
        set_summary("Tiny")
        make_point(flask, slug="one")
    assert apply() == []
    assert (summary(), Point.objects.get().slug) == ("Tiny", "one")
    assert Point.objects.get().pk < FIRST_KEY


def test_what_both_changed_is_at_odds_and_waits_for_a_choice(tiny):
    publish("Huge")
    (conflict,) = apply()
    assert (conflict.field, conflict.base, conflict.theirs, conflict.mine) == (
        "summary",
        "Small",
        "Huge",
        "Tiny",
    )
    assert summary() == "Huge"
    apply(lambda _row, _field: Take.MINE)
    assert summary() == "Tiny"


def test_going_on_moves_the_ground_unless_both_are_at_odds(tiny):
    with editions.record("eve", "", Edition.Origin.ADMIN):
        Technology.objects.update(description="Theirs")
    pending = Pending.objects.get()
    with shown_with_pending(pending):
        assert pending.shown_on == 2
    publish("Huge")
    with shown_with_pending(pending):
        assert (pending.shown_on, summary()) == (1, "Tiny")
    assert summary() == "Huge"


def test_a_new_row_of_a_table_waits_with_its_comparison(db):
    comparison: Comparison = make_comparison(contenders=2, criteria=2)
    before = documents.of([comparison.key])
    with saving():
        comparison.criteria.first().delete()
    assert documents.of([comparison.key]) == before
    pending = Pending.objects.get()
    assert pending.thing == comparison.key
    models = [row["model"] for row in json.loads(pending.document)]
    assert (models.count("catalog.criterion"), models.count("catalog.cell")) == (1, 2)


def test_what_waits_goes_along_to_a_new_slug(flask, tiny):
    with editions.record("eve", "", Edition.Origin.ADMIN):
        renames.rename(flask, "flask-3")
    assert Pending.objects.get().thing == ThingKey("technology", "flask-3")
    assert apply() == []
    assert Technology.objects.get(slug="flask-3").summary == "Tiny"
