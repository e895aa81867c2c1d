"""Runs the tests once for each thing they must hold on: `make test`.

A lane is a database, a browser or a Django. One that this machine lacks the means for is left out
and named with the reason; with CI=true that is a failure, except for the newest Django, which
needs a newer Python than the site does. It is a look ahead, so one test in six of all files is
enough of it; NEWEST_ALL=1 runs every one. All lanes run, whatever becomes of the first.
"""

import os
import shutil
import socket
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import NamedTemporaryFile
from urllib.parse import urlsplit
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent
POSTGRESQL = "postgres://postgres@127.0.0.1:5432/postgres"
REDIS = "redis://127.0.0.1:6379/0"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
NEWER = ("python3.15", "python3.14", "python3.13", "python3.12")
# Whichever has nothing left to do takes tests over from the other.
PROCESSES = ("-n", "2", "--dist", "worksteal")
NO_TESTS = 5  # pytest's status where nothing was collected


@dataclass
class Lane:
    """One run of the tests: what it needs in its environment, or why it is left out."""

    name: str
    reason: str = ""
    variables: dict[str, str] = field(default_factory=dict)
    arguments: tuple[str, ...] = (*PROCESSES, "-m", "not browser and not redis")
    python: str = sys.executable
    optional: bool = False

    def run(self) -> str:
        """Run the lane; return what became of it."""
        if self.reason:
            return f"left out: {self.reason}"
        print(f"\n=== {self.name} ===", flush=True)
        if self.python != sys.executable and not make_environment(self.python):
            return "failed"
        python = ".venv-newest/bin/python" if self.python != sys.executable else sys.executable
        environment = {**os.environ, **self.variables}
        # Without bytecode on the disk each process would compile all tests anew.
        unwanted = {"DATABASE_URL", "CACHE_URL", "DB_POOL", "PYTHONDONTWRITEBYTECODE"}
        for name in unwanted - set(self.variables):
            environment.pop(name, None)
        with NamedTemporaryFile(suffix=".xml") as report:
            done = subprocess.run(  # noqa: S603 - a command of this file
                [python, "-m", "pytest", "--quiet", "--junitxml", report.name, *self.arguments],
                cwd=ROOT,
                env=environment,
                check=False,
            )
            if done.returncode == NO_TESTS:
                return "failed: it found no test"
            return "passed" if done.returncode == 0 else f"failed{failures_in(report.name)}"


def failures_in(report: str) -> str:
    """Return a line for each test that failed, so that the end of a long log names them."""
    try:
        tests = ElementTree.parse(report).iter("testcase")  # noqa: S314 - pytest wrote it
    except (OSError, ElementTree.ParseError):
        return ""
    return "".join(
        f"\n  {test.get('classname')}.{test.get('name')}: {fault.get('message', '')[:200]!r}"
        for test in tests
        for fault in (*test.iter("failure"), *test.iter("error"))
    )


def make_environment(python: str) -> bool:
    """Make the environment of the newest Django, if its lock changed; return whether it is good."""
    lock, stamp = ROOT / "requirements-newest.txt", ROOT / ".venv-newest" / "installed"
    if stamp.exists() and stamp.stat().st_mtime >= lock.stat().st_mtime:
        return True
    program = str(ROOT / "stackguide" / "environment.sh")
    command = [program, python, ".venv-newest", lock.name, ".venv-newest/installed"]
    done = subprocess.run(command, cwd=ROOT, check=False)  # noqa: S603 - a program of this project
    return done.returncode == 0


def listens(host: str, port: int) -> bool:
    """Return whether something answers there."""
    try:
        with socket.create_connection((host, port), timeout=2):
            return True
    except OSError:
        return False


def connects(url: str) -> str:
    """Return why the database cannot be connected to; blank where it can."""
    # This file needs nothing but Python; the driver is in the environment of the tests.
    code = "import sys, psycopg; psycopg.connect(sys.argv[1], connect_timeout=3).close()"
    done = subprocess.run(  # noqa: S603 - a command of this file
        [sys.executable, "-c", code, url], capture_output=True, text=True, check=False
    )
    if done.returncode == 0:
        return ""
    return done.stderr.strip().splitlines()[-1].partition(": ")[2] or "it does not connect"


def find_postgresql() -> Lane:
    """Return the lane of production's database and cache."""
    database = os.environ.get("TEST_DATABASE_URL") or POSTGRESQL
    cache = os.environ.get("TEST_CACHE_URL") or REDIS
    problem = connects(database)
    if problem:
        return Lane(
            "PostgreSQL",
            f"no PostgreSQL answers ({problem}); start one, or name it with TEST_DATABASE_URL",
        )
    place = urlsplit(cache)
    if not listens(place.hostname or "", place.port or 6379):
        return Lane(
            "PostgreSQL", "no Redis answers for its cache; start one, or set TEST_CACHE_URL"
        )
    return Lane(
        "PostgreSQL",
        variables={"DATABASE_URL": database, "CACHE_URL": cache},
        # What touches neither is the same on every database, and ran in the lane before.
        arguments=(*PROCESSES, "-m", "not browser and not sqlite", "--database", "only"),
    )


def find_browser() -> Lane:
    """Return the lane of pages in a real browser."""
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None or not os.access(path, os.X_OK):
        return Lane("browser", "no Chromium is installed; install it, or name it with CHROMIUM")
    arguments = (*PROCESSES, "-m", "browser", "tests/browser")
    return Lane("browser", variables={"CHROMIUM": path}, arguments=arguments)


def find_newest() -> Lane:
    """Return the lane of the newest Django, on a Python that it runs on."""
    # Where pyenv keeps them, and beside this Python, which may be one of those.
    homes = (Path.home() / ".pyenv" / "versions", Path(sys.base_prefix).parent)
    versions = sorted(
        {path for home in homes for path in home.glob("3.*/bin/python3")}, reverse=True
    )
    named = os.environ.get("NEWEST_PYTHON")
    candidates = [named] if named else [*NEWER, *map(str, versions)]
    for candidate in candidates:
        path = shutil.which(candidate)
        if path and runs_newest(path):
            sample = () if os.environ.get("NEWEST_ALL") else ("--one-in", "6")
            arguments = (*Lane.arguments, *sample)
            return Lane("newest Django", python=path, arguments=arguments, optional=True)
    return Lane(
        "newest Django",
        "no Python 3.12 or newer is installed; name one with NEWEST_PYTHON",
        optional=True,
    )


def runs_newest(python: str) -> bool:
    """Return whether it is a Python that the newest Django runs on, and not a shim for none."""
    code = "import sys; sys.exit(sys.version_info < (3, 12))"
    done = subprocess.run([python, "-c", code], capture_output=True, check=False)  # noqa: S603
    return done.returncode == 0


def main() -> int:
    """Run every lane, say what became of each, and return 1 if one failed."""
    strict = os.environ.get("CI", "").lower() in ("1", "true")
    lanes = [Lane("SQLite"), find_postgresql(), find_browser(), find_newest()]
    results = [(lane, lane.run()) for lane in lanes]
    passed = failed = 0
    print()
    for lane, result in results:
        missing = result.startswith("left out") and strict and not lane.optional
        passed += result == "passed"
        failed += result.startswith("failed") or missing
        print(f"{lane.name}: {'failed, since CI=true: ' if missing else ''}{result}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
