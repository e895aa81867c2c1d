"""Markdown is read back by a parser that makes a link of all that looks like one."""

import re

import pytest
from hypothesis import given

from catalog.comparison.engine import arrange
from catalog.exports import Sheet, to_markdown
from catalog.exports.as_markdown import escape
from tests.comparison.tables import ask, make_table
from tests.exports.hostile import HOSTILE, sheet_of, sheets, words
from tests.exports.parsing import PARSER, parse_markdown


def on_one_line(text: str) -> str:
    """Without controls and overrides of the direction, white space folded."""
    text = re.sub(r"[\u202a-\u202e\u2066-\u2069]", "", text)
    return " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", text).split())


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_are_shown_as_they_are_and_stay_in_their_cells(text: str) -> None:
    parsed = parse_markdown(to_markdown(sheet_of(text)))

    said = on_one_line(text)
    note = on_one_line(f"{text} · {text}")
    assert parsed.texts[0] == said
    assert parsed.texts[2] == (said or "1 of 2 contenders, 2 of 2 rows")
    assert [len(row) for row in parsed.table] == [3] * 5
    assert parsed.table[3] == [f"{said} · {said}" if said else "", "", ""]
    assert parsed.table[4][0] == on_one_line(f"{text} · {text}")
    assert parsed.table[2][0] == on_one_line(f"{text} · {text} · Weight 3")
    assert parsed.table[2][1].endswith(f"[1] · {note}")


@pytest.mark.parametrize("text", HOSTILE)
def test_only_the_heading_and_the_sources_are_links(text: str) -> None:
    parsed = parse_markdown(to_markdown(sheet_of(text)))

    assert parsed.links[0] == "https://guide.example/comparisons/a/?must=rated.1"
    assert len(parsed.links) == 4
    assert all(link.startswith("https://x.example/") for link in parsed.links[1:])


@given(sheets())
def test_the_table_has_its_rows_and_columns_whatever_the_words(sheet) -> None:
    rectangle = sheet.rectangle
    groups = sum(1 for block in rectangle.blocks if block.group)

    parsed = parse_markdown(to_markdown(sheet))

    rows = 1 + rectangle.is_weighed + groups + len(rectangle.rows)
    assert [len(row) for row in parsed.table] == [1 + len(rectangle.columns)] * rows
    assert len(parsed.links) == 1 + len(re.findall(r"(?m)^- \\\[\d+\\\] <", to_markdown(sheet)))


@given(words)
def test_any_words_escaped_are_one_paragraph_of_text(text: str) -> None:
    html = PARSER.render(escape(text))

    said = on_one_line(text)
    escaped = said.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert html == (f"<p>{escaped.replace(chr(34), '&quot;')}</p>\n" if said else "")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Good, 12 ms (p99).", "Good, 12 ms (p99)."),
        ("5.2 and newer; 3.11+", "5.2 and newer; 3.11+"),
        ("well-kept: yes!", "well-kept: yes!"),
        ("snake_case", r"snake\_case"),
    ],
)
def test_plain_words_stay_readable(text: str, written: str) -> None:
    assert escape(text) == written


def test_only_sources_of_what_is_shown_are_listed_under_the_numbers_of_the_page() -> None:
    table = make_table("speed 1: 4 2")
    for slug in "ab":
        cell = table.cells["speed", slug]
        table.cells["speed", slug] = cell._replace(source=f"https://{slug}.example/")
    sheet = Sheet("T", "https://x.example/", arrange(table, ask(table, t=["b"])))

    parsed = parse_markdown(to_markdown(sheet))

    assert parsed.links[1:] == ["https://b.example/"]
    assert parsed.texts[-1] == "[2] https://b.example/"
