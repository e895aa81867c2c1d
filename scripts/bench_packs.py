"""What it costs to load large packs, beside stock `loaddata`: `make bench-packs`.

Makes packs of three sizes as dump_pack writes them, some 2,000, 20,000 and 100,000 rows, and takes
every step in a process of its own: on SQLite or, where DATABASE_URL names a PostgreSQL, in a
database that is made beside that one. Prints CPU, peak memory and writes of each step, and whether
the limits are held; asserts nothing. Other numbers of technologies may be given, the smaller first
and multiples of 50: `-m scripts.bench_packs 100 1000`.

CPU is that of a process from its start to its end. SQLite works inside of it; what PostgreSQL's
server does is not in the figures.
"""

import io
import json
import os
import resource
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import django
import psycopg
from django.core.management import call_command
from django.db import connection
from psycopg import sql

from tests.packs.big import make_pack

SIZES = (150, 1_650, 8_300)
LOADDATA = "loaddata"
FIRST, AGAIN, AFTER_AN_EDIT, UPDATE = "first", "again", "after an edit", "update"
STEPS = (LOADDATA, FIRST, AGAIN, AFTER_AN_EDIT, UPDATE)
WRITES = ("INSERT", "UPDATE", "DELETE")

# Of `loaddata`'s CPU and of the first load's, and bytes for each row more.
MOST_FIRST = 1
MOST_AGAIN = 0.15
MOST_MEMORY = 10_000
# A step is stopped after so much CPU; `loaddata` is then taken to need as much for each row as it
# did in the smaller pack.
MOST_SECONDS = 20 * 60
MEGABYTE = 1024 * 1024
ROOT = Path(__file__).resolve().parent.parent


class Cost(NamedTuple):
    """What a step cost; `rows` are those of its pack."""

    rows: int
    cpu: float  # seconds
    peak: int  # bytes
    writes: dict[str, int]
    is_estimate: bool = False


class Pack(NamedTuple):
    """Both versions of a pack on disk."""

    first: Path
    second: Path
    rows: int


# In a process of its own ------------------------------------------------------------------------


def take(step: str, pack: Path) -> None:
    """Take one step, and print as JSON what this process has cost."""
    django.setup()
    writes: Counter[str] = Counter()

    def count(execute: Callable, statement: str, *rest: Any) -> Any:
        verb = statement.lstrip()[:6].upper()
        if verb in WRITES:
            writes[verb] += 1
        return execute(statement, *rest)

    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS + 1))
    with connection.execute_wrapper(count):
        if step == LOADDATA:
            call_command(LOADDATA, *sorted(pack.glob("*/*.yaml")), verbosity=0)
        else:
            call_command("load_pack", pack, interactive=False, stdout=io.StringIO())
    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu = used.ru_utime + used.ru_stime
    print(json.dumps({"cpu": cpu, "peak": peak_memory(), "writes": writes}))


def peak_memory() -> int:
    """The most memory that this process had, in bytes.

    Not what getrusage() says: that begins with the memory of the process that started this one.
    """
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


# Databases --------------------------------------------------------------------------------------


class Files:
    """SQLite files in a folder."""

    name = "SQLite"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def make(self, name: str) -> str:
        """The address of an empty database of this name."""
        return f"sqlite:///{self.folder / name}.sqlite3"

    def copy(self, name: str, other: str) -> str:
        shutil.copy(self.folder / f"{name}.sqlite3", self.folder / f"{other}.sqlite3")
        return self.make(other)

    def close(self) -> None:
        """Nothing: the folder goes as a whole."""


class Server:
    """Databases of a PostgreSQL, beside the one that is named."""

    name = "PostgreSQL"

    def __init__(self, url: str) -> None:
        self.url = url
        self.prefix = f"bench_packs_{os.getpid()}_"
        self.made: list[str] = []

    def make(self, name: str, template: str = "template1") -> str:
        whole = self.prefix + name
        names = sql.Identifier(whole), sql.Identifier(template)
        self._run(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names))
        self.made.append(whole)
        return urlsplit(self.url)._replace(path=f"/{whole}").geturl()

    def copy(self, name: str, other: str) -> str:
        return self.make(other, template=self.prefix + name)

    def close(self) -> None:
        for name in self.made:
            self._run(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))

    def _run(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.url, autocommit=True) as server:
            server.execute(statement)


@contextmanager
def databases(folder: Path) -> Iterator[Files | Server]:
    url = os.environ.get("DATABASE_URL", "")
    found = Server(url) if url.startswith(("postgres://", "postgresql://")) else Files(folder)
    try:
        yield found
    finally:
        found.close()


# All steps --------------------------------------------------------------------------------------


def main(sizes: tuple[int, ...]) -> None:
    os.environ |= {
        "SECRET_KEY": secrets.token_hex(32),
        "DJANGO_SETTINGS_MODULE": "stackguide.settings",
        "HTTPS": "off",
        "ALLOWED_HOSTS": "127.0.0.1",
        "LOG_LEVEL": "ERROR",
    }
    with tempfile.TemporaryDirectory() as name, databases(Path(name)) as where:
        manage(where.make("empty"), "migrate", "--verbosity=0")
        packs = [packed(Path(name) / str(size), size) for size in sizes]
        costs = [dict(measured(pack, where)) for pack in packs]
    estimate_loaddata(costs)
    print_costs(where.name, costs)
    print_ratios(costs)


def packed(folder: Path, technologies: int) -> Pack:
    rows = make_pack(folder / "1", technologies)
    make_pack(folder / "2", technologies, version=2)
    return Pack(folder / "1", folder / "2", rows)


def measured(pack: Pack, where: Files | Server) -> Iterator[tuple[str, Cost]]:
    url = where.copy("empty", f"loaddata_{pack.rows}")
    if cost := run(url, LOADDATA, pack.first, pack.rows):
        yield LOADDATA, cost
    url = where.copy("empty", f"load_pack_{pack.rows}")
    edit = "from catalog.models import Alias; Alias.objects.filter(slug='t-1').update(name='T')"
    for step in STEPS[1:]:
        if step == AFTER_AN_EDIT:
            manage(url, "shell", "--verbosity=0", "--command", edit)
        yield step, run(url, step, pack.second if step == UPDATE else pack.first, pack.rows)


def run(url: str, step: str, pack: Path, rows: int) -> Cost | None:
    """Take a step in a process; None where `loaddata` needs too long."""
    print(f"{rows:,} rows: {step} …", file=sys.stderr, flush=True)
    done = subprocess.run(
        [sys.executable, "-m", "scripts.bench_packs", step, str(pack)],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url},
        stdout=subprocess.PIPE,
        check=False,
    )
    if step == LOADDATA and done.returncode == -signal.SIGXCPU:
        return None
    done.check_returncode()
    return Cost(rows, **json.loads(done.stdout))


def manage(url: str, *command: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url},
        check=True,
    )


def estimate_loaddata(costs: list[dict[str, Cost]]) -> None:
    """Where it was stopped: its CPU does not grow more slowly than its rows."""
    for smaller, larger in pairwise(costs):
        if LOADDATA not in larger:
            rows, known = larger[FIRST].rows, smaller[LOADDATA]
            cpu = known.cpu * rows / known.rows
            larger[LOADDATA] = Cost(rows, cpu, 0, {}, is_estimate=True)


# What is said -----------------------------------------------------------------------------------


def print_costs(database: str, costs: list[dict[str, Cost]]) -> None:
    print(f"{database:14}{'rows':>9}{'CPU s':>10}{'ms/row':>9}{'peak MB':>9}{'writes':>10}")
    for steps in costs:
        for step in STEPS:
            cost = steps[step]
            each = cost.cpu * 1000 / cost.rows
            print(
                f"{step:14}{cost.rows:>9,}{cost.cpu:>10.1f}{each:>9.2f}"
                f"{cost.peak / MEGABYTE:>9.0f}{sum(cost.writes.values()):>10,}"
                f"{'  estimated from the smaller pack' if cost.is_estimate else ''}"
            )


def print_ratios(costs: list[dict[str, Cost]]) -> None:
    """Print what is to be held; in a small pack the start of a process is much."""
    for steps in costs:
        first, again, edited = steps[FIRST], steps[AGAIN], steps[AFTER_AN_EDIT]
        is_largest = steps is costs[-1]
        print(f"\nOf {first.rows:,} rows")
        most = MOST_FIRST if is_largest else None
        figure("CPU: first load to loaddata", first.cpu / steps[LOADDATA].cpu, most)
        most = MOST_AGAIN if is_largest else None
        figure("CPU: unchanged to first load", again.cpu / first.cpu, most)
        figure("CPU: unchanged after an edit here to first load", edited.cpu / first.cpu)
        figure("writes: unchanged", sum(again.writes.values()), 0)
        figure("writes: unchanged after an edit here", sum(edited.writes.values()), 0)
    for smaller, larger in pairwise(costs):
        rows = larger[FIRST].rows - smaller[FIRST].rows
        print(f"\nOf {larger[FIRST].rows:,} rows to {smaller[FIRST].rows:,}")
        each = (larger[FIRST].peak - smaller[FIRST].peak) / rows
        figure("peak memory of the first load, bytes a row", each, MOST_MEMORY)


def figure(what: str, value: float, most: float | None = None) -> None:
    verdict = ""
    if most is not None:
        verdict = f"   at most {most:.2f}: {'held' if value <= most else 'missed'}"
    print(f"  {what:48}{value:8.2f}{verdict}")


if __name__ == "__main__":
    match sys.argv[1:]:
        case [step, pack] if step in STEPS:
            take(step, Path(pack))
        case given:
            main(tuple(map(int, given)) or SIZES)
