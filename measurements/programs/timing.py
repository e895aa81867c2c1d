"""How a program takes the time of what it does."""

import json
import time
from collections.abc import Callable

# Many short ones: what slows the machine down comes and goes in parts of a second.
BATCHES = 400
ENOUGH = 3.0  # seconds, after which fewer batches do
FEWEST = 5


def cpu(work: Callable[[], object], times: int) -> float:
    """Return the milliseconds of CPU of one call, in the fastest of some batches."""
    return fastest(work, times, time.process_time)


def elapsed(work: Callable[[], object], times: int) -> float:
    """Return the milliseconds that one call takes, in the fastest of some batches."""
    return fastest(work, times, time.perf_counter)


def fastest(work: Callable[[], object], times: int, clock: Callable[[], float]) -> float:
    """Return the milliseconds of a call by a clock. The first batch does not count: it warms up.

    Not the median: whatever else the machine does can only add to what a batch takes.
    """
    found, begun = [], time.perf_counter()
    while len(found) <= FEWEST or (len(found) <= BATCHES and time.perf_counter() - begun < ENOUGH):
        start = clock()
        for _ in range(times):
            work()
        found.append((clock() - start) * 1000 / times)
    return min(found[1:])


def say(**figures: float) -> None:
    """Print what was measured, by criterion."""
    print(json.dumps({name.replace("_", "-"): value for name, value in figures.items()}))
