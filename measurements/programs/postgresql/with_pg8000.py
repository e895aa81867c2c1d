"""The rows by pg8000, which copies streams: the rows are written as CSV first."""

import csv
import io

import pg8000.native

from measurements.programs.postgresql.rows import ADDRESS, COPY, EMPTY, ROWS, SELECT, measure

connection = pg8000.native.Connection(**ADDRESS)


def copy() -> None:
    connection.run(EMPTY)
    file = io.StringIO()
    csv.writer(file).writerows(ROWS)
    file.seek(0)
    connection.run(f"{COPY} WITH (FORMAT csv)", stream=file)


measure(
    lambda: connection.run(SELECT),
    copy,
    lambda: connection.run("SELECT count(*) FROM copied")[0][0],
)
