"""Search entries in step with documents: after each change, after an upgrade, and looked after."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.core import checks
from django.db import connections, transaction

from catalog.history import documents
from catalog.history.rows import Document
from catalog.models import (
    CONTENT,
    PAGES,
    EditionCounter,
    Entry,
    Package,
    Posting,
    Technology,
    ThingKey,
)
from catalog.search import index, texts


def follow(changed: Mapping[ThingKey, Document]) -> None:
    """Write the entries of things as these documents have them, and of those that name them."""
    named = index.write(changed)
    for batch in documents.in_batches(sorted(_that_name(named) - changed.keys())):
        index.write(documents.of(batch))


def rebuild() -> int:
    """Make all entries anew where they are not as they should be; return how many there are.

    Other writers wait: what they changed meanwhile would be lost.
    """
    with transaction.atomic():
        EditionCounter.objects.select_for_update().first()
        for batch in _every_thing():
            index.write(documents.of(batch))
    return Entry.objects.count()


def find_drift() -> Iterator[str]:
    """Yield a sentence for each entry that does not say what its page does. Reads all content."""
    for batch in _every_thing():
        for name in sorted(index.differing(documents.of(batch))):
            yield f"Search has an old state of {name}; run `manage.py search_rebuild`."


def rebuild_where_missing(**_kwargs: Any) -> None:
    """Rebuild after a migration where entries are missing or of another version. Eight queries."""
    made = Entry.objects.order_by()
    is_old = made.exclude(version=texts.VERSION).exists()
    if is_old or any(
        model.objects.published().count() != made.filter(kind=kind).count()
        for kind, model in PAGES.items()
    ):
        rebuild()


def check_search(app_configs: Any, databases: Any, **_kwargs: Any) -> list[checks.Warning]:
    """Return a warning for each entry that drifted; nothing before the tables are there."""
    found = []
    for alias in databases or []:
        tables = set(connections[alias].introspection.table_names())
        if {model._meta.db_table for model in (*CONTENT, Entry, Posting)} <= tables:
            found += [checks.Warning(text, id="catalog.W002") for text in find_drift()]
    return found


def _that_name(things: set[ThingKey]) -> set[ThingKey]:
    """Return the things whose entries have these names in them. Few queries, none for nobody."""
    found = set()
    for kind, slugs in documents.by_kind(things):
        if kind in ("technology", "category"):
            found |= PAGES[kind].objects.filter(slug__in=slugs).referrers()
        if kind == Technology.KIND:
            found |= Package.objects.filter(technology__slug__in=slugs).referrers()
    return found


def _every_thing() -> Iterator[list[ThingKey]]:
    """Yield all things there are, and those of which only entries are left."""
    things = {
        ThingKey(model.KIND, slug)
        for model in CONTENT
        if not model.OWNERS
        for slug in model.objects.order_by().values_list("slug", flat=True)
    }
    kept = Entry.objects.order_by().values_list("thing", flat=True).distinct()
    things |= {ThingKey(*thing.split(" ", 1)) for thing in kept}
    return documents.in_batches(sorted(things))
