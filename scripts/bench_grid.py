"""What a grid costs to open and to save, beside a bare view: `make bench-grid`.

Makes tables of two sizes in a test database, in memory or beside the PostgreSQL that DATABASE_URL
names, and takes each step several times in one process. Prints queries, milliseconds (the median),
how often a bare view of the admin would fit in, and the size of the answer; asserts nothing.
"""

import os
import secrets
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

import django
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext, setup_databases, teardown_databases

SIZES = ((10, 40), (40, 20))  # rows by columns
TIMES = 5


class Cost(NamedTuple):
    """The queries and milliseconds of a step."""

    queries: int
    milliseconds: float
    kilobytes: int


def main() -> None:
    os.environ |= {
        "SECRET_KEY": secrets.token_hex(32),
        "DJANGO_SETTINGS_MODULE": "stackguide.settings",
        "HTTPS": "off",
        "ALLOWED_HOSTS": "testserver",
        "LOG_LEVEL": "ERROR",
    }
    django.setup()
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        with override_settings(STORAGES={"staticfiles": plain}):
            measure()
    finally:
        teardown_databases(databases, verbosity=0)


def measure() -> None:
    # Models exist only once Django is set up.
    from django.contrib.auth.models import User  # noqa: PLC0415

    client = Client()
    client.force_login(User.objects.create_superuser("ada"))
    bare = cost(lambda _form: client.get("/admin/password_change/"))
    print(f"  {connection.vendor:28}{'queries':>9}{'ms':>9}{'bare':>7}{'KB':>7}")
    show("a bare view of the admin", bare, bare)
    for rows, columns in SIZES:
        print(f"{rows} rows by {columns} columns")
        for name, found in steps(client, rows, columns):
            show(name, found, bare)


def steps(client: Client, rows: int, columns: int) -> Iterator[tuple[str, Cost]]:
    """What each thing costs that one can do with a table of this size."""
    from tests.admin.grid.tables import grid_of, make_large  # noqa: PLC0415
    from tests.admin.pages import read_form  # noqa: PLC0415

    comparison = make_large(rows, columns, slug=f"{rows}-by-{columns}")
    url = grid_of(comparison)
    notes = [name for name in read_form(client.get(url)) if name.startswith("note.")]
    block = "\n".join("\t".join(["4"] * columns) for _row in range(rows))

    def typing(names: list[str]) -> Callable[[int], dict[str, str]]:
        """Opens the form each time, and types something new into these notes."""
        return lambda number: read_form(client.get(url)) | dict.fromkeys(names, f"Note {number}")

    yield "the page", cost(lambda _form: client.get(url))
    yield "a row's page", cost(lambda _form: client.get(grid_of(comparison, "row-0")))
    for name, names in (
        ("save, nothing changed", []),
        ("save one cell", notes[:1]),
        ("save a cell of each row", notes[::columns]),
        ("save every cell", notes),
    ):
        yield name, cost(lambda form: client.post(url, form), typing(names))
    pasted = read_form(client.get(url)) | {"_paste": "1", "_block": block}
    yield "the preview of a block", cost(lambda _form: client.post(url, pasted))


def cost(act: Callable[[dict], object], prepare: Callable[[int], dict] = lambda _time: {}) -> Cost:
    """What an act takes, in the middle of several times; it gets what was prepared for it."""
    taken = []
    for number in range(TIMES):
        given = prepare(number)
        start = time.perf_counter()
        act(given)
        taken.append((time.perf_counter() - start) * 1000)
    given = prepare(TIMES)
    with CaptureQueriesContext(connection) as queries:
        answer = act(given)
    if answer.status_code not in (200, 302):
        sys.exit(f"A step was answered by {answer.status_code}.")
    return Cost(len(queries), statistics.median(taken), len(answer.content) // 1024)


def show(name: str, found: Cost, bare: Cost) -> None:
    ratio = found.milliseconds / bare.milliseconds
    print(
        f"  {name:28}{found.queries:>9}{found.milliseconds:>9.0f}{ratio:>7.1f}{found.kilobytes:>7}"
    )


if __name__ == "__main__":
    main()
