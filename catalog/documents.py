"""A thing as the fixture rows that make it up, in one canonical order.

A row is {"model": "catalog.point", "fields": {...}}: what `loaddata` reads. Every field is
there, blanks included; a foreign key is the natural key of its target, a date is text. The
same content gives the same document on every database.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from django.apps import apps

from catalog.models import CONTENT, ContentModel, ThingKey

# What stands for a thing that is not there.
NOTHING = "[]"

# Below SQLite's limit of parameters in one statement.
BATCH = 500


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
    slugs = defaultdict(list)
    for thing in things:
        slugs[thing.kind].append(thing.slug)
    found: dict[ThingKey, list] = {
        ThingKey(kind, slug): [] for kind, wanted in slugs.items() for slug in wanted
    }
    for kind, wanted in slugs.items():
        for model in models_of(kind):
            for start in range(0, len(wanted), BATCH):
                for owner, row in _rows(model, kind, wanted[start : start + BATCH]):
                    found[ThingKey(kind, owner)].append(row)
    return found


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
    return one == other or _in_todays_fields(one) == _in_todays_fields(other)


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
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Fixture rows of one model with the slug of the thing each belongs to, in order.

    Read as values: no instance is made, and references are joined instead of followed.
    """
    owner = dict(model.owner_slugs())[kind]
    paths = [path for column in columns(model) for path in column.paths]
    rows = model._base_manager.order_by().filter(**{f"{owner}__in": slugs})
    found = []
    for slug, *values in rows.values_list(owner, *paths):
        remaining = iter(values)
        fields = {column.name: _value(column, remaining) for column in columns(model)}
        found.append((slug, {"model": model._meta.label_lower, "fields": fields}))
    return iter(sorted(found, key=lambda pair: _place(pair[1])))


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


def _in_todays_fields(text: str) -> list[dict[str, Any]]:
    rows = json.loads(text)
    for row in rows:
        model = apps.get_model(row["model"])
        row["fields"] = {
            column.name: row["fields"].get(column.name, _default(model, column.name))
            for column in columns(model)
        }
    return rows


def _default(model: type[ContentModel], name: str) -> Any:
    value = model._meta.get_field(name).get_default()
    return value.isoformat() if isinstance(value, date) else value
