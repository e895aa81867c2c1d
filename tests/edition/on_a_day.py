"""What was written on a day."""

from collections.abc import Iterator
from contextlib import contextmanager

import time_machine

from catalog.history import editions
from catalog.models import Edition


@contextmanager
def edition(day: str) -> Iterator[None]:
    """Make what is written inside one edition of that day."""
    with (
        time_machine.travel(f"{day}T12:00:00+00:00", tick=False),
        editions.record("ada", "Secret words", Edition.Origin.ADMIN),
    ):
        yield
