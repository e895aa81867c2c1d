"""Whether technologies do the same job, and which stacks name several of them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.db.models import Q

from catalog.comparison.side_by_side import FEWEST, Held
from catalog.models import ByteOrder, Choice, Page, Technology
from catalog.models.category import Verdict

MOST_STACKS = 3
IN_ORDER_OF_STACKS = ("role__stack__position", ByteOrder("role__stack__slug"))


class Some(NamedTuple):
    """Some of the chosen, and the page that holds them; None where none does."""

    page: Page | None
    members: tuple[str, ...]


def jobs_of(technologies: Sequence[Technology], held: Iterable[Held]) -> list[Some]:
    """Part technologies by what they do: one part where a category or comparison holds them all.

    What holds most of those left comes first: categories before comparisons, and what judges them
    before what only lists them. No query.
    """
    holders: dict[Page, set[str]] = defaultdict(set)
    listings = [listing for one in technologies for listing in one.listings.all()]
    for listing in sorted(listings, key=lambda one: one.verdict == Verdict.LISTED):
        holders[listing.category].add(listing.technology.slug)
    holders |= {one.comparison: {*one.members} for one in held}
    left, jobs = [one.slug for one in technologies], []
    while left:
        # Of two that hold as many, the one that holds who was chosen first.
        page = max(holders, default=None, key=lambda one: _held(holders[one], left))
        members = [slug for slug in left if page and slug in holders[page]]
        jobs.append(Some(page, tuple(members)) if members else Some(None, tuple(left)))
        left = [slug for slug in left if members and slug not in members]
    return jobs


def stacks_of(technologies: Sequence[Technology]) -> list[Some]:
    """Return the published stacks that name at least two of these, most first. One query."""
    ends = Q(technology__in=technologies) | Q(with_technology__in=technologies)
    named: dict[Page, set[int | None]] = defaultdict(set)
    for choice in Choice.objects.published().filter(ends).order_by(*IN_ORDER_OF_STACKS):
        named[choice.role.stack] |= {choice.technology_id, choice.with_technology_id}
    found = [
        Some(stack, tuple(one.slug for one in technologies if one.pk in chosen))
        for stack, chosen in named.items()
    ]
    several = [one for one in found if len(one.members) >= FEWEST]
    return sorted(several, key=lambda one: -len(one.members))[:MOST_STACKS]


def _held(members: set[str], left: Sequence[str]) -> tuple[int, int]:
    """Return how many of those left are members, and how soon the first of them was chosen."""
    places = [place for place, slug in enumerate(left) if slug in members]
    return len(places), -min(places, default=0)
