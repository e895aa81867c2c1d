"""Rows of content as what names them and what they say, and how two states of them differ. Pure.

A row is {"model": "catalog.point", "fields": {...}}: what `loaddata` reads. Every field is there,
blanks included: text, a number, a truth or None; a date is ISO text, and a reference is the list
of the natural key of its target. A state of some rows is a dictionary from RowKey to fields.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import cache
from typing import Any, NamedTuple

from django.db.models import Field

from catalog.models import CONTENT, ContentModel, Thing, ThingKey
from catalog.models.base import model_at

Fields = dict[str, Any]
Document = list[dict[str, Any]]
Kinds = tuple[str | None, ...]

# By the name that follows "catalog." in a fixture, in the order in which rows can be made.
MODELS: dict[str, type[ContentModel]] = {model._meta.model_name: model for model in CONTENT}
RANK = {name: rank for rank, name in enumerate(MODELS)}
MODEL_OF_KIND = {model.KIND: name for name, model in MODELS.items() if not model.OWNERS}


class RowKey(NamedTuple):
    """Names a row of content: ("cell", ("async-frameworks", "performance", "quart"))."""

    model: str
    key: tuple[str, ...]

    def __str__(self) -> str:
        return "/".join(self.key)


State = Mapping[RowKey, Fields]


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row that is made (`before` is None), goes (`after` is None), or says something else.

    Both hold every field of the row. `things` are those whose documents hold it, in the order in
    which the model names its owners.
    """

    row: RowKey
    before: Fields | None
    after: Fields | None
    things: tuple[ThingKey, ...]

    @property
    def changed(self) -> list[str]:
        """The fields that say something else; all of them for a row that is made or goes."""
        if self.before is None or self.after is None:
            return list(self.after or self.before or {})
        return [name for name, value in self.after.items() if self.before.get(name) != value]


class Reference(NamedTuple):
    """A field that names another row: its name, the target's model, and the kinds in its key."""

    name: str
    model: str
    kinds: Kinds
    is_required: bool

    def target(self, fields: Mapping[str, Any]) -> RowKey | None:
        """Return the row that these fields refer to, None for nothing."""
        value = fields.get(self.name)
        return RowKey(self.model, tuple(value)) if value else None


class Owners(defaultdict[RowKey, set[ThingKey]]):
    """The things whose documents hold each row."""

    def __init__(self) -> None:
        super().__init__(set)

    def rows(self, documents: Mapping[ThingKey, Document]) -> dict[RowKey, Fields]:
        """Return the rows of these documents, and note them."""
        found = {}
        for thing, document in documents.items():
            for row, fields in state_of(document).items():
                found[row] = fields
                self.note(row, fields, thing)
        return found

    def note(self, row: RowKey, fields: Fields, *things: ThingKey) -> None:
        """Note that these things hold a row, and those that its fields name."""
        self[row].update(things, owners_of(row, fields))


def difference(
    before: State, after: State, owners: Mapping[RowKey, set[ThingKey]]
) -> list[RowChange]:
    """Return each row that differs, in the order of `after`, with what it lost behind."""
    return [
        RowChange(row, before.get(row), after.get(row), tuple(sorted(owners[row])))
        for row in {**after, **before}
        if before.get(row) != after.get(row)
    ]


def changes_between(
    before: Mapping[ThingKey, Document], after: Mapping[ThingKey, Document]
) -> list[RowChange]:
    """Return what differs between two sets of documents."""
    owners = Owners()
    return difference(owners.rows(before), owners.rows(after), owners)


def reversed_changes(changes: Iterable[RowChange]) -> list[RowChange]:
    """Return the opposite of each change."""
    return [RowChange(one.row, one.after, one.before, one.things) for one in changes]


def state_of(document: Iterable[dict[str, Any]]) -> dict[RowKey, Fields]:
    """Return the rows of a document by their keys, in its order."""
    return {key_of(row): row["fields"] for row in document}


def key_of(row: Mapping[str, Any]) -> RowKey:
    """Return what names a fixture row. Raises KeyError where a field that names it is missing."""
    name = row["model"].partition(".")[2]
    model, key = MODELS[name], []
    for path in model.NATURAL_KEY:
        field, _, rest = path.partition("__")
        value = row["fields"][field]
        if rest:
            target = model._meta.get_field(field).related_model
            value = value[target.NATURAL_KEY.index(rest)]
        key.append(value)
    return RowKey(name, tuple(key))


def own_row(thing: ThingKey) -> RowKey:
    """Return the row that a thing is, besides its parts."""
    return RowKey(MODEL_OF_KIND[thing.kind], (thing.slug,))


def owners_of(row: RowKey, fields: Fields) -> tuple[ThingKey, ...]:
    """Return the things that a row's fields say it belongs to; package facts name none."""
    model = MODELS[row.model]
    if not model.OWNERS:
        return (ThingKey(model.KIND, row.key[0]),)
    found = []
    for path, (kind, _slug) in zip(model.OWNERS, model.owner_slugs(), strict=True):
        first, _, rest = path.partition("__")
        target = model._meta.get_field(first).related_model
        look_up = f"{rest}__slug" if rest else "slug"
        if look_up in target.NATURAL_KEY and fields[first]:
            found.append(ThingKey(kind, fields[first][target.NATURAL_KEY.index(look_up)]))
    return tuple(found)


@cache
def columns(model: type[ContentModel]) -> tuple[Field, ...]:
    """Return the fields of a model's fixture rows, in the order in which it declares them."""
    return tuple(field for field in model._meta.concrete_fields if not field.primary_key)


@cache
def defaults_of(model: type[ContentModel]) -> Fields:
    """Return what each field of a new row says when nobody says anything."""
    found = {}
    for field in columns(model):
        value = field.get_default()
        if isinstance(value, date):
            value = value.isoformat()
        found[field.name] = value.value if isinstance(value, Enum) else value
    return found


@cache
def kinds_in_key(model: str) -> Kinds:
    """Return for each part of a model's natural key the kind whose slug it is, or None."""
    found = []
    for path in MODELS[model].NATURAL_KEY:
        before, _, last = path.rpartition("__")
        owner = model_at(MODELS[model], before) if before else MODELS[model]
        found.append(owner.KIND if last == "slug" and issubclass(owner, Thing) else None)
    return tuple(found)


@cache
def references_of(model: str) -> tuple[Reference, ...]:
    """Return the fields of a model that name other rows."""
    found = []
    for field in columns(MODELS[model]):
        if field.is_relation:
            target = field.related_model._meta.model_name
            found.append(Reference(field.name, target, kinds_in_key(target), not field.null))
    return tuple(found)


def targets_of(row: RowKey, fields: Fields) -> list[RowKey]:
    """Return the rows that a row refers to."""
    targets = (reference.target(fields) for reference in references_of(row.model))
    return [target for target in targets if target is not None]
