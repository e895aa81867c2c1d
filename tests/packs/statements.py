"""Each statement of this process as it goes to the database, and the database failing at one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError, connection

Seen = Callable[[str], None]


def nothing(_sql: str) -> None:
    pass


@contextmanager
def watched(before: Seen = nothing, after: Seen = nothing) -> Iterator[None]:
    """Tell of each statement before and after it is run; the commit is one, called COMMIT."""

    def run(execute: Callable, sql: str, params: Any, many: bool, context: dict) -> Any:
        before(sql)
        found = execute(sql, params, many, context)
        after(sql)
        return found

    commit = connection._commit

    def commit_watched() -> None:
        before("COMMIT")
        commit()
        after("COMMIT")

    connection._commit = commit_watched
    try:
        with connection.execute_wrapper(run):
            yield
    finally:
        del connection._commit


class Fault:
    """Lets the database fail at the statement of this number, counted from 1."""

    def __init__(self, number: int, fail: Callable[[], None]) -> None:
        self.number = number
        self.fail = fail
        self.count = 0

    @property
    def came(self) -> bool:
        return self.count >= self.number

    def __call__(self, _sql: str) -> None:
        self.count += 1
        if self.count == self.number:
            self.fail()


def raise_error() -> None:
    raise OperationalError("disk I/O error")


def fill_the_disk() -> None:
    """Have the server refuse a statement for want of room, which leaves the transaction broken.

    A full disk of its own takes a file system of its own, and that takes rights no test has.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "DO $$ BEGIN RAISE disk_full USING MESSAGE = 'could not extend file'; END $$"
        )


def cut_the_connection() -> None:
    """Have the server end this process's connection, as a restart does."""
    backend = connection.connection.info.backend_pid
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [backend])
            while cursor.fetchone():
                cursor.execute("SELECT 1 FROM pg_stat_activity WHERE pid = %s", [backend])
    finally:
        other.close()
