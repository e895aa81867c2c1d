"""Readers see nothing of what waits, and nothing of drafts, on any page there is."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse

from catalog.exports import FORMS
from catalog.models import (
    CONTENT,
    Category,
    Comparison,
    Page,
    Pending,
    Stack,
    Technology,
    Thing,
    VersionSet,
)
from catalog.urls import urlpatterns
from tests.admin.addresses import first, make_content
from tests.admin.forging import SAVE, changed
from tests.admin.pages import url_of
from tests.admin.roles import sign_in_as

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pack_dir")]

MODELS = {
    "category": Category,
    "comparison": Comparison,
    "criterion": Comparison,
    "stack": Stack,
    "technology": Technology,
    "version": VersionSet,
}


def public() -> Iterator[str]:
    """Each public address: those of a thing for every one that is live, the others as they are."""
    for pattern in urlpatterns:
        name = f"catalog:{pattern.name}"
        converters = set(pattern.pattern.converters)
        files = [{"suffix": suffix} for suffix in FORMS] if "suffix" in converters else [{}]
        if pattern.name == "favicon":
            continue  # leads to a file
        if pattern.name.startswith("stack_") and pattern.name not in ("stack_list", "stack_detail"):
            continue  # of projects, which have a test of their own
        if "slug" not in converters:
            query = "?t=technology&t=newer" if pattern.name.startswith("compare") else ""
            yield from (reverse(name, kwargs=file) + query for file in files)
            continue
        more = {"criterion": "criterion-0"} if "criterion" in converters else {}
        things = MODELS[pattern.name.partition("_")[0]].objects.readable()
        for thing in things.filter(slug="comparison") if more else things:
            for file in files:
                yield reverse(name, kwargs={"slug": thing.slug, **more, **file})


def read(client: Client) -> dict[str, bytes]:
    pages = {address: client.get(address) for address in public()}
    assert {page.status_code for page in pages.values()} == {200}
    return {address: page.getvalue() for address, page in pages.items()}


def test_what_waits_is_on_no_page(client):
    make_content()
    before = read(client)
    editor = sign_in_as("Editor")

    for model in CONTENT:
        row = first(model)
        editor.post(url_of(row), SAVE | changed(row))

    kinds = {model.KIND for model in CONTENT if issubclass(model, Thing)}
    assert set(Pending.objects.filter(user="editor").values_list("kind", flat=True)) == kinds
    assert read(client) == before


def test_a_draft_is_on_no_page_and_has_none(client):
    make_content()
    drafts = [model.objects.get(slug="draft") for model in CONTENT if issubclass(model, Page)]

    told = [address for address, page in read(client).items() if b"/draft/" in page]

    assert told == []
    assert {client.get(draft.get_absolute_url()).status_code for draft in drafts} == {404}
