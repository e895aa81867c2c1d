"""How long each type checker takes for the same code, with nothing kept from before."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from measurements.bench import HOME, Contender, Subject, folder_of, install, site_of, time_of

CODE = ("starlette", "httpx")
PYTHON = folder_of(CODE) / "bin" / "python"
COMMANDS = {
    "mypy": ("--no-incremental", "--cache-dir", "/dev/null", "--python-executable", PYTHON, "."),
    "pyright": ("--pythonpath", PYTHON, "."),
    "basedpyright": ("--pythonpath", PYTHON, "."),
    "ty": ("check", "--python", PYTHON.parent.parent, "."),
    "pyrefly": ("check", "--python-interpreter-path", PYTHON, "."),
}
place: list[Path] = []


@contextmanager
def sources() -> Iterator[None]:
    """The code in a folder of its own: checkers leave out what lies in an environment."""
    install(CODE)
    with tempfile.TemporaryDirectory(prefix="measure-") as folder:
        for name in CODE:
            leave = shutil.ignore_patterns("__pycache__")
            shutil.copytree(site_of(CODE) / name, Path(folder) / "code" / name, ignore=leave)
        place[:] = [Path(folder) / "code"]
        yield


def measure(contender: Contender) -> dict[str, float]:
    name = contender.technology
    command = [contender.programs / name, *COMMANDS[name]]
    kept = str(HOME / "caches")  # of the program itself, which pyright gets from npm once
    # 1: there are errors, which some find in this code.
    taken = time_of(command, place[0], (0, 1), XDG_CACHE_HOME=kept, PYRIGHT_PYTHON_CACHE_DIR=kept)
    return {"check-time": taken["elapsed"], "check-cpu": taken["cpu"]}


SUBJECT = Subject(
    slug="type-checkers",
    title="How long a type checker takes for the code of two packages",
    setting=(
        "The source of Starlette and HTTPX, copied from their newest wheels, with an "
        "environment that holds what they import; default settings, no cache of results, after one "
        "run that does not count; check-time: elapsed; check-cpu: CPU of all threads"
    ),
    units={"check-time": "s", "check-cpu": "s of CPU"},
    contenders=(
        Contender("mypy", ("mypy",)),
        Contender("pyright", ("pyright[nodejs]",)),
        Contender("basedpyright", ("basedpyright",)),
        Contender("ty", ("ty",)),
        Contender("pyrefly", ("pyrefly",)),
    ),
    measure=measure,
    around=sources,
    warm=True,
)
