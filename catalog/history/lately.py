"""What the last editions changed, for readers: nothing but what is published is named."""

from typing import NamedTuple

from django.db.models import Case, F, OuterRef, Subquery, Value, When, Window
from django.db.models.aggregates import Count
from django.db.models.functions import DenseRank, RowNumber
from django.urls import reverse

from catalog.models import PAGES, ByteOrder, Changed, Edition

MOST_EDITIONS = 3
MOST_NAMED = 5
# Those that say most about a change come first.
KINDS = ("comparison", "version", "stack", "technology", "category")


class Lately(NamedTuple):
    """An edition, the kind, name and address of the first things it changed, and how many more."""

    edition: Edition
    things: list[tuple[str, str, str]]
    more: int


def lately() -> list[Lately]:
    """Return the last editions in which published things were last changed. One query."""
    names, places = [], []
    for place, kind in enumerate(KINDS):
        rows = PAGES[kind].objects.published().filter(slug=OuterRef("slug")).order_by()
        names.append(When(kind=kind, then=Subquery(rows.values(PAGES[kind].NAME_FIELD)[:1])))
        places.append(When(kind=kind, then=Value(place)))
    order = [Case(*places), ByteOrder("slug")]
    rows = Changed.objects.annotate(name=Case(*names)).filter(name__isnull=False)
    rows = rows.annotate(
        era=Window(DenseRank(), order_by=F("edition_id").desc()),
        place=Window(RowNumber(), partition_by="edition_id", order_by=order),
        count=Window(Count("pk"), partition_by="edition_id"),
    ).filter(era__lte=MOST_EDITIONS, place__lte=MOST_NAMED)
    found: dict[int, Lately] = {}
    for row in rows.select_related("edition").order_by("era", "place"):
        more = max(row.count - MOST_NAMED, 0)
        address = reverse(f"catalog:{row.kind}_detail", args=[row.slug])
        one = found.setdefault(row.edition_id, Lately(row.edition, [], more))
        one.things.append((row.kind, row.name, address))
    return list(found.values())
