"""Addresses that were given once lead on after a rename; drafts are not found, archives say so."""

import io

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from catalog.history import editions, renames
from catalog.models import Edition, Moved, Page, Revision, Status
from tests.factories import (
    make_category,
    make_comparison,
    make_listing,
    make_stack,
    make_technology,
    make_version_set,
)
from tests.reading import read

pytestmark = pytest.mark.django_db


def rename(thing: Page, slug: str) -> None:
    with editions.record("ada", f"Renamed {slug}", Edition.Origin.ADMIN):
        renames.rename(thing, slug)


@pytest.mark.parametrize(
    "make", [make_category, make_technology, make_comparison, make_stack, make_version_set]
)
def test_the_old_address_leads_to_the_new_one_with_its_query(client, make):
    thing = make(slug="before")
    old = thing.get_absolute_url()

    rename(thing, "after")
    response = client.get(f"{old}?a=1&b=2")

    assert response.status_code == 301
    assert response["Location"] == f"{thing.get_absolute_url()}?a=1&b=2"
    assert thing.get_absolute_url() == old.replace("before", "after")


def test_another_form_of_the_page_leads_to_the_same_form(client):
    rename(make_version_set(slug="before"), "after")

    response = client.get("/versions/before/pyproject.toml?form=poetry")

    assert response["Location"] == "/versions/after/pyproject.toml?form=poetry"


@pytest.mark.parametrize("rest", [".csv", ".md", ".json", "/", "/criterion-0/", "/before/"])
def test_what_follows_the_slug_is_kept(client, rest):
    rename(make_comparison(slug="before"), "after")

    response = client.get(f"/comparisons/before{rest}?differ=1")

    assert response["Location"] == f"/comparisons/after{rest}?differ=1"


def test_a_slug_like_its_section_is_not_mistaken_for_it(client):
    rename(make_category(slug="categories"), "after")

    assert client.get("/categories/categories/")["Location"] == "/categories/after/"


def test_two_renames_are_one_step(client):
    thing = make_technology(slug="first")
    rename(thing, "second")
    rename(thing, "third")

    assert client.get("/technologies/first/")["Location"] == "/technologies/third/"
    assert client.get("/technologies/second/")["Location"] == "/technologies/third/"


def test_a_rename_there_and_back_leaves_no_loop(client):
    thing = make_technology(slug="first")
    rename(thing, "second")
    rename(thing, "first")

    assert client.get("/technologies/first/").status_code == 200
    assert client.get("/technologies/second/")["Location"] == "/technologies/first/"
    assert Moved.objects.count() == 1


def test_a_name_that_is_used_again_is_the_new_things(client):
    rename(make_technology(slug="first"), "second")
    make_technology(slug="first", name="Another")

    assert "Another" in client.get("/technologies/first/").text


def test_a_draft_is_not_given_away_by_its_old_address(client):
    thing = make_technology(slug="first")
    rename(thing, "second")
    thing.status = Status.DRAFT
    thing.save()

    assert client.get("/technologies/first/").status_code == 404


def test_a_rename_is_an_edition_of_all_that_name_the_thing(client):
    with editions.record("ada", "", Edition.Origin.ADMIN):
        thing = make_technology(slug="first")
        make_listing(category=make_category(slug="web"), technology=thing)

    rename(thing, "second")

    newest = Revision.objects.filter(edition=editions.latest())
    assert {(row.kind, row.slug) for row in newest} == {
        ("technology", "first"),
        ("technology", "second"),
        ("category", "web"),
    }


@pytest.mark.parametrize("slug", ["taken", "Not a slug", "feed", ""])
def test_a_slug_that_is_taken_or_none_is_refused_and_changes_nothing(slug):
    make_technology(slug="taken")
    thing = make_technology(slug="first")

    with pytest.raises(ValidationError):
        rename(thing, slug)

    thing.refresh_from_db()
    assert (thing.slug, Moved.objects.count()) == ("first", 0)


def test_the_command_renames_and_says_where_it_is_now():
    make_technology(slug="first", name="First")
    said = io.StringIO()

    call_command("rename_thing", "technology", "first", "second", stdout=said)

    assert said.getvalue().strip() == "First is at /technologies/second/ now."
    with pytest.raises(CommandError, match="There is no technology “first”"):
        call_command("rename_thing", "technology", "first", "third")
    with pytest.raises(CommandError, match="lower-case letters"):
        call_command("rename_thing", "technology", "second", "Third!")


# Drafts and archived things -----------------------------------------------------------------------


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
def test_the_heading_is_exactly_the_name(client, make, name):
    thing = make(**{name: "Async <2025> & friends/others"})

    page = read(client, thing.get_absolute_url())

    assert page.texts("h1") == ["Async <2025> & friends/others"]
    assert page.texts("title") == ["Async <2025> & friends/others · StackGuide"]


@every_thing
def test_a_draft_is_not_found(client, make, name):
    draft = make(**{name: "Kept back", "status": Status.DRAFT})

    response = client.get(draft.get_absolute_url())

    assert response.status_code == 404
    assert "Kept back" not in response.text


@every_thing
@pytest.mark.parametrize("status", [Status.PUBLISHED, Status.ARCHIVED])
def test_only_an_archived_page_has_a_banner_and_is_kept_out_of_search(client, make, name, status):
    page = read(client, make(status=status).get_absolute_url())

    banners = page.texts("p[@class='banner']")
    robots = [meta.get("content") for meta in page.find("meta[@name='robots']")]
    if status == Status.ARCHIVED:
        said = "Archived: kept for those who look it up, no longer maintained."
        assert (banners, robots) == ([said], ["noindex"])
    else:
        assert (banners, robots) == ([], [])


@pytest.mark.parametrize(
    ("typed", "leads_to"),
    [
        ("/technologies/Flask/?x=1", "/technologies/flask/?x=1"),
        ("/technologies/factory_boy/", "/technologies/factory-boy/"),
        ("/technologies/Former_Name/", "/technologies/flask/"),
    ],
)
def test_an_address_as_people_type_it_leads_on(client, typed, leads_to):
    make_technology(slug="flask")
    make_technology(slug="factory-boy")
    make_technology(slug="secret", status="draft")
    Moved.objects.create(kind="technology", old="former-name", new="flask")

    moved = client.get(typed)

    assert (moved.status_code, moved["Location"]) == (301, leads_to)
    assert client.get("/technologies/Secret/").status_code == 404
    chosen = client.get("/compare/", {"t": ["Flask", "factory_boy"]})
    assert chosen["Location"] == "/compare/?t=flask&t=factory-boy"


def test_browsers_find_the_icon_where_they_look_for_it(client):
    icon = client.get("/favicon.ico")

    assert (icon.status_code, icon["Location"]) == (302, "/static/favicon.svg")
