"""What of a sheet a page shows: the rows of a group, the cells to review, and as many as fit."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple, Self
from urllib.parse import quote_plus, urlencode

from django.conf import settings

from catalog import matrix
from catalog.admin.grid import wording
from catalog.admin.grid.controls import CELL_PARTS, TEXTS, named
from catalog.admin.grid.sheet import Place, Sheet
from catalog.history.rows import Fields
from catalog.models import Comparison

ALL, NO_GROUP = "", "none"

# A tenth of what a form may hold is left for heads, ticks, and choices after a conflict.
SHARE = 0.9


class Asked(NamedTuple):
    """The query string of a grid; nonsense asks for nothing."""

    review: bool = False
    group: str = ALL
    part: int = 1

    @classmethod
    def read(cls, query: Mapping[str, str], sheet: Sheet) -> Self:
        group, part = query.get("group", ""), query.get("part", "")
        return cls(
            review=query.get("review") == "1",
            group=group if group in {*sheet.groups, NO_GROUP} else ALL,
            part=int(part) if part.isascii() and part.isdecimal() and len(part) < 5 else 1,
        )

    def query(self, part: int) -> str:
        """The query string of another part of the same."""
        pairs = {"review": "1" if self.review else "", "group": self.group, "part": str(part)}
        return urlencode({name: value for name, value in pairs.items() if value})


class Section(NamedTuple):
    """A group, blank for none, and those of its rows that are shown."""

    group: str
    rows: list[str]


class Window(NamedTuple):
    """The rows that a page shows, of which cells, and in how many parts they come."""

    asked: Asked
    sections: list[Section]
    cells: frozenset[Place]
    part: int
    parts: int

    @property
    def rows(self) -> list[str]:
        return [row for section in self.sections for row in section.rows]


def window(sheet: Sheet, asked: Asked, today: date) -> Window:
    """What is shown of a sheet."""
    review = Review(sheet, today)
    cells = {
        Place(row, column)
        for row in _rows_of(sheet, asked.group)
        for column in sheet.columns()
        if not asked.review or review.is_due(Place(row, column))
    }
    wanted = [
        row
        for row in _rows_of(sheet, asked.group)
        if not asked.review or any(place.criterion == row for place in cells)
    ]
    parts = list(_parts(sheet, wanted)) or [[]]
    part = min(max(asked.part, 1), len(parts))
    shown = parts[part - 1]
    sections = [
        Section(group, [row for row in shown if sheet.group_of(row) == group])
        for group in ("", *sheet.headings())
    ]
    whole = asked.group == ALL and not asked.review and len(parts) == 1
    return Window(
        asked=asked,
        # A group without rows is there to be filled, named or taken away.
        sections=[section for section in sections if section.rows or (whole and section.group)],
        cells=frozenset(place for place in cells if place.criterion in set(shown)),
        part=part,
        parts=len(parts),
    )


class Review:
    """Which cells somebody should look at."""

    def __init__(self, sheet: Sheet, today: date) -> None:
        self.sheet = sheet
        months = sheet.own["review_months"]
        self.stale_before = Comparison(review_months=months).stale_before(today).isoformat()

    def is_stale(self, fields: Fields) -> bool:
        return bool(fields["verified_on"]) and fields["verified_on"] < self.stale_before

    def is_due(self, place: Place) -> bool:
        """Whether a cell is unknown, stale or without a source."""
        fields = self.sheet.cells.get(place)
        if fields is None or fields["state"] == wording.UNKNOWN:
            return True
        return not fields["source"] or self.is_stale(fields)

    def evidence(self) -> matrix.Evidence:
        """How much is known, and what that rests on, as readers are told."""
        known = [one for one in self.sheet.cells.values() if one["state"] != wording.UNKNOWN]
        days = [one["verified_on"] for one in known if one["verified_on"]]
        return matrix.Evidence(
            cells=len(self.sheet.criteria) * len(self.sheet.contenders),
            known=len(known),
            sourced=sum(1 for one in known if one["source"]),
            stale=sum(1 for one in known if self.is_stale(one)),
            oldest=date.fromisoformat(min(days)) if days else None,
        )


def _rows_of(sheet: Sheet, group: str) -> list[str]:
    if group == ALL:
        return sheet.rows()
    return sheet.rows_of("" if group == NO_GROUP else group)


def _parts(sheet: Sheet, rows: Sequence[str]) -> Iterator[list[str]]:
    """The rows in parts of which each fits into one form, as Django limits its fields and bytes."""
    fields_left = most_fields = SHARE * (settings.DATA_UPLOAD_MAX_NUMBER_FIELDS or float("inf"))
    bytes_left = most_bytes = SHARE * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE or float("inf"))
    part: list[str] = []
    for row in rows:
        size = _size(sheet, row)
        count = len(sheet.contenders) * (1 + len(TEXTS)) + len(CELL_PARTS)
        if part and (count > fields_left or size > bytes_left):
            yield part
            part, fields_left, bytes_left = [], most_fields, most_bytes
        part.append(row)
        fields_left -= count
        bytes_left -= size
    if part:
        yield part


def _size(sheet: Sheet, row: str) -> int:
    """About how many bytes a row takes in a posted form."""
    size = 0
    for column in sheet.contenders:
        place = Place(row, column)
        size += 4 * len(named("judgement", *place)) + 20
        if fields := sheet.cells.get(place):
            size += sum(len(quote_plus(fields[part])) for part in TEXTS)
    return size
