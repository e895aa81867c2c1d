"""Every address that stands in a field for addresses, and the things it is named by."""

from collections import defaultdict
from collections.abc import Iterator

from django.db import models

from catalog.models import CONTENT, ContentModel, ThingKey

SCHEMES = ("http://", "https://")


def named() -> dict[str, set[ThingKey]]:
    """Each address with the things whose documents hold it. A query for each field and owner.

    Drafts are asked too: whoever publishes one wants to know before.
    """
    found: dict[str, set[ThingKey]] = defaultdict(set)
    for model in CONTENT:
        for field in address_fields(model):
            for kind, path in model.owner_slugs():
                rows = model._base_manager.order_by().exclude(**{field: ""})
                for address, slug in rows.values_list(field, path).iterator():
                    if address.startswith(SCHEMES):
                        found[address].add(ThingKey(kind, slug))
    return dict(found)


def address_fields(model: type[ContentModel]) -> Iterator[str]:
    """The names of the model's fields that hold an address."""
    for field in model._meta.concrete_fields:
        if isinstance(field, models.URLField):
            yield field.name
