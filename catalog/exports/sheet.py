"""A table with what has to be known of it away from its page, and words all forms share."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from catalog.matrix import Cell, Contender, Rectangle, words


@dataclass(frozen=True)
class Sheet:
    """What is taken away. `address`: the page that shows the same, whole and canonical.

    `edition` and `edited_on` are None before the first edition. `complaints`: what was asked and
    makes no sense.
    """

    title: str
    address: str
    rectangle: Rectangle
    edition: int | None = None
    edited_on: date | None = None
    complaints: tuple[str, ...] = ()
    is_archived: bool = False


class Form(NamedTuple):
    """A form of a table: how it is written, and how a browser is told of it."""

    write: Callable[[Sheet], str]
    content_type: str
    disposition: str


def heading(contender: Contender) -> str:
    """Its name, with the versions that were judged."""
    return f"{contender.name} {contender.versions}".strip()


def joined(*parts: str) -> str:
    """What a page shows on lines of their own, on one line; blank parts are left out."""
    return " · ".join(filter(None, parts))


def remarks(cell: Cell) -> str:
    """What a page shows in small print under a cell."""
    return joined(*words.asides(cell))
