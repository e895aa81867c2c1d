"""The front page, categories, and what crawlers ask for."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.sitemaps import Sitemap
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.templatetags.static import static
from django.urls import reverse

from catalog import markdown
from catalog.comparison.standings import standings
from catalog.history.lately import lately
from catalog.http import page_of, state_of, today
from catalog.models import (
    PAGES,
    Category,
    Changed,
    Guide,
    Page,
    Stack,
    VersionSet,
)
from catalog.models.category import strongest_first
from catalog.truth import Truth, truths_of_listings
from catalog.views import heads


def home(request: HttpRequest) -> HttpResponse:
    """Show the guide at a glance; an empty one says how to begin."""
    guide = Guide.objects.first()
    html = markdown.html_for([guide.introduction, guide.closing] if guide else [])
    introduction = html[guide.introduction if guide else ""]
    title = guide.title if guide else "An empty guide"
    context = {
        "guide": guide,
        "head": heads.Head(
            title, heads.opening(introduction) or f"{title}: what to take, and why."
        ),
        "introduction": introduction,
        "closing": html[guide.closing if guide else ""],
        "categories": Category.objects.for_home(),
        "rankings": standings(state_of(request), today()).by_comparison.values(),
        "lately": lately(),
        "stacks": Stack.objects.published().for_detail(),
        "version_sets": VersionSet.objects.published(),
    }
    return TemplateResponse(request, "catalog/home.html", context)


def category_list(request: HttpRequest) -> HttpResponse:
    context = {"categories": Category.objects.for_home()}
    return render(request, "catalog/category_list.html", context)


@page_of(Category)
def category_detail(request: HttpRequest, category: Category) -> HttpResponse:
    ranked = standings(state_of(request), today())
    listings = strongest_first(category.listings.of_published_technologies())
    children = list(Category.objects.published().filter(parent=category).with_listings())
    below = [listing for child in children for listing in strongest_first(child.listings.all())]
    truths = truths_of_listings([*listings, *below], ranked)
    snippets = list(category.snippets.all())
    html = markdown.html_for([category.introduction, *(snippet.source for snippet in snippets)])
    context = {
        "category": category,
        "head": heads.of_category(category, [*listings, *below]),
        "introduction": html[category.introduction],
        "rankings": ranked.in_category(category.pk),
        "entries": _entries(truths, category),
        "children": [(child, _entries(truths, child)) for child in children],
        "has_listings": bool(truths),
        "snippets": [(snippet, html[snippet.source]) for snippet in snippets],
    }
    return TemplateResponse(request, "catalog/category_detail.html", context)


def _entries(truths: Iterable[Truth], category: Category) -> dict[str, Any]:
    """Return the truths of a category, and which columns have something to show."""
    found = [truth for truth in truths if truth.listing.category_id == category.pk]
    facts = [truth.facts for truth in found if truth.facts]
    columns = {
        "fit": any(truth.places for truth in found),
        "newest": bool(facts),
        "python": any(one.requires_python for one in facts),
        "licence": any(truth.technology.licence for truth in found),
    }
    return {"truths": found, "columns": columns}


class IndexSitemap(Sitemap):
    """Lists the front page and the list of each section."""

    def items(self) -> list[str]:
        return [
            "catalog:home",
            *(f"catalog:{section}_list" for section in PAGES),
            "catalog:measurements",
        ]

    def location(self, item: str) -> str:
        return reverse(item)


class PageSitemap(Sitemap):
    """Lists the published pages of one kind, with the day each last changed."""

    def __init__(self, model: type[Page]) -> None:
        self.model = model

    def items(self) -> list[Page]:
        changed = Changed.objects.filter(kind=self.model.KIND, slug=OuterRef("slug"))
        changed_at = Subquery(changed.values("edition__at")[:1])
        return list(self.model.objects.published().annotate(changed_at=changed_at))

    def lastmod(self, item: Page) -> datetime | None:
        return item.changed_at


SITEMAPS = {"index": IndexSitemap, **{kind: PageSitemap(model) for kind, model in PAGES.items()}}


def robots(request: HttpRequest) -> HttpResponse:
    context = {"sitemap": request.build_absolute_uri(reverse("catalog:sitemap"))}
    return render(request, "catalog/robots.txt", context, content_type="text/plain; charset=utf-8")


def favicon(request: HttpRequest) -> HttpResponse:
    return redirect(static("favicon.svg"))
