"""The number of the guide's state, and what every change of content passes through.

The admin, commands and packs write inside `record()`: it locks the counter before anything else,
so that all writers wait in one queue and none deadlock, and leaves behind one edition with the
document of each thing that now differs.

Whatever writes outside of it (`loaddata`, a shell) is noticed here by signals, which come before
each write: they take the same lock, raise the edition in the writer's own transaction and note
the things; their documents follow on commit or, if the process dies first, with the next record().
"""

import json
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import DEFAULT_DB_ALIAS, OperationalError, connection, models, transaction
from django.db.models.signals import pre_delete, pre_save

from catalog import markdown
from catalog.history import documents, indexing
from catalog.locks import is_lock_timeout, without_waiting
from catalog.models import (
    Changed,
    ContentModel,
    Edition,
    EditionCounter,
    Revision,
    ThingKey,
    Unrecorded,
    writing,
)

_state = threading.local()


class BusyError(Exception):
    """Another writer holds the lock, and the wait for it was given up."""


@dataclass(eq=False)
class Recording:
    """An edition that is being written. `comment` may be set until it is done."""

    user: str
    comment: str
    origin: Edition.Origin
    # Of each thing that is touched, its document as it was until then.
    before: dict[ThingKey, str] = field(default_factory=dict)
    found_changed: dict[ThingKey, str] = field(default_factory=dict)
    edition: Edition | None = None  # set once it is done and something differs
    # Called with the edition, or None, while the transaction is still open.
    on_edition: list[Callable[[Edition | None], None]] = field(default_factory=list)

    def touch(self, things: set[ThingKey], *, before: bool = True) -> None:
        """Note things whose rows are about to change, or have just been.

        Compares each with history before it changes: a difference then was made by something
        that sent no signal, and gets a revision of its own.
        """
        for batch in documents.in_batches(sorted(things - self.before.keys())):
            known = _newest(batch)
            here = documents.texts(batch) if before else {}
            for thing in batch:
                last = known.get(thing, documents.NOTHING)
                self.before[thing] = here.get(thing, last)
                if not documents.same(self.before[thing], last):
                    self.found_changed[thing] = self.before[thing]


@contextmanager
def record(user: str, comment: str, origin: Edition.Origin) -> Iterator[Recording]:
    """Make every write inside one edition, or nothing if it fails.

    `user` is the name to remember, empty for a machine. Inside another record() it is that one.
    Writes nothing when the content is the same afterwards. Raises BusyError, having written
    nothing, where another writer does not come to an end in time.
    """
    if outer := current():
        yield outer
        return
    with ExitStack() as stack:
        with _busy_on_lock_timeout():
            stack.enter_context(transaction.atomic())
            counter = _lock_counter()
        _write_outbox()
        recording = _state.recording = Recording(user, comment, origin)
        try:
            yield recording
            _write_revisions(recording, counter)
            for tell in recording.on_edition:
                tell(recording.edition)
        finally:
            _state.recording = None


@contextmanager
def atomic(*, wait: bool = True) -> Iterator[None]:
    """Open a transaction around record(), to roll back what it wrote. Raises BusyError.

    On SQLite it is the outermost transaction that waits for other writers. Without `wait`, it is
    refused at once while there is one.
    """
    with ExitStack() as stack:
        with _busy_on_lock_timeout(), nullcontext() if wait else without_waiting():
            stack.enter_context(transaction.atomic())
            if not wait:
                _lock_counter(wait=False)
        yield


def current() -> Recording | None:
    """Return the edition that this thread is writing."""
    return getattr(_state, "recording", None)


def latest() -> Edition | None:
    """Return the guide's state now, None before the first content. One query."""
    return Edition.objects.first()


def number_now() -> int:
    """Return the number of the guide's state, 0 before the first content. One query.

    By hand: each page asks twice, and through the ORM it would cost several times as much.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT MAX(number) FROM catalog_edition")
        return cursor.fetchone()[0] or 0


def listen() -> None:
    """Connect the signals; called once when the app is ready."""
    pre_save.connect(_before_save, dispatch_uid="catalog.history.editions")
    pre_delete.connect(_before_delete, dispatch_uid="catalog.history.editions")
    writing.connect(_on_bulk_write, dispatch_uid="catalog.history.editions")


# Inside of record() ------------------------------------------------------------------------------


def _write_revisions(recording: Recording, counter: EditionCounter) -> None:
    if recording.found_changed:
        outside = _raise(counter, Edition.Origin.OUTSIDE, comment="Changed outside")
        _keep(outside, recording.found_changed)
    for batch in documents.in_batches(sorted(recording.before)):
        differing = {
            thing: text
            for thing, text in documents.texts(batch).items()
            if not documents.same(text, recording.before[thing])
        }
        if differing:
            recording.edition = recording.edition or _raise(
                counter, recording.origin, user=recording.user, comment=recording.comment
            )
            _keep(recording.edition, differing)


@contextmanager
def _busy_on_lock_timeout() -> Iterator[None]:
    """Turn a lock timeout into BusyError; let other errors of the database through."""
    try:
        yield
    except OperationalError as error:
        if is_lock_timeout(error):
            raise BusyError from error
        raise


def _lock_counter(*, wait: bool = True) -> EditionCounter:
    """Return the counter's row, locked until the transaction ends; make it if there is none."""
    rows = EditionCounter.objects.select_for_update(nowait=not wait)
    if (counter := rows.first()) is None:
        newest = Edition.objects.aggregate(number=models.Max("number"))["number"] or 0
        EditionCounter.objects.bulk_create([EditionCounter(number=newest)], ignore_conflicts=True)
        counter = rows.get()
    return counter


def _raise(
    counter: EditionCounter, origin: Edition.Origin, *, user: str = "", comment: str = ""
) -> Edition:
    counter.number += 1
    counter.save(update_fields=["number"])
    longest = Edition._meta.get_field("comment").max_length
    return Edition.objects.create(
        number=counter.number, user=user, comment=comment[:longest], origin=origin
    )


def _keep(edition: Edition, texts: dict[ThingKey, str]) -> None:
    """Keep these documents as what `edition` left; render their Markdown, and let search follow."""
    named = sorted(texts.items())
    Revision.objects.bulk_create(
        [
            Revision(edition=edition, kind=thing.kind, slug=thing.slug, document=text)
            for thing, text in named
        ],
        batch_size=documents.BATCH,
    )
    Changed.objects.bulk_create(
        [Changed(edition=edition, kind=thing.kind, slug=thing.slug) for thing, _ in named],
        batch_size=documents.BATCH,
        update_conflicts=True,
        update_fields=["edition"],
        unique_fields=["kind", "slug"],
    )
    rows = {thing: json.loads(text) for thing, text in texts.items()}
    markdown.fill(row for document in rows.values() for row in document)
    indexing.follow(rows)


def _newest(things: list[ThingKey]) -> dict[ThingKey, str]:
    """Return what history last knew of one batch of things. A query for each kind."""
    return {
        row.thing: row.document
        for kind, slugs in documents.by_kind(things)
        for row in Revision.objects.newest(kind, slugs)
    }


# Outside of record() -----------------------------------------------------------------------------


@dataclass(eq=False)
class _OnCommit:
    """Keep the documents of what was written outside of record().

    It also marks that the edition has been raised. Django drops an on-commit callback together
    with the savepoint it was registered in, so while this one waits, its raise still stands.
    """

    edition: Edition
    things: set[ThingKey]
    done: bool = False

    def __call__(self) -> None:
        if Unrecorded.objects.exists():
            with transaction.atomic():
                _lock_counter()
                _write_outbox()


def _wait_for_other_writers() -> None:
    """Take the lock before looking at rows that somebody may be changing just now.

    Inside of record() it is held already, and so it is once this transaction raised the edition.
    """
    if current() is None and connection.in_atomic_block and not _waiting():
        _lock_counter()


def _notice(things: set[ThingKey], *, before: bool = True) -> None:
    if recording := current():
        recording.touch(things, before=before)
    elif connection.in_atomic_block:
        _note(things)
    elif things:
        # Nothing to hang a callback on: the next record() keeps it.
        with transaction.atomic():
            _note_in(_raise(_lock_counter(), Edition.Origin.OUTSIDE), things)


def _note(things: set[ThingKey]) -> None:
    waiting = _waiting()
    fresh = things.difference(*(recording.things for _, recording in waiting))
    if not fresh:
        return
    raised = waiting[-1][1].edition if waiting else None
    edition = raised or _raise(_lock_counter(), Edition.Origin.OUTSIDE)
    _note_in(edition, fresh)
    here = set(connection.savepoint_ids)
    for savepoints, recording in waiting:
        if savepoints == here:
            recording.things |= fresh
            return
    transaction.on_commit(_OnCommit(edition, fresh), robust=True)


def _note_in(edition: Edition, things: set[ThingKey]) -> None:
    Unrecorded.objects.bulk_create(
        [Unrecorded(edition=edition, kind=thing.kind, slug=thing.slug) for thing in things],
        ignore_conflicts=True,
    )


def _waiting() -> list[tuple[set[Any], _OnCommit]]:
    """Return this transaction's callbacks, each with the savepoints it was registered in."""
    return [
        (savepoints, callback)
        for savepoints, callback, *_ in connection.run_on_commit
        if isinstance(callback, _OnCommit) and not callback.done
    ]


def _write_outbox() -> None:
    """Keep the documents that signals have noted. The caller holds the counter's lock."""
    for _, recording in _waiting():
        recording.done = True
        recording.things = set()
    noted: dict[ThingKey, Edition] = {}
    for row in Unrecorded.objects.select_related("edition").order_by("edition_id"):
        noted[row.thing] = row.edition
    for batch in documents.in_batches(sorted(noted)):
        known = _newest(batch)
        by_edition = defaultdict(dict)
        for thing, text in documents.texts(batch).items():
            if not documents.same(text, known.get(thing, documents.NOTHING)):
                by_edition[noted[thing]][thing] = text
        for edition, texts in by_edition.items():
            _keep(edition, texts)
    if noted:
        Unrecorded.objects.all().delete()


# Signals ---------------------------------------------------------------------------------------


def _before_save(sender: type, instance: models.Model, using: str, **_kwargs: Any) -> None:
    if isinstance(instance, ContentModel) and using == DEFAULT_DB_ALIAS:
        _wait_for_other_writers()
        _notice(_things_in_memory(instance) | _things_in_database(instance))


def _before_delete(sender: type, instance: models.Model, using: str, **_kwargs: Any) -> None:
    if isinstance(instance, ContentModel) and using == DEFAULT_DB_ALIAS:
        _wait_for_other_writers()
        _notice(sender._base_manager.filter(pk=instance.pk).things())


def _on_bulk_write(sender: type, things: set[ThingKey], *, before: bool, **_kwargs: Any) -> None:
    _wait_for_other_writers()
    _notice(things, before=before)


def _things_in_memory(instance: ContentModel) -> set[ThingKey]:
    try:
        return instance.things()
    except ObjectDoesNotExist:
        return set()  # a reference to nothing: the database will refuse the row


def _things_in_database(instance: ContentModel) -> set[ThingKey]:
    """Return what the row belongs to as stored, and who names it if it is being renamed."""
    if instance.pk is None:
        return set()
    row = type(instance)._base_manager.filter(pk=instance.pk)
    stored = row.values_list(*instance.NATURAL_KEY).first()
    if stored is None:
        return set()
    try:
        renamed = stored != instance.natural_key()
    except ObjectDoesNotExist:
        renamed = False
    return row.things() | (row.referrers() if renamed else set())
