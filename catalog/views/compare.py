"""Any technologies side by side: as a page and as files."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.text import get_text_list

from catalog.comparison.blocks import block_of
from catalog.comparison.chosen import Chosen, read_chosen, with_t
from catalog.comparison.engine import Question
from catalog.comparison.jobs import Some, jobs_of, stacks_of
from catalog.comparison.side_by_side import facts_of, held_by_comparisons, table_of_all
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
from catalog.models import Comparison, Listing, Technology
from catalog.views.comparisons import table_file

MOST_RIVALS = 5

# More names than that make no title.
MOST_IN_A_TITLE = 4


def compare(request: HttpRequest) -> HttpResponse:
    """Show what is known of the technologies in `t`, and how comparisons judge them.

    Whatever else an address asks is dropped: weights belong to a comparison.
    """
    latest = state_of(request)
    chosen = read_chosen(parameters_of(request).get("t", ()))
    if moved := redirect_to(request, chosen.pairs, chosen.left_out):
        return moved
    path = request.path
    facts = facts_of(chosen.slugs)
    held = held_by_comparisons(chosen.slugs, latest, today())
    jobs = jobs_of(chosen.slugs, facts.listings, held)
    several = len(chosen.slugs) > 1
    files = {
        suffix: address_of(reverse("catalog:compare_file", args=[suffix]), chosen.pairs)
        for suffix in FORMS
    }
    return render_page_or_fragment(
        request,
        page="catalog/compare.html",
        fragment="catalog/_compared.html",
        context={
            "title": _title(chosen),
            "canonical": address_of(path, chosen.pairs),
            "chosen": chosen,
            "options": [chosen.names[slug] for slug in chosen.names if slug in chosen.listed],
            "takeouts": [
                (slug, chosen.names[slug], address_of(path, chosen.without(slug)))
                for slug in chosen.slugs
            ],
            "left_out": [(one.said, _wider(chosen, one.near)) for one in chosen.left_out],
            "rivals": _rivals(chosen),
            "facts": facts,
            "is_one_job": len(jobs) == 1 and jobs[0].page is not None,
            "jobs": [_said(one, chosen) for one in jobs] if several else [],
            "recommended": _recommended(jobs, facts.listings) if several else [],
            "stacks": [_said(one, chosen) for one in stacks_of(chosen.slugs)] if several else [],
            "blocks": [block_of(one) for one in held],
            "comparisons": [] if several else Comparison.objects.published(),
            "forms": [(FORMS[suffix].name, files[suffix]) for suffix in files],
            "copied_from": files["md"],
        },
        address=address_of(path, chosen.pairs),
    )


def compare_file(request: HttpRequest, suffix: str) -> HttpResponse:
    """Return the same facts and tables as a file."""
    latest = state_of(request)
    chosen = read_chosen(parameters_of(request).get("t", ()))
    held = held_by_comparisons(chosen.slugs, latest, today())
    table = table_of_all(facts_of(chosen.slugs), held)
    query = Query(
        Question(chosen.slugs, table.curated_weights),
        [one.said for one in chosen.left_out],
        chosen.pairs,
    )
    page = reverse("catalog:compare")
    return table_file(request, suffix, latest, query, table=table, title=_title(chosen), page=page)


def _title(chosen: Chosen) -> str:
    names = chosen.named()
    if len(names) < 2:
        return "".join(names) or "Compare"
    if len(names) > MOST_IN_A_TITLE:
        names[MOST_IN_A_TITLE - 1 :] = [f"{len(names) - MOST_IN_A_TITLE + 1} more"]
    return f"{get_text_list(names, 'and')} compared"


def _said(some: Some, chosen: Chosen) -> tuple[str, Some]:
    """Return the names of some in a row, with what they are part of."""
    return get_text_list(chosen.named(some.members), "and"), some


def _recommended(jobs: Sequence[Some], listings: Sequence[Listing]) -> list[Listing]:
    """Return the verdicts to begin with, where one category holds all."""
    page = jobs[0].page if len(jobs) == 1 else None
    return [
        one
        for one in listings
        if one.category == page and one.verdict == Listing.Verdict.RECOMMENDED
    ]


def _rivals(chosen: Chosen) -> list[tuple[str, str]]:
    """Return names to suggest, each with the address that adds it. One query."""
    if not chosen.slugs or chosen.is_full:
        return []
    return _wider(
        chosen, [one.slug for one in Technology.objects.rivals_of(chosen.slugs)[:MOST_RIVALS]]
    )


def _wider(chosen: Chosen, slugs: Sequence[str]) -> list[tuple[str, str]]:
    path = reverse("catalog:compare")
    return [
        (chosen.names[slug], address_of(path, with_t((*chosen.slugs, slug))))
        for slug in slugs
        if slug not in chosen.slugs
    ]
