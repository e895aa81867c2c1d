"""The job in Taskiq, on the stream broker, which acknowledges."""

import asyncio

from taskiq_redis import RedisStreamBroker

from measurements.programs.queues.done import BROKER, tell

broker = RedisStreamBroker(url=BROKER)
loop = asyncio.new_event_loop()


@broker.task
def job(number: int) -> None:
    tell(number)


def start() -> None:
    loop.run_until_complete(broker.startup())


def send(number: int) -> None:
    loop.run_until_complete(job.kiq(number))
