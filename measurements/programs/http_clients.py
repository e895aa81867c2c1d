"""Asks the tiny server by the client that it is told; prints the CPU that a request takes."""

import asyncio
import importlib
import json
import sys
from typing import Any

from measurements.programs.timing import cpu, say

REQUESTS = 20  # in a batch
LENGTH = 30


def use_httpx(module: str, url: str) -> float:
    with importlib.import_module(module).Client() as client:
        return cpu(lambda: expect(client.get(url).json()), REQUESTS)


def use_requests(module: str, url: str) -> float:
    with importlib.import_module(module).Session() as session:
        return cpu(lambda: expect(session.get(url).json()), REQUESTS)


def use_urllib3(module: str, url: str) -> float:
    with importlib.import_module(module).PoolManager() as pool:
        return cpu(lambda: expect(pool.request("GET", url).json()), REQUESTS)


def use_aiohttp(module: str, url: str) -> float:
    session_class, loop = importlib.import_module(module).ClientSession, asyncio.new_event_loop()

    async def open_session() -> Any:
        return session_class()

    async def ask() -> None:
        for _ in range(REQUESTS):
            async with session.get(url) as response:
                expect(await response.json())

    session = loop.run_until_complete(open_session())
    try:
        return cpu(lambda: loop.run_until_complete(ask()), 1) / REQUESTS
    finally:
        loop.run_until_complete(session.close())


def expect(body: dict) -> None:
    if len(body["orders"]) != LENGTH:
        sys.exit(f"an answer of another length: {json.dumps(body)}")


USES = {
    "aiohttp": use_aiohttp,
    "httpx": use_httpx,
    "httpx2": use_httpx,
    "niquests": use_requests,
    "requests": use_requests,
    "urllib3": use_urllib3,
}

if __name__ == "__main__":
    name, address = sys.argv[1:]
    say(cpu_per_request=USES[name](name, address))
