"""A pack against the guide as it is: what is to be written, what waits, what is left alone.

Field by field by what packs said last (the base): untouched is taken, edited is kept, changed on
both sides waits as a conflict. What a complete pack no longer holds, and what any pack names under
`removes`, goes: pages are archived, parts deleted. A part that was edited here, or that something
made here belongs to, waits together with the parts below it: a criterion with its cells.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import partial
from typing import NamedTuple

from packaging.version import Version

from catalog.history import editions
from catalog.history.documents import primary_keys, referrers, rows_anywhere, rows_of
from catalog.history.merge import NO_BASE, Choose, Conflict, Take
from catalog.history.renames import SlugRenames
from catalog.history.rows import (
    MODELS,
    Fields,
    Reference,
    RowChange,
    RowKey,
    defaults_of,
    owners_of,
    references_of,
    targets_of,
)
from catalog.history.trial import writing_order
from catalog.models import PackLoad, Page, Status, ThingKey
from catalog.packs.bases import (
    RowBase,
    always,
    bases_of,
    is_edited,
    merge_row,
    newer_reading,
    newest_of,
    rights_of,
    rows_of_pack,
)
from catalog.packs.entries import Incoming, IncomingRow
from catalog.packs.manifest import FILE_NAME, Manifest
from catalog.packs.problems import Problems

# Why something of the pack is left alone: a field, or a row.
FIELD_HELD = "{row}: {field} stays as the pack {by} says."
FIELD_LOST = "{row}: {field} stays, since “{by}” was deleted here."
HELD = "{named} stays as the pack {by} left it."
TAKEN = "{named} stays: the pack {by} took it away, but it was kept here."
DELETED = "{named} was deleted here and stays so."
LOST = "{named} is left out: “{by}”, which it needs, was deleted here."
NEEDED = "{named} stays, since “{by}” was deleted here."


class Note(NamedTuple):
    """Something of the pack that is left alone, and which of the sentences above says so."""

    text: str
    row: RowKey
    by: str = ""  # the pack that holds it, or the row that is missing
    field: str = ""


class WaitingConflicts(Incoming):
    """What a loading left waiting, as a pack of its own: to choose without the pack's files."""

    def __init__(self, load: PackLoad) -> None:
        said = Manifest(load.name, load.version, load.is_complete, tuple(load.over))
        super().__init__(load.digest, said)
        self.gone: list[RowKey] = []
        fields: dict[RowKey, Fields] = defaultdict(dict)
        for conflict in load.conflicts.all():
            row = RowKey(conflict.model, tuple(conflict.key.split("/")))
            if conflict.field:
                fields[row][conflict.field] = conflict.incoming
            else:
                self.gone += [row, *(RowKey(model, tuple(key)) for model, key in conflict.incoming)]
        self.by_key = {row: IncomingRow(row, found, load.name) for row, found in fields.items()}


class Plan:
    """What loading a pack would do to the guide as it is now, of which `edition` is the number.

    Of the rows in `unsuitable`, which an earlier plan called mixed and a rule refused, the pack's
    fields wait for a choice, a new one is left out, and what belongs to one is not taken away.
    """

    def __init__(
        self, incoming: Incoming, choose: Choose, unsuitable: Mapping[RowKey, str]
    ) -> None:
        self.incoming = incoming
        self.manifest = incoming.manifest
        self.choose = choose
        self.unsuitable = unsuitable
        self.edition = editions.number_now()
        self.names = SlugRenames.read()
        self.rights = rights_of(incoming.manifest)
        self.problems = Problems([*incoming.problems.first], incoming.problems.more)
        self.changes: list[RowChange] = []
        # What the pack will have said of rows, None where it takes all back; and their defaults.
        self.moves: list[tuple[RowKey, Fields | None, Fields]] = []
        self.conflicts: list[Conflict] = []
        self.notes: list[Note] = []
        # Rows that nobody meant to be as they come out: edited fields meet the pack's, or something
        # is left out because what it needs was deleted here. Where a rule refuses them they are
        # left as they are. With the name of what was deleted.
        self.mixed: dict[RowKey, str] = {}
        self.asked: Plan | None = None  # the plan before anything was chosen, where something is
        # Rows of packs that are not there and will not be, with what was deleted here.
        self._absent: dict[RowKey, str] = {}
        self._facts_owners: dict[tuple[str, ...], str] = {}
        said, load = self.manifest, newest_of(self.manifest.name)
        if load is not None and Version(said.version) < Version(load.version):
            text = f"Version {said.version} is older than {load.version}, which is loaded already."
            self.problems.add(FILE_NAME, text, field="version")
        # In the order in which rows refer to each other.
        for model in MODELS:
            self._plan_model(model)
        self._remove(self._gone())
        self.changes.sort(key=writing_order)

    def _note(self, text: str, row: RowKey, by: str = "", field: str = "") -> None:
        self.notes.append(Note(text, row, by, field))

    def _move(self, row: RowKey, fields: Fields | None, defaults: Fields | None = None) -> None:
        self.moves.append((row, fields, defaults or {}))

    def _change(self, row: RowKey, before: Fields | None, after: Fields | None) -> None:
        if row.model == "package" and after and after["technology"]:
            self._facts_owners[row.key] = after["technology"][0]
        self.changes.append(RowChange(row, before, after, self._things(row, before, after)))

    def _wait(self, conflict: Conflict, local: Fields) -> None:
        self.conflicts.append(conflict._replace(things=self._things(conflict.row, local)))

    def _things(self, row: RowKey, *states: Fields | None) -> tuple[ThingKey, ...]:
        """Return the things that hold the row, before and after."""
        if row.model == "packagefacts":
            owner = self._facts_owners.get(row.key)
            return (ThingKey("technology", owner),) if owner else ()
        found = (thing for fields in states if fields for thing in owners_of(row, fields))
        return tuple(dict.fromkeys(found))

    def _here(
        self, model: str, rows: Iterable[RowKey]
    ) -> tuple[dict[RowKey, Fields], dict[RowKey, RowBase]]:
        """Return those of these rows that are here, and what packs said of each."""
        if model == "packagefacts":  # which do not say whose they are, unlike the pack's packages
            packages = rows_of("package", {RowKey("package", row.key) for row in rows})
            owners = {row.key: fields["technology"][0] for row, fields in packages.items()}
            self._facts_owners = owners | self._facts_owners
        return rows_of(model, rows), bases_of(model, rows, self.names)

    def _is_said(self, row: RowKey) -> bool:
        return any(spelling in self.incoming for spelling in self.names.every_key(row))

    # What the pack says ---------------------------------------------------------------------------

    def _plan_model(self, model: str) -> None:
        entries = self._entries(model)
        local, bases = self._here(model, entries)
        above = self.rights.above
        for row, base in bases.items():
            if row not in local and (base.fields or base.taken_back_by in above):
                self._absent[row] = str(row)
        said = {row: self.names.fields(model, entry.fields) for row, entry in entries.items()}
        self._find_deleted_targets(model, said.values())
        for row, fields in said.items():
            base = bases[row]
            if base.taken_back_by in above:
                self._note(TAKEN if row in local else HELD, row, base.taken_back_by)
            elif row in local:
                self._merge(row, local[row], fields, base)
            elif base.fields:
                if any(base.says(name) != value for name, value in fields.items()):
                    self._note(DELETED, row)
            elif not isinstance(self.incoming, WaitingConflicts):
                self._make(row, fields)

    def _entries(self, model: str) -> dict[RowKey, IncomingRow]:
        """Return the pack's rows of a model by their keys of today."""
        entries = {}
        for entry in self.incoming.rows(model):
            row = self.names.row(entry.row)
            if row != entry.row and row in self.incoming:
                text = f"“{entry.row}” is called “{row}” by now, and the pack says that one too."
                self.problems.add(entry.file, text, entry=entry.entry)
            else:
                entries[row] = entry
        return entries

    def _merge(self, row: RowKey, local: Fields, said: Fields, base: RowBase) -> None:
        """Merge what the pack says of a row that is here."""
        lost = {reference.name: by for reference, by in self._lost_references(row, said)}
        for name, missing in lost.items():  # it may lead somewhere next time
            self._note(FIELD_LOST, row, missing, name)
        found = {name: value for name, value in said.items() if name not in lost}
        is_suitable, choose = row not in self.unsuitable, self.choose
        fields = base.fields
        if is_suitable and (newer := newer_reading(local, said)):
            # Facts of an index go together: those that were read last, whole.
            if newer == Take.MINE:
                found = {name: local[name] for name in found}
            fields = {name: one._replace(value=local[name]) for name, one in fields.items()}
            choose = partial(always, newer)
        merged = merge_row(row, local, found, fields, self.rights, choose, is_suitable)
        for name, pack in merged.held.items():
            self._note(FIELD_HELD, row, pack, name)
        for conflict in merged.conflicts:
            self._wait(conflict, local)
        if merged.moves:
            self._move(row, merged.moves)
        if merged.after != local:
            self._change(row, local, merged.after)
            if is_suitable and is_edited(row, local, base):
                self.mixed[row] = ""

    def _make(self, row: RowKey, said: Fields) -> None:
        """Make a row, unless what it needs, or what needs it, was deleted here.

        Example: a new role has one choice, of "redis", which was deleted here. The choice is left
        out. A published stack needs a choice in each role: so is the role.
        """
        defaults = defaults_of(MODELS[row.model])
        after = {name: said.get(name, default) for name, default in defaults.items()}
        lost = self._lost_references(row, after)
        needed = [missing for reference, missing in lost if reference.is_required]
        if needed or row in self.unsuitable:
            missing = needed[0] if needed else self.unsuitable[row]
            self._absent[row] = missing
            self._note(LOST, row, missing)
            for target in targets_of(row, after):
                self.mixed.setdefault(target, missing)
            return
        for reference, missing in lost:
            self._note(FIELD_LOST, row, missing, reference.name)
            after[reference.name] = None
            self.mixed[row] = missing
        said = {name: value for name, value in said.items() if after[name] == value}
        self._move(row, said, {name: after[name] for name in after if name not in said})
        self._change(row, None, after)

    def _find_deleted_targets(self, model: str, rows: Iterable[Fields]) -> None:
        """Note what these rows refer to that a pack said once and that was deleted here."""
        for reference in references_of(model):
            wanted = {target for fields in rows if (target := reference.target(fields))}
            wanted = {row for row in wanted - self._absent.keys() if not self._is_said(row)}
            wanted -= primary_keys(reference.model, wanted).keys()
            bases = bases_of(reference.model, wanted, self.names)
            self._absent |= {row: str(row) for row, base in bases.items() if base.fields}

    def _lost_references(self, row: RowKey, fields: Fields) -> list[tuple[Reference, str]]:
        """Return the references of a row to what is absent, with what was deleted here."""
        named = ((reference, reference.target(fields)) for reference in references_of(row.model))
        return [(ref, self._absent[target]) for ref, target in named if target in self._absent]

    # What goes ------------------------------------------------------------------------------------

    def _gone(self) -> Iterable[RowKey]:
        """Return each row that is gone from the pack, by today's keys."""
        if isinstance(self.incoming, WaitingConflicts):
            return dict.fromkeys(self.incoming.gone)
        gone = self._removed()
        if self.manifest.complete:
            said_last = rows_of_pack(self.manifest.name)
            gone |= dict.fromkeys(row for row in said_last if not self._is_said(row))
        return gone

    def _removed(self) -> dict[RowKey, None]:
        """Return what is here of the parts that the manifest removes and of what needs them.

        What the pack took back before is left out: it is gone, or somebody chose to keep it.
        """
        waiting: list[RowKey] = []
        for model, rows in _by_model(map(self.names.row, self.manifest.removes)).items():
            local, bases = self._here(model, rows)
            waiting += [row for row in local if bases[row].taken_back_by != self.manifest.name]
        gone: dict[RowKey, None] = {}
        while waiting:
            gone |= dict.fromkeys(waiting)
            found = referrers(waiting)
            waiting = [row for target in found for row in found[target] if _needs(row, target)]
        said = list(filter(self._is_said, gone))
        for row in said:
            text = f"The pack removes what “{row}” needs, and says it too. Keep one of the two."
            self.problems.add(FILE_NAME, text, field="removes")
        return {} if said else gone

    def _remove(self, gone: Iterable[RowKey]) -> None:
        """Plan what becomes of rows that are gone from the pack."""
        by_model = _by_model(row for row in gone if row.model != "guide")  # there is always one
        pages = {
            ThingKey(MODELS[model].KIND, row.key[0])
            for model, rows in by_model.items()
            for row in rows
            if issubclass(MODELS[model], Page)
        }
        parts: dict[RowKey, Fields] = {}
        edited: set[RowKey] = set()
        stays = {row: missing for row, missing in self.unsuitable.items() if missing}
        for model in MODELS:  # what is needed before what needs it
            local, bases = self._here(model, by_model[model])
            for row, base in bases.items():
                here = local.get(row)
                said = base.fields.values()
                holders = [one.pack for one in said if not self.rights.may_change(one)]
                if here is None:
                    self._move(row, None)
                elif holders:
                    self._note(HELD, row, min(holders))
                elif needed := stays.keys() & targets_of(row, here):
                    stays[row] = stays[min(needed)]
                    self._note(NEEDED, row, stays[row])
                elif issubclass(MODELS[model], Page):
                    self._archive(row, here, base)
                elif pages.isdisjoint(self._belongs_to(row, here)):  # an archived page stays whole
                    parts[row] = here
                    if is_edited(row, here, base):
                        edited.add(row)
        self._delete_parts(parts, edited)

    def _belongs_to(self, row: RowKey, local: Fields) -> Iterable[ThingKey]:
        """Return the things a part is of, and for a snippet, which has no page, its technology."""
        shown_with = [] if MODELS[row.model].OWNERS else targets_of(row, local)
        others = (ThingKey(MODELS[target.model].KIND, target.key[0]) for target in shown_with)
        return *self._things(row, local), *others

    def _archive(self, row: RowKey, local: Fields, base: RowBase) -> None:
        """Archive a page that is gone, like any other change of its status."""
        said = base.says("status")
        if said in (NO_BASE, Status.ARCHIVED) or local["status"] == Status.DRAFT:
            return  # the pack has not published it, or has withdrawn it, or nobody sees it anyway
        is_archived = local["status"] == Status.ARCHIVED
        choice = Take.THEIRS
        if is_edited(row, local, base) and not is_archived:
            choice = self.choose(row, "")
            if choice is None:
                self._wait(Conflict(row, "", None, None, local), local)
                return
        self._move(row, {"status": Status.ARCHIVED.value})
        if choice == Take.THEIRS and not is_archived:
            self._change(row, local, {**local, "status": Status.ARCHIVED.value})

    def _delete_parts(self, parts: dict[RowKey, Fields], edited: set[RowKey]) -> None:
        """Delete parts, of which those that need others come behind them.

        Example: of criterion "speed" the cell "speed/quart" was edited here. It is stuck, and so
        is the criterion that it needs: the head, which waits with all of its cells covered by it.
        """
        others = self._still_referring(parts)
        stuck: set[RowKey] = set()
        for row in reversed(parts):
            if row in edited or any(one not in parts or one in stuck for one in others[row]):
                stuck.add(row)
        held: set[RowKey] = set()
        settled: set[RowKey] = set()  # a cell may hang on two rows that go
        for head, local in parts.items():
            if head not in stuck or not stuck.isdisjoint(targets_of(head, local)):
                continue
            below = _below(head, others)
            held.update((head, *below))
            choice = self.choose(head, "")
            if choice is None:
                covers = tuple(row for row in below if row in parts)
                self._wait(Conflict(head, "", None, None, local, covers=covers), local)
                continue
            rows = [row for row in (head, *below) if row not in settled]
            settled.update(rows)
            for row in rows:
                if row in parts:
                    self._move(row, None)
            if choice == Take.THEIRS:
                self._delete(rows)
                self._release(head, others[head])
        free = [row for row in parts if row not in held]
        for row in free:
            self._move(row, None)
        self._delete(free)

    def _still_referring(self, parts: Mapping[RowKey, Fields]) -> dict[RowKey, set[RowKey]]:
        """Return what refers to each part and will do so when the rest of the pack is written."""
        after = {change.row: change.after or {} for change in self.changes}
        found: dict[RowKey, set[RowKey]] = defaultdict(set)
        for part, rows in referrers(parts).items():
            found[part] = {
                row
                for row in rows
                if row in parts or row not in after or part in targets_of(row, after[row])
            }
        return found

    def _delete(self, rows: Iterable[RowKey]) -> None:
        for row, local in rows_anywhere(rows).items():
            self._change(row, local, None)

    def _release(self, head: RowKey, others: Iterable[RowKey]) -> None:
        """Let what refers to a row that goes, but can be without it, refer to nothing."""
        free = [row for row in others if not _needs(row, head)]
        for row, local in rows_anywhere(free).items():
            freed = {
                ref.name: None for ref in references_of(row.model) if ref.target(local) == head
            }
            self._change(row, local, local | freed)


def _by_model(rows: Iterable[RowKey]) -> dict[str, list[RowKey]]:
    found = defaultdict(list)
    for row in rows:
        found[row.model].append(row)
    return found


def _needs(row: RowKey, target: RowKey) -> bool:
    """Return whether a row that refers to another cannot be without it."""
    return any(ref.is_required for ref in references_of(row.model) if ref.model == target.model)


def _below(head: RowKey, others: Mapping[RowKey, set[RowKey]]) -> list[RowKey]:
    """Return what needs the head, and what needs that; in a fixed order."""
    rows: dict[RowKey, None] = {}
    waiting = [head]
    while waiting:
        target = waiting.pop()
        for row in sorted(others.get(target, ())):
            if row not in rows and row != head and _needs(row, target):
                rows[row] = None
                waiting.append(row)
    return list(rows)
