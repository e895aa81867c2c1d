"""What a deletion takes along and what stands in its way, for the pages that ask before it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.contrib import admin, messages
from django.contrib.admin.actions import delete_selected as delete_selected_of_django
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import NestedObjects
from django.db import models, router
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.text import capfirst

from catalog.admin.base import admin_url, may_view
from catalog.admin.confirm import (
    UNKNOWN,
    NotConfirmedError,
    changed_since,
    posted_state,
    state_token,
    ticked_rows,
    told_of,
)
from catalog.admin.saving import STATE
from catalog.describe.labels import CALLED_BY_TECHNOLOGY, Labels
from catalog.history import editions
from catalog.history.documents import in_batches
from catalog.history.rows import MODELS, RANK, RowKey, kinds_in_key
from catalog.models import ContentModel, Page, Status, ThingKey

# A wall of names is not read.
MOST_NAMES = 50

# What is deleted is still used by rows of these models, through the field that forbids it.
STILL_USED: Mapping[tuple[str, str], str] = {
    ("category", "parent"): "As the parent of categories",
    ("technology", "replaced_by"): "As the replacement of technologies",
    ("companion", "companion"): "As a companion of technologies",
    ("migration", "to"): "As where a way from other technologies leads",
    ("compatibility", "other"): "As what other technologies go with or not",
    ("piece", "with_technology"): "As what pieces of projects go with",
    ("piece", "and_technology"): "As what pieces of projects go with besides",
    ("cell", "measurement"): "As what measured cells",
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

    heading: str
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
    rows: Sequence[ContentModel] | QuerySet, request: HttpRequest
) -> tuple[Going, dict[str, int], set[str], list[Group]]:
    """Return what Django's `get_deleted_objects` does, with groups in place of its texts.

    In order: what goes; how many rows of each sort; the sorts of which this user may not delete
    rows; what stands in the way. A fixed number of queries for each model, in batches.
    """
    chosen = list(rows)
    if not chosen:
        return Going([], [], False), {}, set(), []
    collector = NestedObjects(using=router.db_for_write(type(chosen[0])), origin=chosen)
    collector.collect(chosen)
    found = collector.model_objs
    going = {
        name: _keys(name, "pk", {row.pk for row in found[MODELS[name]]})
        for name in sorted((model._meta.model_name for model in found), key=RANK.__getitem__)
    }
    model = chosen[0]._meta.model_name
    keys = going[model].keys() & {row.pk for row in chosen}
    asked = Group(_plural(model), model, {pk: going[model].pop(pk) for pk in keys})
    along = [Group(_plural(name), name, left) for name, left in going.items() if left]
    bars = list(_bars([asked, *along], collector.protected))
    _name_rows([asked, *along, *bars], asked, request)
    is_published = any(isinstance(row, Page) and row.status == Status.PUBLISHED for row in chosen)
    counts = {one._meta.verbose_name_plural: len(rows) for one, rows in found.items()}
    lacking = {
        str(one._meta.verbose_name_plural)
        for one, rows in found.items()
        if admin.site.is_registered(one)
        and not all(
            admin.site.get_model_admin(one).has_delete_permission(request, row) for row in rows
        )
    }
    return Going([asked], along, is_published), counts, lacking, bars


def _bars(going: list[Group], protected: Iterable[models.Model]) -> Iterator[Group]:
    """Yield what Django found protected, by the field that protects it."""
    there = defaultdict(set)
    for row in protected:
        there[row._meta.model_name].add(row.pk)
    targets = defaultdict(set)
    for group in going:
        targets[MODELS[group.model]] |= group.keys.keys()
    for model, keys in targets.items():
        for relation in model._meta.related_objects:
            name = relation.related_model._meta.model_name
            if relation.on_delete in FORBIDDING and name in there:
                found = _keys(name, relation.field.name, keys)
                if held := {pk: key for pk, key in found.items() if pk in there[name]}:
                    yield Group(STILL_USED[name, relation.field.name], name, held)


def _name_rows(groups: list[Group], asked: Group, request: HttpRequest) -> None:
    """Give each group the names of its first rows; a single thing that was asked for is plain."""
    labels = Labels.of([], [(key, {}) for group in groups for _pk, key in group.first()])
    plain = None
    if asked.count == 1 and not MODELS[asked.model].OWNERS:
        plain = ThingKey(MODELS[asked.model].KIND, *next(iter(asked.keys.values())).key)
    for group in groups:
        model = MODELS[group.model]
        may_look = admin.site.is_registered(model) and may_view(request, model)
        for pk, key in group.first():
            address = admin_url(model, "change", pk) if may_look else ""
            group.rows.append(Named(*_called(key, plain, labels), address))


def _called(row: RowKey, plain: ThingKey | None, labels: Labels) -> tuple[str, list[str]]:
    """Return what a row is called, and what it is part of; what is plain is not named."""
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


def _keys(model: str, look_up: str, values: Iterable[int]) -> Keys:
    """Return the rows of a model with one of these values, by primary key."""
    rows = MODELS[model].objects.order_by()
    return {
        pk: RowKey(model, tuple(key))
        for batch in in_batches(values)
        for pk, *key in rows.filter(**{f"{look_up}__in": batch}).values_list(
            "pk", *MODELS[model].NATURAL_KEY
        )
    }


def _plural(model: str) -> str:
    return capfirst(MODELS[model]._meta.verbose_name_plural)


@admin.action(permissions=["delete"], description="Delete selected %(verbose_name_plural)s")
def delete_selected(
    model_admin: admin.ModelAdmin, request: HttpRequest, selected: QuerySet
) -> HttpResponse | None:
    """Delete rows by Django's own action, inside of record(), if nothing of them has changed."""
    number = editions.number_now()  # before the rows: what changes in between is not shown
    if "post" in request.POST:
        selected = ticked_rows(model_admin, request)
        try:
            _check_deletion(request, selected)
        except NotConfirmedError as error:
            model_admin.message_user(request, error.refusal, messages.ERROR)
            request.POST = request.POST.copy()
            del request.POST["post"]
    page: Any = delete_selected_of_django(model_admin, request, selected)
    if isinstance(page, TemplateResponse):
        token = state_token(number, selected.things())
        page.context_data |= {"token_name": STATE, "token": token}
    return page


def _check_deletion(request: HttpRequest, selected: QuerySet) -> None:
    """Raise NotConfirmedError where not all of it is there as it was shown."""
    number, named = posted_state(request.POST)
    if not selected.things() <= named:
        raise NotConfirmedError(UNKNOWN)
    if changed := changed_since(number, named):
        raise NotConfirmedError(f"Nothing was deleted. {told_of(changed)}")
    if selected.count() < len(set(request.POST.getlist(ACTION_CHECKBOX_NAME))):
        raise NotConfirmedError("Nothing was deleted: some of it is gone already. Look again.")
