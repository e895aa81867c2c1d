"""What an answer means, and that no answer costs more than it may."""

import shutil
import socket
import ssl
import subprocess
import threading
import time
from pathlib import Path
from typing import Any

import httpcore
import pytest

from catalog.links import LONGEST_REASON, MOST_BYTES, Answer, Guard, ask
from tests.links.serving import Server, guard, serving, talking


def ask_of(server: Server, path: str) -> Answer:
    return ask(f"{server.address}{path}", guard(server.server_port))


@pytest.mark.parametrize(
    ("status", "is_alive"),
    [
        *((200, True), (204, True), (206, True)),
        *((404, False), (410, False)),
        *((304, None), (400, None), (401, None), (403, None), (451, None)),
        *((500, None), (502, None), (503, None)),
    ],
)
def test_a_status_means_alive_or_dead_or_nothing(server, status, is_alive):
    assert ask_of(server, f"/{status}") == Answer(is_alive, f"answers {status}")


def test_who_is_asked_too_often_says_so(server):
    assert ask_of(server, "/429") == Answer(None, "answers 429", is_tired=True)
    assert [method for method, *_rest in server.asked] == ["HEAD"]


def test_a_page_is_asked_for_with_head_alone(server):
    ask_of(server, "/200?a=b#c")

    [(method, path, headers)] = server.asked
    assert (method, path) == ("HEAD", "/200?a=b")
    assert headers == {
        "Host": f"127.0.0.1:{server.server_port}",
        "User-Agent": "StackGuide link check",
        "Accept": "*/*",
        "Accept-Encoding": "identity",
        "Connection": "close",
    }


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/no-head/200", Answer(True, "answers 200")),
        ("/no-head/404", Answer(False, "answers 404")),
        ("/shy/200", Answer(True, "answers 200")),
        ("/false/200", Answer(True, "answers 200")),
        ("/404", Answer(False, "answers 404")),
    ],
)
def test_who_does_not_know_head_is_asked_with_get(server, path, answer):
    assert ask_of(server, path) == answer
    assert [method for method, *_rest in server.asked] == ["HEAD", "GET"]


# Where it leads on to ---------------------------------------------------------------------------


def test_where_it_leads_on_to_decides_and_is_named(server):
    here = server.address

    assert ask_of(server, "/to//200") == Answer(True, f"answers 200 at {here}/200")
    assert ask_of(server, "/to/404") == Answer(None, "leads on and on")  # /to/404 leads to itself
    assert ask_of(server, f"/to/{here}/404") == Answer(False, f"answers 404 at {here}/404")


def test_it_leads_on_five_times_and_no_more(server):
    five, six = "/to/" * 5 + "/200", "/to/" * 6 + "/200"

    assert ask_of(server, five).is_alive is True
    assert ask_of(server, six) == Answer(None, "leads on and on")
    server.asked.clear()
    assert ask_of(server, "/loop") == Answer(None, "leads on and on")
    assert len(server.asked) == 6


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("http://10.0.0.1:{port}/", "not asked: it leads into a private network"),
        ("http://127.0.0.1:22/", "not asked: it leads to port 22"),
        ("https://ada:secret@127.0.0.1:{port}/", "not asked: it carries a name or a password"),
        ("file:///etc/passwd", "not asked: it leads to no page of the web"),
    ],
)
def test_each_step_is_looked_at_anew(server, location, reason):
    location = location.format(port=server.server_port)

    assert ask_of(server, f"/to/{location}") == Answer(None, reason)
    assert len(server.asked) == 1


def test_a_way_in_from_outside_is_not_taken(server, monkeypatch):
    """A name that leads to this machine is refused by what it means, not by how it is spelt."""
    port = server.server_port
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda *_a, **_k: [(2, 1, 6, "", ("127.0.0.1", port))]
    )

    answer = ask(f"http://harmless.test:{port}/200", Guard(ports=frozenset({port})))

    assert answer == Answer(None, "not asked: it leads into a private network")
    assert server.asked == []


def test_the_number_that_was_looked_at_is_the_one_connected_to(server, monkeypatch):
    port, looked_up = server.server_port, []
    by_system = socket.getaddrinfo

    def look_up(host: str, *args: Any, **kwargs: Any) -> list[tuple]:
        if host != "rebinding.test":
            return by_system(host, *args, **kwargs)
        looked_up.append(host)
        number = "127.0.0.1" if len(looked_up) == 1 else "10.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, port))]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)

    answer = ask(f"http://rebinding.test:{port}/200", guard(port))

    assert answer.is_alive is True
    assert looked_up == ["rebinding.test"]
    assert server.asked[0][2]["Host"] == f"rebinding.test:{port}"


# What goes wrong --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "said", "answer"),
    [
        (socket.EAI_NONAME, "Name or service not known",
         Answer(False, "there is no machine of this name", is_nameless=True)),
        (socket.EAI_AGAIN, "Temporary failure in name resolution",
         Answer(None, "no answer: Temporary failure in name resolution")),
    ],
)  # fmt: skip
def test_a_name_that_nobody_has_is_dead_and_one_that_cannot_be_looked_up_decides_nothing(
    monkeypatch, error, said, answer
):
    def look_up(*_args: Any, **_kwargs: Any) -> None:
        raise socket.gaierror(error, said)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)

    assert ask("https://nobody.test/", Guard()) == answer


def test_a_name_that_nobody_has_behind_one_that_answers_is_dead_for_certain(server, monkeypatch):
    by_system = socket.getaddrinfo

    def look_up(host: str, *args: Any, **kwargs: Any) -> list[tuple]:
        if host == "nobody.test":
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return by_system(host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)

    answer = ask_of(server, f"/to/http://nobody.test:{server.server_port}/")

    assert answer == Answer(False, "there is no machine of this name")
    assert answer.is_certain


def test_a_closed_port_decides_nothing():
    with serving() as server:
        port = server.server_port

    answer = ask(f"http://127.0.0.1:{port}/", guard(port))

    assert answer == Answer(None, "no answer: Connection refused")


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 two hundred\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nOpenSSH\r\n\r\n",
        b"\x15\x03\x01",
    ],
)
def test_who_speaks_otherwise_decides_nothing(said):
    def say(taken: socket.socket) -> None:
        taken.recv(1000)
        taken.sendall(said)

    with talking(say) as port:
        answer = ask(f"http://127.0.0.1:{port}/", guard(port))

    assert answer.is_alive is None
    assert answer.reason.startswith("no answer: ")
    assert "OpenSSH" not in answer.reason


@pytest.mark.parametrize("said", [b"", b"HTTP/1.1 200 OK\r\nX: y\r\n"])
def test_who_hangs_up_before_the_answer_is_asked_once_more_with_get(said):
    asked: list[bytes] = []

    def say(taken: socket.socket) -> None:
        asked.append(taken.recv(1000).split()[0])
        taken.sendall(said)

    with talking(say) as port:
        answer = ask(f"http://127.0.0.1:{port}/", guard(port))

    assert answer == Answer(None, "no answer: RemoteDisconnected")
    assert asked == [b"HEAD", b"GET"]


def never(taken: socket.socket) -> None:
    taken.recv(1000)
    time.sleep(3)  # longer than whoever asks may wait


def drip(taken: socket.socket) -> None:
    taken.sendall(b"HTTP/1.1 200 OK\r\n")
    for number in range(100):
        taken.sendall(f"X-{number}: slow\r\n".encode())
        time.sleep(0.05)  # always something, never all of it


def continue_for_ever(taken: socket.socket) -> None:
    while True:
        taken.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        time.sleep(0.01)  # a machine that goes on for ever


@pytest.mark.parametrize("say", [never, drip, continue_for_ever], ids=lambda say: say.__name__)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_nobody_is_listened_to_longer_than_the_limit(say, scheme):
    with talking(say) as port:
        began = time.monotonic()
        answer = ask(f"{scheme}://127.0.0.1:{port}/", guard(port), seconds=0.4)
        took = time.monotonic() - began

    assert took < 1.5
    if scheme == "http" or say is never:
        assert answer == Answer(None, "no answer in time")


@pytest.mark.parametrize(
    "chunk", [b"X-Long: " + b"a" * 60_000 + b"\r\n", b"HTTP/1.1 100 C\r\n\r\n"]
)
def test_not_more_is_read_than_the_limit(chunk):
    sent, over = [], threading.Event()

    def say(taken: socket.socket) -> None:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        try:
            if not chunk.startswith(b"HTTP"):
                taken.sendall(b"HTTP/1.1 200 OK\r\n")
            for _ in range(40 * MOST_BYTES // len(chunk)):
                taken.sendall(chunk)
                sent.append(len(chunk))
        finally:
            over.set()

    with talking(say) as port:
        answer = ask(f"http://127.0.0.1:{port}/", guard(port), seconds=5)
        assert over.wait(5)

    assert answer == Answer(None, "no answer: HTTPException")
    assert sum(sent) < 30 * MOST_BYTES  # what the system keeps ready is not ours


def test_who_sends_too_much_is_read_to_the_limit_and_not_asked_again(monkeypatch):
    taken: list[int] = []

    class Flood(httpcore.MockStream):
        def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
            data = (b"a" * max_bytes if taken else b"HTTP/1.1 200 OK\r\nX: ")[:max_bytes]
            taken.append(len(data))
            return data

    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", lambda *_args: Flood([]))

    answer = ask("http://127.0.0.1:8000/", guard(8000))

    assert answer == Answer(None, "no answer: HTTPException")
    assert sum(taken) == MOST_BYTES


def test_a_page_is_not_read_at_all():
    def say(taken: socket.socket) -> None:
        taken.recv(1000)
        taken.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n" + b"a" * 100)

    with talking(say) as port:
        assert ask(f"http://127.0.0.1:{port}/", guard(port)) == Answer(True, "answers 200")


def test_a_reason_is_not_longer_than_what_keeps_it(server):
    answer = ask_of(server, "/to//200?" + "a" * 400)

    assert answer.is_alive is True
    assert len(answer.reason) == LONGEST_REASON


def test_what_a_server_sends_does_not_reach_a_terminal():
    def say(taken: socket.socket) -> None:
        if b" / " in taken.recv(1000):
            taken.sendall("HTTP/1.1 301 M\r\nLocation: /\x1b[2J\u202eü\r\n\r\n".encode())
        else:
            taken.sendall(b"HTTP/1.1 200 OK\r\n\r\n")

    with talking(say) as port:
        answer = ask(f"http://127.0.0.1:{port}/", guard(port))

    here = f"http://127.0.0.1:{port}/%1B[2J%E2%80%AE%C3%BC"
    assert answer == Answer(True, f"answers 200 at {here}")


# Connections that can be trusted ----------------------------------------------------------------


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """A certificate of 127.0.0.1 that its own maker signed, and its key."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("needs the openssl command to make a certificate")
    paths = tmp_path / "certificate.pem", tmp_path / "key.pem"
    subprocess.run(  # noqa: S603
        [
            *(openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"),
            *("-nodes", "-days", "2", "-subj", "/CN=test"),
            *("-addext", "subjectAltName=IP:127.0.0.1,DNS:named.test"),
            *("-out", str(paths[0]), "-keyout", str(paths[1])),
        ],
        check=True,
        capture_output=True,
    )
    return paths


@pytest.fixture
def port(server: Server, certificate: tuple[Path, Path]) -> int:
    """Where the server speaks with this certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    return server.server_port


def test_a_certificate_that_is_known_is_trusted(port, certificate):
    known = ssl.create_default_context(cafile=str(certificate[0]))

    answer = ask(f"https://127.0.0.1:{port}/200", guard(port, tls=known))

    assert answer == Answer(True, "answers 200")


def test_a_certificate_that_nobody_knows_is_dead(server, port):
    answer = ask(f"https://127.0.0.1:{port}/200", guard(port))

    assert answer.is_alive is False
    assert answer.reason.startswith("no secure connection: self")
    assert server.asked == []


def test_a_certificate_of_another_name_is_dead(port, certificate, monkeypatch):
    known = ssl.create_default_context(cafile=str(certificate[0]))
    here = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_kwargs: here)

    named, another = (
        ask(f"https://{name}.test:{port}/200", guard(port, tls=known))
        for name in ("named", "another")
    )

    assert named.is_alive is True
    assert another.is_alive is False
    assert another.reason.startswith("no secure connection: Hostname mismatch")


def test_who_speaks_plainly_where_it_should_be_secure_is_dead(server):
    answer = ask(f"https://127.0.0.1:{server.server_port}/", guard(server.server_port))

    assert answer.is_alive is False
    assert answer.reason.startswith("no secure connection: ")


def test_who_hangs_up_before_it_is_secure_decides_nothing():
    with talking(lambda taken: taken.recv(1000)) as port:
        answer = ask(f"https://127.0.0.1:{port}/", guard(port))

    assert answer.is_alive is None
