"""The servers of this machine: whether they run, which version, and those started for a while."""

import re
import shutil
import struct
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from measurements.bench import Failure, connect, started

PORTS = {"nats": 4222, "postgresql": 5432, "rabbitmq": 5672, "redis": 6379}
# Started where they do not run; the others belong to whoever has the machine.
COMMANDS = {"nats": ["nats-server", "-a", "127.0.0.1"], "rabbitmq": ["rabbitmq-server"]}
HELLOS = {
    "nats": b"",  # it speaks first
    "postgresql": struct.pack("!ii", 23, 196608) + b"user\0postgres\0\0",
    "rabbitmq": b"AMQP\0\0\x09\x01",
    "redis": b"INFO server\r\n",
}
VERSIONS = {
    "nats": rb'"version":"([^"]+)"',
    "postgresql": rb"server_version\0([0-9.]+)",
    "rabbitmq": rb"\x07versionS....([0-9.]+)",
    "redis": rb"redis_version:([0-9.]+)",
}


def version_of(server: str, patience: float) -> str:
    """Return the version that a server tells whoever connects. Raises Failure."""
    with connect(PORTS[server], patience) as connection:
        connection.settimeout(5)
        connection.sendall(HELLOS[server])
        said = b""
        try:
            while not (found := re.search(VERSIONS[server], said, re.DOTALL)):
                part = connection.recv(65536)
                if not part:
                    break
                said += part
        except TimeoutError:
            pass
    if not found:
        raise Failure(f"{server} does not tell its version")
    return found[1].decode()


@contextmanager
def running(
    servers: tuple[str, ...], version: Callable[[str, float], str] = version_of
) -> Iterator[dict[str, str]]:
    """The versions of servers, which run until the end of the block. Raises Failure."""
    with ExitStack() as stack:
        versions = {}
        for server in servers:
            try:
                versions[server] = version(server, 0)
            except Failure:
                command = COMMANDS.get(server)
                if not command or not shutil.which(command[0]):
                    raise Failure(f"{server} does not run on port {PORTS[server]}") from None
                stack.enter_context(started(command))
                versions[server] = version(server, 60)
        yield versions
