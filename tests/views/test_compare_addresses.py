"""Who is put side by side, how a reader goes on, and the addresses of it; the same as files."""

import json

import pytest

from catalog.models import Moved, Pin, Status, Technology
from tests.exports.parsing import csv_words, parse_markdown
from tests.factories import (
    make_alias,
    make_category,
    make_companion,
    make_comparison,
    make_listing,
    make_package,
    make_point,
    make_technology,
    make_version_set,
)
from tests.reading import Document, read
from tests.side_by_side import SWAP, ask, blocks, chosen, compared_in, complaints, make, page_of

pytestmark = pytest.mark.django_db

# Who is in it -------------------------------------------------------------------------------------


def test_archived_technologies_are_allowed_and_drafts_are_unknown(client):
    make("a", licence="MIT")
    make("old", status=Status.ARCHIVED)
    make("secret", status=Status.DRAFT)

    page = page_of(client, "a", "old", "secret", "nobody")

    assert chosen(page) == ["a", "old"]
    assert complaints(page) == [
        "The guide has no technology “secret”; it was left out.",
        "The guide has no technology “nobody”; it was left out.",
    ]
    assert "SECRET" not in ask(client, ("t", "a")).text


def test_drafts_are_named_nowhere(client):
    a, b = make("a", "b")
    draft = make_technology(name="Kept back", slug="kept-back", status=Status.DRAFT)
    make_alias(draft, name="kb", slug="kb")
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

    text = ask(client, ("t", "a"), ("t", "b"), ("t", "kb"), ("t", "kept-bac")).text

    assert "Kept back" not in text
    assert "kept-back" not in text
    assert "^7" not in text
    assert blocks(Document(text)) == {}


def test_who_was_renamed_is_found_and_a_draft_is_named_as_it_was_asked_for(client):
    make("after")
    make("secret", status=Status.DRAFT)
    Moved.objects.create(kind="technology", old="before", new="after")
    Moved.objects.create(kind="technology", old="known-once", new="secret")

    moved = ask(client, ("t", "before"))
    page = page_of(client, "known-once")

    assert (moved.status_code, moved["Location"]) == (302, "/compare/?t=after")
    assert complaints(page) == ["The guide has no technology “known-once”; it was left out."]


@pytest.mark.parametrize("typed", ["Task runner", " task RUNNER ", "Trunner", "tr", "task-runner"])
def test_a_name_or_an_alias_is_read_as_a_slug_is(client, typed):
    runner = make_technology(name="Task runner", slug="task-runner")
    make_alias(runner, name="Trunner", slug="tr")
    make("a")

    response = ask(client, ("t", "a"), ("t", typed))

    leads_to = (
        response["Location"] if response.status_code == 302 else "/compare/?t=a&t=task-runner"
    )
    assert leads_to == "/compare/?t=a&t=task-runner"
    assert chosen(page_of(client, "a", "task-runner")) == ["a", "task-runner"]


def test_of_what_is_not_known_near_names_are_offered(client):
    make_technology(name="FastAPI", slug="fastapi")
    make("flask", "a")

    page = page_of(client, "a", "fastpi")

    assert complaints(page) == [
        "The guide has no technology “fastpi”; it was left out. Did you mean FastAPI?"
    ]
    assert page.links("ul[@class='errors']") == [("FastAPI", "/compare/?t=a&t=fastapi")]


def test_more_than_ten_are_left_out_with_a_sentence(client):
    slugs = [f"t{number:02}" for number in range(17)]
    make(*slugs)

    page = page_of(client, *slugs)

    assert chosen(page) == slugs[:10]
    assert complaints(page) == [
        "At most 10 technologies stand side by side; left out: T10, T11, T12, T13, T14, …."
    ]
    (field,) = page.find("input[@id='add']")
    assert field.get("disabled") is not None
    assert page.texts("span[@id='full']") == ["Ten is the most; take one out to add another."]


# How to begin and go on ---------------------------------------------------------------------------


def test_without_technologies_it_says_how_to_begin(client):
    make("b", "a")
    make("old", status=Status.ARCHIVED)
    compared_in("table")

    page = read(client, "/compare/")

    assert page.find("table") == []
    assert page.texts("datalist[@id='names']/option") == ["A", "B"]
    assert {("TABLE", "/comparisons/table/"), ("list of technologies", "/technologies/")} <= {
        *page.links()
    }


def test_the_next_is_added_by_a_form_that_keeps_the_others(client):
    make("a", "b", "c")

    page = page_of(client, "b", "a")

    (form,) = page.find("div[@class='ask']/form")
    sent = [field.get("value") for field in form.iter() if field.get("name") == "t"]
    assert (form.get("method"), form.get("action")) == ("get", "/compare/")
    assert sent == ["b", "a", None]


def test_each_can_be_taken_out_and_all(client):
    make("a", "b", "c")

    links = {link.get("aria-label"): link.get("href") for link in page_of(client, *"abc").find("a")}

    assert {label: address for label, address in links.items() if label} == {
        "Take out A": "/compare/?t=b&t=c",
        "Take out B": "/compare/?t=a&t=c",
        "Take out C": "/compare/?t=a&t=b",
        "Take out all": "/compare/",
    }


def test_rivals_share_a_category_and_are_not_in_yet(client):
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

    assert [pair for pair in page.links() if pair[1].startswith("/compare/?t=a&t=b&")] == [
        ("D", "/compare/?t=a&t=b&t=d"),
        ("C", "/compare/?t=a&t=b&t=c"),
    ]


# Addresses ----------------------------------------------------------------------------------------


def test_what_else_an_address_asked_once_is_dropped_in_silence(client):
    make("a", "b")
    old = [("w", "table.speed.5"), ("must", "table.speed.3"), ("group", "table"), ("had", "guide")]

    response = ask(client, *old, ("differ", "1"), ("t", "b"), ("t", "a"), ("t", "b"), ("t", ""))

    assert (response.status_code, response["Location"]) == (302, "/compare/?t=b&t=a")
    assert response["Vary"] == "HX-Request, HX-Boosted, HX-History-Restore-Request"


def test_the_fragment_is_the_same_as_in_the_page(client):
    compared_in("table", *make("a", "b"))
    address = "/compare/?t=a&t=b"

    page = client.get(address).text
    fragment = client.get(address, headers=SWAP)

    title, _, rest = fragment.text.partition("<div")
    said = '<p data-hx-swap-oob="innerHTML:#said">A and B compared.</p>'
    assert title.strip() == "<title>A and B compared · StackGuide</title>"
    assert said in rest
    assert "".join(f"<div{rest}".replace(said, "").split()) in "".join(page.split())
    assert fragment["HX-Push-Url"] == address
    assert fragment["Vary"] == "HX-Request, HX-Boosted, HX-History-Restore-Request"


def test_crawlers_are_told_to_leave_it(client):
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
        ("t=a&must=.&w=&w=..&sort=-&group=&differ=2", 302),
        ("t=a&had=nothing&group=<script>", 302),
    ],
    ids=lambda value: str(value)[:30],
)
def test_hostile_queries_are_answered(client, query, status):
    make("a")

    for headers in ({}, SWAP):
        response = client.get("/compare/", QUERY_STRING=query, headers=headers)
        assert response.status_code == (200 if headers and status == 302 else status)
        assert "<script>x" not in response.text
        assert len(response.content) < 20_000


# As a file, in each form --------------------------------------------------------------------------


Cells = list[list[str]]


def read_csv(text: str) -> Cells:
    rows = csv_words(text)
    width = len([name for name in rows[0][4:] if not name.endswith((" source", " verified on"))])
    return [[row[0], *row[4 : 4 + width]] for row in rows if row[0].startswith("Criterion")]


def read_md(text: str) -> Cells:
    rows = [[cell.replace("**", "") for cell in row] for row in parse_markdown(text).table]
    return [
        [cell.partition(" · ")[0] for cell in row] for row in rows if row[0].startswith("Criterion")
    ]


def read_json(text: str) -> Cells:
    content = json.loads(text)
    rows = [row for group in content["groups"] for row in group["rows"]]
    return [
        ["Criterion", *(one["name"] for one in content["contenders"])],
        *(
            [row["name"], *(cell["said"] for cell in row["cells"])]
            for row in rows
            if row["name"].startswith("Criterion")
        ),
    ]


READERS = {"csv": read_csv, "md": read_md, "json": read_json}
every_form = pytest.mark.parametrize("form", READERS)


@pytest.fixture
def query() -> str:
    """The query for the contenders of a comparison that has a cell for each."""
    comparison = make_comparison(contenders=2, criteria=2, slug="table")
    slugs = [contender.technology.slug for contender in comparison.contenders.all()]
    return "&".join(f"t={slug}" for slug in slugs)


@every_form
def test_it_has_what_the_blocks_of_the_page_show(client, form, query):
    ((head, _fit, *rows),) = blocks(read(client, f"/compare/?{query}")).values()
    head[0] = "Criterion"

    response = client.get(f"/compare.{form}?{query}")

    assert response["Link"] == '<http://testserver/compare/>; rel="canonical"'
    assert READERS[form](response.text) == [head, *rows]


def test_it_has_the_facts_and_knows_no_fit(client):
    a, b, _ = make("a", "b", "c", licence="MIT")
    make_listing(make_category(name="Web"), a, qualifier="for APIs")
    make_point(b, text="Quick")
    compared_in("table", a, b)

    content = json.loads(client.get("/compare.json?t=c&t=a&t=b").text)

    said = {
        row["name"]: [cell["said"] for cell in row["cells"]]
        for group in content["groups"]
        for row in group["rows"]
    }
    assert said == {
        "Verdict": ["", "Recommended for APIs, in Web", ""],
        "Licence": ["MIT", "MIT", "MIT"],
        "Pros": ["", "", "Quick"],
        "Speed": ["does not apply", "Good", "Moderate"],
    }
    assert content["question"] == {"t": ["c", "a", "b"]}
    assert [one["fit"] for one in content["contenders"]] == [None] * 3
    assert (content["leaders"], content["winner"]) == ([], [])
    assert content["evidence"]["known"] == 3
    assert content["title"] == "C, A and B compared"


@every_form
def test_another_form_of_the_query_leads_to_the_canonical_one(client, form, query):
    response = client.get(f"/compare.{form}?sort=&{query}")

    assert (response.status_code, response["Location"]) == (302, f"/compare.{form}?{query}")


@every_form
@pytest.mark.parametrize("asked", ["", "t=nobody", "t=%00&must=%00", "w=" + "x" * 5_000])
def test_nothing_to_compare_is_an_empty_table(client, form, asked):
    assert client.get(f"/compare.{form}?{asked}", follow=True).status_code == 200


def test_there_is_no_file_of_another_form(client, query):
    assert client.get(f"/compare.xml?{query}").status_code == 404
