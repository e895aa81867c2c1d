"""The rows by asyncpg."""

import asyncio

import asyncpg

from measurements.programs.postgresql.rows import ADDRESS, EMPTY, ROWS, SELECT, measure

loop = asyncio.new_event_loop()
connection = loop.run_until_complete(asyncpg.connect(**ADDRESS))


async def write() -> None:
    await connection.execute(EMPTY)
    await connection.copy_records_to_table("copied", records=ROWS)


def count() -> int:
    return loop.run_until_complete(connection.fetchval("SELECT count(*) FROM copied"))


measure(
    lambda: loop.run_until_complete(connection.fetch(SELECT)),
    lambda: loop.run_until_complete(write()),
    count,
)
