"""Every answer, whoever gives it, carries the headers that protect its reader."""

from collections.abc import Callable

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import include, path

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}
FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def fail(request: HttpRequest) -> HttpResponse:
    """Break, as no page should."""
    raise RuntimeError("on purpose")


def tag(request: HttpRequest) -> HttpResponse:
    """Answer with an ETag that a client can repeat."""
    return HttpResponse("tagged", headers={"ETag": '"one"'})


# The site's own addresses, and two that answer as they should not have to.
urlpatterns = [path("fail/", fail), path("tag/", tag), path("", include("stackguide.urls"))]
handler400 = "stackguide.errors.bad_request"
handler403 = "stackguide.errors.permission_denied"
handler404 = "stackguide.errors.page_not_found"
handler500 = "stackguide.errors.server_error"

ANSWERS: list[tuple[int, Callable[[Client], HttpResponse]]] = [
    (200, lambda client: client.get("/admin/login/")),
    (200, lambda client: client.get("/healthz")),
    (200, lambda client: client.get("/readyz")),
    (200, lambda client: client.get("/static/admin/css/base.css")),
    (200, lambda client: client.get("/tag/")),
    (301, lambda client: client.get("/tag")),
    (302, lambda client: client.get("/admin/")),
    (304, lambda client: client.get("/tag/", headers={"If-None-Match": '"one"'})),
    (400, lambda client: client.get("/tag/", headers={"Host": "elsewhere.internal"})),
    (403, lambda client: client.post("/admin/login/", {"username": "ann"})),
    (404, lambda client: client.get("/no-such-page/")),
    (404, lambda client: client.get("/static/no-such-file.css")),
    (405, lambda client: client.post("/healthz")),
    (405, lambda client: client.post("/static/admin/css/base.css")),
    (500, lambda client: client.get("/fail/")),
]


@pytest.fixture
def client() -> Client:
    """Return a client that checks forms as a browser's would be, and shows errors as pages."""
    return Client(enforce_csrf_checks=True, raise_request_exception=False)


def find_policy(response: HttpResponse) -> set[str]:
    """Return the directives of the content security policy."""
    return {part.strip() for part in response.headers["Content-Security-Policy"].split(";")}


@pytest.mark.django_db
@pytest.mark.ignore_template_errors  # the admin's own templates
@pytest.mark.urls("tests.test_headers")
@pytest.mark.parametrize(("status", "ask"), ANSWERS)
def test_every_answer_carries_every_header(client, status, ask):
    response = ask(client)
    response.close()  # a static file's
    assert response.status_code == status
    assert {name: response.headers.get(name) for name in FIXED} == FIXED
    assert find_policy(response) == POLICY
    assert "camera=()" in response.headers["Permissions-Policy"].split(", ")
    assert len(response.headers["X-Request-ID"]) == 32


@pytest.mark.django_db
@pytest.mark.ignore_template_errors
@pytest.mark.parametrize("page", ["/admin/", "/admin/login/", "/admin/no-such-page/"])
def test_nothing_of_the_admin_is_stored_anywhere(client, page):
    directives = set(client.get(page).headers["Cache-Control"].split(", "))
    assert {"no-store", "private"} <= directives


@pytest.mark.django_db
@pytest.mark.urls("tests.test_headers")
@pytest.mark.parametrize("page", ["/", "/tag/", "/no-such-page/", "/fail/", "/healthz", "/readyz"])
def test_readers_get_no_cookie(client, page):
    response = client.get(page)
    assert dict(response.cookies) == {}
    assert "Cookie" not in response.headers.get("Vary", "")


@pytest.mark.urls("tests.test_headers")
@override_settings(SECURE_SSL_REDIRECT=True)
def test_a_reader_without_tls_is_sent_to_the_address_with_it():
    response = Client().get("/tag/?q=1")
    assert (response.status_code, response.headers["Location"]) == (
        301,
        "https://testserver/tag/?q=1",
    )
    assert {name: response.headers.get(name) for name in FIXED} == FIXED


@pytest.mark.urls("tests.test_headers")
@override_settings(SECURE_SSL_REDIRECT=True)
def test_the_redirect_refuses_a_wrong_host_with_all_headers():
    response = Client().get("/tag/", headers={"Host": "elsewhere.internal"})
    assert response.status_code == 400
    assert {name: response.headers.get(name) for name in FIXED} == FIXED
    assert find_policy(response) == POLICY


@pytest.mark.django_db  # closing an answer closes its connection
@pytest.mark.urls("tests.test_headers")
@override_settings(SECURE_HSTS_SECONDS=31_536_000)
@pytest.mark.parametrize(
    "ask",
    [
        lambda client: client.get("/tag/", secure=True),
        lambda client: client.get("/healthz", secure=True),
        lambda client: client.get("/tag/", secure=True, headers={"Host": "elsewhere.internal"}),
        lambda client: client.get("/static/admin/css/base.css", secure=True),
    ],
)
def test_every_answer_over_tls_promises_a_year_of_it(ask):
    response = ask(Client())
    response.close()
    assert response.headers["Strict-Transport-Security"] == "max-age=31536000"


@pytest.mark.django_db
@pytest.mark.ignore_template_errors
@override_settings(
    CSRF_COOKIE_SECURE=True,
    CSRF_COOKIE_NAME="__Host-csrftoken",
    SESSION_COOKIE_SECURE=True,
    SESSION_COOKIE_NAME="__Host-sessionid",
)
def test_cookies_of_editors_are_bound_to_the_host_and_to_tls(django_user_model):
    django_user_model.objects.create_superuser("ann", password="a-word-and-another-1")
    client = Client()
    client.get("/admin/login/", secure=True)
    form = {"username": "ann", "password": "a-word-and-another-1"}
    client.post("/admin/login/", form, secure=True)
    flags = {
        name: (bool(morsel["secure"]), bool(morsel["httponly"]), morsel["samesite"], morsel["path"])
        for name, morsel in client.cookies.items()
    }
    assert flags == {
        "__Host-csrftoken": (True, True, "Lax", "/"),
        "__Host-sessionid": (True, True, "Lax", "/"),
    }
    assert {morsel["domain"] for morsel in client.cookies.values()} == {""}


@pytest.mark.urls("tests.test_headers")
def test_the_word_of_a_proxy_nobody_trusts_changes_nothing():
    claims = {"X-Forwarded-Proto": "https", "X-Request-ID": "chosen-by-a-stranger"}
    with override_settings(SECURE_SSL_REDIRECT=True):
        response = Client().get("/tag/", headers=claims)
    assert response.status_code == 301
    assert response.headers["X-Request-ID"] != "chosen-by-a-stranger"
