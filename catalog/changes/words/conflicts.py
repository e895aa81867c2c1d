"""What a pack and this guide say differently, in a sentence that stands for itself."""

from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.changes.merge import NO_BASE
from catalog.changes.names import kinds_in_key
from catalog.changes.rows import RowKey
from catalog.changes.titles import Titles
from catalog.changes.words.fields import NO_NOUNS, label
from catalog.changes.words.values import quoted, shown_apart
from catalog.models import ThingKey


class Place(NamedTuple):
    """How a part is named together with its thing; an aside ends with a comma."""

    text: str | Promise
    is_aside: bool = True


PLACES = {
    "alias": Place(gettext_lazy("%(row)s, an alias of %(thing)s")),
    "package": Place(gettext_lazy("%(row)s, a package")),
    "packagefacts": Place(gettext_lazy("%(row)s on the index"), is_aside=False),
    "point": Place(gettext_lazy("%(row)s, a point of %(thing)s")),
    "listing": Place(gettext_lazy("%(row)s, a listing of %(thing)s")),
    "companion": Place(gettext_lazy("%(row)s, a companion of %(thing)s")),
    "criteriongroup": Place(gettext_lazy("%(row)s, a group of rows of %(thing)s")),
    "contender": Place(gettext_lazy("%(row)s, a contender of %(thing)s")),
    "criterion": Place(gettext_lazy("%(row)s, a row of %(thing)s")),
    "cell": Place(gettext_lazy("%(row)s in %(thing)s"), is_aside=False),
    "role": Place(gettext_lazy("%(row)s, a role of %(thing)s")),
    "choice": Place(gettext_lazy("%(row)s, a choice of %(thing)s")),
    "pin": Place(gettext_lazy("%(row)s, a pin of %(thing)s")),
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
        text = _("%(row)s is gone from the pack but was edited or is needed here")
        if place.is_aside:
            text = _("%(row)s, is gone from the pack but was edited or is needed here")
        return text % {"row": named}
    name = capfirst(label(row, field))
    words = {"field": quoted(name) if field in NO_NOUNS else name, "row": named}
    if not has_base or base is NO_BASE:
        words["local"], words["incoming"] = shown_apart(row, field, (local, incoming), titles)
        return _("%(field)s of %(row)s: is %(local)s here, %(incoming)s in the pack") % words
    values = shown_apart(row, field, (base, local, incoming), titles)
    words["base"], words["local"], words["incoming"] = values
    text = _("%(field)s of %(row)s: was %(base)s, is %(local)s here, %(incoming)s in the pack")
    return text % words


def _thing_of(row: RowKey, titles: Titles) -> str:
    """What the first thing is called that the key names."""
    owners = zip(kinds_in_key(row.model), row.key, strict=True)
    return next((titles.thing(ThingKey(kind, slug)) for kind, slug in owners if kind), "")
