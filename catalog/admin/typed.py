"""What somebody typed into a form that cannot be saved, said so that it can be carried over."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.http import HttpRequest
from django.utils.text import capfirst

from catalog.admin.conflict_choices import carried
from catalog.admin.field_difference import LONG
from catalog.admin.rebasing import COUNTS, PART
from catalog.admin.tokens import is_number

# A grid has thousands of fields; whoever typed more than this has them in the page before.
MOST_TYPED = 500

# In the name of a row that is there only for a script to copy.
TEMPLATE = "__prefix__"


class Typed(NamedTuple):
    """A field of the form, and what stood in it."""

    label: str
    value: str
    is_long: bool


class _Said(NamedTuple):
    label: str
    field: models.Field | None  # None where nobody knows which
    value: str


def typed_into(request: HttpRequest) -> list[Typed]:
    """All that was posted and says something, in the words of the form where it is one's.

    Names of referred rows take a query for each model.
    """
    found = []
    model = _model_of(request)
    for name, value in carried(request.POST):
        is_of_form = not name.startswith("_") and TEMPLATE not in name
        if value and is_of_form and len(found) < MOST_TYPED:
            found += _said(model, name, value)
    names = _names_of_targets(found)
    return [
        Typed(said.label, text := _text(said, names), len(text) > LONG or "\n" in text)
        for said in found
    ]


def _model_of(request: HttpRequest) -> type[models.Model] | None:
    """The model whose form this is, by the name of its address."""
    match = request.resolver_match
    parts = (match.url_name or "").split("_") if match else []
    if len(parts) != 3 or parts[0] != "catalog":
        return None
    return apps.get_app_config("catalog").models.get(parts[1])


def _said(model: type[models.Model] | None, name: str, value: str) -> Iterator[_Said]:
    part = PART.fullmatch(name)
    if part is None:
        if not name.endswith(COUNTS):
            field = _field_of(model, name)
            yield _Said(capfirst(field.verbose_name) if field else name, field, value)
        return
    of = _parts_of(model).get(part["table"])
    field = _field_of(of, part["field"])
    if part["field"] == "DELETE":
        words = {"part": _named(of, part), "field": "delete"}
        yield _Said("{part}, {field}".format(**words), None, "yes")
    elif of is None:
        yield _Said(name, None, value)
    elif field is not None and not (field.primary_key or field.related_model is model):
        words = {"part": _named(of, part), "field": field.verbose_name}
        yield _Said("{part}, {field}".format(**words), field, value)


def _named(model: type[models.Model] | None, part: Any) -> str:
    """“Point 2”; the name of its table where nobody knows the model."""
    name = part["table"] if model is None else capfirst(model._meta.verbose_name)
    return f"{name} {int(part['place']) + 1}"


def _parts_of(model: type[models.Model] | None) -> dict[str, type[models.Model]]:
    """The models of tables of parts by the prefixes that Django gives these."""
    relations = model._meta.related_objects if model else ()
    return {
        relation.get_accessor_name(): relation.related_model
        for relation in relations
        if relation.get_accessor_name()
    }


def _field_of(model: type[models.Model] | None, name: str) -> models.Field | None:
    try:
        field = model._meta.get_field(name) if model else None
    except FieldDoesNotExist:
        return None
    return field if field is not None and field.concrete else None


def _names_of_targets(found: Iterable[_Said]) -> dict[tuple[type[models.Model], str], str]:
    wanted = defaultdict(set)
    for said in found:
        if said.field is not None and said.field.is_relation and is_number(said.value):
            wanted[said.field.related_model].add(said.value)
    names = {}
    for model, keys in wanted.items():
        rows = model._base_manager.filter(pk__in=keys)
        # A row may be called after what it refers to.
        if references := [field.name for field in model._meta.concrete_fields if field.is_relation]:
            rows = rows.select_related(*references)
        names |= {(model, str(row.pk)): str(row) for row in rows}
    return names


def _text(said: _Said, names: dict[tuple[type[models.Model], str], str]) -> str:
    field = said.field
    if field is None:
        return said.value
    if field.is_relation:
        return names.get((field.related_model, said.value), said.value)
    return str(dict(field.flatchoices).get(said.value, said.value))
