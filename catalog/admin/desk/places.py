"""On which forms of the admin addresses stand."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import NamedTuple

from django.db.models import F, Q, Value
from django.db.models.functions import Concat
from django.http import HttpRequest

from catalog.admin.base import admin_url, may_view
from catalog.links import address_fields
from catalog.models import ByteOrder, Cell, Technology

# One page may be the source of a whole table.
MOST_PLACES = 3

# What rows are called by: a cell by where it stands, since many say the same word.
NAMES = {
    Technology: F("name"),
    Cell: Concat("criterion__name", Value(" of "), "contender__technology__name"),
}


class Place(NamedTuple):
    text: str
    address: str


@dataclass
class Places:
    """Where an address stands: the first few forms, and how many there are."""

    shown: list[Place] = field(default_factory=list)
    count: int = 0

    @property
    def more(self) -> int:
        return self.count - len(self.shown)


def places_of(request: HttpRequest, addresses: Iterable[str]) -> dict[str, Places]:
    """Return the places of each of these addresses that whoever asks may see.

    Technologies come before cells, their fields in the order of the form. A query for each model.
    """
    found = {address: Places() for address in addresses}
    for model, name in NAMES.items():
        if not found or not may_view(request, model):
            continue
        fields = address_fields(model)
        names_any = reduce(or_, (Q(**{f"{each.name}__in": list(found)}) for each in fields))
        order = [ByteOrder(path) for path in model.NATURAL_KEY]
        rows = model.objects.filter(names_any).order_by(*order).annotate(called=name)
        rows = list(rows.values("pk", "called", *(each.name for each in fields)))
        for each in fields:
            for row in rows:
                if places := found.get(row[each.name]):
                    places.count += 1
                    if places.count <= MOST_PLACES:
                        text = f"{row['called']}: {each.verbose_name}"
                        places.shown.append(Place(text, admin_url(model, "change", row["pk"])))
    return found
