"""How much CPU pages cost, as multiples of a bare Django view: `make speed`.

Starts two gunicorns of one worker on 127.0.0.1: the site, over a SQLite database of its own with
comparisons of three sizes filled like real ones, and tests.bare. Asks each in turn, several short
rounds, and reads what the worker's CPU clock says. Prints medians and ratios and asserts nothing:
other work on the machine moves the figures.
"""

import gzip
import http.client
import os
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

ROUNDS = 5
REQUESTS = 40
SIZES = ((4, 5), (10, 40), (20, 40))
TICKS = os.sysconf("SC_CLK_TCK")
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
        with serve("tests.bare:application") as bare, serve("stackguide.wsgi:application") as site:
            measure(bare, site)


def fill() -> None:
    """Migrate, collect the static files into var/ and make the comparisons."""
    for command in (["migrate", "--verbosity=0"], ["collectstatic", "--no-input", "--verbosity=0"]):
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, check=True)
    subprocess.run([sys.executable, "-m", "tests.speed", "--fill"], cwd=ROOT, check=True)


def make_tables() -> None:
    """Comparisons of SIZES with every cell judged, most with a note, all with their evidence."""
    import django  # noqa: PLC0415  after main() has set where the settings find their database

    django.setup()
    from catalog.models import Cell, Comparison, Contender, Criterion, CriterionGroup  # noqa: PLC0415
    from tests.factories import make_category, make_technology  # noqa: PLC0415

    words = ("None", "Small", "Moderate", "Good", "Excellent")
    category = make_category()
    technologies = [make_technology(slug=f"tool-{n}", name=f"Tool {n}") for n in range(20)]
    for columns, rows in SIZES:
        comparison = Comparison.objects.create(
            slug=f"size-{columns}-{rows}",
            title=f"{columns} x {rows}",
            category=category,
            status="published",
        )
        contenders = [
            Contender.objects.create(
                comparison=comparison, technology=technology, position=n, versions="2.1 to 2.4"
            )
            for n, technology in enumerate(technologies[:columns])
        ]
        groups = [
            CriterionGroup.objects.create(
                comparison=comparison, slug=f"group-{n}", name=f"Group {n}", position=n
            )
            for n in range(4)
        ]
        cells = []
        for n in range(rows):
            criterion = Criterion.objects.create(
                comparison=comparison,
                group=groups[n * 4 // rows],
                slug=f"criterion-{n}",
                name=f"A criterion in words {n}",
                question=f"What is asked of every contender in row {n}?",
                kind="yes-no" if n % 4 == 3 else "rating",
                weight=1 + n % 3,
                position=n,
            )
            for m, contender in enumerate(contenders):
                rating = (4 * ((n + m) % 2)) if n % 4 == 3 else (n * 7 + m * 3) % 5
                if (n * 20 + m) % 13 == 0:
                    cells.append(Cell(criterion=criterion, contender=contender, state="unknown"))
                    continue
                cells.append(
                    Cell(
                        criterion=criterion,
                        contender=contender,
                        rating=rating,
                        word=("No", "", "", "", "Yes")[rating] if n % 4 == 3 else words[rating],
                        note=f"Since {1 + m}.{n}, by default" if (n + m) % 2 else "",
                        source=f"https://docs.example.org/tool-{m}/chapter-{n // 3}.html",
                        verified_on=date(2026, 11, 1 + n % 20),
                        verified_by="The editors",
                    )
                )
        Cell.objects.bulk_create(cells)


@contextmanager
def serve(application: str) -> Iterator[tuple[int, int]]:
    """A gunicorn of one worker; gives its port and the worker's process id."""
    arguments = ["--config", "stackguide/gunicorn.conf.py", "--bind", "127.0.0.1:0", "--preload"]
    environment = {**os.environ, "PORT": str(free_port())}
    command = [sys.executable, "-m", "gunicorn", *arguments[:2], application]
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        yield int(environment["PORT"]), worker_of(process.pid, int(environment["PORT"]))
    finally:
        process.terminate()
        process.wait(timeout=30)


def free_port() -> int:
    import socket  # noqa: PLC0415

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
