"""Sends jobs one after another by the queue that it is told; prints what one takes."""

import importlib
import itertools
import sys

from measurements.programs.queues.done import wait
from measurements.programs.timing import elapsed, say

name, times = sys.argv[1], int(sys.argv[2])
queue = importlib.import_module(f"measurements.programs.queues.with_{name}")
numbers = itertools.count()


def send_one() -> None:
    number = next(numbers)
    queue.send(number)
    if wait() != number:
        raise SystemExit("the jobs come in another order")


if start := getattr(queue, "start", None):
    start()
send_one()  # the worker is there
say(job_time=elapsed(send_one, times))
