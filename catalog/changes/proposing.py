"""A document that somebody made of a thing, brought together with what the thing is now."""

from collections import defaultdict
from collections.abc import Iterable, Set
from dataclasses import dataclass, field
from typing import Any

from catalog import documents
from catalog.changes.barriers import Barrier, barriers_against
from catalog.changes.documented import elsewhere, in_rows
from catalog.changes.names import Names, references_of
from catalog.changes.reconciling import Choice, Choose, Conflict, Own, nobody, reconcile
from catalog.changes.rows import Fields, RowChange, RowKey, State, owners_of
from catalog.changes.writing import in_writing_order
from catalog.models import ThingKey

__all__ = ["Choice", "Choose", "Conflict", "Own", "Proposal", "merged", "nobody"]

Document = Iterable[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What would be written, and what stands against it.

    `changes` lead from what is there now to what comes of it, in writing order; a conflict that
    waits stays in them as it is now. `conflicts` wait, `asked` are all that there are, decided or
    not. `theirs` and `mine` are what became of the base on either side, in document order.
    """

    changes: list[RowChange] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    asked: list[Conflict] = field(default_factory=list)
    theirs: list[RowChange] = field(default_factory=list)
    mine: list[RowChange] = field(default_factory=list)

    def barriers(self) -> list[Barrier]:
        """Return what keeps the changes from being written as things stand.

        A fixed number of queries for each model they are about, in batches. Ask it while what
        the changes were made for is still so.
        """
        return barriers_against(self.changes)


def merged(
    thing: ThingKey,
    base: Document,
    mine: Document,
    choose: Choose = nobody,
    shown: Set[str] | None = None,
) -> Proposal:
    """Merge what somebody made of a thing into the thing as it is now.

    `base` is the document it was made on, `mine` what was made; both name rows as they were
    called then, and may have been kept when models had other fields. For the guide as it is now:
    call it with the door open. In a choice “mine” is what is in `mine`, “theirs” what is there.
    With `shown`, the models of which `mine` shows the rows, what it lacks of others was not
    deleted: it goes and comes with what it belongs to.
    """
    names = Names.read()
    today = names.thing(thing)
    owners: dict[RowKey, set[ThingKey]] = defaultdict(set)
    before = in_rows(base, names, today, owners)
    wanted = in_rows(mine, names, today, owners)
    here = in_rows(documents.of([today])[today], Names({}), today, owners)
    # A package may have gone to another technology since; it is a change like any other.
    moved = elsewhere(before.keys() - here.keys())
    for row, fields in moved.items():
        owners[row] |= set(owners_of(row, fields))
    here |= moved
    if shown is not None:
        _add_unseen(wanted, before, here.keys(), shown)
    found = reconcile(before, wanted, here, choose)

    def between(one: State, other: State) -> list[RowChange]:
        return [
            RowChange(row, one.get(row), other.get(row), tuple(sorted(owners[row])))
            for row in {**other, **one}
            if one.get(row) != other.get(row)
        ]

    return Proposal(
        changes=in_writing_order(between(here, found.rows)),
        conflicts=found.undecided,
        asked=found.asked,
        theirs=between(before, here),
        mine=between(before, wanted),
    )


def _add_unseen(
    wanted: dict[RowKey, Fields], before: State, here: Set[RowKey], shown: Set[str]
) -> None:
    """Leave rows that nobody saw as they were, where what they belong to is wanted."""
    for row, fields in before.items():
        if row.model not in shown and row not in here and row not in wanted:
            above = {
                RowKey(reference.model, tuple(fields[reference.name]))
                for reference in references_of(row.model)
                if reference.is_required
            }
            if (above & before.keys()) <= wanted.keys():
                wanted[row] = fields
