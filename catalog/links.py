"""Whether the addresses that the content names still lead anywhere: asked politely and briefly.

An address is content: somebody wrote it, or a server redirected to it. So nothing inside our own
network is ever asked: what a host name resolves to is judged at connect, and the connection goes to
the IP address that was judged. Looked up a second time, the name could mean another machine.

Dead is what somebody must mend: there is no such page, no such machine, no connection that can be
trusted. Everything else that is not a page may be well again tomorrow, and decides nothing. What is
found is kept, within bounds; no content is written, so no edition comes of it.
"""

import socket
import ssl
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from http.client import RemoteDisconnected
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any, NamedTuple
from urllib.parse import quote, urljoin, urlsplit

import httpcore
from django.db import models, transaction
from django.utils import timezone

from catalog.history import documents
from catalog.models import CONTENT, ContentModel, Link, ThingKey

AT_ONCE = 8
OLDER_THAN = timedelta(days=7)

NEVER = datetime.min.replace(tzinfo=UTC)
SCHEMES = ("http://", "https://")

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


class Checked(NamedTuple):
    """An address that was asked for, and the things that name it."""

    address: str
    answer: Answer
    things: list[ThingKey]


@dataclass
class Report:
    """What one run found."""

    checked: list[Checked] = field(default_factory=list)
    left: int = 0  # due, but nothing is known of them this time
    nameless: int = 0  # those of them whose names could not be told from a broken network
    forgotten: int = 0  # asked for once, and no longer named

    def those(self, is_alive: bool | None) -> list[Checked]:
        """Return the addresses found alive, or dead, or of which nothing was found."""
        return [one for one in self.checked if one.answer.is_alive is is_alive]


def named() -> dict[str, set[ThingKey]]:
    """Return each address with the things that hold it, drafts too. A query a field and owner."""
    found: dict[str, set[ThingKey]] = defaultdict(set)
    for model in CONTENT:
        for each in address_fields(model):
            for kind, path in model.owner_slugs():
                rows = model._base_manager.order_by().exclude(**{each.name: ""})
                for address, slug in rows.values_list(each.name, path).iterator():
                    if address.startswith(SCHEMES):
                        found[address].add(ThingKey(kind, slug))
    return dict(found)


def address_fields(model: type[ContentModel]) -> list[models.URLField]:
    """Return the model's fields that hold an address."""
    return [field for field in model._meta.concrete_fields if isinstance(field, models.URLField)]


def check(
    *,
    at_once: int = AT_ONCE,
    limit: int | None = None,
    older_than: timedelta = OLDER_THAN,
    dry_run: bool = False,
    guard: Guard | None = None,
) -> Report:
    """Ask for the addresses that were not asked for lately, those longest ago first.

    `limit` is the number of addresses in this run. With `dry_run` nothing is kept.
    """
    things = named()
    report = Report(forgotten=_forget(things, dry_run=dry_run))
    last = dict(Link.objects.order_by().values_list("address", "checked_on"))
    if not dry_run:
        new = (Link(address=address) for address in sorted(things) if address not in last)
        Link.objects.bulk_create(new, batch_size=documents.BATCH, ignore_conflicts=True)
    before = timezone.now() - older_than
    due = sorted((last.get(address) or NEVER, address) for address in things)
    due = [address for checked_on, address in due if checked_on <= before]

    # Without a way out some systems say of every name that nobody has it. One run on a machine that
    # is cut off would find the whole guide dead: such an answer waits until another is certain.
    waiting: list[tuple[str, Answer]] = []
    has_network = False
    for one in _answers(due[:limit], at_once, guard or Guard()):
        has_network = has_network or one[1].is_certain
        if one[1].is_nameless and not has_network:
            waiting.append(one)
            continue
        settled, waiting = ([*waiting, one], []) if has_network else ([one], waiting)
        for address, answer in settled:
            report.checked.append(Checked(address, answer, sorted(things[address])))
            if not dry_run:
                _keep(address, answer)
    report.checked.sort()
    report.nameless = len(waiting)
    report.left = len(due) - len(report.checked)
    return report


def _forget(things: dict[str, set[ThingKey]], *, dry_run: bool) -> int:
    links = Link.objects.order_by().values_list("pk", "address")
    gone = [pk for pk, address in links if address not in things]
    if not dry_run:
        for batch in documents.in_batches(gone):
            Link.objects.filter(pk__in=batch).delete()
    return len(gone)


def _keep(address: str, answer: Answer) -> None:
    """Save what became of an address; a state that lasts keeps the day it began."""
    now = timezone.now()
    with transaction.atomic():
        link = Link.objects.select_for_update().filter(address=address).first()
        if link is None:
            return  # somebody else found it named no longer
        if answer.is_alive is not None and answer.is_alive is not link.is_alive:
            link.is_alive, link.since = answer.is_alive, now
        link.reason, link.checked_on = answer.reason, now
        link.save()


def _answers(addresses: list[str], at_once: int, guard: Guard) -> Iterator[tuple[str, Answer]]:
    """Yield each address with its answer, as they come. No machine is asked twice at once."""
    machines = defaultdict(list)
    for address in addresses:
        machine = ""
        with suppress(ValueError):
            machine = (urlsplit(address).hostname or "").lower()
        machines[machine].append(address)
    stop = threading.Event()

    def ask_machine(addresses: list[str]) -> list[tuple[str, Answer]]:
        found = []
        for address in addresses:
            if stop.is_set():
                break
            answer = ask(address, guard)
            found.append((address, answer))
            if answer.is_tired:
                break  # the others wait for the next run
        return found

    with ThreadPoolExecutor(at_once) as pool:
        jobs = [pool.submit(ask_machine, same) for same in machines.values()]
        try:
            for job in as_completed(jobs):
                yield from job.result()
        finally:
            # Also where whoever asks has gone: what runs is waited for, what waits is dropped.
            stop.set()
            pool.shutdown(wait=False, cancel_futures=True)


# One address --------------------------------------------------------------------------------------


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
    header = f"[{host}]" if ":" in host else host
    header += "" if port == DEFAULT_PORTS[parts.scheme] else f":{port}"
    return httpcore.URL(scheme=parts.scheme, host=host, port=port, target=target), header


def _escape(text: str) -> str:
    return quote(text, safe=UNESCAPED, errors="replace")


def _request(pool: httpcore.ConnectionPool, url: httpcore.URL, host: str) -> tuple[int, str]:
    """Return the status of a page and where it redirects to.

    HEAD first, which costs next to nothing; where it finds no page a GET must say the same.
    """
    with suppress(httpcore.RemoteProtocolError, httpcore.ReadError):
        status, location = _send(pool, "HEAD", url, host)
        if status < HTTPStatus.BAD_REQUEST or status == HTTPStatus.TOO_MANY_REQUESTS:
            return status, location
    return _send(pool, "GET", url, host)


def _send(
    pool: httpcore.ConnectionPool, method: str, url: httpcore.URL, host: str
) -> tuple[int, str]:
    with pool.stream(method, url, headers={"Host": host, **HEADERS}) as response:
        headers = {name.lower(): value for name, value in response.headers}
    location = headers.get(b"location", b"")
    with suppress(UnicodeError):
        return response.status, location.decode()
    return response.status, location.decode("latin-1")


class GuardedBackend(httpcore.NetworkBackend):
    """Connects to what a guard allows, until a time of time.monotonic()."""

    def __init__(self, guard: Guard, until: float) -> None:
        self.guard = guard
        self.until = until
        self.backend = httpcore.SyncBackend()

    def connect_tcp(self, host: str, port: int, **_options: Any) -> httpcore.NetworkStream:
        """Connect to the first IP address of a host that takes it."""
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

    The time-outs of httpcore are for one step each, and a server may send a byte now and then.
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
