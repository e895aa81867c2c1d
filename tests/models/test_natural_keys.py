"""Every content model can be named without a primary key, by what is unique and never null."""

from itertools import groupby

import pytest
from django.apps import apps
from django.db import models

from catalog.models import CONTENT, Cell, ContentModel
from tests.factories import make_whole_guide

MODELS = list(apps.get_app_config("catalog").get_models())
every_content_model = pytest.mark.parametrize("model", CONTENT, ids=lambda model: model.__name__)
every_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)

# What begins with a capital letter in the middle of a sentence too.
NAMES = {"Python"}


def test_every_content_model_is_in_the_load_order() -> None:
    assert set(CONTENT) == {model for model in MODELS if issubclass(model, ContentModel)}
    assert len(CONTENT) == len(set(CONTENT))


@every_content_model
def test_the_natural_key_is_held_by_a_unique_constraint(model: type[ContentModel]) -> None:
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
def test_a_reference_in_a_natural_key_is_the_whole_key_of_its_target(
    model: type[ContentModel],
) -> None:
    paths = [path.partition("__") for path in model.NATURAL_KEY if "__" in path]

    for name, parts in groupby(paths, key=lambda path: path[0]):
        given = {rest for _, _, rest in parts}
        if (model, name) == (Cell, "contender"):
            # Its comparison is the criterion's, which is in the key already.
            given.add("comparison__slug")
        assert given == set(model._meta.get_field(name).related_model.NATURAL_KEY)


@pytest.mark.django_db
@every_content_model
def test_each_row_is_found_by_its_natural_key(model: type[ContentModel]) -> None:
    make_whole_guide()
    rows = list(model.objects.all())

    assert rows != []
    assert [model.objects.get_by_natural_key(*row.natural_key()) for row in rows] == rows
    assert len({row.natural_key() for row in rows}) == len(rows)


@every_content_model
def test_the_default_manager_hides_nothing(model: type[ContentModel]) -> None:
    assert model._default_manager.all().query.where.children == []
    assert model._base_manager.all().query.where.children == []


@every_model
def test_every_reference_says_how_it_is_called_from_the_other_end(
    model: type[models.Model],
) -> None:
    references = [field for field in model._meta.concrete_fields if field.is_relation]

    assert [field.name for field in references if not field.remote_field.related_name] == []


@every_content_model
def test_every_field_has_a_name_in_lower_case(model: type[ContentModel]) -> None:
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    names = [model._meta.verbose_name, model._meta.verbose_name_plural]
    names += [field.verbose_name for field in fields]

    assert [str(name) for name in names if not str(name)[0].islower() and name not in NAMES] == []


@every_content_model
def test_no_field_fills_itself(model: type[ContentModel]) -> None:
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]

    assert [
        field.name
        for field in fields
        if getattr(field, "auto_now", False)
        or getattr(field, "auto_now_add", False)
        or (callable(field.default) and field.has_default())
    ] == []
