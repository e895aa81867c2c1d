"""Whatever changes has words: plain text on one line, and other words for each other field."""

from collections.abc import Iterator
from datetime import date
from itertools import product
from typing import Any

import pytest
from django.db import models
from hypothesis import given
from hypothesis import strategies as st

from catalog.describe import conflict_text, describe
from catalog.describe.fields import field_label, field_line
from catalog.history.merge import NO_BASE, Conflict
from catalog.history.rows import MODELS, Fields, RowChange, columns
from tests.describe.changes import described, fields_of, gone, labels_of, made

FIELDS = [(model, column.name) for model in MODELS for column in columns(MODELS[model])]
# Where a sentence says what became of a field without naming it.
UNNAMED = {
    ("alias", "name"),
    ("cell", "rating"),
    ("cell", "state"),
    ("cell", "word"),
    ("criterion", "name"),
    ("criteriongroup", "name"),
    ("listing", "verdict"),
    ("pin", "specifier"),
    ("point", "text"),
    ("preset", "name"),
    ("role", "name"),
}


def values_of(model: str, name: str) -> st.SearchStrategy[Any]:
    """Anything that a fixture row may say in this field, and some of what it may not."""
    field = MODELS[model]._meta.get_field(name)
    if field.is_relation:
        slugs = st.lists(
            st.sampled_from(["quart", "async", "elsewhere"]),
            min_size=len(field.related_model.NATURAL_KEY),
            max_size=len(field.related_model.NATURAL_KEY),
        )
        return st.none() | slugs
    if field.choices:
        return st.sampled_from(["", "of-yesterday", *(value for value, _word in field.flatchoices)])
    if isinstance(field, models.BooleanField):
        return st.booleans()
    if isinstance(field, models.DateField):
        return st.none() | st.dates().map(date.isoformat)
    if isinstance(field, models.IntegerField):
        return st.none() | st.integers(-9, 9)
    return st.text(max_size=80) | st.sampled_from(["", "<script>&amp;", "a\nb\x1b[31m", "x" * 300])


def key_fields(model: str) -> set[str]:
    return {path.partition("__")[0] for path in MODELS[model].NATURAL_KEY}


def states_of(model: str) -> st.SearchStrategy[Fields]:
    """A row of this model that says anything in every field but those of its key."""
    names = [name for of, name in FIELDS if of == model and name not in key_fields(model)]
    others = st.fixed_dictionaries({name: values_of(model, name) for name in names})
    return others.map(lambda given: fields_of(model, **given))


def unfit(texts: list[str]) -> list[str]:
    """Those that are no plain text on one line, or say nothing."""
    return [
        text
        for text in texts
        if type(text) is not str or not text.strip() or not text.isprintable() or "&lt;" in text
    ]


@given(st.data())
@pytest.mark.parametrize("model", MODELS)
def test_any_change_of_a_row_has_words(model, data):
    before, after = data.draw(states_of(model)), data.draw(states_of(model))
    plain = made(model)

    for one, other in ((before, after), (None, after), (before, None)):
        change = RowChange(plain.row, one, other, plain.things)
        things = describe([change], labels_of(plain))
        assert len(things) == (one != other)
        assert unfit([text for thing in things for text in (*thing.sentences, str(thing))]) == []


@given(st.data())
@pytest.mark.parametrize("model", MODELS)
def test_any_values_of_a_field_have_words(model, data):
    plain = made(model)
    name = data.draw(st.sampled_from([name for of, name in FIELDS if of == model]))
    values = values_of(model, name)
    base, here, there = data.draw(values | st.just(NO_BASE)), data.draw(values), data.draw(values)

    labels = labels_of(plain)
    texts = [
        field_line(plain.row, name, here, there, labels),
        conflict_text(Conflict(plain.row, name, base, theirs=there, mine=here), labels),
    ]

    assert unfit(texts) == []


@pytest.mark.parametrize("model", MODELS)
def test_every_row_that_comes_or_goes_has_words(model):
    assert [len(described(change)[0].sentences) for change in (made(model), gone(model))] == (
        [2, 2] if model == "pin" else [1, 1]
    )


def another(model: str, name: str) -> Any:
    """Another value of the field than the row has."""
    field, value = MODELS[model]._meta.get_field(name), fields_of(model)[name]
    if field.is_relation:
        return [f"other-{place}" for place in range(len(field.related_model.NATURAL_KEY))]
    if field.choices:
        return next(choice for choice, _word in reversed(field.flatchoices) if choice != value)
    if isinstance(field, models.BooleanField):
        return not value
    if isinstance(field, models.DateField):
        return date(2026, 11, 22).isoformat()
    return (value or 0) + 1 if isinstance(field, models.IntegerField) else "Other words"


def sentences_of_field(model: str, name: str) -> Iterator[list[str]]:
    """What is said where only this field differs, there and back."""
    plain = made(model)
    states = fields_of(model), fields_of(model, **{name: another(model, name)})
    for one, other in (states, states[::-1]):
        change = RowChange(plain.row, one, other, plain.things)
        yield list(describe([change], labels_of(plain))[0].sentences)


@pytest.mark.parametrize(("model", "name"), FIELDS)
def test_a_sentence_names_the_field_that_differs(model, name):
    label = field_label(made(model).row, name).lower()
    is_named = (model, name) not in UNNAMED and (name != "position" or not MODELS[model].OWNERS)

    for sentences in sentences_of_field(model, name):
        assert label in " ".join(sentences).lower() or not is_named


def test_no_two_fields_of_a_row_are_described_alike():
    for model in MODELS:
        found = [
            (name, sentences)
            for of, name in FIELDS
            if of == model
            for sentences in sentences_of_field(model, name)
        ]

        assert [
            (one, other, sentences)
            for (one, sentences), (other, others) in product(found, found)
            if one < other and sentences == others
        ] == []
