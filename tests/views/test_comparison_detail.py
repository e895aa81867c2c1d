"""The page of a comparison, of a row of it, and its files."""

from datetime import UTC, date, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine

from catalog.comparison import tables
from catalog.comparison.engine import Table
from catalog.comparison.tables import table_of
from catalog.history import editions
from catalog.models import Cell, Comparison, Criterion, CriterionGroup, Edition, Moved, Status
from tests.exports.comparisons import make_full_comparison
from tests.factories import (
    make_category,
    make_cell,
    make_comparison,
    make_contender,
    make_criterion,
    make_technology,
)
from tests.reading import main_text_of, read, text_of

pytestmark = pytest.mark.django_db


def test_contenders_are_columns_and_criteria_are_rows(client):
    comparison = make_comparison(contenders=0, criteria=0)
    quart = make_contender(
        comparison, technology=make_technology(name="Quart", slug="quart"), position=20
    )
    fastapi = make_contender(
        comparison, technology=make_technology(name="FastAPI"), versions="0.110", position=10
    )
    community = make_criterion(comparison, slug="community", name="Community", position=2)
    speed = make_criterion(comparison, slug="speed", name="Speed", position=1)
    make_cell(speed, fastapi, word="Excellent", value="12 ms", note="Measured.")
    make_cell(speed, quart, word="", value="20 ms")
    make_cell(community, fastapi, word="Growing", source="https://example.org/count")
    make_cell(community, quart, word="Small", rating=1)

    page = read(client, comparison.get_absolute_url())

    assert page.compared() == [
        ["Criterion", "FastAPI", "Quart"],
        ["Speed", "Excellent, 12 ms", "20 ms"],
        ["Community", "Growing", "Small"],
    ]
    assert page.texts("table[@class='compared']/caption") == [comparison.title]
    assert page.texts("thead//small") == ["0.110"]
    assert ("Quart", "/technologies/quart/") in page.links("thead")
    assert page.links("tbody//th") == [
        ("Speed", f"{comparison.get_absolute_url()}speed/"),
        ("Community", f"{comparison.get_absolute_url()}community/"),
    ]


def test_rows_stand_under_the_headings_of_their_groups(client):
    comparison = make_comparison(contenders=2, criteria=1)
    later = CriterionGroup.objects.create(comparison=comparison, slug="later", name="Later")
    make_criterion(comparison, slug="first", name="First", position=90)
    make_criterion(comparison, slug="last", name="Last", position=1, group=later)

    page = read(client, comparison.get_absolute_url())

    bodies = [
        [main_text_of(row[0]) for row in body]
        for body in page.find("table[@class='compared']/tbody")
    ]
    assert bodies == [["Fit"], ["First"], ["General", "Criterion 0"], ["Later", "Last"]]
    assert [head.get("scope") for head in page.find("tr[@class='group']/th")] == ["rowgroup"] * 2


def test_a_cell_says_what_it_rests_on(client):
    comparison = make_comparison(contenders=4, criteria=1)
    known, stale, _bare, unknown = Cell.objects.order_by("contender__position")
    evidence = {"source": "https://example.org/a", "verified_by": "Ada", "applies_to": "2.0"}
    Cell.objects.filter(pk=known.pk).update(
        **evidence, note="A note.", verified_on=date(2026, 11, 3)
    )
    Cell.objects.filter(pk=stale.pk).update(verified_on=date(2025, 11, 21))
    Cell.objects.filter(pk=unknown.pk).update(state="unknown", rating=None, word="", value="")

    with time_machine.travel("2026-11-22", tick=False):
        page = read(client, comparison.get_absolute_url())

    cells = page.find("tbody/tr[2]/td")
    assert [text_of(cell) for cell in cells] == [
        "Good 1 A note. 2.0",
        "Good 2 checked 2025-11-21, stale",
        "Good no source",
        "unknown",
    ]
    assert [mark.get("class") for mark in page.find("td/sup")] == [None, "old", "none"]
    assert page.links("td/sup") == [("1", "#n1"), ("2", "#n2")]
    assert [(item.get("id"), text_of(item)) for item in page.find("ol[@class='sources']/li")] == [
        ("n1", "example.org/a, checked 2026-11-03 by Ada, applies to 2.0"),
        ("n2", "no address, checked 2025-11-21, stale"),
    ]
    assert page.texts("section[@aria-labelledby='rests-on']/p") == [
        "3 of 4 cells known, 1 with a source, 1 stale, oldest checked 2025-11-21."
    ]


@pytest.mark.parametrize(
    ("today", "months", "is_stale"),
    [
        ("2026-11-22", 12, False),
        ("2026-11-23", 12, True),
        ("2026-02-22", 3, False),
        ("2026-12-31", 1, True),
        ("2035-11-22", 120, False),
    ],
)
def test_evidence_is_stale_when_older_than_the_review_period(client, today, months, is_stale):
    comparison = make_comparison(contenders=1, criteria=1, review_months=months)
    Cell.objects.update(verified_on=date(2025, 11, 22))

    with time_machine.travel(today, tick=False):
        page = read(client, comparison.get_absolute_url())

    assert ("stale" in page.texts("ol[@class='sources']/li")[0]) is is_stale


def test_what_is_not_known_and_what_does_not_apply_is_said_in_words(client):
    comparison = make_comparison(contenders=3, criteria=1)
    first, second, third = Cell.objects.order_by("contender__position")
    Cell.objects.filter(pk=first.pk).delete()
    silent = {"rating": None, "word": "", "value": ""}
    Cell.objects.filter(pk=second.pk).update(state=Cell.State.UNKNOWN, **silent)
    Cell.objects.filter(pk=third.pk).update(state=Cell.State.NOT_APPLICABLE, **silent)

    page = read(client, comparison.get_absolute_url())

    assert page.compared()[1] == ["Criterion 0", "unknown", "unknown", "does not apply"]
    marks = [cell.get("data-rating") for cell in page.find("tbody/tr[2]/td")]
    assert marks == ["unknown", "unknown", "not-applicable"]


@pytest.mark.parametrize(
    ("kind", "rating", "mark"),
    [("rating", 0, "0"), ("rating", 4, "4"), ("yes-no", 0, "no"), ("yes-no", 4, "yes")],
)
def test_a_rating_has_its_mark_beside_the_word(client, kind, rating, mark):
    comparison = make_comparison(contenders=1, criteria=1)
    Criterion.objects.update(kind=kind)
    Cell.objects.update(rating=rating, word="The word")

    page = read(client, comparison.get_absolute_url())

    (cell,) = page.find("tbody/tr[2]/td")
    assert (cell.get("data-rating"), main_text_of(cell)) == (mark, "The word")


def test_a_cell_that_hangs_between_two_comparisons_is_not_shown(client):
    comparison, other = make_comparison(criteria=1), make_comparison(criteria=1)
    make_cell(comparison.criteria.get(), other.contenders.first(), word="Astray")

    page = read(client, comparison.get_absolute_url())

    assert page.compared()[1] == ["Criterion 0", "Good", "Good"]


def test_its_category_and_its_words_are_shown(client):
    comparison = make_comparison(
        category=make_category(name="Frameworks", slug="frameworks"),
        introduction="For *whom*.",
        verdict="What it **comes to**.",
    )

    page = read(client, comparison.get_absolute_url())

    assert page.links("nav[@aria-label='Breadcrumb']") == [
        ("Comparisons", "/comparisons/"),
        ("Frameworks", "/categories/frameworks/"),
    ]
    assert page.texts("div[@class='prose']/p") == ["For whom.", "What it comes to."]
    assert page.texts("div[@class='prose']/p/strong") == ["comes to"]


def test_drafts_are_not_named(client):
    comparison = make_comparison(
        contenders=1, criteria=1, category=make_category(name="Draft", status=Status.DRAFT)
    )
    draft = make_contender(
        comparison, technology=make_technology(name="Draft", status=Status.DRAFT), position=1
    )
    make_cell(comparison.criteria.get(), draft, word="Hidden")
    shown = comparison.contenders.first().technology

    page = read(client, comparison.get_absolute_url())

    assert page.compared() == [["Criterion", shown.name], ["Criterion 0", "Good"]]
    assert page.links("thead") == [(shown.name, shown.get_absolute_url())]
    assert "Hidden" not in "".join(page.texts("main"))


@pytest.mark.django_db(transaction=True)
def test_an_edit_is_seen_at_once(client):
    comparison = make_comparison(contenders=1, criteria=1)
    assert read(client, comparison.get_absolute_url()).compared()[1] == ["Criterion 0", "Good"]

    Cell.objects.update(word="Fine")

    assert read(client, comparison.get_absolute_url()).compared()[1] == ["Criterion 0", "Fine"]


@pytest.mark.django_db(transaction=True)
def test_what_is_kept_is_never_older_than_its_edition(client, monkeypatch):
    """Somebody edits after the page has read its row and before it reads the table."""
    comparison = make_comparison(contenders=1, criteria=1, review_months=1)
    Cell.objects.update(verified_on=date(2026, 1, 1))
    edits = [lambda: Comparison.objects.update(review_months=120)]

    def edit_first(*_arguments: object) -> Table:
        while edits:
            edits.pop()()
        return table_of(*_arguments)

    monkeypatch.setattr(tables, "table_of", edit_first)
    with time_machine.travel("2026-11-22", tick=False):
        first = read(client, comparison.get_absolute_url())
        second = read(client, comparison.get_absolute_url())

    assert edits == []
    for page in (first, second):
        assert page.texts("ol[@class='sources']/li") == ["no address, checked 2026-01-01"]


# A row of it --------------------------------------------------------------------------------------


def test_every_cell_of_the_row_says_what_it_rests_on(client):
    comparison = make_comparison(contenders=2, criteria=1, slug="table", title="Table")
    first, second = comparison.contenders.all()
    Cell.objects.filter(contender=first).update(
        value="12 ms",
        note="Measured.",
        source="https://example.org/a",
        verified_on=date(2020, 1, 31),
        verified_by="Ada",
        applies_to="2.0",
    )
    Cell.objects.filter(contender=second).delete()

    page = read(client, "/comparisons/table/criterion-0/")

    assert page.texts("h1") == ["Criterion 0: Table"]
    assert page.texts("h2") == [first.technology.name, second.technology.name]
    records = [
        [(text_of(term), text_of(fact)) for term, fact in zip(*[iter(facts)] * 2, strict=True)]
        for facts in page.find("dl")
    ]
    assert records == [
        [
            ("Judgement", "Good (3 of 4)"),
            ("Value", "12 ms"),
            ("Note", "Measured."),
            ("Source", "https://example.org/a"),
            ("Verified", "2020-01-31, Ada, stale"),
            ("Applies to", "2.0"),
        ],
        [("Judgement", "unknown"), ("Source", "none given"), ("Verified", "not yet")],
    ]


@pytest.mark.parametrize("address", ["/comparisons/table/nothing/", "/comparisons/no/criterion-0/"])
def test_a_row_that_is_not_there_is_not_found(client, address):
    make_comparison(slug="table")

    assert client.get(address).status_code == 404


def test_rows_of_drafts_are_not_found(client):
    make_comparison(slug="table", status=Status.DRAFT)

    assert client.get("/comparisons/table/criterion-0/").status_code == 404


def test_a_row_names_no_drafts(client):
    comparison = make_comparison(contenders=0, slug="table")
    draft = make_technology(name="Kept back", status=Status.DRAFT)
    make_contender(comparison, technology=draft)

    assert "Kept back" not in client.get("/comparisons/table/criterion-0/").text


def test_it_moves_with_its_comparison(client):
    make_comparison(slug="table")
    Moved.objects.create(kind="comparison", old="old", new="table")

    response = client.get("/comparisons/old/criterion-0/")

    assert (response.status_code, response["Location"]) == (301, "/comparisons/table/criterion-0/")


def test_a_mistake_in_a_cell_can_be_reported(client, settings):
    settings.REPORT_TO = "https://tracker.example/new?title={title}&text={address}"
    comparison = make_comparison(contenders=0, slug="table", title="Table & more")
    make_contender(comparison, technology=make_technology(slug="quart", name="Quart & more"))

    page = read(client, "/comparisons/table/criterion-0/")

    ((said, address),) = page.links("section[@id='quart']/p")
    assert said == "Report a mistake in this cell of Quart & more"
    assert parse_qs(urlsplit(address).query) == {
        "title": ["Criterion 0 of Quart & more"],
        "text": ["http://testserver/comparisons/table/criterion-0/#quart"],
    }


# What only one form of its files has; what all share is in tests/exports --------------------------


# Long lines, as rows of a table are.
EXPECTED = r"""# [Async \| sync](<http://testserver/comparisons/frameworks/?must=asgi.yes&sort=-community>)

Edition 1, 2026-11-22

3 of 4 contenders, 4 of 4 rows

- aiohttp is ruled out: Asgi is No, you need Yes.

| Criterion | FastAPI 0.110 | Quart | Sanic | aiohttp 3.9, 3.10 · ruled out |
| --- | --- | --- | --- | --- |
| Fit · 0 to 100 with these weights | 83.3 · all known | 62.5 · all known | 100 · 16 to 100, only 16 % known | 54.2 · all known |
| Documentation · How much is explained? · Weight 3 | **Excellent** \[1\] | Good \[2\] · Some \*gaps\*. · checked 2020-01-02, stale | unknown | 120 pages |
| Asgi · Weight 1 | Yes \[3\] | Yes, since 0.6 | Yes | No |
| *People* |  |  |  |  |
| Community · How many answer? · Weight 2 | **Growing** · 0.100 to 0.110 | Small | unknown · Asked. | Moderate |
| *Terms* |  |  |  |  |
| Licence | MIT | MIT | does not apply | Apache, 2.0 |

What is bold is best in its row.

## How safe is the winner

FastAPI leads with 83.3, 20.8 ahead of Quart (62.5).

What is unknown could still put Sanic ahead.

- No weight of a single row, from 0 to 5, changes who leads.

## Sources

14 of 16 cells known, 3 with a source, 1 stale, oldest checked 2020-01-02

- \[1\] <https://example.org/docs>, checked 2026-11-01
- \[2\] <https://example.org/old>, checked 2020-01-02, stale
- \[3\] <https://example.org/docs>, checked 2026-11-01 by Ada
"""  # noqa: E501


def test_a_tool_finds_what_a_cell_says_and_what_it_rests_on(client):
    moment = datetime(2026, 11, 22, 23, 59, tzinfo=UTC)
    with time_machine.travel(moment, tick=False):
        with editions.record("ada", "", Edition.Origin.ADMIN):
            make_full_comparison()
        response = client.get("/comparisons/frameworks.json?t=quart&t=fastapi")

    content = response.json()
    assert response["Content-Type"] == "application/json; charset=utf-8"
    assert (content["title"], content["edition"], content["edited_on"]) == (
        "Async | sync",
        1,
        "2026-11-22",
    )
    assert content["address"] == "http://testserver/comparisons/frameworks/?t=quart&t=fastapi"
    assert content["question"] == {"t": ["quart", "fastapi"]}
    assert [group["name"] for group in content["groups"]] == ["", "People", "Terms"]
    row = content["groups"][0]["rows"][0]
    assert row["address"] == "http://testserver/comparisons/frameworks/documentation/"
    assert row["cells"] == [
        {
            "contender": "quart",
            "state": "known",
            "rating": 3,
            "word": "Good",
            "value": "",
            "note": "Some *gaps*.",
            "source": "https://example.org/old",
            "verified_on": "2020-01-02",
            "verified_by": "",
            "applies_to": "",
            "stale": True,
            "best": "",
            "said": "Good",
        },
        {
            "contender": "fastapi",
            "state": "known",
            "rating": 4,
            "word": "Excellent",
            "value": "",
            "note": "",
            "source": "https://example.org/docs",
            "verified_on": "2026-11-01",
            "verified_by": "",
            "applies_to": "",
            "stale": False,
            "best": "sole",
            "said": "Excellent",
        },
    ]


def test_it_can_be_pasted_and_says_where_it_is_from(client):
    moment = datetime(2026, 11, 22, 23, 59, tzinfo=UTC)
    with time_machine.travel(moment, tick=False):
        with editions.record("ada", "", Edition.Origin.ADMIN):
            make_full_comparison()
        response = client.get("/comparisons/frameworks.md?must=asgi.yes&sort=-community")

    assert response["Content-Type"] == "text/markdown; charset=utf-8"
    assert response.text == EXPECTED


def test_it_is_a_file_that_a_spreadsheet_opens(client):
    make_full_comparison()

    with time_machine.travel(datetime(2026, 11, 22, tzinfo=UTC), tick=False):
        response = client.get("/comparisons/frameworks.csv?t=fastapi&t=quart&group=people")

    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response.content.decode("utf-8-sig") == (
        "Criterion,Group,Question,Weight,FastAPI 0.110,Quart,FastAPI 0.110 source,"
        "FastAPI 0.110 verified on,Quart source,Quart verified on\r\n"
        "Fit,,0 to 100 with these weights,,83.3,62.5,,,,\r\n"
        "Range of fit,,,,all known,all known,,,,\r\n"
        "Documentation,,How much is explained?,3,Excellent,"
        '"Good · Some *gaps*. · checked 2020-01-02, stale",https://example.org/docs,2026-11-01,'
        "https://example.org/old,2020-01-02\r\n"
        'Asgi,,,1,Yes,"Yes, since 0.6",https://example.org/docs,2026-11-01,,\r\n'
        "Community,People,How many answer?,2,Growing · 0.100 to 0.110,Small,,,,\r\n"
    )
