"""What answers a search by itself, above the list: a comparison, what replaces, the page named."""

from typing import NamedTuple

from django.utils.text import get_text_list

from catalog.comparison.standings import Place, Ranking, Standings
from catalog.models import Technology
from catalog.search.finding import Answer
from catalog.search.ranking import BEGINS


class Top(NamedTuple):
    """What stands on top. `slugs` are of technologies, or of the one page that is named; `name` is
    of that page, of those side by side, or of the one to be replaced.

    `kind` is “compare” for technologies side by side, with the `ranking` that holds them all if
    there is one; “instead” for one that is left and then what replaces it or stands beside it; and
    else the kind of the page.
    """

    kind: str
    slugs: tuple[str, ...]
    name: str
    ranking: Ranking | None = None
    replaces: bool = False

    @property
    def places(self) -> list[Place]:
        """Return how those side by side stand in the comparison that holds them."""
        places = self.ranking.places if self.ranking else ()
        return [place for place in places if place.slug in self.slugs]


def top_of(answer: Answer, ranked: Standings) -> Top | None:
    """Return what answers a text by itself. No query."""
    slugs = tuple(hit.slug for hit in answer.sides)
    if answer.question.instead_of and slugs:
        return Top("instead", slugs, answer.sides[0].title, replaces=answer.replaces)
    if slugs:
        rankings = ranked.by_comparison.values()
        held = (one for one in rankings if {*slugs} <= {place.slug for place in one.places})
        name = get_text_list([hit.title for hit in answer.sides], "and")
        return Top("compare", slugs, name, next(held, None))
    first = answer.hits[0] if answer.hits else None
    if first is None or first.rank.errors:
        return None
    # A technology must be called so; a page may be begun: “web framework”.
    is_top = first.is_named or (first.rank.level == BEGINS and first.kind != Technology.KIND)
    return Top(first.kind, (first.slug,), first.title) if is_top else None
