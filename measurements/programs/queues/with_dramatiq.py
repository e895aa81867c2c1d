"""The job in Dramatiq."""

import dramatiq
from dramatiq.brokers.rabbitmq import RabbitmqBroker
from dramatiq.brokers.redis import RedisBroker

from measurements.programs.queues.done import BROKER, tell

broker_class = RedisBroker if BROKER.startswith("redis") else RabbitmqBroker
dramatiq.set_broker(broker_class(url=BROKER))


@dramatiq.actor(queue_name="stackguide_measure_dramatiq")
def job(number: int) -> None:
    tell(number)


def send(number: int) -> None:
    job.send(number)
