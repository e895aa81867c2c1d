"""Messages through RabbitMQ by aio-pika: neither kept on disk nor acknowledged."""

import asyncio
import sys

import aio_pika

from measurements.programs.brokers.passing import Pass, Send, measure


async def connect() -> tuple[Send, Pass]:
    connection = await aio_pika.connect(sys.argv[1])
    channel = await connection.channel(publisher_confirms=False)
    queue = await channel.declare_queue(exclusive=True)
    arrived: asyncio.Queue[bytes] = asyncio.Queue()

    async def receive(message: aio_pika.abc.AbstractIncomingMessage) -> None:
        arrived.put_nowait(message.body)

    async def send(body: bytes) -> None:
        await channel.default_exchange.publish(aio_pika.Message(body), queue.name)

    await queue.consume(receive, no_ack=True)
    return send, arrived.get


measure(connect)
