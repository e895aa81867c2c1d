"""Documents: the same content, the same text, on every database."""

import json

import pytest

from catalog.history import documents
from catalog.history.rows import key_of
from catalog.models import CONTENT, Cell, Point, ThingKey
from tests.factories import (
    make_category,
    make_comparison,
    make_guide,
    make_listing,
    make_measurement,
    make_snippet,
    make_stack,
    make_technology,
    make_version_set,
)

pytestmark = pytest.mark.django_db


def labels(rows):
    return [row["model"].removeprefix("catalog.") for row in rows]


def test_every_content_model_is_part_of_some_kind_of_thing():
    kinds = {model.KIND for model in CONTENT if not model.OWNERS}

    assert kinds == {
        *("guide", "category", "technology", "measurement", "snippet", "comparison"),
        *("stack", "version"),
    }
    assert {model for kind in kinds for model in documents.models_of(kind)} == set(CONTENT)


def test_a_row_is_what_loaddata_reads_with_every_field_and_no_key_of_the_database():
    parent = make_category(slug="web", position=10)
    make_category(slug="async", name="Async", parent=parent, best_for="APIs")

    rows = documents.of([ThingKey("category", "async")])[ThingKey("category", "async")]

    assert rows == [
        {
            "model": "catalog.category",
            "fields": {
                "slug": "async",
                "owner": "",
                "review_by": None,
                "status": "published",
                "name": "Async",
                "parent": ["web"],
                "qualifier": "",
                "best_for": "APIs",
                "introduction": "",
                "position": 0,
            },
        }
    ]


def test_a_thing_that_is_not_there_has_an_empty_document():
    nobody = ThingKey("technology", "nobody")

    assert documents.of([nobody]) == {nobody: []}
    assert documents.texts([nobody]) == {nobody: documents.NOTHING}


def test_a_reference_is_the_natural_key_of_its_target():
    comparison = make_comparison(slug="frameworks", contenders=1, criteria=1)

    rows = documents.of([comparison.key])[comparison.key]
    cell = next(row for row in rows if row["model"] == "catalog.cell")

    stored = Cell.objects.get()
    assert cell["fields"]["criterion"] == ["frameworks", stored.criterion.slug]
    assert cell["fields"]["contender"] == ["frameworks", stored.contender.technology.slug]
    assert key_of(cell).key == stored.natural_key()


def test_rows_stand_by_model_then_position_then_natural_key_in_bytes():
    technology = make_technology(slug="flask")
    for slug, position in (("b-b", 0), ("bb", 0), ("b", 0), ("z", 0), ("a", 5)):
        Point.objects.create(
            technology=technology, slug=slug, kind="pro", text=slug, position=position
        )

    rows = documents.of([technology.key])[technology.key]

    assert labels(rows) == ["technology"] + ["point"] * 5
    assert [row["fields"]["slug"] for row in rows[1:]] == ["b", "b-b", "bb", "z", "a"]


def test_a_date_is_text():
    comparison = make_comparison(contenders=1, criteria=1)
    Cell.objects.update(verified_on="2026-11-22")

    rows = documents.of([comparison.key])[comparison.key]

    assert rows[-1]["fields"]["verified_on"] == "2026-11-22"


def test_documents_of_many_things_take_the_queries_of_one(django_assert_num_queries):
    things = [make_technology(slug=f"t{number}").key for number in range(3)]

    for wanted in (things[:1], things):
        # technology, alias, package, facts, point, window, listing, companion, migration,
        # compatibility, piece
        with django_assert_num_queries(11):
            documents.of(wanted)


def test_every_kind_of_thing_has_a_document_with_its_parts():
    technology, category = make_technology(), make_category()
    make_listing(category=category, technology=technology)
    things = [
        make_guide(),
        category,
        technology,
        make_snippet(technology=technology),
        make_measurement(),
        make_comparison(contenders=2, criteria=2),
        make_stack(),
        make_version_set(),
    ]

    found = {
        thing.KIND: set(labels(rows))
        for thing, rows in zip(
            things, documents.of([thing.key for thing in things]).values(), strict=True
        )
    }

    assert found["guide"] == {"guide"}
    assert found["category"] == {"category", "listing"}
    assert {"technology", "listing"} <= found["technology"]
    assert found["snippet"] == {"snippet"}
    assert found["measurement"] == {"measurement"}
    assert {"comparison", "contender", "criterion", "cell"} <= found["comparison"]
    assert {"stack", "role", "choice"} <= found["stack"]
    assert {"version", "versionset", "pin"} & found["version"] == {"versionset", "pin"}


def test_a_document_from_before_a_field_was_added_says_the_same():
    category = make_category()
    now = documents.texts([category.key])[category.key]
    rows = json.loads(now)
    del rows[0]["fields"]["best_for"]
    rows[0]["fields"]["colour"] = "a field that has been removed"
    before = documents.dumps(rows)

    assert documents.same(before, now)
    rows[0]["fields"]["name"] = "Something else"
    assert not documents.same(documents.dumps(rows), now)
