"""A thing is made as a revision says, or it is said what bars the way."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.describe import problem_sentences
from catalog.history import documents, editions, renames
from catalog.history.diff import WayBack, changes_between_texts, changes_to_restore
from catalog.history.documents import in_todays_fields
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
        changes, problems = found if isinstance(found, WayBack) else (found, [])
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
