"""What every thing's own page has, by its status: drafts are not found, archived ones say so."""

import pytest
from django.test import Client

from catalog.models import Status
from tests.factories import (
    make_category,
    make_comparison,
    make_stack,
    make_technology,
    make_version_set,
)
from tests.reading import read

pytestmark = pytest.mark.django_db

# How each is made, and the field that names it.
every_thing = pytest.mark.parametrize(
    ("make", "name"),
    [
        (make_category, "name"),
        (make_technology, "name"),
        (make_comparison, "title"),
        (make_stack, "name"),
        (make_version_set, "title"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)


@every_thing
def test_the_heading_is_exactly_the_name(client: Client, make: type, name: str) -> None:
    thing = make(**{name: "Async <2025> & friends/others"})

    page = read(client, thing.get_absolute_url())

    assert page.texts("h1") == ["Async <2025> & friends/others"]
    assert page.texts("title") == ["Async <2025> & friends/others · StackGuide"]


@every_thing
def test_a_draft_is_not_found(client: Client, make: type, name: str) -> None:
    draft = make(**{name: "Kept back", "status": Status.DRAFT})

    response = client.get(draft.get_absolute_url())

    assert response.status_code == 404
    assert "Kept back" not in response.text


@every_thing
@pytest.mark.parametrize("status", [Status.PUBLISHED, Status.ARCHIVED])
def test_only_an_archived_page_has_a_banner_and_is_kept_out_of_search(
    client: Client, make: type, name: str, status: str
) -> None:
    page = read(client, make(status=status).get_absolute_url())

    banners = page.texts("p[@class='banner']")
    robots = [meta.get("content") for meta in page.find("meta[@name='robots']")]
    if status == Status.ARCHIVED:
        said = "Archived: kept for those who look it up, no longer maintained."
        assert (banners, robots) == ([said], ["noindex"])
    else:
        assert (banners, robots) == ([], [])
