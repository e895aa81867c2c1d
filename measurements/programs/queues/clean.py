"""Takes what the queues left out of RabbitMQ again."""

import sys

from kombu import Connection

CELERY, DRAMATIQ = "stackguide_measure_celery", "stackguide_measure_dramatiq"

with Connection(sys.argv[1]) as connection:
    channel = connection.default_channel
    for name in (CELERY, *(f"{DRAMATIQ}{end}" for end in ("", ".DQ", ".XQ"))):
        channel.queue_delete(name)
    channel.exchange_delete(CELERY)
