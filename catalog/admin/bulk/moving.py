"""Many things move to another category at once."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from catalog.admin.bulk.plans import Action, Plan, rewritten
from catalog.admin.door import publishes
from catalog.history.rows import RowChange, RowKey
from catalog.history.store import rows_of
from catalog.models import Category, Comparison, Snippet, Technology, Thing, ThingKey


class CategoryField(forms.ModelChoiceField):
    """A category, those of the second level with the one above them."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("queryset", Category.objects.as_tree().select_related("parent"))
        super().__init__(to_field_name="slug", **kwargs)

    def label_from_instance(self, category: Category) -> str:
        return f"{category.parent}: {category}" if category.parent_id else str(category)


class ToForm(forms.Form):
    to = CategoryField(label="Category", empty_label="Choose one")


class ParentForm(forms.Form):
    to = CategoryField(
        label="Parent",
        queryset=Category.objects.filter(parent=None),
        required=False,
        empty_label="None: on top",
    )


class FromToForm(forms.Form):
    of = CategoryField(label="From", empty_label="Choose one")
    to = CategoryField(label="To", empty_label="Choose one")

    field_order = ["of", "to"]

    def clean(self) -> dict[str, Any]:
        chosen = super().clean()
        if chosen.get("of") and chosen.get("of") == chosen.get("to"):
            raise ValidationError("Choose two categories that differ.")
        return chosen


class Move(Action):
    name = "move"
    label = "Move selected %(verbose_name_plural)s to a category"
    verb = "Move"
    form = ToForm
    offers = ("category",)

    def done(self, chosen: dict[str, Any]) -> str:
        if chosen["to"] is None:
            return "Moved to the top"
        return "Moved to “{category}”".format(category=chosen["to"])


class MoveComparisons(Move):
    def plan(self, things: Sequence[Comparison], chosen: dict[str, Any]) -> Plan:
        to = [chosen["to"].slug]
        return Plan(rewritten(things, lambda _thing, _fields: {"category": to}))


class MoveSnippets(Move):
    """A snippet stands in one place: in a category it is no technology's any more."""

    def plan(self, things: Sequence[Snippet], chosen: dict[str, Any]) -> Plan:
        place = {"category": [chosen["to"].slug], "technology": None}
        return Plan(rewritten(things, lambda _thing, _fields: place))


class MoveCategories(Move):
    label = "Move selected %(verbose_name_plural)s below another"
    form = ParentForm

    def plan(self, things: Sequence[Category], chosen: dict[str, Any]) -> Plan:
        to = chosen["to"] and [chosen["to"].slug]
        refused = {key: [text] for key, text in self._refused(things, chosen["to"])}
        able = [thing for thing in things if thing.key not in refused]
        return Plan(rewritten(able, lambda _thing, _fields: {"parent": to}), refused=refused)

    def _refused(
        self, things: Sequence[Category], to: Category | None
    ) -> Iterator[tuple[ThingKey, str]]:
        if to is None:
            return
        parents = set(Category.objects.exclude(parent=None).values_list("parent_id", flat=True))
        for thing in things:
            if thing.pk == to.pk:
                yield thing.key, "It cannot be its own parent."
            elif thing.pk in parents:
                yield thing.key, "It has categories below it, so it must stay on top."


class MoveTechnologies(Move):
    """What one category says of technologies is said by another, in the same words.

    Such a change is of two categories and a technology, of which each would wait by itself: half
    of it could be applied. So it is left to those who publish.
    """

    label = "Move selected %(verbose_name_plural)s from a category to another"
    form = FromToForm

    def is_open_to(self, request: HttpRequest) -> bool:
        may = request.user.has_perm("catalog.change_listing") and publishes(request)
        return may and super().is_open_to(request)

    def plan(self, things: Sequence[Technology], chosen: dict[str, Any]) -> Plan:
        of, to = chosen["of"].slug, chosen["to"].slug
        listings = _listings(things, [of, to])
        changes, stays, refused = [], {}, {}
        for thing in things:
            there, taken = (listings.get((place, thing.slug)) for place in (of, to))
            if there is None:
                stays[thing.key] = "is not listed in “{category}”".format(category=chosen["of"])
            elif taken is not None:
                text = "“%(category)s” lists it already; what is said there would be lost."
                refused[thing.key] = [text % {"category": chosen["to"]}]
            else:
                changes += _moved(thing.key, there, of, to)
        return Plan(changes, stays, refused=refused)


def _listings(things: Iterable[Thing], categories: list[str]) -> dict[tuple[str, ...], dict]:
    keys = [RowKey("listing", (slug, thing.slug)) for thing in things for slug in categories]
    return {row.key: fields for row, fields in rows_of("listing", keys).items()}


def _moved(technology: ThingKey, fields: dict, of: str, to: str) -> Iterator[RowChange]:
    """A listing is named by its category, so that one goes and another is made.

    It is told on the side of the technology.
    """
    there = RowKey("listing", (of, technology.slug))
    yield RowChange(there, fields, None, (technology, ThingKey("category", of)))
    here = RowKey("listing", (to, technology.slug))
    now = {**fields, "category": [to]}
    yield RowChange(here, None, now, (technology, ThingKey("category", to)))
