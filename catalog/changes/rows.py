"""Rows of content as what names them and what they say, and how two states of them differ. Pure.

A state of some rows is a dictionary from RowKey to fields. Fields are those of a fixture row:
every value is text, a number, a truth or None, a date is ISO text, and a reference is the list
of the natural key of its target.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from catalog import documents
from catalog.models import CONTENT, ContentModel, ThingKey

Fields = dict[str, Any]

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


def state_of(document: Iterable[dict[str, Any]]) -> dict[RowKey, Fields]:
    """The rows of a document by their keys, in its order."""
    return {key_of(row): row["fields"] for row in document}


def key_of(row: Mapping[str, Any]) -> RowKey:
    """What names a fixture row. Raises KeyError where a field that names it is missing."""
    model = row["model"].partition(".")[2]
    return RowKey(model, documents.natural_key(row))


def owners_of(row: RowKey, fields: Fields) -> tuple[ThingKey, ...]:
    """The things a row says it belongs to. Package facts say only their package: nothing.

    Reads the fields alone, so that it can be asked of rows that are not in the database.
    """
    model = MODELS[row.model]
    if not model.OWNERS:
        return (ThingKey(model.KIND, row.key[0]),)
    found = []
    for path, (kind, _slug) in zip(model.OWNERS, model.owner_slugs(), strict=True):
        first, _, rest = path.partition("__")
        target = model._meta.get_field(first).related_model
        look_up = f"{rest}__slug" if rest else "slug"
        if look_up in target.NATURAL_KEY:
            found.append(ThingKey(kind, fields[first][target.NATURAL_KEY.index(look_up)]))
    return tuple(found)
