"""The headers that no other middleware sets, or not on every answer."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.middleware.security import SecurityMiddleware
from django.utils.cache import add_never_cache_headers

ADMIN = "/admin/"


class HeadersMiddleware:
    """Completes the headers of every answer, whoever gave it.

    Django's SecurityMiddleware sets none where it fails itself, as it does when the redirect to
    HTTPS meets a host that is not allowed; so its headers are set once more from out here.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.security = SecurityMiddleware(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if request.path.startswith(ADMIN):
            add_never_cache_headers(response)
        return self.security.process_response(request, response)
