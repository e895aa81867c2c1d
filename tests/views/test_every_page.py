"""What holds for each public page, whatever it shows."""

from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree.ElementTree import Element

import pytest
import time_machine
from django.db import models
from django.test import Client

from catalog.history import editions
from catalog.models import CONTENT, Cell, Edition, Package
from tests.factories import make_whole_guide
from tests.reading import Document, read, text_of

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
every_page = pytest.mark.parametrize("address", ADDRESSES)


@pytest.fixture(autouse=True)
def whole_guide() -> None:
    moment = datetime(2026, 11, 22, 23, 59, tzinfo=UTC)
    with (
        time_machine.travel(moment, tick=False),
        editions.record("ada", "A guide", Edition.Origin.ADMIN),
    ):
        make_whole_guide()


@every_page
def test_it_has_one_heading_one_title_and_one_main(client: Client, address: str) -> None:
    page = read(client, address)

    (heading,) = page.texts("h1")
    assert page.texts("head/title") == [f"{heading} · StackGuide"]
    assert len(page.find("main")) == 1
    assert page.root.get("lang") == "en"


@every_page
def test_its_foot_names_the_edition_and_its_date(client: Client, address: str) -> None:
    page = read(client, address)

    assert page.texts("footer") == ["Edition 1, 2026-11-22"]
    assert [time.get("datetime") for time in page.find("footer//time")] == ["2026-11-22"]


@every_page
def test_its_foot_offers_to_report_a_mistake_on_it(
    client: Client, settings: Any, address: str
) -> None:
    settings.REPORT_TO = "https://tracker.example.org/?title={title}&text={address}"

    page = read(client, address)

    ((text, report),) = page.links("footer")
    assert text == "Report a mistake on this page"
    assert parse_qs(urlsplit(report).query) == {
        "title": page.texts("h1"),
        "text": [link.get("href") for link in page.find("link[@rel='canonical']")],
    }


@every_page
def test_its_head_tells_machines_what_it_is(client: Client, address: str) -> None:
    page = read(client, address)

    (heading,) = page.texts("h1")
    known = address if address in COMPARED else address.partition("?")[0]
    whole = f"http://testserver{known}"
    said = {meta.get("property"): meta.get("content") for meta in page.find("meta[@property]")}
    described = [meta.get("content") for meta in page.find("meta[@name='description']")]
    assert [link.get("href") for link in page.find("link[@rel='canonical']")] == [whole]
    assert said.pop("og:type") in ("website", "article")
    assert [said.pop(name) for name in ("og:title", "og:url")] == [heading, whole]
    assert said.pop("og:site_name") == "StackGuide"
    assert list(said.items()) == [("og:description", text) for text in described]


@every_page
def test_its_section_is_marked_in_the_masthead(client: Client, address: str) -> None:
    page = read(client, address)

    marked = page.find("nav[@aria-label='Site']//a[@aria-current='page']")
    section = "comparisons" if address in COMPARED else address.split("/")[1]
    assert [link.get("href") for link in marked] == ([f"/{section}/"] if section else [])


@every_page
def test_its_masthead_searches_whatever_page_it_is(client: Client, address: str) -> None:
    page = read(client, address)

    (form,) = page.find("header//form[@role='search']")
    (field,) = form.iter("input")
    assert (form.get("method"), form.get("action")) == ("get", "/technologies/")
    assert dict(field.items()) == {
        "type": "search",
        "name": "text",
        "id": "site-search",
        "maxlength": "100",
    }
    assert page.texts("label[@for='site-search']") == ["Search technologies"]
    names = [form.get("aria-label") for form in page.find("form[@role='search']")]
    assert names == (
        ["Site", "Technologies"] if address.partition("?")[0] == "/technologies/" else ["Site"]
    )


@pytest.mark.parametrize("address", THINGS[1:])
def test_a_trail_leads_from_its_section_to_it(client: Client, address: str) -> None:
    page = read(client, address)

    (trail,) = page.find("nav[@aria-label='Breadcrumb']/ol")
    links = [link.get("href") for link in trail.iter("a")]
    assert links[0] == f"/{address.split('/')[1]}/"
    assert [text_of(item) for item in trail if item.get("aria-current")] == page.texts("h1")


@every_page
def test_a_table_of_contents_leads_to_places_on_the_page(client: Client, address: str) -> None:
    page = read(client, address)

    ids = {element.get("id") for element in page.find("*[@id]")}
    inner = {href[1:] for _, href in page.links("body") if href.startswith("#")}
    assert inner <= ids


@every_page
def test_no_two_elements_share_an_id_and_every_label_points_at_one(
    client: Client, address: str
) -> None:
    page = read(client, address)

    ids = [element.get("id") for element in page.find("*[@id]")]
    labels = {element.get("aria-labelledby") for element in page.find("*[@aria-labelledby]")}
    assert sorted(set(ids)) == sorted(ids)
    assert labels <= set(ids)


@every_page
def test_every_link_on_it_leads_to_a_page(client: Client, address: str) -> None:
    local = {href for _, href in read(client, address).links("body") if href.startswith("/")}

    answers = {href: client.get(href).status_code for href in local}
    assert answers == dict.fromkeys(local, 200)


@every_page
def test_head_answers_as_get_does_without_the_body(client: Client, address: str) -> None:
    got, head = client.get(address), client.head(address)

    assert (head.status_code, head.content) == (200, b"")
    assert head["Content-Type"] == got["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "OPTIONS"])
def test_it_only_reads(client: Client, method: str) -> None:
    answers = [client.generic(method, address) for address in ADDRESSES]

    assert {(answer.status_code, answer["Allow"]) for answer in answers} == {(405, "GET, HEAD")}


@every_page
def test_it_knows_no_cookie_and_sets_none(client: Client, address: str) -> None:
    response = client.get(address)

    assert response.cookies == {}
    assert "Cookie" not in response.get("Vary", "")


@every_page
def test_it_is_the_same_for_whoever_asks(
    client: Client, admin_client: Client, address: str
) -> None:
    assert admin_client.get(address).content == client.get(address).content


@pytest.mark.parametrize(
    "query",
    [
        "%00",
        "q=%00&t=%00",
        "%ff=%ff",
        "q=%F0%28%8C%28",
        "q=" + "x" * 10_240,
        "t=django&t=django&t=&t",
        "page=-1&against=../../settings&format=%0d%0aSet-Cookie:x",
        "&".join(["t=1"] * 2_000),
        "<script>alert(1)</script>",
    ],
    ids=lambda query: query[:20],
)
def test_a_query_it_does_not_know_changes_nothing(client: Client, query: str) -> None:
    # These two are asked by their query, and have tests of their own for it.
    asked = ("/comparisons/comparison/", "/versions/versions/")
    things = [address for address in THINGS if address not in asked]
    plain = {address: client.get(address).content for address in things}

    assert {address: client.get(address, QUERY_STRING=query).content for address in things} == plain
    assert {client.get(address, QUERY_STRING=query).status_code for address in LISTS} == {200}


@pytest.mark.parametrize("section", ["categories", "technologies", "comparisons", "versions"])
@pytest.mark.parametrize(
    "slug",
    [
        "%00",
        "top%00",
        "%ff",
        "x" * 10_240,
        "TOP",
        "top%0d%0aX-Header:1",
        "a%2Fb",
        "..%2f..%2fadmin",
        "%F0%9F%92%A9",
        "<script>",
        "nobody",
    ],
    ids=lambda slug: slug[:20],
)
def test_an_address_of_nothing_is_not_found(client: Client, section: str, slug: str) -> None:
    response = client.get(f"/{section}/{slug}/")

    assert response.status_code == 404
    assert Document(response.text).texts("h1") == ["There is no such page"]


PAYLOADS = [
    "<script>x()</script>",
    "\"'><img src=x onerror=x>",
    "javascript:x()",
    "[x](javascript:x)",
    "{{ 7|add:7 }}{% x %}",
    "</title></main><svg onload=x>",
    "&lt;script&gt;",
]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_text_is_shown_and_does_nothing(client: Client, payload: str) -> None:
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
