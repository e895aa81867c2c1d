from datetime import datetime
from typing import Any

from django.contrib.sitemaps import Sitemap
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse

from catalog.models import PAGES, Changed, Page


class IndexSitemap(Sitemap):
    """Lists the front page and the list of each section."""

    def items(self) -> list[str]:
        return ["catalog:home", *(f"catalog:{section}_list" for section in PAGES)]

    def location(self, item: str) -> str:
        return reverse(item)


class PageSitemap(Sitemap):
    """Lists the published pages of one kind, with the day each last changed."""

    def __init__(self, model: type[Page]) -> None:
        self.model = model

    def items(self) -> list[tuple[Page, datetime | None]]:
        changed = Changed.objects.filter(kind=self.model.KIND)
        dates = dict(changed.values_list("slug", "edition__at"))
        return [(page, dates.get(page.slug)) for page in self.model.objects.published()]

    def location(self, item: tuple[Page, Any]) -> str:
        return item[0].get_absolute_url()

    def lastmod(self, item: tuple[Page, datetime | None]) -> datetime | None:
        return item[1]


SITEMAPS = {"index": IndexSitemap, **{kind: PageSitemap(model) for kind, model in PAGES.items()}}


def robots(request: HttpRequest) -> HttpResponse:
    context = {"sitemap": request.build_absolute_uri(reverse("catalog:sitemap"))}
    return render(request, "catalog/robots.txt", context, content_type="text/plain; charset=utf-8")


def favicon(request: HttpRequest) -> HttpResponse:
    return redirect(static("favicon.svg"))
