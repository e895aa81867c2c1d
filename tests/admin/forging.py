"""What a forger sends to the pages of the admin: whole forms, made without opening a page."""

from collections.abc import Iterator
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.forms.models import _get_foreign_key as foreign_key_between
from django.forms.models import model_to_dict
from django.test import Client
from django.urls import reverse

from catalog.admin.confirm import SHOWN, STATE
from catalog.admin.saving import token_of
from catalog.models import (
    Category,
    Cell,
    Choice,
    Companion,
    Compatibility,
    Contender,
    ContentModel,
    Criterion,
    Listing,
    Migration,
    Package,
    PackageFacts,
    Page,
    Pin,
    Status,
    SupportWindow,
    Technology,
)
from tests.admin.addresses import PACK, address_of, first, last, model_of, page_of
from tests.admin.roles import sign_in_as

VERBS = ("view", "add", "change", "delete")

SAVE = {"_save": "Save"}

# What is typed goes into the first of these that a form has.
WRITTEN_INTO = (
    *(
        "label",
        "note",
        "because",
        "versions",
        "title",
        "path",
        "text",
        "name",
        "latest_version",
        "first_name",
    ),
    *("comment", "address", "cycle", "steps", "slug"),
)

# What is not where it is moved to.
MOVED = {Category: "category", Technology: "technology"}

Data = dict[str, Any]


class Part(NamedTuple):
    """A model whose rows stand in a table on the page of another."""

    of: type[models.Model]
    model: type[models.Model]
    key: str  # the field that leads to the other
    prefix: str  # what the names of its fields begin with


def _parts() -> Iterator[Part]:
    for model, model_admin in admin.site._registry.items():
        for inline in model_admin.inlines:
            if not issubclass(inline.model, ContentModel):
                continue  # history, which nobody edits
            key = foreign_key_between(model, inline.model, getattr(inline, "fk_name", None))
            prefix = key.remote_field.get_accessor_name(model=inline.model)
            yield Part(model, inline.model, key.name, prefix)


PARTS = list(_parts())


def form_of(row: models.Model) -> Data:
    """What a browser would send of a row's form where nobody has typed anything."""
    data = fields_of(row)
    if isinstance(row, User):
        data |= {"date_joined_0": "2026-01-01", "date_joined_1": "00:00:00"}
    if isinstance(row, ContentModel):
        data[STATE] = token_of(row)
    tables = (table(part.prefix, []) for part in PARTS if part.of is type(row))
    return reduce(or_, tables, data)


def fields_of(row: models.Model) -> Data:
    """The fields of a row as a form holds them."""
    return {
        name: [getattr(one, "pk", one) for one in value] if isinstance(value, list) else value
        for name, value in model_to_dict(row).items()
        if value is not None and value is not False
    }


def table(prefix: str, rows: list[Data], there: int = 0) -> Data:
    """A table of parts on the page of their thing; the first so many rows are there already."""
    data = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": there}
    for place, row in enumerate(rows):
        data |= {f"{prefix}-{place}-{name}": value for name, value in row.items()}
    return data


def changed(row: models.Model) -> Data:
    """A row's form with something typed into it."""
    return form_of(row) | typed_into(type(row))


def typed_into(model: type[models.Model]) -> Data:
    """The field that is written into, with what is typed: what the field takes."""
    fields = {field.name for field in model._meta.fields}
    name = next(name for name in WRITTEN_INTO if name in fields)
    return {name: "9.9" if name == "latest_version" else "forged"}


def added(model: type[models.Model]) -> Data:
    """The form of another row like the first, with a name of its own; of a page, a draft."""
    if model is User:
        secret = "another long secret"
        return {"username": "mallory", "password1": secret, "password2": secret}
    data = form_of(first(model)) | another(model)
    data.pop(STATE, None)
    return data


def another(model: type[models.Model]) -> Data:
    """The fields of a row like the first, with a name of its own."""
    data = fields_of(first(model)) | other_name(model)
    return data | ({"status": Status.DRAFT.value} if issubclass(model, Page) else {})


def other_name(model: type[models.Model]) -> Data:
    """Other values for the fields by which a row is told from the others of its model."""
    alone = Technology.objects.get(slug="alone").pk
    by_another = {
        Cell: {"contender": Contender.objects.get(technology__slug="late").pk},
        Choice: {"technology": alone},
        Companion: {"companion": alone},
        Contender: {"technology": alone},
        Criterion: {"slug": "forged", "group": ""},
        Listing: {"technology": alone},
        Migration: {"to": alone},
        Compatibility: {"other": alone},
        SupportWindow: {"cycle": "forged"},
        Package: {"name": "forged"},
        PackageFacts: {"package": last(Package).pk},
        Pin: {"package": last(Package).pk},
        Group: {"name": "Forgers"},
    }
    return by_another.get(model, {"slug": "forged"})


# Somebody with rights of their own choice ---------------------------------------------------------


def may(verb: str, model: type[models.Model]) -> str:
    """The name of a permission."""
    return f"{verb}_{model._meta.model_name}"


def root() -> Client:
    """A client of a superuser, who sees every page that can be forged."""
    return sign_in_as("Superuser", "root")


# Posts ------------------------------------------------------------------------------------------


class Forger:
    """Makes posts as somebody could who has seen a superuser's pages."""

    def __init__(self, superuser: Client) -> None:
        self.superuser = superuser

    def post(self, name: str, button: str = "") -> Data:
        """What is sent to an address; `button` tells where it has several."""
        own = {
            "add": lambda: added(model_of(name)),
            "change": lambda: changed(first(model_of(name))),
            "delete": lambda: {"post": "yes"},
            "rename": lambda: self._shown(name, "token") | {"slug": "forged"},
        }
        if name in self.OWN_POSTS:
            return self.OWN_POSTS[name](self, name, button)
        if model_of(name) is not None and page_of(name) in own:
            return SAVE | own[page_of(name)]()
        return SAVE | {"post": "yes"}

    def action(
        self, model: type[models.Model], action: str, row: models.Model | None = None
    ) -> Data:
        """A confirmed action on the list of a model, with all that its page would have carried."""
        if action == "_move":
            return {"_move": f"up-{model._meta.model_name}-{last(model).pk}"}
        row = row or chosen(model, action)
        data = {"action": action, "index": "0", "_selected_action": [row.pk]}
        if action == "delete_selected":
            return data | {"post": "yes", STATE: self._token(model, data)}
        data |= {STATE: "", **said(model, action)}
        address = reverse(f"admin:catalog_{model._meta.model_name}_changelist")
        page = self.superuser.post(address, data).context_data
        return data | {"_confirm": "Do it", STATE: page["token"], SHOWN: page["seen"]}

    def _token(self, model: type[models.Model], data: Data) -> str:
        label, name = model._meta.app_label, model._meta.model_name
        page = self.superuser.post(reverse(f"admin:{label}_{name}_changelist"), data)
        return getattr(page, "context_data", {}).get("token", "")

    def _page(self, name: str) -> Data:
        """What a superuser's page is made of; nothing where not even they have one."""
        return getattr(self.superuser.get(address_of(name)), "context_data", {})

    def _shown(self, name: str, *fields: str) -> Data:
        """Hidden fields of a page: “token” is what it carries under the name `token_name`."""
        page = self._page(name)
        return {page[f"{field}_name"]: page[field] for field in fields} if page else {}

    def _grid(self, name: str, _button: str) -> Data:
        cell = first(Cell)
        place = f"{cell.criterion.slug}.{cell.contender.technology.slug}"
        typed = {f"judgement.{place}": "3", f"note.{place}": "Forged"}
        return self._shown(name, "token", "basis") | typed

    def _row(self, name: str, _button: str) -> Data:
        return self._shown(name, "token", "basis") | {"name.criterion-0": "Forged"}

    def _undo(self, name: str, _button: str) -> Data:
        return self._shown(name, "token", "seen")

    def _decide(self, name: str, button: str) -> Data:
        said = {"answer": "Forged", "comment": "Forged"}
        return {"_state": self._page(name)["state"], "_decision": button, **said}

    def _load(self, name: str, _button: str) -> Data:
        made = self._page(name)["made"]
        return {"edition": str(made["edition"]), "token": made["token"]}

    def _upload(self, _name: str, _button: str) -> Data:
        return {"file": SimpleUploadedFile("forged.yaml", PACK)}

    def _password(self, name: str, _button: str) -> Data:
        secret = "another long secret"
        new = {"new_password1": secret, "new_password2": secret}
        of_user = {"password1": secret, "password2": secret, "usable_password": "true"}
        return {"old_password": "wrong", **new} if name == "password_change" else of_user

    OWN_POSTS = {
        "auth_user_password_change": _password,
        "catalog_comparison_grid": _grid,
        "catalog_comparison_grid_row": _row,
        "catalog_edition_undo": _undo,
        "catalog_packload_choose": _load,
        "catalog_packload_plan": _load,
        "catalog_packload_undo": _undo,
        "catalog_packload_upload": _upload,
        "catalog_pending_change": _decide,
        "catalog_revision_revert": _undo,
        "login": lambda *_: {"username": "zoe", "password": "wrong"},
        "markdown_preview": lambda *_: {"_preview": "introduction", "introduction": "*Forged*"},
        "password_change": _password,
    }


def chosen(model: type[models.Model], action: str) -> models.Model:
    """The row that an action is about, and that it changes."""
    slug = {"publish": "draft", "move": MOVED.get(model, "")}.get(action, "")
    if slug:
        return model.objects.get(slug=slug)
    return last(model) if action == "delete_selected" else first(model)


def said(model: type[models.Model], action: str) -> Data:
    """What is typed into the form of an action."""
    to = {Category: {"to": ""}, Technology: {"of": "category", "to": "spare"}}
    typed = {
        "mark_reviewed": {"months": "6"},
        "set_lifecycle": {"lifecycle": "deprecated"},
        "move": to.get(model, {"to": "spare"}),
    }
    return typed.get(action, {})
