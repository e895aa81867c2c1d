"""Things and rows as the database has them: documents in one canonical order, rows by their keys.

The document of a thing is the list of the fixture rows that make it up. The same content gives
the same document on every database.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import F, Field, QuerySet

from catalog.history.rows import MODELS, Document, Fields, RowKey, columns, defaults_of, key_of
from catalog.models import CONTENT, Changed, ContentModel, Edition, Revision, ThingKey

# What stands for a thing that is not there.
NOTHING = "[]"

# Below SQLite's limit of parameters in one statement; a key has at most three parts.
BATCH = 500
MOST_KEYS = 300


def models_of(kind: str) -> list[type[ContentModel]]:
    """Return the models whose rows make up a thing of this kind, the thing itself first."""
    return [model for model in CONTENT if kind in dict(model.owner_slugs())]


def of(things: Iterable[ThingKey]) -> dict[ThingKey, Document]:
    """Return the rows of each thing; an empty list for one that is not there.

    As many queries as the kinds have models, whatever the number of things (in batches).
    """
    found: dict[ThingKey, Document] = {thing: [] for thing in things}
    for kind, slugs in by_kind(found):
        for model in models_of(kind):
            owner = dict(model.owner_slugs())[kind]
            rows = model._base_manager.filter(**{f"{owner}__in": slugs})
            for row, slug in sorted(rows_in(rows, owner), key=lambda pair: _place(pair[0])):
                found[ThingKey(kind, slug)].append(row)
    return found


def at(thing: ThingKey, number: int) -> Document:
    """Return the rows of a thing as this edition left it, with the fields of today."""
    return in_todays_fields(Revision.objects.text_at(thing, number))


def rows_in(rows: QuerySet, *owner: str) -> Iterator[tuple[Any, ...]]:
    """Yield the fixture row of each of these rows, and the values of the `owner` look-ups.

    Read as values, in one query: no instance is made, and references are joined instead of
    followed. In no order.
    """
    label, named = rows.model._meta.label_lower, columns(rows.model)
    paths = [path for field in named for path in _paths(field)]
    for values in rows.order_by().values_list(*paths, *owner):
        remaining = iter(values)
        fields = {field.name: _value(field, remaining) for field in named}
        yield {"model": label, "fields": fields}, *remaining


def texts(things: Iterable[ThingKey]) -> dict[ThingKey, str]:
    """Return the documents as they are kept in history."""
    return {thing: dumps(rows) for thing, rows in of(things).items()}


def dumps(rows: Document) -> str:
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def same(one: str, other: str) -> bool:
    """Return whether two documents say the same.

    A document kept before a model gained or lost a field is read with today's fields, so
    that a migration does not make every thing look changed.
    """
    return one == other or in_todays_fields(one) == in_todays_fields(other)


def in_todays_fields(text: str) -> Document:
    """Return the rows of a document as kept, with the fields that the models have today."""
    rows = json.loads(text)
    for row in rows:
        named = defaults_of(MODELS[row["model"].partition(".")[2]])
        row["fields"] = {name: row["fields"].get(name, value) for name, value in named.items()}
    return rows


def rows_of(model: str, keys: Iterable[RowKey]) -> dict[RowKey, Fields]:
    """Return those of these rows that are there. One query for each MOST_KEYS of them."""
    found = {}
    for wanted in in_batches(keys, MOST_KEYS):
        asked = set(wanted)
        for row, *_owners in rows_in(_matching(model, wanted)):
            if (key := key_of(row)) in asked:
                found[key] = row["fields"]
    return found


def rows_anywhere(rows: Iterable[RowKey]) -> dict[RowKey, Fields]:
    """Return those of these rows, of any model, that are there."""
    found = {}
    for model, same in groupby(sorted(rows), key=lambda row: row.model):
        found |= rows_of(model, same)
    return found


def primary_keys(model: str, keys: Iterable[RowKey]) -> dict[RowKey, int]:
    """Return the primary key of each of these rows that is there."""
    paths = MODELS[model].NATURAL_KEY
    found = {}
    for wanted in in_batches(keys, MOST_KEYS):
        asked = set(wanted)
        for pk, *key in _matching(model, wanted).order_by().values_list("pk", *paths):
            if (row := RowKey(model, tuple(key))) in asked:
                found[row] = pk
    return found


def instances(model: str, keys: Iterable[RowKey]) -> dict[RowKey, ContentModel]:
    """Return those of these rows that are there, as instances."""
    parts = {f"key_{place}": F(path) for place, path in enumerate(MODELS[model].NATURAL_KEY)}
    found = {}
    for wanted in in_batches(keys, MOST_KEYS):
        asked = set(wanted)
        for instance in _matching(model, wanted).order_by().annotate(**parts):
            row = RowKey(model, tuple(getattr(instance, name) for name in parts))
            if row in asked:
                found[row] = instance
    return found


def referrers(rows: Iterable[RowKey]) -> dict[RowKey, set[RowKey]]:
    """Return what refers to each of these rows, and would be in the way if it went or go with it.

    One query for each field that can refer to one of them, in batches.
    """
    found: dict[RowKey, set[RowKey]] = defaultdict(set)
    by_model = defaultdict(list)
    for row in rows:
        by_model[row.model].append(row)
    for model, targets in by_model.items():
        by_pk = {pk: row for row, pk in primary_keys(model, targets).items()}
        for relation in MODELS[model]._meta.related_objects:
            if (name := relation.related_model._meta.model_name) in MODELS:
                for pks in in_batches(by_pk, MOST_KEYS):
                    there = MODELS[name].objects.filter(**{f"{relation.field.name}__in": pks})
                    values = there.order_by().values_list(
                        relation.field.attname, *MODELS[name].NATURAL_KEY
                    )
                    for pk, *key in values:
                        found[by_pk[pk]].add(RowKey(name, tuple(key)))
    return found


def in_batches(values: Iterable[Any], size: int = BATCH) -> Iterator[list[Any]]:
    """Yield lists of at most `size` of these, in order."""
    batch = []
    for value in values:
        batch.append(value)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def by_kind(things: Iterable[ThingKey]) -> Iterator[tuple[str, list[str]]]:
    """Yield each kind with slugs of these things, in batches that a query takes."""
    for kind, same_kind in groupby(sorted(things), key=lambda thing: thing.kind):
        for batch in in_batches(thing.slug for thing in same_kind):
            yield kind, batch


def last_changes(things: Iterable[ThingKey]) -> dict[ThingKey, Edition]:
    """Return the edition in which each of these things last changed. A query for each kind."""
    return {
        row.thing: row.edition
        for kind, slugs in by_kind(things)
        for row in Changed.objects.filter(kind=kind, slug__in=slugs).select_related("edition")
    }


def _matching(model: str, keys: list[RowKey]) -> QuerySet:
    """Return rows that have each part of some key: those that are named, at times others."""
    parts: dict[str, set[str]] = defaultdict(set)
    for row in keys:
        for path, part in zip(MODELS[model].NATURAL_KEY, row.key, strict=True):
            parts[path].add(part)
    look_ups = {f"{path}__in": values for path, values in parts.items()}
    return MODELS[model].objects.filter(**look_ups)


def _paths(field: Field) -> list[str]:
    """Return the look-ups that give a field's value; several name a target."""
    if not field.is_relation:
        return [field.name]
    return [f"{field.name}__{path}" for path in field.related_model.NATURAL_KEY]


def _value(field: Field, values: Iterator[Any]) -> Any:
    if field.is_relation:
        key = [next(values) for _path in field.related_model.NATURAL_KEY]
        return None if None in key else key
    value = next(values)
    return value.isoformat() if isinstance(value, date) else value


def _place(row: dict[str, Any]) -> tuple[int, tuple[str, ...]]:
    """Return where a row stands among those of its model: position, then natural key by bytes.

    Python compares text by code point, which is the order of its UTF-8 bytes.
    """
    return row["fields"].get("position", 0), key_of(row).key
