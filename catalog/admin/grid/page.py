"""A grid, and one of its rows, as their templates show them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import quote

from django.db import models
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from catalog.admin.grid import wording
from catalog.admin.grid.controls import (
    CELL,
    COLUMN,
    EVIDENCE,
    GROUP,
    HEADING,
    NEW_COLUMN,
    NEW_GROUP,
    NEW_ROW,
    ROW,
    ROW_PARTS,
    VERSIONS,
    named,
)
from catalog.admin.grid.markup import (
    Controls,
    cell_html,
    evidence_html,
    evidence_words,
    options_html,
    told_html,
)
from catalog.admin.grid.rights import Rights
from catalog.admin.grid.sheet import Place, Sheet
from catalog.admin.grid.shown import Review, Window
from catalog.comparison import engine
from catalog.models import Cell, Contender, Criterion, CriterionGroup, Technology

Names = Mapping[str, str]
Pairs = list[tuple[str, str]]


class Field(NamedTuple):
    """A control: what it holds and offers, how long that may be, and what is wrong with it."""

    control: str
    value: str
    longest: int | None
    options: SafeString | str
    texts: list[str]
    faulty: SafeString | str
    error: SafeString | str


class Head(NamedTuple):
    """A row, a column or a group: its name, and the control that stands in its head."""

    slug: str
    value: str  # what buttons and ticks call it: “row.performance”
    id: str
    name: str  # as it is saved
    field: Field
    can_move_up: bool
    can_move_down: bool
    is_ticked: bool


class ShownRow(NamedTuple):
    """A row of the table."""

    head: Head
    about: str
    address: str  # of its own page
    cells: SafeString


class ShownGroup(NamedTuple):
    """The rows of a group, or of none."""

    head: Head | None
    rows: list[ShownRow]


class Line(NamedTuple):
    """One contender's cell, to be read, and what it rests on, to be edited."""

    slug: str
    name: str
    value: str
    said: str
    note: str
    is_stale: bool
    fields: dict[str, Field]


@dataclass(frozen=True)
class Drawing:
    """All that the pages of one sheet are made of; `address` is that of the table."""

    sheet: Sheet
    names: Names
    rights: Rights
    controls: Controls
    today: date
    address: str

    @cached_property
    def review(self) -> Review:
        return Review(self.sheet, self.today)

    def grid(self, window: Window) -> dict[str, Any]:
        """The context of the table, and of the empty lines below it."""
        columns = [self._column(slug, place) for place, slug in enumerate(self.sheet.columns())]
        groups = [
            ShownGroup(
                self._group(section.group) if section.group else None,
                [self._row(slug, columns, window) for slug in section.rows],
            )
            for section in window.sections
        ]
        return {
            "columns": columns,
            "groups": groups,
            "has_rows": any(group.rows for group in groups),
            "group_choices": self._groups()[1:],
            "row_choices": [(slug, self.sheet.criteria[slug]["name"]) for slug in window.rows],
            "column_choices": [(head.slug, head.name) for head in columns],
            "grounds": engine.words.grounds(self.review.evidence()),
            "new": self._new(),
        }

    def row(self, slug: str) -> dict[str, Any]:
        """The context of the page of one row."""
        fields = self.sheet.criteria[slug]
        saved = {**fields, "weight": str(fields["weight"]), "group": self.sheet.group_of(slug)}
        offered = {"kind": kinds(), "group": self._groups()}
        return {
            "row": fields,
            "row_value": named(ROW, slug),
            "fields": {
                part: self._field(
                    named(part, slug), saved[part], longest(Criterion, part), offered.get(part)
                )
                for part in ROW_PARTS
            },
            "lines": [self._line(Place(slug, technology)) for technology in self.sheet.columns()],
        }

    # Heads

    def _column(self, slug: str, place: int) -> Head:
        versions = self.sheet.contenders[slug]["versions"]
        field = self._field(named(VERSIONS, slug), versions, longest(Contender, "versions"))
        head = self._head(COLUMN, slug, self._name_of(slug), field, self.sheet.columns())
        return head._replace(id=f"c{place}")

    def _group(self, slug: str) -> Head:
        name = self.sheet.groups[slug]["name"]
        field = self._field(named(HEADING, slug), name, longest(CriterionGroup, "name"))
        return self._head(GROUP, slug, name, field, self.sheet.headings())

    def _row(self, slug: str, columns: Iterable[Head], window: Window) -> ShownRow:
        name = self.sheet.criteria[slug]["name"]
        field = self._field(named("name", slug), name, longest(Criterion, "name"))
        siblings = self.sheet.rows_of(self.sheet.group_of(slug))
        head = self._head(ROW, slug, name, field, siblings)
        head = head._replace(id=f"r{window.rows.index(slug)}")
        # By hand: a fixture may have brought a slug that no address of ours can hold.
        address = f"{self.address}{quote(slug, safe='')}/"
        cells = ((self._cell(slug, head.id, column, window, address),) for column in columns)
        return ShownRow(head, self._about(slug), address, format_html_join("", "{}", cells))

    def _head(self, part: str, slug: str, name: str, field: Field, siblings: list[str]) -> Head:
        value = named(part, slug)
        return Head(
            slug=slug,
            value=value,
            id=f"head.{value}",  # rows and columns have shorter ones: each cell names them often
            name=name,
            field=field,
            can_move_up=siblings[0] != slug,
            can_move_down=siblings[-1] != slug,
            is_ticked=value in self.controls.ticked,
        )

    def _about(self, slug: str) -> str:
        """“rating, weight 3”."""
        fields = self.sheet.criteria[slug]
        kind = str(Criterion.Kind(fields["kind"]).label)
        if self.sheet.is_text(slug):
            return kind
        return f"{kind}, weight {fields['weight']}"

    def _name_of(self, technology: str) -> str:
        return self.names.get(technology, technology)

    # Cells

    def _cell(
        self, criterion: str, row: str, column: Head, window: Window, address: str
    ) -> SafeString:
        place = Place(criterion, column.slug)
        fields, kind = self.sheet.cells.get(place), self.sheet.kind_of(criterion)
        is_stale = fields is not None and self.review.is_stale(fields)
        words = evidence_words(fields, is_stale=is_stale)
        evidence = evidence_html(address, column.slug, words)
        if place not in window.cells or not self.rights.may("change", "cell"):
            return told_html(fields, kind, evidence)
        return cell_html(self.controls, place, fields, kind, f"{column.id} {row}", evidence)

    def _line(self, place: Place) -> Line:
        fields = self.sheet.cell(place)
        return Line(
            slug=place.technology,
            name=self._name_of(place.technology),
            value=named(CELL, *place),
            said=wording.said(self.sheet.cells.get(place), self.sheet.kind_of(place.criterion)),
            note=fields["note"],
            is_stale=self.review.is_stale(fields),
            fields={
                part: self._field(named(part, *place), fields[part] or "", longest(Cell, part))
                for part in EVIDENCE
            },
        )

    # Controls

    def _field(
        self, control: str, saved: str, most: int | None, offered: Pairs | None = None
    ) -> Field:
        value = self.controls.value(control, saved)
        return Field(
            control=control,
            value=value,
            longest=most,
            options=options_html(offered, value, saved) if offered else "",
            texts=self.controls.texts(control),
            faulty=self.controls.faulty(control),
            error=self.controls.said(control),
        )

    def _groups(self) -> Pairs:
        names = [(slug, self.sheet.groups[slug]["name"]) for slug in self.sheet.headings()]
        return [("", "no group"), *names]

    def _new(self) -> dict[str, Field]:
        """The empty lines, with what was typed into them."""
        lines = {
            NEW_ROW: (Criterion, ("name", "kind", "group", "weight")),
            NEW_GROUP: (CriterionGroup, ("name",)),
            NEW_COLUMN: (Contender, ("technology", "versions")),
        }
        offered = {"kind": kinds(), "group": self._groups()}
        saved = {"kind": Criterion.Kind.RATING.value}
        fields = {
            f"{line}.{part}": (longest(model, part), offered.get(part), saved.get(part, ""))
            for line, (model, parts) in lines.items()
            for part in parts
        }
        fields[named(NEW_COLUMN, "name")] = longest(Technology, "name"), None, ""
        return {
            # As a template can ask for it.
            control.replace("-", "_").replace(".", "_"): self._field(control, value, most, choices)
            for control, (most, choices, value) in fields.items()
        }


def longest(model: type[models.Model], name: str) -> int | None:
    """How long the text of a field may be; None for what is no text."""
    return model._meta.get_field(name).max_length


def kinds() -> Pairs:
    return [(kind.value, capfirst(str(kind.label))) for kind in Criterion.Kind]
