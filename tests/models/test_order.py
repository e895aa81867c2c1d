"""Lists stand in one order on every database: numbers, then names by their bytes."""

from itertools import groupby

import pytest
from django.apps import apps
from django.db import models

from catalog.models import CONTENT, ByteOrder, Cell, ContentModel, Guide, Technology
from tests.factories import make_technology, make_whole_guide


@pytest.mark.django_db
def test_names_stand_by_their_bytes_on_every_database():
    for name in [
        "élan",
        "zope",
        "a1",
        "aiohttp",
        "Zope",
        "a-b",
        "a b",
        "ab",
        "_x",
        "AB",
        "10",
        "9",
    ]:
        make_technology(name=name)

    ordered = Technology.objects.order_by(ByteOrder("name")).values_list("name", flat=True)

    assert list(ordered) == [
        *("10", "9", "AB", "Zope", "_x", "a b", "a-b", "a1", "ab", "aiohttp", "zope", "élan")
    ]
    assert list(ordered.reverse()) == sorted(ordered, key=str.encode, reverse=True)


@pytest.mark.django_db
def test_technologies_stand_by_slug():
    for slug in ["b", "a-b", "ab", "a1", "a", "10", "9"]:
        make_technology(slug=slug)

    slugs = Technology.objects.values_list("slug", flat=True)

    assert list(slugs) == ["10", "9", "a", "a-b", "a1", "ab", "b"]


@pytest.mark.parametrize("model", CONTENT, ids=lambda model: model.__name__)
def test_the_order_of_every_model_is_total_and_by_bytes(model):
    by_bytes = {name_of(part) for part in model._meta.ordering if not isinstance(part, str)}
    numbers = [part for part in model._meta.ordering if isinstance(part, str)]

    if model is Guide:  # one row, which the database holds it to
        assert (by_bytes, numbers) == (set(), ["slug"])
    else:
        assert by_bytes >= set(model.NATURAL_KEY)
        assert [name for name in numbers if name.split("__")[-1] != "position"] == []
        assert not isinstance(model._meta.ordering[-1], str)


def name_of(part: ByteOrder) -> str:
    """The field that a part of an ordering compares: ByteOrder("slug") or its .desc()."""
    order = part if isinstance(part, ByteOrder) else part.expression
    assert isinstance(order, ByteOrder)
    (field,) = order.get_source_expressions()
    return field.name


# Every content model can be named without a primary key, by what is unique and never null ---------


MODELS = list(apps.get_app_config("catalog").get_models())
every_content_model = pytest.mark.parametrize("model", CONTENT, ids=lambda model: model.__name__)
every_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)

# What begins with a capital letter in the middle of a sentence too.
NAMES = {"Python"}


def test_every_content_model_is_in_the_load_order():
    assert set(CONTENT) == {model for model in MODELS if issubclass(model, ContentModel)}
    assert len(CONTENT) == len(set(CONTENT))


@every_content_model
def test_the_natural_key_is_held_by_a_unique_constraint(model):
    columns = {path.split("__")[0] for path in model.NATURAL_KEY}

    unique = [{field.name} for field in model._meta.concrete_fields if field.unique]
    unique += [
        set(constraint.fields)
        for constraint in model._meta.constraints
        if isinstance(constraint, models.UniqueConstraint) and constraint.condition is None
    ]
    assert columns in unique
    assert [name for name in columns if model._meta.get_field(name).null] == []


@every_content_model
def test_a_reference_in_a_natural_key_is_the_whole_key_of_its_target(model):
    paths = [path.partition("__") for path in model.NATURAL_KEY if "__" in path]

    for name, parts in groupby(paths, key=lambda path: path[0]):
        given = {rest for _, _, rest in parts}
        if (model, name) == (Cell, "contender"):
            # Its comparison is the criterion's, which is in the key already.
            given.add("comparison__slug")
        assert given == set(model._meta.get_field(name).related_model.NATURAL_KEY)


@pytest.mark.django_db
@every_content_model
def test_each_row_is_found_by_its_natural_key(model):
    make_whole_guide()
    rows = list(model.objects.all())

    assert rows != []
    assert [model.objects.get_by_natural_key(*row.natural_key()) for row in rows] == rows
    assert len({row.natural_key() for row in rows}) == len(rows)


@every_content_model
def test_the_default_manager_hides_nothing(model):
    assert model._default_manager.all().query.where.children == []
    assert model._base_manager.all().query.where.children == []


@every_model
def test_every_reference_says_how_it_is_called_from_the_other_end(model):
    references = [field for field in model._meta.concrete_fields if field.is_relation]

    assert [field.name for field in references if not field.remote_field.related_name] == []


@every_content_model
def test_every_field_has_a_name_in_lower_case(model):
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    names = [model._meta.verbose_name, model._meta.verbose_name_plural]
    names += [field.verbose_name for field in fields]

    assert [str(name) for name in names if not str(name)[0].islower() and name not in NAMES] == []


@every_content_model
def test_no_field_fills_itself(model):
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]

    assert [
        field.name
        for field in fields
        if getattr(field, "auto_now", False)
        or getattr(field, "auto_now_add", False)
        or (callable(field.default) and field.has_default())
    ] == []
