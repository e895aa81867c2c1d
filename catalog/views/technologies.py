from collections import defaultdict

from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from catalog import markdown
from catalog.comparison.chosen import read_chosen
from catalog.filters import TechnologyFilter, count_listed, show_counts
from catalog.http import Pairs, address_of, page_of, render_page_or_fragment
from catalog.models import Choice, Companion, Listing, Point, Technology

POINT_HEADINGS = {
    Point.Kind.PRO: "Pros",
    Point.Kind.CON: "Cons",
    Point.Kind.USE_WHEN: "Use when",
    Point.Kind.AVOID_WHEN: "Avoid when",
}

PER_PAGE = 50
MOST_RIVALS = 5


def technology_list(request: HttpRequest) -> HttpResponse:
    """Show every technology, narrowed by the form, and keep what is chosen to be compared in `t`.

    Nonsense is left out and named.
    """
    listings = Prefetch("listings", Listing.objects.published())
    technologies = Technology.objects.published().prefetch_related(listings)
    found = TechnologyFilter(request.GET, technologies)
    show_counts(found.form, count_listed())
    page = Paginator(found.qs, PER_PAGE).get_page(request.GET.get("page"))
    chosen = read_chosen(request.GET.getlist("t"))
    asked, here = tuple(found.asked.items()), {one.slug for one in page}
    kept, number = (*asked, *chosen.pairs()), page.number
    context = {
        "filter": found,
        "page": page,
        "total": Technology.objects.published().count(),
        "previous": _page_address(kept, number - 1) if page.has_previous() else "",
        "next": _page_address(kept, number + 1) if page.has_next() else "",
        "every": _page_address(chosen.pairs()) if asked else "",
        "chosen": chosen,
        "elsewhere": [slug for slug in chosen.slugs if slug not in here],
        "takeouts": [
            (chosen.names[slug], _page_address((*asked, *chosen.pairs(without=slug)), number))
            for slug in chosen.slugs
        ],
        "clear": _page_address(asked, number),
    }
    return render_page_or_fragment(
        request,
        page="catalog/technology_list.html",
        fragment="catalog/_technology_results.html",
        context=context,
        address=_page_address(kept, number),
    )


@page_of(Technology)
def technology_detail(request: HttpRequest, technology: Technology) -> HttpResponse:
    snippets = list(technology.snippets.all())
    html = markdown.html_for([technology.description, *(snippet.source for snippet in snippets)])
    context = {
        "technology": technology,
        "description": html[technology.description],
        "listings": technology.listings.in_published_categories(),
        "packages": [
            (package, getattr(package, "facts", None)) for package in technology.packages.all()
        ],
        "points": _points_by_kind(technology),
        "companions": _companions_by_group(technology),
        "companion_of": technology.companion_of.from_readable(),
        "contenders": technology.contenders.published().with_cells(),
        "choices": Choice.objects.published().using_technology(technology),
        "snippets": [(snippet, html[snippet.source]) for snippet in snippets],
        "compare": _compare_address(technology),
        "rivals": [
            (rival.name, _compare_address(technology, rival))
            for rival in Technology.objects.rivals_of([technology.slug])[:MOST_RIVALS]
        ],
    }
    return TemplateResponse(request, "catalog/technology_detail.html", context)


def _compare_address(*technologies: Technology) -> str:
    return address_of(reverse("catalog:compare"), [("t", one.slug) for one in technologies])


def _page_address(pairs: Pairs, number: int = 1) -> str:
    """Return where a page of the list is, with what is asked of it and what is chosen."""
    of_page = [("page", str(number))] if number > 1 else []
    return address_of(reverse("catalog:technology_list"), (*pairs, *of_page))


def _points_by_kind(technology: Technology) -> list[tuple[str, str, list[Point]]]:
    """Return kind, heading and points of each kind that has any."""
    points = technology.points.all()
    return [
        (kind.value, heading, found)
        for kind, heading in POINT_HEADINGS.items()
        if (found := [point for point in points if point.kind == kind])
    ]


def _companions_by_group(technology: Technology) -> dict[str, list[Companion]]:
    """Return the companions by heading, in the order of the first of each."""
    groups = defaultdict(list)
    for companion in technology.companions.all():
        groups[companion.group].append(companion)
    return dict(groups)
