"""Write, look, keep or roll back: changes are written inside of record() and looked at there.

Nothing simulates the database or a form. `write()` holds rows to their fields, to clean() and to
the constraints, and says all that is wrong with them at once; `dry_run()` rolls everything back.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from hashlib import sha256
from itertools import groupby
from typing import Any, NamedTuple, Protocol

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import DataError, IntegrityError, connection, transaction
from django.db.models import QuerySet

from catalog.history import editions
from catalog.history.documents import (
    MOST_KEYS,
    in_batches,
    instances,
    primary_keys,
    referrers,
    rows_of,
)
from catalog.history.rows import (
    MODELS,
    RANK,
    Fields,
    RowChange,
    RowKey,
    own_row,
    owners_of,
    references_of,
    targets_of,
)
from catalog.models import Cell, ContentModel, Edition

# A row that breaks a rule of its fields is held to the constraints by some queries of its own.
MOST_HELD_TO_CONSTRAINTS = 100

EMPTY = "This field must not be empty; give a value."


class Problem(NamedTuple):
    """Why a row cannot be written.

    `text` is a sentence; where it holds {row}, {model}, {other} and {other_model}, what the rows
    are called is still to be put in their place.
    """

    row: RowKey
    field: str  # blank where it is about several
    text: str
    other: RowKey | None = None
    is_of_rule: bool = False  # of a rule across rows; the text then says itself which rows it means


class BrokenRule(Protocol):
    """What catalog.integrity finds: a row that breaks a rule across rows, and a sentence."""

    row: ContentModel
    text: str


@contextmanager
def dry_run(*, wait: bool = True) -> Iterator[None]:
    """Let the block write and look, then roll all of it back. Raises editions.BusyError.

    Other writers wait meanwhile. Without `wait`, it is refused at once while there is one.
    """
    with editions.atomic(wait=wait):
        try:
            with editions.record("", "", Edition.Origin.ADMIN):
                yield
                raise _RolledBack  # noqa: TRY301 - of the block's end, not of a fault
        except _RolledBack:
            transaction.set_rollback(True)  # also where it stands inside of another record()


@contextmanager
def shown_with(write: Callable[[], Any], *, wait: bool = True) -> Iterator[None]:
    """Show the guide with what `write` writes for as long as the block lasts, then roll it back.

    An edition of its own says so, which goes with the rest: what is kept in memory by number and
    time of the edition is found by nobody else. Raises editions.BusyError and what writing raises.
    """
    with editions.atomic(wait=wait):
        with editions.record("", "", Edition.Origin.ADMIN):
            write()
        try:
            yield
        finally:
            transaction.set_rollback(True)


def digests(changes: Iterable[RowChange]) -> set[str]:
    """Return a digest of each change: pages carry them to be confirmed, and they are seen again."""
    said = (json.dumps([one.row, one.before, one.after], sort_keys=True) for one in changes)
    return {sha256(text.encode()).hexdigest()[:16] for text in said}


def writing_order(change: RowChange) -> tuple[bool, int, bool]:
    """Return the place of a change: after those of what it refers to; last what goes.

    Of one model what is made comes before what is changed, which may refer to it.
    """
    rank = RANK[change.row.model]
    if change.after is None:
        return True, -rank, False
    return False, rank, change.before is not None


def write(
    changes: Iterable[RowChange],
    keys: Mapping[RowKey, int] | None = None,
    *,
    faulty: Iterable[RowKey] = (),
    find_broken_rules: Callable[[], Iterable[BrokenRule]] = tuple,
) -> list[Problem]:
    """Write these changes inside of record(); return all that is wrong, and then write nothing.

    The rows must be as each change's `before` says. A row that is made gets its primary key from
    `keys`, or from the database. Rows that are `faulty` have been refused already: they are left
    out, and nothing is said of them or of what needs them. Rules across rows are asked once all
    is written; where rows of a thing are left out, what such a rule says of it counts for nothing.
    Queries grow with the models and batches, not with the rows.

    Example: a technology without a name, a pin of a package that is not there and a cell whose
    rating does not suit its row give three problems, and none of the other rows stays written.
    """
    wanted = sorted(changes, key=writing_order)
    editions.current().touch({thing for change in wanted for thing in change.things})
    writer = _Writer(wanted, keys or {}, faulty)
    with transaction.atomic():
        writer.write()
        writer.problems += writer.not_following(find_broken_rules())
        transaction.set_rollback(bool(writer.problems))
    return writer.problems


class _RolledBack(Exception):  # noqa: N818 - it is how a dry run ends
    pass


class _Writer:
    """One run of write().

    Rows are written by Django's own QuerySet: what that changes has been announced.
    """

    def __init__(
        self, changes: list[RowChange], keys: Mapping[RowKey, int], faulty: Iterable[RowKey]
    ) -> None:
        self.changes = changes
        self.keys = keys
        self.problems: list[Problem] = []
        self.gone = {change.row for change in changes if change.after is None}
        self.failed = {*faulty}  # rows that are not written, and those that need them

    def write(self) -> None:
        self._refuse_taken()
        self._refuse_needed()
        for (is_deletion, _rank, is_update), run in groupby(self.changes, key=writing_order):
            changes = [one for one in run if one.row not in self.failed]
            if changes:
                how = self._delete if is_deletion else self._update if is_update else self._create
                how(changes[0].row.model, changes)
        self._check_cells_of_changed_criteria()
        if not self.problems:
            self._check_references()

    def not_following(self, broken: Iterable[BrokenRule]) -> list[Problem]:
        """Return those broken rules that do not follow from rows which are not written."""
        failed = {thing for one in self.changes if one.row in self.failed for thing in one.things}
        return [
            Problem(
                RowKey(one.row._meta.model_name, one.row.natural_key()),
                "",
                one.text,
                is_of_rule=True,
            )
            for one in broken
            if failed.isdisjoint(one.row.things())
        ]

    def _refuse_taken(self) -> None:
        """Refuse to make what is there already, maybe elsewhere: a package has its own name."""
        made = defaultdict(list)
        for change in self.changes:
            if change.before is None:
                made[change.row.model].append(change.row)
        text = "{Model} “{row}” belongs to {other_model} “{other}” by now."
        for model, rows in made.items():
            for row, fields in sorted(rows_of(model, rows).items()):
                self.failed.add(row)
                found = [Problem(row, "", text, own_row(one)) for one in owners_of(row, fields)]
                self.problems += found
                # Package facts say no owner; that their package is elsewhere is told once.
                if not found and self.failed.isdisjoint(targets_of(row, fields)):
                    self.problems.append(Problem(row, "", "{Model} “{row}” is there already."))

    def _refuse_needed(self) -> None:
        """Refuse to delete what something that stays refers to."""
        changed = {change.row for change in self.changes}
        text = "{Model} “{row}” cannot go: {other_model} “{other}” needs it."
        for row, others in sorted(referrers(self.gone).items()):
            found = [Problem(row, "", text, other) for other in sorted(others - changed)]
            self.problems += found
            self.failed |= {row} if found else set()

    def _create(self, model: str, changes: list[RowChange]) -> None:
        """Make rows. One that refers to its own model gets that reference afterwards."""
        to_itself = [ref.name for ref in references_of(model) if ref.model == model]
        plain = QuerySet(MODELS[model])
        for batch in in_batches(changes, MOST_KEYS):
            made = [(one.row, one.after | dict.fromkeys(to_itself)) for one in batch]
            rows = self._instances(model, made)
            for key, row in rows.items():
                row.pk = self.keys.get(key)
            self._keep(self._clean(rows), plain.bulk_create)
        deferred = [
            one
            for one in changes
            if one.row not in self.failed and any(one.after[name] for name in to_itself)
        ]
        self._rewrite(model, deferred, to_itself)

    def _update(self, model: str, changes: list[RowChange]) -> None:
        by_fields = sorted(changes, key=lambda change: change.changed)
        for names, alike in groupby(by_fields, key=lambda change: change.changed):
            self._rewrite(model, alike, names)

    def _rewrite(self, model: str, changes: Iterable[RowChange], names: list[str]) -> None:
        """Write these fields of rows that are there."""
        plain = QuerySet(MODELS[model])
        for batch in in_batches(changes, MOST_KEYS):
            there = primary_keys(model, [change.row for change in batch])
            rows = self._instances(model, [(change.row, change.after) for change in batch])
            for key, row in rows.items():
                row.pk, row._state.adding = there[key], False
            good = self._clean(rows, only=names)
            self._keep(good, partial(plain.bulk_update, fields=names))

    def _delete(self, model: str, changes: list[RowChange]) -> None:
        for batch in in_batches(changes, MOST_KEYS):
            keys = primary_keys(model, [change.row for change in batch])
            rows = QuerySet(MODELS[model]).filter(pk__in=keys.values())
            rows._raw_delete(rows.db)  # noqa: SLF001 - alone: what refers to them is gone already

    def _instances(
        self, model: str, rows: list[tuple[RowKey, Fields]]
    ) -> dict[RowKey, ContentModel]:
        """Return instances with these fields; leave out those whose references lead nowhere.

        One query for each kind of reference. That something failed is told once.
        """
        text = "{Model} “{row}” needs {other_model} “{other}”, which is "
        references = references_of(model)
        there = {
            ref.name: instances(ref.model, {*filter(None, (ref.target(one) for _row, one in rows))})
            for ref in references
        }
        found = {}
        for row, fields in rows:
            named, problems = {}, []
            for ref in references:
                target = ref.target(fields)
                named[ref.name] = there[ref.name].get(target)
                if target is None:
                    problems += [Problem(row, ref.name, EMPTY)] if ref.is_required else []
                elif target in self.failed:
                    self.failed.add(row)
                elif named[ref.name] is None or target in self.gone:
                    how = "to go." if target in self.gone else "not there."
                    problems.append(Problem(row, ref.name, text + how, target))
            self.problems += problems
            if problems or row in self.failed:
                self.failed.add(row)
            else:
                found[row] = MODELS[model](**fields | named)
        return found

    def _clean(
        self, rows: dict[RowKey, ContentModel], only: Iterable[str] | None = None
    ) -> dict[RowKey, ContentModel]:
        """Hold rows to their fields and clean(); return those that are as they should be.

        With `only`, of the fields just these: what else a row says was there before.
        """
        good = {}
        for key, row in rows.items():
            references = {field.name for field in row._meta.concrete_fields if field.is_relation}
            others = {field.name for field in row._meta.concrete_fields} - {*only} if only else ()
            found = _faults(key, partial(row.clean_fields, references.union(others)))
            if found := [*found, *_faults(key, row.clean)]:
                if len(self.failed) < MOST_HELD_TO_CONSTRAINTS:
                    wrong = {problem.field for problem in found}
                    found += _faults(key, partial(row.validate_constraints, references | wrong))
                self.problems += found
                self.failed.add(key)
            else:
                good[key] = row
        return good

    def _keep(
        self, rows: dict[RowKey, ContentModel], keep: Callable[[list[ContentModel]], Any]
    ) -> None:
        """Write rows in bulk; where the database refuses, one by one to name the culprits."""
        if not rows:
            return
        try:
            with transaction.atomic():
                keep(list(rows.values()))
        except (IntegrityError, DataError):
            for key, row in rows.items():
                try:
                    with transaction.atomic():
                        keep([row])
                except (IntegrityError, DataError) as error:
                    self.failed.add(key)
                    self.problems += _faults(key, row.full_clean) or [_refused(key, error)]

    def _check_cells_of_changed_criteria(self) -> None:
        """Hold the cells that stay as they are to the kind that their criterion has now."""
        written = {change.row for change in self.changes}
        criteria = [
            change.row
            for change in self.changes
            if change.row.model == "criterion" and change.before and "kind" in change.changed
        ]
        cells = Cell.objects.select_related("criterion__comparison", "contender__technology")
        for criterion in criteria:
            comparison, slug = criterion.key
            for cell in cells.filter(criterion__comparison__slug=comparison, criterion__slug=slug):
                row = RowKey("cell", cell.natural_key())
                for fault in _faults(row, cell.clean) if row not in written else ():
                    text = "{Other_model} “{other}” does not suit {model} “{row}”: " + fault.text
                    self.problems.append(Problem(criterion, "kind", text, row))
                    self.failed.add(criterion)

    def _check_references(self) -> None:
        """Ask the database for references that lead nowhere: both databases defer that check."""
        if not self.gone:
            return
        try:
            with transaction.atomic():
                connection.check_constraints([model._meta.db_table for model in MODELS.values()])
        except IntegrityError as error:
            self.problems.append(_refused(min(self.gone), error))


def faults_of_fields(row: RowKey, fields: Fields) -> list[Problem]:
    """Return what Django says of some fields of a row that is not written, references apart."""
    given = {
        name: value
        for name, value in fields.items()
        if not MODELS[row.model]._meta.get_field(name).is_relation
    }
    instance = MODELS[row.model](**given)
    exclude = {field.name for field in instance._meta.concrete_fields} - given.keys()
    return _faults(row, partial(instance.clean_fields, exclude))


def _faults(row: RowKey, check: Callable[[], None]) -> list[Problem]:
    """Return what a check of Django says is wrong with a row."""
    try:
        check()
    except ValidationError as error:
        found = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        return [
            Problem(row, "" if field == NON_FIELD_ERRORS else field, text)
            for field, texts in found.items()
            for text in texts
        ]
    return []


def _refused(row: RowKey, error: Exception) -> Problem:
    reason = " ".join(str(error).split())
    return Problem(row, "", f"The database refuses it: {reason}.")
