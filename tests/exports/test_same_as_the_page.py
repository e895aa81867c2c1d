"""Whatever is asked, the forms of a table say what its page says, in the same order."""

import json
import re
from datetime import UTC, datetime
from xml.etree.ElementTree import Element

import pytest
import time_machine
from django.test import Client

from catalog.exports import FORMS
from tests.exports.comparisons import NONSENSE, QUESTIONS, make_full_comparison
from tests.exports.parsing import csv_words, parse_markdown
from tests.reading import Document, read

pytestmark = pytest.mark.django_db

every_question = pytest.mark.parametrize("query", [*QUESTIONS, NONSENSE])
PAGE = "/comparisons/frameworks/"


@pytest.fixture(autouse=True)
def full_comparison():
    with time_machine.travel(datetime(2026, 11, 22, 12, tzinfo=UTC), tick=False):
        make_full_comparison()
        yield


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


def page_of(client: Client, query: str) -> Document:
    return read(client, PAGE + query)


@every_question
def test_markdown_has_the_table_of_the_page(client: Client, query: str) -> None:
    page = page_table(page_of(client, query))

    parsed = parse_markdown(client.get(f"/comparisons/frameworks.md{query}").text)

    width = len(page[0])
    table = [[words_of(cell) for cell in row] for row in parsed.table]
    assert table == [row + [[]] * (width - len(row)) for row in page]


@every_question
def test_markdown_says_the_sentences_of_the_page(client: Client, query: str) -> None:
    page = page_of(client, query)

    parsed = parse_markdown(client.get(f"/comparisons/frameworks.md{query}").text)

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
def test_the_best_of_a_row_are_bold(client: Client, query: str) -> None:
    page = page_of(client, query)

    parsed = parse_markdown(client.get(f"/comparisons/frameworks.md{query}").text)

    best = [cell for cell in page.find("td") if "best" in cell.get("class", "").split()]
    firsts = [cell.find("b").text for cell in best]
    assert [text.split(",")[0] for text in parsed.bold] == firsts


@every_question
def test_csv_has_the_cells_of_the_page(client: Client, query: str) -> None:
    head, *page = page_table(page_of(client, query), "sup")
    rows = csv_words(client.get(f"/comparisons/frameworks.csv{query}").text)
    contenders = slice(4, 4 + len(head) - 1)

    said = [
        [words_of(cell) for cell in row[contenders]]
        for row in rows
        if row[0] not in ("Ruled out", "Fit", "Range of fit")
    ]

    ruled = [[word for word in cell if word not in ("ruled", "out")] for cell in head[1:]]
    assert said == [ruled, *(row[1:] for row in page if len(row) > 1 and row[0][0] != "Fit")]


@every_question
def test_csv_has_the_fit_of_the_page(client: Client, query: str) -> None:
    page = page_table(page_of(client, query))
    rows = csv_words(client.get(f"/comparisons/frameworks.csv{query}").text)

    width = len(page[0]) - 1
    fits = [row[1:] for row in page if row[0][:1] == ["Fit"]]
    scores, ranges = ([row[4 : 4 + width] for row in rows if row[0] == name] for name in _FIT)
    assert fits == [
        [words_of(f"{score} {reach}") for score, reach in zip(*pair, strict=True)]
        for pair in zip(scores, ranges, strict=True)
    ]


_FIT = ("Fit", "Range of fit")


@every_question
def test_json_has_the_table_of_the_page(client: Client, query: str) -> None:
    page = page_of(client, query)
    head, *rows = page_table(page, "sup")
    content = json.loads(client.get(f"/comparisons/frameworks.json{query}").text)

    assert [
        words_of(f"{one['name']} {one['versions']} {'ruled out' if one['ruled_out'] else ''}")
        for one in content["contenders"]
    ] == head[1:]
    said = [
        [
            words_of(" ".join([cell["said"], cell["note"], cell["applies_to"]]))
            for cell in row["cells"]
        ]
        for group in content["groups"]
        for row in group["rows"]
    ]
    shown = [row[1:] for row in rows if len(row) > 1 and row[0][0] != "Fit"]
    stale = words_of("checked 2020-01-02, stale")
    assert said == [
        [cell[: -len(stale)] if cell[-len(stale) :] == stale else cell for cell in row]
        for row in shown
    ]
    assert [content["counts"]] == page.texts("p[@class='bar']/span")[:1]
    assert content["complaints"] == page.texts("ul[@class='errors']/li")
    assert content["winner"] == page.texts("section[@class='winner']/p")[:-1]


@pytest.mark.parametrize("query", QUESTIONS)
def test_every_form_is_where_its_page_says(client: Client, query: str) -> None:
    page = page_of(client, query)

    links = page.links("p[@class='bar takeaway']")
    (button,) = page.find("p[@class='bar takeaway']/button")

    assert links == [
        (form.name, f"/comparisons/frameworks.{suffix}{query}") for suffix, form in FORMS.items()
    ]
    assert [client.get(address).status_code for _, address in links] == [200, 200, 200]
    assert (button.get("data-sg-copy-from"), button.get("hidden")) == (links[1][1], "")
