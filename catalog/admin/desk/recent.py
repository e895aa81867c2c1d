"""What was changed last in the guide: each edition with the things it changed."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber
from django.http import HttpRequest

from catalog.admin.desk.sections import address_of, sees
from catalog.admin.past import address_of_past
from catalog.admin.revisions import KINDS, how
from catalog.models import ByteOrder, Edition, Revision, ThingKey

MOST_EDITIONS = 10

# A pack may change a thousand.
MOST_THINGS = 3


class Difference(NamedTuple):
    """A thing that an edition changed, and the page that shows what."""

    name: str
    address: str


@dataclass(slots=True)
class Recent:
    """An edition, the first of the things it changed, and how many more there are."""

    edition: Edition
    things: list[ThingKey] = field(default_factory=list)
    more: int = 0
    differences: list[Difference] = field(default_factory=list)

    @property
    def how(self) -> str:
        return how(self.edition)

    @property
    def address(self) -> str:
        return address_of(Edition, "change", self.edition.pk)

    def call(self, names: Mapping[ThingKey, str]) -> None:
        """Make the links to the differences. What is gone is called by its slug."""
        asked = f"?to={self.edition.pk}"
        self.differences = [
            Difference(names.get(thing, thing.slug), address_of_past(thing) + asked)
            for thing in self.things
        ]


def newest(request: HttpRequest) -> list[Recent]:
    """The newest editions with the things that whoever asks may see. Two queries."""
    if not sees(request, Edition):
        return []
    found = [Recent(edition) for edition in Edition.objects.all()[:MOST_EDITIONS]]
    kinds = [kind for kind, model in KINDS.items() if sees(request, model)]
    in_edition = {"partition_by": F("edition_id")}
    revisions = (
        Revision.objects.filter(edition__in=[one.edition for one in found], kind__in=kinds)
        .annotate(
            place=Window(
                RowNumber(), order_by=(ByteOrder("kind"), ByteOrder("slug")), **in_edition
            ),
            number=Window(Count("pk"), **in_edition),
        )
        .filter(place__lte=MOST_THINGS)
        .order_by("edition_id", "place")
        .values_list("edition_id", "kind", "slug", "number")
    )
    by_edition = defaultdict(list)
    for edition, kind, slug, number in revisions:
        by_edition[edition].append((ThingKey(kind, slug), number))
    for one in found:
        touched = by_edition[one.edition.pk]
        one.things = [thing for thing, _number in touched]
        one.more = touched[0][1] - len(touched) if touched else 0
    return found
