"""Tags and filters that several pages use."""

from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from catalog import reports
from catalog.comparison import cells
from catalog.comparison.engine import words
from catalog.http import section_address, state_of
from catalog.models import Edition
from catalog.search.excerpts import Pieces
from catalog.search.questions import LONGEST

register = template.Library()

SECTIONS = {
    "category": "Categories",
    "technology": "Technologies",
    "comparison": "Comparisons",
    "stack": "Stacks",
    "version": "Versions",
}


@register.simple_tag(takes_context=True)
def latest_edition(context: Context) -> Edition | None:
    """Return the edition that the page shows, for its head and foot."""
    return state_of(context["request"])


@register.simple_tag(takes_context=True)
def sections(context: Context) -> list[tuple[str, str, bool]]:
    """Return address and name of each section, and whether the page belongs to it."""
    here = context["request"].path if "request" in context else ""
    if here == reverse("catalog:compare"):
        here = section_address("comparison")
    return [
        (address, name, here.startswith(address))
        for section, name in SECTIONS.items()
        for address in [section_address(section)]
    ]


@register.simple_tag(takes_context=True)
def canonical_address(context: Context) -> str:
    """Return the absolute address of the page, without its query unless the view keeps some."""
    request = context["request"]
    return request.build_absolute_uri(context.get("canonical", request.path))


@register.simple_tag(takes_context=True)
def report_link(context: Context, title: str, place: str = "") -> str:
    """Return where to report a mistake in what `title` names: the page, or its part `place`.

    Empty where the site takes no reports, and outside of a request. No query.
    """
    if "request" not in context:
        return ""
    address = canonical_address(context)
    return reports.report_address(title, f"{address}#{place}" if place else address)


@register.simple_tag(takes_context=True)
def searched_text(context: Context) -> str:
    """Return what the page was searched for, to stand in the field again."""
    request = context.get("request")
    is_search = request is not None and request.path == reverse("catalog:search")
    return request.GET.get("q", "")[:LONGEST] if is_search else ""


@register.filter
def marked(pieces: Pieces) -> SafeString:
    """Return pieces of text with the words that were looked for marked."""
    parts = ((format_html("<mark>{}</mark>", text) if mark else text,) for text, mark in pieces)
    return format_html_join("", "{}", parts)


register.filter("mark", cells.mark)
register.filter("judgement", words.judgement)
