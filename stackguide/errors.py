"""The pages for what went wrong.

They need no database, no session and no context processor: they must work when those do not.
"""

import logging
import re
import sys
from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import urlsplit

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


class Reason(NamedTuple):
    """Why a form could not be saved, and what PostgreSQL and SQLite call it."""

    title: str
    text: str
    status: int = 503
    states: tuple[str, ...] = ()  # the SQLSTATEs
    names: tuple[str, ...] = ()  # how SQLite's names begin


SAFE = "Nothing of yours was changed, and nothing is lost"
BUSY = Reason(
    "Somebody else\N{RIGHT SINGLE QUOTATION MARK}s change is being written",
    f"{SAFE}: send it again in a moment.",
    # query_canceled, lock_not_available
    states=("57014", "55P03"),
    names=("SQLITE_BUSY",),
)
FULL = Reason(
    "The disk of this site is full",
    f"{SAFE}: whoever runs this site must make room; then send it again.",
    states=("53100",),
    names=("SQLITE_FULL",),
)
READ_ONLY = Reason(
    "The database of this site takes no changes now",
    f"{SAFE}: whoever runs this site must open it for writing; then send it again.",
    # read_only_sql_transaction, insufficient_privilege
    states=("25006", "42501"),
    names=("SQLITE_READONLY",),
)
AWAY = Reason(
    "The database of this site does not answer",
    f"{SAFE}: send it again in a moment.",
    # admin_shutdown, crash_shutdown, cannot_connect_now, connection failures
    states=("57P01", "57P02", "57P03", "08000", "08001", "08003", "08004", "08006"),
    names=("SQLITE_CANTOPEN",),
)
SIGNED_OUT = Reason(
    "You are not signed in any more",
    "Nothing was saved yet, and nothing is lost: sign in in a new tab, then save here.",
    status=403,
)
OLD_TOKEN = Reason(
    "This form was opened before you signed in",
    "Nothing was saved yet, and nothing is lost: save once more.",
    status=403,
)
# What psycopg and its pool raise without a state where there is no connection.
NO_CONNECTION = ("OperationalError", "InterfaceError", "PoolTimeout", "ConnectionTimeout")

# When even the page for errors fails, for instance in an installation that is half copied.
LAST_RESORT = (
    '<!doctype html><html lang="en"><title>Server error</title>'
    '<h1>Server error</h1><p><a href="/">To the start page</a></p></html>'
)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return the page for a request that cannot be understood, or whose session cannot be kept."""
    if reason := reason_of(exception):
        return unsaved(request, reason)
    return render_error("400.html", 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return the page for something this account may not do."""
    return render_error("403.html", 403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return the page for an address that leads nowhere, with what may be meant where it is known.

    Who raised the exception has asked the database, where it answers.
    """
    context = {"request": request, "near": getattr(exception, "near", [])}
    return render_error("404.html", 404, context)


def server_error(request: HttpRequest) -> HttpResponse:
    """Return the page for a fault of the site, with the id under which the log explains it."""
    try:
        if reason := reason_of(sys.exc_info()[1]):
            return unsaved(request, reason)
        return render_error("500.html", 500)
    except Exception:
        logger.exception("The page for server errors cannot be rendered")
        return HttpResponse(LAST_RESORT, status=500)


class UnsavedMiddleware:
    """Answers with what was typed where it cannot be saved: the database refuses, or nobody is in.

    What a session or a message meets after the view is answered by server_error().
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        """Return the page for a form of the admin whose sender is signed in no more."""
        page = request.resolver_match
        is_form = request.method == "POST" and page.app_names == ["admin"]
        if not is_form or page.url_name in ("login", "logout") or not is_from_here(request):
            return None
        return None if request.user.is_authenticated else unsaved(request, SIGNED_OUT)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Return the page for a database that does not write; None for any other fault."""
        if not (reason := reason_of(error)):
            return None
        logger.warning("%s: %s", reason.title, request.path)
        return unsaved(request, reason)


def reason_of(error: BaseException | None) -> Reason | None:
    """Return why the database did not write, if that is all that is wrong.

    Sessions raise an error of their own meanwhile: what it came of stands behind it.
    """
    while error is not None:
        state = getattr(error, "sqlstate", None) or ""
        name = getattr(error, "sqlite_errorname", "")
        for reason in (BUSY, FULL, READ_ONLY, AWAY):
            if state in reason.states or name.startswith(reason.names or " "):
                return reason
        is_driver = type(error).__module__.startswith("psycopg")
        if is_driver and not state and type(error).__name__ in NO_CONNECTION:
            return AWAY
        error = error.__cause__ or error.__context__
    return None


def is_from_here(request: HttpRequest) -> bool:
    """Return whether a page of this very site sent the request, as the browser says."""
    sender = request.headers.get("Origin") or request.headers.get("Referer") or ""
    return urlsplit(sender)[:2] == (request.scheme, request.get_host())


def unsaved(request: HttpRequest, reason: Reason) -> HttpResponse:
    """Return the page that sends the same again: all that was typed but passwords and files."""
    is_form = request.method == "POST"
    passwords = [name for name in request.POST if PASSWORD.fullmatch(name)]
    context = {
        "reason": reason,
        "is_form": is_form,
        "has_files": bool(request.FILES),
        "address": request.get_full_path(),
        "user": request.user if reason in (SIGNED_OUT, OLD_TOKEN) else None,
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
    response = render_error("unsaved.html", reason.status, context)
    if reason.status == 503:
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


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Return the page for a form without a good token: one of this site's own loses nothing.

    Signing in gives a new token, so the first form that was open before comes by here.
    """
    if not is_from_here(request):
        return render_error("403_csrf.html", 403)
    return unsaved(request, OLD_TOKEN if request.user.is_authenticated else SIGNED_OUT)


def render_error(template: str, status: int, context: dict[str, Any] | None = None) -> HttpResponse:
    """Return an error page. Raises what a missing or broken template raises."""
    try:
        stylesheet = staticfiles_storage.url("css/site.css")
    except (ValueError, OSError):
        stylesheet = ""  # collected files are missing or stale
    frame = {"stylesheet": stylesheet, "request_id": current_id.get() or ""}
    return HttpResponse(render_to_string(template, frame | (context or {})), status=status)
