"""The rows by Psycopg 3."""

import psycopg

from measurements.programs.postgresql.rows import ADDRESS, COPY, EMPTY, ROWS, SELECT, measure

address = {("dbname" if key == "database" else key): value for key, value in ADDRESS.items()}
connection = psycopg.connect(**address, autocommit=True)


def fetch() -> list:
    return connection.execute(SELECT).fetchall()


def copy() -> None:
    connection.execute(EMPTY)
    with connection.cursor() as cursor, cursor.copy(COPY) as copying:
        for row in ROWS:
            copying.write_row(row)


measure(fetch, copy, lambda: connection.execute("SELECT count(*) FROM copied").fetchone()[0])
