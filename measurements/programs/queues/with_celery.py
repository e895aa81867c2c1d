"""The job in Celery."""

from celery import Celery

from measurements.programs.queues.done import BROKER, tell

app = Celery("measure", broker=BROKER)
app.conf.task_ignore_result = True
app.conf.task_default_queue = "stackguide_measure_celery"
app.conf.worker_hijack_root_logger = False


@app.task(name="job")
def job(number: int) -> None:
    tell(number)


def send(number: int) -> None:
    job.delay(number)
