"""What the controls of the grid's forms are called.

A name is made of a part and of slugs, with a dot between, which no slug holds: a form is read by
making the name of each control that it could have, never by taking a name apart.
"""

from collections.abc import Mapping

from catalog.admin.grid.sheet import Place

JUDGEMENT = "judgement"
TEXTS = ("word", "value", "note")
EVIDENCE = ("source", "verified_on", "verified_by", "applies_to")
CELL_PARTS = (JUDGEMENT, *TEXTS, *EVIDENCE)

# Controls of rows, groups and columns: each stands for the field of the same name, but these.
ROW_PARTS = ("name", "question", "kind", "weight", "group")
HEADING = "heading"
VERSIONS = "versions"

# Buttons and ticks, whose values name a cell, a row, a column or a group.
VERIFY, MOVE, REMOVE, CONFIRM = "_verify", "_move", "_remove", "_confirm"
CELL, ROW, COLUMN, GROUP = "cell", "row", "column", "group"

# The empty lines.
NEW_ROW, NEW_GROUP, NEW_COLUMN = "new-row", "new-group", "new-column"


def named(part: str, *slugs: str) -> str:
    """The name of a control: “word.performance.quart”, “versions.quart”."""
    return ".".join((part, *slugs))


def parts_of(value: str) -> tuple[str, ...]:
    """What the value of a button names: ("column", "quart")."""
    return tuple(value.split("."))


def is_shown(post: Mapping[str, str], place: Place) -> bool:
    """Whether the posted form shows a cell: a cell that it does not show is never touched."""
    return any(named(part, *place) in post for part in (JUDGEMENT, EVIDENCE[0]))
