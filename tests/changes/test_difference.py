"""What became of a thing between two of its documents."""

import pytest

from catalog.history import documents, renames
from catalog.history.diff import changes_between_texts
from catalog.history.rows import RowKey
from catalog.models import ThingKey
from tests.changes.test_returning import change, revision_of
from tests.factories import (
    make_category,
    make_listing,
    make_package,
    make_package_facts,
    make_point,
    make_technology,
)

pytestmark = pytest.mark.django_db


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
