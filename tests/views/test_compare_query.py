"""Who is put side by side, and how a reader goes on, as page, fragment and address."""

import pytest
from django.test import Client

from catalog.models import Moved, Pin, Status, Technology
from tests.factories import (
    make_category,
    make_companion,
    make_listing,
    make_package,
    make_technology,
    make_version_set,
)
from tests.reading import Document, read
from tests.side_by_side import SWAP, ask, boxes, compared_in, complaints, make, page_of, rows

pytestmark = pytest.mark.django_db


# Who is in it -------------------------------------------------------------------------------------


def test_archived_technologies_are_allowed_and_drafts_are_unknown(client: Client) -> None:
    make("a")
    make("old", status=Status.ARCHIVED)
    make("secret", status=Status.DRAFT)

    page = page_of(client, "a", "old", "secret", "nobody")

    assert page.compared()[0] == ["Criterion", "A", "OLD"]
    assert complaints(page) == [
        "The guide has no technology “secret”; it was left out.",
        "The guide has no technology “nobody”; it was left out.",
    ]
    assert "SECRET" not in ask(client, ("t", "a")).text


def test_drafts_are_named_nowhere(client: Client) -> None:
    a, b = make("a", "b")
    draft = make_technology(name="Kept back", slug="kept-back", status=Status.DRAFT)
    Technology.objects.filter(pk=a.pk).update(replaced_by=draft)
    make_companion(a, companion=draft)
    shelf = make_category(name="Kept back", status=Status.DRAFT)
    for technology in (a, b, draft):
        make_listing(shelf, technology)
    make_listing(make_category(name="Web"), a)
    make_listing(a.listings.get(category__name="Web").category, draft)
    package = make_package(a)
    Pin.objects.create(
        version_set=make_version_set(pins=0, status=Status.DRAFT), package=package, specifier="^7"
    )
    compared_in("table", a, draft)

    text = ask(client, ("t", "a"), ("t", "b")).text

    assert "Kept back" not in text
    assert "^7" not in text
    assert "table" not in rows(Document(text))


def test_who_was_renamed_is_found_and_a_draft_is_named_as_it_was_asked_for(client: Client) -> None:
    make("after")
    make("secret", status=Status.DRAFT)
    Moved.objects.create(kind="technology", old="before", new="after")
    Moved.objects.create(kind="technology", old="known-once", new="secret")

    moved = ask(client, ("t", "before"))
    page = page_of(client, "known-once")

    assert (moved.status_code, moved["Location"]) == (302, "/compare/?t=after")
    assert complaints(page) == ["The guide has no technology “known-once”; it was left out."]


def test_more_than_ten_are_left_out_with_a_sentence(client: Client) -> None:
    slugs = [f"t{number:02}" for number in range(17)]
    make(*slugs)

    page = page_of(client, *slugs)

    assert boxes(page) == slugs[:10]
    assert complaints(page) == [
        "At most 10 technologies stand side by side; left out: T10, T11, T12, T13, T14, …."
    ]
    (select,) = page.find("select[@id='add']")
    assert select.get("disabled") is not None
    assert page.texts("span[@id='full']") == ["10 is the most; take one out to add another."]


# How to begin and go on ---------------------------------------------------------------------------


def test_without_technologies_it_says_how_to_begin(client: Client) -> None:
    make("b", "a")
    make("old", status=Status.ARCHIVED)
    compared_in("table")

    page = read(client, "/compare/")

    assert page.find("table") == []
    assert [option.get("value") for option in page.find("select[@id='add']/option")] == [
        "",
        "a",
        "b",
    ]
    assert ("TABLE", "/comparisons/table/") in page.links()


def test_one_technology_shows_its_column_and_asks_for_a_second(client: Client) -> None:
    make("a", licence="MIT")

    page = page_of(client, "a")

    assert page.compared() == [["Criterion", "A"], ["Licence", "MIT"]]
    assert page.texts("p[@class='lede']") == ["One stands alone: add a second to put beside it."]


def test_the_next_is_added_by_a_form_that_keeps_the_others(client: Client) -> None:
    make("a", "b", "c")
    page = page_of(client, "a", "b")

    (form,) = page.find("form[@class='desk']")
    sent = [field for field in form.iter() if field.get("name") == "t"]
    assert (form.get("method"), form.get("action")) == ("get", "/compare/")
    assert [field.get("value") for field in sent] == ["a", "b", None]
    assert [option.get("value") for option in sent[2]] == ["", "c"]


def test_rivals_share_a_category_and_are_not_in_yet(client: Client) -> None:
    a, b, c, d, stranger = make("a", "b", "c", "d", "stranger")
    web, tools = make_category(), make_category()
    for technology in (a, b, c, d):
        make_listing(web, technology)
    make_listing(tools, a)
    make_listing(tools, d)
    kept_back = make_category(status=Status.DRAFT)
    make_listing(kept_back, a)
    make_listing(kept_back, stranger)

    page = page_of(client, "a", "b")

    assert [pair for pair in page.links() if pair[1].startswith("/compare/?")] == [
        ("D", "/compare/?t=a&t=b&t=d"),
        ("C", "/compare/?t=a&t=b&t=c"),
    ]


def test_a_group_that_the_next_technology_brings_is_shown(client: Client) -> None:
    a, b, c = make("a", "b", "c", licence="MIT")
    compared_in("ab", a, b)
    compared_in("bc", b, c)
    chosen = [("t", "a"), ("t", "b"), ("t", "c")]
    had = [("had", "guide"), ("had", "ab")]

    both = ask(client, *chosen, ("group", "guide"), ("group", "ab"), *had)
    one = ask(client, *chosen, ("group", "ab"), *had)

    assert both["Location"] == "/compare/?t=a&t=b&t=c"
    assert one["Location"] == "/compare/?t=a&t=b&t=c&group=ab&group=bc"


def test_a_group_that_went_with_a_technology_is_not_complained_of(client: Client) -> None:
    a, b = make("a", "b", licence="MIT")
    compared_in("ab", a, b)

    response = ask(
        client,
        ("t", "a"),
        *(("group", key) for key in ("guide", "ab")),
        ("had", "guide"),
        ("had", "ab"),
    )

    assert (response.status_code, response["Location"]) == (302, "/compare/?t=a")


# Addresses ----------------------------------------------------------------------------------------


def test_a_form_leads_to_the_one_address_of_what_it_asks(client: Client) -> None:
    compared_in("table", *make("a", "b"))

    response = ask(
        client, ("differ", "1"), ("t", "b"), ("t", "a"), ("t", "b"), ("t", ""), ("w", "")
    )

    assert response["Location"] == "/compare/?t=b&t=a&differ=1"
    assert response["Vary"] == "HX-Request, HX-Boosted, HX-History-Restore-Request"


def test_the_fragment_is_the_same_as_in_the_page(client: Client) -> None:
    compared_in("table", *make("a", "b"))
    address = "/compare/?t=a&t=b&differ=1"

    page = client.get(address).text
    fragment = client.get(address, headers=SWAP)

    said = '<p data-hx-swap-oob="innerHTML:#said">'
    start, _, rest = fragment.text.partition(said)
    body = start + rest.partition("</p>")[2]
    assert "".join(body.split()) in "".join(page.split())
    assert fragment["HX-Push-Url"] == address
    assert fragment["Vary"] == "HX-Request, HX-Boosted, HX-History-Restore-Request"


def test_crawlers_are_told_to_leave_it(client: Client) -> None:
    make("a", "b")

    page = page_of(client, "a", "b")

    assert [meta.get("content") for meta in page.find("meta[@name='robots']")] == ["noindex"]
    assert [link.get("href") for link in page.find("link[@rel='canonical']")] == [
        "http://testserver/compare/?t=a&t=b"
    ]
    assert "/compare/" not in client.get("/sitemap.xml").text


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("t=" + "x" * 10_000, 400),
        ("&".join(["t=a"] * 1_001), 400),
        ("t=" + "x" * 7_000, 200),
        ("t=%00", 302),
        ("t=a%00", 302),
        ("t=%ff&must=%ff.3", 200),
        ("&".join(["t=a"] * 50), 302),
        ("t=a&must=.&w=&w=..&sort=-&group=&differ=2", 200),
        ("t=a&had=nothing&group=<script>", 200),
    ],
    ids=lambda value: str(value)[:30],
)
def test_hostile_queries_are_answered(client: Client, query: str, status: int) -> None:
    make("a")

    for headers in ({}, SWAP):
        response = client.get("/compare/", QUERY_STRING=query, headers=headers)
        assert response.status_code == (200 if headers and status == 302 else status)
        assert "<script>x" not in response.text
        assert len(response.content) < 20_000
