"""The pages for what went wrong.

They need no database, no session and no context processor: they must work when those do not.
"""

import logging

from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from stackguide.requests import current_id

logger = logging.getLogger(__name__)

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
        return render_error("500.html", 500)
    except Exception:
        logger.exception("The page for server errors cannot be rendered")
        return HttpResponse(LAST_RESORT, status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Return the page for a form that did not come from this site's own page, or came too late."""
    return render_error("403_csrf.html", 403)


def render_error(template: str, status: int) -> HttpResponse:
    """Return an error page. Raises what a missing or broken template raises."""
    context = {"stylesheet": find_stylesheet(), "request_id": current_id.get() or ""}
    return HttpResponse(render_to_string(template, context), status=status)


def find_stylesheet() -> str:
    """Return the address of the style sheet; blank where collected files are missing or stale."""
    try:
        return staticfiles_storage.url("css/site.css")
    except (ValueError, OSError):
        return ""
