"""A bare Django site of one page of 20 KB: what tests.speed measures everything against."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

PAGE = b"x" * 20_480


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(PAGE)


settings.configure(
    ALLOWED_HOSTS=["127.0.0.1"], ROOT_URLCONF=__name__, SECRET_KEY="bare", LOGGING_CONFIG=None
)
urlpatterns = [path("", page)]
application = get_wsgi_application()
