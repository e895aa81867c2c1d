"""What stands in a table of any technologies."""

import json
from datetime import date

import pytest

from catalog.history import editions
from catalog.models import Cell, Criterion, Edition, Moved, Pin, Status, Technology
from tests.exports.parsing import csv_words, parse_markdown
from tests.factories import (
    make_category,
    make_cell,
    make_companion,
    make_comparison,
    make_listing,
    make_package,
    make_point,
    make_technology,
    make_version_set,
)
from tests.reading import Document, main_text_of, read, text_of
from tests.side_by_side import SWAP, ask, boxes, compared_in, complaints, lines, make, page_of, rows

pytestmark = pytest.mark.django_db

# What the guide says ------------------------------------------------------------------------------


def test_technologies_stand_in_the_order_of_the_address(client):
    make("a", "b", "c")

    page = page_of(client, "c", "a")

    assert page.compared()[0] == ["Criterion", "C", "A"]
    assert page.texts("caption") == ["C, A side by side"]
    assert page.texts("h1") == ["Compare"]


def test_what_the_guide_says_stands_in_its_own_group(client):
    a, b = make("a", "b")
    web, tools = make_category(name="Web"), make_category(name="Tools")
    make_listing(web, a, qualifier="for Modern APIs", best_for="APIs")
    make_listing(tools, a, verdict="listed", best_for="scripts", position=1)
    make_listing(web, b, verdict="avoid", best_for="nothing")
    for kind in ("pro", "con", "use-when", "avoid-when"):
        make_point(a, kind=kind, text=f"First {kind}", position=1)
        make_point(a, kind=kind, text=f"Second {kind}", position=2)
    make_companion(b, companion=make_technology(name="Driver"))

    page = page_of(client, "a", "b")

    assert page.texts("tr[@class='group']") == ["What the guide says"]
    assert rows(page) == {
        "Verdict": ["Web: Recommended for Modern APIsTools: Listed", "Web: Avoid"],
        "Best for": ["Web: APIsTools: scripts", "nothing"],
        "Pros": ["First proSecond pro", "unknown"],
        "Cons": ["First conSecond con", "unknown"],
        "Use when": ["First use-whenSecond use-when", "unknown"],
        "Avoid when": ["First avoid-whenSecond avoid-when", "unknown"],
        "Goes with": ["unknown", "Driver"],
    }
    assert lines(page, "Verdict") == [["Web: Recommended for Modern APIs", "Tools: Listed"], []]


def test_licence_and_lifecycle_say_what_they_rest_on(client):
    newer = make_technology(name="Newer")
    make("a", licence="MIT")
    make(
        "b",
        lifecycle="end-of-life",
        replaced_by=newer,
        lifecycle_note="Since May.",
        lifecycle_source="https://example.org/end",
        lifecycle_verified_on=date(2026, 5, 1),
    )

    page = page_of(client, "a", "b")

    assert rows(page) == {
        "Licence": ["MIT", "unknown"],
        "Lifecycle": ["unknown", "End of life, replaced by Newer"],
    }
    assert page.texts("ol[@class='sources']/li") == ["example.org/end, checked 2026-05-01"]
    assert "2 of 4 cells known, 1 with a source, oldest checked 2026-05-01." in page.texts("p")


def test_versions_are_those_of_the_newest_set(client):
    (a,) = make("a")
    package, other = make_package(a, name="a"), make_package(a, name="a-more")
    sets = [make_version_set(pins=0, as_of=when) for when in ("2025", "2026-11")]
    sets.append(make_version_set(pins=0, as_of="2027", status=Status.DRAFT))
    for version_set, specifier in zip(sets, ("^1", "^2", "^3"), strict=True):
        Pin.objects.create(version_set=version_set, package=package, specifier=specifier)
    Pin.objects.create(version_set=sets[1], package=other, extras="x,y", specifier=">=1")

    assert lines(page_of(client, "a"), "Recommended versions") == [["a ^2", "a-more[x,y] >=1"]]


def test_the_guides_own_words_miss_no_source(client):
    a, b = make("a", "b", licence="MIT")
    make_point(a)
    compared_in("table", a, b)

    page = page_of(client, "a", "b")

    missed = {
        main_text_of(row[0]): [len(cell.findall("sup[@class='none']")) for cell in row[1:]]
        for row in map(list, page.find("table[@class='compared']/tbody/tr"))
        if len(row) > 1
    }
    assert missed == {"Fit": [0, 0], "Pros": [0, 0], "Licence": [1, 1], "Speed": [1, 1]}


# What comparisons say -----------------------------------------------------------------------------


def test_each_comparison_has_its_own_rows_and_they_are_never_merged(client):
    a, b, _ = make("a", "b", "c")
    compared_in("second", a, b, position=2)
    compared_in("first", b, a, position=1)
    compared_in("alone", a, position=0)
    compared_in("draft", a, b, status=Status.DRAFT)
    compared_in("retired", a, b, status=Status.ARCHIVED)

    page = page_of(client, "a", "b", "c")

    assert page.texts("tr[@class='group']//span") == ["FIRST", "SECOND"]
    assert page.compared()[1:] == [
        ["Speed", "Moderate", "Good", "unknown"],
        ["Speed", "Good", "Moderate", "unknown"],
    ]
    assert [link.get("href") for link in page.find("tbody//th[@scope='row']/a")] == [
        "/comparisons/first/speed/",
        "/comparisons/second/speed/",
    ]


def test_rows_that_fewer_than_two_have_something_in_are_left_out(client):
    a, b, c = make("a", "b", "c")
    comparison = compared_in("table", a, b, c)
    alone, none, both = (
        Criterion.objects.create(comparison=comparison, slug=slug, name=slug, position=1)
        for slug in ("alone", "none", "both")
    )
    silent = {"rating": None, "word": ""}
    for place, contender in enumerate(comparison.contenders.order_by("technology__slug")):
        state = Cell.State.UNKNOWN
        make_cell(none, contender, state=state, **silent)
        if place:
            make_cell(alone, contender, state=state, **silent)
        else:
            make_cell(alone, contender)
        state = Cell.State.NOT_APPLICABLE if place < 2 else Cell.State.UNKNOWN
        make_cell(both, contender, state=state, **silent)

    assert rows(page_of(client, "a", "b", "c")) == {
        "Speed": ["Good", "Moderate", "Small"],
        "both": ["does not apply", "does not apply", "unknown"],
    }


def test_a_cell_between_two_comparisons_belongs_to_neither(client):
    a, b = make("a", "b")
    here, there = compared_in("here", a, b), compared_in("there", a, b)
    crossed = Criterion.objects.create(comparison=here, slug="crossed", name="Crossed")
    for contender in there.contenders.all():
        make_cell(crossed, contender)

    assert [row[0] for row in page_of(client, "a", "b").compared()] == [
        "Criterion",
        "Speed",
        "Speed",
    ]


def test_rows_stand_as_on_the_comparisons_own_page(client):
    a, b = make("a", "b")
    comparison = compared_in("table", a, b)
    groups = [
        comparison.groups.create(slug=slug, name=slug, position=place)
        for slug, place in (("late", 2), ("early", 1))
    ]
    for slug, group, place in (("x", groups[0], 0), ("z", groups[1], 2), ("y", groups[1], 1)):
        row = Criterion.objects.create(
            comparison=comparison, group=group, slug=slug, name=slug, position=place
        )
        for contender in comparison.contenders.all():
            make_cell(row, contender)

    own = read(client, "/comparisons/table/").compared()
    assert [row[0] for row in own] == ["Criterion", "Speed", "y", "z", "x"]
    assert [row[0] for row in page_of(client, "a", "b").compared()] == [row[0] for row in own]


def test_a_comparison_says_when_it_was_last_looked_at(client):
    a, b = make("a", "b")
    with editions.record("ada", "Tables", Edition.Origin.ADMIN):
        compared_in("checked", a, b, position=1)
        compared_in("changed", a, b, position=2)
    cells = Cell.objects.filter(criterion__comparison__slug="checked").order_by("pk")
    cells.filter(pk=cells[0].pk).update(verified_on=date(2025, 11, 3))
    a.contenders.filter(comparison__slug="checked").update(versions="0.110")
    day = Edition.objects.order_by("number").last().at.date()

    page = page_of(client, "a", "b")

    notes = page.texts("tr[@class='group']//small")
    assert notes == ["checked 2025-11-03, A 0.110", f"changed {day.isoformat()}"]


def test_what_is_stale_is_decided_by_each_comparison(client):
    a, b = make("a", "b")
    for slug, months in (("short", 1), ("long", 120)):
        compared_in(slug, a, b, review_months=months)
    Cell.objects.update(verified_on=date(2025, 1, 1), source="https://example.org/")

    stale = [text_of(link) for link in page_of(client, "a", "b").find("sup[@class='old']/a")]

    assert len(stale) == 2


def test_fit_is_over_the_rows_of_all_comparisons(client):
    a, b = make("a", "b")
    compared_in("one", a, b)
    compared_in("two", b, a)

    page = page_of(client, "a", "b")

    assert page.texts("tbody[@class='fit']//b") == ["62.5", "62.5"]
    assert page_of(client, "a").texts("tbody[@class='fit']//b") == []


def test_must_haves_weights_and_order_name_a_row_by_its_comparison(client):
    compared_in("table", *make("a", "b"))

    page = read(client, "/compare/?t=a&t=b&must=table.speed.3&sort=table.speed&w=table.speed.5")

    assert page.texts("ul[@class='outs']/li") == [
        "B is ruled out: Speed is Moderate, you need Good or better."
    ]
    assert page.texts("tbody//th[@aria-sort='ascending']/small") == ["Weight 5"]


def test_a_comparison_called_as_a_word_of_addresses_keeps_apart(client):
    a, b = make("a", "b", licence="MIT")
    compared_in("guide", a, b)
    compared_in("none", a, b)

    page = page_of(client, "a", "b")

    assert [box.get("value") for box in page.find("input[@name='group']")] == [
        "guide",
        "guide.",
        "none.",
    ]


# Who is put side by side, and how a reader goes on ------------------------------------------------


# Who is in it -------------------------------------------------------------------------------------


def test_archived_technologies_are_allowed_and_drafts_are_unknown(client):
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


def test_drafts_are_named_nowhere(client):
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


def test_who_was_renamed_is_found_and_a_draft_is_named_as_it_was_asked_for(client):
    make("after")
    make("secret", status=Status.DRAFT)
    Moved.objects.create(kind="technology", old="before", new="after")
    Moved.objects.create(kind="technology", old="known-once", new="secret")

    moved = ask(client, ("t", "before"))
    page = page_of(client, "known-once")

    assert (moved.status_code, moved["Location"]) == (302, "/compare/?t=after")
    assert complaints(page) == ["The guide has no technology “known-once”; it was left out."]


def test_more_than_ten_are_left_out_with_a_sentence(client):
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


def test_without_technologies_it_says_how_to_begin(client):
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


def test_one_technology_shows_its_column_and_asks_for_a_second(client):
    make("a", licence="MIT")

    page = page_of(client, "a")

    assert page.compared() == [["Criterion", "A"], ["Licence", "MIT"]]
    assert page.texts("p[@class='lede']") == ["One stands alone: add a second to put beside it."]


def test_the_next_is_added_by_a_form_that_keeps_the_others(client):
    make("a", "b", "c")
    page = page_of(client, "a", "b")

    (form,) = page.find("form[@class='desk']")
    sent = [field for field in form.iter() if field.get("name") == "t"]
    assert (form.get("method"), form.get("action")) == ("get", "/compare/")
    assert [field.get("value") for field in sent] == ["a", "b", None]
    assert [option.get("value") for option in sent[2]] == ["", "c"]


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

    assert [pair for pair in page.links() if pair[1].startswith("/compare/?")] == [
        ("D", "/compare/?t=a&t=b&t=d"),
        ("C", "/compare/?t=a&t=b&t=c"),
    ]


def test_a_group_that_the_next_technology_brings_is_shown(client):
    a, b, c = make("a", "b", "c", licence="MIT")
    compared_in("ab", a, b)
    compared_in("bc", b, c)
    chosen = [("t", "a"), ("t", "b"), ("t", "c")]
    had = [("had", "guide"), ("had", "ab")]

    both = ask(client, *chosen, ("group", "guide"), ("group", "ab"), *had)
    one = ask(client, *chosen, ("group", "ab"), *had)

    assert both["Location"] == "/compare/?t=a&t=b&t=c"
    assert one["Location"] == "/compare/?t=a&t=b&t=c&group=ab&group=bc"


def test_a_group_that_went_with_a_technology_is_not_complained_of(client):
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


def test_a_form_leads_to_the_one_address_of_what_it_asks(client):
    compared_in("table", *make("a", "b"))

    response = ask(
        client, ("differ", "1"), ("t", "b"), ("t", "a"), ("t", "b"), ("t", ""), ("w", "")
    )

    assert response["Location"] == "/compare/?t=b&t=a&differ=1"
    assert response["Vary"] == "HX-Request, HX-Boosted, HX-History-Restore-Request"


def test_the_fragment_is_the_same_as_in_the_page(client):
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
        ("t=a&must=.&w=&w=..&sort=-&group=&differ=2", 200),
        ("t=a&had=nothing&group=<script>", 200),
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
def test_it_has_what_the_page_shows(client, form, query):
    head, *rows = read(client, f"/compare/?{query}").compared()

    response = client.get(f"/compare.{form}?{query}")

    assert response["Link"] == '<http://testserver/compare/>; rel="canonical"'
    shown = [row for row in rows if row[0].startswith("Criterion")]
    assert READERS[form](response.text) == [head, *shown]


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
