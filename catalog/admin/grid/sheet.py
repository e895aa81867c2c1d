"""A comparison's document as a table, by slugs: groups, rows, columns and cells. Pure.

Controls and buttons of the grid's forms are named by a part and by slugs, with a dot between:
“word.speed.quart”, “row.speed”. A form is read by making the name of each control that it could
have, never by taking a name apart: a fixture may have brought a slug with a dot.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Self

from django.utils.text import slugify

from catalog.admin.base import STEP
from catalog.history.rows import Fields, defaults_of
from catalog.models import Cell

Document = list[dict[str, Any]]

# What a cell's controls are called. The judgement is its rating where it has one, else its state.
TEXTS = ("word", "value", "note")
EVIDENCE = ("source", "verified_on", "verified_by", "applies_to")
CELL_PARTS = ("judgement", *TEXTS, *EVIDENCE)


# Words that addresses use for themselves.
RESERVED = {"row": "fit", "group": "none"}

LONGEST_SLUG = 80


class Place(NamedTuple):
    """Where a cell stands: the slugs of its criterion and of its contender's technology."""

    criterion: str
    technology: str

    def buttons(self) -> tuple[str, str, str]:
        """Return what buttons call it, and its row and its column: “cell.speed.quart”."""
        row, column = named("row", self.criterion), named("column", self.technology)
        return named("cell", *self), row, column


def evidence_of(fields: Fields) -> str:
    """Return what a cell rests on: the address of a page, or the slug of a measurement."""
    return fields["source"] or "".join(fields.get("measurement") or ())


@dataclass(slots=True)
class Sheet:
    """The rows of a comparison's document; each keeps the fields of a fixture row.

    `others` are rows that no grid shows, with their models, and are kept: presets, and cells that
    hang between two tables, as a fixture may have left them.
    """

    own: Fields = field(default_factory=dict)
    groups: dict[str, Fields] = field(default_factory=dict)
    criteria: dict[str, Fields] = field(default_factory=dict)
    contenders: dict[str, Fields] = field(default_factory=dict)
    cells: dict[Place, Fields] = field(default_factory=dict)
    others: list[tuple[str, Fields]] = field(default_factory=list)

    @classmethod
    def of(cls, document: Document) -> Self:
        """Read a document, whose rows stay untouched whatever is done to the sheet."""
        sheet = cls()
        for entry in document:
            fields = dict(entry["fields"])
            match entry["model"].partition(".")[2]:
                case "comparison":
                    sheet.own = fields
                case "criteriongroup":
                    sheet.groups[fields["slug"]] = fields
                case "criterion":
                    sheet.criteria[fields["slug"]] = fields
                case "contender":
                    sheet.contenders[fields["technology"][0]] = fields
                case "cell":  # comes behind its column
                    table, technology = fields["contender"]
                    if table == sheet.slug and technology in sheet.contenders:
                        sheet.cells[Place(fields["criterion"][1], technology)] = fields
                    else:
                        sheet.others.append(("cell", fields))
                case other:
                    sheet.others.append((other, fields))
        return sheet

    def copy(self) -> Self:
        return self.of(self.document())

    def document(self) -> Document:
        """Return the rows again, each model's in the order in which they came."""
        rows = [("comparison", self.own)]
        rows += [(model, one) for model, some in self.parts().items() for one in some.values()]
        rows += self.others
        return [{"model": f"catalog.{model}", "fields": dict(fields)} for model, fields in rows]

    def parts(self) -> dict[str, dict[Any, Fields]]:
        """Return the rows by what names them here, by the names of their models."""
        return {
            "contender": self.contenders,
            "criteriongroup": self.groups,
            "criterion": self.criteria,
            "cell": self.cells,
        }

    @property
    def slug(self) -> str:
        return self.own["slug"]

    def columns(self) -> list[str]:
        """Return technologies in the order of their columns."""
        return _in_order(self.contenders)

    def headings(self) -> list[str]:
        """Return groups in order."""
        return _in_order(self.groups)

    def rows(self) -> list[str]:
        """Return criteria as a table shows them: first those of no group, then by group."""
        return [slug for group in ("", *self.headings()) for slug in self.rows_of(group)]

    def rows_of(self, group: str) -> list[str]:
        """Return the criteria of a group in order; of none for a blank."""
        return _in_order(
            {slug: one for slug, one in self.criteria.items() if self.group_of(slug) == group}
        )

    def group_of(self, criterion: str) -> str:
        """Return the group of a row; blank for none, and for one of another table."""
        named = self.criteria[criterion]["group"]
        return named[1] if named and named[0] == self.slug and named[1] in self.groups else ""

    def kind_of(self, criterion: str) -> str:
        return self.criteria[criterion]["kind"]

    def cell(self, place: Place) -> Fields:
        """Return what stands there; where nothing does, a new cell that is unknown."""
        if place in self.cells:
            return dict(self.cells[place])
        return {
            **defaults_of(Cell),
            "criterion": [self.slug, place.criterion],
            "contender": [self.slug, place.technology],
            "state": Cell.State.UNKNOWN.value,
        }

    def cells_named(self, value: str) -> list[Place]:
        """Return the cells that a button names: “cell.speed.quart”, “row.speed”, “column.quart”."""
        return [place for place in self.cells if value in place.buttons()]

    def remove(self, ticked: Iterable[str]) -> list[str]:
        """Take away rows, columns and groups: “row.speed”; rows outlive their group.

        Return those that took cells along, as they were ticked.
        """
        filled = []
        for value in ticked:
            part, _dot, slug = value.partition(".")
            if self.called(part).pop(slug, None) is None:
                continue
            if going := self.cells_named(value):
                filled.append(value)
            for place in going:
                del self.cells[place]
            self.others = [
                (model, one)
                for model, one in self.others
                if model != "cell" or named("row", one["criterion"][1]) != value
            ]
            for criterion in self.criteria.values():
                if part == "group" and criterion["group"] == [self.slug, slug]:
                    criterion["group"] = None
        return filled

    def move(self, value: str) -> str:
        """Let what a button names change places with its neighbour: “up.row.speed”.

        Two positions are exchanged, so that two people who move other rows do not meet. Return the
        button to go on with: at the end of the way the other one, and none where nothing is named.
        """
        direction, part, slug = [*value.split(".", 2), "", ""][:3]
        rows = self.called(part)
        siblings = _in_order(rows)
        if part == "row" and slug in rows:
            siblings = self.rows_of(self.group_of(slug))
        if slug not in siblings or direction not in ("up", "down"):
            return ""
        here = siblings.index(slug)
        there = here + (-1 if direction == "up" else 1)
        if 0 <= there < len(siblings):
            siblings[here], siblings[there] = siblings[there], siblings[here]
            positions = sorted(rows[name]["position"] for name in siblings)
            if len({*positions}) < len(positions):
                positions = [place * STEP for place in range(1, len(siblings) + 1)]
            for name, position in zip(siblings, positions, strict=True):
                rows[name]["position"] = position
        if slug == siblings[0 if direction == "up" else -1]:
            direction = "down" if direction == "up" else "up"
        return named(direction, part, slug)

    def called(self, noun: str) -> dict[str, Fields]:
        """Return the rows, columns or groups as buttons call them; none for anything else."""
        return {"row": self.criteria, "column": self.contenders, "group": self.groups}.get(noun, {})


def named(part: str, *slugs: str) -> str:
    """Return the name of a control, or the value of a button: “versions.quart”."""
    return ".".join((part, *slugs))


def slug_for(name: str, taken: Iterable[str], part: str) -> str:
    """Make a slug of a name that nobody in the table has: “ease-of-use”, “ease-of-use-2”."""
    words = re.findall("[a-z0-9]+", slugify(name))
    stem = "-".join(words)[:LONGEST_SLUG].rstrip("-") or part
    avoided = {*taken, RESERVED.get(part)}
    slug, number = stem, 1
    while slug in avoided:
        number += 1
        end = f"-{number}"
        slug = stem[: LONGEST_SLUG - len(end)].rstrip("-") + end
    return slug


def _in_order(rows: dict[str, Fields]) -> list[str]:
    return sorted(rows, key=lambda slug: (rows[slug]["position"], slug))
