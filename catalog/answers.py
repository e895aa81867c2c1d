"""What answers a search by itself, above the list: a comparison, what replaces, the page named."""

from collections.abc import Hashable
from typing import NamedTuple

from django.utils.text import get_text_list

from catalog.comparison.standings import Place, Ranking, Standings
from catalog.models import Technology
from catalog.search import finding, questions
from catalog.search.finding import Answer, Hit

MOST_SIDES = 4
MOST_RIVALS = 5


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
    sides: tuple[Hit, ...] = ()
    ranking: Ranking | None = None
    replaces: bool = False

    @property
    def places(self) -> list[Place]:
        """Return how those side by side stand in the comparison that holds them."""
        places = self.ranking.places if self.ranking else ()
        return [place for place in places if place.slug in self.slugs]

    @property
    def first(self) -> str:
        """Return what a reader would open: “comparison:task-queues”, “compare:celery+redis”."""
        if self.kind == "compare":
            held = self.ranking and f"comparison:{self.ranking.slug}"
            return held or f"compare:{'+'.join(self.slugs)}"
        if self.kind == "instead":
            return f"technology:{self.slugs[-1] if self.replaces else self.slugs[0]}"
        return f"{self.kind}:{self.slugs[0]}"


def top_of(answer: Answer, ranked: Standings, stamp: Hashable) -> Top | None:
    """Return what answers a text by itself. No query, or a few where it names technologies."""
    first = answer.hits[0] if answer.hits else None
    if first and first.is_named:
        return Top(first.kind, (first.slug,), first.title)
    question = answer.question
    if question.instead_of:
        return _instead(question.instead_of, stamp)
    sides = _sides(question, stamp)
    if len(sides) < 2:
        return None
    slugs = tuple(hit.slug for hit in sides)
    rankings = ranked.by_comparison.values()
    held = (one for one in rankings if {*slugs} <= {place.slug for place in one.places})
    name = get_text_list([hit.title for hit in sides], "and")
    return Top("compare", slugs, name, tuple(sides), next(held, None))


def _sides(question: questions.Question, stamp: Hashable) -> list[Hit]:
    """Return the technologies that a text sets side by side, “A vs B” or just “A B”."""
    if question.sides:
        hits = [finding.technology_named(side, stamp) for side in question.sides[:MOST_SIDES]]
        return list({hit.slug: hit for hit in hits if hit}.values())
    pairs = questions.splits(question.words)
    named = finding.technologies_named({side for pair in pairs for side in pair}) if pairs else {}
    for pair in pairs:
        sides = {named[side].slug: named[side] for side in pair if side in named}
        if len(sides) == len(pair):
            return list(sides.values())
    return []


def _instead(text: str, stamp: Hashable) -> Top | None:
    """Return what replaces the technology of this name, else what stands beside it."""
    hit = finding.technology_named(text, stamp)
    if hit is None:
        return None
    newer = Technology.objects.published().filter(replaces__slug=hit.slug).first()
    if newer:
        return Top("instead", (hit.slug, newer.slug), hit.title, replaces=True)
    rivals = Technology.objects.rivals_of([hit.slug])[:MOST_RIVALS]
    return Top("instead", (hit.slug, *(rival.slug for rival in rivals)), hit.title)
