"""The pages for what went wrong.

They need no database, no session and no context processor: they must work when those do not.
"""

import logging
import re
import sys
from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.contrib.staticfiles.storage import staticfiles_storage
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers

from stackguide.requests import current_id

logger = logging.getLogger(__name__)

# Seconds after which whoever met another writer may ask again.
ASK_AGAIN = 5

# Fields that are asked for again, since no page may hold what was typed into them.
PASSWORD = re.compile(r"(?:.+_)?password[12]?(?<!usable_password)")

# When even the page for errors fails, for instance in an installation that is half copied.
LAST_RESORT = (
    '<!doctype html><html lang="en"><title>Server error</title>'
    '<h1>Server error</h1><p><a href="/">To the start page</a></p></html>'
)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return the page for a request that cannot be understood, or whose session cannot be kept."""
    if is_busy(exception):
        return busy(request)
    return render_error("400.html", 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return the page for something this account may not do."""
    return render_error("403.html", 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Return the page for a form that did not come from this site's own page, or came too late."""
    return render_error("403_csrf.html", 403)


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
    """Answers with 503 and what was typed where another writer keeps the database for too long."""

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
    """Return whether a wait for another writer was given up: by this, or by what it came of."""
    while error is not None:
        # PostgreSQL's query_canceled and lock_not_available.
        is_given_up = getattr(error, "sqlstate", None) in ("57014", "55P03")
        if is_given_up or getattr(error, "sqlite_errorname", "").startswith("SQLITE_BUSY"):
            return True
        error = error.__cause__ or error.__context__
    return False


def busy(request: HttpRequest) -> HttpResponse:
    """Return the page that sends the same again, with all that was typed but passwords."""
    is_form = request.method == "POST"
    passwords = [name for name in request.POST if PASSWORD.fullmatch(name)]
    context = {
        "is_form": is_form,
        "has_files": bool(request.FILES),
        "address": request.get_full_path(),
        "sent": [
            (name, value)
            for name, values in request.POST.lists()
            for value in values
            if name not in ("csrfmiddlewaretoken", *passwords)
        ],
        "passwords": [(name, name.replace("_", " ").rstrip("12")) for name in passwords],
        "typed": _typed(request) if is_form else [],
        "csrf": get_token(request) if is_form else "",
    }
    response = render_error("503.html", 503, context)
    response.headers["Retry-After"] = str(ASK_AGAIN)
    add_never_cache_headers(response)
    return response


def _typed(request: HttpRequest) -> list[Any]:
    """Return what was typed, in the words of the form; nothing where these cannot be read."""
    try:
        found = admin.site.submitted_values(request)
    except DatabaseError:
        return []
    return [one for one in found if not PASSWORD.fullmatch(one.name)]


def render_error(template: str, status: int, context: dict[str, Any] | None = None) -> HttpResponse:
    """Return an error page. Raises what a missing or broken template raises."""
    try:
        stylesheet = staticfiles_storage.url("css/site.css")
    except (ValueError, OSError):
        stylesheet = ""  # collected files are missing or stale
    frame = {"stylesheet": stylesheet, "request_id": current_id.get() or ""}
    return HttpResponse(render_to_string(template, frame | (context or {})), status=status)
