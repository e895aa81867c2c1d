"""The pages for what went wrong: own words, a way out, and nothing that could fail as well."""

from unittest import mock

import pytest
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from django.test import Client, override_settings
from django.urls import include, path
from django.utils.translation import override

from stackguide import errors
from tests.reading import Document

PAGES = {
    "/strange/": (400, "This request could not be understood"),
    "/forbidden/": (403, "You may not do this"),
    "/no-such-page/": (404, "There is no such page"),
    "/broken/": (500, "Something went wrong here"),
    "/busy/": (503, "Somebody else\N{RIGHT SINGLE QUOTATION MARK}s change is being written"),
}


def strange(request: HttpRequest) -> HttpResponse:
    """Refuse as Django does when it does not understand a request."""
    raise BadRequest("on purpose")


def forbidden(request: HttpRequest) -> HttpResponse:
    """Refuse as a permission check does."""
    raise PermissionDenied


def broken(request: HttpRequest) -> HttpResponse:
    """Fail as a page does whose database is gone."""
    raise OperationalError("secret detail")


class LockedError(OperationalError):
    """As a driver says that a wait for another writer was given up."""

    sqlite_errorname = "SQLITE_BUSY"


def busy(request: HttpRequest) -> HttpResponse:
    """Fail as a page does that met another writer."""
    raise OperationalError("database is locked") from LockedError


def form(request: HttpRequest) -> HttpResponse:
    """Answer a form that came with its token."""
    return HttpResponse("accepted")


urlpatterns = [
    path("strange/", strange),
    path("forbidden/", forbidden),
    path("broken/", broken),
    path("busy/", busy),
    path("form/", form),
    path("", include("catalog.urls")),
]
handler400 = "stackguide.errors.bad_request"
handler403 = "stackguide.errors.permission_denied"
handler404 = "stackguide.errors.page_not_found"
handler500 = "stackguide.errors.server_error"

pytestmark = pytest.mark.urls("tests.test_errors")


def links(page: Document) -> list[str]:
    return [href for _text, href in page.links("body")]


@pytest.mark.parametrize(("page", "expected"), PAGES.items())
def test_each_error_has_a_page_with_one_heading_and_a_way_out(page, expected):
    # No database mark: a query would fail this test.
    response = Client(raise_request_exception=False).get(page)
    shown = Document(response.text)
    assert (response.status_code, *shown.texts("h1")) == expected
    # Where there is no page, the sections and the search of the site lead on.
    sections = ["categories", "technologies", "comparisons", "stacks", "versions"]
    before = {"/busy/": [page], "/no-such-page/": ["/", *[f"/{one}/" for one in sections]]}
    assert (links(shown), shown.root.get("lang")) == ([*before.get(page, []), "/"], "en")
    searches = [form.get("action") for form in shown.find("form[@role='search']")]
    assert searches == (["/search/"] if page == "/no-such-page/" else [])


def test_a_form_without_its_token_is_refused_on_an_own_page():
    response = Client(enforce_csrf_checks=True).post("/form/")
    heading = Document(response.text).texts("h1")
    assert (response.status_code, heading) == (403, ["The form could not be accepted"])
    assert "style=" not in response.text


def test_the_page_for_server_errors_names_the_request_and_nothing_else():
    response = Client(raise_request_exception=False).get("/broken/?token=hidden")
    assert f"<code>{response.headers['X-Request-ID']}</code>" in response.text
    for detail in (
        "secret detail",
        "OperationalError",
        "hidden",
        "broken",
        "Django",
        "site-packages",
    ):
        assert detail not in response.text


@override_settings(
    STORAGES={
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    },
    STATIC_ROOT="/nowhere",
)
@pytest.mark.parametrize("page", PAGES)
def test_without_collected_files_the_pages_have_no_style_sheet_and_still_work(page):
    response = Client(raise_request_exception=False).get(page)
    assert response.status_code == PAGES[page][0]
    assert "stylesheet" not in response.text


def test_when_the_page_for_errors_fails_too_there_is_a_last_one():
    with mock.patch.object(errors, "render_to_string", side_effect=OSError("disk")):
        response = Client(raise_request_exception=False).get("/broken/")
    assert (response.status_code, links(Document(response.text))) == (500, ["/"])


def test_the_pages_speak_the_language_of_the_site():
    with override("de"):
        assert '<html lang="de">' in get_template("404.html").render({})
