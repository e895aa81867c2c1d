"""How long dependency managers take to lock the same requirements, and how large a lock is."""

import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from pypi_simple import PYPI_SIMPLE_ENDPOINT

from measurements.bench import HOME, Contender, Failure, Subject, time_of
from measurements.index import index
from scripts.guide import find_packs, read_guide
from scripts.verify_guide import pins_of

VERSION_SET = "python-2026-11"
# Of this set: all of it takes PDM minutes.
PACKAGES = (*("asyncpg", "httpx2", "psycopg", "pydantic-settings", "pytest", "redis", "structlog"),)
PYPROJECT = """
[project]
name = "measured"
version = "1.0"
requires-python = ">=3.11,<3.15"
dependencies = {requirements}

[tool.uv]
package = false

[tool.poetry]
package-mode = false

[tool.hatch.envs.default]
installer = "uv"
skip-install = true
dependencies = {requirements}

[[tool.poetry.source]]
name = "index"
url = "{address}"
priority = "primary"
"""
PROGRAMS = {
    "uv": ("uv.lock", ("uv", "lock", "--python", sys.executable)),
    "poetry": ("poetry.lock", ("poetry", "lock", "--no-interaction")),
    "pdm": ("pdm.lock", ("pdm", "lock")),
    "pip-tools": (
        "requirements.txt",
        ("pip-compile", "--quiet", "--output-file", "requirements.txt"),
    ),
    "hatch": ("pylock.toml", ("hatch", "lock", "--export", "pylock.toml")),
}
place: list[Path] = []


@contextmanager
def projects() -> Iterator[None]:
    """A project for each, with the same requirements, from the index that pip is told of."""
    pins = pins_of(read_guide(find_packs()), VERSION_SET)
    requirements = [pins[name] for name in PACKAGES]
    text = PYPROJECT.format(requirements=json.dumps(requirements), address=address())
    with tempfile.TemporaryDirectory(prefix="measure-") as folder:
        place[:] = [Path(folder)]
        for name in PROGRAMS:
            (place[0] / name).mkdir()
            (place[0] / name / "pyproject.toml").write_text(text, encoding="utf-8")
        yield


@cache
def address() -> str:
    return (index() or [PYPI_SIMPLE_ENDPOINT])[0]


@cache
def settings() -> dict[str, str]:
    """Return how each finds the caches, the Python and the index that all of them use."""
    caches = HOME / "caches"
    extra = {f"{name}_CACHE_DIR": str(caches / name) for name in ("UV", "PDM", "POETRY", "HATCH")}
    extra |= {"PIP_TOOLS_CACHE_DIR": str(caches / "PIP"), "HATCH_DATA_DIR": str(caches / "data")}
    # Not UV_PYTHON: the uv of Hatch would take that for where it is to install.
    extra |= {"PDM_PYTHON": sys.executable, "PDM_CHECK_UPDATE": "0"}
    extra |= {"POETRY_VIRTUALENVS_CREATE": "false"}
    return extra | {"UV_DEFAULT_INDEX": address(), "PDM_PYPI_URL": address()}


def measure(contender: Contender) -> dict[str, float]:
    lock, command = PROGRAMS[contender.technology]
    project = place[0] / contender.technology
    (project / lock).unlink(missing_ok=True)
    path = f"{contender.programs}:{os.environ['PATH']}"  # on which Hatch looks for uv
    taken = time_of(
        [contender.programs / command[0], *command[1:]], project, PATH=path, **settings()
    )
    if not (project / lock).exists():
        raise Failure(f"{contender.technology} leaves no {lock}")
    figures = {"resolve-time": taken["elapsed"], "resolve-cpu": taken["cpu"]}
    if contender.technology != "pip-tools":  # whose lock has no hashes by default
        figures["lock-size"] = (project / lock).stat().st_size / 1000
    return figures


SUBJECT = Subject(
    slug="dependency-managers",
    title="How long a dependency manager takes to lock, and how large its lock is",
    setting=(
        f"{len(PACKAGES)} requirements of the version set {VERSION_SET}, Python 3.11 to "
        "3.14, no lock before; "
        "caches warm from one run that does not count, the package index asked again; "
        "resolve-time: elapsed; resolve-cpu: CPU of all threads; pip-tools locks for the Python "
        "and the platform it runs on alone, and without hashes, as by default; Hatch by way of uv, "
        "with its environment installed before; Poetry by the simple API of the index"
    ),
    units={"resolve-time": "s", "resolve-cpu": "s of CPU", "lock-size": "kB"},
    contenders=(
        Contender("uv", ("uv",)),
        Contender("poetry", ("poetry",)),
        Contender("pdm", ("pdm[locked]",)),
        Contender("pip-tools", ("pip-tools", "pip")),
        Contender(
            "hatch",
            ("hatch", "uv"),
            remarks=dict.fromkeys(("resolve-time", "lock-size"), "by way of uv"),
        ),
    ),
    unmeasured={"pip-tools/lock-size": "Its default lock has no hashes; those of the others do."},
    measure=measure,
    around=projects,
    warm=True,
)
