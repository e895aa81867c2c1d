from urllib.parse import urlencode

import pytest
from django.test import Client
from pytest_django.asserts import assertInHTML, assertTemplateUsed

from catalog.filters import FACETS
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
from tests.searching import index_all

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


def counts(page: Document, facet: str) -> dict[str, int]:
    """How many each choice of a facet says it would find."""
    said = page.texts(f"fieldset[@id='facet-{facet}']/label")
    return {label: int(count) for label, count in (one.rsplit(" ", 1) for one in said)}


def orders(page: Document) -> list[str]:
    return page.texts("select[@name='sort']/option")


def make_facets() -> None:
    """Four technologies that differ in every facet, one of them in two categories."""
    top, other = make_category(slug="top", name="Top"), make_category(slug="other", name="Other")
    child = make_category(slug="child", name="Child", parent=top)
    make_listing(top, make_technology(slug="a", kind="framework", lifecycle="active"))
    both = make_technology(slug="b", kind="framework", summary="Fast")
    make_listing(child, both, verdict=Listing.Verdict.AVOID)
    make_listing(other, both, verdict=Listing.Verdict.ALTERNATIVE)
    tool = make_technology(slug="c", kind="tool", lifecycle="deprecated", summary="Fast")
    make_listing(other, tool, verdict=Listing.Verdict.AVOID)
    make_technology(slug="d", kind="library", lifecycle="active")
    for one in Technology.objects.all():
        Technology.objects.filter(pk=one.pk).update(name=one.slug.upper())
    index_all()


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
    make_category(name="Flask micro")
    index_all()

    assert found(client, f"?text={text.replace('%', '%25')}") == names


def test_the_best_answer_comes_first_and_what_was_meant_is_said(client):
    make_technology(name="Admin", slug="admin", summary="For Django.")
    make_technology(name="Django", slug="django")
    make_technology(name="Redis", slug="redis")
    index_all()

    page = read(client, f"{ADDRESS}?text=djnago")

    assert page.texts("section/ul/li/a") == ["Django", "Admin"]
    assert page.texts("p[@class='note']") == [
        "Nothing is called “djnago”; this list answers for django."
    ]
    assert read(client, f"{ADDRESS}?text=django").texts("p[@class='note']") == []


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("category=top", ["A", "B"]),
        ("category=child", ["B"]),
        ("category=child&category=other", ["B", "C"]),
        ("kind=framework", ["A", "B"]),
        ("kind=tool&kind=framework", ["A", "B", "C"]),
        ("lifecycle=active&lifecycle=unknown", ["A", "B", "D"]),
        ("kind=framework&kind=tool&lifecycle=active&lifecycle=deprecated", ["A", "C"]),
        ("verdict=avoid&verdict=recommended", ["A", "B", "C"]),
        ("category=top&verdict=alternative", []),
        ("category=top&category=other&verdict=avoid", ["B", "C"]),
        ("text=fast&kind=framework", ["B"]),
        ("kind=banana&kind=tool", ["C"]),
    ],
)
def test_a_facet_takes_one_of_several_values_and_all_facets_together(client, query, names):
    make_facets()

    assert found(client, f"?{query}") == names


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


def test_the_order_is_by_name_verdict_release_or_change(client):
    for slug, released in (("a", "2026-11"), ("b", ""), ("c", "2026-11-05"), ("d", None)):
        with editions.record("ada", "", Edition.Origin.ADMIN):
            one = make_technology(name=slug.upper(), slug=slug)
            if released is not None:
                make_package_facts(make_package(one), released_on=released)
    with editions.record("ada", "", Edition.Origin.ADMIN):
        Technology.objects.filter(slug="b").update(summary="New words")
    web, other = make_category(slug="web"), make_category(slug="other")
    for slug, category, verdict in (("d", web, "avoid"), ("c", web, "situational")):
        make_listing(category, Technology.objects.get(slug=slug), verdict=verdict)
    make_listing(other, Technology.objects.get(slug="d"))

    assert found(client, "?sort=-name") == ["D", "C", "B", "A"]
    assert found(client, "?sort=verdict") == ["D", "C", "A", "B"]
    assert found(client, "?sort=verdict&category=web") == ["C", "D"]
    assert found(client, "?sort=release") == ["C", "A", "B", "D"]
    assert found(client, "?sort=changed") == ["B", "D", "C", "A"]


def test_the_best_answer_first_is_offered_only_where_there_is_a_text(client):
    make_technology(name="Django", slug="django")
    make_technology(name="Admin", slug="admin", summary="For Django.")
    index_all()

    by_name, by_text = read(client, ADDRESS), read(client, f"{ADDRESS}?text=django")

    assert orders(by_name)[:2] == ["name", "name, from Z"]
    assert orders(by_text)[:3] == ["relevance", "name", "name, from Z"]
    assert found(client, "?text=django&sort=relevance") == ["Django", "Admin"]
    assert found(client, "?text=django&sort=name") == ["Admin", "Django"]
    assert read(client, f"{ADDRESS}?sort=relevance").texts("ul[@class='errors']/li") != []


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (
            "",
            {
                "category": {"Top": 2, "Child": 1, "Other": 2},
                "verdict": {"recommended": 1, "alternative": 1, "avoid": 2},
                "kind": {"framework": 2, "library": 1, "tool": 1},
                "lifecycle": {"active": 2, "deprecated": 1, "unknown": 1},
            },
        ),
        (
            "category=top",
            {
                "category": {"Top": 2, "Child": 1, "Other": 2},
                "verdict": {"recommended": 1, "avoid": 1},
                "kind": {"framework": 2},
                "lifecycle": {"active": 1, "unknown": 1},
            },
        ),
        (
            "text=fast&verdict=avoid&kind=tool",
            {
                "category": {"Other": 1},
                "verdict": {"avoid": 1},
                "kind": {"framework": 1, "tool": 1},
                "lifecycle": {"deprecated": 1},
            },
        ),
    ],
)
def test_each_choice_says_how_many_it_would_find_beside_the_other_facets(client, query, expected):
    make_facets()

    page = read(client, f"{ADDRESS}?{query}")

    some = {facet: {k: n for k, n in counts(page, facet).items() if n} for facet in FACETS}
    assert some == expected
    assert len(counts(page, "kind")) == len(Technology.Kind)
    inset = expected["category"].get("Child", 0)
    assert page.texts("fieldset/label[@class='below']") == [f"Child {inset}"] * bool(inset)


@pytest.mark.parametrize(
    "query", ["", "kind=tool", "category=top&lifecycle=unknown", "verdict=avoid", "text=fast"]
)
def test_a_count_is_the_length_of_the_list_it_promises(client, query):
    make_facets()
    asked = [tuple(pair.split("=")) for pair in query.split("&") if pair]

    page = read(client, f"{ADDRESS}?{query}")

    for facet in FACETS:
        others = [pair for pair in asked if pair[0] != facet]
        for label in page.find(f"fieldset[@id='facet-{facet}']/label"):
            promised = urlencode([*others, (facet, label.find("input").get("value"))])
            assert len(found(client, f"?{promised}")) == int(text_of(label.find("small"))), promised


def test_each_thing_asked_for_can_be_taken_out(client):
    make_facets()

    page = read(
        client, f"{ADDRESS}?t=a&sort=-name&kind=tool&kind=framework&text=fast&verdict=avoid"
    )

    rest = {
        "Take out text fast": "verdict=avoid&kind=framework&kind=tool&sort=-name&t=a",
        "Take out verdict avoid": "text=fast&kind=framework&kind=tool&sort=-name&t=a",
        "Take out kind framework": "text=fast&verdict=avoid&kind=tool&sort=-name&t=a",
        "Take out kind tool": "text=fast&verdict=avoid&kind=framework&sort=-name&t=a",
        None: "t=a",
    }
    chips = page.find("div[@class='chips']/a")
    assert {chip.get("aria-label"): chip.get("href") for chip in chips} == {
        name: f"{ADDRESS}?{query}" for name, query in rest.items()
    }
    assert [text_of(chip) for chip in chips][2:] == [
        *("kind: framework", "kind: tool", "All technologies")
    ]
    assert read(client, ADDRESS).find("div[@class='chips']") == []


def test_a_facet_is_unfolded_where_something_in_it_is_chosen(client):
    make_facets()

    page = read(client, f"{ADDRESS}?kind=tool&kind=framework&lifecycle=banana")

    opened = [text_of(one.find("summary")) for one in page.find("details[@open]")]
    ticked = [box.get("value") for box in page.find("fieldset//input[@checked]")]
    assert (opened, ticked) == (["Kind"], ["framework", "tool"])


def test_pages_keep_what_was_asked(client):
    for number in range(PER_PAGE + 1):
        make_technology(name=f"Tool {number:03}", slug=f"t{number:03}", kind="tool")
    make_technology(name="Tool", kind="framework")
    index_all()

    first = read(client, f"{ADDRESS}?kind=tool&kind=server&text=Tool&sort=-name&verdict=")
    second = read(client, f"{ADDRESS}?kind=tool&kind=server&text=Tool&sort=-name&page=2")

    next_page = f"{ADDRESS}?text=Tool&kind=tool&kind=server&sort=-name&page=2"
    assert first.links("section/nav") == [("Next", next_page)]
    assert second.links("section/nav") == [("Previous", next_page.removesuffix("&page=2"))]
    assert second.texts("p[@role='status']") == [f"{PER_PAGE + 1} of {PER_PAGE + 2} technologies"]
    assert [text_of(link) for link in second.find("section/ul/li/a")] == ["Tool 000"]
    assert second.find("main//input[@name='text']")[0].get("value") == "Tool"


@pytest.mark.parametrize("number", ["0", "-1", "99", "abc", "9" * 5_000, "%D9%A1", "1e3", ""])
def test_a_page_that_is_not_there_is_the_nearest_or_the_first(client, number):
    make_technology(name="Only")

    assert found(client, f"?page={number}") == ["Only"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("kind=banana", "Kind: there is no “banana”."),
        ("kind=tool&kind=a&kind=b&kind=library", "Kind: there is no “a” or “b”."),
        ("category=nobody", "Category: there is no “nobody”."),
        ("sort=name__regex", "Order: Select a valid choice."),
        ("verdict=" + "x" * 99, f"Verdict: there is no “{'x' * 60}”."),
        ("verdict=" + "&verdict=".join("abcdefghijk"), "Verdict: there is no “a”, “b”, “c”, "),
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
    index_all()

    page = read(client, f"{ADDRESS}?text=fl%00a%01s%EF%BF%BFk&kind=%00")

    assert page.find("main//input[@name='text']")[0].get("value") == "flask"
    assert page.texts("section/ul/li/a") == ["Flask"]


def test_a_draft_category_is_no_choice(client):
    draft = make_category(slug="draft", name="Kept back", status=Status.DRAFT)
    make_listing(draft, make_technology(name="Shown"))

    assert counts(read(client, ADDRESS), "category") == {}
    assert status(client, "?category=draft") == ["1 of 1 technologies"]
    assert found(client, "?verdict=recommended") == []


@pytest.mark.parametrize(
    "query", ["", "?kind=tool&kind=a", "?text=tehcnology&t=b", "?text=zzz", "?page=2"]
)
def test_the_fragment_is_a_piece_of_the_page(client, htmx_client, query):
    for _ in range(PER_PAGE + 1):
        make_technology(kind="tool")
    index_all()

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
        ("?t=x&kind=tool&kind=a&kind=framework&kind=tool", f"{ADDRESS}?kind=framework&kind=tool"),
        ("?text=a&sort=relevance", f"{ADDRESS}?text=a"),
        ("?text=a&sort=name", f"{ADDRESS}?text=a&sort=name"),
        ("?sort=name", ADDRESS),
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
