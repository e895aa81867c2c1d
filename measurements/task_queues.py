"""How long a small job takes from its sending to its end, one after another."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import redis

from measurements.bench import Contender, Failure, Subject, run, started

REDIS = "redis://127.0.0.1:6379/14"
RABBITMQ = "amqp://guest:guest@127.0.0.1:5672/%2F"
MARK = "stackguide-measure"
HERE = "measurements.programs.queues"
WORKERS = {
    "celery": ("-A", f"{HERE}.with_celery", "worker", "--concurrency=1", "--loglevel=ERROR"),
    "rq": ("worker", "--url", REDIS, "--quiet", "measure"),
    "dramatiq": ("--processes=1", "--threads=1", f"{HERE}.with_dramatiq"),
    "taskiq": ("worker", "--workers=1", "--log-level=ERROR", f"{HERE}.with_taskiq:broker"),
}
TIMES = {"rq": 4}  # it starts a process for each job
ON_RABBITMQ = ("celery", "dramatiq")


@contextmanager
def database() -> Iterator[None]:
    """A Redis database of its own, which is emptied. Raises Failure."""
    with redis.Redis.from_url(REDIS) as client:
        if client.dbsize() and not client.exists(MARK):
            raise Failure(f"{REDIS} holds something; empty it first")
        try:
            yield
        finally:
            client.flushdb()
            celery = SUBJECT.contenders[0]
            run(celery.python("-m", f"{HERE}.clean", RABBITMQ))


def measure(contender: Contender) -> dict[str, float]:
    figures = {"job-time": job_time(contender, REDIS)}
    if contender.technology in ON_RABBITMQ:
        figures["job-time-rabbitmq"] = job_time(contender, RABBITMQ)
    return figures


def job_time(contender: Contender, broker: str) -> float:
    with redis.Redis.from_url(REDIS) as client:
        client.flushdb()
        client.set(MARK, "")
    name, extra = contender.technology, {"MEASURE_REDIS": REDIS, "MEASURE_BROKER": broker}
    with started([contender.programs / name, *WORKERS[name]], **extra):
        program = contender.python("-m", f"{HERE}.send", name, str(TIMES.get(name, 20)))
        return json.loads(run(program, **extra))["job-time"]


SUBJECT = Subject(
    slug="task-queues",
    title="How long a small job takes from its sending to its end",
    setting=(
        "Redis on 127.0.0.1, one worker process, default settings, no results; a job writes one "
        "entry to a Redis list and the sender waits for it before it sends the next; elapsed, "
        "in the fastest of as many batches of 20 (RQ: 4) as fit three seconds, after one that does "
        "not count; RQ starts a process for each job; Taskiq on its stream broker; "
        "job-time-rabbitmq: the same on "
        "RabbitMQ"
    ),
    units={"job-time": "ms a job", "job-time-rabbitmq": "ms a job"},
    contenders=(
        Contender("celery", ("celery[redis]",)),
        Contender("rq", ("rq",)),
        Contender("dramatiq", ("dramatiq[redis,rabbitmq]",)),
        Contender("taskiq", ("taskiq", "taskiq-redis")),
    ),
    measure=measure,
    servers=("redis", "rabbitmq"),
    around=database,
)
