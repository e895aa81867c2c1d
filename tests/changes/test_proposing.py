"""A document that somebody made of a thing, merged with what the thing is by now."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.admin.confirm import problems_of
from catalog.history import documents, editions, renames
from catalog.history.merge import Conflict, Take
from catalog.history.pending import Merged, merge_document
from catalog.history.rows import RowKey, key_of
from catalog.history.trial import write
from catalog.models import (
    Cell,
    Changed,
    Comparison,
    Criterion,
    Edition,
    Listing,
    Package,
    Pin,
    Point,
    Technology,
    Thing,
    ThingKey,
)
from tests.factories import (
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
)

pytestmark = pytest.mark.django_db

Document = list[dict[str, Any]]


def change() -> Any:
    return editions.record("ada", "", Edition.Origin.ADMIN)


def document_of(thing: Thing) -> Document:
    return documents.of([thing.key])[thing.key]


def copy_of(document: Document) -> Document:
    return json.loads(documents.dumps(document))


def entry(document: Document, model: str, **fields: Any) -> dict[str, Any]:
    """The fields of the one row of this model that says so."""
    (found,) = [
        row["fields"]
        for row in document
        if row["model"] == f"catalog.{model}" and fields.items() <= row["fields"].items()
    ]
    return found


def without(document: Document, *models: str) -> Document:
    return [row for row in document if row["model"].partition(".")[2] not in models]


def save(thing: ThingKey, base: Document, mine: Document, choose: Any = None) -> Merged:
    """Merge and write as a form does."""
    with change():
        proposal = merge_document(thing, base, mine, *([choose] if choose else []))
        assert write(proposal.changes) == []
    return proposal


def always(take: Take) -> Callable[..., Take]:
    return lambda _row, _field: take


@pytest.fixture
def flask() -> Technology:
    with change():
        technology = make_technology(slug="flask", name="Flask", summary="Small")
        make_point(technology, slug="fast", text="Fast")
    return technology


@pytest.fixture
def base(flask: Technology) -> Document:
    return document_of(flask)


@pytest.fixture
def mine(base: Document) -> Document:
    return copy_of(base)


def test_mine_and_theirs_come_together(mine, base, flask):
    entry(mine, "technology")["licence"] = "BSD-3-Clause"
    with change():
        Technology.objects.update(summary="Theirs")
        make_point(flask, slug="proven", text="Proven")

    proposal = save(flask.key, base, mine)

    flask.refresh_from_db()
    assert (flask.summary, flask.licence) == ("Theirs", "BSD-3-Clause")
    assert [(one.row.model, one.changed) for one in proposal.changes] == [
        ("technology", ["licence"])
    ]
    assert [one.row.model for one in proposal.theirs] == ["technology", "point"]
    assert [one.changed for one in proposal.mine] == [["licence"]]
    assert proposal.asked == []


@pytest.mark.parametrize(("take", "summary"), [(Take.MINE, "Mine"), (Take.THEIRS, "Theirs")])
def test_a_choice_settles_what_is_at_odds(mine, base, flask, take, summary):
    entry(mine, "technology")["summary"] = "Mine"
    with change():
        Technology.objects.update(summary="Theirs")

    proposal = save(flask.key, base, mine, always(take))

    flask.refresh_from_db()
    assert flask.summary == summary
    assert (len(proposal.asked), proposal.conflicts) == (1, [])


def test_what_waits_stays_as_it_is(mine, base, flask):
    entry(mine, "technology")["summary"] = "Mine"
    with change():
        Technology.objects.update(summary="Theirs")

    proposal = save(flask.key, base, mine)

    (conflict,) = proposal.conflicts
    row = RowKey("technology", ("flask",))
    assert conflict == Conflict(row, "summary", "Small", "Theirs", "Mine")
    assert proposal.changes == []


def test_names_are_those_of_today(mine, base, flask):
    entry(mine, "point")["text"] = "Very fast"
    with change():
        renames.rename(flask, "flask-2")

    save(ThingKey("technology", "flask"), base, mine)

    assert Technology.objects.get().slug == "flask-2"
    assert Point.objects.get().text == "Very fast"


def test_a_document_of_before_a_field_came_says_its_default(base, flask):
    for row in base:
        row["fields"].pop("licence", None)
    mine = copy_of(base)
    entry(mine, "technology")["summary"] = "Mine"

    save(flask.key, base, mine)

    flask.refresh_from_db()
    assert (flask.summary, flask.licence) == ("Mine", "")


def test_a_listing_counts_for_both_its_things(flask):
    with change():
        listing = make_listing(technology=flask, note="")
    base = document_of(flask)
    mine = copy_of(base)
    entry(mine, "listing")["note"] = "Mine"
    with change():
        Listing.objects.update(qualifier="Theirs")

    save(flask.key, base, mine)

    listing.refresh_from_db()
    assert (listing.note, listing.qualifier) == ("Mine", "Theirs")
    newest = Changed.objects.filter(edition_id=editions.number_now())
    assert set(newest.values_list("kind", flat=True)) == {"category", "technology"}


@pytest.fixture
def table() -> Comparison:
    with change():
        return make_comparison(slug="table", contenders=2, criteria=2)


@pytest.mark.parametrize(("take", "there"), [(Take.MINE, False), (Take.THEIRS, True)])
def test_a_row_that_i_deleted_and_in_which_they_wrote(table, take, there):
    base = document_of(table)
    mine = [row for row in base if "criterion-0" not in key_of(row).key]
    with change():
        Cell.objects.filter(criterion__slug="criterion-0").update(word="Theirs")

    proposal = save(table.key, base, mine, always(take))

    assert [(one.row.model, one.field) for one in proposal.asked] == [("criterion", "")]
    assert Criterion.objects.filter(slug="criterion-0").exists() is there
    assert Cell.objects.filter(word="Theirs").count() == (2 if there else 0)


@pytest.mark.parametrize(("take", "there"), [(Take.MINE, True), (Take.THEIRS, False)])
def test_a_row_that_they_deleted_and_in_which_i_wrote(table, take, there):
    base = document_of(table)
    mine = copy_of(base)
    contender = base[2]["fields"]["technology"][0]
    cell = entry(mine, "cell", criterion=["table", "criterion-0"], contender=["table", contender])
    cell["word"] = "Mine"
    with change():
        Criterion.objects.get(slug="criterion-0").delete()

    save(table.key, base, mine, always(take))

    assert Criterion.objects.filter(slug="criterion-0").exists() is there
    assert Cell.objects.filter(criterion__slug="criterion-0").count() == (2 if there else 0)
    assert Cell.objects.filter(word="Mine").exists() is there


def test_what_a_form_does_not_show_comes_back_with_what_it_belongs_to(table):
    base = document_of(table)
    mine = without(copy_of(base), "cell")
    entry(mine, "criterion", slug="criterion-0")["name"] = "Mine"
    with change():
        Criterion.objects.get(slug="criterion-0").delete()

    with change():
        shown = {"comparison", "criterion", "criteriongroup", "contender"}
        # As a form gives it that was saved over what is there now.
        mine += [row for row in document_of(table) if row["model"] == "catalog.cell"]
        proposal = merge_document(table.key, base, mine, always(Take.MINE), shown)
        assert write(proposal.changes) == []

    assert Criterion.objects.get(slug="criterion-0").name == "Mine"
    assert Cell.objects.count() == 4


def test_a_package_that_went_elsewhere_stays_there(flask):
    with change():
        make_package_facts(make_package(flask, name="flask"))
    base = document_of(flask)
    mine = copy_of(base)
    entry(mine, "technology")["summary"] = "Mine"
    with change():
        Package.objects.update(technology=make_technology(slug="quart"))

    proposal = save(flask.key, base, mine)

    assert Package.objects.get().technology.slug == "quart"
    assert [one.row.model for one in proposal.changes] == ["technology"]


def test_a_package_that_i_deleted_and_that_went_elsewhere_is_asked_about(flask):
    with change():
        make_package(flask, name="flask")
    base = document_of(flask)
    with change():
        Package.objects.update(technology=make_technology(slug="quart"))

    with change():
        proposal = merge_document(flask.key, base, without(base, "package"))

    assert [(one.row.model, one.field) for one in proposal.conflicts] == [("package", "")]


def reasons(thing: Thing, base: Document, mine: Document, take: Take = Take.MINE) -> list[str]:
    with change():
        return problems_of(merge_document(thing.key, base, mine, always(take)).changes)


def test_what_i_refer_to_and_is_gone_bars_it(table):
    quart = make_technology(slug="quart", name="Quart")
    base = document_of(table)
    mine = copy_of(base)
    with change():
        contender = make_contender(table, technology=quart)
        make_cell(table.criteria.first(), contender)
        mine = document_of(table)
        contender.delete()
        quart.delete()

    assert reasons(table, base, mine) == [
        "Contender “quart” needs technology “quart”, which is not there."
    ]


def test_what_i_delete_and_is_needed_elsewhere_bars_it(flask):
    with change():
        package = make_package(flask, name="flask")
    base = document_of(flask)
    with change():
        Pin.objects.create(version_set=make_version_set(pins=0), package=package, specifier="^3")

    assert reasons(flask, base, without(base, "package")) == [
        "Package “flask” cannot go: pin “flask” needs it."
    ]


def test_what_i_make_and_is_somebodys_bars_it(mine, base, flask):
    with change():
        package = make_package(flask, name="flask")
        mine = document_of(flask)
        package.delete()
        make_package(make_technology(slug="quart", name="Quart"), name="flask")

    assert reasons(flask, base, mine) == ["Package “flask” belongs to technology “Quart” by now."]


def test_a_thing_that_was_deleted_comes_back_only_if_it_is_chosen(mine, base, flask):
    entry(mine, "point")["text"] = "Mine"
    with change():
        Technology.objects.get().delete()

    assert save(flask.key, base, mine).changes == []
    save(flask.key, base, mine, always(Take.MINE))

    assert Point.objects.get().text == "Mine"


def test_the_queries_do_not_grow_with_the_table():
    counts = []
    for size in (2, 6):
        with change():
            comparison = make_comparison(contenders=size, criteria=size)
            make_companion()
        base = document_of(comparison)
        mine = copy_of(base)
        for row in mine:
            row["fields"] |= {"note": "Mine"} if row["model"] == "catalog.cell" else {}
        with change(), CaptureQueriesContext(connection) as queries:
            problems_of(merge_document(comparison.key, base, mine).changes)
        counts.append(len(queries))

    assert counts[0] == counts[1]
