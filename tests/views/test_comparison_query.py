"""What a reader asks of a table, as a page, as a fragment and as an address."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.http import HttpResponse
from django.test import Client

from catalog.models import Comparison, Criterion, Moved, Status
from tests.factories import make_cell, make_comparison, make_contender, make_technology
from tests.reading import Document, read, text_of

pytestmark = pytest.mark.django_db

PATH = "/comparisons/table/"
SWAP = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def table() -> Comparison:
    """Speed: A 4, B 2, C unknown. Async: A no, B and C yes. Web: the same of all."""
    comparison = make_comparison(contenders=0, criteria=0, slug="table", title="Table")
    columns = [
        make_contender(comparison, position=place, technology=make_technology(slug=slug, name=name))
        for place, (slug, name) in enumerate([("a", "A"), ("b", "B"), ("c", "C")])
    ]
    rows = [
        ("speed", "rating", 3, [(4, "Excellent"), (2, "Moderate"), None]),
        ("async", "yes-no", 1, [(0, "No"), (4, "Yes"), (4, "Yes")]),
        ("web", "text", 0, [(None, "All"), (None, "All"), (None, "All")]),
    ]
    for place, (slug, kind, weight, cells) in enumerate(rows):
        group = comparison.groups.create(slug=f"g-{slug}", name=f"On {slug}", position=place)
        row = Criterion.objects.create(
            comparison=comparison,
            group=group,
            slug=slug,
            name=slug.capitalize(),
            kind=kind,
            weight=weight,
        )
        for column, cell in zip(columns, cells, strict=True):
            if cell:
                make_cell(row, column, rating=cell[0], word=cell[1])
    return comparison


def ask(client: Client, headers: dict[str, str] | None = None, **asked: Any) -> HttpResponse:
    return client.get(PATH, QUERY_STRING=urlencode(asked, doseq=True), headers=headers)


def test_contenders_are_chosen_in_the_readers_order(client):
    page = Document(ask(client, t=["c", "a"]).text)

    assert page.compared()[0] == ["Criterion", "C", "A"]
    boxes = page.find("input[@name='t']")
    assert [(box.get("value"), box.get("checked")) for box in boxes] == [
        ("c", ""),
        ("a", ""),
        ("b", None),
    ]


def test_groups_are_chosen(client):
    page = Document(ask(client, group="g-web").text)

    assert page.compared()[1:] == [["Web", "All", "All", "All"]]


def test_all_or_none_of_the_groups_is_one_step(client):
    page = Document(ask(client, group="g-web", sort="fit").text)

    links = dict(page.links("fieldset"))
    assert links == {"all": f"{PATH}?sort=fit", "none": f"{PATH}?group=none&sort=fit"}


def test_no_group_at_all_says_what_to_do(client):
    page = Document(ask(client, group="none").text)

    assert page.compared() == [["Criterion", "A", "B", "C"]]
    assert page.texts("p[@class='note']") == [
        "No row is left to show: show all groups, or all rows."
    ]


def test_rows_that_say_the_same_are_hidden_and_counted(client):
    page = Document(ask(client, rows="differ").text)

    assert [row[0] for row in page.compared()[1:]] == ["Speed", "Async"]
    assert page.texts("table/caption")[1] == (
        "Table: 3 of 3 contenders, 2 of 3 rows: those rated differently"
    )
    assert page.links("p[@class='wide']")[:3] == [
        ("all 3", PATH),
        ("rated differently: 2", f"{PATH}?rows=differ"),
        ("top two rated differently: 2", f"{PATH}?rows=top"),
    ]


def test_who_fails_a_must_have_is_named_with_the_reason_and_the_way_back(client):
    page = Document(ask(client, must="speed.3", sort="fit").text)

    assert page.texts("div[@class='answer']//li") == [
        "B is ruled out: Speed is Moderate, you need Excellent.",
        "C is ruled out: Speed is unknown, you need Excellent.",
    ]
    assert page.texts("div[@class='answer']//p")[-1] == (
        "Do without “Speed: Excellent”, which brings back B and C."
    )
    assert ("Do without “Speed: Excellent”", f"{PATH}?sort=fit") in page.links("form")
    assert [text_of(head) for head in page.find("th[@class='out']")] == [
        "B fit 62.5 · ruled out",
        "C fit 100.0 · ruled out",
    ]


def test_weights_are_the_readers_own(client):
    page = Document(ask(client, w=["speed.0", "async.5"]).text)

    assert {name: said[0] for name, said in page.fits().items()} == {
        "A": "0.0",
        "B": "100.0",
        "C": "100.0",
    }
    chosen = page.find("select[@name='w']/option[@selected]")
    assert [(option.get("value"), option.text) for option in chosen] == [
        ("speed.0", "0"),
        ("async.5", "5"),
    ]


def test_what_is_unchanged_sends_nothing(client):
    page = read(client, PATH)

    chosen = page.find("th//option[@selected]")
    assert [option.get("value") for option in chosen] == [""] * 4


def test_the_order_is_marked_on_the_row_it_comes_from(client):
    page = Document(ask(client, sort="-speed").text)

    marked = page.find("th[@aria-sort]")
    assert [(head.get("aria-label"), head.get("aria-sort")) for head in marked] == [
        ("Speed", "descending")
    ]
    assert [button.get("value") for button in page.find("button[@name='sort']")] == [
        "speed",
        "-async",
        "web",
    ]
    assert [field.get("value") for field in page.find("input[@name='sort']")] == ["-speed"]


@pytest.mark.parametrize(
    ("query", "canonical"),
    [
        ("t=a&t=b&t=c", ""),
        ("must=&must=&w=&differ=0&sort=", ""),
        ("utm_source=mail", ""),
        ("differ=1&t=b", "t=b&rows=differ"),
        ("show=words&rows=all", ""),
        ("sort=fit&show=marks&rows=top", "rows=top&show=marks&sort=fit"),
        ("sort=fit&sort=-speed", "sort=-speed"),
        ("w=speed.5", "w=speed.5&w=async.1"),
        ("must=async.4", "must=async.yes"),
        ("group=g-web&group=g-speed", "group=g-speed&group=g-web"),
    ],
)
def test_another_form_of_an_address_leads_to_the_canonical_one(client, query, canonical):
    response = client.get(PATH, QUERY_STRING=query)

    assert response.status_code == 302
    assert response["Location"] == (f"{PATH}?{canonical}" if canonical else PATH)
    assert client.get(response["Location"]).status_code == 200


def test_nonsense_is_said_and_left_out(client):
    page = Document(ask(client, t="zope", sort="size").text)

    assert page.texts("ul[@class='errors']/li") == [
        "“zope” is not in this table; it was left out.",
        "“size” is no row to sort by; it was left out.",
    ]
    assert page.compared()[0] == ["Criterion", "A", "B", "C"]


def test_a_technology_that_was_renamed_is_found_by_its_old_name(client):
    Moved.objects.create(kind="technology", old="was-b", new="b")

    response = ask(client, t=["was-b", "a"])

    assert (response.status_code, response["Location"]) == (302, f"{PATH}?t=b&t=a")


@pytest.mark.parametrize(
    "query",
    [
        "",
        "t=c&t=a",
        "must=speed.3&rows=differ&sort=fit",
        "w=speed.5&w=async.0",
        "t=zope",
        "group=none",
    ],
)
def test_the_fragment_is_a_part_of_the_page(client, query):
    whole = client.get(PATH, QUERY_STRING=query)
    fragment = client.get(PATH, QUERY_STRING=query, headers=SWAP)

    said = fragment.text.partition("</p>")[0].rpartition(">")[2]
    table = fragment.text.replace(
        f'<p data-hx-swap-oob="innerHTML:#said">{said}</p>', "", 1
    ).strip()
    lines = [line.strip() for line in table.splitlines() if line.strip()]
    page_lines = [line.strip() for line in whole.text.splitlines() if line.strip()]
    start = page_lines.index(lines[0])
    assert page_lines[start : start + len(lines)] == lines
    assert "3 of 3 contenders" in said or "of 3 contenders" in said
    assert "<html" not in fragment.text
    assert {whole["Vary"], fragment["Vary"]} == {
        "HX-Request, HX-Boosted, HX-History-Restore-Request, Accept-Encoding"
    } or whole["Vary"] == fragment["Vary"]


def test_a_fragment_never_moves_and_names_its_address(client):
    response = ask(client, SWAP, sort="fit", t=["b", "a"], must="")

    assert response.status_code == 200
    assert response["HX-Push-Url"] == f"{PATH}?t=b&t=a&sort=fit"


@pytest.mark.parametrize("header", ["HX-Boosted", "HX-History-Restore-Request"])
def test_restored_history_gets_the_whole_page(client, header):
    response = ask(client, {**SWAP, header: "true"})

    assert "<html" in response.text
    assert "HX-Push-Url" not in response


@pytest.mark.parametrize(
    "query",
    [
        "%00",
        "t=%00&sort=%00&must=%00.3&w=%00",
        "%ff=%ff&t=%ff",
        "t=%F0%28%8C%28",
        "&".join(["t=a"] * 900),
        "&".join(f"w=speed.{number}" for number in range(500)),
        "must=" + "." * 8_000,
        "sort=" + "-" * 8_000,
        "t=%0d%0aSet-Cookie:x",
        "t=<script>alert(1)</script>",
        "w=speed.99999999999999999999&must=speed.1e9&differ=NaN",
        "t[]=a&t[0]=b&__proto__=1",
    ],
    ids=lambda query: query[:20],
)
@pytest.mark.parametrize("headers", [{}, SWAP], ids=["page", "fragment"])
def test_hostile_queries_get_a_page(client, query, headers):
    response = client.get(PATH, QUERY_STRING=query, headers=headers)

    assert response.status_code in (200, 302)
    assert "<script>alert" not in response.text


@pytest.mark.parametrize(
    "query", ["t=" + "x" * 8_192, "&".join(["t=a"] * 1_001)], ids=["long", "many"]
)
def test_floods_are_refused(client, query):
    response = client.get(PATH, QUERY_STRING=query)

    assert response.status_code == 400


def test_a_canonical_address_too_long_for_a_redirect_is_answered_in_place(client, table):
    for number in range(70):
        slug = f"row-{number}-{'x' * 50}"
        Criterion.objects.create(comparison=table, slug=slug, name="Row", weight=1)

    response = client.get(PATH, QUERY_STRING="w=speed.5")

    assert response.status_code == 200


def test_an_unknown_name_costs_one_query_and_a_known_one_none(client, django_assert_num_queries):
    read(client, PATH)  # the table is kept
    with django_assert_num_queries(3):
        ask(client, t=["a", "b"])
    with django_assert_num_queries(4):
        ask(client, t=["a", "zope", "plone"])


def test_the_parts_add_up_to_the_score(client):
    page = read(client, PATH)

    table = page.find("section[@class='winner']//table")[-1]
    rows = [[text_of(cell) for cell in row] for row in table.iter("tr")]
    assert rows == [
        ["Criterion", "Weight", "A", "B", "C"],
        ["Speed", "3", "12", "6", ""],
        ["Async", "1", "0", "4", "4"],
        ["Sum", "", "12 of 16", "10 of 16", "4 of 4"],
    ]
    assert page.fits() == {
        "A": ["75.0", "", "1 of 2 rows"],
        "B": ["62.5", "", "1 of 2 rows"],
        "C": ["100.0", "", "1 of 2 rows"],
    }
    assert page.texts("table[@class='fits']//small") == ["25 to 100, only 25 % known"]


def test_the_weight_that_turns_the_lead_has_a_picture_with_its_numbers(client):
    page = read(client, PATH)

    assert page.texts("details[@class='even']/summary") == [
        "Fit by the weight of “Speed”: B and C are level at 0, B leads at 1, "
        "A and B are level at 2, A leads from 3 on"
    ]
    (svg,) = page.find("details[@class='even']//{*}svg")
    names = [text_of(name) for name in svg.findall(".//{*}text") if name.get("x") == "210"]
    (table,) = page.find("details[@class='even']//table")
    rows = [[text_of(cell) for cell in row] for row in table.iter("tr")]
    assert rows == [
        ["Contender", "0", "1", "2", "now 3", "4", "5"],
        ["A", "0.0", "50.0", "66.7", "75.0", "80.0", "83.3"],
        ["B", "100.0", "75.0", "66.7", "62.5", "60.0", "58.3"],
        ["C", "100.0", *5 * ["\N{EN DASH}"]],
    ]
    assert names == ["A", "B", "weight"]


def test_where_no_weight_turns_the_lead_there_is_no_picture(client):
    page = Document(ask(client, t="a").text)

    assert page.find("details[@class='even']") == []


def test_what_moved_to_a_draft_is_named_as_it_was_asked_for(client):
    make_technology(slug="secret", status=Status.DRAFT)
    Moved.objects.create(kind="technology", old="known-once", new="secret")

    response = ask(client, t="known-once")

    assert "secret" not in response.text
    assert Document(response.text).texts("ul[@class='errors']/li") == [
        "“known-once” is not in this table; it was left out."
    ]


def test_all_twenty_of_a_larger_table_are_no_choice(client, table):
    for number in range(20):
        make_contender(
            table, position=9, technology=make_technology(slug=f"x{number:02}", name="X")
        )
    boxes = read(client, PATH).find("input[@name='t'][@checked]")
    shown = [box.get("value") for box in boxes]

    response = ask(client, SWAP, t=shown, rows="differ")

    assert len(shown) == 20
    assert response["HX-Push-Url"] == f"{PATH}?rows=differ"


def test_an_address_that_no_server_takes_is_not_pushed(client, table):
    for number in range(140):
        slug = f"row-{number}-{'x' * 50}"
        Criterion.objects.create(comparison=table, slug=slug, name="Row", weight=1)

    response = ask(client, SWAP, w="speed.5")

    assert response.status_code == 200
    assert "HX-Push-Url" not in response
