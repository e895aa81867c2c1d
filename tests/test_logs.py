"""The log: one line of JSON for each thing that happened, whatever readers send."""

import io
import json
import logging
import logging.config
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from stackguide import urls
from stackguide.requests import current_id


def answer(request: HttpRequest) -> HttpResponse:
    """Log a line and answer."""
    logging.getLogger("catalog").info("meanwhile")
    return HttpResponse("answered")


def broken(request: HttpRequest) -> HttpResponse:
    """Fail."""
    raise RuntimeError("on purpose")


urlpatterns = [path("answer/", answer), path("broken/", broken), *urls.urlpatterns]
handler500 = "stackguide.errors.server_error"
handler404 = "stackguide.errors.page_not_found"

pytestmark = [pytest.mark.urls("tests.test_logs")]


class Log(io.StringIO):
    """What was logged."""

    def read_lines(self) -> list[dict[str, Any]]:
        """Return the lines. Raises ValueError for one that is not JSON."""
        return [json.loads(line) for line in self.getvalue().split("\n")[:-1]]


@pytest.fixture
def log() -> Iterator[Log]:
    """Log as production does, into memory."""
    stream = Log()
    config = deepcopy(settings.LOGGING)
    config["handlers"]["console"]["stream"] = stream
    handlers = list(logging.getLogger().handlers)
    logging.config.dictConfig(config)
    yield stream
    logging.config.dictConfig(settings.LOGGING)
    # Those that pytest had put there.
    logging.getLogger().handlers[:] = handlers


def test_each_request_is_one_line_with_what_operators_ask_for(log):
    response = Client().get("/answer/?token=hidden")
    meanwhile, access = log.read_lines()
    assert {name: access[name] for name in ("method", "path", "status", "message", "level")} == {
        "method": "GET",
        "path": "/answer/",
        "status": 200,
        "message": "GET /answer/ 200",
        "level": "INFO",
    }
    assert 0 <= access["milliseconds"] < 10_000
    assert meanwhile["request_id"] == access["request_id"] == response.headers["X-Request-ID"]
    assert "hidden" not in log.getvalue()


def test_a_fault_is_logged_with_its_traceback_and_without_the_query(log):
    response = Client(raise_request_exception=False).get("/broken/?token=hidden")
    fault, access = log.read_lines()
    assert (fault["level"], fault["logger"], access["status"]) == ("ERROR", "django.request", 500)
    assert fault["exc_info"].endswith("RuntimeError: on purpose")
    assert fault["request_id"] == response.headers["X-Request-ID"]
    assert "hidden" not in log.getvalue()


@pytest.mark.parametrize("character", ["\n", "\r", "\x1b[31m", "\x00", "\u2028", "\x85"])
def test_no_character_of_an_address_breaks_a_line(log, character):
    raw = f"/a{character}b/".encode().decode("latin-1")  # as WSGI hands it over
    Client().get("/", PATH_INFO=raw)
    (access,) = log.read_lines()
    assert access["path"] == f"/a{character}b/"
    assert len(log.getvalue().splitlines()) == 1


def test_between_requests_there_is_no_id(log):
    Client().get("/answer/")
    logging.getLogger("catalog").info("afterwards")
    assert log.read_lines()[-1]["request_id"] is None
    assert current_id.get() is None


def test_two_requests_have_two_ids():
    client = Client()
    assert client.get("/answer/")["X-Request-ID"] != client.get("/answer/")["X-Request-ID"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("0f8fad5b-d9cb-469f-a165-70867728950e", True),
        ("short", False),
        ("a" * 65, False),
        ('12345678"}', False),
        ("12345678\n", False),
    ],
)
def test_the_trusted_proxy_may_name_the_request_in_plain_characters(given, kept):
    with override_settings(TRUST_PROXY=True):
        response = Client().get("/answer/", headers={"X-Request-ID": given})
    assert (response.headers["X-Request-ID"] == given) is kept
