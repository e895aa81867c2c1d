"""Whether technologies do the same job, and which stacks name several of them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.db.models import Q

from catalog.comparison.side_by_side import FEWEST, Held
from catalog.models import ByteOrder, Choice, Listing, Page
from catalog.models.category import Verdict

MOST_STACKS = 3


class Some(NamedTuple):
    """Some of the chosen, and the page that holds them; None where none does."""

    page: Page | None
    members: tuple[str, ...]


def jobs_of(slugs: Sequence[str], listings: Iterable[Listing], held: Iterable[Held]) -> list[Some]:
    """Part technologies by what they do: one part where a category or comparison holds them all.

    What holds most of those left comes first: categories before comparisons, and what judges them
    before what only lists them. No query.
    """
    holders: dict[Page, set[str]] = defaultdict(set)
    for listing in sorted(listings, key=lambda one: one.verdict == Verdict.LISTED):
        holders[listing.category].add(listing.technology.slug)
    for one in held:
        holders[one.comparison] = {*one.members}
    left, jobs = list(slugs), []
    while left:
        page = max(holders, key=lambda one: _weight(holders[one], left), default=None)
        members = [slug for slug in left if page and slug in holders[page]]
        jobs.append(Some(page, tuple(members)) if members else Some(None, tuple(left)))
        left = [slug for slug in left if members and slug not in members]
    return jobs


def _weight(members: set[str], left: Sequence[str]) -> tuple[int, int]:
    """Return how many of those left are members, and how soon the first of them was chosen."""
    places = [place for place, slug in enumerate(left) if slug in members]
    return len(places), -min(places, default=0)


def stacks_of(slugs: Sequence[str]) -> list[Some]:
    """Return the published stacks that name at least two of these, most first. One query."""
    of_these = Q(technology__slug__in=slugs) | Q(with_technology__slug__in=slugs)
    choices = Choice.objects.published().filter(of_these)
    in_order = choices.order_by("role__stack__position", ByteOrder("role__stack__slug"))
    named: dict[Page, list[str]] = defaultdict(list)
    for choice in in_order.select_related("role__stack", "technology", "with_technology"):
        ends = filter(None, (choice.technology, choice.with_technology))
        named[choice.role.stack] += [one.slug for one in ends]
    found = [
        Some(stack, tuple(slug for slug in slugs if slug in of_stack))
        for stack, of_stack in named.items()
    ]
    several = [one for one in found if len(one.members) >= FEWEST]
    return sorted(several, key=lambda one: -len(one.members))[:MOST_STACKS]
