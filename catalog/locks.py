"""Locks that another writer holds: whether a wait for them was given up, and not to wait at all."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection


def is_lock_timeout(error: OperationalError) -> bool:
    """Return whether another writer kept the database, and nothing else is wrong with it."""
    cause = error.__cause__
    # PostgreSQL's query_canceled and lock_not_available.
    is_given_up = getattr(cause, "sqlstate", None) in ("57014", "55P03")
    return is_given_up or getattr(cause, "sqlite_errorname", "").startswith("SQLITE_BUSY")


@contextmanager
def without_waiting() -> Iterator[None]:
    """Let SQLite refuse at once what is begun in the block while another writer is at work.

    Nothing changes inside of a transaction, which has the lock, and on PostgreSQL, where a
    statement says so itself (`nowait`).
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        (before,) = cursor.execute("PRAGMA busy_timeout").fetchone()
        cursor.execute("PRAGMA busy_timeout = 0")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA busy_timeout = {before}")
