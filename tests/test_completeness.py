"""What a thing lacks before it is published: named, counted, and nothing said of what is whole."""

from datetime import date

import pytest

from catalog.completeness import lacks, lacks_of
from catalog.models import CONTENT, Cell, Criterion, Thing, ThingKey
from tests.factories import (
    make_category,
    make_cell,
    make_comparison,
    make_contender,
    make_guide,
    make_listing,
    make_measurement,
    make_snippet,
    make_stack,
    make_technology,
    make_version_set,
)

pytestmark = pytest.mark.django_db

THINGS = [model for model in CONTENT if issubclass(model, Thing)]
EVIDENCE = {"source": "https://a.test/", "verified_on": date(2026, 11, 22)}


def whole_guide(**fields: str) -> Thing:
    return make_guide(**{"owner": "Ada", "introduction": "Words.", **fields})


def whole_category(**fields: str) -> Thing:
    return make_category(**{"name": "Web", "owner": "Ada", "introduction": "Words.", **fields})


def whole_technology(**fields: str) -> Thing:
    technology = make_technology(
        **{
            "name": "Flask",
            "owner": "Ada",
            "summary": "Small.",
            "lifecycle": "active",
            "website": "https://a.test/",
            **fields,
        }
    )
    make_listing(technology=technology)
    return technology


def whole_snippet(**fields: str) -> Thing:
    return make_snippet(**{"title": "Hello", "owner": "Ada", "run_with": "flask 3", **fields})


def whole_measurement(**fields: str) -> Thing:
    return make_measurement(**{"title": "Speed", "owner": "Ada", "setting": "2 cores", **fields})


def whole_comparison(size: int = 2, **fields: str) -> Thing:
    said = {"title": "Async", "owner": "Ada", "introduction": "Words.", "verdict": "Take it."}
    comparison = make_comparison(size, size, **{**said, **fields})
    comparison.cells().update(**EVIDENCE)
    return comparison


def whole_stack(choices: int = 1, roles: int = 1, **fields: str) -> Thing:
    said = {"name": "Small", "owner": "Ada", "introduction": "Words."}
    return make_stack(roles, choices, **{**said, **fields})


def whole_version_set(pins: int = 1, **fields: str) -> Thing:
    return make_version_set(pins, **{"title": "Today", "owner": "Ada", **fields})


WHOLE = {
    "guide": whole_guide,
    "category": whole_category,
    "technology": whole_technology,
    "snippet": whole_snippet,
    "measurement": whole_measurement,
    "comparison": whole_comparison,
    "stack": whole_stack,
    "version": whole_version_set,
}


def test_every_kind_is_known():
    assert {model.KIND for model in THINGS} == set(WHOLE)


@pytest.mark.parametrize("kind", WHOLE)
def test_a_whole_thing_lacks_nothing(kind):
    thing = WHOLE[kind]()

    assert lacks(thing.key) == []


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: whole_guide(introduction=""), "Guide “The guide” has no introduction."),
        (lambda: whole_guide(owner=""), "Guide “The guide” has no owner."),
        (lambda: whole_category(introduction=""), "Category “Web” has no introduction."),
        (lambda: whole_category(owner=""), "Category “Web” has no owner."),
        (lambda: whole_technology(summary=""), "Technology “Flask” has no summary."),
        (lambda: whole_technology(website=""),
         "Technology “Flask” has neither website nor source code."),
        (lambda: whole_technology(lifecycle=""),
         "Technology “Flask” does not say whether its makers still keep it."),
        (lambda: whole_technology(owner=""), "Technology “Flask” has no owner."),
        (lambda: whole_snippet(run_with=""), "Snippet “Hello” does not say what it was run with."),
        (lambda: whole_snippet(owner=""), "Snippet “Hello” has no owner."),
        (lambda: whole_measurement(setting=""),
         "Measurement “Speed” does not say on what machine it ran."),
        (lambda: whole_measurement(owner=""), "Measurement “Speed” has no owner."),
        (lambda: whole_comparison(introduction=""), "Comparison “Async” has no introduction."),
        (lambda: whole_comparison(verdict=""), "Comparison “Async” has no verdict."),
        (lambda: whole_comparison(owner=""), "Comparison “Async” has no owner."),
        (lambda: whole_stack(introduction=""), "Stack “Small” has no introduction."),
        (lambda: whole_stack(roles=0), "Stack “Small” has no roles."),
        (lambda: whole_stack(choices=0), "Stack “Small” has no choice for “Role 0”."),
        (lambda: whole_stack(owner=""), "Stack “Small” has no owner."),
        (lambda: whole_version_set(pins=0), "Version set “Today” has no pins."),
        (lambda: whole_version_set(python=""), "Version set “Today” gives no range for Python."),
        (lambda: whole_version_set(owner=""), "Version set “Today” has no owner."),
    ],
)  # fmt: skip
def test_what_a_thing_lacks_is_said_and_nothing_else(make, sentence):
    assert lacks(make().key) == [sentence]


def test_the_code_of_a_technology_is_as_good_as_a_website():
    technology = whole_technology(website="", repository="https://a.test/code")

    assert lacks(technology.key) == []


def test_a_technology_in_no_category_is_named():
    technology = whole_technology()
    technology.listings.all().delete()

    assert lacks(technology.key) == ["Technology “Flask” is listed in no category."]


def test_a_table_with_one_row_and_one_column_compares_nothing():
    assert lacks(whole_comparison(size=1).key) == [
        "Comparison “Async” has fewer than two contenders.",
        "Comparison “Async” has fewer than two criteria.",
    ]


# Cells ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"state": "unknown", "rating": None, "word": ""},
         "Comparison “Async” has 1 unknown cell without a note why: Criterion 0 of Quart."),
        ({"state": "unknown", "rating": None, "word": "", "note": "Nobody measured."}, None),
        ({"state": "not-applicable", "rating": None, "word": "", "source": ""}, None),
        ({"source": ""},
         "Comparison “Async” has 1 known cell without a source: Criterion 0 of Quart."),
        ({"verified_on": None},
         "Comparison “Async” has 1 known cell that was never verified: Criterion 0 of Quart."),
    ],
)  # fmt: skip
def test_a_cell_says_why_or_what_it_rests_on(fields, sentence):
    comparison = whole_comparison()
    column = make_contender(comparison, technology=make_technology(name="Quart"), position=9)
    for criterion in comparison.criteria.all():
        make_cell(criterion, column, **EVIDENCE)
    Cell.objects.filter(contender=column, criterion__slug="criterion-0").update(**fields)

    assert lacks(comparison.key) == ([sentence] if sentence else [])


def test_many_cells_are_counted_and_the_first_named_as_a_reader_meets_them():
    comparison = whole_comparison()
    for place, name in enumerate(("Quart", "Sanic", "Litestar"), start=10):
        make_contender(comparison, technology=make_technology(name=name), position=place)
    # A row without a group stands above those of groups, whatever its position.
    first = Criterion.objects.create(comparison=comparison, slug="z", name="First", position=99)
    for contender in comparison.contenders.all():
        make_cell(first, contender)
    comparison.cells().update(source="", verified_on=None)

    one, other = (contender.technology.name for contender in comparison.contenders.all()[:2])
    assert lacks(comparison.key) == [
        "Comparison “Async” has 6 cells that are missing: Criterion 0 of Quart, "
        "Criterion 0 of Sanic, Criterion 0 of Litestar and 3 more.",
        f"Comparison “Async” has 9 known cells without a source: First of {one}, "
        f"First of {other}, First of Quart and 6 more.",
        f"Comparison “Async” has 9 known cells that were never verified: First of {one}, "
        f"First of {other}, First of Quart and 6 more.",
    ]


def test_a_cell_that_crosses_two_tables_is_in_none():
    comparison, other = whole_comparison(), whole_comparison()
    cell = Cell.objects.filter(criterion__comparison=comparison).first()
    Cell.objects.filter(pk=cell.pk).update(contender=other.contenders.first())

    assert lacks(comparison.key) == [
        f"Comparison “Async” has 1 cell that is missing: {cell.criterion} of {cell.contender}."
    ]


# Many at once -----------------------------------------------------------------------------------


def test_what_is_not_there_lacks_nothing():
    assert lacks_of([]) == {}
    assert lacks(ThingKey("category", "nowhere")) == []


@pytest.mark.parametrize("size", [1, 3])
def test_many_things_take_as_many_queries_as_one(django_assert_num_queries, size):
    things = [whole_guide()]
    for _ in range(size):
        things += [make() for make in WHOLE.values() if make is not whole_guide]
        whole_comparison(size=size)
        whole_stack(roles=size)

    with django_assert_num_queries(13):
        found = lacks_of([thing.key for thing in things])

    assert found == {thing.key: [] for thing in things}


def test_each_thing_gets_its_own_sentences():
    bare, whole = make_version_set(title="Bare", pins=0), whole_version_set()
    table = make_comparison(title="Table", owner="Ada", introduction="A", verdict="B")

    found = lacks_of([bare.key, whole.key, table.key])

    assert found[bare.key] == [
        "Version set “Bare” has no pins.",
        "Version set “Bare” has no owner.",
    ]
    assert found[whole.key] == []
    assert len(found[table.key]) == 2
