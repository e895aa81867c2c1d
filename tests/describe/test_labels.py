"""What rows and things are called, and what it costs to know."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.describe.labels import Labels
from catalog.history import documents
from catalog.history.rows import MODEL_OF_KIND, Owners, RowChange, RowKey
from catalog.models import Pin, Thing, ThingKey
from catalog.models.fields import one_line
from tests.describe.changes import changed, gone, made
from tests.factories import (
    make_alias,
    make_category,
    make_companion,
    make_comparison,
    make_guide,
    make_listing,
    make_package,
    make_package_facts,
    make_point,
    make_snippet,
    make_stack,
    make_technology,
    make_version_set,
)

pytestmark = pytest.mark.django_db


def make_one_of_everything() -> list[Thing]:
    technology = make_technology(replaced_by=make_technology())
    category = make_category(parent=make_category())
    package = make_package(technology)
    make_alias(technology)
    make_package_facts(package)
    make_point(technology)
    make_companion(technology)
    make_listing(category, technology)
    version_set = make_version_set()
    Pin.objects.create(version_set=version_set, package=package, specifier="^1.0")
    comparison = make_comparison(category=category)
    comparison.criteria.update(group=comparison.groups.get())
    return [technology, category, comparison, make_stack(), version_set, make_snippet()]


def changes_of(things: list[Thing]) -> list[RowChange]:
    """Every row of these things, said to be in another place."""
    owners = {thing.slug: thing.key for thing in things}
    found = []
    for row, fields in Owners().rows(documents.of(owners.values())).items():
        # Packages name no thing in their key.
        owner = owners.get(row.key[0], things[0].key)
        found.append(RowChange(row, fields, {**fields, "position": 7}, (owner,)))
    return found


def test_every_name_comes_from_the_database():
    make_guide()
    technology = make_technology(slug="quart", name="Quart")
    make_point(technology, slug="small", text="Small")
    make_alias(technology, slug="qrt", name="QRT")
    comparison = make_comparison(contenders=0, slug="frameworks", title="Async frameworks")
    comparison.criteria.filter(slug="criterion-0").update(name="Documentation", kind="yes-no")
    make_stack(slug="startup", name="Startup")
    names = {
        RowKey("technology", ("quart",)): "Quart",
        RowKey("point", ("quart", "small")): "Small",
        RowKey("alias", ("quart", "qrt")): "QRT",
        RowKey("guide", ("guide",)): "The guide",
        RowKey("comparison", ("frameworks",)): "Async frameworks",
        RowKey("criterion", ("frameworks", "criterion-0")): "Documentation",
        RowKey("criteriongroup", ("frameworks", "general")): "General",
        RowKey("contender", ("frameworks", "quart")): "Quart",
        RowKey("cell", ("frameworks", "criterion-0", "quart")): "Documentation of Quart",
        RowKey("role", ("startup", "role-0")): "Role 0",
        RowKey("choice", ("startup", "role-0", "quart")): "Quart",
        RowKey("listing", ("async", "quart")): "Quart",
        RowKey("companion", ("django", "quart")): "Quart",
        RowKey("package", ("quart-db",)): "quart-db",
        RowKey("packagefacts", ("quart-db",)): "quart-db",
        RowKey("pin", ("python-2026", "quart-db")): "quart-db",
    }

    labels = Labels.of([], [(row, {}) for row in names])

    assert {row: labels.row(row) for row in names} == names
    assert labels.criterion_kind(RowKey("cell", ("frameworks", "criterion-0", "quart"))) == "yes-no"
    assert labels.thing(ThingKey("stack", "startup")) == "Startup"


@pytest.mark.parametrize("kind", MODEL_OF_KIND)
def test_a_thing_that_nobody_knows_is_called_by_its_slug(kind):
    assert Labels.of([]).thing(ThingKey(kind, "nowhere")) == "nowhere"


@pytest.mark.parametrize(
    ("row", "name"),
    [
        (RowKey("criterion", ("frameworks", "speed")), "speed"),
        (RowKey("point", ("quart", "small")), "small"),
        (RowKey("cell", ("frameworks", "speed", "quart")), "speed of quart"),
        (RowKey("choice", ("startup", "queue", "celery")), "celery"),
    ],
)
def test_a_row_that_nobody_knows_is_called_by_its_key(row, name):
    assert Labels.of([], [(row, {})]).row(row) == name


@pytest.mark.parametrize(
    ("change", "name"),
    [
        (changed("technology", {"name": "Quart"}, {"name": "Quart 2"}), "Quart 2"),
        (made("technology", name="New"), "New"),
        (gone("technology", name="Old"), "Old"),
    ],
)
def test_what_the_changes_say_counts_before_the_database(change, name):
    make_technology(slug="quart", name="Quart!")

    assert Labels.of([change]).thing(ThingKey("technology", "quart")) == name


def test_what_is_said_of_rows_besides_is_not_read():
    row = RowKey("technology", ("quart",))

    with CaptureQueriesContext(connection) as queries:
        labels = Labels.of([], [(row, {"name": "Said"})])

    assert (labels.row(row), len(queries)) == ("Said", 0)


def test_fields_in_conflict_name_what_they_refer_to():
    make_technology(slug="pwdlib", name="Password library")
    row = RowKey("technology", ("passlib",))

    labels = Labels.of([], [(row, {"replaced_by": ["pwdlib"]})])

    assert labels.row(RowKey("technology", ("pwdlib",))) == "Password library"


def test_names_of_one_thing_and_of_many_cost_the_same():
    sizes = {}
    for size in (1, 3):
        changes = changes_of([each for _number in range(size) for each in make_one_of_everything()])
        also = [(change.row, {}) for change in changes]
        for name, asked in (("changes", (changes,)), ("also", ((), also))):
            with CaptureQueriesContext(connection) as queries:
                Labels.of(*asked)
            sizes[name, size] = len(queries)

    # Rows in the changes say their own names: only parents and technologies are left to read.
    assert sizes == {("changes", 1): 2, ("changes", 3): 2, ("also", 1): 11, ("also", 3): 11}


def test_more_names_than_one_query_can_ask_for():
    technology = make_technology()
    points = [make_point(technology, text=f"Point {number}") for number in range(301)]
    rows = [RowKey("point", (technology.slug, point.slug)) for point in points]

    labels = Labels.of([], [(row, {}) for row in rows])

    assert [labels.row(row) for row in rows] == [point.text for point in points]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Plain", "Plain"),
        ("  two\n lines\t", "two lines"),
        ("\x1b[31mred\x00", "[31mred"),
        ("turned \u202egnimoc", "turned gnimoc"),
        ("<b>bold</b> & %(row)s", "<b>bold</b> & %(row)s"),
        ("", ""),
    ],
)
def test_a_name_is_one_line_of_plain_text(text, line):
    assert one_line(text) == line


@pytest.mark.parametrize("name", ["\u202e", "\n"])
def test_a_name_that_shows_nothing_gives_way_to_the_slug(name):
    assert Labels.of([made("technology", name=name)]).thing(ThingKey("technology", "quart")) == (
        "quart"
    )
