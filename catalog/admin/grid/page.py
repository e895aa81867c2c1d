"""The pages of a grid as their templates show them: the table or a part of it, and one of its rows.

Cells are made as HTML here, each piece escaped: a template asked once for each of eight hundred
takes ten times as long. What labels a control is not written into each: it refers to the heads of
its row and its column.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import quote, quote_plus, urlencode

from django import forms
from django.conf import settings
from django.contrib import admin
from django.db import models
from django.http import QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from catalog.admin.base import Autocomplete, is_key
from catalog.admin.grid import words
from catalog.admin.grid.posted import Fault
from catalog.admin.grid.sheet import (
    CELL_PARTS,
    EVIDENCE,
    TEXTS,
    Place,
    Sheet,
    evidence_of,
    named,
)
from catalog.comparison import engine
from catalog.comparison.engine.words import grounds
from catalog.history.rows import Fields
from catalog.models import Cell, Comparison, Contender, Criterion, CriterionGroup, Technology

ALL, NO_GROUP = "", "none"

# What stands in a head: the name of the control, and the field of the model that it edits.
HEADS = {
    "row": ("name", Criterion, "name"),
    "group": ("heading", CriterionGroup, "name"),
    "column": ("versions", Contender, "versions"),
}

# A tenth of what a form may hold is left for heads, ticks, and choices after a conflict.
SHARE = 0.9

Pairs = Sequence[tuple[str, str]]


class Window:
    """Which rows and cells of a sheet a query string asks for on a day, and in how many parts."""

    def __init__(self, sheet: Sheet, query: Mapping[str, str], today: date) -> None:
        self.sheet = sheet
        comparison = Comparison(review_months=sheet.own["review_months"])
        self.stale_before = comparison.stale_before(today).isoformat()
        self.only_due = query.get("review") == "1"
        group, part = query.get("group", ""), query.get("part", "")
        self.group = group if group in {*sheet.groups, NO_GROUP} else ALL
        rows = sheet.rows()
        if self.group != ALL:
            rows = sheet.rows_of("" if self.group == NO_GROUP else self.group)
        columns = sheet.columns()
        cells = {
            row: [place for one in columns if self._is_asked_for(place := Place(row, one))]
            for row in rows
        }
        parts = _parts(sheet, [row for row, due in cells.items() if due or not self.only_due])
        self.parts = len(parts)
        self.part = min(max(int(part) if is_key(part) else 1, 1), self.parts)
        self.rows = parts[self.part - 1]
        self.cells = {place for row in self.rows for place in cells[row]}

    def query(self, part: int) -> str:
        """Return the query string of another part of the same."""
        pairs = {"review": "1" if self.only_due else "", "group": self.group, "part": str(part)}
        return urlencode({name: value for name, value in pairs.items() if value})

    def sections(self) -> dict[str, list[str]]:
        """Return the rows by their groups, blank for none; where all is shown, empty groups too."""
        whole = self.group == ALL and not self.only_due and self.parts == 1
        rows: dict[str, list[str]] = {group: [] for group in ("", *self.sheet.headings())}
        for row in self.rows:
            rows[self.sheet.group_of(row)].append(row)
        return {group: here for group, here in rows.items() if here or (whole and group)}

    def is_stale(self, fields: Fields) -> bool:
        return bool(fields["verified_on"]) and fields["verified_on"] < self.stale_before

    def grounds(self) -> str:
        """Return how much is known and what that rests on, as readers are told."""
        cells = {}
        for place, one in self.sheet.cells.items():
            day = date.fromisoformat(one["verified_on"]) if one["verified_on"] else None
            cells[place] = engine.Cell(
                one["state"], source=evidence_of(one), verified_on=day, stale=self.is_stale(one)
            )
        contenders = tuple(engine.Contender(slug, slug) for slug in self.sheet.contenders)
        criteria = tuple(engine.Criterion(slug, slug) for slug in self.sheet.criteria)
        return grounds(engine.evidence(engine.Table(contenders, criteria, cells)))

    def _is_asked_for(self, place: Place) -> bool:
        """Return whether all cells are, or this one is unknown, stale or without a source."""
        fields = self.sheet.cells.get(place)
        if not self.only_due or fields is None or fields["state"] == words.UNKNOWN:
            return True
        return not evidence_of(fields) or self.is_stale(fields)


class Control(NamedTuple):
    """A control: what it holds and offers, how long that may be, and what is wrong with it."""

    name: str
    value: str
    longest: int | None
    options: SafeString | str
    error: str

    def attributes(self) -> SafeString | str:
        """Return those of a control that is wrong: where it is found, and what says so."""
        text = ' id="{0}" aria-invalid="true" aria-describedby="fault.{0}"'
        return self.error and format_html(text, self.name)

    def message(self) -> SafeString | str:
        """Return what is wrong, to stand beside the control."""
        text = '<p class="fault" id="fault.{}">{}</p>'
        return self.error and format_html(text, self.name, self.error)


class Head(NamedTuple):
    """A row, a column or a group: its name, and the control that stands in its head."""

    slug: str
    value: str  # what buttons and ticks call it: “row.performance”
    id: str
    name: str  # as it is saved
    field: Control
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
    text: str
    note: str
    is_stale: bool
    fields: dict[str, Control]
    measured: str  # the measurement that it rests on in place of a source


@dataclass(frozen=True)
class Drawing:
    """All that the pages of one sheet are made of: `form` is what was posted."""

    window: Window
    names: Mapping[str, str]
    may: Mapping[str, bool]
    form: QueryDict
    faults: Sequence[Fault]
    address: str

    @property
    def sheet(self) -> Sheet:
        return self.window.sheet

    def table(self) -> dict[str, Any]:
        """Return the context of the table. One query if a technology was chosen."""
        window, slugs, headings = self.window, self.sheet.columns(), self.sheet.headings()
        columns = [
            self._head("column", slug, slugs, f"c{place}") for place, slug in enumerate(slugs)
        ]
        numbers = range(1, window.parts + 1) if window.parts > 1 else ()
        return {
            "window": window,
            "parts": [(number, window.query(number)) for number in numbers],
            "columns": columns,
            "groups": [
                ShownGroup(
                    self._head("group", group, headings) if group else None,
                    [self._row(slug, columns) for slug in rows],
                )
                for group, rows in window.sections().items()
            ],
            "group_choices": self.choices["group"][1:],
            "grounds": window.grounds(),
            "pasted_block": self.control("_block"),
            "corner_row": self.form.get("_corner_row", ""),
            "corner_column": self.form.get("_corner_column", ""),
            "new": self._new_lines(),
            "picker": self._picker() if self.may["add_contender"] else None,
        }

    def row(self, slug: str) -> dict[str, Any]:
        """Return the context of the page of one row."""
        fields = self.sheet.criteria[slug]
        saved = {**fields, "weight": str(fields["weight"]), "group": self.sheet.group_of(slug)}
        return {
            "row": fields,
            "fields": {
                part: self.control(named(part, slug), saved[part], Criterion, part)
                for part in ("name", "question", "kind", "weight", "group")
            },
            "lines": [self._line(Place(slug, technology)) for technology in self.sheet.columns()],
        }

    # Controls

    @cached_property
    def choices(self) -> dict[str, Pairs]:
        """Return what controls offer, by the fields that they are for."""
        groups = [(slug, self.sheet.groups[slug]["name"]) for slug in self.sheet.headings()]
        kinds = [(kind.value, capfirst(kind.label)) for kind in Criterion.Kind]
        return {"group": [("", "no group"), *groups], "kind": kinds}

    @cached_property
    def errors(self) -> dict[str, str]:
        """Return what is wrong, by the controls that it stands beside."""
        errors: dict[str, str] = {}
        for fault in self.faults:
            errors[fault.control] = f"{errors.get(fault.control, '')} {fault.text}".lstrip()
        return errors

    def control(
        self,
        name: str,
        saved: str = "",
        model: type[models.Model] | None = None,
        field: str = "",
        choices: Pairs = (),
    ) -> Control:
        """Return a control, for a field of a model: it holds what was typed, or what is saved."""
        value = self.form.get(name, saved)
        longest = model._meta.get_field(field).max_length if model else None
        choices = choices or self.choices.get(field, ())
        options = _options(choices, value, saved) if choices else ""
        return Control(name, value, longest, options, self.errors.get(name, ""))

    def _new_lines(self) -> dict[str, Control]:
        """Return the controls of the empty lines, as a template can ask for them."""
        lines = [
            ("row", Criterion, {"name": "", "kind": "rating", "group": "", "weight": ""}),
            ("group", CriterionGroup, {"name": ""}),
            ("column", Contender, {"technology": "", "versions": ""}),
            ("column", Technology, {"name": ""}),
        ]
        return {
            f"{part}_{field}": self.control(named(f"new-{part}", field), value, model, field)
            for part, model, fields in lines
            for field, value in fields.items()
        }

    def _picker(self) -> dict[str, Any]:
        name = "new-column.technology"
        widget = Autocomplete(Contender._meta.get_field("technology"), admin.site)
        field = forms.ModelChoiceField(Technology.objects.all(), widget=widget, required=False)
        html = field.widget.render(name, self.form.get(name, ""), attrs={"id": name})
        return {"html": html, "media": field.widget.media}

    # Heads

    def _row(self, slug: str, columns: Iterable[Head]) -> ShownRow:
        fields = self.sheet.criteria[slug]
        siblings = self.sheet.rows_of(self.sheet.group_of(slug))
        head = self._head("row", slug, siblings, f"r{self.window.rows.index(slug)}")
        about = Criterion.Kind(fields["kind"]).label
        if fields["kind"] != Criterion.Kind.TEXT:
            about = f"{about}, weight {fields['weight']}"
        # By hand: a fixture may have brought a slug that no address of ours can hold.
        address = f"{self.address}{quote(slug, safe='')}/"
        cells = (
            (self._cell(Place(slug, one.slug), f"{one.id} {head.id}", address),) for one in columns
        )
        return ShownRow(head, about, address, format_html_join("", "{}", cells))

    def _head(self, part: str, slug: str, siblings: list[str], id_: str = "") -> Head:
        """Return a head; rows and columns have short ids, as each cell names them several times."""
        label, model, field = HEADS[part]
        saved, value = self.sheet.called(part)[slug][field], named(part, slug)
        return Head(
            slug=slug,
            value=value,
            id=id_ or f"head.{value}",
            name=self.names[slug] if part == "column" else saved,
            field=self.control(named(label, slug), saved, model, field),
            can_move_up=siblings[0] != slug,
            can_move_down=siblings[-1] != slug,
            is_ticked=value in self.form.getlist("_remove"),
        )

    # Cells

    def _cell(self, place: Place, heads: str, address: str) -> SafeString:
        """Return a cell, to be edited or only read. `heads` are the ids of column and row."""
        fields, kind = self.sheet.cells.get(place), self.sheet.kind_of(place.criterion)
        evidence = format_html(
            '<a href="{}#cell.{}">{}</a>', address, place.technology, self._evidence(fields)
        )
        if place not in self.window.cells or not self.may["change_cell"]:
            note = fields["note"] if fields else ""
            return format_html(
                '<td class="told"><b>{}</b>{}<p>{}</p></td>',
                words.text_of(fields, kind),
                format_html(" <small>{}</small>", note) if note else "",
                evidence,
            )
        saved = words.judgement_of(fields)
        offered = words.offered(kind, saved)
        judgement = self.control(named("judgement", *place), saved, choices=offered)
        texts = [
            self.control(named(part, *place), fields[part] if fields else "", Cell, part)
            for part in TEXTS
        ]
        inputs = format_html_join(
            "",
            '<input name="{}" aria-labelledby="l{} {}" maxlength="{}" placeholder="{}" '
            'value="{}"{}>',
            (
                (one.name, part[0], heads, one.longest, part, one.value, one.attributes())
                for part, one in zip(TEXTS, texts, strict=True)
            ),
        )
        faulty = [one for one in (judgement, *texts) if one.error]
        return format_html(
            '<td class="{}"><select name="{}" aria-labelledby="lj {}"{}>{}</select>{}{}<p>{} '
            '<button name="_verify" value="{}" aria-labelledby="lt {}">Verified today</button>'
            "</p></td>",
            "faulty" if faulty else "cell",
            judgement.name,
            heads,
            judgement.attributes(),
            judgement.options,
            inputs,
            format_html_join("", "{}", ((one.message(),) for one in faulty)),
            evidence,
            named("cell", *place),
            heads,
        )

    def _evidence(self, fields: Fields | None) -> str:
        """Return in short what a cell rests on: “2024-01-31, stale”, “no source”."""
        if fields is None or (fields["state"] == words.UNKNOWN and not evidence_of(fields)):
            return "evidence"
        day = fields["verified_on"]
        if not evidence_of(fields):
            return f"{day}, no source" if day else "no source"
        return f"{day or 'no date'}{', stale' if self.window.is_stale(fields) else ''}"

    def _line(self, place: Place) -> Line:
        cell, kind = self.sheet.cell(place), self.sheet.kind_of(place.criterion)
        text = words.text_of(self.sheet.cells.get(place), kind)
        fields = {
            part: self.control(named(part, *place), cell[part] or "", Cell, part)
            for part in EVIDENCE
        }
        slug, is_stale = place.technology, self.window.is_stale(cell)
        measured = "".join(cell["measurement"] or ())
        return Line(slug, self.names[slug], text, cell["note"], is_stale, fields, measured)


def _options(offered: Pairs, chosen: str, otherwise: str) -> SafeString:
    """Return the options of a select; what is not offered leaves it as it was."""
    if chosen not in dict(offered):
        chosen = otherwise
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((value, " selected" if value == chosen else "", word) for value, word in offered),
    )


def _parts(sheet: Sheet, rows: Iterable[str]) -> list[list[str]]:
    """Part the rows so that each part fits into one form, as Django limits its fields and bytes."""
    most_fields = SHARE * (settings.DATA_UPLOAD_MAX_NUMBER_FIELDS or float("inf"))
    most_bytes = SHARE * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE or float("inf"))
    fields_of_row = len(sheet.contenders) * (1 + len(TEXTS)) + len(CELL_PARTS)
    parts: list[list[str]] = [[]]
    size = 0
    for row in rows:
        size += _size(sheet, row)
        fields = (len(parts[-1]) + 1) * fields_of_row
        if parts[-1] and (fields > most_fields or size > most_bytes):
            parts.append([])
            size = _size(sheet, row)
        parts[-1].append(row)
    return parts


def _size(sheet: Sheet, row: str) -> int:
    places = [Place(row, column) for column in sheet.contenders]
    texts = [sheet.cells[place][part] for place in places if place in sheet.cells for part in TEXTS]
    names = sum(4 * len(named("judgement", *place)) + 20 for place in places)
    return names + sum(len(quote_plus(text)) for text in texts)
