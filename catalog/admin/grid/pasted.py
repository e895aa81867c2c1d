"""What a pasted block would make of a grid, cell by cell, before any of it is saved."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from django.http import QueryDict

from catalog.admin.grid import wording
from catalog.admin.grid.controls import CELL_PARTS, is_shown, named
from catalog.admin.grid.pasting import NoBlockError, Target, controls_of, place, read_block
from catalog.admin.grid.posted import Reading
from catalog.admin.grid.sheet import Place, Sheet
from catalog.history.rows import Fields

Read = Callable[[QueryDict], Reading]


class Becoming(NamedTuple):
    """A cell that the block speaks of: what it says, and would say; or why that cannot be."""

    where: str
    before: str
    after: str
    fault: str


@dataclass
class Pasted:
    """A block over what was typed before: `typed` is the form as it is then.

    `same` counts the cells that say already what the block says.
    """

    typed: QueryDict
    cells: list[Becoming] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    same: int = 0

    @property
    def changes(self) -> int:
        return sum(1 for cell in self.cells if not cell.fault)

    @property
    def faults(self) -> int:
        return len(self.cells) - self.changes


def paste(text: str, corner: Place, rows: list[str], typed: QueryDict, read: Read) -> Pasted:
    """Lay a block over a form. Raises NoBlockError.

    `rows` are those that the form shows; `read` reads a form. A cell that would be wrong is left
    as it was typed.
    """
    before = read(typed)
    rows = [row for row in rows if row in before.sheet.criteria]
    placed = place(read_block(text), before.sheet, rows, before.names, corner)
    faults: dict[Place, str] = {}
    laid = typed.copy()
    for target in placed.targets:
        try:
            for control, value in _controls(target, before.sheet, typed).items():
                laid[control] = value
        except NoBlockError as error:
            faults[target.place] = str(error)
    after = read(laid)
    wrong: dict[str, list[str]] = {}
    for fault in after.faults:
        wrong.setdefault(fault.control, []).append(fault.text)
    pasted = Pasted(laid, left_out=placed.left_out)
    for target in placed.targets:
        controls = [named(part, *target.place) for part in CELL_PARTS]
        texts = [text for control in controls for text in wrong.get(control, [])]
        if fault := faults.get(target.place) or " ".join(texts):
            _put_back(laid, typed, controls)
        _note(pasted, target, before, after, fault)
    return pasted


def _controls(target: Target, sheet: Sheet, typed: QueryDict) -> dict[str, str]:
    if not is_shown(typed, target.place):
        raise NoBlockError("This cell is not shown: show all cells to fill it in.")
    kind = sheet.kind_of(target.place.criterion)
    return controls_of(target, kind, sheet.cell(target.place))


def _put_back(laid: QueryDict, typed: QueryDict, controls: list[str]) -> None:
    for control in controls:
        if control in typed:
            laid[control] = typed[control]


def _note(pasted: Pasted, target: Target, before: Reading, after: Reading, fault: str) -> None:
    kind = before.sheet.kind_of(target.place.criterion)
    was, becomes = before.sheet.cells.get(target.place), after.sheet.cells.get(target.place)
    if not fault and was == becomes:
        pasted.same += 1
        return
    shown = target.text if fault else _said(becomes, kind)
    cell = Becoming(before.where(target.place), _said(was, kind), shown, fault)
    pasted.cells.append(cell)


def _said(fields: Fields | None, kind: str) -> str:
    """What a cell says, and its note: “Good, 12 ms: with three nodes”."""
    said = wording.said(fields, kind)
    return f"{said}: {fields['note']}" if fields and fields["note"] else said
