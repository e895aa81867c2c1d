"""Changes into the database, in bulk and in an order in which every reference finds its target."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from itertools import groupby
from typing import Any

from django.db import models

from catalog.history import editions
from catalog.history.renames import references_of
from catalog.history.rows import MODELS, RANK, Fields, RowChange, RowKey
from catalog.history.stored import in_batches, primary_keys
from catalog.models import ContentModel


def write(
    changes: Callable[[], Iterable[RowChange]], keys: Mapping[RowKey, int] | None = None
) -> None:
    """Write these changes, which stand in writing order, inside of record().

    A row that is made gets its primary key from `keys`, or from the database.
    `changes` gives them anew each time it is called: a pack's do not fit into memory. The rows
    must be as each change's `before` says, which whoever calls this has seen to inside of
    the record(), and what a row refers to must be there or be made before it.
    Raises IntegrityError or DataError where the database refuses a row.
    """
    recording = editions.current()
    recording.touch({thing for change in changes() for thing in change.things})
    for (how, _rank, model), run in groupby(changes(), key=writing_order):
        if how == 0:
            _create(model, run, keys or {})
        else:
            (_update if how == 1 else _delete)(model, run)


def in_writing_order(changes: Iterable[RowChange]) -> list[RowChange]:
    """First what is made, in an order in which it finds what it refers to; last what goes."""
    return sorted(changes, key=writing_order)


def writing_order(change: RowChange) -> tuple[int, int, str]:
    """The place of a change among others; equal for changes that are written together."""
    rank, model = RANK[change.row.model], change.row.model
    if change.before is None:
        return 0, rank, model
    return (2, -rank, model) if change.after is None else (1, rank, model)


def _create(model: str, changes: Iterator[RowChange], keys: Mapping[RowKey, int]) -> None:
    """Make rows. One that refers to a row of its own model gets that reference afterwards."""
    to_itself = [name for name, target, *_ in references_of(model) if target == model]
    deferred: list[RowChange] = []
    for batch in in_batches(changes):
        made = []
        for change in batch:
            fields = dict(change.after)
            if any(fields[name] for name in to_itself):
                deferred.append(change)
                fields |= dict.fromkeys(to_itself)
            made.append((change.row, fields))
        rows = list(_instances(model, made))
        for row, (key, _fields) in zip(rows, made, strict=True):
            row.pk = keys.get(key)
        MODELS[model].objects.all().announced().bulk_create(rows)
    for batch in in_batches(deferred):
        _write_fields(model, batch, to_itself)


def _update(model: str, changes: Iterator[RowChange]) -> None:
    for batch in in_batches(changes):
        by_fields = sorted(batch, key=lambda change: change.changed)
        for names, alike in groupby(by_fields, key=lambda change: change.changed):
            _write_fields(model, list(alike), names)


def _write_fields(model: str, changes: list[RowChange], names: list[str]) -> None:
    keys = primary_keys(model, [change.row for change in changes])
    rows = list(_instances(model, [(change.row, change.after) for change in changes]))
    for row, change in zip(rows, changes, strict=True):
        row.pk = keys[change.row]
    MODELS[model].objects.all().announced().bulk_update(rows, names)


def _delete(model: str, changes: Iterator[RowChange]) -> None:
    for batch in in_batches(changes):
        keys = primary_keys(model, [change.row for change in batch])
        rows = MODELS[model].objects.filter(pk__in=keys.values())
        rows.announced().delete_announced()


def _instances(model: str, rows: list[tuple[RowKey, Fields]]) -> Iterator[ContentModel]:
    """Instances with these fields and no primary key. One query for each kind of reference."""
    targets = {
        name: primary_keys(
            target,
            {RowKey(target, tuple(fields[name])) for _row, fields in rows if fields[name]},
        )
        for name, target, *_ in references_of(model)
    }
    for _row, fields in rows:
        values = {}
        for name, value in fields.items():
            field = MODELS[model]._meta.get_field(name)
            if name in targets and value is not None:
                target = RowKey(field.related_model._meta.model_name, tuple(value))
                values[field.attname] = targets[name][target]
            else:
                values[field.attname] = _value(field, value)
        yield MODELS[model](**values)


def _value(field: models.Field, value: Any) -> Any:
    if isinstance(field, models.DateField) and value is not None:
        return date.fromisoformat(value)
    return value
