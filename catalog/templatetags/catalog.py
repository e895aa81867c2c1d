"""Tags and filters that several pages use."""

from django import template
from django.template.context import Context
from django.urls import reverse

from catalog import reports
from catalog.comparison import cells
from catalog.comparison.engine import words
from catalog.http import state_of
from catalog.models import Edition

register = template.Library()


@register.simple_tag(takes_context=True)
def latest_edition(context: Context) -> Edition | None:
    """Return the edition that the page shows, for its head and foot."""
    return state_of(context["request"])


@register.simple_tag(takes_context=True)
def sections(context: Context) -> list[tuple[str, str, bool]]:
    """Return address and name of each section, and whether the page belongs to it."""
    here = context["request"].path if "request" in context else ""
    names = {
        "category": "Categories",
        "technology": "Technologies",
        "comparison": "Comparisons",
        "stack": "Stacks",
        "version": "Versions",
    }
    addresses = {section: reverse(f"catalog:{section}_list") for section in names}
    if here == reverse("catalog:compare"):
        here = addresses["comparison"]
    return [
        (addresses[section], name, here.startswith(addresses[section]))
        for section, name in names.items()
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


register.filter("mark", cells.mark)
register.filter("judgement", words.judgement)
