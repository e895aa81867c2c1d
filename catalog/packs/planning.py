"""A pack against the guide as it is: what is to be written, what waits, what is left alone.

Field by field by what packs said last (the base): untouched is taken, edited is kept, changed on
both sides waits as a conflict. Nothing is written here and no rule is asked: see loading.
"""

from collections.abc import Iterable, Set
from dataclasses import dataclass, field
from typing import NamedTuple

from packaging.version import Version

from catalog.history import documents, editions
from catalog.history.merge import Choose, Conflict, Take
from catalog.history.renames import SlugRenames
from catalog.history.rows import MODELS, Fields, RowChange, RowKey, owners_of, references_of
from catalog.history.store import facts_owners, primary_keys, rows_of
from catalog.history.trial import writing_order
from catalog.models import PackLoad, ThingKey
from catalog.packs import removed
from catalog.packs.bases import (
    NO_ROW_BASE,
    MergedRow,
    RowBase,
    bases_of,
    is_edited,
    merge_row,
    newest_of,
    number_of_loads,
    rights_of,
)
from catalog.packs.entries import Incoming, IncomingRow
from catalog.packs.manifest import FILE_NAME, Manifest
from catalog.packs.problems import Note, Problems, Why


class Move(NamedTuple):
    """What the pack will have said of a row; no fields where it takes everything back."""

    row: RowKey
    fields: Fields | None
    defaults: Fields


@dataclass(slots=True)
class Plan:
    """What loading a pack would do to one state of the guide."""

    incoming: "Incoming | WaitingConflicts"
    choose: Choose
    edition: int  # the number of the guide's state that it was made for
    loads: int  # and for these loadings: see bases.number_of_loads()
    changes: list[RowChange] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    problems: Problems = field(default_factory=Problems)
    # Rows whose edited fields meet the pack's, and new ones that lost a reference: what comes of
    # them nobody meant, so where a rule refuses it they are left as they are.
    mixed: set[RowKey] = field(default_factory=set)

    @property
    def manifest(self) -> Manifest:
        return self.incoming.manifest

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to write, not even bases."""
        return not (self.changes or self.moves)


class WaitingConflicts:
    """What a loading left waiting, as a pack of its own: to choose without the pack's files."""

    def __init__(self, load: PackLoad) -> None:
        self.manifest = Manifest(load.name, load.version, load.is_complete, tuple(load.over))
        self.digest = load.digest
        self.gone: list[RowKey] = []
        self._fields: dict[RowKey, Fields] = {}
        for conflict in load.conflicts.all():
            row = RowKey(conflict.model, tuple(conflict.key.split("/")))
            if conflict.field:
                self._fields.setdefault(row, {})[conflict.field] = conflict.incoming
            else:
                self.gone += [row, *(RowKey(model, tuple(key)) for model, key in conflict.incoming)]

    def rows(self, model: str) -> list[IncomingRow]:
        """Return the rows of a model with the fields in conflict."""
        found = self._fields.items()
        return [IncomingRow(r, f, self.manifest.name, None) for r, f in found if r.model == model]

    def __contains__(self, row: RowKey) -> bool:
        return row in self._fields


def make_plan(
    incoming: Incoming | WaitingConflicts, choose: Choose, unsuitable: Set[RowKey] = frozenset()
) -> Plan:
    """Return what loading the pack means for the guide as it is now.

    Of the rows in `unsuitable`, which a plan called mixed and a rule refused, the pack's fields
    wait for a choice, or the row is left out where it is new.
    """
    plan = Plan(incoming, choose, editions.number_now(), number_of_loads())
    planner = Planner(plan, unsuitable)
    planner.run()
    return plan


class Planner:
    """One run through a pack."""

    def __init__(self, plan: Plan, unsuitable: Set[RowKey]) -> None:
        self.plan = plan
        self.incoming = plan.incoming
        self.unsuitable = unsuitable
        self.names = SlugRenames.read()
        self.rights = rights_of(plan.manifest)
        self.absent: set[RowKey] = set()  # rows of packs that are not there, and will not be
        self.package_owners: dict[str, str] = {}  # of packages that are made or move

    def run(self) -> None:
        """Plan model by model, in the order in which rows refer to each other."""
        self._refuse_an_older_version()
        for model in MODELS:
            self._plan_model(model)
        if isinstance(self.incoming, WaitingConflicts):
            gone = self.incoming.gone
        else:
            gone = self._removed()
            if self.incoming.manifest.complete:
                gone += removed.missing_from(self.incoming, self.names)
        removed.plan_removal(self, dict.fromkeys(gone))
        self.plan.changes.sort(key=writing_order)

    def choose(self, row: RowKey, name: str) -> Take | None:
        """Return the choice for a conflict."""
        return self.plan.choose(row, name)

    def note(self, why: Why, row: RowKey, name: str = "", by: str = "") -> None:
        """Note that something of the pack is left alone."""
        self.plan.notes.append(Note(why, row, name, by))

    def move(self, row: RowKey, fields: Fields | None, defaults: Fields | None = None) -> None:
        """Plan what the pack will have said of a row."""
        self.plan.moves.append(Move(row, fields, defaults or {}))

    def change(self, row: RowKey, before: Fields | None, after: Fields | None) -> None:
        """Plan a change of a row."""
        things = self.things(row, before, after)
        self.plan.changes.append(RowChange(row, before, after, things))

    def wait(self, conflict: Conflict, local: Fields) -> None:
        """Let a conflict wait."""
        things = self.things(conflict.row, local)
        self.plan.conflicts.append(conflict._replace(things=things))

    def things(self, row: RowKey, *states: Fields | None) -> tuple[ThingKey, ...]:
        """Return the things that hold the row, before and after."""
        if row.model == "packagefacts":
            owner = self.package_owners.get(row.key[0])
            return (ThingKey("technology", owner),) if owner else ()
        found = [thing for fields in states if fields for thing in owners_of(row, fields)]
        return tuple(dict.fromkeys(found))

    def learn_owners(self, rows: Iterable[RowKey]) -> None:
        """Read whose package facts are; the pack's own packages come before them and are known."""
        wanted = {row.key[0] for row in rows} - self.package_owners.keys()
        self.package_owners |= facts_owners(wanted)

    def _refuse_an_older_version(self) -> None:
        said = self.plan.manifest
        load = newest_of(said.name)
        if load is not None and Version(said.version) < Version(load.version):
            text = f"Version {said.version} is older than {load.version}, which is loaded already."
            self.plan.problems.add(FILE_NAME, None, "version", text)

    def _removed(self) -> list[RowKey]:
        """Return what the pack removes; refuse it where it also says what needs one of these."""
        # A cell may hang on two of them.
        gone = list(dict.fromkeys(removed.named_by(self.incoming.manifest, self.names)))
        said = [row for row in gone if self._is_said(row)]
        for row in said:
            text = f"The pack removes what “{row}” needs, and says it too. Keep one of the two."
            self.plan.problems.add(FILE_NAME, None, "removes", text)
        return [] if said else gone

    def _is_said(self, row: RowKey) -> bool:
        return any(spelling in self.incoming for spelling in self.names.every_key(row))

    # Rows of one model

    def _plan_model(self, model: str) -> None:
        entries = self._entries(model)
        local = rows_of(model, entries)
        bases = bases_of(model, entries, self.names)
        if model == "packagefacts":
            self.learn_owners(entries)
        for row in entries:
            base = bases.get(row, NO_ROW_BASE)
            if row not in local and (base.fields or base.taken_back_by in self.rights.above):
                self.absent.add(row)
        fields = {row: self.names.fields(model, entry.fields) for row, entry in entries.items()}
        self._find_deleted_targets(model, fields.values())
        for row in entries:
            base = bases.get(row, NO_ROW_BASE)
            here = local.get(row)
            if here is not None and base.taken_back_by in self.rights.above:
                self.note(Why.TAKEN, row, by=base.taken_back_by)
            elif here is not None:
                self._merge(row, here, fields[row], base)
            elif base.taken_back_by in self.rights.above:
                self.note(Why.HELD, row, by=base.taken_back_by)
            elif base.fields:
                self._leave_deleted(row, fields[row], base)
            elif not isinstance(self.incoming, WaitingConflicts):
                self._make(row, fields[row])

    def _entries(self, model: str) -> dict[RowKey, IncomingRow]:
        """Return the pack's rows of a model by their keys of today."""
        entries = {}
        for entry in self.incoming.rows(model):
            row = self.names.row(entry.row)
            if row != entry.row and row in self.incoming:
                text = f"“{entry.row}” is called “{row}” by now, and the pack says that one too."
                self.plan.problems.add(entry.file, entry.entry, "", text)
            else:
                entries[row] = entry
        return entries

    def _merge(self, row: RowKey, local: Fields, said: Fields, base: RowBase) -> None:
        """Merge what the pack says of a row that is here."""
        merged = merge_row(row, local, said, base.fields, self.rights, self.choose)
        for name, pack in merged.held.items():
            self.note(Why.HELD, row, name, pack)
        for name in self._lost_references(row, merged.after):
            merged.after[name] = local[name]
            merged.moves.pop(name, None)  # it has not been said: it may lead somewhere next time
        if row in self.unsuitable:
            self._wait_for_a_row_that_suits(row, local, merged, base)
        elif merged.after != local and is_edited(row, local, base):
            self.plan.mixed.add(row)
        for conflict in merged.conflicts:
            self.wait(conflict, local)
        if merged.moves:
            self.move(row, merged.moves)
        if merged.after != local:
            if row.model == "package":
                self.package_owners[row.key[0]] = merged.after["technology"][0]
            self.change(row, local, merged.after)

    def _wait_for_a_row_that_suits(
        self, row: RowKey, local: Fields, merged: MergedRow, base: RowBase
    ) -> None:
        """Let somebody choose: what comes in does not go together with what was edited here.

        Nobody meant the row that would come of it. Once it is chosen, it is held to the rules.
        """
        taken = [name for name, value in merged.after.items() if local[name] != value]
        for name in taken:
            choice = self.choose(row, name)
            if choice == Take.THEIRS:
                continue
            said, merged.after[name] = merged.after[name], local[name]
            if choice is None:
                before = base.fields[name].value if name in base.fields else None
                merged.conflicts.append(Conflict(row, name, before, said, local[name]))
                merged.moves.pop(name, None)

    def _make(self, row: RowKey, said: Fields) -> None:
        """Make a row with the fields that the pack says, and what a new row says besides."""
        defaults = documents.defaults(MODELS[row.model])
        after = {name: said.get(name, default) for name, default in defaults.items()}
        required = {ref.name for ref in references_of(row.model) if ref.is_required}
        for name in self._lost_references(row, after, is_new=True):
            if name in required:
                self.absent.add(row)
                return
            after[name] = None
            said = {other: value for other, value in said.items() if other != name}
            self.plan.mixed.add(row)
        if row in self.unsuitable:
            self.absent.add(row)  # it makes no sense without: a snippet has one place
            return
        self.move(row, said, {name: after[name] for name in after if name not in said})
        if row.model == "package":
            self.package_owners[row.key[0]] = after["technology"][0]
        self.change(row, None, after)

    def _leave_deleted(self, row: RowKey, said: Fields, base: RowBase) -> None:
        """Leave a row deleted that was deleted here, and tell where the pack says something new."""
        if any(
            name not in base.fields or base.fields[name].value != value
            for name, value in said.items()
        ):
            self.note(Why.DELETED, row)

    # References

    def _find_deleted_targets(self, model: str, rows: Iterable[Fields]) -> None:
        """Note what these rows refer to that a pack said once and that was deleted here.

        What never was there is refused where the rows are written.
        """
        for reference in references_of(model):
            wanted = {target for fields in rows if (target := reference.target(fields))}
            wanted = {row for row in wanted - self.absent if not self._is_said(row)}
            wanted -= primary_keys(reference.model, wanted).keys()
            bases = bases_of(reference.model, wanted, self.names)
            self.absent |= {row for row, base in bases.items() if base.fields}

    def _lost_references(self, row: RowKey, after: Fields, *, is_new: bool = False) -> list[str]:
        """Return the references of a row to what was deleted here, and tell of each."""
        found = []
        for reference in references_of(row.model):
            target = reference.target(after)
            if target in self.absent:
                is_left_out = is_new and reference.is_required
                self.note(Why.ORPHAN, row, "" if is_left_out else reference.name, str(target))
                found.append(reference.name)
        return found
