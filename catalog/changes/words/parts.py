"""What is said of a part of a thing: which words it has, and when others speak for it."""

from collections.abc import Iterator

from catalog.changes.titles import Titles
from catalog.changes.words.cells import CELL
from catalog.changes.words.comparisons import CONTENDER, CRITERION, CRITERION_GROUP
from catalog.changes.words.listings import LISTING
from catalog.changes.words.pins import PIN
from catalog.changes.words.rows import said
from catalog.changes.words.stacks import CHOICE, ROLE
from catalog.changes.words.technologies import (
    ALIAS,
    COMPANION,
    PACKAGE,
    PACKAGE_FACTS,
    POINT,
)
from catalog.history.rows import RowChange, RowKey

WORDS = {
    "alias": ALIAS,
    "package": PACKAGE,
    "packagefacts": PACKAGE_FACTS,
    "point": POINT,
    "listing": LISTING,
    "companion": COMPANION,
    "criteriongroup": CRITERION_GROUP,
    "contender": CONTENDER,
    "criterion": CRITERION,
    "cell": CELL,
    "role": ROLE,
    "choice": CHOICE,
    "pin": PIN,
}

# Said once for a thing, however many of its parts have another place.
ORDERS = {
    "package": "order of packages changes",
    "point": "order of points changes",
    "listing": "order of technologies changes",
    "companion": "order of companions changes",
    "criteriongroup": "order of groups changes",
    "contender": "order of contenders changes",
    "criterion": "order of rows changes",
    "role": "order of roles changes",
    "choice": "order of choices changes",
    "pin": "order of pins changes",
}


def say_part(change: RowChange, titles: Titles) -> str:
    """A sentence about a part of which something is to be said."""
    return said(change, titles, WORDS[change.row.model])


def is_said(change: RowChange, titles: Titles) -> bool:
    """Whether something is to be said: not where only its place differs, or where its parent goes.

    Cheaper than to say it.
    """
    if change.after is None:
        return not any(map(titles.is_gone, _parents(change.row)))
    return change.before is None or any(name != "position" for name in change.changed)


def has_another_place(change: RowChange) -> bool:
    """Whether a part that stays stands elsewhere among its like."""
    return bool(change.before and change.after) and "position" in change.changed


def comes_with_parent(change: RowChange, titles: Titles) -> bool:
    """Whether a cell is made for a row or a column that is new: those are only counted."""
    is_new_cell = change.row.model == "cell" and change.before is None
    return is_new_cell and any(map(titles.is_new, _parents(change.row)))


def _parents(row: RowKey) -> Iterator[RowKey]:
    """The parts of the same thing that a part cannot be without."""
    if row.model == "cell":
        comparison, criterion, technology = row.key
        yield RowKey("criterion", (comparison, criterion))
        yield RowKey("contender", (comparison, technology))
    elif row.model == "choice":
        yield RowKey("role", row.key[:2])
    elif row.model == "packagefacts":
        yield RowKey("package", row.key)
