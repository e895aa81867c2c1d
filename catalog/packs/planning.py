"""A pack that was read, against the guide as it is: what loading it would do.

Model by model, in the order in which rows refer to each other, and in batches: memory does not
grow with the pack. Takes no lock: a plan is good for the state it was made for.
"""

from collections.abc import Callable, Iterable
from functools import partial
from typing import NamedTuple

from packaging.version import Version

from catalog.history import documents, editions
from catalog.history.merge import Take
from catalog.history.renames import SlugRenames
from catalog.history.rows import MODELS, Fields, RowChange, RowKey, owners_of, references_of
from catalog.history.store import facts_owners, in_batches, primary_keys, rows_of
from catalog.models import Category, PackLoad, Technology, ThingKey
from catalog.packs import gone
from catalog.packs.bases import (
    NOTHING_SAID,
    Said,
    newest_of,
    number_of_loads,
    rights_of,
    said_of,
)
from catalog.packs.manifest import FILE_NAME
from catalog.packs.merging import AtOdds, Merged, merge
from catalog.packs.plan import Note, Plan, Waiting, Why
from catalog.packs.problems import shown
from catalog.packs.reading import Incoming, IncomingRow
from catalog.packs.reading.validation import problems_of_row
from catalog.packs.remembered import Remembered
from catalog.packs.rules import NOWHERE, Place, Rules

# Asked for each conflict: the row, and the field or blank where the row itself would go.
Choose = Callable[[RowKey, str], Take | None]
Progress = Callable[[int], None]

# Their rows may refer to a later row of their own.
SELF_REFERRING = {model._meta.model_name for model in (Category, Technology)}


def all_wait(_row: RowKey, _field: str) -> None:
    """Nobody has chosen yet."""


def plan(incoming: Incoming, choose: Choose = all_wait, progress: Progress | None = None) -> Plan:
    """What loading the pack would do to the guide as it is now.

    The plan has `problems` where the pack cannot be loaded at all; the caller closes it.
    `progress` is told how many rows have been compared.
    """
    number, loads = editions.number_now(), number_of_loads()
    made = Plan(
        manifest=incoming.manifest,
        digest=incoming.digest,
        edition=number,
        loads=loads,
    )
    try:
        Planner(incoming, made, choose, progress or (lambda _count: None)).run()
    except BaseException:
        made.close()
        raise
    return made


class Fresh(NamedTuple):
    """A row that an entry makes, or makes say something else."""

    entry: IncomingRow
    row: RowKey
    before: Fields | None
    after: Fields
    moves: Fields  # what the pack will have said of it


class Planner:
    """One run through a pack."""

    def __init__(
        self, incoming: Incoming | Remembered, made: Plan, choose: Choose, progress: Progress
    ) -> None:
        self.incoming = incoming
        self.plan = made
        self.choose = choose
        self.progress = progress
        self.names = SlugRenames.read()
        self.rights = rights_of(incoming.manifest)
        self.has_bases = PackLoad.objects.in_force().exists()
        self.rules = Rules()
        self.absent: set[RowKey] = set()  # rows of the pack that will not be there
        self.package_owners: dict[str, str] = {}  # of packages that are made or move
        self.compared = 0

    def run(self) -> None:
        self._refuse_an_older_version()
        for model in MODELS:
            if model in SELF_REFERRING and self.has_bases:
                for batch in in_batches(self.incoming.rows(model)):
                    self._find_deleted(model, batch)
            for batch in in_batches(self.incoming.rows(model)):
                self._merge_batch(model, batch)
        if isinstance(self.incoming, Remembered):
            gone.plan(self, self.incoming.gone)
        else:
            missing = self._removed()
            if self.incoming.manifest.complete and self.has_bases:
                missing += gone.missing_from(self.incoming, self.names)
            gone.plan(self, dict.fromkeys(missing))
        self.rules.check(self.plan.problems, {change.row for change in self.plan.gone})

    def _removed(self) -> list[RowKey]:
        """What the pack removes; refused where it also says a row that needs one of these."""
        # A cell may hang on two of them.
        removed = list(dict.fromkeys(gone.named_by(self.incoming.manifest, self.names)))
        text = "The pack removes what “%(key)s” needs, and says it too. Keep one of the two."
        said = [
            row
            for row in removed
            if any(self.incoming.has(spelling) for spelling in self.names.every_key(row))
        ]
        for row in said:
            self.plan.problems.add(FILE_NAME, None, "removes", text % {"key": row})
        return [] if said else removed

    def _refuse_an_older_version(self) -> None:
        manifest = self.incoming.manifest
        load = newest_of(manifest.name)
        if load is not None and Version(manifest.version) < Version(load.version):
            text = "Version %(old)s is older than %(new)s, which is loaded already."
            words = {"old": manifest.version, "new": load.version}
            self.plan.problems.add(FILE_NAME, None, "version", text % words)

    # Rows of one model

    def _find_deleted(self, model: str, batch: list[IncomingRow]) -> None:
        rows = [self.names.row(entry.row) for entry in batch]
        local, said = rows_of(model, rows), said_of(model, rows, self.names)
        self.absent |= {row for row in rows if row not in local and self._stays_away(said.get(row))}

    def _merge_batch(self, model: str, batch: list[IncomingRow]) -> None:
        entries = {}
        for entry in batch:
            row = self.names.row(entry.row)
            if row != entry.row and self.incoming.has(row):
                self._refuse_a_second_name(entry, row)
            else:
                entries[row] = entry
        local = rows_of(model, entries)
        said = said_of(model, entries, self.names) if self.has_bases else {}
        if model == "packagefacts":
            self.learn_owners(entries)
        fresh = []
        for row, entry in entries.items():
            fields = self.names.fields(model, entry.fields)
            here, bases = local.get(row), said.get(row, NOTHING_SAID)
            if here is not None and bases.taken_back_by in self.rights.above:
                self._note(Why.TAKEN, row, by=bases.taken_back_by)
            elif here is not None:
                fresh += self._merge(entry, row, here, fields, bases)
            elif bases.taken_back_by in self.rights.above:
                self._leave(row, Why.HELD, by=bases.taken_back_by)
            elif bases.fields:
                self._leave_deleted(row, fields, bases)
            elif not isinstance(self.incoming, Remembered):
                fresh += self._make(entry, row, fields)
        self._add(model, fresh)
        self.compared += len(batch)
        self.progress(self.compared)

    def _merge(
        self, entry: IncomingRow, row: RowKey, local: Fields, fields: Fields, bases: Said
    ) -> Iterable[Fresh]:
        merged = undecided = merge(local, fields, bases.fields, self.rights)
        if undecided.conflicts:
            merged = merge(local, fields, bases.fields, self.rights, partial(self.choose, row))
        if undecided.after != local and problems_of_row(row.model, undecided.after):
            self._wait_for_a_row_that_suits(row, local, merged, bases)
        for name, pack in merged.held.items():
            self._note(Why.HELD, row, name, pack)
        for at_odds in merged.conflicts:
            self.plan.conflicts.append(Waiting(row, at_odds, self.things(row, local)))
        if merged.after != local:
            yield Fresh(entry, row, local, merged.after, merged.moves)
        elif merged.moves:
            self.plan.move(row, merged.moves)

    def _wait_for_a_row_that_suits(
        self, row: RowKey, local: Fields, merged: Merged, bases: Said
    ) -> None:
        """What comes in does not go together with what was edited here: let somebody choose.

        Nobody meant the row that would come of it. Once it is chosen, it is checked like any.
        """
        taken = [name for name, value in merged.after.items() if local[name] != value]
        choices = {name: self.choose(row, name) for name in taken}
        for name, choice in choices.items():
            if choice == Take.THEIRS:
                continue
            incoming, merged.after[name] = merged.after[name], local[name]
            if choice is None:
                base = bases.fields[name].value
                merged.conflicts.append(AtOdds(name, base, local[name], incoming))
                merged.moves.pop(name)

    def _make(self, entry: IncomingRow, row: RowKey, fields: Fields) -> Iterable[Fresh]:
        defaults = documents.defaults(MODELS[row.model])
        after = {name: fields.get(name, defaults[name]) for name in defaults}
        yield Fresh(entry, row, None, after, fields)

    def _leave_deleted(self, row: RowKey, fields: Fields, bases: Said) -> None:
        self.absent.add(row)
        told = any(
            name not in bases.fields or bases.fields[name].value != value
            for name, value in fields.items()
        )
        if told:
            self._note(Why.DELETED, row)

    def _leave(self, row: RowKey, why: Why, by: str) -> None:
        self.absent.add(row)
        self._note(why, row, by=by)

    # What a batch would write

    def _add(self, model: str, fresh: list[Fresh]) -> None:
        missing = self._missing_targets(model, [each.after for each in fresh])
        for each in fresh:
            entry, row, before, after, moves = each
            fields = self._without_missing(each, missing)
            if fields is None:
                continue
            # A reference that leads nowhere has not been said: it may lead somewhere next time.
            said = {name: moves[name] for name in moves if fields[name] == after[name]}
            rest = {} if before else {name: fields[name] for name in fields if name not in said}
            if said or rest:
                self.plan.move(row, said, rest)
            if fields == before:
                continue
            self._check(entry, row, before, fields)
            if model == "package":
                self.package_owners[row.key[0]] = fields["technology"][0]
            change = RowChange(row, before, fields, self.things(row, before, fields))
            self.add(change, Place(entry.file, entry.entry))
        if model == "cell":
            self.rules.check_cells(self.plan.problems)

    def add(self, change: RowChange, place: Place = NOWHERE) -> None:
        """Plan a change that the pack asks for at this place."""
        self.plan.add(change)
        self.rules.note(change, place)

    def _check(self, entry: IncomingRow, row: RowKey, before: Fields | None, after: Fields) -> None:
        """What the reader could not know: the rest of a row that the pack gives in part."""
        if before is None and len(entry.fields) == len(after):
            return
        for field, text in problems_of_row(row.model, after):
            self.plan.problems.add(entry.file, entry.entry, field, text)

    def _missing_targets(self, model: str, rows: list[Fields]) -> set[RowKey]:
        """What these rows refer to that is neither here nor in the pack."""
        wanted: dict[str, set[RowKey]] = {}
        for fields in rows:
            for reference in references_of(model):
                if value := fields[reference.name]:
                    target = RowKey(reference.model, tuple(value))
                    if not self._is_made(target):
                        wanted.setdefault(reference.model, set()).add(target)
        return {
            target
            for model_of_targets, targets in wanted.items()
            for target in targets - primary_keys(model_of_targets, targets).keys()
        }

    def _is_made(self, row: RowKey) -> bool:
        return row not in self.absent and any(
            self.incoming.has(spelling) for spelling in self.names.every_key(row)
        )

    def _without_missing(self, fresh: Fresh, missing: set[RowKey]) -> Fields | None:
        """The fields with references as before where they would lead nowhere.

        None where the row cannot be made without one of them.
        """
        entry, row, before, after, _moves = fresh
        if not missing:
            return after
        left = dict(after)
        for reference in references_of(row.model):
            value = after[reference.name]
            target = RowKey(reference.model, tuple(value)) if value else None
            if target not in missing:
                continue
            if target not in self.absent:
                self._refuse_reference(entry, reference.name, target)
            elif before is None and reference.is_required:
                self._leave(row, Why.ORPHAN, by=str(target))
                return None
            else:
                left[reference.name] = before[reference.name] if before else None
                self._note(Why.ORPHAN, row, reference.name, str(target))
        if before is None and left != after and problems_of_row(row.model, left):
            self.absent.add(row)  # it makes no sense without: a snippet has one place
            return None
        return left

    def _stays_away(self, said: Said | None) -> bool:
        """Whether a row that is not there was deleted here, or by a pack over this one."""
        if said is None:
            return False
        return bool(said.fields) or said.taken_back_by in self.rights.above

    def _refuse_a_second_name(self, entry: IncomingRow, row: RowKey) -> None:
        text = "“%(old)s” is called “%(new)s” by now, and the pack says that one too."
        words = {"old": entry.row, "new": row}
        self.plan.problems.add(entry.file, entry.entry, "", text % words)

    def _refuse_reference(self, entry: IncomingRow, field: str, target: RowKey) -> None:
        name = MODELS[target.model]._meta.verbose_name
        text = "There is no %(model)s “%(key)s”, neither in the pack nor in this guide."
        words = {"model": name, "key": shown(str(target))}
        self.plan.problems.add(entry.file, entry.entry, field, text % words)

    def things(self, row: RowKey, *states: Fields | None) -> tuple[ThingKey, ...]:
        """The things that hold the row, before and after."""
        if row.model == "packagefacts":
            owner = self.package_owners.get(row.key[0])
            return (ThingKey("technology", owner),) if owner else ()
        found = [thing for fields in states if fields for thing in owners_of(row, fields)]
        return tuple(dict.fromkeys(found))

    def learn_owners(self, rows: Iterable[RowKey]) -> None:
        """Whose package facts are; the pack's own packages come before them and are known."""
        wanted = {row.key[0] for row in rows} - self.package_owners.keys()
        self.package_owners |= facts_owners(wanted)

    def _note(self, why: Why, row: RowKey, field: str = "", by: str = "") -> None:
        self.plan.notes.append(Note(why, row, field, by))

    def leave_to_another(self, row: RowKey, pack: str) -> None:
        """The row is gone from this pack, but that one holds it."""
        self._note(Why.HELD, row, by=pack)

    def wait(self, row: RowKey, local: Fields) -> None:
        """The row itself would go, but was edited here."""
        at_odds = AtOdds("", None, local, None)
        self.plan.conflicts.append(Waiting(row, at_odds, self.things(row, local)))
