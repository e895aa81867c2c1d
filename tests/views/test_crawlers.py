"""What crawlers are told."""

from xml.etree import ElementTree

import pytest
from django.test import Client

from catalog.models import Status
from tests.factories import make_technology, make_whole_guide

pytestmark = pytest.mark.django_db
NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def locations(client: Client) -> list[str]:
    root = ElementTree.fromstring(client.get("/sitemap.xml").content)  # noqa: S314 - our own
    return [element.text for element in root.iter(f"{NAMESPACE}loc")]


def test_every_published_page_is_in_it_and_answers(client: Client) -> None:
    make_whole_guide()

    found = locations(client)

    assert "http://testserver/" in found
    assert "http://testserver/technologies/technology/" in found
    assert len(set(found)) == len(found)
    answers = {url: client.get(url.removeprefix("http://testserver")).status_code for url in found}
    assert answers == dict.fromkeys(found, 200)


def test_drafts_and_archived_pages_are_not(client: Client) -> None:
    make_technology(slug="draft", status=Status.DRAFT)
    make_technology(slug="archived", status=Status.ARCHIVED)

    assert [url for url in locations(client) if url.count("/") > 4] == []


def test_crawlers_are_kept_out_of_the_admin_and_shown_the_sitemap(client: Client) -> None:
    response = client.get("/robots.txt")

    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.text == (
        "User-agent: *\nDisallow: /admin/\n\nSitemap: http://testserver/sitemap.xml\n"
    )
