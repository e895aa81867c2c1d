"""The rows that every driver reads and writes, and how it is measured."""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from measurements.programs.timing import elapsed, say

COUNT = 10_000
SELECT = "SELECT id, name, price, placed_at, active, score FROM orders ORDER BY id"
EMPTY = "TRUNCATE copied"
COPY = "COPY copied (id, name, price, placed_at, active, score) FROM STDIN"
ADDRESS = {
    "host": "127.0.0.1",
    "port": 5432,
    "user": "postgres",
    "password": os.environ.get("PGPASSWORD", ""),
    "database": "stackguide_measure",
}
START = datetime(2026, 11, 1, tzinfo=UTC)
ROWS = [
    (n, f"Order {n}", Decimal(n * 7 % 9000) / 100, START + timedelta(minutes=n), n % 3 > 0, n / 7)
    for n in range(COUNT)
]


def measure(
    fetch: Callable[[], list], copy: Callable[[], object], count: Callable[[], int]
) -> None:
    """Print what fetching and copying all rows takes, once both are seen to be right."""
    copy()
    if [tuple(row) for row in fetch()] != ROWS or count() != COUNT:
        raise SystemExit("the rows are others")
    say(fetch_time=elapsed(fetch, 1), copy_time=elapsed(copy, 1))
