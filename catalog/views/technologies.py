from collections import defaultdict
from collections.abc import Iterable

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from catalog import markdown
from catalog.comparison.chosen import read_chosen
from catalog.comparison.standings import standings
from catalog.comparison.tables import kept
from catalog.describe.past import past_of_technology
from catalog.exports.pyproject import requirement_of
from catalog.filters import Facet, TechnologyFilter
from catalog.http import Pairs, address_of, page_of, render_page_or_fragment, state_of, today
from catalog.models import Choice, Companion, Pin, Point, Technology
from catalog.models.category import strongest_first
from catalog.models.fields import is_over
from catalog.truth import Truth, gaps, truths_of

POINT_HEADINGS = {
    Point.Kind.PRO: "Pros",
    Point.Kind.CON: "Cons",
    Point.Kind.USE_WHEN: "Use when",
    Point.Kind.AVOID_WHEN: "Avoid when",
}

PER_PAGE = 36
MOST_RIVALS = 5


def technology_list(request: HttpRequest) -> HttpResponse:
    """Show every technology, narrowed by the form, and keep what is chosen to be compared in `t`.

    Nonsense is left out and named.
    """
    state = state_of(request)
    ranked = standings(state, today())
    stamp = state.stamp if state else None
    found = TechnologyFilter(request.GET, Technology.objects.published(), stamp)
    page = Paginator(found.slugs, PER_PAGE).get_page(request.GET.get("page"))
    shown = found.qs.in_bulk(list(page), field_name="slug")
    chosen = read_chosen(request.GET.getlist("t"))
    asked, facets = tuple(found.pairs), found.facets
    kept, number = (*asked, *chosen.pairs()), page.number
    context = {
        "filter": found,
        "facets": facets,
        "page": page,
        "truths": truths_of((shown[slug] for slug in page if slug in shown), ranked),
        "previous": _page_address(kept, number - 1) if page.has_previous() else "",
        "next": _page_address(kept, number + 1) if page.has_next() else "",
        "chips": _chips(found, facets, kept),
        "every": _page_address(chosen.pairs()) if asked else "",
        "chosen": chosen,
        "elsewhere": [slug for slug in chosen.slugs if slug not in shown],
        "takeouts": [
            (chosen.names[slug], _page_address((*asked, *chosen.pairs(without=slug)), number))
            for slug in chosen.slugs
        ],
        "clear": _page_address(asked, number),
    }
    return render_page_or_fragment(
        request,
        page="catalog/technology_list.html",
        fragment="catalog/_finder.html",
        context=context,
        address=_page_address(kept, number),
    )


@page_of(Technology)
def technology_detail(request: HttpRequest, technology: Technology) -> HttpResponse:
    ranked = standings(state_of(request), today())
    snippets = list(technology.snippets.all())
    ways = list(technology.migrations.to_readable())
    windows = list(technology.support_windows.all())
    html = markdown.html_for(
        [technology.description, *(way.steps for way in ways), *(one.source for one in snippets)]
    )
    (truth,) = truths_of([technology], ranked)
    listings = strongest_first(technology.listings.all())
    pins = pins_of(technology)
    context = {
        "technology": technology,
        "description": html[technology.description],
        "truth": truth,
        "listings": listings,
        "pins": pins,
        "install": [] if truth.use_instead else _install_lines(technology, pins),
        "packages": [
            (package, getattr(package, "facts", None)) for package in technology.packages.all()
        ],
        "points": _points_by_kind(technology),
        "windows": [
            (window, is_over(window.end_of_life or window.active_until, today()))
            for window in windows
        ],
        "says_active": any(one.active_until for one in windows),
        "migrations": [(way, html[way.steps]) for way in ways],
        "migrations_from": technology.migrations_from.from_readable(),
        "companions": _companions_by_group(technology),
        "companion_of": technology.companion_of.from_readable(),
        "choices": Choice.objects.published().using_technology(technology),
        "snippets": [(snippet, html[snippet.source]) for snippet in snippets],
        "compare": _compare_address(technology.slug),
        "rivals": _rivals(technology, truth),
        "gaps": gaps(truth, listings, technology.points.all()),
        "past": kept(past_of_technology, state_of(request), today(), technology.slug),
    }
    return TemplateResponse(request, "catalog/technology_detail.html", context)


def pins_of(technology: Technology) -> list[Pin]:
    """Return the pins of its first package in the newest version sets. One query."""
    pins = Pin.objects.of_newest_sets().filter(package__technology=technology)
    pins = sorted(pins, key=lambda pin: (pin.package.position, pin.package.name))
    return [pin for pin in pins if pin.package_id == pins[0].package_id]


def _install_lines(technology: Technology, pins: list[Pin]) -> list[tuple[str, str]]:
    """Return the name and the line of each way to install it; none where it has no package."""
    first = next(iter(technology.packages.all()), None)
    if first is None:
        return []
    what = f'"{requirement_of(pins[0])}"' if pins else first.name
    dev = "--dev " if pins and pins[0].group == Pin.Group.DEV else ""
    return [("uv", f"uv add {dev}{what}"), ("pip", f"pip install {what}")]


def _rivals(technology: Technology, truth: Truth) -> list[tuple[str, str, str]]:
    """Return name and address of those to compare it with: first who leads which of its tables."""
    names: dict[str, tuple[str, str]] = {}
    for ranking, _ in truth.places:
        for place in ranking.places:
            if place.leads:
                names.setdefault(place.slug, (place.name, ranking.title))
    for rival in Technology.objects.rivals_of([technology.slug])[:MOST_RIVALS]:
        names.setdefault(rival.slug, (rival.name, ""))
    names.pop(technology.slug, None)
    return [
        (name, _compare_address(technology.slug, slug), leads)
        for slug, (name, leads) in list(names.items())[:MOST_RIVALS]
    ]


def _compare_address(*slugs: str) -> str:
    return address_of(reverse("catalog:compare"), [("t", slug) for slug in slugs])


def _chips(
    found: TechnologyFilter, facets: Iterable[Facet], kept: Pairs
) -> list[tuple[str, str, str]]:
    """Return of the text and each value asked for: parameter, label, the address without it."""
    text = found.asked["text"]
    chips = [("text", text, text)] if text else []
    chips += [(facet.name, one.value, one.label) for facet in facets for one in facet.chosen]
    return [
        (name, label, _page_address(tuple(pair for pair in kept if pair != (name, value))))
        for name, value, label in chips
    ]


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
