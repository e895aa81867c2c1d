"""The job as RQ imports it."""

from measurements.programs.queues.done import tell


def job(number: int) -> None:
    tell(number)
