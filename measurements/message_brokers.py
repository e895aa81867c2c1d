"""How long a message takes from its publishing to its arrival, one after another."""

import json

from measurements.bench import Contender, Subject, run

ADDRESSES = {
    "rabbitmq": "amqp://guest:guest@127.0.0.1:5672/",
    "nats": "nats://127.0.0.1:4222",
    "redis": "redis://127.0.0.1:6379/0",
    "postgresql": "host=127.0.0.1 port=5432 user=postgres dbname=postgres",
}
NOT_HERE = "Not measured: no server of it runs where this is measured."


def measure(contender: Contender) -> dict[str, float]:
    name = contender.technology
    module = f"measurements.programs.brokers.with_{name}"
    return json.loads(run(contender.python("-m", module, ADDRESSES[name])))


SUBJECT = Subject(
    slug="message-brokers",
    title="How long a message takes from its publishing to its arrival",
    setting=(
        "1,000 bytes from and to one asyncio process over 127.0.0.1, the next once the last has "
        "arrived; nothing is kept, confirmed or acknowledged: RabbitMQ by aio-pika (an exclusive "
        "queue, no publisher confirms, no_ack), NATS by nats-py without JetStream, Redis by "
        "publish and subscribe, PostgreSQL by NOTIFY with Psycopg 3; elapsed, in the fastest of up "
        "to 400 batches of 20 after one that does not count"
    ),
    units={"publish-to-receive": "ms a message"},
    contenders=(
        Contender("rabbitmq", ("aio-pika",)),
        Contender("nats", ("nats-py",)),
        Contender("redis", ("redis",)),
        Contender("postgresql", ("psycopg[binary]",)),
    ),
    measure=measure,
    unmeasured={"apache-kafka": NOT_HERE, "valkey": NOT_HERE},
    servers=("rabbitmq", "nats", "redis", "postgresql"),
    serves={name: name for name in ADDRESSES},
)
