"""Which addresses may be asked for at all, and where exactly to connect.

An address is content: somebody wrote it, or a server sent us on to it. So nothing inside our own
network is ever asked, and the connection goes to the number that was looked at: were the name
looked up a second time, it could by then mean another machine.
"""

import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import NamedTuple
from urllib.parse import SplitResult, quote, urlsplit

Number = IPv4Address | IPv6Address

DEFAULT_PORTS = {"http": 80, "https": 443}

# What stands for itself in the path and query of an address; the rest is escaped. A “%” is left
# alone: it begins what is escaped already.
PLAIN = "%/:=&?~#+!$,;'@()*[]-._"

# A gateway makes the last four bytes of such a number an IPv4 address (RFC 6052).
NAT64 = IPv6Network("64:ff9b::/96")

NO_SUCH_NAME = {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}


class NotAskedError(Exception):
    """This address is not asked for; the text says why."""


class NoSuchNameError(Exception):
    """No machine has the name that the address names."""


def is_public(number: Number) -> bool:
    """Whether a number belongs to the open network, and to one machine there."""
    if isinstance(number, IPv6Address):
        if number.is_site_local:
            return False
        if (inner := _inside(number)) is not None and not is_public(inner):
            return False
    return number.is_global and not (
        number.is_multicast
        or number.is_reserved
        or number.is_loopback
        or number.is_link_local
        or number.is_private
        or number.is_unspecified
    )


def _inside(number: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 one stands for, or is carried by."""
    if number in NAT64:
        return IPv4Address(number.packed[-4:])
    teredo = number.teredo
    return number.ipv4_mapped or number.sixtofour or (teredo and teredo[1])


@dataclass(frozen=True)
class Guard:
    """What may be asked for. Only tests, which have a server of their own, say otherwise."""

    ports: frozenset[int] = frozenset(DEFAULT_PORTS.values())
    allows: Callable[[Number], bool] = is_public
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)


class Place(NamedTuple):
    """Where to connect and what to ask for there."""

    is_secure: bool
    host: str  # as certificates name it
    port: int
    names: str  # host and port as the request names them
    target: str
    numbers: tuple[str, ...]  # each of them was looked at


def place_of(address: str, guard: Guard, until: float) -> Place:
    """Look an address up. `until` is a time of time.monotonic().

    Raises NotAskedError, NoSuchNameError, and OSError where names cannot be looked up.
    """
    parts = _parted(address)
    if parts.username is not None or parts.password is not None:
        raise NotAskedError("not asked: it carries a name or a password")
    port = DEFAULT_PORTS[parts.scheme] if parts.port is None else parts.port
    if port not in guard.ports:
        raise NotAskedError(f"not asked: it leads to port {port}")
    host = _ascii(parts.hostname or "")
    numbers = _numbers_of(host, port, until)
    # One of them inside is enough: nobody else has a reason to mix the two.
    if not all(guard.allows(ip_address(number)) for number in numbers):
        raise NotAskedError("not asked: it leads into a private network")
    names = f"[{host}]" if ":" in host else host
    return Place(
        is_secure=parts.scheme == "https",
        host=host,
        port=port,
        names=names if port == DEFAULT_PORTS[parts.scheme] else f"{names}:{port}",
        target=escaped(parts.path or "/") + (f"?{escaped(parts.query)}" if parts.query else ""),
        numbers=tuple(numbers),
    )


def escaped(text: str) -> str:
    """Part of an address in the few signs that a request may carry."""
    return quote(text, safe=PLAIN, errors="replace")


def _parted(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        _port = parts.port  # raises as well
    except ValueError:
        raise NotAskedError("not asked: it is no address") from None
    if parts.scheme not in DEFAULT_PORTS:
        raise NotAskedError("not asked: it leads to no page of the web")
    return parts


def _ascii(host: str) -> str:
    try:
        name = host if ":" in host else host.encode("idna").decode("ascii")
    except UnicodeError:
        name = ""
    if not name or not name.isprintable() or " " in name or "%" in name:
        raise NotAskedError("not asked: it names no machine")
    return name


def _numbers_of(host: str, port: int, until: float) -> list[str]:
    """Every number a name stands for, each once. The system's own look-up knows no limit of time:
    it goes on by itself where it takes too long.
    """
    answers: queue.SimpleQueue = queue.SimpleQueue()

    def look_up() -> None:
        try:
            answers.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError, ValueError) as error:
            answers.put(error)

    threading.Thread(target=look_up, daemon=True).start()
    try:
        answer = answers.get(timeout=max(0.0, until - time.monotonic()))
    except queue.Empty:
        raise TimeoutError from None
    if isinstance(answer, socket.gaierror) and answer.errno in NO_SUCH_NAME:
        raise NoSuchNameError
    if isinstance(answer, OSError):
        raise answer
    if isinstance(answer, Exception):
        raise NotAskedError("not asked: it names no machine")
    return list(dict.fromkeys(sockaddr[0] for *_rest, sockaddr in answer))
