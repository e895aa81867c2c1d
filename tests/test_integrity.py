"""Each rule that no constraint can hold finds its fault, and nothing else does."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.integrity import check_content, find_invalid_rows, find_problems
from catalog.models import (
    Category,
    Cell,
    Choice,
    Comparison,
    ContentModel,
    Criterion,
    Pin,
    Role,
    Status,
    Technology,
)
from tests.factories import (
    make_category,
    make_cell,
    make_comparison,
    make_contender,
    make_package,
    make_stack,
    make_technology,
    make_version_set,
)

pytestmark = pytest.mark.django_db


Fault = tuple[ContentModel, str]  # the row at fault, and the sentence


def third_level() -> Fault:
    top = make_category()
    deep = make_category(name="Deep", parent=make_category(parent=top))
    return deep, "Category “Deep” is on a third level; there are two at most."


def crossed_cell() -> Fault:
    one, other = make_comparison(title="One"), make_comparison(title="Other")
    cell = make_cell(one.criteria.first(), other.contenders.first())
    return cell, "“Criterion 0” of One has a cell of a contender from another table."


def text_with_rating() -> Fault:
    return fault_of_a_cell(
        {"kind": Criterion.Kind.TEXT, "weight": 0}, "A text row has no ratings; clear the rating."
    )


def yes_no_in_between() -> Fault:
    return fault_of_a_cell(
        {"kind": Criterion.Kind.YES_NO}, "A yes or no row takes 4 for yes and 0 for no."
    )


def rating_without_rating() -> Fault:
    said = "A rating row needs a rating from 0 to 4, or the state “unknown”."
    return fault_of_a_cell({"kind": Criterion.Kind.RATING}, said, rating=None)


def fault_of_a_cell(criterion: dict, said: str, **cell: int | None) -> Fault:
    comparison = make_comparison(title="Table", criteria=1)
    comparison.criteria.update(**criterion)
    row = comparison.criteria.get()
    first, second = comparison.contenders.all()
    faulty = Cell.objects.get(contender=first)
    Cell.objects.filter(pk=faulty.pk).update(word="Good", **cell)
    # The other is as the row wants it, and is not named.
    Cell.objects.filter(contender=second).update(
        word="Good", rating=None if row.kind == Criterion.Kind.TEXT else 4
    )
    return faulty, f"Table, Criterion 0, {first.technology}: {said}"


def group_of_another_table() -> Fault:
    one, other = make_comparison(title="One", criteria=1), make_comparison(title="Other")
    one.criteria.update(group=other.groups.get())
    return one.criteria.get(), "Criterion “Criterion 0” of One is in a group of another table."


def one_contender() -> Fault:
    thin = make_comparison(title="Thin", contenders=1)
    return thin, "Comparison “Thin” is published with fewer than two contenders."


def empty_role() -> Fault:
    small = make_stack(name="Small", choices=0)
    return small.roles.get(), "“Role 0” of stack “Small” has no choice."


def draft_contender() -> Fault:
    draft = make_technology(name="Unfinished", status=Status.DRAFT)
    contender = make_contender(make_comparison(title="Table"), technology=draft)
    return contender, "“Table” is published but names “Unfinished”, which is a draft."


def draft_choice() -> Fault:
    draft = make_technology(name="Unfinished", status=Status.DRAFT)
    role = make_stack(name="Small").roles.get()
    choice = Choice.objects.create(role=role, technology=draft)
    return choice, "“Small” is published but names “Unfinished”, which is a draft."


def draft_category() -> Fault:
    category = make_category(name="Later", status=Status.DRAFT)
    comparison = make_comparison(title="Table", category=category)
    return comparison, "“Table” is published but names “Later”, which is a draft."


def draft_pin() -> Fault:
    draft = make_package(make_technology(name="Unfinished", status=Status.DRAFT))
    today = make_version_set(title="Today")
    pin = Pin.objects.create(version_set=today, package=draft, specifier="1")
    return pin, "“Today” is published but names “Unfinished”, which is a draft."


FAULTS = [
    third_level,
    crossed_cell,
    text_with_rating,
    yes_no_in_between,
    rating_without_rating,
    group_of_another_table,
    one_contender,
    empty_role,
    draft_contender,
    draft_choice,
    draft_category,
    draft_pin,
]


@pytest.mark.parametrize("make", FAULTS, ids=lambda make: make.__name__)
def test_a_rule_names_its_fault_and_nothing_else(whole_guide, make):
    row, sentence = make()

    (problem,) = find_problems()
    assert problem == (row, sentence)
    assert str(problem) == sentence


def test_a_whole_guide_has_no_problem(whole_guide):
    assert [*find_problems(), *find_invalid_rows()] == []


def test_what_is_not_published_may_be_unfinished():
    draft = make_technology(status=Status.DRAFT)
    make_comparison(contenders=1, status=Status.DRAFT)
    make_contender(make_comparison(status=Status.ARCHIVED), technology=draft)
    make_stack(choices=0, status=Status.DRAFT)
    role = make_stack(status=Status.DRAFT).roles.get()
    Choice.objects.create(role=role, technology=draft)

    assert list(find_problems()) == []


@pytest.mark.parametrize("size", [1, 3])
def test_looking_for_problems_takes_a_fixed_number_of_queries(django_assert_num_queries, size):
    for _ in range(size):
        for make in FAULTS:
            make()

    with django_assert_num_queries(10):
        found = list(find_problems())

    assert len(found) == size * len(FAULTS)


@pytest.mark.parametrize("size", [1, 3])
def test_reading_every_row_takes_a_query_for_each_model(
    whole_guide, django_assert_num_queries, size
):
    make_comparison(contenders=size, criteria=size)

    with django_assert_num_queries(27):  # one of them whether the one child category has children
        assert list(find_invalid_rows()) == []


@pytest.mark.parametrize(
    ("break_it", "said"),
    [
        (
            lambda: Technology.objects.filter(slug="newer").update(website="https://"),
            "technology newer: Give a full address that starts with https://.",
        ),
        (
            lambda: Category.objects.filter(slug="top").update(slug="two--hyphens"),
            "category two--hyphens: Use lower-case letters, digits and single hyphens between "
            "them: “task-queues”.",
        ),
        (
            lambda: Comparison.objects.update(title=""),
            "comparison comparison: This field cannot be blank.",
        ),
        (
            lambda: Technology.objects.filter(slug="newer").update(summary="Fas\x0bt"),
            "technology newer: This text holds the character U+000B at place 4, which cannot be "
            "shown; remove it.",
        ),
        (
            lambda: Role.objects.update(slug="Capital"),
            "role stack/Capital: Use lower-case letters, digits and single hyphens between them: "
            "“task-queues”.",
        ),
        (
            lambda: Technology.objects.filter(slug="newer").update(name=" Ne\u0301"),
            "technology newer: The text of “name” has margins, or its characters are not "
            "composed; save it once in the admin.",
        ),
    ],
    ids=["address", "slug", "blank", "character", "part", "form of text"],
)
def test_a_row_that_breaks_its_own_rules_is_named(whole_guide, break_it, said):
    assert break_it() == 1

    assert list(map(str, find_invalid_rows())) == [said]


def test_the_system_check_names_both_kinds():
    one_contender()
    Comparison.objects.update(introduction="x" * 20_001)

    warnings = check_content(None, ["default"])

    assert [warning.id for warning in warnings] == ["catalog.W001", "catalog.W001"]
    assert [warning.msg.split(":")[0] for warning in warnings] == [
        "Comparison “Thin” is published with fewer than two contenders.",
        f"comparison {Comparison.objects.get().slug}",
    ]


def test_the_system_check_asks_nothing_unless_a_database_is_named():
    with CaptureQueriesContext(connection) as queries:
        assert check_content(None, None) == []

    assert list(queries) == []
