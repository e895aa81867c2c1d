"""A bare Django site of one page of 20 KB: what scripts.speed measures everything against.

Settings, addresses and view in one, with what the configuration of gunicorn reads.
"""

from django.http import HttpRequest, HttpResponse
from django.urls import path

ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = __name__
SECRET_KEY = "bare"
TRUST_PROXY = False
LOGGING = {"version": 1, "loggers": {"gunicorn.error": {"level": "ERROR", "propagate": False}}}
MIDDLEWARE: list[str] = []

PAGE = b"x" * 20_480


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(PAGE)


urlpatterns = [path("", page)]
