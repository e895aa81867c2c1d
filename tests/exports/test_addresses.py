"""What holds for every form of a table, whatever it is written in."""

import json
import re
from datetime import UTC, datetime
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

import pytest
import time_machine
from django.db import transaction
from django.test import Client

from catalog.comparison import tables
from catalog.exports import FORMS
from catalog.history import editions, renames
from catalog.models import (
    Cell,
    Comparison,
    Contender,
    Criterion,
    CriterionGroup,
    Edition,
    Status,
    Technology,
)
from tests.exports.comparisons import NONSENSE, QUESTIONS, make_full_comparison
from tests.exports.hostile import HOSTILE
from tests.exports.parsing import csv_words, parse_markdown
from tests.factories import make_comparison, make_contender, make_technology
from tests.reading import Document, read, text_of

pytestmark = pytest.mark.django_db

every_form = pytest.mark.parametrize("suffix", FORMS)


@every_form
def test_a_draft_is_not_found(client, suffix):
    make_comparison(slug="kept", title="Kept back", status=Status.DRAFT)

    response = client.get(f"/comparisons/kept.{suffix}")

    assert response.status_code == 404
    assert "Kept back" not in response.text


@every_form
def test_a_draft_among_the_contenders_is_not_named(client, suffix):
    comparison = make_comparison(slug="shown")
    draft = make_technology(name="Kept back", slug="kept-back", status=Status.DRAFT)
    make_contender(comparison, technology=draft)

    text = client.get(f"/comparisons/shown.{suffix}?t=kept-back").text

    assert "Kept back" not in text


@every_form
def test_an_archived_table_is_still_found(client, suffix):
    make_comparison(slug="old", status=Status.ARCHIVED)

    text = client.get(f"/comparisons/old.{suffix}").text

    said = {"csv": "Criterion", "md": "\n\nArchived: kept for", "json": '"archived": true'}
    assert said[suffix] in text


@every_form
def test_an_old_slug_leads_to_the_same_form_with_its_query(client, suffix):
    comparison = make_comparison(slug="before")
    with editions.record("ada", "", Edition.Origin.ADMIN):
        renames.rename(comparison, "after")

    response = client.get(f"/comparisons/before.{suffix}?rows=differ&x=2")

    assert response.status_code == 301
    assert response["Location"] == f"/comparisons/after.{suffix}?rows=differ&x=2"


@every_form
def test_a_question_in_other_words_leads_to_its_one_address(client, suffix):
    make_full_comparison()
    technology = Technology.objects.get(slug="quart")
    with editions.record("ada", "", Edition.Origin.ADMIN):
        renames.rename(technology, "flask")
        renames.rename(technology, "quart")
    address = f"/comparisons/frameworks.{suffix}"

    canonical = {
        "?differ=1&t=quart&t=fastapi": "?t=quart&t=fastapi&rows=differ",
        "?sort=&rows=differ&show=marks": "?rows=differ",
        "?t=flask&t=fastapi": "?t=quart&t=fastapi",
        "?differ=0": "",
    }
    answers = {query: client.get(address + query) for query in canonical}
    assert {answer.status_code for answer in answers.values()} == {302}
    assert {query: answer["Location"] for query, answer in answers.items()} == {
        query: address + wanted for query, wanted in canonical.items()
    }


@every_form
def test_nonsense_is_left_out_and_the_rest_is_answered(client, suffix):
    make_full_comparison()

    response = client.get(f"/comparisons/frameworks.{suffix}{NONSENSE}")

    complaint = "“nobody” is not in this table; it was left out."
    assert response.status_code == 200
    assert (complaint in response.text) == (suffix != "csv")
    assert "those rated differently" in response.text or suffix == "csv"


@every_form
def test_a_hostile_query_gives_a_table_that_parses_or_is_refused(client, suffix):
    make_full_comparison()
    address = f"/comparisons/frameworks.{suffix}"

    for query in (
        *("t=%00", "t=%FF%FE", "must=%3Cscript%3E.3", "sort=-", "w=..", "group=%0D%0AX: y"),
        *("must=documentation.9", "differ=2", "t=" + "a" * 3_000, "%F0%9F=1", "t[]=quart"),
        "must=%3D1%2B1.3&t=%7C%7C&group=%5Ba%5D(https://x.example)",
    ):
        response = client.get(f"{address}?{query}", follow=True)
        assert response.status_code == 200, query
        _parse(suffix, response.text)
        assert "\0" not in response.text
    # Longer than any form sends.
    for query in ("t=" + "x" * 9_000, "&".join(["rows=differ"] * 1_001)):
        assert client.get(f"{address}?{query}").status_code == 400


@every_form
def test_it_is_named_kept_out_of_search_and_knows_its_page(client, suffix):
    make_full_comparison()

    response = client.get(f"/comparisons/frameworks.{suffix}?rows=differ")

    assert response["X-Robots-Tag"] == "noindex"
    assert response["Link"] == '<http://testserver/comparisons/frameworks/>; rel="canonical"'
    disposition, _, name = response["Content-Disposition"].partition("; ")
    assert disposition == ("attachment" if suffix == "csv" else "inline")
    assert name == f'filename="frameworks.{suffix}"'
    assert response["Content-Type"].endswith("; charset=utf-8")
    assert "Cookie" not in response.headers.get("Vary", "")


@every_form
def test_it_is_only_read(client, suffix):
    make_comparison(slug="frameworks")

    assert client.post(f"/comparisons/frameworks.{suffix}").status_code == 405


def test_hostile_words_in_every_field_stay_words(client):
    make_comparison(slug="frameworks", contenders=2, criteria=1)

    for text in filter(str.strip, HOSTILE):
        Comparison.objects.update(title=text)
        Technology.objects.update(name=text)
        Contender.objects.update(versions=text)
        Criterion.objects.update(name=text, question=text)
        Cell.objects.update(word=text, value=text, note=text, applies_to=text)
        CriterionGroup.objects.update(name=text)
        tables.forget()  # within a transaction the edition is raised only once
        for suffix in FORMS:
            response = client.get(f"/comparisons/frameworks.{suffix}?must=criterion-0.4")
            assert response.status_code == 200, text
            _parse(suffix, response.text)


def _parse(suffix: str, text: str) -> None:
    if suffix == "csv":
        assert len({len(row) for row in csv_words(text)}) == 1
    elif suffix == "md":
        assert len({len(row) for row in parse_markdown(text).table}) == 1
    else:
        assert set(json.loads(text)) >= {"title", "contenders", "groups"}


# Whatever is asked, the forms of a table say what its page says, in the same order ----------------


every_question = pytest.mark.parametrize("query", [*QUESTIONS, NONSENSE])
PAGE = "/comparisons/frameworks"


class Said(NamedTuple):
    """What the site answers to a question: its page, and its other forms."""

    page: Document
    csv: str
    md: str
    json: str


def ask(query: str) -> Said:
    client = Client()
    forms = [client.get(f"{PAGE}.{suffix}{query}") for suffix in ("csv", "md", "json")]
    assert [form.status_code for form in forms] == [200, 200, 200]
    return Said(read(client, f"{PAGE}/{query}"), *(form.text for form in forms))


@pytest.fixture(scope="module")
def answers(django_db_setup: None, django_db_blocker: Any) -> dict[str, Said]:
    """The answer to every question, read once for all tests."""
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    with django_db_blocker.unblock(), transaction.atomic(), time_machine.travel(now, tick=False):
        make_full_comparison()
        found = {query: ask(query) for query in [*QUESTIONS, NONSENSE]}
        transaction.set_rollback(True)
    return found


@pytest.fixture
def said(answers: dict[str, Said], query: str) -> Said:
    return answers[query]


_NUMBER = re.compile(r" \[\d+\]")  # of a source, in the list that the page has in its cells


def words_of(text: str) -> list[str]:
    return re.findall(r"[\w.]*\w", text)


def seen(element: Element, *left_out: str) -> str:
    """The text one sees of an element: no button, and nothing for screen readers alone."""
    if element.tag in ("button", *left_out) or "vh" in element.get("class", "").split():
        return ""
    inner = (seen(child, *left_out) + (child.tail or "") for child in element)
    return " ".join([element.text or "", *inner])


def page_table(page: Document, *left_out: str) -> list[list[list[str]]]:
    """The words of each cell of the comparison, without the links to sources and the fit."""
    (table,) = page.find("table[@class='compared words']")
    return [[words_of(_said(cell, *left_out)) for cell in row] for row in table.iter("tr")]


def _said(cell: Element, *left_out: str) -> str:
    if cell.get("role") == "columnheader":
        return re.sub(r"fit [\d.]+", "", seen(cell)).replace("Weight", "").replace("At least", "")
    if (head := cell.find("div[@class='head']")) is not None:
        weight = head.findall("span")
        parts = [head.find(".//summary"), *head.findall(".//p"), *weight]
        return " ".join(map(seen, parts))
    parts = [cell.find("div[@class='val']"), cell.find("div[@class='more']")]
    if parts[0] is None:
        return seen(cell)
    said, more = (
        seen(part, "a", *left) if part is not None else ""
        for part, left in zip(parts, [("small", *left_out), ("span", *left_out)], strict=True)
    )
    return f"{said} {more}"


def counts_of(page: Document) -> str:
    return page.texts("table/caption")[
        -1 if page.find("table[@class='fits']") == [] else 1
    ].partition(": ")[2]


def winner_of(page: Document) -> list[str]:
    """Who leads, in the sentences of the band before how safe that is."""
    if not page.find("table[@class='fits']"):
        return []
    said = page.find("div[@class='answer']/div/p")
    return [text_of(one) for one in said if one.find("b") is None and one.find("a") is None]


@every_question
def test_markdown_has_the_table_of_the_page(said):
    page = page_table(said.page)

    parsed = parse_markdown(said.md)

    width = len(page[0])
    table = [
        [words_of(_NUMBER.sub("", cell)) for cell in row]
        for row in parsed.table
        if row[0][:3] != "Fit"
    ]
    assert table == [row + [[]] * (width - len(row)) for row in page]


@every_question
def test_markdown_says_the_sentences_of_the_page(said):
    page = said.page

    parsed = parse_markdown(said.md)

    sentences = [
        *page.texts("h1"),
        *page.texts("ul[@class='errors']/li"),
        counts_of(page),
        *page.texts("div[@class='answer']//li"),
        *winner_of(page),
        *page.texts("section[@class='winner']/ul/li"),
    ]
    assert [text for text in parsed.texts if text in sentences] == sentences


@every_question
def test_the_best_of_a_row_are_bold(said):
    page = said.page

    parsed = parse_markdown(said.md)

    best = [cell for cell in page.find("td") if "best" in cell.get("class", "").split()]
    firsts = [cell.find(".//b").text for cell in best]
    assert [text.split(",")[0] for text in parsed.bold] == firsts


@every_question
def test_csv_has_the_cells_of_the_page(said):
    head, *page = page_table(said.page)
    rows = csv_words(said.csv)
    contenders = slice(4, 4 + len(head) - 1)

    cells = [
        [words_of(cell) for cell in row[contenders]]
        for row in rows
        if row[0] not in ("Ruled out", "Fit", "Range of fit")
    ]

    ruled = [[word for word in cell if word not in ("ruled", "out")] for cell in head[1:]]
    assert cells == [ruled, *(row[1:] for row in page if len(row) > 1 and row[0][0] != "Fit")]


@every_question
def test_csv_has_the_fit_of_the_page(said):
    names = [link.text for link in said.page.find("th[@role='columnheader']/a")]
    rows = csv_words(said.csv)

    found = {row[0]: row[4 : 4 + len(names)] for row in rows if row[0] in _FIT}
    table = said.page.find("table[@class='fits']")
    shown = {}
    for row in table[0].find("tbody") if table else ():
        name, reach, score, *_rest = map(text_of, row)
        shown[name] = (score.replace("\N{EN DASH}", ""), reach)
    assert [shown[name] for name in names if shown] == list(
        zip(*map(found.get, _FIT), strict=True) if found else []
    )


_FIT = ("Fit", "Range of fit")


@every_question
def test_json_has_the_table_of_the_page(said):
    page = said.page
    head, *rows = page_table(page, "sup")
    content = json.loads(said.json)

    assert [
        words_of(f"{one['name']} {one['versions']} {'ruled out' if one['ruled_out'] else ''}")
        for one in content["contenders"]
    ] == head[1:]
    cells = [
        [
            words_of(" ".join([cell["said"], cell["note"], cell["applies_to"]]))
            for cell in row["cells"]
        ]
        for group in content["groups"]
        for row in group["rows"]
    ]
    shown = [row[1:] for row in rows if len(row) > 1 and row[0][0] != "Fit"]
    stale = words_of("checked 2020-01-02, stale")
    assert cells == [
        [cell[: -len(stale)] if cell[-len(stale) :] == stale else cell for cell in row]
        for row in shown
    ]
    assert content["counts"] == counts_of(page)
    assert content["complaints"] == page.texts("ul[@class='errors']/li")
    assert content["winner"] == winner_of(page)


@pytest.mark.parametrize("query", QUESTIONS)
def test_every_form_is_where_its_page_says(said, query):
    page = said.page

    links = page.links("p[@class='bar takeaway']")
    (button,) = page.find("p[@class='bar takeaway']/button")

    # Each of these addresses answered.
    assert [address for _, address in links] == [f"{PAGE}.{suffix}{query}" for suffix in FORMS]
    assert (button.get("data-sg-copy-from"), button.get("hidden")) == (links[1][1], "")
