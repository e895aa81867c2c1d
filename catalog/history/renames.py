"""What things are called today, for rows that were written when they had another slug."""

from collections.abc import Iterator
from functools import cache
from itertools import product
from typing import Any, NamedTuple, Self

from catalog.history import documents
from catalog.history.documents import Kinds
from catalog.history.rows import MODELS, Fields, RowKey
from catalog.models import Moved, Thing, ThingKey


class Reference(NamedTuple):
    """A field that names another row: its name, the target's model, and the kinds in its key."""

    name: str
    model: str
    kinds: Kinds
    is_required: bool


class SlugRenames:
    """Slugs that moved. A name that somebody else bears today is theirs."""

    def __init__(self, moved: dict[ThingKey, str]) -> None:
        self.moved = moved
        self.former: dict[ThingKey, list[str]] = {}
        for thing, slug in moved.items():
            self.former.setdefault(ThingKey(thing.kind, slug), []).append(thing.slug)

    @classmethod
    def read(cls) -> Self:
        """Two queries for each kind of which a thing has moved; one where none has."""
        moved = {ThingKey(kind, old): new for kind, old, new in _moved()}
        taken = {
            ThingKey(kind, slug)
            for kind in {thing.kind for thing in moved}
            for slug in _things(kind)
            .objects.filter(slug__in=[thing.slug for thing in moved if thing.kind == kind])
            .values_list("slug", flat=True)
        }
        return cls({thing: slug for thing, slug in moved.items() if thing not in taken})

    def thing(self, thing: ThingKey) -> ThingKey:
        return ThingKey(thing.kind, self.moved.get(thing, thing.slug))

    def row(self, row: RowKey) -> RowKey:
        """The key that a row has today."""
        if not self.moved:
            return row
        return RowKey(row.model, self._today(row.key, kinds_in_key(row.model)))

    def fields(self, model: str, fields: Fields) -> Fields:
        """The fields with the names of today, in the row's own slug and in what it refers to."""
        if not self.moved:
            return fields
        renamed = dict(fields)
        for reference in references_of(model):
            if value := renamed.get(reference.name):
                renamed[reference.name] = list(self._today(value, reference.kinds))
        if not MODELS[model].OWNERS and "slug" in renamed:
            renamed["slug"] = self._today((renamed["slug"],), (MODELS[model].KIND,))[0]
        return renamed

    def value(self, model: str, field: str, value: Any) -> Any:
        """One field's value with the names of today."""
        return self.fields(model, {field: value})[field] if self.moved else value

    def every_key(self, row: RowKey) -> Iterator[RowKey]:
        """The row's key of today and those it may have been written under."""
        if not self.moved:
            yield row
            return
        spellings = [
            [slug, *self.former.get(ThingKey(kind, slug), ())] if kind else [slug]
            for slug, kind in zip(row.key, kinds_in_key(row.model), strict=True)
        ]
        yield from (RowKey(row.model, key) for key in product(*spellings))

    def _today(self, key: Any, kinds: Kinds) -> tuple[str, ...]:
        return tuple(
            self.moved.get(ThingKey(kind, slug), slug) if kind else slug
            for slug, kind in zip(key, kinds, strict=True)
        )


def kinds_in_key(model: str) -> Kinds:
    """For each part of a model's natural key, the kind of thing whose slug it is, or None."""
    return documents.kinds_in_key(MODELS[model])


@cache
def references_of(model: str) -> tuple[Reference, ...]:
    """The fields of a model that name other rows."""
    found = []
    for column in documents.columns(MODELS[model]):
        if column.is_reference:
            field = MODELS[model]._meta.get_field(column.name)
            target = field.related_model._meta.model_name
            found.append(Reference(column.name, target, kinds_in_key(target), not field.null))
    return tuple(found)


def _moved() -> Iterator[tuple[str, str, str]]:
    return Moved.objects.order_by().values_list("kind", "old", "new").iterator()


@cache
def _things(kind: str) -> type[Thing]:
    return next(m for m in MODELS.values() if not m.OWNERS and kind == m.KIND)
