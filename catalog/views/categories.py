from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.response import TemplateResponse

from catalog import markdown
from catalog.http import page_of
from catalog.models import Category, Listing


def category_list(request: HttpRequest) -> HttpResponse:
    context = {"categories": Category.objects.for_home()}
    return render(request, "catalog/category_list.html", context)


@page_of(Category)
def category_detail(request: HttpRequest, category: Category) -> HttpResponse:
    listings = list(category.listings.of_published_technologies())
    snippets = list(category.snippets.all())
    html = markdown.html_for([category.introduction, *(snippet.source for snippet in snippets)])
    children = Category.objects.published().filter(parent=category).with_listings()
    context = {
        "category": category,
        "introduction": html[category.introduction],
        "verdicts": _listings_by_verdict(listings),
        "listings_with_best_for": [listing for listing in listings if listing.best_for],
        "children": children,
        "has_listings": listings or any(child.listings.all() for child in children),
        "comparisons": category.comparisons.published(),
        "snippets": [(snippet, html[snippet.source]) for snippet in snippets],
    }
    return TemplateResponse(request, "catalog/category_detail.html", context)


def _listings_by_verdict(listings: list[Listing]) -> list[tuple[str, str, list[Listing]]]:
    """Return value, word and listings of each verdict that was given, the best first."""
    return [
        (verdict.value, verdict.label, found)
        for verdict in Listing.Verdict
        if (found := [listing for listing in listings if listing.verdict == verdict])
    ]
