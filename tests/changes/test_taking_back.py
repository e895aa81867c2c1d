"""An edition is taken back, and nothing that came after it; or it is said what bars the way."""

import pytest

from catalog.history import editions, renames
from catalog.history.diff import changes_to_undo
from catalog.history.trial import write
from catalog.models import CONTENT, Changed, Edition, Listing, Technology
from tests.changes.test_returning import change, everything, reasons_against, update
from tests.factories import (
    make_category,
    make_listing,
    make_point,
    make_stack,
    make_technology,
    make_whole_guide,
)

pytestmark = pytest.mark.django_db


def take_back(taken: Edition) -> None:
    with change("Taken back"):
        changes = changes_to_undo(taken).changes
        assert write(changes) == []


def test_what_an_edition_changed_is_as_before_and_what_came_later_stays():
    with change():
        technology = make_technology(slug="quart", name="Quart", summary="Async.")
        point = make_point(technology, slug="small", text="Small")
    with change() as taken:
        technology.name = "QUART"
        technology.licence = "MIT"
        technology.save()
        point.delete()
        make_point(technology, slug="fast", text="Fast")
    update(technology, summary="Asynchronous.")

    take_back(taken.edition)

    technology.refresh_from_db()
    assert (technology.name, technology.licence) == ("Quart", "")
    assert technology.summary == "Asynchronous."
    assert list(technology.points.values_list("slug", "text")) == [("small", "Small")]


def test_a_whole_guide_goes_and_comes_back():
    with change() as made:
        make_whole_guide()
    full = everything()

    with change() as gone:
        changes = changes_to_undo(made.edition).changes
        assert write(changes) == []
    assert [model.objects.count() for model in CONTENT] == [0] * len(CONTENT)
    take_back(gone.edition)

    assert everything() == full


def test_taking_back_is_an_edition_like_any_other_and_can_be_taken_back():
    technology = make_technology(name="Quart")
    update(technology, name="QUART")
    newest = editions.latest()

    take_back(newest)
    take_back(editions.latest())

    assert Technology.objects.get().name == "QUART"


def test_what_is_taken_back_already_leaves_nothing_to_do():
    technology = make_technology(name="Quart")
    update(technology, name="QUART")
    newest = editions.latest()
    update(technology, name="Quart")
    number = editions.latest().number

    take_back(newest)

    assert editions.latest().number == number


def test_a_field_that_was_changed_since_bars_the_way():
    technology = make_technology(slug="quart", name="Quart")
    update(technology, name="QUART")
    newest = editions.latest()
    update(technology, name="Quart 2")

    assert reasons_against(changes_to_undo, newest) == [
        f"The name of “Quart 2” has been changed since, in edition {newest.number + 1} (ada)."
    ]


def test_a_row_that_was_made_and_changed_since_bars_the_way():
    technology = make_technology(slug="quart")
    with change() as made:
        point = make_point(technology, slug="fast", text="Fast")
    update(point, text="Faster")

    assert reasons_against(changes_to_undo, made.edition) == [
        f"“Faster” has been changed since, in edition {made.edition.number + 1} (ada)."
    ]


def test_a_row_that_was_changed_and_has_gone_since_bars_the_way():
    technology = make_technology(slug="quart")
    point = make_point(technology, slug="fast", text="Fast")
    update(point, text="Faster")
    newest = editions.latest()
    with change():
        point.delete()

    assert reasons_against(changes_to_undo, newest) == [
        f"“fast” has been changed since, in edition {newest.number + 1} (ada)."
    ]


def test_what_was_made_and_is_used_since_cannot_go():
    with change() as made:
        technology = make_technology(slug="quart", name="Quart")
    stack = make_stack(roles=1, choices=0)
    stack.roles.get().choices.create(technology=technology)

    assert reasons_against(changes_to_undo, made.edition) == [
        "Technology “Quart” cannot go: choice “Quart” needs it."
    ]


def test_what_was_made_cannot_go_while_a_row_that_goes_back_still_needs_it():
    technology = make_technology(slug="quart", name="Quart")
    with change() as made:
        newer = make_technology(slug="newer", name="Newer")
        technology.summary = "Old."
        technology.save()
    update(technology, replaced_by=newer)

    assert reasons_against(changes_to_undo, made.edition) == [
        "Technology “Quart” needs technology “Newer”, which is to go."
    ]


def test_what_was_deleted_does_not_return_where_its_name_is_taken():
    technology = make_technology(slug="quart", name="Quart")
    with change() as gone:
        technology.delete()
    make_technology(slug="quart", name="Another")

    (reason,) = reasons_against(changes_to_undo, gone.edition)

    assert reason.startswith("“Another” has been changed since, in edition ")


def test_an_edition_before_a_rename_is_taken_back_under_the_name_of_today():
    technology = make_technology(slug="quart", name="Quart")
    update(technology, name="QUART")
    newest = editions.latest()
    with change():
        renames.rename(technology, "quart-2")

    take_back(newest)

    assert Technology.objects.values_list("slug", "name").get() == ("quart-2", "Quart")


def test_a_listing_that_is_taken_back_is_marked_in_both_its_things():
    listing = make_listing(make_category(slug="web"), make_technology(slug="quart"))
    update(listing, verdict=Listing.Verdict.AVOID)

    take_back(editions.latest())

    newest = editions.latest().number
    assert set(Changed.objects.filter(edition_id=newest).values_list("kind", "slug")) == {
        ("category", "web"),
        ("technology", "quart"),
    }
