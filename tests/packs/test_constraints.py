"""What Python says of a row that is in no database is what the database says of it."""

from itertools import product
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import CheckConstraint, F, Func, Q, QuerySet, TextField, Value
from django.db.models.functions import Left, Upper
from django.db.models.lookups import Exact, GreaterThan
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.history import documents
from catalog.history.rows import MODELS, key_of
from catalog.models import Cell, Companion, Criterion
from catalog.packs.reading.constraints import ITSELF, compiled, holds
from tests.factories import make_whole_guide

pytestmark = pytest.mark.django_db

CONSTRAINTS = [
    pytest.param(model, constraint, id=constraint.name)
    for model in MODELS.values()
    for constraint in model._meta.constraints
    if isinstance(constraint, CheckConstraint)
]

SLUGS = ["flask", "a-1", "-", "", "index", "feed", "compare", "fit", "none", "guide", "A", "a b",
         "a_b", "é", "a\n", "../a"]  # fmt: skip
ADDRESSES = ["", "https://", "https://a.org", "http://a.org", "HTTPS://a.org", " https://a.org",
             "javascript:alert(1)", "http:/a.org", "h", "a https://"]  # fmt: skip
# What each field may come with; a word of no list besides those that its choices give.
VALUES = {
    "slug": SLUGS,
    **dict.fromkeys(["website", "documentation", "repository", "lifecycle_source"], ADDRESSES),
    "source": ADDRESSES,
    "review_months": [0, 1, 120, 121],
    "weight": [0, 1, 5, 6],
    "rating": [None, 0, 4, 5],
    **{name: ["", "Good"] for name in ("word", "value", "verified_by")},
    "verified_on": [None, "2026-11-22"],
}


def values_of(model, name: str) -> list[Any]:
    """What to try for a field: for a reference nothing, and each row that it may lead to."""
    field = model._meta.get_field(name)
    if field.is_relation:
        targets = [list(row.natural_key()) for row in field.related_model.objects.all()[:3]]
        return [None, *targets] if field.null else targets
    if field.choices:
        return [
            *[value for value, _label in field.choices],
            "",
            "odd",
            field.choices[0][0].upper(),
        ]
    return VALUES[name]


def database_takes(row, fields: dict[str, Any]) -> bool:
    """Whether the row can be saved with these fields; it is left as it is."""
    values = {}
    for name, value in fields.items():
        model = row._meta.get_field(name).related_model
        is_key = model is not None and value is not None
        values[name] = model.objects.get_by_natural_key(*value) if is_key else value
    try:
        with transaction.atomic():
            QuerySet(type(row)).filter(pk=row.pk).update(**values)
            transaction.set_rollback(True)
    except IntegrityError:
        return False
    return True


@pytest.mark.parametrize(("model", "constraint"), CONSTRAINTS)
def test_a_row_is_refused_here_exactly_where_the_database_refuses_it(model, constraint) -> None:
    make_whole_guide()
    # A companion that is named already would be refused for that.
    Companion.objects.exclude(pk=Companion.objects.first().pk).delete()
    row = model.objects.first()
    (here,) = [fields for fields, *_ in documents.rows_in(model.objects.filter(pk=row.pk))]
    others = [
        compiled(other.condition)
        for other in model._meta.constraints
        if isinstance(other, CheckConstraint)
    ]
    names = sorted(compiled(constraint.condition).names - {ITSELF})

    refused = 0
    for values in product(*(values_of(model, name) for name in names)):
        changed = dict(zip(names, values, strict=True))
        fields = {**here["fields"], **changed, ITSELF: list(key_of(here).key)}
        refused += holds(constraint.condition, fields) is False
        expected = all(other.check(fields) is not False for other in others)
        assert database_takes(row, changed) == expected, changed

    assert refused > 0


lookups = st.one_of(
    st.tuples(
        st.sampled_from([f"rating{how}" for how in ("", "__gt", "__gte", "__lt", "__lte")]),
        st.integers(0, 4) | st.just(F("rating")),
    ),
    st.tuples(st.just("rating__in"), st.lists(st.integers(0, 4), min_size=1, max_size=3)),
    st.tuples(st.sampled_from(["rating__isnull", "verified_on__isnull"]), st.booleans()),
    st.tuples(st.sampled_from(["word", "word__exact"]), st.sampled_from(["", "Good", "good"])),
    st.tuples(st.just("word"), st.just(F("value"))),
    st.tuples(st.just("state__in"), st.just(["known", "unknown"])),
)
expressions = st.sampled_from(
    [
        Exact(Left("word", 2), Value("Go")),
        Exact(
            Func(F("word"), Value("Gd"), function="LTRIM", output_field=TextField()), Value("ood")
        ),
        Exact(F("rating"), Value(3)),
    ]
)
conditions = st.recursive(
    lookups.map(Q) | expressions.map(Q),
    lambda inner: (
        inner.map(lambda one: ~one)
        | st.tuples(inner, inner).map(lambda two: two[0] & two[1])
        | st.tuples(inner, inner).map(lambda two: two[0] | two[1])
    ),
    max_leaves=6,
)
cells = st.fixed_dictionaries(
    {
        "rating": st.sampled_from([None, 0, 3]),
        "word": st.sampled_from(["", "Good", "good"]),
        "value": st.sampled_from(["", "Good"]),
        "verified_on": st.sampled_from([None, "2026-11-22"]),
    }
)


@pytest.fixture
def a_cell() -> Cell:
    make_whole_guide()
    return Cell.objects.first()


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(condition=conditions, fields=cells)
def test_a_condition_is_true_false_or_unknown_as_in_the_database(a_cell, condition, fields) -> None:
    says = (fields["rating"] is not None) or fields["word"] or fields["value"]
    state = "known" if says else "unknown"
    QuerySet(Cell).filter(pk=a_cell.pk).update(**fields, state=state)

    truth = Cell.objects.annotate(truth=condition).values_list("truth", flat=True).get(pk=a_cell.pk)

    assert holds(condition, {**fields, "state": state}) is truth


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        (Q(kind="text") | ~Q(weight__lte=5), {"kind", "weight"}),
        (Q(Exact(Left("source", 2), Value("a"))), {"source"}),
        (~Q(replaced_by=F("pk")), {"replaced_by", "pk"}),
        (Q(), set()),
    ],
)
def test_a_condition_says_which_fields_it_asks_for(condition: Q, names: set[str]) -> None:
    assert compiled(condition).names == names


@pytest.mark.parametrize(
    "condition",
    [
        Q(word__startswith="a"),
        Q(criterion__weight=1),
        Q(word="a") ^ Q(word="b"),
        Q(word=Upper("value")),
        Q(GreaterThan(F("rating"), Value(1))),
        Q(word=Func(F("value"), Value("x"), function="RTRIM")),
    ],
)
def test_what_it_does_not_know_is_never_taken_for_true(condition: Q) -> None:
    with pytest.raises(TypeError):
        compiled(condition)


def test_a_field_that_is_not_there_is_no_nothing() -> None:
    assert Criterion._meta.get_field("weight").null is False
    with pytest.raises(KeyError):
        holds(Q(weight=1), {"kind": "text"})
