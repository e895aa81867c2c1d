import pytest
from django.test import Client
from pytest_django.asserts import assertInHTML, assertTemplateUsed

from catalog.history import editions
from catalog.models import Edition, Listing, Status, Technology
from catalog.views.technologies import PER_PAGE
from tests.factories import (
    make_alias,
    make_category,
    make_cell,
    make_comparison,
    make_contender,
    make_listing,
    make_package,
    make_package_facts,
    make_technology,
)
from tests.reading import Document, read, text_of

pytestmark = pytest.mark.django_db

ADDRESS = "/technologies/"


@pytest.fixture
def htmx_client() -> Client:
    return Client(headers={"HX-Request": "true"})


def found(client: Client, query: str = "") -> list[str]:
    """The names of the technologies on the page, in its order."""
    page = read(client, f"{ADDRESS}{query}")
    return [text_of(link) for link in page.find("section/ul/li/a")]


def status(client: Client, query: str = "") -> list[str]:
    return read(client, f"{ADDRESS}{query}").texts("p[@role='status']")


def options(page: Document, name: str) -> list[str]:
    return page.texts(f"select[@name='{name}']/option")


def test_every_published_technology_stands_by_slug(client):
    for name in ("Zope", "aiohttp", "Django"):
        make_technology(name=name, slug=name.lower())
    make_technology(name="Kept back", status=Status.DRAFT)
    make_technology(name="Retired", status=Status.ARCHIVED)

    assert found(client) == ["aiohttp", "Django", "Zope"]
    assert status(client) == ["3 of 3 technologies"]


def test_a_technology_is_shown_with_kind_and_line_of_truth(client):
    technology = make_technology(
        name="Flask", kind="framework", lifecycle="maintenance", summary="A small framework."
    )
    make_listing(make_category(name="Tools"), technology, verdict=Listing.Verdict.AVOID)
    make_listing(make_category(name="Web"), technology, qualifier="for Simple APIs", position=2)
    make_package_facts(make_package(technology), latest_version="3.1", released_on="2026-11-05")
    comparison = make_comparison(title="Web compared", contenders=1, criteria=1)
    make_cell(comparison.criteria.get(), make_contender(comparison, technology=technology))
    make_listing(make_category(name="Later", status=Status.DRAFT), technology)

    page = read(client, ADDRESS)

    assert page.texts("section/ul[@class='rows found']/li")[:1] == [
        "Flask framework A small framework. Recommended for Simple APIs in Web "
        "75.0, joint 1st of 2 in Web compared newest 3.1, 2026-11 lifecycle maintenance only "
        "also in Tools (avoid)"
    ]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("flask", ["Flask"]),
        ("FLA", ["Flask"]),
        ("micro", ["Flask"]),
        ("redis queue", ["RQ"]),
        ("queue redis", ["RQ"]),
        ("psycopg-binary", ["psycopg3"]),
        ("nothing like it", []),
        ("100%", []),
        ("_", []),
        ("", ["Flask", "psycopg3", "RQ"]),
    ],
)
def test_a_text_is_looked_for_in_names_aliases_packages_and_summaries(client, text, names):
    make_technology(name="Flask", slug="flask", summary="A micro framework")
    make_alias(make_technology(name="RQ", slug="rq"), name="Redis Queue", slug="redis-queue")
    make_package(make_technology(name="psycopg3", slug="psycopg3"), name="psycopg-binary")

    assert found(client, f"?text={text.replace('%', '%25')}") == names


def test_a_category_includes_the_ones_below_it(client):
    top = make_category(slug="top")
    child = make_category(slug="child", parent=top)
    make_listing(top, make_technology(name="A", slug="a"))
    make_listing(child, make_technology(name="B", slug="b"))
    make_listing(technology=make_technology(name="C", slug="c"))

    assert found(client, "?category=top") == ["A", "B"]
    assert found(client, "?category=child") == ["B"]


def test_category_and_verdict_ask_for_one_listing_that_answers_to_both(client):
    web, other = make_category(slug="web"), make_category(slug="other")
    recommended = make_technology(name="A", slug="a")
    make_listing(web, recommended)
    mixed = make_technology(name="B", slug="b")
    make_listing(web, mixed, verdict=Listing.Verdict.AVOID)
    make_listing(other, mixed)

    assert found(client, "?category=web&verdict=recommended") == ["A"]
    assert found(client, "?verdict=recommended") == ["A", "B"]
    assert found(client, "?category=web") == ["A", "B"]


def test_kind_and_lifecycle_narrow_the_list(client):
    make_technology(name="A", slug="a", kind="framework", lifecycle="deprecated")
    make_technology(name="B", slug="b", kind="framework")
    make_technology(name="C", slug="c", kind="tool", lifecycle="deprecated")

    assert found(client, "?kind=framework") == ["A", "B"]
    assert found(client, "?lifecycle=deprecated") == ["A", "C"]
    assert found(client, "?kind=framework&lifecycle=deprecated") == ["A"]
    assert found(client, "?lifecycle=unknown") == ["B"]


def test_the_order_can_be_turned_round_or_by_last_change(client):
    for slug in ("a", "b", "c"):
        with editions.record("ada", "", Edition.Origin.ADMIN):
            make_technology(name=slug.upper(), slug=slug)
    with editions.record("ada", "", Edition.Origin.ADMIN):
        Technology.objects.filter(slug="b").update(summary="New words")

    assert found(client, "?sort=-name") == ["C", "B", "A"]
    assert found(client, "?sort=changed") == ["B", "C", "A"]


def test_each_choice_says_how_many_it_would_find(client):
    top = make_category(name="Top", position=1)
    child = make_category(name="Below", parent=top)
    make_category(name="Empty", position=2)
    both = make_technology(kind="framework", lifecycle="active")
    make_listing(top, both)
    make_listing(child, both, verdict=Listing.Verdict.AVOID)
    make_listing(child, make_technology(kind="tool"))
    make_listing(child, make_technology(status=Status.DRAFT))

    page = read(client, ADDRESS)

    assert options(page, "category") == ["all", "Top (2)", "\N{EN DASH} Below (2)", "Empty (0)"]
    assert options(page, "verdict")[:3] == ["all", "recommended (2)", "alternative (0)"]
    assert "avoid (1)" in options(page, "verdict")
    assert {"framework (1)", "tool (1)", "database (0)"} <= set(options(page, "kind"))
    assert {"active (1)", "deprecated (0)", "unknown (1)"} <= set(options(page, "lifecycle"))


def test_pages_keep_what_was_asked(client):
    for number in range(PER_PAGE + 1):
        make_technology(name=f"T{number:03}", slug=f"t{number:03}", kind="tool")
    make_technology(kind="framework")

    first = read(client, f"{ADDRESS}?kind=tool&text=T&sort=-name&verdict=")
    second = read(client, f"{ADDRESS}?kind=tool&text=T&sort=-name&page=2")

    next_page = f"{ADDRESS}?text=T&kind=tool&sort=-name&page=2"
    assert first.links("section/nav") == [("Next", next_page)]
    assert second.links("section/nav") == [("Previous", next_page.removesuffix("&page=2"))]
    assert second.texts("p[@role='status']") == [f"{PER_PAGE + 1} of {PER_PAGE + 2} technologies"]
    assert [text_of(link) for link in second.find("section/ul/li/a")] == ["T000"]
    assert second.find("option[@value='tool']")[0].get("selected") is not None
    assert second.find("main//input[@name='text']")[0].get("value") == "T"


@pytest.mark.parametrize("number", ["0", "-1", "99", "abc", "9" * 5_000, "%D9%A1", "1e3", ""])
def test_a_page_that_is_not_there_is_the_nearest_or_the_first(client, number):
    make_technology(name="Only")

    assert found(client, f"?page={number}") == ["Only"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("kind=banana", "Kind: Select a valid choice."),
        ("category=nobody", "Category: Select a valid choice."),
        ("sort=name__regex", "Order: Select a valid choice."),
        ("verdict=a&verdict=%27;drop", "Verdict: Select a valid choice."),
        ("text=" + "x" * 101, "Text: Ensure this value has at most 100 characters"),
    ],
)
def test_nonsense_is_left_out_and_said(client, query, said):
    make_technology(name="Still here")

    page = read(client, f"{ADDRESS}?{query}")

    (sentence,) = page.texts("ul[@class='errors']/li")
    assert sentence.startswith(said)
    assert sentence.endswith("It was left out.")
    assert page.texts("section/ul/li/a") == ["Still here"]


def test_characters_that_nobody_can_type_are_not_there(client):
    make_technology(name="Flask")

    page = read(client, f"{ADDRESS}?text=fl%00a%01s%EF%BF%BFk&kind=%00")

    assert page.find("main//input[@name='text']")[0].get("value") == "flask"
    assert page.texts("section/ul/li/a") == ["Flask"]


def test_a_draft_category_is_no_choice(client):
    draft = make_category(slug="draft", name="Kept back", status=Status.DRAFT)
    make_listing(draft, make_technology(name="Shown"))

    assert options(read(client, ADDRESS), "category") == ["all"]
    assert status(client, "?category=draft") == ["1 of 1 technologies"]
    assert found(client, "?verdict=recommended") == []


@pytest.mark.parametrize("query", ["", "?kind=tool", "?kind=nonsense", "?text=zzz", "?page=2"])
def test_the_fragment_is_a_piece_of_the_page(client, htmx_client, query):
    for _ in range(PER_PAGE + 1):
        make_technology(kind="tool")

    page, fragment = client.get(ADDRESS + query), htmx_client.get(ADDRESS + query)

    assertTemplateUsed(page, "base.html")
    assert "<html" not in fragment.text
    assertInHTML(fragment.text, page.text, count=1)


@pytest.mark.parametrize("header", ["HX-Boosted", "HX-History-Restore-Request"])
def test_htmx_navigation_gets_the_whole_page(header):
    response = Client(headers={"HX-Request": "true", header: "true"}).get(ADDRESS)

    assertTemplateUsed(response, "base.html")
    assert "HX-Push-Url" not in response


def test_caches_are_told_there_are_two_representations(client, htmx_client):
    page, fragment = client.get(ADDRESS), htmx_client.get(ADDRESS)

    assert page["Vary"] == fragment["Vary"] == "HX-Request, HX-Boosted, HX-History-Restore-Request"
    assert page["ETag"] != fragment["ETag"]


@pytest.mark.parametrize(
    ("asked", "pushed"),
    [
        ("?text=&category=&verdict=&kind=&lifecycle=&sort=", ADDRESS),
        ("?sort=-name&kind=tool&text=a+b", f"{ADDRESS}?text=a+b&kind=tool&sort=-name"),
        ("?kind=banana&page=1&utm=x", ADDRESS),
    ],
)
def test_the_fragment_pushes_the_canonical_address(htmx_client, asked, pushed):
    assert htmx_client.get(ADDRESS + asked)["HX-Push-Url"] == pushed


def test_nothing_found_and_nothing_there_are_said_in_words_of_their_own(client):
    nothing_there = read(client, ADDRESS).texts("ul[@class='rows found']/li")
    make_technology(name="Flask")
    nothing_found = read(client, f"{ADDRESS}?text=zzz").texts("ul[@class='rows found']/li")

    assert nothing_there == ["There is no technology yet."]
    assert nothing_found == ["Nothing answers to all of this; leave something out."]
