"""A table with what a file must say of it, and what all forms of it share."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from urllib.parse import urljoin

from catalog.comparison.engine import Cell, Contender, Rectangle, Ruling, Table, words


@dataclass(frozen=True)
class Sheet:
    """A table to be written as a file. `address`: the page that shows the same, canonical.

    `complaints`: what was asked and makes no sense.
    """

    title: str
    address: str
    rectangle: Rectangle
    edition: int | None = None
    edited_on: date | None = None
    complaints: tuple[str, ...] = ()
    is_archived: bool = False


class Form(NamedTuple):
    """A form of a table: its name for readers, how it is written, and its HTTP headers."""

    name: str
    write: Callable[[Sheet], str]
    content_type: str
    disposition: str


def heading(contender: Contender) -> str:
    """Return the contender's name, with the versions that were judged."""
    return f"{contender.name} {contender.versions}".strip()


def joined(*parts: str) -> str:
    """Put what a page shows on lines of their own on one line; blank parts are left out."""
    return " · ".join(filter(None, parts))


def absolute(page: str, address: str) -> str:
    """Return an address in full; a measurement stands on the site of the page."""
    return urljoin(page, address) if address.startswith("/") else address


def remarks(cell: Cell) -> str:
    """Return what a page shows in small print under a cell."""
    return joined(*words.asides(cell))


def reasons(table: Table, rulings: tuple[Ruling, ...]) -> str:
    """Return why a contender is ruled out; blank where it is not."""
    return "; ".join(words.ruling(table, one) for one in rulings)
