"""Whether one address still leads to a page: asked for politely, briefly and once.

Dead is what somebody must mend: there is no such page, no such machine, no connection that can be
trusted. Everything else that is not a page may be well again tomorrow, and decides nothing.
"""

import http.client
import io
import socket
import ssl
import time
from http import HTTPStatus
from typing import Any, NamedTuple
from urllib.parse import urljoin

from catalog.links.guarding import (
    Guard,
    NoSuchNameError,
    NotAskedError,
    Place,
    escaped,
    place_of,
)

SECONDS = 10.0
SECONDS_TO_CONNECT = 5.0
MOST_REDIRECTS = 5
MOST_BYTES = 64 * 1024
LONGEST_REASON = 200

REDIRECTS = {301, 302, 303, 307, 308}
GONE = {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}

HEADERS = {
    "User-Agent": "StackGuide link check",
    "Accept": "*/*",
    "Accept-Encoding": "identity",
    "Connection": "close",
}


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


class InsecureError(Exception):
    """No connection that can be trusted; the text says why."""


def ask(address: str, guard: Guard, seconds: float = SECONDS) -> Answer:
    """Ask for an address, and for where it leads on to, for so many seconds at most."""
    answer = _asked(address, guard, time.monotonic() + seconds)
    return answer._replace(reason=answer.reason[:LONGEST_REASON])


def _asked(address: str, guard: Guard, until: float) -> Answer:
    here = address
    try:
        for _step in range(MOST_REDIRECTS + 1):
            status, leads_to = _status_of(place_of(here, guard, until), guard, until)
            if status not in REDIRECTS or not leads_to:
                return _answer(status, here if here != address else "")
            here = urljoin(here, leads_to)
    except NotAskedError as error:
        return Answer(None, str(error))
    except NoSuchNameError:
        # Where it led on to a name that nobody has, names can be looked up at least.
        text = "there is no machine of this name"
        return Answer(False, text, is_nameless=here == address)
    except InsecureError as error:
        return Answer(False, f"no secure connection: {error}")
    except TimeoutError:
        return Answer(None, "no answer in time")
    except (OSError, http.client.HTTPException, ValueError) as error:
        # Not what the error says: it may quote what the server sent.
        reason = getattr(error, "strerror", None) or type(error).__name__
        return Answer(None, f"no answer: {reason}")
    return Answer(None, "leads on and on")


def _answer(status: int, by_way_of: str) -> Answer:
    text = f"answers {status} at {escaped(by_way_of)}" if by_way_of else f"answers {status}"
    if status in GONE:
        return Answer(False, text)
    is_page = HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES
    return Answer(True if is_page else None, text, status == HTTPStatus.TOO_MANY_REQUESTS)


def _status_of(place: Place, guard: Guard, until: float) -> tuple[int, str]:
    """The status of a page and where it leads on to.

    HEAD first, which costs next to nothing. Where it finds no page a GET must say the same: not
    every server knows HEAD, and some answer it with whatever comes to their mind.
    """
    try:
        status, leads_to = _send("HEAD", place, guard, until)
    except (http.client.BadStatusLine, ConnectionResetError):
        return _send("GET", place, guard, until)
    if status < HTTPStatus.BAD_REQUEST or status == HTTPStatus.TOO_MANY_REQUESTS:
        return status, leads_to
    return _send("GET", place, guard, until)


def _send(method: str, place: Place, guard: Guard, until: float) -> tuple[int, str]:
    """Ask once. The page itself is not read."""
    connection = http.client.HTTPConnection(place.host, place.port)
    connection.sock = _Bounded(_connect(place, guard, until), until)
    try:
        connection.putrequest(method, place.target, skip_host=True, skip_accept_encoding=True)
        for name, value in {"Host": place.names, **HEADERS}.items():
            connection.putheader(name, value)
        connection.endheaders()
        with connection.getresponse() as response:
            return response.status, _as_sent(response.getheader("Location", ""))
    finally:
        connection.close()


def _as_sent(location: str) -> str:
    """Where a server leads on to, in the signs that it meant."""
    try:
        return location.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return location


def _connect(place: Place, guard: Guard, until: float) -> socket.socket:
    """Connect to the first number that takes it. Raises InsecureError, TimeoutError, OSError."""
    refusal: OSError = TimeoutError()
    for number in place.numbers:
        try:
            seconds = min(SECONDS_TO_CONNECT, _left(until))
            plain = socket.create_connection((number, place.port), timeout=seconds)
        except OSError as error:
            refusal = error
            continue
        return _secured(plain, place, guard, until) if place.is_secure else plain
    raise refusal


def _secured(plain: socket.socket, place: Place, guard: Guard, until: float) -> socket.socket:
    try:
        plain.settimeout(_left(until))
        return guard.tls.wrap_socket(plain, server_hostname=place.host)
    except ssl.SSLCertVerificationError as error:
        plain.close()
        raise InsecureError(error.verify_message) from error
    except (ssl.SSLEOFError, ssl.SSLZeroReturnError, TimeoutError):
        plain.close()  # somebody hung up or fell asleep: that is no refusal
        raise
    except ssl.SSLError as error:
        plain.close()
        raise InsecureError((error.reason or "TLS").replace("_", " ").lower()) from error
    except OSError:
        plain.close()
        raise


def _left(until: float) -> float:
    """Seconds left. Raises TimeoutError when there are none."""
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


class _Bounded:
    """A connection as http.client uses it, that gives so many bytes in so much time and no more.

    A time-out of a socket is for one step: a server that sends a byte now and then would be
    listened to for ever.
    """

    def __init__(self, sock: socket.socket, until: float) -> None:
        self.sock = sock
        self.until = until

    def sendall(self, data: bytes) -> None:
        self.sock.settimeout(_left(self.until))
        self.sock.sendall(data)

    def makefile(self, *_args: Any) -> io.BufferedReader:
        return io.BufferedReader(_Received(self.sock, self.until))

    def close(self) -> None:
        self.sock.close()


class _Received(io.RawIOBase):
    def __init__(self, sock: socket.socket, until: float) -> None:
        self.sock = sock
        self.until = until
        self.bytes_left = MOST_BYTES

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:
        if self.bytes_left <= 0:
            raise http.client.HTTPException
        self.sock.settimeout(_left(self.until))
        count = self.sock.recv_into(buffer, min(len(buffer), self.bytes_left))
        self.bytes_left -= count
        return count
