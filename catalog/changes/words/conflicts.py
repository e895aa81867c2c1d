"""What a pack and this guide say differently, in a sentence that stands for itself."""

from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.text import capfirst

from catalog.changes.titles import Titles
from catalog.changes.words.fields import NO_NOUNS, label
from catalog.changes.words.values import quoted, shown_apart
from catalog.history.merge import NO_BASE
from catalog.history.rows import RowKey, kinds_in_key
from catalog.models import ThingKey


class Place(NamedTuple):
    """How a part is named together with its thing; an aside ends with a comma."""

    text: str | Promise
    is_aside: bool = True


PLACES = {
    "alias": Place("%(row)s, an alias of %(thing)s"),
    "package": Place("%(row)s, a package"),
    "packagefacts": Place("%(row)s on the index", is_aside=False),
    "point": Place("%(row)s, a point of %(thing)s"),
    "listing": Place("%(row)s, a listing of %(thing)s"),
    "companion": Place("%(row)s, a companion of %(thing)s"),
    "criteriongroup": Place("%(row)s, a group of rows of %(thing)s"),
    "contender": Place("%(row)s, a contender of %(thing)s"),
    "criterion": Place("%(row)s, a row of %(thing)s"),
    "cell": Place("%(row)s in %(thing)s", is_aside=False),
    "role": Place("%(row)s, a role of %(thing)s"),
    "choice": Place("%(row)s, a choice of %(thing)s"),
    "pin": Place("%(row)s, a pin of %(thing)s"),
}
ITSELF = Place("%(row)s", is_aside=False)


def conflict_text(
    row: RowKey,
    field: str,
    base: Any,
    local: Any,
    incoming: Any,
    titles: Titles,
    has_base: bool = True,
) -> str:
    """What is at odds: “Name of Quart: was “Quart”, is “Quart!” here, “QUART” in the pack”.

    `base` does not count where `has_base` is false or it is NO_BASE. A blank `field` stands for
    the row itself: the pack no longer has it. Titles must have been read for the row.
    """
    place = PLACES.get(row.model, ITSELF)
    named = str(place.text) % {"row": titles.row(row), "thing": _thing_of(row, titles)}
    if not field:
        text = "%(row)s is gone from the pack but was edited or is needed here"
        if place.is_aside:
            text = "%(row)s, is gone from the pack but was edited or is needed here"
        return text % {"row": named}
    name = capfirst(label(row, field))
    words = {"field": quoted(name) if field in NO_NOUNS else name, "row": named}
    if not has_base or base is NO_BASE:
        words["local"], words["incoming"] = shown_apart(row, field, (local, incoming), titles)
        return "{field} of {row}: is {local} here, {incoming} in the pack".format(**words)
    values = shown_apart(row, field, (base, local, incoming), titles)
    words["base"], words["local"], words["incoming"] = values
    text = "%(field)s of %(row)s: was %(base)s, is %(local)s here, %(incoming)s in the pack"
    return text % words


def _thing_of(row: RowKey, titles: Titles) -> str:
    """What the first thing is called that the key names."""
    owners = zip(kinds_in_key(row.model), row.key, strict=True)
    return next((titles.thing(ThingKey(kind, slug)) for kind, slug in owners if kind), "")
