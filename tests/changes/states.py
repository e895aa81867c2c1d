"""States of a comparison in memory, as short as they can be said."""

from typing import Any

from catalog.history.rows import Fields, RowKey, State, state_of
from tests.packs import packing
from tests.packs.packing import Row, whole

TABLE = "frameworks"


def group(slug: str, **fields: Any) -> Row:
    defaults = {"comparison": [TABLE], "slug": slug, "name": slug.capitalize()}
    return packing.row("criteriongroup", **defaults | fields)


def contender(slug: str, **fields: Any) -> Row:
    return packing.row("contender", comparison=[TABLE], technology=[slug], **fields)


def criterion(slug: str, **fields: Any) -> Row:
    """A row of the table; `group` is the slug of its group."""
    if "group" in fields:
        fields["group"] = [TABLE, fields["group"]]
    return packing.criterion(TABLE, slug, **fields)


def cell(of: str, where: str, **fields: Any) -> Row:
    return packing.cell(TABLE, of, where, **fields)


def table(*parts: Row, **fields: Any) -> State:
    """The state of a table with these parts."""
    (itself,) = packing.comparison(TABLE, "web")
    itself = packing.row("comparison", **itself["fields"] | fields)
    return state_of([whole(row) for row in (itself, *parts)])


ITSELF = RowKey("comparison", (TABLE,))


def key(row: Row) -> RowKey:
    (found,) = state_of([whole(row)])
    return found


def fields_of(row: Row) -> Fields:
    return whole(row)["fields"]
