"""Slugs that moved: what things are called today, and giving a thing another slug."""

from collections.abc import Iterator
from itertools import product
from typing import Any, Self

from catalog.history.documents import BATCH
from catalog.history.rows import (
    MODEL_OF_KIND,
    MODELS,
    Document,
    Fields,
    Kinds,
    Owners,
    RowKey,
    key_of,
    kinds_in_key,
    references_of,
)
from catalog.models import Base, Conflict, Moved, Pending, Thing, ThingKey


class SlugRenames:
    """Slugs that moved, old to new. A name that another thing bears today is that one's."""

    def __init__(self, moved: dict[ThingKey, str]) -> None:
        self.moved = moved
        self.former: dict[ThingKey, list[str]] = {}
        for thing, slug in moved.items():
            self.former.setdefault(ThingKey(thing.kind, slug), []).append(thing.slug)

    @classmethod
    def read(cls) -> Self:
        """Read them. Two queries for each kind of which a thing has moved; one where none has."""
        rows = Moved.objects.order_by().values_list("kind", "old", "new")
        moved = {ThingKey(kind, old): new for kind, old, new in rows.iterator()}
        taken = {
            ThingKey(kind, slug)
            for kind in {thing.kind for thing in moved}
            for slug in MODELS[MODEL_OF_KIND[kind]]
            .objects.filter(slug__in=[thing.slug for thing in moved if thing.kind == kind])
            .values_list("slug", flat=True)
        }
        return cls({thing: slug for thing, slug in moved.items() if thing not in taken})

    def thing(self, thing: ThingKey) -> ThingKey:
        """Return the thing by the slug of today."""
        return ThingKey(thing.kind, self.moved.get(thing, thing.slug))

    def row(self, row: RowKey) -> RowKey:
        """Return the key that a row has today."""
        if not self.moved:
            return row
        return RowKey(row.model, self._today(row.key, kinds_in_key(row.model)))

    def fields(self, model: str, fields: Fields) -> Fields:
        """Return the fields with the names of today, in the own slug and in references."""
        if not self.moved:
            return fields
        renamed = dict(fields)
        for reference in references_of(model):
            if value := renamed.get(reference.name):
                renamed[reference.name] = list(self._today(value, reference.kinds))
        if not MODELS[model].OWNERS and "slug" in renamed:
            renamed["slug"] = self._today((renamed["slug"],), (MODELS[model].KIND,))[0]
        return renamed

    def every_key(self, row: RowKey) -> Iterator[RowKey]:
        """Yield the row's key of today and those it may have been written under."""
        spellings = [
            [slug, *self.former.get(ThingKey(kind, slug), ())] if kind else [slug]
            for slug, kind in zip(row.key, kinds_in_key(row.model), strict=True)
        ]
        yield from (RowKey(row.model, key) for key in product(*spellings))

    def rows(self, document: Document, thing: ThingKey, owners: Owners) -> dict[RowKey, Fields]:
        """Return the rows of a document of `thing` in the names of today; note them in `owners`."""
        found = {}
        for entry in document:
            row = self.row(key_of(entry))
            found[row] = self.fields(row.model, entry["fields"])
            owners.note(row, found[row], thing)
        return found

    def _today(self, key: Any, kinds: Kinds) -> tuple[str, ...]:
        return tuple(
            self.moved.get(ThingKey(kind, slug), slug) if kind else slug
            for slug, kind in zip(key, kinds, strict=True)
        )


def rename(thing: Thing, slug: str) -> None:
    """Give a thing another slug; its old addresses lead to the new one.

    Call it inside of record(). Raises ValidationError for a slug that is not one, or taken.
    """
    old = thing.slug
    thing.slug = slug
    thing.full_clean()
    thing.save()
    moved = Moved.objects.filter(kind=thing.KIND)
    # What has the name now is not what had it once; and no address takes two steps.
    moved.filter(old=slug).delete()
    moved.filter(new=old).update(new=slug)
    Moved.objects.update_or_create(kind=thing.KIND, old=old, defaults={"new": slug})
    for model in (Base, Conflict):
        _rename_keys(model, ThingKey(thing.KIND, old), slug)
    Pending.objects.filter(kind=thing.KIND, slug=slug).delete()  # of another that had it once
    Pending.objects.filter(kind=thing.KIND, slug=old).update(slug=slug)


def _rename_keys(model: type[Base | Conflict], thing: ThingKey, slug: str) -> None:
    """Let what packs said of a thing's rows, and what waits there, go with it to its new slug."""
    rows = []
    for row in model.objects.filter(key__contains=thing.slug):
        pairs = zip(row.key.split("/"), kinds_in_key(row.model), strict=True)
        key = "/".join(slug if (kind, part) == thing else part for part, kind in pairs)
        if key != row.key:
            row.key = key
            rows.append(row)
    model.objects.bulk_update(rows, ["key"], batch_size=BATCH)
