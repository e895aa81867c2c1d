"""What a deletion takes along and what stands in its way, for the pages that ask before it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from django.contrib.admin import AdminSite
from django.contrib.admin.utils import NestedObjects
from django.db import models, router
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import capfirst

from catalog.describe.labels import CALLED_BY_TECHNOLOGY, Labels
from catalog.history.documents import in_batches
from catalog.history.rows import MODELS, RANK, RowKey, kinds_in_key
from catalog.models import ContentModel, Page, Status, ThingKey

# A wall of names is not read.
MOST_NAMES = 50

# What is deleted is still used by rows of these models, through the field that forbids it.
STILL_USED: Mapping[tuple[str, str], str | Promise] = {
    ("category", "parent"): "As the parent of categories",
    ("technology", "replaced_by"): "As the replacement of technologies",
    ("companion", "companion"): "As a companion of technologies",
    ("snippet", "category"): "As the category of snippets",
    ("snippet", "technology"): "As the technology of snippets",
    ("comparison", "category"): "As the category of comparisons",
    ("contender", "technology"): "As a contender in comparisons",
    ("criterion", "group"): "As the group of criteria",
    ("choice", "technology"): "As a choice in stacks",
    ("choice", "with_technology"): "As what goes with a choice in stacks",
    ("pin", "package"): "As a pin of version sets",
}
FORBIDDING = (models.PROTECT, models.RESTRICT)

# Where a row's name has the technology in its key already.
NAMES_TECHNOLOGY = {**CALLED_BY_TECHNOLOGY, "cell": 2}

# Rows by their primary keys.
Keys = dict[int, RowKey]


class Named(NamedTuple):
    """A row: what it is called, what it is part of, where it is edited. The last may be blank."""

    name: str
    places: list[str]
    address: str


@dataclass(slots=True)
class Group:
    """Rows of one sort: all their keys, and the first of them as the page names them."""

    heading: str | Promise
    model: str
    keys: Keys
    rows: list[Named] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.keys)

    @property
    def more(self) -> int:
        return self.count - len(self.rows)

    def first(self) -> list[tuple[int, RowKey]]:
        return sorted(self.keys.items(), key=lambda pair: pair[1])[:MOST_NAMES]


class Going(NamedTuple):
    """What would be deleted: what was asked for, and what goes with it."""

    asked: list[Group]
    along: list[Group]
    is_published: bool  # then to archive it may be what is wanted


def what_goes(
    rows: Sequence[ContentModel] | QuerySet, request: HttpRequest, site: AdminSite
) -> tuple[Going, dict[str, int], set[str], list[Group]]:
    """What Django's `get_deleted_objects` answers, with groups in place of its texts.

    In order: what goes; how many rows of each sort; the sorts of which this user may not delete
    rows; what stands in the way. A fixed number of queries for each model, in batches.
    """
    chosen = list(rows)
    if not chosen:
        return Going([], [], False), {}, set(), []
    collector = NestedObjects(using=router.db_for_write(type(chosen[0])), origin=chosen)
    collector.collect(chosen)
    going = {
        name: _keys(name, "pk", {row.pk for row in collector.model_objs[MODELS[name]]})
        for name in sorted(map(_name, collector.model_objs), key=RANK.__getitem__)
    }
    asked, *along = _groups_of(going, _name(type(chosen[0])), {row.pk for row in chosen})
    bars = list(_bars(going, collector.protected))
    _name_rows([asked, *along, *bars], asked, request, site)
    is_published = any(isinstance(row, Page) and row.status == Status.PUBLISHED for row in chosen)
    counts = {
        model._meta.verbose_name_plural: len(found) for model, found in collector.model_objs.items()
    }
    lacking = set(_lacking(collector.model_objs, request, site))
    return Going([asked], along, is_published), counts, lacking, bars


def _groups_of(going: dict[str, Keys], model: str, chosen: set[int]) -> Iterator[Group]:
    """First what was asked for, then what goes with it, in the order in which rows are made."""
    asked = {pk: key for pk, key in going[model].items() if pk in chosen}
    along = {**going, model: {pk: key for pk, key in going[model].items() if pk not in chosen}}
    yield Group(_plural(model), model, asked)
    yield from (Group(_plural(name), name, keys) for name, keys in along.items() if keys)


def _bars(going: dict[str, Keys], protected: Iterable[models.Model]) -> Iterator[Group]:
    """What Django found protected, by the field that protects it."""
    there = defaultdict(set)
    for row in protected:
        there[_name(type(row))].add(row.pk)
    for model, targets in going.items():
        for relation in MODELS[model]._meta.related_objects:
            name = _name(relation.related_model)
            if relation.on_delete in FORBIDDING and name in there:
                found = _keys(name, relation.field.name, targets)
                if keys := {pk: key for pk, key in found.items() if pk in there[name]}:
                    yield Group(STILL_USED[name, relation.field.name], name, keys)


def _name_rows(groups: list[Group], asked: Group, request: HttpRequest, site: AdminSite) -> None:
    """Give each group the names of its first rows; a single thing that was asked for is plain."""
    labels = Labels.of([], [(key, {}) for group in groups for _pk, key in group.first()])
    plain = None
    if asked.count == 1 and not MODELS[asked.model].OWNERS:
        plain = ThingKey(MODELS[asked.model].KIND, *next(iter(asked.keys.values())).key)
    for group in groups:
        model = MODELS[group.model]
        may_look = site.is_registered(model) and site.get_model_admin(
            model
        ).has_view_or_change_permission(request)
        for pk, key in group.first():
            address = _address(model, pk, site) if may_look else ""
            group.rows.append(Named(*_called(key, plain, labels), address))


def _called(row: RowKey, plain: ThingKey | None, labels: Labels) -> tuple[str, list[str]]:
    """What a row is called, and what it is part of; the thing that is plain is not named."""
    if not MODELS[row.model].OWNERS:
        return labels.row(row), []
    names_it = NAMES_TECHNOLOGY.get(row.model)
    things = [
        (place == names_it, ThingKey(kind, slug))
        for place, (slug, kind) in enumerate(zip(row.key, kinds_in_key(row.model), strict=True))
        if kind
    ]
    places = [labels.thing(thing) for is_name, thing in things if not is_name and thing != plain]
    if row.model == "choice":
        places.append(labels.row(RowKey("role", row.key[:2])))
    if places and (True, plain) in things:
        return ", ".join(places), []
    return labels.row(row), places


def _lacking(
    found: Mapping[type[models.Model], Iterable[models.Model]],
    request: HttpRequest,
    site: AdminSite,
) -> Iterator[str]:
    """The names of the models of which some row may not be deleted by this user."""
    for model, rows in found.items():
        if site.is_registered(model):
            admin = site.get_model_admin(model)
            if not all(admin.has_delete_permission(request, row) for row in rows):
                yield str(model._meta.verbose_name_plural)


def _keys(model: str, look_up: str, values: Iterable[int]) -> Keys:
    """The rows of a model with one of these values, by primary key."""
    rows = MODELS[model].objects.order_by()
    return {
        pk: RowKey(model, tuple(key))
        for batch in in_batches(values)
        for pk, *key in rows.filter(**{f"{look_up}__in": batch}).values_list(
            "pk", *MODELS[model].NATURAL_KEY
        )
    }


def _address(model: type[ContentModel], pk: int, site: AdminSite) -> str:
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_change"
    return reverse(name, args=[pk], current_app=site.name)


def _plural(model: str) -> str:
    return capfirst(MODELS[model]._meta.verbose_name_plural)


def _name(model: type[models.Model]) -> str:
    return model._meta.model_name
