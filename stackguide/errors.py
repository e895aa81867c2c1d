"""The pages for what went wrong.

They need no database, no session and no context processor: they must work when those do not.
"""

import logging
import sys
from collections.abc import Callable
from typing import Any

from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string

from stackguide.requests import current_id

logger = logging.getLogger(__name__)

# Seconds after which whoever met another writer may ask again.
ASK_AGAIN = 5

# When even the page for errors fails, for instance in an installation that is half copied.
LAST_RESORT = (
    '<!doctype html><html lang="en"><title>Server error</title>'
    '<h1>Server error</h1><p><a href="/">To the start page</a></p></html>'
)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return the page for a request that cannot be understood."""
    return render_error("400.html", 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return the page for something this account may not do."""
    return render_error("403.html", 403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return the page for an address that leads nowhere."""
    return render_error("404.html", 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Return the page for a fault of the site, with the id under which the log explains it."""
    try:
        if is_busy(sys.exc_info()[1]):
            return busy(request)
        return render_error("500.html", 500)
    except Exception:
        logger.exception("The page for server errors cannot be rendered")
        return HttpResponse(LAST_RESORT, status=500)


class BusyMiddleware:
    """Answers with 503 and what was typed where another writer keeps the database for too long.

    What a session or a message meets after the view is answered by server_error().
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Return the page for a wait that was given up; None for any other fault."""
        if not is_busy(error):
            return None
        logger.warning("Another writer keeps the database: %s", request.path)
        return busy(request)


def is_busy(error: BaseException | None) -> bool:
    """Return whether a wait for another writer was given up, and nothing else is wrong."""
    while error is not None:
        # PostgreSQL's query_canceled and lock_not_available.
        is_given_up = getattr(error, "sqlstate", None) in ("57014", "55P03")
        if is_given_up or getattr(error, "sqlite_errorname", None) == "SQLITE_BUSY":
            return True
        error = error.__cause__
    return False


def busy(request: HttpRequest) -> HttpResponse:
    """Return the page that says to send the same again, with all that was typed but passwords."""
    typed = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name != "csrfmiddlewaretoken" and "password" not in name
    ]
    context = {
        "is_form": request.method == "POST" and not request.FILES,
        "address": request.get_full_path(),
        "csrf": get_token(request) if request.method == "POST" else "",
        "sent": typed,
        "typed": [(name, text) for name, text in typed if text and is_typed(name)],
    }
    response = render_error("503.html", 503, context)
    response.headers["Retry-After"] = str(ASK_AGAIN)
    return response


def is_typed(name: str) -> bool:
    """Return whether a field of a form was filled by a person, as far as its name tells."""
    return not name.startswith("_") and not name.endswith(("_FORMS", "-id")) and name != "action"


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Return the page for a form that did not come from this site's own page, or came too late."""
    return render_error("403_csrf.html", 403)


def render_error(template: str, status: int, context: dict[str, Any] | None = None) -> HttpResponse:
    """Return an error page. Raises what a missing or broken template raises."""
    frame = {"stylesheet": find_stylesheet(), "request_id": current_id.get() or ""}
    return HttpResponse(render_to_string(template, frame | (context or {})), status=status)


def find_stylesheet() -> str:
    """Return the address of the style sheet; blank where collected files are missing or stale."""
    try:
        return staticfiles_storage.url("css/site.css")
    except (ValueError, OSError):
        return ""
