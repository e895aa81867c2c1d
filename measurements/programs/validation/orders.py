"""The orders that every library reads, those that it must refuse, and how it is measured."""

import contextlib
import json
import sys
from collections.abc import Callable
from typing import Any

from measurements.programs.timing import cpu, say

STATUSES = ("new", "paid", "sent")
SKU = r"[A-Z]{3}-\d{4}"


def order(number: int) -> dict[str, Any]:
    items = [
        {"sku": f"ABC-{number * 7 % 9000 + n:04}", "quantity": n + 1, "cents": 1950 + n}
        for n in range(5)
    ]
    return {
        "number": number,
        "customer": f"Customer {number}",
        "status": STATUSES[number % 3],
        "placed_at": f"2026-11-{number % 28 + 1:02}T10:15:30+00:00",
        "discount": number % 10 / 100,
        "note": None if number % 2 else "Leave it at the door",
        "items": items,
    }


ORDERS = json.dumps([order(number) for number in range(100)])
WRONG = {
    "number": "twelve",
    "customer": "c" * 101,
    "status": "lost",
    "placed_at": "yesterday",
    "discount": 1.5,
    "items": [{"sku": "abc", "quantity": 1, "cents": 1}],
}


def measure(load: Callable[[str], list], dump: Callable[[list], str | bytes], times: int) -> None:
    """Print the CPU of reading and of writing one order, once the rules are seen to hold."""
    for name, value in WRONG.items():
        with contextlib.suppress(Exception):  # each library has its own
            load(json.dumps([order(1) | {name: value}]))
            sys.exit(f"{name} may be {value!r}")
    orders = load(ORDERS)
    written = json.loads(dump(orders))
    if load(json.dumps(written)) != orders or len(written) != 100 or set(written[0]) != {*order(0)}:
        raise SystemExit(f"orders come out as {written[0]}")
    count = len(orders)
    reading = cpu(lambda: load(ORDERS), times) / count * 1000
    writing = cpu(lambda: dump(orders), times) / count * 1000
    say(validate_time=reading, serialise_time=writing)
