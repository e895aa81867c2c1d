"""A page as a reader gets it: parsed as strictly as HTML can be, then asked by element."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

import html5lib
from django.test import Client


class Document:
    """A parsed page. Making one fails on the first fault in its HTML."""

    def __init__(self, html: str) -> None:
        parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
        self.root: Element = parser.parse(html)

    def find(self, path: str) -> list[Element]:
        return self.root.findall(f".//{path}")

    def texts(self, path: str) -> list[str]:
        """The text of each element at `path`, white space folded."""
        return [text_of(element) for element in self.find(path)]

    def links(self, path: str = "main") -> list[tuple[str, str]]:
        """Text and address of each link inside `path`."""
        return [(text_of(link), link.get("href")) for link in self.find(f"{path}//a")]

    def table(self, path: str = "table") -> list[list[str]]:
        """The cells of the only table of the page, or at a path, row by row, its head first."""
        (table,) = self.find(path)
        return [[text_of(cell) for cell in row] for row in table.iter("tr")]

    def compared(self) -> list[list[str]]:
        """What a comparison table says, row by row, headings apart: names of rows, and findings."""
        (table,) = [one for one in self.find("table") if "compared" in one.get("class", "").split()]
        rows = [row for row in table.iter("tr") if row.get("class") != "group"]
        return [[main_text_of(said_in(cell)) for cell in row] for row in rows]

    def fits(self) -> dict[str, list[str]]:
        """Points, verdict and “best in” of each contender in the band, best fit first."""
        (table,) = self.find("table[@class='fits']")
        rows = [[text_of(cell) for cell in row] for row in table.find("tbody")]
        return {name: said for name, _bar, *said in rows}

    def lists(self) -> list[tuple[str, list[str]]]:
        """The heading of each section with the items of the lists in it."""
        return [
            (text_of(section.find("h2")), [text_of(item) for item in section.iter("li")])
            for section in self.find("section")
        ]

    def section(self, name: str) -> str:
        """What the section says whose heading has this id; blank where it is not there."""
        found = self.find(f"section[@aria-labelledby='{name}']")
        return text_of(found[0]) if found else ""

    def facts(self) -> list[tuple[str, list[str]]]:
        """Each term of the page's only description list, with what is said of it."""
        (described,) = self.find("dl")
        found: list[tuple[str, list[str]]] = []
        for element in described.iter():
            if element.tag == "dt":
                found.append((text_of(element), []))
            elif element.tag == "dd":
                found[-1][1].append(text_of(element))
        return found


def read(client: Client, address: str) -> Document:
    """The page at an address, which must be there."""
    response = client.get(address)
    assert response.status_code == 200, address
    return Document(response.text)


def said_in(cell: Element) -> Element:
    """The part of a cell that says what is found, or of a head that says what the row is."""
    for path in (".//summary", "div[@class='val']", "span[@class='head']/span"):
        if (part := cell.find(path)) is not None:
            return part
    return cell


def text_of(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def main_text_of(element: Element) -> str:
    """The text without small print, buttons, references and what only a screen reader says."""
    aside = {"small", "button", "sup"}

    def texts(node: Element) -> Iterator[str]:
        yield node.text or ""
        for child in node:
            classes = set(child.get("class", "").split())
            if child.tag not in aside and "vh" not in classes:
                yield from texts(child)
            yield child.tail or ""

    return " ".join("".join(texts(element)).split())
