"""Whether one address still leads to a page: asked for politely, briefly and once.

An address is content: somebody wrote it, or a server redirected to it. So nothing inside our own
network is ever asked: what a host name resolves to is judged at connect, and the connection goes to
the IP address that was judged. Looked up a second time, the name could mean another machine.

Dead is what somebody must mend: there is no such page, no such machine, no connection that can be
trusted. Everything else that is not a page may be well again tomorrow, and decides nothing.
"""

import socket
import ssl
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import RemoteDisconnected
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any, NamedTuple
from urllib.parse import quote, urljoin, urlsplit

import httpcore

SECONDS = 10.0
SECONDS_TO_CONNECT = 5.0
MOST_REDIRECTS = 5
MOST_BYTES = 64 * 1024
LONGEST_REASON = 200

DEFAULT_PORTS = {"http": 80, "https": 443}
REDIRECTS = {301, 302, 303, 307, 308}
GONE = {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}
NO_SUCH_NAME = {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}

HEADERS = {
    "User-Agent": "StackGuide link check",
    "Accept": "*/*",
    "Accept-Encoding": "identity",
    "Connection": "close",
}

# What stays as it is in the path and query of an address; the rest is percent-encoded. A “%” begins
# what is encoded already.
UNESCAPED = "%/:=&?~#+!$,;'@()*[]-._"


class Answer(NamedTuple):
    """What became of an address; None where the answer decides nothing."""

    is_alive: bool | None
    reason: str
    is_tired: bool = False  # the machine asks to be left alone for now
    is_nameless: bool = False  # nobody knows the name, or nobody can be asked for names

    @property
    def is_certain(self) -> bool:
        """Whether it says of the address, and of no more than that, that it is alive or dead."""
        return self.is_alive is not None and not self.is_nameless


class NotAskedError(Exception):
    """This address is not asked for; the text says why."""


def is_public(ip: IPv4Address | IPv6Address) -> bool:
    """Return whether an IP address belongs to the open network, and to one machine there."""
    if isinstance(ip, IPv6Address) and (
        # An IPv4 address inside leads wherever that one does.
        ip.ipv4_mapped or ip.sixtofour or ip.teredo or ip.is_site_local
    ):
        return False
    # What is private, loopback or link-local is not global.
    return ip.is_global and not (ip.is_multicast or ip.is_reserved)


@dataclass(frozen=True)
class Guard:
    """What may be asked for. Only tests, which have a server of their own, say otherwise."""

    ports: frozenset[int] = frozenset(DEFAULT_PORTS.values())
    allows: Callable[[IPv4Address | IPv6Address], bool] = is_public
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)


def ask(address: str, guard: Guard, seconds: float = SECONDS) -> Answer:
    """Ask for an address, and for where it redirects to, for so many seconds at most."""
    backend = GuardedBackend(guard, time.monotonic() + seconds)
    with httpcore.ConnectionPool(ssl_context=guard.tls, network_backend=backend) as pool:
        answer = _follow(pool, address, guard)
    return answer._replace(reason=answer.reason[:LONGEST_REASON])


def _follow(pool: httpcore.ConnectionPool, address: str, guard: Guard) -> Answer:
    here = address
    try:
        for _step in range(MOST_REDIRECTS + 1):
            status, location = _request(pool, *_parse(here, guard))
            if status not in REDIRECTS or not location:
                return _judge(status, here if here != address else "")
            here = urljoin(here, location)
    except NotAskedError as error:
        return Answer(None, f"not asked: {error}")
    except (TimeoutError, httpcore.TimeoutException):
        return Answer(None, "no answer in time")
    except (OSError, ValueError, httpcore.NetworkError, httpcore.ProtocolError) as error:
        answer = _explain(error)
        # Where it redirected to a name that nobody has, names can be looked up at least.
        return answer._replace(is_nameless=answer.is_nameless and here == address)
    return Answer(None, "leads on and on")


def _judge(status: int, by_way_of: str) -> Answer:
    text = f"answers {status} at {_escape(by_way_of)}" if by_way_of else f"answers {status}"
    if status in GONE:
        return Answer(False, text)
    is_page = HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES
    return Answer(True if is_page else None, text, status == HTTPStatus.TOO_MANY_REQUESTS)


def _explain(error: Exception) -> Answer:
    """Return why there was no answer: in the words of this system, never of the server."""
    # httpcore's errors hold the one that they stand for.
    cause = next((one for one in (error, *error.args) if isinstance(one, OSError)), error)
    if isinstance(cause, socket.gaierror) and cause.errno in NO_SUCH_NAME:
        return Answer(False, "there is no machine of this name", is_nameless=True)
    is_handshake = isinstance(error, httpcore.ConnectError) and isinstance(cause, ssl.SSLError)
    # Somebody who hangs up in the middle of it has refused nothing.
    if is_handshake and not isinstance(cause, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        reason = (cause.reason or "TLS").replace("_", " ").lower()
        return Answer(False, f"no secure connection: {getattr(cause, 'verify_message', reason)}")
    name = "HTTPException" if isinstance(cause, httpcore.ProtocolError) else type(cause).__name__
    return Answer(None, f"no answer: {getattr(cause, 'strerror', None) or name}")


def _parse(address: str, guard: Guard) -> tuple[httpcore.URL, str]:
    """Return what an address requests and of which host. Raises NotAskedError."""
    try:
        parts = urlsplit(address)
        port = DEFAULT_PORTS.get(parts.scheme) if parts.port is None else parts.port
    except ValueError:
        raise NotAskedError("it is no address") from None
    if parts.scheme not in DEFAULT_PORTS:
        raise NotAskedError("it leads to no page of the web")
    if "@" in parts.netloc:
        raise NotAskedError("it carries a name or a password")
    if port not in guard.ports:
        raise NotAskedError(f"it leads to port {port}")
    name = parts.hostname or ""
    try:
        host = name if ":" in name else name.encode("idna").decode("ascii")
    except UnicodeError:
        host = ""
    if not host or not (host.isascii() and host.isprintable()) or " " in host or "%" in host:
        raise NotAskedError("it names no machine")
    target = _escape(parts.path or "/") + (f"?{_escape(parts.query)}" if parts.query else "")
    named = f"[{host}]" if ":" in host else host
    named = named if port == DEFAULT_PORTS[parts.scheme] else f"{named}:{port}"
    return httpcore.URL(scheme=parts.scheme, host=host, port=port, target=target), named


def _escape(text: str) -> str:
    return quote(text, safe=UNESCAPED, errors="replace")


def _request(pool: httpcore.ConnectionPool, url: httpcore.URL, host: str) -> tuple[int, str]:
    """Return the status of a page and where it redirects to.

    HEAD first, which costs next to nothing. Where it finds no page a GET must say the same: not
    every server knows HEAD, and some answer it with whatever comes to their mind.
    """
    with suppress(httpcore.RemoteProtocolError, httpcore.ReadError):
        status, location = _send(pool, "HEAD", url, host)
        if status < HTTPStatus.BAD_REQUEST or status == HTTPStatus.TOO_MANY_REQUESTS:
            return status, location
    return _send(pool, "GET", url, host)


def _send(
    pool: httpcore.ConnectionPool, method: str, url: httpcore.URL, host: str
) -> tuple[int, str]:
    """Send one request. The page itself is not read."""
    with pool.stream(method, url, headers={"Host": host, **HEADERS}) as response:
        headers = {name.lower(): value for name, value in response.headers}
    location = headers.get(b"location", b"")
    try:
        return response.status, location.decode()
    except UnicodeError:
        return response.status, location.decode("latin-1")


class GuardedBackend(httpcore.NetworkBackend):
    """Connects to what a guard allows, until a time of time.monotonic()."""

    def __init__(self, guard: Guard, until: float) -> None:
        self.guard = guard
        self.until = until
        self.backend = httpcore.SyncBackend()

    def connect_tcp(self, host: str, port: int, **_options: Any) -> httpcore.NetworkStream:
        """Connect to the first IP address of a host that takes it.

        Raises NotAskedError, TimeoutError, OSError of the look-up, and the backend's errors.
        """
        ips = _resolve(host, port, _left(self.until))
        # One of them inside is enough: nobody else has a reason to mix the two.
        if not all(self.guard.allows(ip_address(ip)) for ip in ips):
            raise NotAskedError("it leads into a private network")
        refusal: Exception = TimeoutError()
        for ip in ips:
            seconds = min(SECONDS_TO_CONNECT, _left(self.until))
            try:
                stream = self.backend.connect_tcp(ip, port, seconds)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                refusal = error
            else:
                return BoundedStream(stream, self.until)
        raise refusal


class BoundedStream(httpcore.NetworkStream):
    """A stream that gives so many bytes in so much time and no more.

    The time-outs of httpcore are for one step each: a server that sends a byte now and then would
    be listened to for ever. So they are not used.
    """

    def __init__(self, stream: httpcore.NetworkStream, until: float) -> None:
        self.stream = stream
        self.until = until
        self.bytes_left = MOST_BYTES

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if self.bytes_left <= 0:
            raise httpcore.ProtocolError
        data = self.stream.read(min(max_bytes, self.bytes_left), _left(self.until))
        if not data:  # and the answer is not there yet: nothing is read after it
            raise httpcore.ReadError(RemoteDisconnected())
        self.bytes_left -= len(data)
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.stream.write(buffer, _left(self.until))

    def close(self) -> None:
        self.stream.close()

    def start_tls(self, **options: Any) -> httpcore.NetworkStream:
        options["timeout"] = max(self.until - time.monotonic(), 0.001)  # 0 would mean: do not wait
        return BoundedStream(self.stream.start_tls(**options), self.until)

    def get_extra_info(self, info: str) -> Any:
        return self.stream.get_extra_info(info)


def _left(until: float) -> float:
    """Return the seconds left. Raises TimeoutError when there are none."""
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _resolve(host: str, port: int, seconds: float) -> list[str]:
    """Return every IP address of a host, each once.

    The system's own look-up knows no limit of time: it goes on by itself where it takes too long.
    Raises NotAskedError, TimeoutError, and OSError where the name is not found.
    """
    found: Future[list[tuple]] = Future()

    def look_up() -> None:
        try:
            found.set_result(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except Exception as error:
            found.set_exception(error)

    threading.Thread(target=look_up, daemon=True).start()
    try:
        return list(dict.fromkeys(sockaddr[0] for *_rest, sockaddr in found.result(seconds)))
    except ValueError:
        raise NotAskedError("it names no machine") from None
