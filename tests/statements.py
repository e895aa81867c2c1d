"""What a page says, taken apart: the statements of which tests.facts gives the list."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from tests.reading import Document, main_text_of, said_in, text_of

HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}

Statement = tuple[str, ...]


def read_statements(document: Document) -> set[Statement]:
    """Every statement in the main part of a page."""
    (main,) = document.find("main")
    return set(_statements(main))


def _statements(main: Element) -> Iterator[Statement]:
    heading = term = ""
    for element in main.iter():
        text = text_of(element)
        if element.tag in HEADINGS:
            heading = text
            yield "heading", text
        elif element.tag == "p":
            yield "text", text
        elif element.tag == "li":
            yield from _item(heading, element)
        elif element.tag == "dt":
            term = text
            yield "row", text
        elif element.tag == "dd":
            yield "term", term, text
        elif element.tag == "table":
            yield from _table(element)


def _item(heading: str, item: Element) -> Iterator[Statement]:
    text = " ".join("".join(_texts_of_its_own(item)).split())
    yield "item", heading, text
    if (link := item.find("a")) is None:
        return
    name = text_of(link)
    yield "name", name
    if (verdict := item.find("*[@data-verdict]")) is not None:
        yield "verdict", name, text_of(verdict)
    if note := text.partition(": ")[2]:
        yield "note", name, note


def _texts_of_its_own(item: Element) -> Iterator[str]:
    """The text of an item without that of the lists in it."""
    yield item.text or ""
    for child in item:
        if child.tag not in ("ul", "ol"):
            yield text_of(child)
        yield child.tail or ""


def _table(table: Element) -> Iterator[Statement]:
    head, *rows = table.iter("tr")
    columns = [main_text_of(cell) for cell in head]
    for column in columns:
        yield "column", column
    first = ""
    for row in rows:
        cells = [main_text_of(said_in(cell)) for cell in row]
        if len(cells) == len(columns):  # else its head is that of the row above
            first = cells.pop(0)
        yield "row", first
        for column, text in zip(columns[1:], cells, strict=True):
            yield "cell", first, column, text
        yield from _entry(row)


def _entry(row: Element) -> Iterator[Statement]:
    """What a row says of the thing that its head leads to."""
    if (link := row.find("th/a")) is None:
        return
    name = text_of(link)
    yield "name", name
    if (verdict := row.find("td/*[@data-verdict]")) is not None:
        yield "verdict", name, text_of(verdict)
    for paragraph in row.iter("p"):
        yield "note", name, text_of(paragraph)
