"""Each constraint, days, and addresses: a row that breaks a rule is refused by the database."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.urls import resolve

from catalog.models import (
    CONTENT,
    Alias,
    Base,
    Category,
    Cell,
    Changed,
    Choice,
    Companion,
    Comparison,
    Compatibility,
    Conflict,
    Contender,
    ContentModel,
    Criterion,
    CriterionGroup,
    Edition,
    EditionCounter,
    Guide,
    Link,
    Listing,
    Measurement,
    Migration,
    Moved,
    Package,
    PackageFacts,
    PackLoad,
    Pending,
    Piece,
    Pin,
    Point,
    Preset,
    Revision,
    Role,
    Snippet,
    Stack,
    SupportWindow,
    Technology,
    Unrecorded,
    VersionSet,
)
from catalog.models.base import add_months
from tests.factories import (
    make_category,
    make_comparison,
    make_contender,
    make_guide,
    make_snippet,
    make_stack,
    make_technology,
    make_version_set,
)

pytestmark = pytest.mark.django_db

CONSTRAINTS = {
    constraint.name: (model, constraint)
    for model in apps.get_app_config("catalog").get_models()
    for constraint in model._meta.constraints
}
UNIQUE_FIELDS = [
    (model, field.name)
    for model in CONTENT
    for field in model._meta.concrete_fields
    if field.unique and not field.primary_key
]


def copy_of(model: type[models.Model]) -> models.Model:
    """Another row that says what the first of the model does."""
    row = model.objects.first()
    row.pk, row._state.adding = None, True
    return row


def changed(model: type[models.Model], **fields: Any) -> Callable[[], models.Model]:
    """The first row of a model with these fields changed, not yet saved."""

    def make() -> models.Model:
        row = model.objects.first()
        for name, value in fields.items():
            setattr(row, name, value)
        return row

    return make


def second(model: type[models.Model]) -> Callable[[], models.Model]:
    return lambda: copy_of(model)


def pointing_at_itself(model: type[models.Model], field: str) -> Callable[[], models.Model]:
    def make() -> models.Model:
        row = model.objects.first()
        setattr(row, field, row)
        return row

    return make


def own_companion() -> Companion:
    companion = Companion.objects.first()
    companion.companion = companion.technology
    return companion


def own_migration() -> Migration:
    migration = Migration.objects.first()
    migration.to = migration.technology
    return migration


def own_compatibility() -> Compatibility:
    row = Compatibility.objects.first()
    row.other = row.technology
    return row


def doubly_based_cell() -> Cell:
    cell = Cell.objects.exclude(measurement=None).first()
    cell.source = "https://example.org/"
    return cell


def second_of_history(model: type[models.Model]) -> Callable[[], models.Model]:
    def make() -> models.Model:
        edition = Edition.objects.create(number=10_000, origin=Edition.Origin.OUTSIDE)
        fields = {"kind": "category", "slug": "twice", "edition": edition}
        model.objects.bulk_create([model(**fields)])
        return model(**fields)

    return make


def second_guide() -> Guide:
    return Guide(slug="another", title="Another")


NOT_KNOWN = {"state": "unknown", "rating": None, "word": "", "value": ""}
PAGES = (Category, Technology, Comparison, Stack, VersionSet)


def make_load() -> PackLoad:
    return PackLoad.objects.create(
        name="guide", version="1", is_complete=True, over=[], digest="0" * 64, left_at=0, plan=""
    )


def twice(of: type[models.Model], **fields: Any) -> Callable[[], models.Model]:
    """A row, and another that says the same."""

    def make() -> models.Model:
        said = {name: value() if callable(value) else value for name, value in fields.items()}
        of.objects.create(**said)
        return of(**said)

    return make


PART = {"load": make_load, "model": "point", "key": "flask/small"}
PENDING = {"kind": "category", "slug": "apis", "edition": 1, "document": "[]", "user": "ada"}

CASES: dict[str, Callable[[], models.Model]] = {
    **{
        f"{model._meta.model_name}_slug_is_one": changed(model, slug="Capital")
        for model in (*PAGES, Snippet, Measurement)
    },
    **{
        f"{model._meta.model_name}_status_is_known": changed(model, status="hidden")
        for model in PAGES
    },
    **{
        f"technology_{name}_is_a_web_address": changed(Technology, **{name: "javascript:alert(1)"})
        for name in ("website", "documentation", "repository", "lifecycle_source")
    },
    "guide_is_only_one": second_guide,
    "category_parent_is_another": pointing_at_itself(Category, "parent"),
    "technology_kind_is_known": changed(Technology, kind="banana"),
    "technology_lifecycle_is_known": changed(Technology, lifecycle="banana"),
    "technology_replaced_by_is_another": pointing_at_itself(Technology, "replaced_by"),
    "alias_once_for_a_technology": second(Alias),
    "packagefacts_project_status_is_known": changed(PackageFacts, project_status="banana"),
    "point_once_for_a_technology": second(Point),
    "point_kind_is_known": changed(Point, kind="banana"),
    "companion_once_for_a_technology": second(Companion),
    "companion_is_another": own_companion,
    "support_window_once_for_a_cycle": second(SupportWindow),
    "support_window_has_an_end": changed(SupportWindow, active_until="", end_of_life=""),
    "supportwindow_source_is_a_web_address": changed(SupportWindow, source="javascript:alert(1)"),
    "migration_once_between_two": second(Migration),
    "migration_is_to_another": own_migration,
    "migration_effort_is_known": changed(Migration, effort="banana"),
    "migration_source_is_a_web_address": changed(Migration, source="javascript:alert(1)"),
    "compatibility_once_between_two": second(Compatibility),
    "compatibility_is_with_another": own_compatibility,
    "compatibility_relation_is_known": changed(Compatibility, relation="banana"),
    "compatibility_source_is_a_web_address": changed(Compatibility, source="javascript:alert(1)"),
    "piece_once_for_a_technology": second(Piece),
    "piece_has_one_place": changed(Piece, slot="settings"),
    "listing_once_in_a_category": second(Listing),
    "listing_verdict_is_known": changed(Listing, verdict="banana"),
    "snippet_has_one_place": changed(Snippet, technology=None, category=None),
    "comparison_review_months_is_1_to_120": changed(Comparison, review_months=0),
    "contender_once_in_a_comparison": second(Contender),
    "criterion_group_once_in_a_comparison": second(CriterionGroup),
    "criterion_once_in_a_comparison": second(Criterion),
    "criteriongroup_slug_is_not_none": changed(CriterionGroup, slug="none"),
    "criterion_slug_is_not_fit": changed(Criterion, slug="fit"),
    "criterion_kind_is_known": changed(Criterion, kind="banana"),
    "criterion_weight_is_0_to_5": changed(Criterion, weight=6),
    "criterion_text_is_not_weighed": changed(Criterion, kind="text", weight=1),
    "preset_once_in_a_comparison": second(Preset),
    "cell_once_per_row_and_column": second(Cell),
    "cell_state_is_known": changed(Cell, **{**NOT_KNOWN, "state": "banana"}),
    "cell_rating_is_0_to_4": changed(Cell, rating=5),
    "cell_says_nothing_unless_known": changed(Cell, **{**NOT_KNOWN, "word": "Good"}),
    "cell_says_something_if_known": changed(Cell, **{**NOT_KNOWN, "state": "known"}),
    "cell_verified_by_has_a_date": changed(Cell, verified_by="Ada", verified_on=None),
    "cell_has_one_source": doubly_based_cell,
    "cell_source_is_a_web_address": changed(Cell, source="data:text/html,x"),
    "role_once_in_a_stack": second(Role),
    "role_mode_is_known": changed(Role, mode="banana"),
    "choice_once_in_a_role": second(Choice),
    "pin_once_in_a_version_set": second(Pin),
    "pin_group_is_known": changed(Pin, group="both"),
    "edition_counter_is_only_one": lambda: EditionCounter(id=2),
    "revision_once_in_an_edition": second_of_history(Revision),
    "changed_once_for_a_thing": second_of_history(Changed),
    "moved_once_from_a_slug": twice(Moved, kind="category", old="old", new="new"),
    "moved_to_another_slug": lambda: Moved(kind="category", old="same", new="same"),
    "unrecorded_once_in_an_edition": second_of_history(Unrecorded),
    "base_once_in_a_load": twice(Base, **PART, defaults={}, fields={"text": "Small"}),
    "conflict_once_in_a_load": twice(Conflict, **PART, field="text", text="At odds."),
    "pending_once_for_a_thing": twice(Pending, **PENDING),
    "pending_state_is_known": lambda: Pending(**PENDING, state="lost"),
    "link_once_for_an_address": twice(Link, address="https://example.org/"),
    "conflict_is_said": lambda: Conflict(load=make_load(), model="point", key="a/b", text=""),
}


def test_every_constraint_has_a_case():
    assert set(CASES) == set(CONSTRAINTS)


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_the_database_refuses_what_breaks_it(whole_guide, name):
    row = CASES[name]()

    with pytest.raises(IntegrityError, match=refusal(name)), transaction.atomic():
        row.save()


@pytest.mark.parametrize(
    "name", [name for name, (model, _) in CONSTRAINTS.items() if issubclass(model, ContentModel)]
)
def test_the_form_says_why(whole_guide, name):
    row = CASES[name]()

    # A field that fails its own check is left out of the constraints: ask those by themselves.
    with pytest.raises(ValidationError) as refused:
        row.validate_constraints()
    with pytest.raises(ValidationError):
        row.full_clean()

    sentence = CONSTRAINTS[name][1].violation_error_message
    assert sentence != models.BaseConstraint.default_violation_error_message
    assert refused.value.messages == [sentence]


@pytest.mark.parametrize(("model", "name"), UNIQUE_FIELDS, ids=str)
def test_what_names_a_row_is_given_once(whole_guide, model, name):
    row = copy_of(model)

    with pytest.raises(ValidationError) as refused:
        row.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()

    message = model._meta.get_field(name).error_messages["unique"]
    said = {"model_name": "Package facts", "field_label": "Package"}
    assert refused.value.message_dict == {name: [message % said]}


@pytest.mark.parametrize(
    "slug", ["", "index", "feed", "compare", "a b", "a/b", "a_b", "é", "../a", "a\n", "%61"]
)
@pytest.mark.parametrize("model", PAGES, ids=lambda model: model.__name__)
def test_no_slug_is_what_an_address_cannot_have_or_means_otherwise(whole_guide, model, slug):
    row = changed(model, slug=slug)()

    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_a_cell_that_crosses_two_tables_is_not_taken_for_one_of_them():
    one, other = make_comparison(contenders=1, criteria=1), make_comparison(contenders=0)
    cell = Cell.objects.get(criterion__comparison=one)
    crossed = make_contender(other, technology=cell.contender.technology)
    Cell.objects.create(criterion=cell.criterion, contender=crossed, rating=1)

    assert Cell.objects.get_by_natural_key(*cell.natural_key()) == cell


def test_what_is_allowed_at_the_edges_is_stored(whole_guide):
    Criterion.objects.update(weight=5)
    Criterion.objects.filter(slug="criterion-0").update(kind="text", weight=0)
    Cell.objects.update(rating=0, verified_by="Ada", verified_on=date(2026, 11, 22))
    Technology.objects.update(website="http://example.org/", lifecycle="end-of-life")

    assert set(Criterion.objects.values_list("weight", flat=True)) == {0, 5}


@pytest.mark.parametrize("address", ["HTTPS://example.org/", " https://example.org/", "//a.org"])
def test_an_address_begins_with_its_scheme_to_the_letter(whole_guide, address):
    with pytest.raises(IntegrityError), transaction.atomic():
        Technology.objects.update(website=address)


def test_there_is_one_guide():
    make_guide()

    with pytest.raises(IntegrityError), transaction.atomic():
        Guide.objects.create(slug="guide", title="Another")

    assert Guide.objects.count() == 1


def refusal(name: str) -> str:
    """What the database says of it; SQLite names the columns where a row is there twice."""
    model, constraint = CONSTRAINTS[name]
    if connection.vendor == "sqlite" and isinstance(constraint, models.UniqueConstraint):
        columns = [model._meta.get_field(field).column for field in constraint.fields]
        table = model._meta.db_table
        return f"^UNIQUE constraint failed: {', '.join(f'{table}.{name}' for name in columns)}$"
    return name


def test_a_package_belongs_to_one_technology(whole_guide):
    package = Package.objects.first()
    again = Package(technology=Technology.objects.last(), name=package.name)

    with pytest.raises(ValidationError) as refused:
        again.full_clean()

    assert refused.value.message_dict == {
        "name": ["This package belongs to another technology already."]
    }


# Days that are still to come, on which nothing was verified, and days some months away ------------


@time_machine.travel("2026-11-22T23:00:00Z", tick=False)
@pytest.mark.parametrize("day", [date(2020, 1, 1), date(2026, 11, 22), date(2026, 11, 23)])
def test_what_was_verified_until_today_is_taken(day):
    make_comparison(contenders=1, criteria=1)
    cell = Cell.objects.get()
    cell.verified_on = day

    cell.full_clean()


@time_machine.travel("2026-11-22T23:00:00Z", tick=False)
def test_a_day_to_come_is_refused_with_the_way_out():
    make_comparison(contenders=1, criteria=1)
    cell = Cell.objects.get()
    cell.verified_on = date(2026, 11, 24)

    with pytest.raises(ValidationError) as refused:
        cell.full_clean()

    assert refused.value.message_dict == {
        "verified_on": ["This day is still to come; give the day it was verified."]
    }


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 11, 25), 6, date(2027, 5, 25)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 1, 15), 120, date(2036, 1, 15)),
        (date(2026, 1, 31), -2, date(2025, 11, 30)),
        (date(2028, 2, 29), -36, date(2025, 2, 28)),
    ],
)
def test_so_many_months_away_is_the_same_day_or_the_last_of_the_month(day, months, expected):
    assert add_months(day, months) == expected


# Each thing knows its address, and the addresses never change -------------------------------------


@pytest.mark.parametrize(
    ("make", "address", "view"),
    [
        (make_category, "/categories/task-queues/", "category_detail"),
        (make_technology, "/technologies/task-queues/", "technology_detail"),
        (make_comparison, "/comparisons/task-queues/", "comparison_detail"),
        (make_stack, "/stacks/task-queues/", "stack_detail"),
        (make_version_set, "/versions/task-queues/", "version_detail"),
    ],
)
def test_a_page_stands_at_its_address(make, address, view):
    page = make(slug="task-queues")

    found = resolve(address)

    assert page.get_absolute_url() == address
    assert (found.view_name, found.kwargs) == (f"catalog:{view}", {"slug": "task-queues"})
    assert found.func.__name__ == view


def test_the_guide_is_the_front_page():
    assert make_guide().get_absolute_url() == "/"
    assert resolve("/").view_name == "catalog:home"
    assert Guide.KIND == "guide"


def test_code_is_a_place_on_the_page_it_belongs_to():
    technology, category = make_technology(slug="celery"), make_category(slug="testing")

    places = [
        make_snippet(technology=technology, slug="a-task").get_absolute_url(),
        make_snippet(category=category, slug="a-test").get_absolute_url(),
    ]

    assert places == ["/technologies/celery/#snippet-a-task", "/categories/testing/#snippet-a-test"]
    assert Snippet.KIND == "snippet"
