"""A pack into the guide: written, looked at, then kept as one edition, or rolled back."""

import json
from collections.abc import Callable
from hashlib import sha256

from catalog import integrity
from catalog.describe import problem_sentences
from catalog.history import editions
from catalog.history.diff import changes_to_undo
from catalog.history.merge import Choose, undecided
from catalog.history.rows import RowChange, RowKey
from catalog.history.trial import Problem as RowProblem
from catalog.history.trial import digests, dry_run, faults_of_fields, write
from catalog.models import Conflict, Edition, PackLoad
from catalog.packs import bases
from catalog.packs.entries import Incoming
from catalog.packs.planning import Plan
from catalog.packs.report import Report, report

BATCH = 500


class StuckError(Exception):
    """A loading cannot be undone; `reasons` say why, a sentence each."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


class MovedError(Exception):
    """What would be done is no longer what was shown."""


def is_loaded(digest: str) -> bool:
    """Return whether just these files were loaded last, nothing changed since and nothing waits."""
    newest = PackLoad.objects.first()
    return (
        newest is not None
        and newest.undone_in_id is None
        and newest.digest == digest
        and newest.left_at == editions.number_now()
        and not newest.conflicts.exists()
    )


def plan(incoming: Incoming, choose: Choose = undecided, *, wait: bool = True) -> Plan:
    """Return what loading the pack would do to the guide as it is now: it is tried, rolled back.

    Raises editions.BusyError: without `wait` at once.
    """
    with dry_run(wait=wait):
        return _written(incoming, choose)


def load(
    incoming: Incoming, user: str, *, choose: Choose = undecided, shown: str = ""
) -> tuple[Report, PackLoad | None]:
    """Load a pack as one edition; with `shown`, the token of a plan, only if that still holds.

    Returns what was done in words, and the loading, None where there was nothing to do. Raises
    RefusedError for a pack with problems, MovedError for another plan, and editions.BusyError.
    """
    comment = f"{incoming.manifest.name} {incoming.manifest.version}"
    record = None

    def name_edition(edition: Edition | None) -> None:
        record.edition = edition
        record.left_at = editions.number_now()
        record.save(update_fields=["edition", "left_at"])

    with editions.record(user, comment, Edition.Origin.PACK) as recording:
        made = _written(incoming, choose)
        if shown and token_of(made) != shown:
            raise MovedError
        made.problems.refuse()
        said = report(made)
        if made.changes or made.moves or not _is_recorded(made):
            record = _record(made, said, user)
            recording.on_edition.append(name_edition)
    return said, record


def token_of(made: Plan) -> str:
    """Return what a plan is known by: the difference and what waits, before anything is chosen."""
    made = made.asked or made
    waits = sorted([str(one.row), one.field, *map(repr, one[2:5])] for one in made.conflicts)
    text = json.dumps([made.incoming.digest, sorted(digests(made.changes)), waits])
    return sha256(text.encode()).hexdigest()


def undo(
    record: PackLoad, user: str, check: Callable[[list[RowChange]], None] | None = None
) -> Edition | None:
    """Take back what a loading changed; what it said counts no longer. One edition, or none.

    `check` is called with the changes before they are written, and may raise. Raises StuckError,
    and MovedError where the loading is not in force or a newer one of the pack is.
    """

    def mark_undone(edition: Edition | None) -> None:
        record.undone_in = edition or editions.latest()
        record.save(update_fields=["undone_in"])

    with editions.record(user, f"Undone: {record}", Edition.Origin.PACK) as recording:
        if bases.newest_of(record.name) != record:
            raise MovedError
        changes = changes_of_undo(record)
        if check is not None:
            check(changes)
        if problems := write(changes):
            raise StuckError(problem_sentences(problems))
        record.conflicts.all().delete()
        recording.on_edition.append(mark_undone)
    return recording.edition


def changes_of_undo(record: PackLoad) -> list[RowChange]:
    """Return what taking back a loading would change now. Raises StuckError."""
    if record.edition_id is None:
        return []
    changes, problems = changes_to_undo(record.edition)
    if problems:
        raise StuckError(problem_sentences(problems))
    held = bases.held_by_others(record, [one.row for one in changes if one.after is None])
    reasons = [
        f"“{row}” cannot go: the pack {held[row]} says it too. Undo that one first."
        for row in sorted(held)
    ]
    if reasons:
        raise StuckError(reasons)
    return changes


def _written(incoming: Incoming, choose: Choose) -> Plan:
    """Return the plan of a pack, written inside of record() where it has no problems.

    Where a rule refuses rows that nobody meant to be so, the plan is made once more without them.
    Which fields wait does not depend on what is chosen, so it is made without choices first.
    """
    asked = None if choose is undecided else plan(incoming)
    unsuitable: dict[RowKey, str] = {} if asked is None else dict(asked.unsuitable)
    while True:
        made = Plan(incoming, choose, unsuitable)
        found = _write(made)
        fresh = {}
        for row, _field, _text, _other, is_of_rule in found:
            if row not in unsuitable:
                missing = made.mixed.get(row) or (is_of_rule and bases.deleted_part_of(row))
                if missing or row in made.mixed:
                    fresh[row] = missing or ""
        if not fresh:
            break
        unsuitable = unsuitable | fresh
    made.asked = asked
    # What waits is not written, but somebody may choose it.
    for one in made.conflicts:
        found += faults_of_fields(one.row, {one.field: one.theirs}) if one.field else []
    _note_problems(made, found)
    return made


def _write(made: Plan) -> list[RowProblem]:
    """Write a plan; return what is wrong, and then nothing is written."""
    if not made.changes:
        return []
    # What was wrong already is not the pack's fault.
    known = {problem.row for problem in integrity.find_problems()}
    return write(
        made.changes,
        faulty=made.incoming.faulty,
        find_broken_rules=lambda: (
            problem for problem in integrity.find_problems() if problem.row not in known
        ),
    )


def _note_problems(made: Plan, found: list[RowProblem]) -> None:
    """Add what is wrong with rows to the plan, with the place where the pack says them."""
    said = made.incoming.by_key
    for problem, sentence in zip(found, problem_sentences(found), strict=True):
        spelling = next(filter(said.__contains__, made.names.every_key(problem.row)), None)
        if spelling is None:
            made.problems.add("", sentence)
        else:
            text = sentence if problem.other else problem.text
            place = said[spelling]
            made.problems.add(place.file, text, entry=place.entry, field=problem.field)
    made.problems.first.sort(key=lambda problem: (problem.file, problem.entry or 0))


def _is_recorded(made: Plan) -> bool:
    """Return whether the pack's last loading brought just these files and left these conflicts."""
    newest = bases.newest_of(made.manifest.name)
    said = (made.manifest.version, made.incoming.digest)
    if newest is None or (newest.version, newest.digest) != said:
        return False
    stored = set(newest.conflicts.values_list("model", "key", "field"))
    return stored == {(one.row.model, str(one.row), one.field) for one in made.conflicts}


def _record(made: Plan, said: Report, user: str) -> PackLoad:
    manifest = made.manifest
    record = PackLoad.objects.create(
        name=manifest.name,
        version=manifest.version,
        is_complete=manifest.complete,
        over=list(manifest.over),
        digest=made.incoming.digest,
        user=user,
        left_at=0,
        plan="\n".join(said.lines()),
    )
    bases.keep(record, made.moves)
    Conflict.objects.filter(load__name=manifest.name).delete()
    Conflict.objects.bulk_create(
        [
            Conflict(
                load=record,
                model=one.row.model,
                key=str(one.row),
                field=one.field,
                incoming=one.theirs if one.field else one.covers,
                text=text,
            )
            for one, text in said.conflicts
        ],
        batch_size=BATCH,
    )
    return record
