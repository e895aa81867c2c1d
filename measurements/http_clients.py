"""What a request costs the client, and what its import and its installation take."""

import json
import sys

from measurements.bench import (
    Contender,
    Subject,
    connect,
    free_port,
    import_time,
    installed_size,
    run,
    started,
)


def measure(contender: Contender) -> dict[str, float]:
    port, name = free_port(), contender.technology
    program = contender.python("-m", "measurements.programs.http_clients")
    with started([sys.executable, "-m", "measurements.programs.tiny_server", str(port)]):
        connect(port).close()
        figures = json.loads(run([*program, name, f"http://127.0.0.1:{port}/orders"]))
    return {
        **figures,
        "import-time": import_time(contender),
        "installed-size": installed_size(contender),
    }


def alone(name: str, remark: str = "") -> Contender:
    remarks = {"cpu-per-request": remark} if remark else {}
    return Contender(name, (name,), (name,), f"import {name}", remarks)


SUBJECT = Subject(
    slug="http-clients",
    title="What a request costs an HTTP client, its import and its size",
    setting=(
        "GET over one open connection to a server in another process on 127.0.0.1, an answer of "
        "1 kB that is read as JSON, one request after another; CPU of the client in the cheapest "
        "of up to 400 batches of 20 after one that does not count; a session of the synchronous "
        "client, aiohttp on asyncio's own loop; import: CPU in the fastest of nine fresh "
        "processes; size: the package and all that it needs, without bytecode"
    ),
    units={
        "cpu-per-request": "ms of CPU a request",
        "import-time": "ms of CPU",
        "installed-size": "MB",
    },
    contenders=(
        alone("httpx2"),
        alone("httpx"),
        alone("niquests"),
        alone("aiohttp", "asynchronous"),
        alone("requests"),
        alone("urllib3"),
    ),
    measure=measure,
)
