"""A pack against the guide as it is: what is to be written, what waits, what is left alone.

Field by field by what packs said last (the base): untouched is taken, edited is kept, changed on
both sides waits as a conflict. Nothing is written here and no rule is asked: see loading.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from packaging.version import Version

from catalog.history import editions
from catalog.history.documents import primary_keys, rows_of
from catalog.history.merge import NO_BASE, Choose, Conflict, Take
from catalog.history.renames import SlugRenames
from catalog.history.rows import (
    MODELS,
    Fields,
    Reference,
    RowKey,
    defaults_of,
    references_of,
    targets_of,
)
from catalog.history.trial import writing_order
from catalog.models import PackLoad
from catalog.packs import removed
from catalog.packs.bases import (
    NO_ROW_BASE,
    MergedRow,
    RowBase,
    bases_of,
    is_edited,
    merge_row,
    newest_of,
    rights_of,
)
from catalog.packs.entries import Incoming, IncomingRow
from catalog.packs.manifest import FILE_NAME, Manifest
from catalog.packs.plan import Plan
from catalog.packs.problems import Why


class WaitingConflicts(Incoming):
    """What a loading left waiting, as a pack of its own: to choose without the pack's files."""

    def __init__(self, load: PackLoad) -> None:
        self.gone: list[RowKey] = []
        fields: dict[RowKey, Fields] = defaultdict(dict)
        for conflict in load.conflicts.all():
            row = RowKey(conflict.model, tuple(conflict.key.split("/")))
            if conflict.field:
                fields[row][conflict.field] = conflict.incoming
            else:
                self.gone += [row, *(RowKey(model, tuple(key)) for model, key in conflict.incoming)]
        said = Manifest(load.name, load.version, load.is_complete, tuple(load.over))
        rows = {row: IncomingRow(row, found, load.name) for row, found in fields.items()}
        super().__init__(said, load.digest, rows)


def make_plan(incoming: Incoming, choose: Choose, unsuitable: Mapping[RowKey, str]) -> Plan:
    """Return what loading the pack means for the guide as it is now.

    Of the rows in `unsuitable`, which a plan called mixed and a rule refused, the pack's fields
    wait for a choice, a new one is left out, and what belongs to one is not taken away.
    """
    plan = Plan(
        incoming,
        choose,
        unsuitable,
        edition=editions.number_now(),
        names=SlugRenames.read(),
        rights=rights_of(incoming.manifest),
        problems=incoming.problems.copy(),
    )
    _Planner(plan).run()
    plan.changes.sort(key=writing_order)
    return plan


class _Planner:
    """One run through a pack, model by model, in the order in which rows refer to each other."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.incoming = plan.incoming
        self.unsuitable = plan.unsuitable
        self.names = plan.names
        self.rights = plan.rights
        # Rows of packs that are not there and will not be, with what was deleted here.
        self.absent: dict[RowKey, str] = {}

    def run(self) -> None:
        self._refuse_an_older_version()
        for model in MODELS:
            self._plan_model(model)
        if isinstance(self.incoming, WaitingConflicts):
            gone = self.incoming.gone
        else:
            gone = self._removed()
            if self.incoming.manifest.complete:
                gone += removed.missing_from(self.incoming, self.names)
        removed.plan_removal(self.plan, dict.fromkeys(gone))

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
            self.plan.learn_owners(entries)
        for row in entries:
            base = bases.get(row, NO_ROW_BASE)
            if row not in local and (base.fields or base.taken_back_by in self.rights.above):
                self.absent[row] = str(row)
        fields = {row: self.names.fields(model, entry.fields) for row, entry in entries.items()}
        self._find_deleted_targets(model, fields.values())
        for row in entries:
            base = bases.get(row, NO_ROW_BASE)
            here = local.get(row)
            if here is not None and base.taken_back_by in self.rights.above:
                self.plan.note(Why.TAKEN, row, by=base.taken_back_by)
            elif here is not None:
                self._merge(row, here, fields[row], base)
            elif base.taken_back_by in self.rights.above:
                self.plan.note(Why.HELD, row, by=base.taken_back_by)
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
        merged = merge_row(row, local, said, base.fields, self.rights, self.plan.choose)
        for name, pack in merged.held.items():
            self.plan.note(Why.HELD, row, name, pack)
        for reference, missing in self._lost_references(row, merged.after):
            self.plan.note(Why.ORPHAN, row, reference.name, missing)
            merged.after[reference.name] = local[reference.name]
            # It has not been said: it may lead somewhere next time.
            merged.moves.pop(reference.name, None)
        if row in self.unsuitable:
            self._wait_for_a_row_that_suits(row, local, merged, base)
        elif merged.after != local and is_edited(row, local, base):
            self.plan.mixed[row] = ""
        for conflict in merged.conflicts:
            self.plan.wait(conflict, local)
        if merged.moves:
            self.plan.move(row, merged.moves)
        if merged.after != local:
            self.plan.change(row, local, merged.after)

    def _wait_for_a_row_that_suits(
        self, row: RowKey, local: Fields, merged: MergedRow, base: RowBase
    ) -> None:
        """Let somebody choose: what comes in does not go together with what was edited here.

        Nobody meant the row that would come of it. What is chosen is held to the rules.
        """
        taken = [name for name, value in merged.after.items() if local[name] != value]
        for name in taken:
            choice = self.plan.choose(row, name)
            if choice == Take.THEIRS:
                continue
            said, merged.after[name] = merged.after[name], local[name]
            if choice is None:
                before = base.fields[name].value if name in base.fields else NO_BASE
                merged.conflicts.append(Conflict(row, name, before, said, local[name]))
                merged.moves.pop(name, None)

    def _make(self, row: RowKey, said: Fields) -> None:
        """Make a row with the fields that the pack says, and what a new row says besides."""
        defaults = defaults_of(MODELS[row.model])
        after = {name: said.get(name, default) for name, default in defaults.items()}
        lost = self._lost_references(row, after)
        needed = [missing for reference, missing in lost if reference.is_required]
        if needed or row in self.unsuitable:
            self._leave_out(row, after, needed[0] if needed else self.unsuitable[row])
            return
        for reference, missing in lost:
            self.plan.note(Why.ORPHAN, row, reference.name, missing)
            after[reference.name] = None
            self.plan.mixed[row] = missing
        said = {name: value for name, value in said.items() if after[name] == value}
        self.plan.move(row, said, {name: after[name] for name in after if name not in said})
        self.plan.change(row, None, after)

    def _leave_out(self, row: RowKey, fields: Fields, missing: str) -> None:
        """Make nothing of a new row, since what it needs, or what needs it, was deleted here.

        Example: the pack has role "cache" with one choice, of "redis", which was deleted here. The
        choice is left out. A published stack needs a choice in each role: so is the role.
        """
        self.absent[row] = missing
        self.plan.note(Why.ORPHAN, row, by=missing)
        for target in targets_of(row, fields):
            self.plan.mixed.setdefault(target, missing)

    def _leave_deleted(self, row: RowKey, said: Fields, base: RowBase) -> None:
        """Leave a row deleted that was deleted here, and tell where the pack says something new."""
        if any(
            name not in base.fields or base.fields[name].value != value
            for name, value in said.items()
        ):
            self.plan.note(Why.DELETED, row)

    # References

    def _find_deleted_targets(self, model: str, rows: Iterable[Fields]) -> None:
        """Note what these rows refer to that a pack said once and that was deleted here.

        What never was there is refused where the rows are written.
        """
        for reference in references_of(model):
            wanted = {target for fields in rows if (target := reference.target(fields))}
            wanted = {row for row in wanted - self.absent.keys() if not self._is_said(row)}
            wanted -= primary_keys(reference.model, wanted).keys()
            bases = bases_of(reference.model, wanted, self.names)
            self.absent |= {row: str(row) for row, base in bases.items() if base.fields}

    def _lost_references(self, row: RowKey, after: Fields) -> list[tuple[Reference, str]]:
        """Return the references of a row to what is absent, with what was deleted here."""
        named = ((reference, reference.target(after)) for reference in references_of(row.model))
        return [(ref, self.absent[target]) for ref, target in named if target in self.absent]
