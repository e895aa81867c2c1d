"""The rows by Psycopg 2, which copies files: the rows are written as CSV first."""

import csv
import io

import psycopg2

from measurements.programs.postgresql.rows import ADDRESS, COPY, EMPTY, ROWS, SELECT, measure

connection = psycopg2.connect(**ADDRESS)
connection.autocommit = True
cursor = connection.cursor()


def fetch(query: str = SELECT) -> list:
    cursor.execute(query)
    return cursor.fetchall()


def copy() -> None:
    cursor.execute(EMPTY)
    file = io.StringIO()
    csv.writer(file).writerows(ROWS)
    file.seek(0)
    cursor.copy_expert(f"{COPY} WITH (FORMAT csv)", file)


measure(fetch, copy, lambda: fetch("SELECT count(*) FROM copied")[0][0])
