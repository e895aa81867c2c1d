"""Nothing inside the own network is asked, and nothing but pages of the web."""

import socket
import time
from ipaddress import ip_address
from typing import Any

import httpcore
import pytest

from catalog.links import Answer, Guard, ask, is_public
from tests.links.serving import guard

PUBLIC = "93.184.216.34"


class Network:
    """A network of our own making: what names stand for, and who was asked for what."""

    def __init__(self) -> None:
        # IP addresses of a name, or what the look-up raises. Numbers stand for themselves.
        self.names: dict[str, Any] = {}
        self.by_system = socket.getaddrinfo
        self.deaf: set[str] = set()
        self.answer = b"HTTP/1.1 200 OK\r\n\r\n"
        self.connected: list[tuple[str, int]] = []
        self.secured: list[str | None] = []
        self.requests: list[str] = []

    def look_up(self, host: str, port: int, **kwargs: Any) -> list[tuple]:
        found = self.names.get(host)
        if found is None:
            return self.by_system(host, port, flags=socket.AI_NUMERICHOST, **kwargs)
        if isinstance(found, Exception):
            raise found
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in found]

    def connect(self, host: str, port: int, *_args: Any) -> "Stream":
        self.connected.append((host, port))
        if host in self.deaf:
            raise httpcore.ConnectError(ConnectionRefusedError(111, "Connection refused"))
        return Stream(self)


class Stream(httpcore.MockStream):
    def __init__(self, network: Network) -> None:
        super().__init__([network.answer])
        self.network = network

    def write(self, buffer: bytes, _timeout: float | None = None) -> None:
        if buffer:
            self.network.requests.append(bytes(buffer).decode())

    def start_tls(self, server_hostname: str | None, **_options: Any) -> "Stream":
        self.network.secured.append(server_hostname)
        return self


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> Network:
    network = Network()
    monkeypatch.setattr(socket, "getaddrinfo", network.look_up)
    monkeypatch.setattr(
        httpcore.SyncBackend, "connect_tcp", lambda _backend, *args: network.connect(*args)
    )
    return network


# Which IP addresses -----------------------------------------------------------------------------


@pytest.mark.parametrize("ip", [PUBLIC, "1.1.1.1", "2606:4700:4700::1111"])
def test_an_ip_address_of_the_open_network_is_asked(ip):
    assert is_public(ip_address(ip))


@pytest.mark.parametrize(
    "ip",
    [
        *("127.0.0.1", "127.1.2.3", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1"),  # noqa: S104
        *("169.254.169.254", "100.64.0.1", "192.0.2.1", "198.18.0.1", "203.0.113.7"),
        *("224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255"),
        *("::1", "::", "fe80::1", "fc00::1", "fd12::1", "fec0::1", "ff02::1", "2001:db8::1"),
        # IPv4 inside: mapped, compatible, 6to4, through a gateway, Teredo.
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "2002:7f00:1::", "2002:a00:1::"),
        *("64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2001:0:4136:e378:8000:63bf:f5ff:fffe"),
        *("2002:808:808::1", "::ffff:8.8.8.8"),
    ],
)
def test_an_ip_address_of_an_own_network_is_not(ip):
    assert not is_public(ip_address(ip))


# Which addresses --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("https://localhost/", "not asked: it leads into a private network"),
        ("http://127.0.0.1/", "not asked: it leads into a private network"),
        ("http://2130706433/", "not asked: it leads into a private network"),
        ("http://0x7f.1/", "not asked: it leads into a private network"),
        ("http://[::1]/", "not asked: it leads into a private network"),
        ("http://[fe80::1]/", "not asked: it leads into a private network"),
        ("http://[fe80::1%25lo]/", "not asked: it names no machine"),
        ("http://[::ffff:169.254.169.254]/", "not asked: it leads into a private network"),
        ("http://mixed.test/", "not asked: it leads into a private network"),
        ("https://a.test:8443/", "not asked: it leads to port 8443"),
        ("https://a.test:0/", "not asked: it leads to port 0"),
        ("http://a.test:22/", "not asked: it leads to port 22"),
        ("https://ada@a.test/", "not asked: it carries a name or a password"),
        ("https://ada:secret@a.test/", "not asked: it carries a name or a password"),
        ("https://@a.test/", "not asked: it carries a name or a password"),
        ("http://a.test\\@127.0.0.1/", "not asked: it carries a name or a password"),
        ("ftp://a.test/", "not asked: it leads to no page of the web"),
        ("file:///etc/passwd", "not asked: it leads to no page of the web"),
        ("javascript:alert(1)", "not asked: it leads to no page of the web"),
        ("https://", "not asked: it names no machine"),
        ("https:///path", "not asked: it names no machine"),
        ("https://a b/", "not asked: it names no machine"),
        ("https://a\x00b/", "not asked: it names no machine"),
        (f"https://{'a' * 64}.test/", "not asked: it names no machine"),
        ("https://a..test/", "not asked: it names no machine"),
        ("https://refused.test/", "not asked: it names no machine"),
        ("https://[::1/", "not asked: it is no address"),
        ("https://a.test:port/", "not asked: it is no address"),
        ("https://a.test:99999/", "not asked: it is no address"),
    ],
)
def test_what_is_not_asked_says_why(network, address, reason):
    network.names = {"a.test": [PUBLIC], "mixed.test": [PUBLIC, "10.0.0.1"]}
    network.names |= {"localhost": ["127.0.0.1"], "refused.test": UnicodeError()}
    network.names |= {"2130706433": ["127.0.0.1"], "0x7f.1": ["127.0.0.1"]}

    assert ask(address, Guard()) == Answer(None, reason)
    assert network.connected == []


@pytest.mark.parametrize(
    ("address", "connected", "secured", "host", "target"),
    [
        ("https://a.test", (PUBLIC, 443), ["a.test"], "a.test", "/"),
        ("http://A.test:80/b?c=d#e", (PUBLIC, 80), [], "a.test", "/b?c=d"),
        ("https://a.test:80/", (PUBLIC, 80), ["a.test"], "a.test:80", "/"),
        ("https://bücher.test/", (PUBLIC, 443), ["xn--bcher-kva.test"], "xn--bcher-kva.test", "/"),
        ("https://a.test/ü a%20b", (PUBLIC, 443), ["a.test"], "a.test", "/%C3%BC%20a%20b"),
        ("https://a.test/\x01?\ud800", (PUBLIC, 443), ["a.test"], "a.test", "/%01??"),
        (
            "https://[2606:4700::1111]/",
            ("2606:4700::1111", 443),
            ["2606:4700::1111"],
            "[2606:4700::1111]",
            "/",
        ),
    ],
)
def test_an_address_is_a_machine_to_connect_to_and_a_page_to_ask_it_for(
    network, address, connected, secured, host, target
):
    network.names = {"a.test": [PUBLIC], "xn--bcher-kva.test": [PUBLIC]}

    assert ask(address, Guard()) == Answer(True, "answers 200")
    assert network.connected == [connected]
    assert network.secured == secured
    [request] = network.requests
    assert request.split("\r\n")[:2] == [f"HEAD {target} HTTP/1.1", f"Host: {host}"]


@pytest.mark.parametrize(
    "location", ["/bü".encode(), "/bü".encode("latin-1"), b"http://a.test/b%C3%BC"]
)
def test_where_it_leads_on_to_may_be_written_in_any_way(network, location):
    network.names = {"a.test": [PUBLIC]}
    network.answer = b"HTTP/1.1 302 Found\r\nlocation: " + location + b"\r\n\r\n"

    assert ask("http://a.test/", Guard()) == Answer(None, "leads on and on")
    assert {request.split()[1] for request in network.requests} == {"/", "/b%C3%BC"}


# At connect -------------------------------------------------------------------------------------


def test_each_ip_address_of_a_name_is_tried_once(network):
    network.names = {"a.test": [PUBLIC, "1.1.1.1", PUBLIC]}
    network.deaf = {PUBLIC, "1.1.1.1"}

    assert ask("http://a.test/", Guard()) == Answer(None, "no answer: Connection refused")
    assert network.connected == [(PUBLIC, 80), ("1.1.1.1", 80)]


def test_the_next_ip_address_answers_for_one_that_does_not(network):
    network.names = {"a.test": [PUBLIC, "1.1.1.1", "1.0.0.1"]}
    network.deaf = {PUBLIC}

    assert ask("http://a.test/", Guard()).is_alive is True
    assert network.connected == [(PUBLIC, 80), ("1.1.1.1", 80)]


def test_a_name_that_moves_inside_between_two_requests_is_not_followed(server, monkeypatch):
    port, moves = server.server_port, iter(["127.0.0.1", "10.0.0.1"])
    by_system = socket.getaddrinfo

    def look_up(host: str, *args: Any, **kwargs: Any) -> list[tuple]:
        if host != "rebinding.test":
            return by_system(host, *args, **kwargs)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(moves), port))]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)

    answer = ask(f"http://rebinding.test:{port}/no-head/200", guard(port))

    assert answer == Answer(None, "not asked: it leads into a private network")
    assert [method for method, *_rest in server.asked] == ["HEAD"]


def test_a_look_up_that_never_ends_is_not_waited_for(monkeypatch):
    # A name server that takes longer than whoever asks may wait.
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_kwargs: time.sleep(2))
    nobody = Guard()
    began = time.monotonic()

    assert ask("https://a.test/", nobody, 0.1) == Answer(None, "no answer in time")
    assert time.monotonic() - began < 1
