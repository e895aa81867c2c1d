"""Any technologies side by side: as a page and as files."""

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from catalog.comparison.blocks import block_of
from catalog.comparison.chosen import Chosen, read_chosen
from catalog.comparison.engine import Question
from catalog.comparison.jobs import Some, jobs_of, stacks_of
from catalog.comparison.side_by_side import (
    FOLDED,
    facts_of,
    held_by_comparisons,
    one_table,
    read_technologies,
)
from catalog.comparison.tables import Query
from catalog.exports import FORMS
from catalog.http import (
    address_of,
    parameters_of,
    redirect_to,
    render_page_or_fragment,
    state_of,
    today,
)
from catalog.models import Comparison, Technology
from catalog.models.category import Verdict
from catalog.views import heads
from catalog.views.comparisons import table_file

MOST_RIVALS = 5

# More names make no title.
MOST_IN_A_TITLE = 4


def compare(request: HttpRequest) -> HttpResponse:
    """Show what is known of the technologies in `t`, and how comparisons judge them.

    Whatever else an address asks is dropped: weights belong to a comparison.
    """
    latest = state_of(request)
    chosen = read_chosen(parameters_of(request).get("t", ()))
    if moved := redirect_to(request, chosen.pairs(), chosen.left_out):
        return moved
    address = address_of(request.path, chosen.pairs())
    technologies = read_technologies(chosen.slugs)
    held = held_by_comparisons(chosen.slugs, latest, today())
    facts = facts_of(technologies)
    several = technologies if len(technologies) > 1 else []
    jobs = jobs_of(several, held)
    rivals = [] if chosen.is_full else Technology.objects.rivals_of(chosen.slugs)[:MOST_RIVALS]
    title = _title(chosen)
    context = {
        "title": title,
        "head": heads.of_compared(title, chosen),
        "canonical": address,
        "chosen": chosen,
        "left_out": [(said, _wider(chosen, near)) for said, near in chosen.left_out],
        "rivals": _wider(chosen, [rival.slug for rival in rivals]),
        "takeouts": [
            (one.name, address_of(request.path, chosen.pairs(without=one.slug)))
            for one in technologies
        ],
        "technologies": technologies,
        "hard": [row for row in facts if row.key not in FOLDED],
        "folded": [row for row in facts if row.key in FOLDED],
        "jobs": _said(jobs, chosen),
        "recommended": [
            listing
            for one in several
            for listing in one.listings.all()
            if len(jobs) == 1
            and listing.verdict == Verdict.RECOMMENDED
            and jobs[0].page == listing.category
        ],
        "stacks": _said(stacks_of(several), chosen),
        "blocks": [block_of(one) for one in held],
        "comparisons": [] if several else Comparison.objects.published(),
        "files": [
            (form.name, address.replace("/?", f".{suffix}?")) for suffix, form in FORMS.items()
        ],
        "copied_from": address.replace("/?", ".md?"),
    }
    return render_page_or_fragment(
        request,
        page="catalog/compare.html",
        fragment="catalog/_compared.html",
        context=context,
        address=address,
    )


def compare_file(request: HttpRequest, suffix: str) -> HttpResponse:
    """Return the same facts and tables as a file."""
    latest = state_of(request)
    chosen = read_chosen(parameters_of(request).get("t", ()))
    held = held_by_comparisons(chosen.slugs, latest, today())
    table = one_table(read_technologies(chosen.slugs), held)
    question = Question(chosen.slugs, table.curated_weights)
    query = Query(question, [said for said, _near in chosen.left_out], chosen.pairs())
    page = reverse("catalog:compare")
    return table_file(request, suffix, latest, query, table=table, title=_title(chosen), page=page)


def _title(chosen: Chosen) -> str:
    count, slugs = len(chosen.slugs), chosen.slugs
    if count > MOST_IN_A_TITLE:
        first = ", ".join(chosen.names[slug] for slug in slugs[: MOST_IN_A_TITLE - 1])
        return f"{first} and {count - MOST_IN_A_TITLE + 1} more compared"
    return f"{chosen.said(slugs)} compared" if count > 1 else chosen.said(slugs) or "Compare"


def _said(parts: Iterable[Some], chosen: Chosen) -> list[tuple[str, Some]]:
    return [(chosen.said(part.members), part) for part in parts]


def _wider(chosen: Chosen, slugs: Iterable[str]) -> list[tuple[str, str]]:
    """Return the name of each of these, and the address that adds it."""
    path = reverse("catalog:compare")
    return [(chosen.names[slug], address_of(path, chosen.pairs(slug))) for slug in slugs]
