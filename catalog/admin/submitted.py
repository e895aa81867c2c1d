"""What was submitted with a form: shown where it cannot be saved, and fitted to rows of today."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from typing import Any, NamedTuple

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.forms.formsets import (
    DELETION_FIELD_NAME,
    INITIAL_FORM_COUNT,
    MAX_NUM_FORM_COUNT,
    MIN_NUM_FORM_COUNT,
    TOTAL_FORM_COUNT,
)
from django.http import HttpRequest, QueryDict
from django.utils.text import capfirst

from catalog.admin.base import is_key
from catalog.admin.conflicts import carried
from catalog.admin.differences import is_long

# A grid has thousands of fields; whoever typed more than this has them in the page before.
MOST_VALUES = 500

# In the name of a row that is there only for a script to copy.
TEMPLATE = "__prefix__"

KEY = "id"
# What Django's own pages send along.
CONTROLS = ("action", "select_across", "index", "post", "next")
COUNTS = (TOTAL_FORM_COUNT, INITIAL_FORM_COUNT, MIN_NUM_FORM_COUNT, MAX_NUM_FORM_COUNT)
COUNT = re.compile(rf"(?P<table>.+)-(?P<field>{TOTAL_FORM_COUNT}|{INITIAL_FORM_COUNT})")
PART = re.compile(r"(?P<table>.+)-(?P<place>[0-9]{1,5})-(?P<field>[^-]+)")


class Submitted(NamedTuple):
    """A field of the form, and what stood in it."""

    name: str
    label: str
    value: str
    is_long: bool


class _Value(NamedTuple):
    name: str
    label: str
    field: models.Field | None  # None where it is not known which
    value: str


def submitted_values(request: HttpRequest) -> list[Submitted]:
    """Return all that was posted and is not blank, in the words of the form where it is one's.

    Names of referred rows take a query for each model; whoever is not signed in sees their keys.
    """
    found = []
    model = _model_of(request)
    for name, value in carried(request.POST):
        is_of_form = not name.startswith("_") and name not in CONTROLS and TEMPLATE not in name
        if value and is_of_form and len(found) < MOST_VALUES:
            found += _values(model, name, value)
    names = _names_of_targets(found) if request.user.is_authenticated else {}
    texts = ((one, _text(one, names)) for one in found)
    return [Submitted(one.name, one.label, text, is_long(text)) for one, text in texts]


def _model_of(request: HttpRequest) -> type[models.Model] | None:
    """Return the model whose form this is, by the name of its address."""
    match = request.resolver_match
    parts = (match.url_name or "").split("_") if match else []
    return apps.all_models.get(parts[0], {}).get(parts[1]) if len(parts) == 3 else None


def _values(model: type[models.Model] | None, name: str, value: str) -> Iterator[_Value]:
    part = PART.fullmatch(name)
    if part is None:
        if not name.endswith(COUNTS):
            field = _field_of(model, name)
            yield _Value(name, capfirst(field.verbose_name) if field else name, field, value)
        return
    of = _parts_of(model).get(part["table"])
    field = _field_of(of, part["field"])
    if part["field"] == "DELETE":
        yield _Value(name, f"{_named(of, part)}, delete", None, "yes")
    elif of is None and part["field"] != KEY:
        yield _Value(name, name, None, value)
    elif field is not None and not (field.primary_key or field.related_model is model):
        yield _Value(name, f"{_named(of, part)}, {field.verbose_name}", field, value)


def _named(model: type[models.Model] | None, part: Any) -> str:
    """Return “Point 2”; the name of its table where the model is not known."""
    name = part["table"] if model is None else capfirst(model._meta.verbose_name)
    return f"{name} {int(part['place']) + 1}"


def _parts_of(model: type[models.Model] | None) -> dict[str, type[models.Model]]:
    """Return the models of tables of parts by the prefixes that Django gives these."""
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


def _names_of_targets(found: Iterable[_Value]) -> dict[tuple[type[models.Model], str], str]:
    wanted = defaultdict(set)
    for one in found:
        if one.field is not None and one.field.is_relation and is_key(one.value):
            wanted[one.field.related_model].add(one.value)
    names = {}
    for model, keys in wanted.items():
        rows = model._base_manager.filter(pk__in=keys)
        # A row may be called after what it refers to.
        if references := [field.name for field in model._meta.concrete_fields if field.is_relation]:
            rows = rows.select_related(*references)
        names |= {(model, str(row.pk)): str(row) for row in rows}
    return names


def _text(one: _Value, names: dict[tuple[type[models.Model], str], str]) -> str:
    field = one.field
    if field is None:
        return one.value
    if field.is_relation:
        return names.get((field.related_model, one.value), one.value)
    return str(dict(field.flatchoices).get(one.value, one.value))


# Tables of parts ---------------------------------------------------------------------------------


def renumber_deleted_rows(post: QueryDict, known: Mapping[str, Set[int]]) -> QueryDict:
    """Return the post with each row of a table that was deleted meanwhile as a new row.

    `known` are the keys of the parts that are there, by the prefix of their table. What is gone
    and was ticked for deletion is left out. New rows and ticks of others stay as they are.

    Example: points 0 to 2 were posted, 1 is gone since. They are 0, 2 as 1, and 1 as 2 without id.
    """
    tables = {
        prefix: table
        for prefix, keys in known.items()
        if (table := _table_of(post, prefix, keys)) is not None
    }
    after = QueryDict(mutable=True, encoding=post.encoding)
    for name, values in post.lists():
        for renamed, kept in _input(name, values, tables):
            after.setlist(renamed, kept)
    return after


class _Table(NamedTuple):
    """The rows of one table by their places in the post."""

    places: dict[int, int | None]  # where each goes, None for nowhere
    gone: set[int]
    initial: int  # how many are there already

    @property
    def total(self) -> int:
        return sum(place is not None for place in self.places.values())


def _input(
    name: str, values: list[str], tables: Mapping[str, _Table]
) -> Iterator[tuple[str, list[str]]]:
    """Yield an input of the post as it is to be; nothing for one that is left out."""
    part = PART.fullmatch(name)
    count = COUNT.fullmatch(name)
    if count and count["table"] in tables:
        table = tables[count["table"]]
        yield name, [str(table.total if count["field"] == TOTAL_FORM_COUNT else table.initial)]
    elif part and part["table"] in tables and part["field"] not in COUNTS:
        table, place = tables[part["table"]], int(part["place"])
        to = table.places.get(place, place)
        if to is not None:
            is_new = place in table.gone and part["field"] == KEY
            yield f"{part['table']}-{to}-{part['field']}", [""] if is_new else values
    else:
        yield name, values


def _table_of(post: QueryDict, prefix: str, keys: Set[int]) -> _Table | None:
    """Return None where the post makes no sense of this table."""
    total, initial = (
        _number(post, f"{prefix}-{name}", 5) for name in (TOTAL_FORM_COUNT, INITIAL_FORM_COUNT)
    )
    if total is None or initial is None or initial > total:
        return None
    there = [
        place for place in range(initial) if _number(post, f"{prefix}-{place}-{KEY}", 18) in keys
    ]
    gone = set(range(initial)) - set(there)
    ticked = {place for place in gone if post.get(f"{prefix}-{place}-{DELETION_FIELD_NAME}")}
    new = [*sorted(gone - ticked), *range(initial, total)]
    places: dict[int, int | None] = dict.fromkeys(ticked)
    places |= {place: to for to, place in enumerate([*there, *new])}
    return _Table(places, gone, len(there))


def _number(post: QueryDict, name: str, most: int) -> int | None:
    """Return a number of at most so many digits, None for anything else."""
    text = post.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= most else None
