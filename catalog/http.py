"""What of a request matters to a page: whether htmx asks, and what an old address means now."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_vary_headers

from catalog.models import Moved, Page

# One address has two representations, so every cache must be told by what they are chosen.
HTMX_HEADERS = ("HX-Request", "HX-Boosted", "HX-History-Restore-Request")

# Proxies give up on longer headers; such a query is dropped from a redirect.
LONGEST_LOCATION = 4_000

View = Callable[..., HttpResponse]


def wants_fragment(request: HttpRequest) -> bool:
    """True for an htmx swap; boosted links and restored history need the whole page."""
    htmx = request.htmx
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def render_page_or_fragment(
    request: HttpRequest,
    *,
    page: str,
    fragment: str,
    context: dict[str, Any],
    address: str,
) -> HttpResponse:
    """One address, two representations of it. `page` must include `fragment`.

    `address` is the canonical form of what is shown: htmx puts it into the address bar.
    """
    as_fragment = wants_fragment(request)
    response = render(request, fragment if as_fragment else page, context)
    patch_vary_headers(response, HTMX_HEADERS)
    if as_fragment:
        response.headers["HX-Push-Url"] = address
    return response


def with_query(path: str, values: Mapping[str, Any]) -> str:
    """An address with these parameters in this order; what is empty is left out."""
    query = urlencode({name: value for name, value in values.items() if value not in ("", None)})
    return f"{path}?{query}" if query else path


def page_of(model: type[Page]) -> Callable[[View], View]:
    """For a view of one page: finds by its slug what readers may see, and hands it to the view.

    A slug that moved leads to where it is now; that costs a query only where nothing was found.
    The view's `show` takes the row itself, whatever its status: what a preview calls.
    """

    def decorate(show: View) -> View:
        @wraps(show)
        def answer(request: HttpRequest, slug: str) -> HttpResponse:
            try:
                page = get_object_or_404(model.objects.readable().for_detail(), slug=slug)
            except Http404:
                moved = Moved.objects.filter(kind=model.KIND, old=slug).values("new")
                page = model.objects.readable().filter(slug__in=moved).first()
                if page is None:
                    raise
                return _moved_permanently(request, slug, page)
            return show(request, page)

        answer.show = show
        return answer

    return decorate


def _moved_permanently(request: HttpRequest, slug: str, page: Page) -> HttpResponse:
    _, _, form = request.path.rpartition(f"/{slug}/")  # as in …/pyproject.toml
    location = page.get_absolute_url() + form
    query = request.META.get("QUERY_STRING", "")
    if query and len(query) < LONGEST_LOCATION:
        location = f"{location}?{query}"
    return HttpResponsePermanentRedirect(location)
