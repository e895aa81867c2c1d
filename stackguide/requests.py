"""Gives each request an id and one line in the log, and completes the headers of the answer.

The id is on the answer (X-Request-ID), on every line that is logged meanwhile and on the page for
server errors, so that a reader's report leads to the lines that explain it.
"""

import logging
import re
import time
import uuid
from collections.abc import Callable
from contextvars import ContextVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.security import SecurityMiddleware
from django.utils.cache import add_never_cache_headers

ADMIN = "/admin/"
HEADER = "X-Request-ID"
ACCEPTABLE = re.compile(r"[A-Za-z0-9-]{8,64}")

current_id: ContextVar[str | None] = ContextVar("request_id", default=None)
logger = logging.getLogger("stackguide.access")


class RequestIdFilter(logging.Filter):
    """Puts the id of the request at hand on every log record; None outside of requests."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current_id.get()
        return True


class RequestMiddleware:
    """Sets the id and headers, and logs method, path, status and milliseconds.

    The path is logged without its query, which may hold what a reader typed. Django's
    SecurityMiddleware sets no headers where it fails itself, as it does when the redirect to HTTPS
    meets a host that is not allowed; so they are set once more from out here.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.security = SecurityMiddleware(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        request_id = find_id(request)
        token = current_id.set(request_id)
        try:
            response = self.security.process_response(request, self.get_response(request))
            response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
            if request.path.startswith(ADMIN):
                add_never_cache_headers(response)
            response.headers[HEADER] = request_id
            said = {
                "method": request.method,
                "path": request.path,
                "status": response.status_code,
                "milliseconds": round((time.perf_counter() - started) * 1000, 1),
            }
            logger.info("%(method)s %(path)s %(status)s", said, extra=said)
        finally:
            current_id.reset(token)
        return response


def find_id(request: HttpRequest) -> str:
    """Return the id that the trusted proxy gave the request, else a new one."""
    if settings.TRUST_PROXY and ACCEPTABLE.fullmatch(given := request.headers.get(HEADER, "")):
        return given
    return uuid.uuid4().hex
