"""A slug is given once: a draft's may be mended, a published or archived thing's may not."""

import pytest
from django.test import Client

from catalog.models import Category, Snippet, Status
from tests.admin.pages import read_form, save, url_for, url_of
from tests.factories import make_category, make_snippet

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


@pytest.mark.parametrize("status", [Status.PUBLISHED, Status.ARCHIVED])
def test_a_slug_with_an_address_is_not_in_the_form(admin_client: Client, status: Status) -> None:
    category = make_category(status=status)

    assert "slug" not in read_form(admin_client.get(url_of(category)))


@pytest.mark.parametrize("status", [Status.PUBLISHED, Status.ARCHIVED])
def test_a_forged_slug_is_ignored(admin_client: Client, status: Status) -> None:
    category = make_category(slug="databases", status=status)

    save(admin_client, url_of(category), slug="other", name="New", status="draft")

    assert Category.objects.values_list("slug", "name", "status").get() == (
        "databases",
        "New",
        "draft",
    )


def test_a_drafts_slug_can_be_mended(admin_client: Client) -> None:
    category = make_category(slug="databsaes", status=Status.DRAFT)

    save(admin_client, url_of(category), slug="databases", status="published")

    assert Category.objects.values_list("slug", "status").get() == ("databases", "published")


def test_a_draft_that_failed_to_be_published_still_has_its_slug_to_mend(
    admin_client: Client,
) -> None:
    category = make_category(slug="databases", status=Status.DRAFT)

    page = save(admin_client, url_of(category), slug="Not A Slug", status="published")

    assert read_form(page)["slug"] == "Not A Slug"


def test_a_snippet_keeps_its_slug(admin_client: Client) -> None:
    snippet = make_snippet(slug="hello")

    save(admin_client, url_of(snippet), slug="other")

    assert Snippet.objects.get().slug == "hello"


def test_only_a_new_things_slug_follows_its_name(admin_client: Client) -> None:
    draft = make_category(status=Status.DRAFT)

    pages = [admin_client.get(url) for url in (url_for(Category, "add"), url_of(draft))]

    followed = [page.context["adminform"].prepopulated_fields for page in pages]
    assert [len(fields) for fields in followed] == [1, 0]


def test_a_draft_offers_no_public_address(admin_client: Client) -> None:
    rows = [make_category(slug="seen"), make_category(status=Status.DRAFT)]

    pages = [admin_client.get(url_of(row)) for row in rows]

    assert [page.context["absolute_url"] for page in pages] == ["/categories/seen/", None]
