"""A draft is seen in the admin, by those who may see it there, and nowhere else."""

import pytest

from catalog.models import Page, Status
from tests.admin.pages import save, url_of
from tests.admin.roles import sign_in
from tests.factories import (
    make_category,
    make_companion,
    make_comparison,
    make_listing,
    make_stack,
    make_technology,
    make_version_set,
)

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

MAKERS = [make_category, make_technology, make_comparison, make_stack, make_version_set]
every_kind = pytest.mark.parametrize("make", MAKERS)


def preview_of(page: Page) -> str:
    return url_of(page, "preview")


@every_kind
def test_a_draft_is_shown_as_its_page_will_be(admin_client, make):
    draft = make(status=Status.DRAFT)

    response = admin_client.get(preview_of(draft))

    text = response.content.decode()
    assert response.status_code == 200
    assert f"<h1>{draft}</h1>" in text
    assert "Preview of a draft" in text
    assert f'href="{url_of(draft)}"' in text
    assert '<meta name="robots" content="noindex">' in text
    assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))
    assert response["X-Robots-Tag"] == "noindex"


@every_kind
def test_its_public_address_stays_unknown_even_to_editors(admin_client, make):
    draft = make(status=Status.DRAFT)

    admin_client.get(preview_of(draft))

    assert admin_client.get(draft.get_absolute_url()).status_code == 404


def test_a_published_page_is_shown_as_it_is(admin_client):
    response = admin_client.get(preview_of(make_category()))

    assert "this is what readers see" in response.content.decode()
    assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))


def test_a_draft_is_shown_with_its_parts(admin_client):
    category = make_category(name="Unfinished", status=Status.DRAFT)
    technology = make_technology(name="Unborn", status=Status.DRAFT)
    make_listing(category, make_technology(name="Listed here"))
    make_listing(make_category(name="Lists it"), technology)
    make_companion(technology, companion=make_technology(name="Goes with it"))

    of_category = admin_client.get(preview_of(category)).content.decode()
    of_technology = admin_client.get(preview_of(technology)).content.decode()

    assert "Listed here" in of_category
    assert "Lists it" in of_technology
    assert "Goes with it" in of_technology


def test_what_it_refers_to_stays_hidden_while_that_is_a_draft(admin_client):
    category = make_category(status=Status.DRAFT)
    make_listing(category, make_technology(name="Unborn", status=Status.DRAFT))

    assert "Unborn" not in admin_client.get(preview_of(category)).content.decode()


@every_kind
def test_staff_without_permission_is_refused(make):
    draft = make(status=Status.DRAFT)

    assert sign_in("view_snippet").get(preview_of(draft)).status_code == 403


def test_who_may_only_look_sees_it():
    draft = make_category(status=Status.DRAFT)

    assert sign_in("view_category").get(preview_of(draft)).status_code == 200


@pytest.mark.parametrize("key", ["999999", "x", "9" * 40])
def test_a_row_that_is_not_there_has_none(admin_client, key):
    address = preview_of(make_category())

    response = admin_client.get(address.rsplit("/", 3)[0] + f"/{key}/preview/")

    assert response.status_code == 404


def test_the_form_leads_to_it_beside_the_history(admin_client):
    draft = make_category(status=Status.DRAFT)

    tools = admin_client.get(url_of(draft)).content.decode()
    failed = save(admin_client, url_of(draft), name="").content.decode()

    link = f'<a href="{preview_of(draft)}">Preview</a>'
    assert link in tools
    assert link in failed
    assert url_of(draft, "history") in tools


def test_an_address_of_nothing_says_so(admin_client):
    response = admin_client.get("/admin/catalog/comparison/preview.csv/change/", follow=True)

    assert response.status_code == 200
    assert "Perhaps it was deleted?" in response.text


def test_a_preview_can_be_asked_and_offers_no_files(admin_client):
    comparison = make_comparison(status=Status.DRAFT)
    address = f"/admin/catalog/comparison/{comparison.pk}/preview/"

    asked = admin_client.get(f"{address}?sort=fit")
    swapped = admin_client.get(f"{address}?sort=fit", headers={"HX-Request": "true"})

    assert (asked.status_code, swapped.status_code) == (200, 200)
    assert swapped["HX-Push-Url"] == f"{address}?sort=fit"
    assert "takeaway" not in asked.text + swapped.text
    assert "no-store" in swapped["Cache-Control"]
