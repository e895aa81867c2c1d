"""Pages of history as tests read them: addresses, sentences, tables and links."""

from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from django.http import HttpResponse
from django.urls import reverse

from catalog.history import editions
from catalog.models import (
    CONTENT,
    Changed,
    Edition,
    EditionCounter,
    Moved,
    RenderedMarkdown,
    Revision,
    Technology,
    Thing,
    ThingKey,
    Unrecorded,
)
from tests.factories import make_technology

DELETED = "/admin/catalog/revision/deleted/"

HISTORY = (Changed, Edition, EditionCounter, Moved, Revision, Unrecorded)


def change(comment: str = "", user: str = "ada") -> Any:
    return editions.record(user, comment, Edition.Origin.ADMIN)


def update(row: Any, **fields: Any) -> int:
    """Write these fields of a row in an edition of its own; its number."""
    for name, value in fields.items():
        setattr(row, name, value)
    with change() as door:
        row.save()
    return door.edition.number


def make_quart() -> Technology:
    with change("Begun"):
        return make_technology(slug="quart", name="Quart")


def delete(thing: Thing) -> None:
    with change("Gone"):
        thing.delete()


def history_of(thing: Thing | ThingKey, query: str = "") -> str:
    key = thing if isinstance(thing, ThingKey) else thing.key
    return reverse("admin:catalog_revision_of", args=key) + query


def page_of(revision: Revision, page: str) -> str:
    return reverse(f"admin:catalog_revision_{page}", args=[revision.pk])


def revision_of(thing: Thing | ThingKey, number: int | None = None) -> Revision:
    """The newest revision of a thing, or that of an edition."""
    key = thing if isinstance(thing, ThingKey) else thing.key
    rows = Revision.objects.filter(kind=key.kind, slug=key.slug)
    return rows.get(edition_id=number) if number else rows.first()


def content(page: HttpResponse) -> Element:
    """What stands between the masthead and the end of a page of the admin."""
    document = html5lib.parse(page.text, namespaceHTMLElements=False)
    return next(one for one in document.iter("div") if one.get("id") == "content")


def text_of(element: Element) -> str:
    return " ".join(" ".join(element.itertext()).split())


def texts_of(page: HttpResponse, tag: str) -> list[str]:
    return [text_of(element) for element in content(page).iter(tag)]


def rows_of(page: HttpResponse) -> list[list[str]]:
    """The texts of the cells of a table, but for its head."""
    (body,) = content(page).iter("tbody")
    return [[text_of(cell) for cell in row] for row in body.iter("tr")]


def links_of(page: HttpResponse) -> dict[str, str]:
    """Address of each link, by what it is called."""
    return {
        link.get("aria-label") or text_of(link): link.get("href")
        for link in content(page).iter("a")
    }


def everything_stored() -> dict[str, list[tuple]]:
    """Every row of content and history, and what is rendered, to the last column."""
    return {
        model._meta.model_name: sorted(model.objects.order_by().values_list(), key=repr)
        for model in (*CONTENT, *HISTORY, RenderedMarkdown)
    }
