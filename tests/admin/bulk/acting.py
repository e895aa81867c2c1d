"""An action on a list as an editor takes it: choose rows, look at the page, confirm it."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from xml.etree.ElementTree import Element

from django.db import models
from django.http import HttpResponse
from django.test import Client
from django.utils.text import slugify

from catalog.models import Status, Technology
from tests.admin.pages import read_form, url_for
from tests.admin.reading_history import change, content, text_of
from tests.factories import make_technology


def choose(client: Client, action: str, rows: Iterable[models.Model], query: str = "") -> Any:
    """The answer to an action chosen above a list, for these rows of one model."""
    rows = list(rows)
    data = {"action": action, "index": "0", "_selected_action": [row.pk for row in rows]}
    return client.post(url_for(type(rows[0])) + query, data)


def fields_of(page: HttpResponse) -> dict[str, Any]:
    """What a browser would send of the page, the ticked rows among it."""
    fields: dict[str, Any] = read_form(page)
    for field in content(page).iter("input"):
        if field.get("type") == "checkbox" and field.get("name") in fields:
            fields[field.get("name")] = "on"
    fields["_selected_action"] = [
        field.get("value")
        for field in content(page).iter("input")
        if field.get("name") == "_selected_action"
        and (field.get("type") == "hidden" or "checked" in field.attrib)
    ]
    return fields


def show(client: Client, page: HttpResponse, **chosen: Any) -> HttpResponse:
    """Fill in the form and ask what would change."""
    return client.post(page.request["PATH_INFO"], fields_of(page) | chosen | {"_show": "1"})


def confirm(client: Client, page: HttpResponse, **changes: Any) -> HttpResponse:
    """Press the button below the list; `changes` are fields that a forger sends otherwise."""
    address = page.wsgi_request.get_full_path()
    return client.post(address, fields_of(page) | {"_confirm": "Do it"} | changes)


def press(client: Client, page: HttpResponse, **changes: Any) -> HttpResponse:
    """Press the button of the page that asks whether rows should go; `changes` as for confirm()."""
    carried = defaultdict(list)
    for field in content(page).iter("input"):
        if field.get("type") == "hidden":
            carried[field.get("name")].append(field.get("value"))
    return client.post(page.wsgi_request.get_full_path(), carried | changes)


def part_of(page: HttpResponse, name: str) -> list[str]:
    """Each entry of a part of the page: “changed”, “left”, “selected” or “problems”."""
    sections = (
        section
        for section in content(page).iter("section")
        if section.get("aria-labelledby") == name
    )
    section = next(sections, None)
    return [] if section is None else [text_of(entry) for entry in _entries(section)]


def refusal_of(page: HttpResponse) -> str:
    return next((text_of(p) for p in content(page).iter("p") if p.get("class") == "errornote"), "")


def make_drafts(*names: str) -> list[Technology]:
    """Technologies that nobody has seen yet, in an edition of their own."""
    with change("Begun"):
        return [
            make_technology(slug=slugify(name), name=name, status=Status.DRAFT) for name in names
        ]


def _entries(section: Element) -> list[Element]:
    return list(next(section.iter("ul")).findall("li"))
