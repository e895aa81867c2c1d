"""On which forms of the admin addresses stand."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import CharField, Count, F, QuerySet, Value, Window
from django.db.models.functions import RowNumber
from django.http import HttpRequest

from catalog.admin.desk.sections import Place, address_of, sees
from catalog.models import CONTENT, ByteOrder, Cell, ContentModel, Technology
from catalog.models.fields import WebAddressField

# One page may be the source of a whole table.
MOST_PLACES = 3

# What a row is called by: a cell by where it stands, since many say the same word.
NAMES = {Technology: ("name",), Cell: ("criterion__name", "contender__technology__name")}


def fields_of(model: type[ContentModel]) -> list[WebAddressField]:
    return [each for each in model._meta.concrete_fields if isinstance(each, WebAddressField)]


MODELS = {model._meta.model_name: model for model in CONTENT if fields_of(model)}


@dataclass(slots=True)
class Places:
    """Where an address stands: the first few places, and how many more there are."""

    shown: list[Place] = field(default_factory=list)
    more: int = 0

    def add(self, place: Place) -> None:
        if len(self.shown) < MOST_PLACES:
            self.shown.append(place)
            self.more -= 1


def places_of(request: HttpRequest, addresses: Iterable[str]) -> dict[str, Places]:
    """The places of each of these addresses that whoever asks may see. One query."""
    found = {address: Places() for address in addresses}
    selects = list(_selects(request, found)) if found else []
    if not selects:
        return found
    for model_name, name, address, pk, *called, place, number in _together(selects):
        model, of = MODELS[model_name], found[address]
        if place == 1:
            of.more += number
        of.add(
            Place(
                f"{_call(called)}: {model._meta.get_field(name).verbose_name}",
                address_of(model, "change", pk),
            )
        )
    return found


def _selects(request: HttpRequest, addresses: Collection[str]) -> Iterator[QuerySet]:
    for model in MODELS.values():
        if sees(request, model):
            yield from (_named(model, each.name, addresses) for each in fields_of(model))


def _named(model: type[ContentModel], name: str, addresses: Collection[str]) -> QuerySet:
    """The first rows that name each address in this field, and how many do."""
    one, *other = NAMES[model]
    of_address = {"partition_by": F(name)}
    order = [ByteOrder(path) for path in model.NATURAL_KEY]
    return (
        model.objects.order_by()
        .filter(**{f"{name}__in": addresses})
        .annotate(
            of_model=_word(model._meta.model_name),
            of_field=_word(name),
            at=F(name),
            one=F(one),
            other=F(other[0]) if other else _word(""),
            place=Window(RowNumber(), order_by=order, **of_address),
            number=Window(Count("pk"), **of_address),
        )
        .filter(place__lte=MOST_PLACES)
        .values_list("of_model", "of_field", "at", "pk", "one", "other", "place", "number")
    )


def _together(selects: list[QuerySet]) -> Iterable[tuple[Any, ...]]:
    """Technologies before cells; a technology's fields as its form has them."""
    one, *others = selects
    rows = one.union(*others, all=True).order_by() if others else one
    places = [(name, each.name) for name, model in MODELS.items() for each in fields_of(model)]
    return sorted(rows, key=lambda row: (places.index(row[:2]), row[-2]))


def _call(names: list[str]) -> str:
    one, other = names
    if not other:
        return one
    return f"{one} of {other}"


def _word(text: str) -> Value:
    return Value(text, output_field=CharField())
