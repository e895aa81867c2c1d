"""What the measurements stand on: subjects, environments of the contenders, and their processes."""

import contextlib
import datetime
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from importlib.metadata import distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / ".venv-measure"
ELSEWHERE = ("VIRTUAL_ENV", "UV_PYTHON", "UV_PROJECT_ENVIRONMENT", "UV_SYSTEM_PYTHON", "PIP_PYTHON")
LONGEST = 300.0  # seconds for one program
# A mapped file in /proc/*/smaps: from where, which, how much is there and how much was written.
MAPPING = (
    r"(?m)^\S+ \S+ (\S+) \S+ \d+ +(/.*)\n"
    r"(?:[A-Z].*\n)*?Rss: +(\d+)(?:.*\n)*?Anonymous: +(\d+)"
)


class Failure(Exception):  # noqa: N818 - the word that is printed
    """Why something cannot be measured."""


@dataclass(frozen=True)
class Contender:
    """A technology, and the packages that stand in its environment."""

    technology: str
    requirements: tuple[str, ...]  # the first is the package whose version is said
    bare: tuple[str, ...] = ()  # alone in a second environment: for its size and its import
    imports: str = ""  # the statement that is timed there
    remarks: Mapping[str, str] = field(default_factory=dict)  # said in the value, by criterion

    @property
    def programs(self) -> Path:
        return folder_of(self.requirements) / "bin"

    def python(self, *arguments: str | Path) -> list[str]:
        return [str(self.programs / "python"), *map(str, arguments)]


@dataclass(frozen=True)
class Subject:
    """Some contenders of one comparison, and how one round of one of them is measured."""

    slug: str  # of the comparison too
    title: str
    setting: str
    units: Mapping[str, str]  # by criterion: "ms of CPU a request"
    contenders: tuple[Contender, ...]
    measure: Callable[[Contender], dict[str, float]]
    unmeasured: Mapping[str, str] = field(default_factory=dict)  # "name" or "name/criterion": why
    servers: tuple[str, ...] = ()
    serves: Mapping[str, str] = field(default_factory=dict)  # technology: its server
    around: Callable[[], AbstractContextManager[None]] = nullcontext
    warm: bool = False  # an unmeasured round first: programs that do not warm themselves


# Environments -----------------------------------------------------------------------------------


def folder_of(requirements: tuple[str, ...]) -> Path:
    return HOME / re.sub(r"[^a-z0-9+]+", "-", "+".join(requirements)).strip("-")


def install(requirements: tuple[str, ...]) -> None:
    """Make an environment of the newest final releases, once a day."""
    folder, today = folder_of(requirements), datetime.datetime.now(tz=datetime.UTC).date()
    stamp = folder / "installed"  # written last, so one that was left half made is made again
    if stamp.exists() and stamp.read_text(encoding="utf-8") == today.isoformat():
        return
    shutil.rmtree(folder, ignore_errors=True)
    run([sys.executable, "-m", "venv", "--without-pip", folder])
    python = folder / "bin" / "python"
    run([sys.executable, "-m", "pip", "--quiet", "--python", python, "install", *requirements])
    stamp.write_text(today.isoformat(), encoding="utf-8")


def site_of(requirements: tuple[str, ...]) -> Path:
    (found,) = folder_of(requirements).glob("lib/python3*/site-packages")
    return found


def versions_in(requirements: tuple[str, ...]) -> dict[str, str]:
    """Return the version of every package of an environment."""
    found = distributions(path=[str(site_of(requirements))])
    named = {re.sub(r"[-_.]+", "-", each.metadata["Name"]).lower(): each.version for each in found}
    return dict(sorted(named.items()))


def installed_size(contender: Contender) -> float:
    """Return the megabytes of a package and all that it needs, without compiled bytecode."""
    files = (path for path in site_of(contender.bare).rglob("*") if path.is_file())
    return sum(path.stat().st_size for path in files if path.suffix != ".pyc") / 1e6


def import_time(contender: Contender, processes: int = 9) -> float:
    """Return the milliseconds of CPU that an import takes, in the fastest of fresh processes."""
    code = (
        f"import time; t = time.process_time(); {contender.imports}; print(time.process_time() - t)"
    )
    command = [folder_of(contender.bare) / "bin" / "python", "-I", "-c", code]
    return 1000 * min(float(run(command)) for _ in range(processes))


# Processes --------------------------------------------------------------------------------------


def environment(extra: Mapping[str, str]) -> dict[str, str]:
    """Return the variables of a program, without those that name an environment to install into."""
    kept = {name: os.environ[name] for name in os.environ if name not in ELSEWHERE}
    return {**kept, "PYTHONPATH": str(ROOT), "NO_COLOR": "1", **extra}


def run(command: list, cwd: Path = ROOT, **extra: str) -> str:
    """Run a program to its end; return what it printed. Raises Failure."""
    done = subprocess.run(
        [*map(str, command)],
        cwd=cwd,
        env=environment(extra),
        capture_output=True,
        text=True,
        check=False,
        timeout=LONGEST,
    )
    if done.returncode:
        raise Failure(f"{command[0]}: {' '.join((done.stdout + done.stderr).split())[-600:]}")
    return done.stdout


def time_of(command: list, cwd: Path, accepted: tuple[int, ...] = (0,), **extra: str) -> dict:
    """Run a program to its end; return its elapsed and its CPU seconds. Raises Failure."""
    start = time.perf_counter()
    with (cwd / "said.txt").open("wb") as said:
        process = subprocess.Popen(
            [*map(str, command)],
            cwd=cwd,
            env=environment(extra),
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
        )
        limit = threading.Timer(LONGEST, process.kill)
        limit.start()
        _pid, status, usage = os.wait4(process.pid, 0)
        limit.cancel()
    elapsed = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in accepted:
        text = (cwd / "said.txt").read_text(encoding="utf-8", errors="replace")
        raise Failure(f"{command[0]}: {' '.join(text.split())[-600:]}")
    return {"elapsed": elapsed, "cpu": usage.ru_utime + usage.ru_stime}


@contextmanager
def started(command: list, **extra: str) -> Iterator[subprocess.Popen]:
    """A program that goes on, ended with all that it started."""
    process = subprocess.Popen(
        [*map(str, command)],
        cwd=ROOT,
        env=environment(extra),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=15)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, 9)  # the group that it alone leads
        process.wait(timeout=15)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def connect(port: int, patience: float = 30.0) -> socket.socket:
    """Return a connection to a server as soon as it listens. Raises Failure."""
    end = time.monotonic() + patience
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=60)
        except OSError:
            if time.monotonic() > end:
                raise Failure(f"nothing listens on port {port}") from None
            time.sleep(0.05)  # until it listens; the end above bounds it


def tree(pid: int) -> list[int]:
    """Return a process and all below it."""
    found = [pid]
    for number in found:
        for path in Path(f"/proc/{number}/task").glob("*/children"):
            found += map(int, path.read_text(encoding="ascii").split())
    return found


def cpu_of(pids: list[int]) -> float:
    """Return the seconds that processes have worked, of all threads that still run."""
    # Nanoseconds; the ticks of /proc/*/stat are too coarse for a small answer.
    files = (path for pid in pids for path in Path(f"/proc/{pid}/task").glob("*/schedstat"))
    return sum(int(path.read_text(encoding="ascii").split()[0]) for path in files) / 1e9


def memory_of(pids: list[int]) -> float:
    """Return the megabytes that processes hold; what they share with each other counts once.

    Not the kernel's own PSS: that falls when some other Python on the machine maps the same files.
    """
    own, files = 0, {}
    for pid in pids:
        total = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8")
        own += sum(map(int, re.findall(r"(?m)^Pss_(?:Anon|Shmem): +(\d+)", total)))
        detail = Path(f"/proc/{pid}/smaps").read_text(encoding="utf-8")
        for offset, path, resident, anonymous in re.findall(MAPPING, detail):
            held = int(resident) - int(anonymous)
            files[path, offset] = max(files.get((path, offset), 0), held)
    return (own + sum(files.values())) * 1024 / 1e6
