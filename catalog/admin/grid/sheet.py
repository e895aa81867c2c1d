"""A comparison's document as a table: groups, rows, columns and cells by their slugs. Pure."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple, Self

from catalog.history import documents
from catalog.history.rows import Fields
from catalog.models import Cell, Criterion

Row = dict[str, Any]
Document = list[Row]


class Place(NamedTuple):
    """Where a cell stands: the slugs of its criterion and of its contender's technology."""

    criterion: str
    technology: str


@dataclass(slots=True)
class Sheet:
    """The rows of a comparison's document; each keeps the fields of a fixture row.

    `strays` are cells that hang between two tables, as a fixture may have left them: they are
    carried along as they are, and go with their row.
    """

    own: Fields = field(default_factory=dict)
    groups: dict[str, Fields] = field(default_factory=dict)
    criteria: dict[str, Fields] = field(default_factory=dict)
    contenders: dict[str, Fields] = field(default_factory=dict)
    cells: dict[Place, Fields] = field(default_factory=dict)
    strays: list[Fields] = field(default_factory=list)

    @classmethod
    def of(cls, document: Document) -> Self:
        """Read a document, whose rows stay untouched whatever is done to the sheet."""
        sheet = cls()
        cells = []
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
                case "cell":
                    cells.append(fields)
        for fields in cells:
            table, technology = fields["contender"]
            criterion = fields["criterion"][1]
            if table == sheet.slug and technology in sheet.contenders:
                sheet.cells[Place(criterion, technology)] = fields
            else:
                sheet.strays.append(fields)
        return sheet

    def copy(self) -> Self:
        """Another sheet that says the same."""
        return type(self).of(self.document())

    def document(self) -> Document:
        """The rows again, each model's in the order in which they came."""
        by_model = {
            "comparison": [self.own],
            "contender": self.contenders.values(),
            "criteriongroup": self.groups.values(),
            "criterion": self.criteria.values(),
            "cell": [*self.cells.values(), *self.strays],
        }
        return [
            {"model": f"catalog.{model}", "fields": dict(fields)}
            for model, rows in by_model.items()
            for fields in rows
        ]

    @property
    def slug(self) -> str:
        return self.own["slug"]

    def columns(self) -> list[str]:
        """Technologies in the order of their columns."""
        return in_order(self.contenders)

    def headings(self) -> list[str]:
        """Groups in order."""
        return in_order(self.groups)

    def rows(self) -> list[str]:
        """Criteria as a table shows them: first those of no group, then group by group."""
        return [slug for group in ("", *self.headings()) for slug in self.rows_of(group)]

    def rows_of(self, group: str) -> list[str]:
        """The criteria of a group in order; of none for a blank."""
        return in_order(
            {slug: one for slug, one in self.criteria.items() if self.group_of(slug) == group}
        )

    def group_of(self, criterion: str) -> str:
        """The group of a row; blank for none, and for one of another table."""
        named = self.criteria[criterion]["group"]
        return named[1] if named and named[0] == self.slug and named[1] in self.groups else ""

    def kind_of(self, criterion: str) -> str:
        return self.criteria[criterion]["kind"]

    def cell(self, place: Place) -> Fields:
        """What stands there; where nothing does, a new cell that is unknown and says nothing."""
        return dict(self.cells[place]) if place in self.cells else self.blank(place)

    def blank(self, place: Place) -> Fields:
        return {
            **documents.defaults(Cell),
            "criterion": [self.slug, place.criterion],
            "contender": [self.slug, place.technology],
            "state": Cell.State.UNKNOWN.value,
        }

    def is_text(self, criterion: str) -> bool:
        return self.kind_of(criterion) == Criterion.Kind.TEXT


def in_order(rows: dict[str, Fields]) -> list[str]:
    """Slugs by position, then by their bytes."""
    return sorted(rows, key=lambda slug: (rows[slug]["position"], slug))
