"""Passes messages one after another, and measures how long one takes."""

import asyncio
from collections.abc import Awaitable, Callable

from measurements.programs.timing import elapsed, say

MESSAGE = b"m" * 1000
MESSAGES = 20  # in a batch
SUBJECT = "stackguide_measure"

Send = Callable[[bytes], Awaitable[object]]
Pass = Callable[[], Awaitable[bytes]]
loop = asyncio.new_event_loop()


def measure(connect: Callable[[], Awaitable[tuple[Send, Pass]]]) -> None:
    """Print the milliseconds from the sending of a message to its arrival."""
    send, receive = loop.run_until_complete(connect())

    async def pass_messages() -> None:
        for _ in range(MESSAGES):
            await send(MESSAGE)
            if await asyncio.wait_for(receive(), 10) != MESSAGE:
                raise SystemExit("another message arrives")

    taken = elapsed(lambda: loop.run_until_complete(pass_messages()), 1) / MESSAGES
    say(publish_to_receive=taken)
