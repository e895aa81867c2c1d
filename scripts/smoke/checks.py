"""What a check is, and the small things that several of them use."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

POSTGRESQL = "postgres@127.0.0.1:5432/postgres"
REDIS = "redis://127.0.0.1:6379/15"
RABBITMQ = "amqp://guest:guest@127.0.0.1:5672/%2F"
PORTS = {"PostgreSQL": 5432, "Redis": 6379, "RabbitMQ": 5672, "MongoDB": 27017}
LONGEST = 60.0  # seconds for a server to start, a task to run, a program to end

NAME = f"stackguide_smoke_{uuid.uuid4().hex[:12]}"

# In order: a name, the packages it needs, the servers it needs, and the function.
Check = tuple[str, tuple[str, ...], tuple[str, ...], Callable[[], None]]
CHECKS: list[Check] = []


def check(
    name: str, *packages: str, servers: tuple[str, ...] = ()
) -> Callable[[Callable[[], None]], Callable[[], None]]:
    def register(function: Callable[[], None]) -> Callable[[], None]:
        CHECKS.append((name, packages, servers, function))
        return function

    return register


def expect(found: object, wanted: object) -> None:
    if found != wanted:
        raise AssertionError(f"{found!r} instead of {wanted!r}")


def write(name: str, text: str) -> str:
    Path(name).write_text(textwrap.dedent(text), encoding="utf-8")
    return name


def program(*command: str) -> str:
    """Run an installed program to its end; return what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", *command],
        capture_output=True,
        text=True,
        check=False,
        timeout=LONGEST,
    )
    if done.returncode:
        raise AssertionError(
            f"{command[0]} ended with {done.returncode}: {done.stdout}{done.stderr}"
        )
    return done.stdout


@contextlib.contextmanager
def running(*command: str) -> Iterator[subprocess.Popen]:
    """Run a program in a process group of its own, and end it."""
    with Path("log.txt").open("w", encoding="utf-8") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", *command], stdout=log, stderr=log, start_new_session=True
        )
        try:
            yield process
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)


def until(condition: Callable[[], object], process: subprocess.Popen) -> object:
    """Wait until something is true while the process lives; return it."""
    end = time.monotonic() + LONGEST
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError):
            if found := condition():
                return found
        time.sleep(0.2)  # between two looks; the end above bounds them
    raise AssertionError(f"no answer: {Path('log.txt').read_text(encoding='utf-8')[-400:]}")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def page(port: int) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as answer:
        return answer.read().decode()
