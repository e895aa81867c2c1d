"""A thing is made as a revision says, or it is said what bars the way."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.describe import problem_sentences
from catalog.history import documents, editions, renames
from catalog.history.diff import changes_between_texts, changes_to_restore, changes_to_undo
from catalog.history.documents import in_todays_fields
from catalog.history.rows import RowKey
from catalog.history.trial import dry_run, write
from catalog.models import (
    CONTENT,
    Category,
    Cell,
    Changed,
    Edition,
    Listing,
    Package,
    Pin,
    Revision,
    Technology,
    Thing,
    ThingKey,
)
from tests.factories import (
    make_category,
    make_cell,
    make_companion,
    make_comparison,
    make_contender,
    make_listing,
    make_package,
    make_package_facts,
    make_point,
    make_stack,
    make_technology,
    make_version_set,
    make_whole_guide,
)

pytestmark = pytest.mark.django_db


def change(comment: str = "") -> Any:
    return editions.record("ada", comment, Edition.Origin.ADMIN)


def update(row: Any, **fields: Any) -> None:
    """Write these fields of a row in an edition of its own."""
    for name, value in fields.items():
        setattr(row, name, value)
    with change():
        row.save()


def make_as(revision: Revision) -> None:
    with change("Made as it was"):
        document = in_todays_fields(revision.document)
        changes = changes_to_restore(ThingKey(revision.kind, revision.slug), document)
        assert write(changes) == []


def revision_of(thing: Thing, number: int | None = None) -> Revision:
    """The newest revision, or the one of an edition."""
    rows = Revision.objects.filter(kind=thing.KIND, slug=thing.slug)
    return rows.get(edition_id=number) if number else rows.first()


def everything() -> dict[ThingKey, str]:
    """The document of each thing there is."""
    things = {
        ThingKey(model.KIND, slug)
        for model in CONTENT
        if not model.OWNERS
        for slug in model.objects.values_list("slug", flat=True)
    }
    return documents.texts(things)


def reasons_against(call: Any, *arguments: Any) -> list[str]:
    before = everything()
    with dry_run():
        found = call(*arguments)
        changes, problems = found if isinstance(found, tuple) else (found, [])
        sentences = problem_sentences([*problems, *write(changes)])
    assert everything() == before
    return sentences


def test_a_thing_is_made_as_a_revision_says_with_its_parts():
    with change():
        technology = make_technology(slug="quart", name="Quart")
        point = make_point(technology, slug="small")
        make_package_facts(make_package(technology, name="quart"), latest_version="1.0")
    first = revision_of(technology)
    with change():
        technology.name = "QUART"
        technology.save()
        point.delete()
        make_point(technology, slug="fast")
        technology.packages.get().facts.delete()

    make_as(first)

    assert revision_of(technology).document == first.document
    assert documents.texts([technology.key]) == {technology.key: first.document}


def test_a_listing_that_changes_with_one_thing_is_marked_in_the_other():
    category, technology = make_category(slug="web"), make_technology(slug="quart")
    with change():
        listing = make_listing(category, technology, verdict=Listing.Verdict.RECOMMENDED)
    first = revision_of(technology)
    update(listing, verdict=Listing.Verdict.AVOID)

    make_as(first)

    listing.refresh_from_db()
    newest = editions.latest().number
    assert listing.verdict == Listing.Verdict.RECOMMENDED
    assert set(Changed.objects.filter(edition_id=newest).values_list("kind", "slug")) == {
        ("category", "web"),
        ("technology", "quart"),
    }


def test_a_listing_that_goes_with_one_thing_goes_from_the_other():
    category, technology = make_category(slug="web"), make_technology(slug="quart")
    with change():
        category.best_for = "Most"
        category.save()
    first = revision_of(category)
    with change():
        make_listing(category, technology)

    make_as(first)

    assert Listing.objects.count() == 0
    assert documents.texts([technology.key]) == {technology.key: revision_of(technology).document}


def test_a_deleted_criterion_comes_back_with_its_cells():
    with change():
        comparison = make_comparison(contenders=2, criteria=2)
    first = revision_of(comparison)
    with change():
        comparison.criteria.get(slug="criterion-0").delete()
    assert Cell.objects.count() == 2

    make_as(first)

    assert Cell.objects.count() == 4
    assert documents.texts([comparison.key]) == {comparison.key: first.document}


def test_a_thing_that_was_deleted_comes_back():
    with change():
        technology = make_technology(slug="quart", replaced_by=make_technology(slug="newer"))
        make_point(technology)
    first = revision_of(technology)
    with change():
        technology.delete()

    make_as(first)

    assert documents.texts([technology.key]) == {technology.key: first.document}
    assert Technology.objects.get(slug="quart").replaced_by.slug == "newer"


def test_a_thing_goes_where_the_document_is_empty():
    technology = make_technology(slug="quart")
    with change():
        technology.delete()
    gone = revision_of(technology)
    with change():
        make_point(make_technology(slug="quart"))

    make_as(gone)

    assert Technology.objects.count() == 0


def test_what_something_new_refers_to_does_not_go():
    with change():
        comparison = make_comparison(contenders=0, criteria=1, title="Frameworks")
    first = revision_of(comparison)
    technology = make_technology(slug="quart", name="Quart")
    with change():
        make_cell(comparison.criteria.get(), make_contender(comparison, technology=technology))
    make_as(first)
    assert Cell.objects.count() == 0

    package_of = make_technology(slug="flask", name="Flask")
    with change():
        make_point(package_of)
    without_package = revision_of(package_of)
    package = make_package(package_of, name="flask")
    Pin.objects.create(version_set=make_version_set(pins=0), package=package, specifier="^3.0")

    document = in_todays_fields(without_package.document)
    assert reasons_against(changes_to_restore, package_of.key, document) == [
        "Package “flask” cannot go: pin “flask” needs it."
    ]


def test_what_the_document_names_and_is_not_there_is_said():
    newer = make_technology(slug="newer", name="Newer")
    with change():
        technology = make_technology(slug="quart", name="Quart", replaced_by=newer)
    first = revision_of(technology)
    with change():
        technology.replaced_by = None
        technology.save()
        newer.delete()

    document = in_todays_fields(first.document)
    assert reasons_against(changes_to_restore, technology.key, document) == [
        "Technology “Quart” needs technology “newer”, which is not there."
    ]


def test_a_package_that_belongs_to_somebody_else_by_now_is_said():
    with change():
        technology = make_technology(slug="quart", name="Quart")
        make_package_facts(make_package(technology, name="quart"))
    first = revision_of(technology)
    with change():
        technology.delete()
        make_package_facts(make_package(make_technology(name="Other"), name="quart"))

    document = in_todays_fields(first.document)
    assert reasons_against(changes_to_restore, technology.key, document) == [
        "Package “quart” belongs to technology “Other” by now."
    ]
    assert Package.objects.get().technology.name == "Other"


def test_a_thing_that_has_another_slug_by_now_keeps_it():
    parent = make_category(slug="web")
    with change():
        child = make_category(slug="async-web", name="Async", parent=parent)
    first = revision_of(child)
    with change():
        renames.rename(parent, "the-web")
        renames.rename(child, "async")
        child.name = "Asynchronous"
        child.save()

    make_as(first)

    assert Category.objects.values_list("slug", "name", "parent__slug").get(pk=child.pk) == (
        "async",
        "Async",
        "the-web",
    )


def test_what_is_as_the_document_says_is_left_alone():
    with change():
        technology = make_technology()
        make_companion(technology)

    document = in_todays_fields(revision_of(technology).document)

    assert changes_to_restore(technology.key, document) == []


@pytest.mark.parametrize("kind", [model.KIND for model in CONTENT if not model.OWNERS])
def test_each_kind_of_thing_can_be_deleted_and_made_again(kind):
    with change():
        make_whole_guide()
    for row in Revision.objects.filter(kind=kind):
        thing = ThingKey(row.kind, row.slug)

        document = in_todays_fields(row.document)

        assert changes_to_restore(thing, document) == []
        made = changes_between_texts(thing, documents.NOTHING, row.document)
        gone = changes_between_texts(thing, row.document, documents.NOTHING)
        assert [one.row for one in made] == [one.row for one in gone]
        assert {one.before is None for one in made} == {True}
        assert {one.after is None for one in gone} == {True}


def test_it_costs_the_same_whatever_there_is_to_bring_back():
    costs = []
    for parts in (1, 3):
        with change():
            comparison = make_comparison(contenders=parts, criteria=parts)
        full = revision_of(comparison)
        with change():
            changes = changes_to_restore(comparison.key, [])
            assert write(changes) == []

        with CaptureQueriesContext(connection) as queries:
            make_as(full)
        costs.append(len(queries))
        assert documents.texts([comparison.key]) == {comparison.key: full.document}

    assert costs == [costs[0]] * 2


# What became of a thing between two of its documents ----------------------------------------------


def test_a_difference_names_what_changed_came_and_went():
    with change():
        technology = make_technology(slug="quart", name="Quart")
        make_point(technology, slug="small", text="Small")
    first = revision_of(technology)
    with change():
        technology.points.get().delete()
        technology.name = "QUART"
        technology.save()
        make_listing(make_category(slug="web"), technology)

    changes = changes_between_texts(
        technology.key, first.document, revision_of(technology).document
    )

    quart, web = ThingKey("technology", "quart"), ThingKey("category", "web")
    assert [(one.row, one.things) for one in changes] == [
        (RowKey("technology", ("quart",)), (quart,)),
        (RowKey("listing", ("web", "quart")), (web, quart)),
        (RowKey("point", ("quart", "small")), (quart,)),
    ]
    assert changes[0].changed == ["name"]
    assert (changes[1].before, changes[2].after) == (None, None)


def test_a_difference_is_said_in_the_names_of_today():
    with change():
        technology = make_technology(slug="quart", name="Quart")
    first = revision_of(technology)
    with change():
        renames.rename(technology, "quart-2")

    later = revision_of(technology).document

    assert changes_between_texts(technology.key, first.document, later) == []


def test_facts_of_a_package_belong_to_the_thing_whose_document_has_them():
    technology = make_technology(slug="quart")
    with change():
        make_package_facts(make_package(technology, name="quart"))

    document = revision_of(technology).document
    changes = changes_between_texts(technology.key, documents.NOTHING, document)

    assert {one.things for one in changes} == {(technology.key,)}


# An edition is taken back, and nothing that came after it; or it is said what bars the way --------


def take_back(taken: Edition) -> None:
    with change("Taken back"):
        changes, _problems = changes_to_undo(taken)
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
        changes, _problems = changes_to_undo(made.edition)
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
