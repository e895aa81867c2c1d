"""A posted grid, read over the document that it was made from. Pure.

What the form does not show, or shows as it is, stays as it is in the document: so a filtered grid
touches nothing but what it shows, and a browser that cannot give a text back changes none.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.utils.text import capfirst

from catalog.admin.grid import wording
from catalog.admin.grid.controls import (
    CELL,
    CELL_PARTS,
    COLUMN,
    HEADING,
    JUDGEMENT,
    ROW,
    ROW_PARTS,
    VERIFY,
    VERSIONS,
    is_shown,
    named,
    parts_of,
)
from catalog.admin.grid.sheet import Place, Sheet
from catalog.history.rows import MODELS, Fields
from catalog.models import Cell
from catalog.models.comparison import fault_of_cell
from catalog.packs.entries import check_entry

# What a browser leaves out of a text in a field of one line.
_BREAKS = re.compile(r"[\r\n]")


class Fault(NamedTuple):
    """What is wrong, beside which control it stands, and what that is of."""

    control: str
    where: str
    text: str


class Verifier(NamedTuple):
    """Who says that something was verified, and on which day."""

    name: str
    today: date


@dataclass
class Reading:
    """One posted form: the sheet as it would be, and all that is wrong with what was typed.

    `base` is what the form was made from; `names` are those of its technologies, by their slugs.
    """

    base: Sheet
    post: Mapping[str, str]
    names: Mapping[str, str]
    sheet: Sheet = field(init=False)
    faults: list[Fault] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.sheet = self.base.copy()

    def fields(self) -> None:
        """Take what was typed into names, heads and cells."""
        for slug in self.sheet.headings():
            self._group(slug)
        for slug in self.sheet.rows():
            self._row(slug)
        for slug in self.sheet.columns():
            self._column(slug)
        for criterion in self.sheet.rows():
            for technology in self.sheet.columns():
                place = Place(criterion, technology)
                if is_shown(self.post, place):
                    self._cell(place)

    def verify(self, by: Verifier) -> int:
        """Sign what the pressed button names, as far as it is shown; returns how many cells."""
        signed = 0
        for place in self._named_by(parts_of(self.post.get(VERIFY, ""))):
            cell = self.sheet.cells.get(place)
            if cell and cell["state"] != wording.UNKNOWN and is_shown(self.post, place):
                longest = Cell._meta.get_field("verified_by").max_length
                cell |= {
                    "verified_on": by.today.isoformat(),
                    "verified_by": by.name[:longest],
                }
                signed += 1
        return signed

    def fault(self, control: str, where: str, text: str) -> None:
        self.faults.append(Fault(control, where, text))

    def where(self, place: Place) -> str:
        """“Performance, Quart”."""
        name = self.sheet.criteria[place.criterion]["name"]
        return f"{name}, {self.names.get(place.technology, place.technology)}"

    def typed(self, control: str, before: str) -> str:
        """What was typed into a control, or what was there before if that is what it shows."""
        given = self.post.get(control)
        if given is None or given.strip() == shown(before):
            return before
        return given.strip()

    def checked(self, model: str, fields: Fields, where: str, controls: Mapping[str, str]) -> bool:
        """Whether a row may stand; notes what is wrong beside the control of its field.

        `controls` are those by the names of fields, and under a blank that of the row.
        """
        found = check_entry({"model": f"catalog.{model}", "fields": fields})[2]
        for name, text in found:
            if name and name not in controls:  # on another page of this table
                label = MODELS[model]._meta.get_field(name).verbose_name
                text = f"{capfirst(label)}: {text}"  # noqa: PLW2901
            self.fault(controls.get(name, controls[""]), where, text)
        return not found

    # What rows say

    def _group(self, slug: str) -> None:
        control, before = named(HEADING, slug), self.sheet.groups[slug]
        after = {**before, "name": self.typed(control, before["name"])}
        if after != before:
            self.sheet.groups[slug] = after
            where = "Group “{name}”".format(name=before["name"])
            self.checked("criteriongroup", after, where, {"name": control, "": control})

    def _column(self, slug: str) -> None:
        control, before = named(VERSIONS, slug), self.sheet.contenders[slug]
        after = {**before, "versions": self.typed(control, before["versions"])}
        if after != before:
            self.sheet.contenders[slug] = after
            controls = {"versions": control, "": control}
            self.checked("contender", after, self.names.get(slug, slug), controls)

    def _row(self, slug: str) -> None:
        before = self.sheet.criteria[slug]
        controls = {name: named(name, slug) for name in ROW_PARTS}
        where = "Row “{name}”".format(name=before["name"])
        after = {
            **before,
            **{name: self.typed(controls[name], before[name]) for name in ("name", "question")},
            "kind": self.post.get(controls["kind"], before["kind"]),
            "weight": number(self.typed(controls["weight"], str(before["weight"]))),
            "group": self._group_named(controls["group"], before["group"], where),
        }
        if after == before:
            return
        if self.checked("criterion", after, where, {"": controls["name"], **controls}):
            self.sheet.criteria[slug] = after
            if after["kind"] != before["kind"]:
                self._convert(slug, before["kind"], controls["kind"], where)

    def _group_named(self, control: str, before: list[str] | None, where: str) -> list[str] | None:
        slug = self.post.get(control)
        if slug is None or slug == (before[1] if before else ""):
            return before
        if slug and slug not in self.sheet.groups:
            self.fault(control, where, "There is no such group.")
            return before
        return [self.sheet.slug, slug] if slug else None

    def _convert(self, slug: str, before: str, control: str, where: str) -> None:
        """Let the cells of a row of another kind say the same, as far as that kind can."""
        kind, unfit = self.sheet.kind_of(slug), []
        for technology in self.sheet.columns():
            place = Place(slug, technology)
            if (cell := self.sheet.cells.get(place)) and cell["state"] == wording.KNOWN:
                self.sheet.cells[place] = after = _converted(cell, before, kind)
                if fault_of_cell(kind, after["state"], after["rating"]):
                    unfit.append(self.names.get(technology, technology))
        if unfit:
            text = "%(names)s cannot be said so; set what they say to unknown first."
            self.fault(control, where, text % {"names": ", ".join(unfit)})

    # What cells say

    def _cell(self, place: Place) -> None:
        before = self.sheet.cells.get(place)
        was = before or self.sheet.blank(place)
        after = {**was, **self._texts(place, was)}
        judgement = self.post.get(named(JUDGEMENT, *place), wording.judgement_of(before))
        if judgement != wording.judgement_of(before):
            after = self._judged(place, was, after, judgement)
        elif says_something(after) and after != was and was["state"] == wording.UNKNOWN:
            if self.sheet.is_text(place.criterion):
                after["state"] = wording.KNOWN  # a text says so by being there
            elif before is None:
                text = "Say also how it is judged: a rating, unknown, or does not apply."
                self.fault(named(JUDGEMENT, *place), self.where(place), text)
                return
        if after is not None and (after != was or (before is None and judgement)):
            self.sheet.cells[place] = after
            self._check_cell(place, after)

    def _texts(self, place: Place, before: Fields) -> Fields:
        """What a cell says besides its judgement; a day that is not given is None."""
        texts = {
            part: self.typed(named(part, *place), before[part] or "") for part in CELL_PARTS[1:]
        }
        return {**texts, "verified_on": texts["verified_on"] or None}

    def _judged(self, place: Place, was: Fields, after: Fields, judgement: str) -> Fields | None:
        """A cell with another judgement; None, and a fault, where that is none."""
        try:
            after = wording.judged(after, judgement)
        except ValueError:
            text = "Choose one of the words offered."
            self.fault(named(JUDGEMENT, *place), self.where(place), text)
            return None
        after["word"] = _word_along(was, after, self.sheet.kind_of(place.criterion))
        return after

    def _check_cell(self, place: Place, fields: Fields) -> None:
        controls = {part: named(part, *place) for part in CELL_PARTS}
        controls = {part: control for part, control in controls.items() if control in self.post}
        whole = controls.get(JUDGEMENT) or named("verified_on", *place)
        where = self.where(place)
        is_sound = self.checked("cell", fields, where, {**controls, "": whole})
        if is_sound and (
            text := fault_of_cell(
                self.sheet.kind_of(place.criterion), fields["state"], fields["rating"]
            )
        ):
            self.fault(whole, where, text)

    def _named_by(self, parts: tuple[str, ...]) -> Iterator[Place]:
        """The places of a cell, a row or a column that a button names."""
        match parts:
            case (part, criterion, technology) if part == CELL:
                yield Place(criterion, technology)
            case (part, criterion) if part == ROW:
                yield from (Place(criterion, technology) for technology in self.sheet.contenders)
            case (part, technology) if part == COLUMN:
                yield from (Place(criterion, technology) for criterion in self.sheet.criteria)


def shown(text: str) -> str:
    """A text as a field of one line gives it back."""
    return _BREAKS.sub("", text).strip()


def number(text: str) -> int | str:
    """A whole number; the text itself where it is none, for whoever checks it to refuse."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else text


def says_something(fields: Fields) -> bool:
    return bool(fields["word"] or fields["value"])


def _word_along(before: Fields, after: Fields, kind: str) -> str:
    """The word of a cell that is judged anew: one that only named the rating goes along with it."""
    if after["word"] != before["word"] or not wording.is_guides(before, kind):
        return after["word"]
    return wording.word_of(kind, after["rating"])


def _converted(fields: Fields, before: str, kind: str) -> Fields:
    """A known cell as a row of another kind says it; unfit where it cannot."""
    rating, word = fields["rating"], fields["word"]
    if kind == "text":
        return {**fields, "rating": None, "word": word or wording.word_of(before, rating)}
    if before == "text":
        return {**fields, "rating": wording.rating_named(kind, word or fields["value"])}
    return fields
