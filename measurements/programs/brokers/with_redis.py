"""Messages through Redis, by publish and subscribe."""

import sys

import redis.asyncio

from measurements.programs.brokers.passing import SUBJECT, Pass, Send, measure


async def connect() -> tuple[Send, Pass]:
    client = redis.asyncio.Redis.from_url(sys.argv[1])
    subscriber = client.pubsub(ignore_subscribe_messages=True)
    await subscriber.subscribe(SUBJECT)
    await subscriber.get_message(timeout=5)  # that it is subscribed

    async def send(body: bytes) -> None:
        await client.publish(SUBJECT, body)

    async def receive() -> bytes:
        while not (message := await subscriber.get_message(timeout=10)):
            pass
        return message["data"]

    return send, receive


measure(connect)
