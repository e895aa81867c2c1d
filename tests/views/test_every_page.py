"""What holds for each public page, whatever it shows."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any
from unittest import mock
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
import time_machine
from django.db import OperationalError, models, transaction
from django.test import Client, override_settings

from catalog.history import editions
from catalog.http import near
from catalog.models import CONTENT, Cell, Edition, Package, Status, Technology
from tests.factories import make_category, make_technology, make_whole_guide
from tests.reading import Document, read

pytestmark = pytest.mark.django_db

THINGS = [
    "/",
    "/categories/top/",
    "/categories/category/",
    "/technologies/technology/",
    "/technologies/newer/",
    "/comparisons/comparison/",
    "/comparisons/comparison/criterion-0/",
    "/stacks/stack/",
    "/versions/versions/",
]
LISTS = [
    "/categories/",
    "/technologies/",
    "/technologies/?text=technology&sort=changed",
    "/technologies/?kind=nonsense&text=" + "x" * 200,
    "/comparisons/",
    "/stacks/",
    "/versions/",
]
# These are asked of what their query says, and say so in their canonical address.
COMPARED = ["/compare/", "/compare/?t=technology&t=newer"]
ADDRESSES = [*THINGS, *LISTS, *COMPARED]


@contextmanager
def whole_guide() -> Iterator[None]:
    """Give the guide one row at least of everything, and take them back."""
    moment = datetime(2026, 11, 22, 23, 59, tzinfo=UTC)
    with transaction.atomic():
        with (
            time_machine.travel(moment, tick=False),
            editions.record("ada", "A guide", Edition.Origin.ADMIN),
        ):
            make_whole_guide()
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def pages(django_db_setup: None, django_db_blocker: Any) -> dict[str, Document]:
    """Every page by its address, read once for all tests."""
    tracker = "https://tracker.example.org/?title={title}&text={address}"
    with django_db_blocker.unblock(), whole_guide(), override_settings(REPORT_TO=tracker):
        return {address: read(Client(), address) for address in ADDRESSES}


@pytest.fixture
def guide(db: None) -> Iterator[None]:
    with whole_guide():
        yield


def test_it_has_one_heading_one_title_and_one_main(pages):
    titles = {address: page.texts("head/title") for address, page in pages.items()}
    for address, page in pages.items():
        (heading,) = page.texts("h1")
        (title,) = titles[address]
        # What is compared has no name: its title names who it is.
        assert title.startswith("" if address in COMPARED else heading), address
        assert title.endswith(" · StackGuide"), address
        assert len(page.find("main")) == 1, address
        assert page.root.get("lang") == "en", address


def test_its_foot_names_the_edition_and_its_date(pages):
    foot = ["Edition 1, 2026-11-22", "Report a mistake on this page"]
    dates = [time.get("datetime") for page in pages.values() for time in page.find("footer//time")]
    assert {address: page.texts("footer/p") for address, page in pages.items()} == dict.fromkeys(
        ADDRESSES, foot
    )
    assert dates == ["2026-11-22"] * len(pages)


def test_its_foot_offers_to_report_a_mistake_on_it(pages):
    for page in pages.values():
        ((text, report),) = page.links("footer")
        assert text == "Report a mistake on this page"
        assert parse_qs(urlsplit(report).query) == {
            "title": page.texts("h1"),
            "text": [link.get("href") for link in page.find("link[@rel='canonical']")],
        }


def test_its_head_tells_machines_what_it_is(pages):
    for address, page in pages.items():
        known = address if address in COMPARED else address.partition("?")[0]
        whole = f"http://testserver{known}"
        said = {meta.get("property"): meta.get("content") for meta in page.find("meta[@property]")}
        (described,) = [meta.get("content") for meta in page.find("meta[@name='description']")]
        (title,) = page.texts("head/title")
        assert [link.get("href") for link in page.find("link[@rel='canonical']")] == [whole]
        assert said.pop("og:type") in ("website", "article")
        assert [said.pop("og:title"), said.pop("og:url")] == [title.split(" · ")[0], whole]
        assert said.pop("og:site_name") == "StackGuide"
        assert list(said.items()) == [("og:description", described)]
        assert described, address


def test_no_two_pages_are_titled_alike(pages):
    titles = [page.texts("head/title") for address, page in pages.items() if "?" not in address]

    assert sorted(titles) == [list(title) for title in sorted({*map(tuple, titles)})]


def test_its_section_is_marked_in_the_masthead(pages):
    for address, page in pages.items():
        marked = page.find("nav[@aria-label='Site']//a[@aria-current='page']")
        section = "comparisons" if address in COMPARED else address.split("/")[1]
        assert [link.get("href") for link in marked] == ([f"/{section}/"] if section else [])


def test_its_masthead_searches_whatever_page_it_is(pages):
    for address, page in pages.items():
        (form,) = page.find("header//form[@role='search']")
        (field,) = form.iter("input")
        assert (form.get("method"), form.get("action")) == ("get", "/search/")
        assert dict(field.items()) == {
            "type": "search",
            "name": "q",
            "id": "site-search",
            "maxlength": "100",
            "value": "celery" if address.startswith("/search/?q=celery") else "",
            "placeholder": "Name, task, A vs B",
            "autocomplete": "off",
            "data-sg-options": "/search/options/",
        }
        assert page.texts("label[@for='site-search']") == ["Search the guide"]
        names = [form.get("aria-label") for form in page.find("form[@role='search']")]
        has_its_own = address.partition("?")[0] == "/technologies/"
        assert names == (["Site", "Technologies"] if has_its_own else ["Site"])


def test_a_trail_names_what_it_is_below_and_not_itself(pages):
    for address in THINGS[1:]:
        (trail,) = pages[address].find("nav[@aria-label='Breadcrumb']/ol")
        links = [link.get("href") for link in trail.iter("a")]
        assert links[0] == f"/{address.split('/')[1]}/"
        assert len(links) == len(trail)
        assert address not in links


def test_links_and_labels_lead_to_ids_that_are_there_once(pages):
    for page in pages.values():
        ids = [element.get("id") for element in page.find("*[@id]")]
        inner = {href[1:] for _, href in page.links("body") if href.startswith("#")}
        labels = {element.get("aria-labelledby") for element in page.find("*[@aria-labelledby]")}
        assert sorted(set(ids)) == sorted(ids)
        assert inner | labels <= set(ids)


@pytest.mark.usefixtures("guide")
def test_every_link_on_it_leads_to_a_page(client):
    links = {href for address in ADDRESSES for _, href in read(client, address).links("body")}
    local = {href for href in links if href.startswith("/")}

    assert {href: client.get(href).status_code for href in local} == dict.fromkeys(local, 200)


@pytest.mark.usefixtures("guide")
def test_head_answers_as_get_does_without_the_body(client):
    for address in ADDRESSES:
        got, head = client.get(address), client.head(address)

        assert (head.status_code, head.content) == (200, b"")
        assert head["Content-Type"] == got["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.usefixtures("guide")
def test_it_only_reads():
    methods = ("POST", "PUT", "PATCH", "DELETE", "TRACE", "OPTIONS")
    # As a browser meets it: with the check for a token that no public page asks for.
    client = Client(enforce_csrf_checks=True)
    addresses = [*ADDRESSES, "/robots.txt", "/favicon.ico", "/sitemap.xml"]
    answers = [client.generic(method, address) for method in methods for address in addresses]

    assert {(answer.status_code, answer["Allow"]) for answer in answers} == {(405, "GET, HEAD")}


@pytest.mark.usefixtures("guide")
def test_it_is_the_same_for_whoever_asks_and_knows_no_cookie(client, admin_client):
    for address in ADDRESSES:
        response = client.get(address)

        assert response.cookies == {}
        assert "Cookie" not in response.get("Vary", "")
        assert admin_client.get(address).content == response.content, address


@pytest.mark.usefixtures("guide")
def test_a_query_it_does_not_know_changes_nothing(client):
    # These are asked by their query, and have tests of their own for it.
    asked = ("/comparisons/comparison/", "/stacks/stack/", "/versions/versions/")
    things = [address for address in THINGS if address not in asked]
    plain = {address: client.get(address).content for address in things}
    queries = [
        "%00",
        "q=%00&t=%00",
        "%ff=%ff",
        "q=%F0%28%8C%28",
        "q=" + "x" * 10_240,
        "t=django&t=django&t=&t",
        "page=-1&against=../../settings&format=%0d%0aSet-Cookie:x",
        "&".join(["t=1"] * 2_000),
        "<script>alert(1)</script>",
    ]

    for query in queries:
        got = {address: client.get(address, QUERY_STRING=query).content for address in things}
        assert got == plain, query[:20]
        assert {client.get(address, QUERY_STRING=query).status_code for address in LISTS} == {200}


@pytest.mark.parametrize("section", ["categories", "technologies", "comparisons", "versions"])
def test_an_address_of_nothing_is_not_found(client, section):
    slugs = [
        *(
            "%00",
            "top%00",
            "%ff",
            "x" * 10_240,
            "BOTTOM",
            "top%0d%0aX-Header:1",
            "a%2Fb",
            "<script>",
        ),
        *("..%2f..%2fadmin", "%F0%9F%92%A9", "nobody"),
    ]
    make_category(slug="top")

    for slug in slugs:
        response = client.get(f"/{section}/{slug}/")
        assert response.status_code == 404, slug[:20]
        page = Document(response.text)
        assert page.texts("h1") == ["There is no such page"]
        assert page.links() == [("To the start page", "/")]


def test_the_nearest_names_are_offered_where_a_page_is_not_found(client):
    make_technology(name="Apache Kafka", slug="apache-kafka")
    make_technology(name="kafka-python", slug="another")
    make_technology(name="Kafkaa", slug="kafkaa", status=Status.DRAFT)
    make_technology(name="Kafkaas", slug="kafkaas", status=Status.ARCHIVED)
    make_category(name="Kafkaa")
    for number in range(9):
        make_technology(name=f"Flask {number}", slug=f"flask-{number}")

    far, near, many = (
        Document(client.get(f"/technologies/{slug}/").text).links("main//ul")
        for slug in ("nothing-like-it", "Kafka-pythn", "flask")
    )

    assert far == []
    assert near == [("kafka-python", "/technologies/another/")]
    assert len(many) == 5


def test_what_is_not_found_asks_for_names_once(client, django_assert_max_num_queries):
    make_technology(name="Kafka", slug="kafka")

    # The state, the page, where it moved to, names of pages near it, the state again.
    with django_assert_max_num_queries(5):
        client.get("/technologies/kafkaa/")


def test_without_the_names_a_page_is_just_not_found():
    with mock.patch.object(Technology.objects, "published", side_effect=OperationalError):
        assert near(Technology, "kafka") == []


PAYLOADS = [
    "<script>x()</script>",
    "\"'><img src=x onerror=x>",
    "javascript:x()",
    "[x](javascript:x)",
    "{{ 7|add:7 }}{% x %}",
    "</title></main><svg onload=x>",
    "&lt;script&gt;",
]


@pytest.mark.usefixtures("guide")
@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_text_is_shown_and_does_nothing(client, payload):
    store_everywhere(payload)

    for address in ADDRESSES:
        page = read(client, address)
        attributes = [pair for element in page.root.iter() for pair in element.items()]
        assert address not in THINGS or page.texts("h1") in ([payload], [f"{payload}: {payload}"])
        assert page.find("img") == []
        assert {svg.get("aria-hidden") for svg in page.find("svg")} <= {"true"}
        assert [script for script in page.find("script") if not is_ours(script)] == []
        assert [name for name, _ in attributes if name.startswith("on")] == []
        assert [value for name, value in attributes if is_unsafe_address(name, value)] == []


def is_ours(script: Element) -> bool:
    return str(script.get("src")).startswith("/static/") and not script.text


def store_everywhere(text: str) -> None:
    """Store a text in every field of the guide that takes one; in an address behind its scheme."""
    Cell.objects.update(verified_on=date(2026, 11, 22))  # asked for where somebody is named
    for model in CONTENT:
        fields = [field for field in model._meta.concrete_fields if is_free_text(field)]
        for row in model.objects.all() if fields else []:
            values = {field.name: stored_in(field, row.pk, text) for field in fields}
            if model is Cell and row.measurement_id:
                del values["source"]  # a cell rests on one of the two
            model.objects.filter(pk=row.pk).update(**values)


def is_free_text(field: models.Field) -> bool:
    texts = (models.CharField, models.TextField)
    return isinstance(field, texts) and not (field.choices or isinstance(field, models.SlugField))


def stored_in(field: models.Field, pk: int, text: str) -> str:
    if isinstance(field, models.URLField):
        return f"https://example.org/{text}"
    if field.model is Package:
        return f"{text}{pk}"  # unique
    return text[: field.max_length]


def is_unsafe_address(name: str, value: str) -> bool:
    good = ("/", "#", "https://", "http://testserver/")
    return name in ("href", "src") and not value.startswith(good)


# What crawlers are told ---------------------------------------------------------------------------


NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def locations(client: Client) -> list[str]:
    root = ElementTree.fromstring(client.get("/sitemap.xml").content)  # noqa: S314 - our own
    return [element.text for element in root.iter(f"{NAMESPACE}loc")]


def test_every_published_page_is_in_it_and_answers(client):
    make_whole_guide()

    found = locations(client)

    assert "http://testserver/" in found
    assert "http://testserver/technologies/technology/" in found
    assert len(set(found)) == len(found)
    answers = {url: client.get(url.removeprefix("http://testserver")).status_code for url in found}
    assert answers == dict.fromkeys(found, 200)


def test_drafts_and_archived_pages_are_not(client):
    make_technology(slug="draft", status=Status.DRAFT)
    make_technology(slug="archived", status=Status.ARCHIVED)

    assert [url for url in locations(client) if url.count("/") > 4] == []


def test_crawlers_are_kept_out_of_the_admin_and_shown_the_sitemap(client):
    response = client.get("/robots.txt")

    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.text == (
        "User-agent: *\nDisallow: /admin/\n\nSitemap: http://testserver/sitemap.xml\n"
    )
