"""A pack into the guide: planned, then applied whole as one edition, or not at all."""

from functools import partial

from django.db import DataError, IntegrityError

from catalog.changes.problems import problem_sentences
from catalog.history import editions
from catalog.history.diff import changes_to_undo
from catalog.history.rows import RowChange
from catalog.history.trial import write
from catalog.models import Conflict, Edition, PackLoad
from catalog.packs import bases
from catalog.packs.plan import Plan
from catalog.packs.planning import Choose, Progress, all_wait, plan
from catalog.packs.problems import Problem, RefusedError
from catalog.packs.reading import Incoming
from catalog.packs.report import Report, report

BATCH = 500

# Writers that come in between are outlived; whoever writes all the time is not waited for.
MOST_TRIES = 5


class StuckError(Exception):
    """A loading cannot be undone; `reasons` say why, a sentence each."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


class MovedError(Exception):
    """The guide is no longer as it was when the plan was made."""


def is_loaded(digest: str) -> bool:
    """Whether just these files were loaded last, nothing has changed since and nothing waits.

    Then there is nothing to read. Three queries.
    """
    newest = PackLoad.objects.first()
    return (
        newest is not None
        and newest.undone_in_id is None
        and newest.digest == digest
        and newest.left_at == editions.number_now()
        and not newest.conflicts.exists()
    )


def load(
    incoming: Incoming,
    user: str,
    *,
    choose: Choose = all_wait,
    progress: Progress | None = None,
) -> tuple[Report, PackLoad | None]:
    """Plan and apply at once; plan anew where somebody wrote in between.

    Returns what was done in words, and the loading, None where there was nothing to do.
    Raises RefusedError for a pack with problems, and MovedError where others never stop writing.
    """
    for _attempt in range(MOST_TRIES):
        with plan(incoming, choose, progress) as made:
            said = report(made)
            try:
                return said, apply(made, said, user)
            except MovedError:
                continue
    raise MovedError


def apply(made: Plan, said: Report, user: str) -> PackLoad | None:
    """Write what a plan says, as one edition; None where the guide is so already.

    `said` is the plan in words, which is kept. Raises MovedError where the guide has changed
    since it was planned, RefusedError where the plan has problems or the database refuses a row.
    Then nothing was written.
    """
    made.problems.refuse()
    if made.is_empty and _is_recorded(made):
        return None
    comment = f"{made.manifest.name} {made.manifest.version}"
    try:
        with editions.record(user, comment, Edition.Origin.PACK) as recording:
            _check_that_nothing_moved(made)
            if problems := write(made.changes()):
                raise RefusedError([Problem("", None, "", t) for t in problem_sentences(problems)])
            record = _record(made, said, user)
            recording.on_edition.append(partial(_name_edition, record))
    except (IntegrityError, DataError) as error:
        raise RefusedError([_refused_by_the_database(error)]) from error
    return record


def undo(record: PackLoad, user: str) -> Edition | None:
    """Take back what a loading changed; what it said counts no longer. One edition, or none.

    Raises returning.StuckError, which names what was changed since and what else stands in the way,
    and MovedError where the loading is not in force or a newer one of the pack is.
    """
    comment = f"Undone: {record}"
    with editions.record(user, comment, Edition.Origin.PACK) as recording:
        newest = bases.newest_of(record.name)
        if newest is None or newest.pk != record.pk:
            raise MovedError
        if problems := write(changes_of_undo(record)):
            raise StuckError(problem_sentences(problems))
        record.conflicts.all().delete()
        recording.on_edition.append(partial(_mark_undone, record))
    return recording.edition


def changes_of_undo(record: PackLoad) -> list[RowChange]:
    """What taking back a loading would change now. Raises StuckError, as undo() does."""
    if record.edition_id is None:
        return []
    changes, problems = changes_to_undo(record.edition)
    if problems:
        raise StuckError(problem_sentences(problems))
    going = [change.row for change in changes if change.after is None]
    text = "“%(key)s” cannot go: the pack %(pack)s says it too. Undo that one first."
    if held := bases.held_by_others(record, going):
        raise StuckError([text % {"key": row, "pack": held[row]} for row in sorted(held)])
    return changes


def _on_one_line(error: Exception) -> str:
    return " ".join(str(error).split())


def _name_edition(record: PackLoad, made: Edition | None) -> None:
    record.edition = made
    record.left_at = editions.number_now()
    record.save(update_fields=["edition", "left_at"])


def _mark_undone(record: PackLoad, made: Edition | None) -> None:
    record.undone_in = made or editions.latest()
    record.save(update_fields=["undone_in"])


def _check_that_nothing_moved(made: Plan) -> None:
    if (made.edition, made.loads) != (editions.number_now(), bases.number_of_loads()):
        raise MovedError


def _is_recorded(made: Plan) -> bool:
    """Whether the pack's last loading brought just these files and left the same conflicts."""
    newest = bases.newest_of(made.manifest.name)
    if newest is None or (newest.version, newest.digest) != (made.manifest.version, made.digest):
        return False
    stored = set(newest.conflicts.values_list("model", "key", "field"))
    return stored == {
        (waiting.row.model, str(waiting.row), waiting.at_odds.field) for waiting in made.conflicts
    }


def _record(made: Plan, said: Report, user: str) -> PackLoad:
    manifest = made.manifest
    record = PackLoad.objects.create(
        name=manifest.name,
        version=manifest.version,
        is_complete=manifest.complete,
        over=list(manifest.over),
        digest=made.digest,
        user=user,
        left_at=0,
        plan="\n".join(said.lines()),
    )
    bases.keep(record, made.moves())
    Conflict.objects.filter(load__name=manifest.name).delete()
    Conflict.objects.bulk_create(
        [
            Conflict(
                load=record,
                model=question.row.model,
                key=str(question.row),
                field=question.field,
                incoming=question.incoming if question.field else question.covers,
                text=question.text,
            )
            for question in said.questions
        ],
        batch_size=BATCH,
    )
    return record


def _refused_by_the_database(error: Exception) -> Problem:
    text = "The database refuses it: %(reason)s."
    return Problem("", None, "", text % {"reason": _on_one_line(error)})
