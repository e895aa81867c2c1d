"""Loads in processes of their own, on this test's database: started, held at a moment, let go."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from typing import NamedTuple
from urllib.parse import urlsplit

from django.db import connection

from tests.conftest import ROOT
from tests.packs.stopping import HERE

# A process that has not come to an end by then never will.
SECONDS = 300


class Moment(NamedTuple):
    """`before` or `after` the first statement that a pattern is found in, or `reading` a file."""

    when: str
    text: str


READING = Moment("reading", "02-technology.yaml")
COMPARING = Moment("after", 'FROM "catalog_cell"')
# The first thing that a writer does: SQLite gives the lock at BEGIN.
LOCKING = Moment("before", "^BEGIN|catalog_editioncounter")
LOCKED = Moment("after", "catalog_editioncounter")
MADE = Moment("after", '^INSERT INTO "catalog_technology"')
RECORDED = Moment("after", '^INSERT INTO "catalog_base"')
WRITTEN = Moment("before", "^COMMIT$")
COMMITTED = Moment("after", "^COMMIT$")


class Ended(NamedTuple):
    """How a process ended; a negative status is the signal that ended it."""

    status: int
    said: str
    complained: str

    @property
    def complaints(self) -> list[str]:
        """The lines of what it complained of, but for the signs of life on long work."""
        return [line for line in self.complained.splitlines() if not line.endswith("…")]


class Loading:
    """`manage.py load_pack` in a process, that does something at a moment."""

    def __init__(self, pack: Path, moment: Moment, action: str) -> None:
        program = [sys.executable, "-m", "tests.packs.stopping", action, *moment, str(pack)]
        self._process = subprocess.Popen(  # noqa: S603 - a program of these tests
            program,
            cwd=ROOT,
            env={**os.environ, "DATABASE_URL": database_url()},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._said: list[str] = []
        self._limit = Timer(SECONDS, self._process.kill)
        self._limit.start()

    def reach(self) -> None:
        """Wait until it is at its moment."""
        for line in self._process.stdout:
            if line == HERE:
                return
            self._said.append(line)
        raise AssertionError(f"It never came there: {self.end()}")

    def let_go(self) -> None:
        self._process.stdin.write("\n")
        self._process.stdin.flush()

    def end(self) -> Ended:
        """Wait until it has ended."""
        said, complained = self._process.communicate()
        self.close()
        return Ended(self._process.returncode, "".join([*self._said, said]), complained)

    def close(self) -> None:
        """End it, whatever it does."""
        self._limit.cancel()
        if self._process.poll() is None:
            self._process.kill()
            self._process.communicate()


@contextmanager
def waiting(pack: Path, moment: Moment) -> Iterator[Loading]:
    """A load that waits at this moment until it is let go."""
    loading = Loading(pack, moment, "wait")
    try:
        yield loading
    finally:
        loading.close()


def stopped(pack: Path, moment: Moment, action: str) -> Ended:
    """A load that this happens to at this moment, and how it ended.

    Nobody else has the database open meanwhile: SQLite's file is left as the process left it.
    """
    connection.close()
    return Loading(pack, moment, action).end()


def database_url() -> str:
    """The address of this test's database."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
