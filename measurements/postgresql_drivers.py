"""How long each driver takes to fetch and to copy the same rows."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from measurements.bench import Contender, Subject, run

ADDRESS = "host=127.0.0.1 port=5432 user=postgres"
DATABASE = "stackguide_measure"
COLUMNS = "(id int, name text, price numeric, placed_at timestamptz, active bool, score float8)"
FILL = """
INSERT INTO orders
SELECT n, 'Order ' || n, n * 7 % 9000 / 100.0,
       timestamptz '2026-11-01 00:00+00' + n * interval '1 min', n % 3 > 0, n / 7.0::float8
FROM generate_series(0, 9999) AS n
"""


@contextmanager
def database() -> Iterator[None]:
    """A database of its own, with the rows that are read and a table that takes those written."""
    with psycopg.connect(ADDRESS, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {DATABASE}")
        try:
            with psycopg.connect(f"{ADDRESS} dbname={DATABASE}", autocommit=True) as connection:
                for table in ("orders", "copied"):
                    connection.execute(f"CREATE UNLOGGED TABLE {table} {COLUMNS}")
                connection.execute(FILL)
                connection.execute("VACUUM ANALYZE orders")
            yield
        finally:
            server.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")


def measure(contender: Contender) -> dict[str, float]:
    module = f"measurements.programs.postgresql.with_{contender.technology}"
    password = os.environ.get("PGPASSWORD", "")
    return json.loads(run(contender.python("-m", module), PGPASSWORD=password))


SUBJECT = Subject(
    slug="postgresql-drivers",
    title="How long a PostgreSQL driver takes to fetch and to copy rows",
    setting=(
        "10,000 rows of six columns (integer, text, numeric, time, boolean, float) on 127.0.0.1: "
        "all fetched into Python objects, and copied from Python objects into an unlogged table by "
        "COPY (Psycopg 2 and pg8000 by way of CSV in memory); one connection, default settings; "
        "elapsed, the fastest of up to 15 after one that does not count; Psycopg 3 with its binary "
        "extra"
    ),
    units={"fetch-time": "ms for 10,000 rows", "copy-time": "ms for 10,000 rows"},
    contenders=(
        Contender("psycopg3", ("psycopg[binary]",)),
        Contender("asyncpg", ("asyncpg",)),
        Contender("psycopg2", ("psycopg2-binary",)),
        Contender("pg8000", ("pg8000",)),
    ),
    measure=measure,
    servers=("postgresql",),
    around=database,
)
