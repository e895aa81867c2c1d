"""What a request costs a server of one worker, and the memory that its processes then hold."""

from measurements.bench import Contender, Subject, free_port, memory_of, started, tree
from measurements.load import SETTING, cost_of

APP = "measurements.programs.apps.bare:app"

OPTIONS = {
    "uvicorn": ("--port", "{port}", "--no-access-log", "--log-level", "warning"),
    "granian": ("--interface", "asgi", "--port", "{port}", "--log-level", "warning"),
    "hypercorn": ("--worker-class", "uvloop", "--bind", "127.0.0.1:{port}"),
    "gunicorn": ("--worker-class", "asgi", "--bind", "127.0.0.1:{port}"),
    "daphne": ("--port", "{port}", "--verbosity", "0"),
}


def measure(contender: Contender) -> dict[str, float]:
    port = free_port()
    options = [text.format(port=port) for text in OPTIONS[contender.technology]]
    command = contender.python("-m", contender.technology, *options, APP)
    with started(command, WEB_CONCURRENCY="1") as process:
        cost = cost_of(process.pid, port, "/")
        return {"cpu-per-request": cost, "memory": memory_of(tree(process.pid))}


SUBJECT = Subject(
    slug="app-servers",
    title="CPU and memory of a server with one worker",
    setting=(
        f"The same 13 bytes of a bare ASGI app: {SETTING}; no access log; uvloop and a "
        "compiled HTTP parser where the server has them (gunicorn: its own asgi worker); memory of "
        "all processes after these requests, what they share counted once"
    ),
    units={"cpu-per-request": "ms of CPU a request", "memory": "MB"},
    contenders=(
        Contender("uvicorn", ("uvicorn[standard]",)),
        Contender("granian", ("granian[uvloop]",)),
        Contender("hypercorn", ("hypercorn[uvloop]",)),
        Contender("gunicorn", ("gunicorn[fast]", "uvloop")),
        Contender("daphne", ("daphne",)),
    ),
    measure=measure,
    unmeasured={"uwsgi": "Speaks WSGI; the application that is measured speaks ASGI."},
)
