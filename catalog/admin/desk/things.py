"""Things of all kinds together: counted, the first few of them, and what they are called."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.db.models import CharField, Count, F, OuterRef, QuerySet, Subquery, Value

from catalog.admin.revisions import KINDS
from catalog.describe.labels import NAME_FIELDS
from catalog.models import ByteOrder, Changed, Thing, ThingKey


class Found(NamedTuple):
    kind: str
    pk: int
    name: str
    by: Any  # what they are ordered by


def counts(rows: Mapping[str, QuerySet]) -> dict[str, int]:
    """How many rows each of these finds, in one query."""
    counted = [
        each.order_by().annotate(of=_word(name)).values("of").annotate(number=Count("pk"))
        for name, each in rows.items()
    ]
    return dict.fromkeys(rows, 0) | dict(_together(counted, "of", "number"))


def longest_due(things: Iterable[QuerySet], most: int) -> list[Found]:
    """Those of several kinds whose day of review is the longest past, in one query."""
    return _first([each.annotate(by=F("review_by")) for each in things], "by", most)


def last_changed(things: Iterable[QuerySet], most: int) -> list[Found]:
    """Those of several kinds that were changed last, in one query."""
    return _first([each.annotate(by=_changed_in(each.model)) for each in things], "-by", most)


def names_of(things: Iterable[ThingKey]) -> dict[ThingKey, str]:
    """What those of these things are called that are there, in one query."""
    slugs = defaultdict(set)
    for thing in things:
        slugs[thing.kind].add(thing.slug)
    rows = [
        model.objects.order_by().filter(slug__in=slugs[kind]).annotate(of=_word(kind))
        for kind, model in KINDS.items()
        if kind in slugs
    ]
    found = _together(
        [each.annotate(called=_name(each.model)) for each in rows], "of", "slug", "called"
    )
    return {ThingKey(kind, slug): name for kind, slug, name in found}


def _first(things: list[QuerySet], order: str, most: int) -> list[Found]:
    rows = [
        each.order_by().annotate(
            of=_word(each.model.KIND), called=_name(each.model), place=ByteOrder("slug")
        )
        for each in things
    ]
    if not rows:
        return []
    found = _together(rows, "of", "pk", "called", "by", "place").order_by(order, "of", "place")
    return [Found(*values[:4]) for values in found[:most]]


def _together(rows: list[QuerySet], *columns: str) -> Any:
    """These columns of all rows. Nothing at all where there are none to ask for."""
    if not rows:
        return ()
    one, *others = (each.values_list(*columns) for each in rows)
    # Not in the order of the first model, by columns that are not among these.
    return one.union(*others, all=True).order_by() if others else one


def _word(text: str) -> Value:
    return Value(text, output_field=CharField())


def _name(model: type[Thing]) -> F:
    return F(NAME_FIELDS[model._meta.model_name])


def _changed_in(model: type[Thing]) -> Subquery:
    changed = Changed.objects.filter(kind=model.KIND, slug=OuterRef("slug"))
    return Subquery(changed.values("edition_id")[:1])
