"""Messages through NATS, without JetStream."""

import sys

import nats

from measurements.programs.brokers.passing import SUBJECT, Pass, Send, measure


async def connect() -> tuple[Send, Pass]:
    connection = await nats.connect(sys.argv[1])
    subscription = await connection.subscribe(SUBJECT)

    async def send(body: bytes) -> None:
        await connection.publish(SUBJECT, body)

    async def receive() -> bytes:
        return (await subscription.next_msg(timeout=10)).data

    return send, receive


measure(connect)
