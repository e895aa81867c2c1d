"""The one place where the inside of a table becomes HTML: whatever a field holds is only text."""

from datetime import date
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import pytest

from catalog.comparison import cells
from catalog.comparison.engine import Cell, Column, Contender, Criterion, Fit, Row
from catalog.comparison.engine.table import Source
from tests.reading import text_of

PAYLOADS = [
    "<script>x()</script>",
    "\"'><img src=x onerror=x>",
    "</td></tr></table><svg onload=x>",
    "javascript:x()",
    "&lt;b&gt;",
    "{{ 7 }}{% x %} %s {0}",
]
CRITERION = Criterion("row", "Row")
COLUMN = Column(Contender("a", "A"), Fit())


def parse(html: str, around: str) -> Element:
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    return parser.parse(f"<!doctype html><title>x</title>{around.format(html)}")


def of_row(cell: Cell, kind: str = "rating", **fields: Any) -> Element:
    row = Row(CRITERION._replace(kind=kind), 1, (cell,), ("",))
    html = cells.row_html(row, [COLUMN], fields.get("numbers", {}))
    return parse(html, "<table><tbody><tr>{}</tr></tbody></table>")


def elements(root: Element) -> set[str]:
    return {str(element.tag) for element in root.iter()} & {"script", "img", "svg"}


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("field", ["word", "value", "note", "applies_to"])
def test_what_a_cell_says_is_text(field, payload):
    said = {"word": "Word", "value": "", "note": "", "applies_to": "", field: payload}

    page = of_row(Cell("known", 3, **said))

    assert elements(page) == set()
    assert payload in text_of(page.find(".//td"))
    assert page.find(".//td").attrib == {"data-rating": "3"}


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_list_of_values_is_text(payload):
    page = of_row(Cell("known", None, "", f"{payload}\nsecond"), kind="text")

    assert [text_of(item) for item in page.iter("li")] == [payload, "second"]
    assert elements(page) == set()


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_source_is_a_link_and_the_rest_of_it_text(payload):
    source = Source(f"https://example.org/{payload}", date(2026, 1, 2), payload, payload, True)

    page = parse(cells.sources_html({source: 7}), "<ol>{}</ol>")

    (item,) = page.iter("li")
    assert item.attrib == {"id": "n7"}
    assert [link.attrib for link in item.iter("a")] == [{"href": f"https://example.org/{payload}"}]
    assert text_of(item).endswith(f", checked 2026-01-02 by {payload}, applies to {payload}, stale")


@pytest.mark.parametrize("payload", PAYLOADS)
def test_options_send_keys_as_they_are(payload):
    criterion = Criterion(payload, payload, weight=2)

    page = parse(
        cells.weight_options(criterion, 5) + cells.must_options(criterion, 0), "<select>{}</select>"
    )

    values = [option.get("value") for option in page.iter("option")]
    assert values == [
        *(f"{payload}.{figure}" if figure != 2 else "" for figure in range(6)),
        "",
        *(f"{payload}.{figure}" for figure in range(1, 5)),
    ]


def test_cells_that_differ_in_anything_are_never_taken_for_each_other():
    cell = Cell("known", 3, "Good")
    others = [
        cell._replace(**{field: value})
        for field, value in [("rating", 2), ("word", "Fine"), ("note", "x"), ("stale", False)]
    ]

    assert len({cells.row_html(_row(one), [COLUMN], {}) for one in [cell, *others]}) == 4


def _row(cell: Cell) -> Row:
    return Row(CRITERION, 1, (cell,), ("",))
