"""Every address of the admin by the name it has in the resolver, with content behind each."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from functools import cache
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from catalog.admin.packs import take_in
from catalog.history import editions
from catalog.history.pending import kept_back
from catalog.models import (
    Comparison,
    CriterionGroup,
    Edition,
    Link,
    Miss,
    PackLoad,
    Revision,
    Status,
    Technology,
)
from tests.admin.pages import make_pack_load
from tests.admin.role_table import ADDRESSES
from tests.factories import (
    make_category,
    make_comparison,
    make_contender,
    make_measurement,
    make_package,
    make_snippet,
    make_stack,
    make_technology,
    make_version_set,
    make_whole_guide,
)

PACK = b"- model: catalog.technology\n  fields: {slug: packed, name: Packed, kind: library}\n"


def make_content() -> None:
    """One row at least of every model, all that has a page live, and beside it spare rows.

    The last row of each model is one that nothing refers to; of each page there is a draft.
    """
    with change():
        make_whole_guide()
    with change():
        Technology.objects.filter(slug="technology").update(summary="Changed")
    with change():
        for make in (make_category, make_technology, make_stack, make_version_set):
            make(slug="draft", status=Status.DRAFT)
        make_comparison(2, 0, slug="draft", status=Status.DRAFT)
        comparison = Comparison.objects.get(slug="comparison")
        CriterionGroup.objects.create(comparison=comparison, slug="spare", name="Spare")
        make_comparison(2, 0, slug="spare")
        make_snippet(slug="spare", technology=Technology.objects.get(slug="technology"))
        make_stack(slug="spare")
        make_version_set(slug="spare")
        make_package(make_technology(slug="spare"))
        make_technology(slug="proposed")
        make_contender(comparison, technology=make_technology(slug="late"))
        make_category(slug="spare")
        make_measurement(slug="spare")
        make_technology(slug="alone")
    with change() as door, kept_back(door, "ada"):
        Technology.objects.filter(slug="proposed").update(summary="Proposed")
    make_pack_load()
    Link.objects.create(address="https://example.org/")
    Miss.objects.create(text="zope", at=timezone.now())
    Group.objects.create(name="Readers")
    User.objects.create_user("zoe", "zoe@example.org", "one long secret")


def first(model: type[models.Model]) -> models.Model:
    """The row whose form is opened: live, nobody's pending change, and nobody's own account."""
    if model is User:
        return User.objects.get(username="zoe")
    return model._base_manager.order_by("pk").first()


def last(model: type[models.Model]) -> models.Model:
    """The row that is deleted: nothing refers to it."""
    return first(User) if model is User else model._base_manager.order_by("pk").last()


def names() -> list[str]:
    """Each name in the resolver once; what has none is called by its route."""
    return sorted(_routes())


def address_of(name: str) -> str:
    """The address of this name for content that make_content() has made."""
    if name not in _routes():
        raise LookupError(name)
    if name == "(?P<url>.*)$":
        return "/admin/nowhere/"
    if "<path:object_id>" in name:
        label, model = name.split("/")[:2]
        row = first(apps.get_model(label, model))
        return "/admin/" + name.replace("<path:object_id>", str(row.pk))
    query = ""
    if name == "autocomplete":
        query = "?app_label=catalog&model_name=listing&field_name=technology&term=a"
    return reverse(f"admin:{name}", args=_arguments(name)) + query


def pages() -> list[str]:
    """Every address that shows a superuser a page, and the past of each thing."""
    shown = {
        name
        for row in ADDRESSES
        if row.method == "GET" and row.cells["Superuser"] == "200"
        for name in row.names
    }
    things = Revision.objects.order_by().values_list("kind", "slug").distinct()
    keys = Revision.objects.values_list("pk", flat=True)
    return [
        *map(address_of, sorted(shown)),
        *(reverse("admin:catalog_revision_of", args=thing) for thing in things),
        *(reverse("admin:catalog_revision_revert", args=[key]) for key in keys),
        reverse("admin:app_list", args=["auth"]),
    ]


def model_of(name: str) -> type[models.Model] | None:
    """The model whose page it is; None for a page of no model."""
    label, _, rest = name.partition("_")
    known = {model._meta.model_name: model for model in apps.get_models()}
    is_models = label in ("auth", "catalog") and rest.count("_") == 1
    return known.get(rest.partition("_")[0]) if is_models else None


def page_of(name: str) -> str:
    """“change” of “catalog_technology_change”."""
    return name.rpartition("_")[2]


@cache
def _routes() -> dict[str, str]:
    (site,) = (
        one for one in get_resolver().url_patterns if getattr(one, "namespace", "") == "admin"
    )
    return {pattern.name or route: route for route, pattern in _walk(site)}


def _walk(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for one in resolver.url_patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _walk(one, route)
        else:
            yield route, one


def _arguments(name: str) -> list[Any]:
    if name in OWN_ARGUMENTS:
        return OWN_ARGUMENTS[name]()
    model = model_of(name)
    if model is None or page_of(name) in ("changelist", "add"):
        return []
    return [last(model).pk if page_of(name) == "delete" else first(model).pk]


def _revision() -> Revision:
    """What the technology was in the first edition; it says something else today."""
    return Revision.objects.filter(kind="technology", slug="technology").last()


def change() -> AbstractContextManager[editions.Recording]:
    """A door of the admin, through which ada writes."""
    return editions.record("ada", "", Edition.Origin.ADMIN)


OWN_ARGUMENTS = {
    "app_list": lambda: ["catalog"],
    "auth_user_password_change": lambda: [first(User).pk],
    "catalog_comparison_grid_row": lambda: [first(Comparison).pk, "criterion-0"],
    "catalog_edition_undo": lambda: [Edition.objects.get(number=2).pk],
    "catalog_packload_plan": lambda: [take_in(SimpleUploadedFile("packed.yaml", PACK))],
    "catalog_packload_upload": list,
    "catalog_packload_undo": lambda: [first(PackLoad).pk],
    "catalog_revision_of": lambda: ["technology", "technology"],
    "catalog_revision_deleted": list,
    "catalog_revision_preview": lambda: [_revision().pk],
    "catalog_revision_revert": lambda: [_revision().pk],
    "view_on_site": lambda: [
        ContentType.objects.get_for_model(Technology).pk,
        Technology.objects.get(slug="draft").pk,
    ],
}
