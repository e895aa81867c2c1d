"""What a JSON endpoint costs in each framework, and what its import and its installation take."""

import json

from measurements.bench import (
    Contender,
    Failure,
    Subject,
    free_port,
    import_time,
    installed_size,
    started,
)
from measurements.load import CONNECTIONS, SETTING, ask, cost_of
from measurements.programs.apps.items import item


def measure(contender: Contender) -> dict[str, float]:
    port, module = free_port(), f"measurements.programs.apps.with_{contender.technology}"
    options = ("--port", str(port), "--no-access-log", "--log-level", "warning")
    command = contender.python("-m", "uvicorn", *options, f"{module}:app")
    if contender.technology == "aiohttp":
        command = contender.python("-m", module, str(port))
    with started(command, WEB_CONCURRENCY="1") as process:
        body = ask(port, "/items/7", CONNECTIONS)
        if json.loads(body) != item(7):
            raise Failure(f"{contender.technology} answers {body!r}")
        cost = cost_of(process.pid, port, "/items/7")
    return {
        "cpu-per-request": cost,
        "import-time": import_time(contender),
        "installed-size": installed_size(contender),
    }


def on_uvicorn(technology: str, imports: str) -> Contender:
    return Contender(technology, (technology, "uvicorn[standard]"), (technology,), imports)


SUBJECT = Subject(
    slug="async-frameworks",
    title="What a JSON endpoint of each framework costs, its import and its size",
    setting=(
        f"A JSON object of 140 bytes with a number from the path: {SETTING}; one uvicorn "
        "with uvloop and httptools, aiohttp on its own server with uvloop; FastAPI without a "
        "response model; import: CPU in the fastest of nine fresh processes; size: the package and "
        "all that it needs, without bytecode"
    ),
    units={
        "cpu-per-request": "ms of CPU a request",
        "import-time": "ms of CPU",
        "installed-size": "MB",
    },
    contenders=(
        on_uvicorn("fastapi", "from fastapi import FastAPI"),
        on_uvicorn("starlette", "from starlette.applications import Starlette"),
        on_uvicorn("quart", "from quart import Quart"),
        on_uvicorn("litestar", "from litestar import Litestar"),
        Contender(
            "aiohttp",
            ("aiohttp", "uvloop"),
            ("aiohttp",),
            "from aiohttp import web",
            {"cpu-per-request": "on its own server"},
        ),
    ),
    measure=measure,
)
