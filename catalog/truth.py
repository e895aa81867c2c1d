"""The line of truth: what stands beside the name of a technology wherever it is named.

Its strongest verdict, its lifecycle, its newest release and its fit, and where two of them do not
go together. All of it is read, nothing is concluded that the guide does not say.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from django.db.models import Prefetch, prefetch_related_objects
from django.utils.text import capfirst, get_text_list

from catalog.comparison.engine.safety import LEAST_MARGIN
from catalog.comparison.standings import Place, Ranking, Standings
from catalog.models import Listing, Package, PackageFacts, Point, Status, Technology
from catalog.models.category import Verdict, strongest_first
from catalog.models.technology import ENDING, Lifecycle

POINTS = {
    Point.Kind.PRO: "what speaks for it",
    Point.Kind.CON: "against it",
    Point.Kind.USE_WHEN: "when to use it",
    Point.Kind.AVOID_WHEN: "when to avoid it",
}
LINKS = {"website": "website", "documentation": "documentation", "repository": "source code"}


class Truth(NamedTuple):
    """One technology in one line. `places` are where it stands in comparisons, its own first.

    `looks` has a sentence for each two facts that do not go together.
    """

    technology: Technology
    listing: Listing | None
    facts: PackageFacts | None
    places: Sequence[tuple[Ranking, Place]]
    looks: list[str]

    @property
    def use_instead(self) -> Technology | None:
        """Return what replaces it, where readers may see that."""
        newer = self.technology.replaced_by
        return newer if newer is not None and newer.status != Status.DRAFT else None

    @property
    def month(self) -> str:
        """Return when the newest release came: 2026-11, or a year where no month is known."""
        return self.facts.released_on[:7] if self.facts else ""


def truths_of(technologies: Iterable[Technology], standings: Standings) -> list[Truth]:
    """Return the truth on each technology, by its strongest verdict. At most three queries."""
    technologies = list(technologies)
    _fetch(technologies, Prefetch("listings", Listing.objects.in_published_categories()))
    strongest = [strongest_first(one.listings.all())[:1] for one in technologies]
    return [_truth(*found, standings) for found in zip(technologies, strongest, strict=True)]


def truths_of_listings(listings: Iterable[Listing], standings: Standings) -> list[Truth]:
    """Return the truth on each technology listed, by its verdict there. At most two queries."""
    listings = list(listings)
    _fetch([listing.technology for listing in listings])
    return [_truth(listing.technology, [listing], standings) for listing in listings]


def _fetch(technologies: list[Technology], *more: Prefetch) -> None:
    """Fetch what the truth needs of these besides; what is there already is not read again."""
    packages = Prefetch("packages", Package.objects.select_related("facts"))
    prefetch_related_objects(technologies, "replaced_by", packages, *more)


def _truth(technology: Technology, listings: list[Listing], standings: Standings) -> Truth:
    listing = listings[0] if listings else None
    category = listing.category_id if listing else None
    places = standings.of(technology.slug)
    places = sorted(places, key=lambda found: found[0].category_id != category)
    known = (getattr(package, "facts", None) for package in technology.packages.all())
    facts = next(filter(None, known), None)
    looks = list(_looks(technology, listing, facts, places)) if listing else []
    return Truth(technology, listing, facts, places, looks)


def _looks(
    technology: Technology,
    listing: Listing,
    facts: PackageFacts | None,
    places: Sequence[tuple[Ranking, Place]],
) -> Iterator[str]:
    """Yield a sentence for each fact that does not go with the verdict."""
    lifecycle = technology.lifecycle
    if listing.verdict == Verdict.AVOID and not lifecycle:
        yield "To be avoided, but whether it is still kept up was not checked."
    if listing.verdict != Verdict.RECOMMENDED:
        return
    if lifecycle in ENDING:
        yield f"Recommended, but its lifecycle is: {technology.get_lifecycle_display()}."
    if facts and facts.is_quiet and lifecycle != Lifecycle.FINISHED:
        yield f"Recommended, but its newest release is of {facts.released_on[:7]}."
    for ranking, place in places:
        if ranking.category_id == listing.category_id and _is_far_behind(ranking, place):
            leader = ranking.places[0]
            yield f"Recommended, but {leader.name} leads “{ranking.title}” with {leader.fit}."


def _is_far_behind(ranking: Ranking, place: Place) -> bool:
    """Return whether another leads by a margin that the guide calls a lead."""
    leader = ranking.places[0]
    if not leader.leads or place.score is None:
        return False
    return leader.score - place.score >= LEAST_MARGIN


def gaps(truth: Truth, listings: Iterable[Listing], points: Iterable[Point]) -> list[str]:
    """Return what the guide does not know of a technology yet, in few words each. No query."""
    one, listings, kinds = truth.technology, list(listings), {point.kind for point in points}
    judged = [listing for listing in listings if listing.has_judgement]
    unlinked = [words for name, words in LINKS.items() if not getattr(one, name)]
    unsaid = [words for kind, words in POINTS.items() if kind not in kinds]
    lacking = {
        "A verdict": not judged,
        **{f"The reason for its verdict in {x.category}": not x.because for x in judged},
        "What it is": not one.summary and not one.description,
        "Whether it is still kept up": not one.lifecycle,
        "Its newest release": not truth.facts and one.packages.all(),
        capfirst(get_text_list(unlinked, "and")): unlinked,
        "Its licence": not one.licence,
        capfirst(get_text_list(unsaid, "and")): unsaid,
    }
    return [what for what, lacks in lacking.items() if lacks]
