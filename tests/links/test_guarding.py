"""Nothing inside the own network is asked, and nothing but pages of the web."""

import socket
import time
from ipaddress import ip_address
from typing import Any

import pytest

from catalog.links.guarding import (
    Guard,
    NoSuchNameError,
    NotAskedError,
    is_public,
    place_of,
)

PUBLIC = "93.184.216.34"


def soon() -> float:
    return time.monotonic() + 5


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What names stand for: numbers, or what the look-up raises. Numbers stand for themselves."""
    known: dict[str, Any] = {}
    by_system = socket.getaddrinfo

    def look_up(host: str, port: int, **kwargs: Any) -> list[tuple]:
        answer = known.get(host)
        if answer is None:
            return by_system(host, port, flags=socket.AI_NUMERICHOST, **kwargs)
        if isinstance(answer, Exception):
            raise answer
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, port)) for number in answer]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return known


@pytest.mark.parametrize("number", [PUBLIC, "1.1.1.1", "2606:4700:4700::1111"])
def test_a_number_of_the_open_network_is_asked(number: str) -> None:
    assert is_public(ip_address(number))


@pytest.mark.parametrize(
    "number",
    [
        *("127.0.0.1", "127.1.2.3", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1"),  # noqa: S104
        *("169.254.169.254", "100.64.0.1", "192.0.2.1", "198.18.0.1", "203.0.113.7"),
        *("224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255"),
        *("::1", "::", "fe80::1", "fc00::1", "fd12::1", "fec0::1", "ff02::1", "2001:db8::1"),
        # IPv4 inside: mapped, compatible, 6to4, through a gateway, Teredo.
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "2002:7f00:1::", "2002:a00:1::"),
        *("64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2001:0:4136:e378:8000:63bf:f5ff:fffe"),
    ],
)
def test_a_number_of_an_own_network_is_not(number: str) -> None:
    assert not is_public(ip_address(number))


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
        ("https://[::1/", "not asked: it is no address"),
        ("https://a.test:port/", "not asked: it is no address"),
        ("https://a.test:99999/", "not asked: it is no address"),
    ],
)
def test_what_is_not_asked_says_why(names: dict[str, Any], address: str, reason: str) -> None:
    names |= {"a.test": [PUBLIC], "mixed.test": [PUBLIC, "10.0.0.1"], "localhost": ["127.0.0.1"]}
    names |= {"2130706433": ["127.0.0.1"], "0x7f.1": ["127.0.0.1"]}

    with pytest.raises(NotAskedError) as refused:
        place_of(address, Guard(), soon())

    assert str(refused.value) == reason


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("https://a.test", (True, "a.test", 443, "a.test", "/")),
        ("http://A.test:80/b?c=d#e", (False, "a.test", 80, "a.test", "/b?c=d")),
        ("https://a.test:80/", (True, "a.test", 80, "a.test:80", "/")),
        ("https://bücher.test/", (True, "xn--bcher-kva.test", 443, "xn--bcher-kva.test", "/")),
        ("https://a.test/ü a%20b", (True, "a.test", 443, "a.test", "/%C3%BC%20a%20b")),
        ("https://a.test/\x01?\ud800", (True, "a.test", 443, "a.test", "/%01??")),
        (
            "https://[2606:4700::1111]/",
            (True, "2606:4700::1111", 443, "[2606:4700::1111]", "/"),
        ),
    ],
)
def test_an_address_is_a_place_to_connect_to(
    names: dict[str, Any], address: str, said: tuple
) -> None:
    names |= {"a.test": [PUBLIC], "xn--bcher-kva.test": [PUBLIC]}

    place = place_of(address, Guard(), soon())

    assert place[:-1] == said
    assert place.numbers == (("2606:4700::1111",) if ":" in place.host else (PUBLIC,))


def test_each_number_of_a_name_is_there_once(names: dict[str, Any]) -> None:
    names["a.test"] = [PUBLIC, "1.1.1.1", PUBLIC]

    assert place_of("https://a.test/", Guard(), soon()).numbers == (PUBLIC, "1.1.1.1")


def test_a_name_that_nobody_has_is_told_from_names_that_cannot_be_looked_up(
    names: dict[str, Any],
) -> None:
    names["nobody.test"] = socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    names["later.test"] = socket.gaierror(socket.EAI_AGAIN, "Temporary failure")

    with pytest.raises(NoSuchNameError):
        place_of("https://nobody.test/", Guard(), soon())
    with pytest.raises(socket.gaierror, match="Temporary failure"):
        place_of("https://later.test/", Guard(), soon())


def test_a_look_up_that_never_ends_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    # A name server that takes longer than whoever asks may wait.
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_kwargs: time.sleep(2))
    began = time.monotonic()

    with pytest.raises(TimeoutError):
        place_of("https://a.test/", Guard(), began + 0.1)

    assert time.monotonic() - began < 1
