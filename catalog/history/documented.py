"""Documents as rows in the names of today, and whose each row is."""

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from catalog.history import documents
from catalog.history.renames import SlugRenames
from catalog.history.rows import MODELS, Fields, RowKey, key_of, owners_of
from catalog.history.stored import rows_of
from catalog.models import ThingKey

Owners = Mapping[RowKey, set[ThingKey]]


def in_rows(
    document: Iterable[dict[str, Any]], names: SlugRenames, thing: ThingKey, owners: Owners
) -> dict[RowKey, Fields]:
    """The rows of a thing's document in the names of today, and with the fields of today.

    Notes in `owners`, which makes a set for each row it is asked for, whose document a row is in.
    """
    found = {}
    for entry in document:
        key = key_of(entry)
        row, said = names.row(key), entry["fields"]
        defaults = documents.defaults(MODELS[key.model])
        fields = {name: said.get(name, default) for name, default in defaults.items()}
        found[row] = names.fields(key.model, fields)
        # A listing is in two documents; package facts do not say in whose they are.
        owners[row] |= {thing, *owners_of(row, found[row])}
    return found


def elsewhere(rows: Iterable[RowKey]) -> dict[RowKey, Fields]:
    """Those of these rows that are there, in whatever thing."""
    found = {}
    for model, same in groupby(sorted(rows), key=lambda row: row.model):
        found |= rows_of(model, same)
    return found
