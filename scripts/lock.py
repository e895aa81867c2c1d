"""The lock files: written by `make lock`, and compared with pyproject.toml without a network.

Run as a program it writes them, with uv. Hashes are kept and addresses are not, so where packages
come from stays the choice of whoever installs them.
"""

import hashlib
import json
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent
DIGEST = "# pyproject.toml dependencies: sha256 "
HEADER = "# Written by `make lock`: exact versions and hashes of what pyproject.toml asks for.\n"
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)

RUN, DEVELOP, NEWEST = "requirements.txt", "requirements-dev.txt", "requirements-newest.txt"
SNIPPETS = "requirements-snippets.txt"
FILES = (RUN, DEVELOP, NEWEST, SNIPPETS)
# What the guide shows is not what the site or its tests need: a group and environments apart.
APART = "snippets"
# The newest Django is allowed where pyproject.toml stops at the LTS: one suite, two Djangos.
OVERRIDE = "django>=6.0"


def read_tables() -> dict[str, list[str]]:
    """Return what pyproject.toml asks for: the run-time list and each group, by name."""
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return {"run": pyproject["project"]["dependencies"], **pyproject["dependency-groups"]}


def find_tables(name: str, tables: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return the tables that a lock file answers for."""
    return {table: tables[table] for table in tables if (table == APART) == (name == SNIPPETS)}


def find_digest(tables: dict[str, list[str]]) -> str:
    """Return the SHA-256 of the dependency tables, whatever their order and comments."""
    canonical = {name: sorted(entries) for name, entries in tables.items()}
    return hashlib.sha256(json.dumps(canonical, sort_keys=True).encode()).hexdigest()


def find_pins(text: str) -> dict[str, Version]:
    """Return the versions a lock file pins, by normalised name."""
    return {canonicalize_name(name): Version(version) for name, version in PIN.findall(text)}


def find_problems(name: str, text: str, tables: dict[str, list[str]]) -> list[str]:
    """Return a sentence for each way in which a lock file does not follow pyproject.toml."""
    problems = []
    tables = find_tables(name, tables)
    if f"{DIGEST}{find_digest(tables)}\n" not in text:
        problems.append(f"{name} was not written from this pyproject.toml: run `make lock`.")
    pins = find_pins(text)
    asked = (
        tables["run"] if name == RUN else [entry for group in tables.values() for entry in group]
    )
    for requirement in map(Requirement, asked):
        if name == NEWEST and requirement.name == "django":
            requirement = Requirement(OVERRIDE)  # noqa: PLW2901 - the one that was compiled
        pin = pins.get(canonicalize_name(requirement.name))
        if pin is None:
            problems.append(f"{name} does not pin {requirement.name}.")
        elif pin not in requirement.specifier:
            problems.append(f"{name} pins {requirement.name} {pin}, not {requirement.specifier}.")
    return problems


def write_lock(name: str, arguments: list[str]) -> None:
    """Compile one lock file and put its heading above it."""
    command = [
        *(sys.executable, "-m", "uv", "pip", "compile", "--quiet"),
        *("--upgrade", "--universal", "--generate-hashes", "--no-emit-index-url", "--no-header"),
        *("--no-emit-find-links", "--fork-strategy", "fewest", *arguments),
    ]
    # The arguments are this module's own; nothing in them comes from outside.
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)  # noqa: S603
    heading = f"{HEADER}{DIGEST}{find_digest(find_tables(name, read_tables()))}\n"
    (ROOT / name).write_text(heading + done.stdout, encoding="utf-8")


def write_all() -> None:
    """Write the lock files."""
    site = ["pyproject.toml"]
    everything = [*site, "--group", "test", "--group", "dev"]
    write_lock(RUN, [*site, "--python-version", "3.11"])
    write_lock(DEVELOP, ["--python-version", "3.11", *everything])
    write_lock(SNIPPETS, ["--python-version", "3.11", "--group", APART])
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as override:
        override.write(OVERRIDE + "\n")
        override.flush()
        # An annotation would name the override by its temporary path.
        options = ["--no-annotate", "--override", override.name]
        write_lock(NEWEST, ["--python-version", "3.12", *everything, *options])


if __name__ == "__main__":
    write_all()
