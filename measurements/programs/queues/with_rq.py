"""The job in RQ."""

from rq import Queue

from measurements.programs.queues.done import client
from measurements.programs.queues.jobs import job

queue = Queue("measure", connection=client)


def send(number: int) -> None:
    queue.enqueue(job, number, result_ttl=0)
