"""A server of our own that answers as the path says, and a guard that lets it be asked."""

import http.server
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from ipaddress import ip_address

from catalog.links import Guard


class Pages(http.server.BaseHTTPRequestHandler):
    """/404 answers 404, /to/<path> leads on to <path>, /loop to itself.

    /no-head/404 answers 405 to HEAD, /shy/200 hangs up on HEAD, /false/200 says 404 to HEAD.
    """

    protocol_version = "HTTP/1.1"

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def _answer(self) -> None:
        self.server.asked.append((self.command, self.path, dict(self.headers)))
        first, *rest = self.path.lstrip("/").split("/", 1)
        if first == "to":
            return self._say(302, rest[0])
        if first == "loop":
            return self._say(301, self.path)
        if self.command == "HEAD" and first == "no-head":
            return self._say(405)
        if self.command == "HEAD" and first == "false":
            return self._say(404)
        if self.command == "HEAD" and first == "shy":
            self.close_connection = True
            return None
        words = (rest[0] if first in ("no-head", "false", "shy") else first).split("?")
        return self._say(int(words[0]) if words[0].isdecimal() else 200)

    def _say(self, status: int, location: str = "") -> None:
        self.send_response(status)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        """A test's output is not a log."""


class Server(http.server.ThreadingHTTPServer):
    """Keeps what it was asked: method, path and headers of each request."""

    daemon_threads = True

    def __init__(self, *args: object) -> None:
        self.asked: list[tuple[str, str, dict[str, str]]] = []
        super().__init__(*args)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, *_args: object) -> None:
        """Who asks may hang up when he knows enough."""


@contextmanager
def serving() -> Iterator[Server]:
    """A server for as long as the block lasts."""
    with Server(("127.0.0.1", 0), Pages) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def talking(say: Callable[[socket.socket], None]) -> Iterator[int]:
    """A port behind which each connection is given to `say`, which may say anything at all."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        done = threading.Event()

        def take() -> None:
            while not done.is_set():
                try:
                    taken, _address = listening.accept()
                except OSError:
                    return
                threading.Thread(target=serve, args=(taken,), daemon=True).start()

        def serve(taken: socket.socket) -> None:
            with taken, suppress(OSError):  # the other side may have heard enough
                say(taken)

        threading.Thread(target=take, daemon=True).start()
        try:
            yield listening.getsockname()[1]
        finally:
            done.set()
            listening.close()


def guard(*ports: int, **fields: object) -> Guard:
    """Lets this machine be asked, at these ports alone."""
    return Guard(
        ports=frozenset(ports), allows=lambda number: ip_address(number).is_loopback, **fields
    )
