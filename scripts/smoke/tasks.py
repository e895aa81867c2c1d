"""Task queues: a worker runs a task, over each broker."""

import importlib
import importlib.util
import os
import sys
from pathlib import Path

from smoke.checks import LONGEST, NAME, RABBITMQ, REDIS, check, expect, running, until, write

CELERY = f"""
    import os

    from celery import Celery

    app = Celery("{NAME}", broker=os.environ["BROKER"], backend=os.environ["BACKEND"])
    app.conf.task_default_queue = "{NAME}"
    app.conf.result_expires = 60
    app.conf.task_acks_late = True
    app.conf.task_reject_on_worker_lost = True


    @app.task
    def add(one, two):
        return one + two
"""


def forget_keys() -> None:
    """Take out of Redis what a queue left there, where the client is installed."""
    if importlib.util.find_spec("redis"):
        with importlib.import_module("redis").Redis.from_url(REDIS) as client:
            for key in client.scan_iter(f"*{NAME}*"):
                client.delete(key)


def run_celery(broker: str, backend: str) -> None:
    os.environ |= {"BROKER": broker, "BACKEND": backend}
    write("celery_app.py", CELERY)
    worker = ("celery", "-A", "celery_app", "worker", "--pool", "solo", "-n", NAME, "-l", "warning")
    sys.modules.pop("celery_app", None)
    app = importlib.import_module("celery_app")
    try:
        with running(*worker, "--without-gossip", "--without-mingle"):
            expect(app.add.delay(40, 2).get(timeout=LONGEST), 42)
    finally:
        with app.app.connection() as connection:
            connection.default_channel.queue_delete(NAME)
        app.app.close()
        forget_keys()


@check("Celery runs a task over Redis", "celery", "redis", servers=("Redis",))
def celery_over_redis() -> None:
    run_celery(REDIS, REDIS)


@check("Celery runs a task over RabbitMQ", "celery", servers=("RabbitMQ",))
def celery_over_rabbitmq() -> None:
    run_celery(RABBITMQ, "rpc://")


DRAMATIQ = """
    import os

    import dramatiq

    if os.environ["BROKER"].startswith("redis"):
        from dramatiq.brokers.redis import RedisBroker

        broker = RedisBroker(url=os.environ["BROKER"], namespace=os.environ["QUEUE"])
    else:
        from dramatiq.brokers.rabbitmq import RabbitmqBroker

        broker = RabbitmqBroker(url=os.environ["BROKER"])
    dramatiq.set_broker(broker)


    @dramatiq.actor(queue_name=os.environ["QUEUE"])
    def add(one, two, path):
        with open(path, "w") as file:
            file.write(str(one + two))
"""


def run_dramatiq(broker: str) -> None:
    os.environ |= {"BROKER": broker, "QUEUE": NAME}
    write("dramatiq_app.py", DRAMATIQ)
    sys.modules.pop("dramatiq_app", None)
    app = importlib.import_module("dramatiq_app")
    result = Path("dramatiq.txt")
    result.unlink(missing_ok=True)
    app.add.send(40, 2, str(result.absolute()))
    worker = ("dramatiq", "dramatiq_app", "--processes", "1", "--threads", "1")
    try:
        with running(*worker) as process:
            found = until(lambda: result.exists() and result.read_text(encoding="utf-8"), process)
            expect(found, "42")
    finally:
        if broker == REDIS:
            forget_keys()
        else:
            for queue in (NAME, f"{NAME}.DQ", f"{NAME}.XQ"):
                app.broker.channel.queue_delete(queue)
        app.broker.close()


@check("Dramatiq runs a task over Redis", "dramatiq", "redis", servers=("Redis",))
def dramatiq_over_redis() -> None:
    run_dramatiq(REDIS)


@check("Dramatiq runs a task over RabbitMQ", "dramatiq", servers=("RabbitMQ",))
def dramatiq_over_rabbitmq() -> None:
    run_dramatiq(RABBITMQ)
