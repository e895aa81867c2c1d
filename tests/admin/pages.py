"""Every page of the admin, content that has one of everything, and forms as browsers send them."""

from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import models
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalog.history import editions
from catalog.history.pending import kept_back
from catalog.models import (
    Category,
    Comparison,
    Edition,
    Guide,
    Link,
    Miss,
    PackLoad,
    Pending,
    Revision,
    Stack,
    Technology,
    VersionSet,
)
from tests.factories import (
    make_alias,
    make_category,
    make_companion,
    make_comparison,
    make_guide,
    make_listing,
    make_migration,
    make_package,
    make_package_facts,
    make_point,
    make_snippet,
    make_stack,
    make_support_window,
    make_technology,
    make_version_set,
)

MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)
HISTORY = (Edition, Link, Miss, PackLoad, Pending, Revision)
# What is typed for a first point of a technology.
NEW_POINT = {
    "points-TOTAL_FORMS": "1",
    "points-0-kind": "pro",
    "points-0-text": "Fast",
    "points-0-slug": "fast",
    "points-0-position": "0",
}


def url_of(row: models.Model, page: str = "change") -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{page}", args=[row.pk])


def url_for(model: type[models.Model], page: str = "changelist") -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}")


def make_everything(parts: int = 1) -> None:
    """One of each thing with so many parts, written through a door so that it has a history."""
    with editions.record("ada", "Everything", Edition.Origin.ADMIN):
        if not Guide.objects.exists():
            make_guide()
        make_full_category(parts)
        make_full_technology(parts)
        make_snippet()
        make_comparison(contenders=parts, criteria=parts)
        make_stack(roles=parts, choices=parts)
        make_version_set(pins=parts)
    make_pack_load()
    make_pending()
    Link.objects.create(address=f"https://example.org/{Link.objects.count()}/", is_alive=False)
    Miss.objects.create(text=f"zope {Miss.objects.count()}", at=timezone.now())
    Group.objects.get_or_create(name="Editors")


def make_pack_load() -> PackLoad:
    """A loading of a pack that left a conflict, written as if it had been in this edition."""
    newest = editions.latest()
    load = PackLoad.objects.create(
        name="guide",
        version="1",
        is_complete=False,
        over=[],
        digest="0" * 64,
        user="ada",
        edition=newest,
        left_at=newest.number,
        plan="Technologies: 1 new",
    )
    key = Technology.objects.first().slug
    load.conflicts.create(
        model="technology", key=key, field="summary", incoming="Theirs", text="It is at odds"
    )
    return load


def make_pending() -> Pending:
    """What ada would make of a technology."""
    with editions.record("ada", "", Edition.Origin.ADMIN) as door, kept_back(door, "ada"):
        Technology.objects.filter(pk=Technology.objects.first().pk).update(summary="Proposed")
    return Pending.objects.first()


def make_full_category(parts: int) -> Category:
    category = make_category(parent=make_category())
    for _ in range(parts):
        make_listing(category)
    return category


def make_full_technology(parts: int) -> Technology:
    technology = make_technology(replaced_by=make_technology())
    for _ in range(parts):
        make_alias(technology)
        make_package_facts(make_package(technology))
        make_point(technology)
        make_companion(technology)
        make_migration(technology)
        make_support_window(technology)
        make_listing(technology=technology)
    return technology


def make_rows_with_parts(parts: int) -> dict[str, models.Model]:
    """One row of each model whose page holds a table of parts."""
    comparison: Comparison = make_comparison(contenders=parts, criteria=parts)
    stack: Stack = make_stack(roles=parts, choices=parts)
    version_set: VersionSet = make_version_set(pins=parts)
    return {
        "category": make_full_category(parts),
        "technology": make_full_technology(parts),
        "comparison": comparison,
        "criterion": comparison.criteria.first(),
        "stack": stack,
        "role": stack.roles.first(),
        "version set": version_set,
    }


def read_form(page: HttpResponse) -> dict[str, str]:
    """What a browser would send if the editor pressed Save at once."""
    document = html5lib.parse(page.content.decode(), namespaceHTMLElements=False)
    form = next(form for form in document.iter("form") if form.get("id", "").endswith("_form"))
    return fields_in(form)


def fields_in(form: Element) -> dict[str, str]:
    """What a browser would send of a form, but for the button that is pressed."""
    return {
        name: value
        for field in form.iter()
        if (name := field.get("name"))
        and "disabled" not in field.attrib
        and (value := _value(field)) is not None
    }


def save(client: Client, url: str, **changes: Any) -> HttpResponse:
    """Open a form, change these fields, press Save; field names as in the page."""
    data = read_form(client.get(url)) | changes
    return client.post(url, data)


def messages_of(response: HttpResponse) -> list[str]:
    return [str(message) for message in response.wsgi_request._messages]


def _value(field: Element) -> str | None:
    if field.tag == "textarea":
        text = field.text or ""
        if "-" in field.get("name", ""):  # in a table, where html5lib forgets to drop it
            text = text.removeprefix("\n")
        return text.replace("\n", "\r\n")  # as browsers do
    if field.tag == "select":
        options = list(field.iter("option"))
        chosen = [option for option in options if "selected" in option.attrib]
        if "multiple" in field.attrib:
            return chosen[0].get("value") if chosen else None  # no test chooses several
        chosen = chosen or options[:1]
        return chosen[0].get("value") if chosen else ""
    if field.tag != "input" or field.get("type") in ("submit", "button", "image"):
        return None
    if field.get("type") in ("checkbox", "radio") and "checked" not in field.attrib:
        return None
    return field.get("value", "")
