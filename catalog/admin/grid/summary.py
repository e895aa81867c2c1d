"""What a saved grid has changed, counted; and what goes with the rows and columns of one."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from catalog.admin.grid import wording
from catalog.admin.grid.controls import ROW, parts_of
from catalog.admin.grid.sheet import Document, Sheet
from catalog.admin.grid.structure import removed_cells
from catalog.history.rows import state_of

ADDED, CHANGED, REMOVED = "added", "changed", "removed"


class Going(NamedTuple):
    """A row or a column that would go, and what would go with it."""

    name: str
    is_row: bool
    cells: int
    known: int
    sources: list[str]


def summary(base: Document, mine: Document) -> str:
    """“Changed 3 cells. Added 1 row.”"""
    before, after = state_of(base), state_of(mine)
    counts: Counter[tuple[str, str]] = Counter()
    for row in {**before, **after}:
        if row not in after:
            counts[REMOVED, row.model] += 1
        elif before.get(row) != after[row]:
            # A cell that nobody had written was there as any other.
            is_new = row not in before and row.model != "cell"
            counts[ADDED if is_new else CHANGED, row.model] += 1
    return " ".join(_sentences(counts))


def going(base: Sheet, values: Iterable[str], names: Mapping[str, str]) -> list[Going]:
    """What goes with these rows and columns."""
    found = []
    for value in values:
        part, slug = parts_of(value)
        cells = [base.cells[place] for place in removed_cells(base, value)]
        name = base.criteria[slug]["name"] if part == ROW else names.get(slug, slug)
        known = sum(1 for cell in cells if cell["state"] != wording.UNKNOWN)
        sources = sorted({cell["source"] for cell in cells if cell["source"]})
        found.append(Going(name, part == ROW, len(cells), known, sources))
    return found


def _sentences(counts: Counter[tuple[str, str]]) -> Iterator[str]:
    texts = {
        CHANGED: "Changed %(what)s.",
        ADDED: "Added %(what)s.",
        REMOVED: "Removed %(what)s.",
    }
    for how, text in texts.items():
        said = [_counted(model, counts[how, model]) for model in _NOUNS if counts[how, model]]
        if said:
            yield text % {"what": ", ".join(said)}


def _counted(model: str, count: int) -> str:
    return _NOUNS[model](count) % {"count": count}


_NOUNS = {
    "cell": lambda count: "%(count)d cell" if count == 1 else "%(count)d cells",
    "criterion": lambda count: "%(count)d row" if count == 1 else "%(count)d rows",
    "criteriongroup": lambda count: "%(count)d group" if count == 1 else "%(count)d groups",
    "contender": lambda count: "%(count)d column" if count == 1 else "%(count)d columns",
}
