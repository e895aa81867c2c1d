"""What a page takes from its request, and what it answers with: parameters, state, redirects."""

from collections.abc import Callable, Collection, Container, Iterable, Mapping
from datetime import UTC, date, datetime
from difflib import get_close_matches
from functools import cache, wraps
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode

from django.core.exceptions import BadRequest
from django.db import DatabaseError
from django.db.models import Q
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
)
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import get_script_prefix, reverse
from django.utils.cache import patch_vary_headers

from catalog.history import editions
from catalog.models import Edition, Moved, Page

# One address has two representations, so every cache must be told by what they are chosen.
HTMX_HEADERS = ("HX-Request", "HX-Boosted", "HX-History-Restore-Request")

# Proxies give up on longer headers: no redirect leads to a longer address.
LONGEST_LOCATION = 4_000

# What no server takes back is not put into the address bar.
LONGEST_PUSHED = 8_000

# More than any form of ours can send: bytes, and parameters.
LONGEST_QUERY = 8 * 1024
MOST_PARAMETERS = 1_000

# A page is not made anew without end while somebody writes all the time.
MOST_RENDERINGS = 3

# Suggested where an address leads nowhere: so many pages, at least so much alike.
MOST_NEAR = 5
LEAST_ALIKE = 0.6
LONGEST_SLUG = 80

View = Callable[..., HttpResponse]
Pairs = tuple[tuple[str, str], ...]


def today() -> date:
    """Return the day of the page, in UTC: the same for every reader."""
    return datetime.now(UTC).date()


def parameters_of(request: HttpRequest) -> dict[str, list[str]]:
    """Return the values of each parameter, without what cannot be printed. Raises BadRequest."""
    query = request.META.get("QUERY_STRING", "")
    if len(query) > LONGEST_QUERY or query.count("&") >= MOST_PARAMETERS:
        raise BadRequest("The query string is too long.")
    return {
        name: ["".join(letter for letter in value if letter.isprintable()) for value in values]
        for name, values in request.GET.lists()
    }


def wants_fragment(request: HttpRequest) -> bool:
    """Return True for an htmx swap; boosted links and restored history need the whole page."""
    htmx = request.htmx
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def render_page_or_fragment(
    request: HttpRequest, *, page: str, fragment: str, context: dict[str, Any], address: str
) -> HttpResponse:
    """Render one of the two representations of an address. `page` must include `fragment`.

    `address` is the canonical form of what is shown: htmx puts it into the address bar.
    """
    as_fragment = wants_fragment(request)
    context = {**context, "is_fragment": as_fragment}
    response = TemplateResponse(request, fragment if as_fragment else page, context)
    patch_vary_headers(response, HTMX_HEADERS)
    if as_fragment and len(address) <= LONGEST_PUSHED:
        response.headers["HX-Push-Url"] = address
    return response


def state_of(request: HttpRequest) -> Edition | None:
    """Return the edition that the answer is of. One query, the first time it is asked.

    Ask before anything that the answer shows is read, so that it cannot be older than its state.
    """
    if not hasattr(request, "state"):
        request.state = editions.latest()
    return request.state


def only_read(view: View) -> View:
    """Decorate a public view: other methods than GET and HEAD are told so, token or not."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        return view(request, *args, **kwargs)

    answer.csrf_exempt = True  # nothing is written, and a 403 would ask for a token in vain
    return answer


def of_one_state(view: View) -> View:
    """Decorate a public view, so that its page is the guide before a change or after it.

    A page asks many times, and a pack may be committed in between: then it is made anew.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        for _attempt in range(MOST_RENDERINGS):
            request.state = editions.latest()
            response = missing = None
            try:
                response = view(request, *args, **kwargs)
            except Http404 as error:
                missing = error  # it may just be on its way to another name
            if isinstance(response, TemplateResponse):
                response.render()
            if editions.number_now() == (request.state.number if request.state else 0):
                break
        if missing is not None:
            raise missing
        return response

    return answer


def redirect_to(
    request: HttpRequest, pairs: Pairs, complaints: Collection[str]
) -> HttpResponse | None:
    """Return the redirect of a whole page to its canonical form; None where it is in that form.

    `pairs` are the parameters of the canonical form. A page with complaints stays, or they would
    be lost, and a fragment: htmx would follow and lose the address.
    """
    response = None if wants_fragment(request) else redirect_file_to(request, pairs, complaints)
    if response is not None:
        patch_vary_headers(response, HTMX_HEADERS)
    return response


def redirect_file_to(
    request: HttpRequest, pairs: Pairs, complaints: Collection[str]
) -> HttpResponse | None:
    """Return the same for an address with one representation, which htmx has no part in."""
    asked = tuple(parse_qsl(request.META.get("QUERY_STRING", ""), keep_blank_values=True))
    location = address_of(request.path, pairs)
    if complaints or asked == pairs or len(location) > LONGEST_LOCATION:
        return None
    return HttpResponseRedirect(location)


def address_of(path: str, pairs: Iterable[tuple[str, str]]) -> str:
    """Return an address with these parameters, which may repeat, in this order."""
    query = urlencode(list(pairs))
    return f"{path}?{query}" if query else path


def section_address(kind: str) -> str:
    """Return where the pages of a kind are listed; each stands below it."""
    return _section_address(kind, get_script_prefix())


@cache
def _section_address(kind: str, _prefix: str) -> str:
    return reverse(f"catalog:{kind}_list")


def slug_of(typed: str) -> str:
    """Return how a slug is spelled that somebody typed: “factory-boy” for “Factory_Boy”."""
    return typed.lower().replace("_", "-")


def current_slugs(kind: str, slugs: Iterable[str], known: Container[str]) -> list[str]:
    """Return these slugs as they are called today, where that is `known`; others as they came.

    One query, and only when some are not known. The new slug of what readers may not see is not
    given away.
    """
    slugs = [typed if (typed := slug_of(slug)) in known else slug for slug in slugs]
    unknown = [slug for slug in slugs if slug not in known]
    if not unknown:
        return slugs
    moved = dict(Moved.objects.filter(kind=kind, old__in=unknown).values_list("old", "new"))
    return [new if (new := moved.get(slug)) in known else slug for slug in slugs]


T = TypeVar("T")


class Missing(Http404):
    """An address of nothing; `near` are names and addresses of pages that may be meant."""

    def __init__(self, near: list[tuple[str, str]]) -> None:
        super().__init__()
        self.near = near


def nearest(typed: str, called: Mapping[str, T], most: int = MOST_NEAR) -> list[T]:
    """Return what is called nearest to what was typed, by its words in small letters."""
    words = get_close_matches(typed[:LONGEST_SLUG].casefold(), called, 2 * most, LEAST_ALIKE)
    return list(dict.fromkeys(called[word] for word in words))[:most]


def near(model: type[Page], typed: str) -> list[tuple[str, str]]:
    """Return name and address of the published pages called nearest to a slug. One query.

    Nothing where the database does not answer: a page that is not there needs none.
    """
    try:
        pages = list(model.objects.published().only("slug", model.NAME_FIELD))
    except DatabaseError:
        return []
    called = {word: page for page in pages for word in (str(page).lower(), page.slug)}
    return [(str(page), page.get_absolute_url()) for page in nearest(typed, called)]


def page_of(model: type[Page]) -> Callable[[View], View]:
    """Decorate the view of one page: find by its slug what readers may see, and hand it over.

    A slug that moved, or was typed in capitals, leads to where it is now; that costs a query only
    where nothing was found.
    What follows the slug in the address is handed on as it is.
    The view's `show` takes the row itself, whatever its status: what a preview calls.
    """

    def decorate(show: View) -> View:
        @wraps(show)
        def answer(request: HttpRequest, slug: str, **rest: str) -> HttpResponse:
            try:
                page = get_object_or_404(model.objects.readable().for_detail(), slug=slug)
            except Http404:
                spelled = slug_of(slug)
                moved = Moved.objects.filter(kind=model.KIND, old=spelled).values("new")
                names_it = Q(slug=spelled) | Q(slug__in=moved)
                page = model.objects.readable().filter(names_it).first()
                if page is None:
                    raise Missing(near(model, spelled)) from None
                return _moved_permanently(request, slug, page)
            return show(request, page, **rest)

        answer.show = show
        return answer

    return decorate


def _moved_permanently(request: HttpRequest, slug: str, page: Page) -> HttpResponse:
    section = page.get_absolute_url().removesuffix(f"{page.slug}/")
    form = request.path.removeprefix(section + slug)  # “/”, “/pyproject.toml”, “.csv”
    location = section + page.slug + form
    query = request.META.get("QUERY_STRING", "")
    if query and len(query) < LONGEST_LOCATION:
        location = f"{location}?{query}"
    return HttpResponsePermanentRedirect(location)
