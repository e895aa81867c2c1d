"""Runs what is installed beside it: `python -m smoke PACKAGE ...`, in the environment of a set.

Prints JSON: the Python, whether all passed, and for each check "ok", "failed: why", or "not run:
why". A check belongs to the packages it needs, and is made where all of them are asked for. Servers
are those of this machine on their usual ports: PostgreSQL, Redis, RabbitMQ; what a check writes
there has a name of its own and is taken away again.
"""

import contextlib
import importlib
import importlib.metadata
import json
import os
import platform
import re
import socket
import sys
from collections.abc import Callable
from pathlib import Path

from smoke.checks import CHECKS, PORTS

# In the order in which their checks are made.
ROOMS = ("web", "databases", "tasks", "libraries", "tools")


def import_all(packages: list[str]) -> None:
    """Import every top-level module that the packages install, tests of theirs apart."""
    modules: dict[str, set[str]] = {}
    for module, owners in importlib.metadata.packages_distributions().items():
        for owner in owners:
            modules.setdefault(re.sub(r"[-_.]+", "-", owner).lower(), set()).add(module)
    for package in packages:
        names = sorted(
            name
            for name in modules.get(package, ())
            if name.isidentifier() and not name.startswith("_") and name != "tests"
        )
        if not names:
            raise AssertionError(f"{package} has no module")
        for name in names:
            importlib.import_module(name)


def is_there(server: str) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", PORTS[server]), timeout=2):
            return True
    except OSError:
        return False


def attempt(function: Callable[[], None]) -> str:
    try:
        function()
    except Exception as error:
        text = " ".join(f"{type(error).__name__}: {error}".split())
        return f"failed: {text[:400]}"
    return "ok"


def main() -> None:
    packages = sys.argv[1:]
    os.environ["ASKED"] = " ".join(packages)
    sys.path.insert(0, str(Path.cwd()))
    for room in ROOMS:
        importlib.import_module(f"smoke.{room}")
    results = {"imports": attempt(lambda: import_all(packages))}
    for name, needed, servers, function in CHECKS:
        if not {*needed} <= {*packages}:
            continue
        away = [server for server in servers if not is_there(server)]
        with contextlib.redirect_stdout(sys.stderr):
            results[name] = f"not run: no {away[0]} at hand" if away else attempt(function)
    passed = not any(result.startswith("failed") for result in results.values())
    said = {"python": platform.python_version(), "passed": passed, "checks": results}
    sys.stdout.write(json.dumps(said))


if __name__ == "__main__":
    main()
