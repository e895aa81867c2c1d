"""How much CPU pages cost, as multiples of a bare Django view: `make speed`.

Starts two gunicorns of one worker on 127.0.0.1: the site, over a SQLite database of its own with
the guide and comparisons of three sizes filled like real ones, and scripts.bare. Asks each in turn,
several short rounds, and reads what the worker's CPU clock says. Prints medians and ratios and
asserts nothing: other work on the machine moves the figures.
"""

import gzip
import http.client
import os
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

ROUNDS = 5
REQUESTS = 40
# As tests.sizes makes them; this module starts before Django is set up.
SIZES = ((4, 5), (10, 40), (20, 40))
SWAP = {"HX-Request": "true"}
ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "SECRET_KEY": secrets.token_hex(32),
            "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
            "DJANGO_SETTINGS_MODULE": "stackguide.settings",
            "HTTPS": "off",
            "ALLOWED_HOSTS": "127.0.0.1",
            "WEB_CONCURRENCY": "1",
            "LOG_LEVEL": "ERROR",
        }
        fill()
        with serve("scripts.bare") as bare, serve("stackguide.settings") as site:
            measure(bare, site)


def fill() -> None:
    """Migrate, collect the static files into var/, load the guide and make the comparisons."""
    packs = [f"fixtures/{name}" for name in ("guide-2025", "guide-2026-11")]
    for command in (
        ["migrate", "--verbosity=0"],
        ["collectstatic", "--no-input", "--verbosity=0"],
        ["start_guide", *packs],
    ):
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, check=True)
    code = "from tests.sizes import make_tables; make_tables()"
    subprocess.run([sys.executable, "manage.py", "shell", "-c", code], cwd=ROOT, check=True)


@contextmanager
def serve(settings: str) -> Iterator["Target"]:
    """A gunicorn of one worker over the site with these settings."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--config", "stackguide/gunicorn.conf.py"]
    environment = {**os.environ, "PORT": str(port), "DJANGO_SETTINGS_MODULE": settings}
    process = subprocess.Popen(
        [*command, "django.core.wsgi:get_wsgi_application()"], cwd=ROOT, env=environment
    )
    try:
        yield Target(port, process.pid)
    finally:
        process.terminate()
        process.wait(timeout=30)


class Target:
    """A server, asked over one connection; knows the CPU time of its worker."""

    def __init__(self, port: int, parent: int) -> None:
        self.port, self.parent = port, parent
        self.numbers = count()
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        for _ in range(100):
            try:
                self.connection.connect()
                break
            except ConnectionRefusedError:
                time.sleep(0.1)  # until it listens

    def get(self, path: str, headers: dict[str, str]) -> bytes:
        self.connection.request("GET", path, headers=headers)
        response = self.connection.getresponse()
        body = response.read()
        if response.status != 200:
            sys.exit(f"{path} answers {response.status}")
        return body

    def cpu(self) -> float:
        """Seconds that the worker, the only child, has worked."""
        (child,) = Path(f"/proc/{self.parent}/task/{self.parent}/children").read_text().split()
        # Nanoseconds; the ticks of /proc/*/stat are too coarse for a bare view.
        threads = Path(f"/proc/{child}/task").iterdir()
        return sum(int((one / "schedstat").read_text().split()[0]) for one in threads) / 1e9

    def cost(self, path: str, headers: dict[str, str], requests: int) -> float:
        """CPU milliseconds of one request, over so many."""
        self.connection.close()  # the server may have, while others were asked
        before = self.cpu()
        for _ in range(requests):
            number = next(self.numbers)
            weights = (number % 6, number // 6 % 6, number // 36 % 6)
            self.get(path.format(*weights), headers)
        return (self.cpu() - before) * 1000 / requests


def measure(bare: Target, site: Target) -> None:
    pages = {
        "list": ("/comparisons/", {}),
        "technologies": ("/technologies/", {}),
        "technology": ("/technologies/passlib/", {}),
        "search": ("/search/?q=web+framework", {}),
        # Asked for the first time, each time: nothing of the answer is kept but lines of truth.
        "search new": ("/search/?q=web+framework+{}{}{}", {}),
        "suggest new": ("/search/options/?q=task+que{}{}{}", SWAP),
        "search name": ("/search/?q=celery", {}),
        "suggestions": ("/search/options/?q=task+que", SWAP),
        "one typo": ("/search/options/?q=sqlachemy", SWAP),
        "task queues": ("/comparisons/task-queues/", {}),
        "versions": ("/versions/python-2026-11/", {}),
        "against": ("/versions/python-2026-11/?against=python-2025", {}),
    }
    for columns, rows in SIZES:
        path = f"/comparisons/size-{columns}-{rows}/"
        pages[f"{columns} x {rows}"] = (path, {})
        pages[f"{columns} x {rows} swap"] = (f"{path}?sort=fit", SWAP)
        pages[f"{columns} x {rows} asked"] = (f"{path}?must=criterion-0.1&rows=differ&sort=fit", {})
        # Weights that nobody has asked for before, each time: nothing of the answer is kept.
        pages[f"{columns} x {rows} new"] = (
            f"{path}?w=criterion-1.{{}}&w=criterion-2.{{}}&w=criterion-4.{{}}",
            SWAP,
        )
    bodies = {name: site.get(path.format(1, 1, 1), how) for name, (path, how) in pages.items()}
    bare.cost("/", {}, REQUESTS)  # warm
    costs: dict[str, list[float]] = {name: [] for name in pages}
    ratios: dict[str, list[float]] = {name: [] for name in pages}
    for _ in range(ROUNDS):
        base = bare.cost("/", {}, REQUESTS * 10)
        for name, asked in pages.items():
            cost = site.cost(*asked, REQUESTS)
            costs[name].append(cost)
            ratios[name].append(cost / base)
    print(
        f"{'page':16} {'ms CPU':>8} {'x bare':>8} {'least':>7} {'most':>7} {'bytes':>9} {'gzip':>7}"
    )
    for name in pages:
        size, packed = len(bodies[name]), len(gzip.compress(bodies[name], 6))
        print(
            f"{name:14}{statistics.median(costs[name]):9.2f}{statistics.median(ratios[name]):9.1f}"
            f"{min(ratios[name]):8.1f}{max(ratios[name]):8.1f}{size:9,}{packed:8,}"
        )


if __name__ == "__main__":
    main()
