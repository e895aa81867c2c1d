"""Changes through a door: one edition each, with the document of every thing that differs."""

import pytest
from django.db import IntegrityError, connection, transaction

from catalog.history import documents, editions
from catalog.models import (
    Category,
    Changed,
    Edition,
    EditionCounter,
    Point,
    RenderedMarkdown,
    Revision,
    Technology,
    ThingKey,
    Unrecorded,
)
from tests.factories import make_category, make_listing, make_technology
from tests.failing import FailedError, fail_after

pytestmark = pytest.mark.django_db

ADMIN = Edition.Origin.ADMIN
FLASK = ThingKey("technology", "flask")


def change(comment="", user="ada"):
    return editions.record(user, comment, ADMIN)


def revisions():
    return [(row.edition_id, row.kind, row.slug) for row in Revision.objects.order_by("pk")]


def test_a_change_is_one_edition_with_its_user_comment_and_door():
    with change("Two new categories") as opened:
        make_category(slug="one")
        make_category(slug="two")

    newest = editions.latest()
    assert opened.edition == newest
    assert (newest.number, newest.user, newest.comment, newest.origin) == (
        1,
        "ada",
        "Two new categories",
        "admin",
    )
    assert revisions() == [(1, "category", "one"), (1, "category", "two")]
    assert EditionCounter.objects.get().number == 1


def test_the_comment_can_be_set_until_the_door_closes():
    with change() as opened:
        make_category()
        opened.comment = "Found out later"

    assert editions.latest().comment == "Found out later"


def test_a_comment_longer_than_its_column_is_cut():
    with change("x" * 600):
        make_category()

    assert editions.latest().comment == "x" * 500


def test_a_document_holds_what_the_change_left():
    with change():
        technology = make_technology(slug="flask", name="Flask")
    with change():
        Point.objects.create(technology=technology, slug="small", kind="pro", text="Small")
        technology.name = "Flask 3"
        technology.save()

    newest = Revision.objects.get(edition=2)
    assert newest.document == documents.texts([FLASK])[FLASK]
    assert '"name":"Flask 3"' in newest.document
    assert '"text":"Small"' in newest.document


def test_a_listing_belongs_to_both_its_ends():
    category, technology = make_category(slug="web"), make_technology(slug="flask")

    with change() as opened:
        make_listing(category=category, technology=technology)

    number = opened.edition.number
    assert {key[1:] for key in revisions() if key[0] == number} == {
        ("category", "web"),
        ("technology", "flask"),
    }


def test_changed_names_the_edition_of_each_things_last_change():
    with change():
        first = make_category(slug="first")
        make_category(slug="second")
    with change():
        first.name = "Another name"
        first.save()

    assert dict(Changed.objects.values_list("slug", "edition")) == {"first": 2, "second": 1}


def test_saving_what_is_there_already_is_no_edition():
    with change():
        category = make_category()

    with change() as opened:
        category.save()
        Category.objects.update(name=category.name)

    assert opened.edition is None
    assert editions.latest().number == 1


def test_a_change_that_is_taken_back_before_the_door_closes_is_no_edition():
    with change():
        category = make_category(name="Web")

    with change() as opened:
        Category.objects.update(name="Wep")
        Category.objects.update(name="Web")

    assert opened.edition is None
    assert Category.objects.get(pk=category.pk).name == "Web"


def test_a_failure_inside_leaves_neither_rows_nor_an_edition():
    with pytest.raises(FailedError), change():
        fail_after(make_category())

    assert Category.objects.count() == 0
    assert editions.latest() is None
    assert editions.current() is None


def test_a_door_inside_a_door_is_the_outer_one():
    with change("outer") as outer, editions.record("bob", "inner", Edition.Origin.PACK) as inner:
        make_category()

    assert inner is outer
    assert Edition.objects.values_list("user", "comment", "origin").get() == (
        "ada",
        "outer",
        "admin",
    )


def test_a_deleted_thing_leaves_an_empty_document_and_keeps_its_past():
    with change():
        technology = make_technology(slug="flask")
    with change():
        technology.delete()
    with change():
        make_technology(slug="flask", name="Flask again")

    documents_of_flask = Revision.objects.filter(slug="flask").order_by("edition_id")
    assert [row.edition_id for row in documents_of_flask] == [1, 2, 3]
    assert documents_of_flask[1].document == "[]"


def test_bulk_writes_are_seen_through_the_door():
    with change():
        category = make_category(slug="web")
        flask, django = make_technology(slug="flask"), make_technology(slug="django")
    with change() as created:
        Point.objects.bulk_create(
            [
                Point(technology=flask, slug="a", kind="pro", text="A"),
                Point(technology=django, slug="b", kind="pro", text="B"),
            ]
        )
    with change() as updated:
        Point.objects.filter(slug="a").update(text="AA")
    point = Point.objects.get(slug="b")
    point.text = "BB"
    with change() as bulk_updated:
        Point.objects.bulk_update([point], ["text"])
    with change() as moved:
        Point.objects.filter(slug="b").update(technology=flask)
    with change() as deleted:
        Point.objects.filter(technology=flask).delete()

    changes = (created, updated, bulk_updated, moved, deleted)
    touched = [
        sorted(row.slug for row in Revision.objects.filter(edition=opened.edition))
        for opened in changes
    ]
    assert touched == [["django", "flask"], ["flask"], ["django"], ["django", "flask"], ["flask"]]
    assert Changed.objects.get(slug=category.slug).edition_id == 1


def test_a_renamed_thing_changes_the_documents_that_name_it():
    with change():
        technology = make_technology(slug="flask")
        make_listing(category=make_category(slug="web"), technology=technology)
    with change() as saved:
        technology.slug = "flask-3"
        technology.save()
    with change() as updated:
        Technology.objects.update(slug="flask")

    for opened in (saved, updated):
        things = {row.slug for row in Revision.objects.filter(edition=opened.edition)}
        assert things == {"flask", "flask-3", "web"}


def test_adding_through_a_related_manager_is_seen():
    with change():
        first, second = make_technology(slug="first"), make_technology(slug="second")
        point = Point.objects.create(technology=first, slug="a", kind="pro", text="A")

    with change() as opened:
        second.points.add(point)

    things = {row.slug for row in Revision.objects.filter(edition=opened.edition)}
    assert things == {"first", "second"}


def test_what_changed_without_a_signal_gets_an_edition_of_its_own_first():
    with change():
        category = make_category(slug="web", name="Web")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE catalog_category SET best_for = 'everything'")

    with change("Renamed"):
        category.refresh_from_db()
        category.name = "The web"
        category.save()

    assert [(row.number, row.origin, row.comment) for row in Edition.objects.order_by("number")][
        1:
    ] == [(2, "outside", "Changed outside"), (3, "admin", "Renamed")]
    second, third = Revision.objects.filter(edition__gt=1).order_by("edition_id")
    assert '"name":"Web"' in second.document
    assert '"best_for":"everything"' in second.document
    assert '"name":"The web"' in third.document


def test_a_refused_row_can_be_followed_by_a_good_one_in_the_same_door():
    with change():
        make_category(slug="web")

    with change() as opened:
        with pytest.raises(IntegrityError), transaction.atomic():
            make_category(slug="web")
        make_category(slug="api")

    assert [row.slug for row in Revision.objects.filter(edition=opened.edition)] == ["api"]


def test_markdown_is_rendered_by_the_change_that_brings_it():
    with change():
        make_category(introduction="Some *words*")

    assert "<em>words</em>" in RenderedMarkdown.objects.get().html


def test_a_door_records_first_what_was_written_without_one():
    make_category(slug="web")  # the test's own transaction never commits, so this stays noted
    assert Unrecorded.objects.count() == 1

    with change("Through the door"):
        make_category(slug="api")

    assert revisions() == [(1, "category", "web"), (2, "category", "api")]
    assert Unrecorded.objects.count() == 0
    assert Edition.objects.get(number=1).origin == "outside"


def test_what_is_written_after_a_door_in_the_same_transaction_is_noted_again():
    category = make_category(slug="web")
    with change():
        make_category(slug="api")
    category.name = "Another"
    category.save()

    assert Unrecorded.objects.values_list("slug", "edition").get() == ("web", 3)


@pytest.mark.parametrize("size", [1, 3])
def test_a_change_costs_the_same_queries_for_one_thing_or_many(django_assert_num_queries, size):
    with change():
        Category.objects.bulk_create([Category(slug=f"c{n}", name="C") for n in range(size)])

    # savepoint 2, counter 2, noted 1; keys and things of the rows 2, update 1; before and after:
    # documents 2 each, and what is known 1; edition, revisions, last changes 3
    with django_assert_num_queries(18), change():
        Category.objects.update(name="Another")
