"""A thing as the fixture rows that make it up, in one canonical order.

A row is {"model": "catalog.point", "fields": {...}}: what `loaddata` reads. Every field is
there, blanks included; a foreign key is the natural key of its target, a date is text. The
same content gives the same document on every database.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from enum import Enum
from functools import cache
from itertools import groupby
from typing import Any, NamedTuple

from django.apps import apps
from django.db.models import QuerySet

from catalog.models import CONTENT, ContentModel, Revision, Thing, ThingKey
from catalog.models.base import model_at

# What stands for a thing that is not there.
NOTHING = "[]"

# Below SQLite's limit of parameters in one statement.
BATCH = 500


Kinds = tuple[str | None, ...]


class Column(NamedTuple):
    """A field of a fixture row and the look-ups that give its value; several name a target."""

    name: str
    paths: tuple[str, ...]
    is_reference: bool


def models_of(kind: str) -> list[type[ContentModel]]:
    """The models whose rows make up a thing of this kind, the thing itself first."""
    return [model for model in CONTENT if kind in dict(model.owner_slugs())]


def of(things: Iterable[ThingKey]) -> dict[ThingKey, list[dict[str, Any]]]:
    """The rows of each thing; an empty list for one that is not there.

    As many queries as the kinds have models, whatever the number of things (in batches).
    """
    found: dict[ThingKey, list] = {thing: [] for thing in things}
    for batch in in_batches(sorted(found)):
        for kind, same_kind in groupby(batch, key=lambda thing: thing.kind):
            wanted = [thing.slug for thing in same_kind]
            for model in models_of(kind):
                for row, owner in _rows(model, kind, wanted):
                    found[ThingKey(kind, owner)].append(row)
    return found


def at(thing: ThingKey, number: int) -> list[dict[str, Any]]:
    """The rows of a thing as this edition left it, with the fields of today; none before it was."""
    return in_todays_fields(Revision.objects.text_at(thing, number))


def in_batches(values: Sequence[Any], size: int = BATCH) -> Iterator[Sequence[Any]]:
    """These values in parts of at most `size`."""
    return (values[start : start + size] for start in range(0, len(values), size))


def rows_in(rows: QuerySet, *owner: str) -> Iterator[tuple[Any, ...]]:
    """The fixture row of each of these rows, with the values of the `owner` look-ups behind it.

    Read as values, in one query: no instance is made, and references are joined instead of
    followed. In no order.
    """
    model = rows.model
    label, named = model._meta.label_lower, columns(model)
    paths = [path for column in named for path in column.paths]
    for values in rows.order_by().values_list(*paths, *owner):
        remaining = iter(values)
        fields = {column.name: _value(column, remaining) for column in named}
        yield {"model": label, "fields": fields}, *remaining


def texts(things: Iterable[ThingKey]) -> dict[ThingKey, str]:
    """The documents as they are kept in history."""
    return {thing: dumps(rows) for thing, rows in of(things).items()}


def dumps(rows: list[dict[str, Any]]) -> str:
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def same(one: str, other: str) -> bool:
    """Whether two documents say the same.

    A document kept before a model gained or lost a field is read with today's fields, so
    that a migration does not make every thing look changed.
    """
    return one == other or in_todays_fields(one) == in_todays_fields(other)


def natural_key(row: dict[str, Any]) -> tuple[str, ...]:
    """The natural key of a fixture row: ("async-frameworks", "performance", "quart")."""
    model = apps.get_model(row["model"])
    key = []
    for path in model.NATURAL_KEY:
        name, _, rest = path.partition("__")
        value = row["fields"][name]
        if rest:
            target = model._meta.get_field(name).related_model
            value = value[target.NATURAL_KEY.index(rest)]
        key.append(value)
    return tuple(key)


@cache
def kinds_in_key(model: type[ContentModel]) -> Kinds:
    """For each part of a model's natural key, the kind of thing whose slug it is, or None."""
    return tuple(_kind_at(model, path) for path in model.NATURAL_KEY)


@cache
def columns(model: type[ContentModel]) -> tuple[Column, ...]:
    """The fields of a model's fixture rows, in the order in which the model declares them."""
    return tuple(
        Column(
            field.name,
            tuple(f"{field.name}__{path}" for path in field.related_model.NATURAL_KEY)
            if field.is_relation
            else (field.name,),
            field.is_relation,
        )
        for field in model._meta.concrete_fields
        if not field.primary_key
    )


def _rows(
    model: type[ContentModel], kind: str, slugs: list[str]
) -> list[tuple[dict[str, Any], str]]:
    """Fixture rows of one model, in order, with the slug of the thing each belongs to."""
    owner = dict(model.owner_slugs())[kind]
    rows = model._base_manager.filter(**{f"{owner}__in": slugs})
    return sorted(rows_in(rows, owner), key=lambda pair: _place(pair[0]))


def _kind_at(model: type[ContentModel], path: str) -> str | None:
    before, _, last = path.rpartition("__")
    owner = model_at(model, before) if before else model
    return owner.KIND if last == "slug" and issubclass(owner, Thing) else None


def _value(column: Column, values: Iterator[Any]) -> Any:
    if column.is_reference:
        key = [next(values) for _ in column.paths]
        return None if None in key else key
    value = next(values)
    return value.isoformat() if isinstance(value, date) else value


def _place(row: dict[str, Any]) -> tuple[int, tuple[str, ...]]:
    """Where a row stands among those of its model: position, then natural key by bytes.

    Python compares text by code point, which is the order of its UTF-8 bytes.
    """
    return row["fields"].get("position", 0), natural_key(row)


def in_todays_fields(text: str) -> list[dict[str, Any]]:
    """The rows of a document as kept, with the fields that the models have today."""
    rows = json.loads(text)
    for row in rows:
        model = apps.get_model(row["model"])
        row["fields"] = {
            name: row["fields"].get(name, default) for name, default in defaults(model).items()
        }
    return rows


@cache
def defaults(model: type[ContentModel]) -> dict[str, Any]:
    """What each field of a new row says when nobody says anything."""
    found = {}
    for column in columns(model):
        value = model._meta.get_field(column.name).get_default()
        if isinstance(value, date):
            value = value.isoformat()
        found[column.name] = value.value if isinstance(value, Enum) else value
    return found
