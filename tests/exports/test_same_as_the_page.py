"""Whatever is asked, the forms of a table say what its page says, in the same order."""

import json
import re
from datetime import UTC, datetime
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

import pytest
import time_machine
from django.db import transaction
from django.test import Client

from catalog.exports import FORMS
from tests.exports.comparisons import NONSENSE, QUESTIONS, make_full_comparison
from tests.exports.parsing import csv_words, parse_markdown
from tests.reading import Document, read

pytestmark = pytest.mark.django_db

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


def words_of(text: str) -> list[str]:
    return re.findall(r"[\w.]*\w", text)


def seen(element: Element, *left_out: str) -> str:
    """The text one sees of an element: no button, and nothing for screen readers alone."""
    if element.tag in ("button", *left_out) or "vh" in element.get("class", "").split():
        return ""
    inner = (seen(child, *left_out) + (child.tail or "") for child in element)
    return " ".join([element.text or "", *inner])


def page_table(page: Document, *left_out: str) -> list[list[list[str]]]:
    """The words of each cell of the comparison."""
    (table,) = page.find("table[@class='compared']")
    return [[words_of(seen(cell, *left_out)) for cell in row] for row in table.iter("tr")]


@every_question
def test_markdown_has_the_table_of_the_page(said: Said) -> None:
    page = page_table(said.page)

    parsed = parse_markdown(said.md)

    width = len(page[0])
    table = [[words_of(cell) for cell in row] for row in parsed.table]
    assert table == [row + [[]] * (width - len(row)) for row in page]


@every_question
def test_markdown_says_the_sentences_of_the_page(said: Said) -> None:
    page = said.page

    parsed = parse_markdown(said.md)

    sentences = [
        *page.texts("h1"),
        *page.texts("ul[@class='errors']/li"),
        *page.texts("p[@class='bar']/span")[:1],
        *page.texts("ul[@class='outs']/li"),
        *(page.texts("section[@class='winner']/p")[:-1]),
        *page.texts("section[@class='winner']/ul/li"),
    ]
    assert [text for text in parsed.texts if text in sentences] == sentences


@every_question
def test_the_best_of_a_row_are_bold(said: Said) -> None:
    page = said.page

    parsed = parse_markdown(said.md)

    best = [cell for cell in page.find("td") if "best" in cell.get("class", "").split()]
    firsts = [cell.find("b").text for cell in best]
    assert [text.split(",")[0] for text in parsed.bold] == firsts


@every_question
def test_csv_has_the_cells_of_the_page(said: Said) -> None:
    head, *page = page_table(said.page, "sup")
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
def test_csv_has_the_fit_of_the_page(said: Said) -> None:
    page = page_table(said.page)
    rows = csv_words(said.csv)

    width = len(page[0]) - 1
    fits = [row[1:] for row in page if row[0][:1] == ["Fit"]]
    scores, ranges = ([row[4 : 4 + width] for row in rows if row[0] == name] for name in _FIT)
    assert fits == [
        [words_of(f"{score} {reach}") for score, reach in zip(*pair, strict=True)]
        for pair in zip(scores, ranges, strict=True)
    ]


_FIT = ("Fit", "Range of fit")


@every_question
def test_json_has_the_table_of_the_page(said: Said) -> None:
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
    assert [content["counts"]] == page.texts("p[@class='bar']/span")[:1]
    assert content["complaints"] == page.texts("ul[@class='errors']/li")
    assert content["winner"] == page.texts("section[@class='winner']/p")[:-1]


@pytest.mark.parametrize("query", QUESTIONS)
def test_every_form_is_where_its_page_says(said: Said, query: str) -> None:
    page = said.page

    links = page.links("p[@class='bar takeaway']")
    (button,) = page.find("p[@class='bar takeaway']/button")

    # Each of these addresses answered.
    assert [address for _, address in links] == [f"{PAGE}.{suffix}{query}" for suffix in FORMS]
    assert (button.get("data-sg-copy-from"), button.get("hidden")) == (links[1][1], "")
