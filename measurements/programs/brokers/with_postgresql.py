"""Messages through PostgreSQL, by NOTIFY and LISTEN with Psycopg 3."""

import sys

import psycopg

from measurements.programs.brokers.passing import SUBJECT, Pass, Send, measure


async def connect() -> tuple[Send, Pass]:
    sender = await psycopg.AsyncConnection.connect(sys.argv[1], autocommit=True)
    listener = await psycopg.AsyncConnection.connect(sys.argv[1], autocommit=True)
    await listener.execute(f"LISTEN {SUBJECT}")

    async def send(body: bytes) -> None:
        await sender.execute("SELECT pg_notify(%s, %s)", (SUBJECT, body.decode()))

    async def receive() -> bytes:
        async for notify in listener.notifies(timeout=10, stop_after=1):
            return notify.payload.encode()
        raise SystemExit("no message arrives")

    return send, receive


measure(connect)
