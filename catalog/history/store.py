"""Rows as the database has them, found by what names them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from django.db.models import F, QuerySet

from catalog.history import documents
from catalog.history.rows import MODELS, Fields, RowKey, key_of
from catalog.models import Changed, ContentModel, Edition, ThingKey

# A key has at most three parts, and SQLite takes 999 parameters in one statement.
MOST_KEYS = 300


def rows_of(model: str, keys: Iterable[RowKey]) -> dict[RowKey, Fields]:
    """Return those of these rows that are there. One query for each MOST_KEYS of them."""
    found = {}
    for wanted in in_batches(keys):
        asked = set(wanted)
        for row, *_owners in documents.rows_in(_matching(model, wanted)):
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
    for wanted in in_batches(keys):
        asked = set(wanted)
        for pk, *key in _matching(model, wanted).order_by().values_list("pk", *paths):
            if (row := RowKey(model, tuple(key))) in asked:
                found[row] = pk
    return found


def instances(model: str, keys: Iterable[RowKey]) -> dict[RowKey, ContentModel]:
    """Return those of these rows that are there, as instances."""
    parts = {f"key_{place}": F(path) for place, path in enumerate(MODELS[model].NATURAL_KEY)}
    found = {}
    for wanted in in_batches(keys):
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
                for pks in in_batches(by_pk):
                    there = MODELS[name].objects.filter(**{f"{relation.field.name}__in": pks})
                    values = there.order_by().values_list(
                        relation.field.attname, *MODELS[name].NATURAL_KEY
                    )
                    for pk, *key in values:
                        found[by_pk[pk]].add(RowKey(name, tuple(key)))
    return found


def state_of_things(things: Iterable[ThingKey]) -> dict[RowKey, Fields]:
    """Return every row of these things as it stands."""
    return {
        key_of(row): row["fields"] for document in documents.of(things).values() for row in document
    }


def in_batches(values: Iterable[Any], size: int = MOST_KEYS) -> Iterator[list[Any]]:
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
        for batch in in_batches((thing.slug for thing in same_kind), documents.BATCH):
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
