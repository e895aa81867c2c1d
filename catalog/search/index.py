"""The entries in the database: written with each change, from the documents of what changed."""

import hashlib
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from django.db import connection

from catalog.models import Category, Entry, Package, Status, Technology, ThingKey
from catalog.search import texts
from catalog.search.texts import Names, Text

BATCH = 500
# By hand: the ORM takes a second for the twenty thousand of the guide, and reads what it deletes.
DELETE = (
    "DELETE FROM catalog_posting WHERE entry_id = %s",
    "DELETE FROM catalog_entry WHERE id = %s",
)
INSERT = (
    "INSERT INTO catalog_posting (term, priority, entry_id, field, position) "
    "VALUES (%s, %s, %s, %s, %s)"
)

Documents = Mapping[ThingKey, list[dict[str, Any]]]


def write(documents: Documents) -> set[ThingKey]:
    """Make the entries of these things anew where they differ; at most 500 things.

    Return the things whose page came, went or changed its name: others speak of them. Four queries
    where nothing differs.
    """
    stored, made = compare(documents)
    gone = stored.keys() - made.keys()
    fresh = {key: text for key, text in made.items() if not _is_same(stored.get(key), text)}
    out = [*gone, *(key for key in fresh if key in stored)]
    with connection.cursor() as cursor:
        for statement in DELETE if out else ():
            cursor.executemany(statement, [(key,) for key in out])
        Entry.objects.bulk_create([_entry(key, *pair) for key, pair in fresh.items()], BATCH)
        cursor.executemany(
            INSERT,
            (
                (one.term.encode(), text.priority, key, one.field, one.position)
                for key, (_, text) in fresh.items()
                for one in sorted(texts.postings_of(text.texts))
            ),
        )
    before = {(one.kind, one.slug): one.title for one in stored.values()}
    after = {(text.kind, text.slug): text.title for _, text in made.values()}
    return {thing for thing in documents if before.get(thing) != after.get(thing)}


def compare(documents: Documents) -> tuple[dict[int, Entry], dict[int, tuple[ThingKey, Text]]]:
    """Return the entries that are stored of these things, and those that there should be."""
    things = [_thing(one) for one in documents]
    stored = {entry.pk: entry for entry in Entry.objects.order_by().filter(thing__in=things)}
    names = _names(documents.values())
    made = {
        key_of(text.kind, text.slug): (thing, text)
        for thing, rows in documents.items()
        for text in texts.texts_of(thing.kind, rows, names)
    }
    return stored, made


def differing(documents: Documents) -> set[str]:
    """Return kind and slug of each entry of these things that is not as it should be."""
    stored, made = compare(documents)
    return {str(entry) for key, entry in stored.items() if key not in made} | {
        f"{pair[1].kind} {pair[1].slug}"
        for key, pair in made.items()
        if not _is_same(stored.get(key), pair)
    }


def key_of(kind: str, slug: str) -> int:
    """Return the key of an entry: the same on every machine, so that cut lists are alike."""
    digest = hashlib.sha256(f"{kind} {slug}".encode()).digest()
    return int.from_bytes(digest[:8]) >> 1


def _thing(thing: ThingKey) -> str:
    return f"{thing.kind} {thing.slug}"


def _entry(key: int, thing: ThingKey, text: Text) -> Entry:
    return Entry(id=key, thing=_thing(thing), version=texts.VERSION, **text._asdict())


def _is_same(entry: Entry | None, made: tuple[ThingKey, Text]) -> bool:
    if entry is None or entry.version != texts.VERSION:
        return False
    text = made[1]
    said = (entry.title, entry.note, entry.priority, [tuple(pair) for pair in entry.texts])
    return said == (text.title, text.note, text.priority, text.texts)


def _names(documents: Iterable[list[dict[str, Any]]]) -> Names:
    """Return the names of what these documents speak of, as far as readers may see it."""
    slugs: dict[str, set[str]] = {"technology": set(), "category": set(), "package": set()}
    for rows in documents:
        for row in rows:
            for kind, slug in texts.named_by(row["fields"]):
                slugs[kind].add(slug)
    names = {}
    for model in (Technology, Category):
        pages = model.objects.order_by().published()
        for batch in _in_batches(slugs[model.KIND]):
            found = pages.filter(slug__in=batch).values_list("slug", "name")
            names |= {(model.KIND, slug): name for slug, name in found}
    packages = Package.objects.order_by().filter(technology__status=Status.PUBLISHED)
    for batch in _in_batches(slugs["package"]):
        found = packages.filter(name__in=batch).values_list("name", flat=True)
        names |= {("package", name): name for name in found}
    return names


def _in_batches(slugs: set[str]) -> Iterable[list[str]]:
    left = iter(sorted(slugs))
    while batch := list(islice(left, BATCH)):
        yield batch
