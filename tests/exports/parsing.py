"""The forms of a table as those who get them read them."""

import csv
import io
import itertools
import re
from collections.abc import Iterator
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

from catalog.exports.as_csv import AFTER_A_SEPARATOR, AT_THE_START, MARK

# With tables, and with everything made a link that looks like one.
PARSER = MarkdownIt("gfm-like")

GUARD = re.compile(rf"\A'{AT_THE_START}|(?<=[;\t\r\n])'{AFTER_A_SEPARATOR}")


def csv_rows(text: str) -> list[list[str]]:
    """Every cell as it stands in the file."""
    assert text.startswith(MARK)
    return list(csv.reader(io.StringIO(text.removeprefix(MARK), newline=""), strict=True))


def csv_words(text: str) -> list[list[str]]:
    """Every cell as it was before it was guarded."""
    return [[unguard(cell) for cell in row] for row in csv_rows(text)]


def unguard(text: str) -> str:
    """Return the text that was guarded."""
    return GUARD.sub("", text)


class Parsed(NamedTuple):
    """A Markdown document: its only table, its other texts in order, its links."""

    table: list[list[str]]
    texts: list[str]
    links: list[str]
    bold: list[str]


def parse_markdown(text: str) -> Parsed:
    """Fails on HTML, images, code and whatever else none of ours writes."""
    tokens = PARSER.parse(text)
    inner = [token for token in tokens if token.type == "inline"]
    children = [child for token in inner for child in token.children]
    assert {token.type.removesuffix("_open").removesuffix("_close") for token in tokens} <= {
        *("inline", "heading", "paragraph", "bullet_list", "list_item"),
        *("table", "thead", "tbody", "tr", "th", "td"),
    }
    assert {child.type.removesuffix("_open").removesuffix("_close") for child in children} <= {
        *("text", "link", "strong", "em")
    }
    assert [token.type for token in tokens].count("table_open") == 1
    return Parsed(
        list(_table(tokens)),
        [
            _text(token)
            for before, token in itertools.pairwise(tokens)
            if token.type == "inline" and before.type not in ("th_open", "td_open")
        ],
        [child.attrGet("href") for child in children if child.type == "link_open"],
        [
            after.content
            for child, after in itertools.pairwise(children)
            if child.type == "strong_open"
        ],
    )


def _table(tokens: list[Token]) -> Iterator[list[str]]:
    row: list[str] = []
    for before, token in itertools.pairwise(tokens):
        if before.type in ("th_open", "td_open"):
            row.append(_text(token))
        elif before.type == "tr_close":
            yield row
            row = []


def _text(token: Token) -> str:
    return "".join(child.content for child in token.children if child.type == "text")
