"""What answers a text: what is found, what it compares, what it wants another for."""

from collections.abc import Hashable
from itertools import islice

from catalog.models import Technology
from catalog.search import questions, ranking
from catalog.search.finding import Answer, Hit, find, hits_of, named_exactly
from catalog.search.index import key_of

MOST_SIDES = 4
MOST_RIVALS = 5
# Ways to read a text as names, one after another.
MOST_WAYS = 60


def answer(text: str, stamp: Hashable) -> Answer:
    """Return what answers a text; technologies that it names side by side come first.

    Two to five queries, and as many for each side of “A vs B”.
    """
    found = find(text, stamp)
    if not found.hits and "/" in text:
        found = find(text.replace("/", " "), stamp)
    question = found.question
    if found.hits and found.hits[0].is_named:
        return found
    if question.instead_of:
        return _instead(found, stamp)
    if question.sides:
        named = {side: _named(side, stamp) for side in question.sides[:MOST_SIDES]}
        sides = list({hit.key: hit for hit in named.values() if hit}.values())
        found = found._replace(unknown=tuple(side for side, hit in named.items() if not hit))
    else:
        sides = _side_by_side(question)
    if len(sides) < 2:
        return found
    keys = {hit.key for hit in sides}
    rest = [hit for hit in found.hits if hit.key not in keys]
    return found._replace(sides=tuple(sides), hits=[*sides, *rest])


def _named(text: str, stamp: Hashable) -> Hit | None:
    """Return the technology that is called so, begins so, has it in its name or was meant by it."""
    hits = [hit for hit in find(text, stamp).hits if hit.kind == Technology.KIND]
    first = hits[0] if hits else None
    if first is None or first.rank.level < ranking.KEYWORD:
        return first
    return first if first.rank.field == 0 and not first.rank.missing else None


def _side_by_side(question: questions.Question) -> list[Hit]:
    """Return the technologies that the words are the names of, one after another."""
    ways = list(islice(questions.partitions(question.words), MOST_WAYS))
    named = named_exactly({part for way in ways for part in way}) if ways else {}
    for way in ways:
        sides = {named[part].key: named[part] for part in way if part in named}
        if len(sides) == len(way):
            return list(sides.values())
    return []


def _instead(found: Answer, stamp: Hashable) -> Answer:
    """Return what replaces the technology that is asked for another, and what is beside it."""
    asked = found.question.instead_of
    old = _named(asked, stamp)
    if old is None:
        return found._replace(unknown=(asked,))
    newer = Technology.objects.published().filter(replaces__slug=old.slug)
    slugs = list(newer.values_list("slug", flat=True))
    rivals = Technology.objects.rivals_of([old.slug]).values_list("slug", flat=True)
    keys = [key_of(Technology.KIND, slug) for slug in dict.fromkeys((*slugs, *rivals))]
    others = sorted(hits_of(keys), key=lambda hit: (hit.slug not in slugs, hit.rank.priority))
    rest = [hit for hit in found.hits if hit.key not in {old.key, *keys[: len(slugs)]}]
    return found._replace(
        sides=(old, *others[:MOST_RIVALS]),
        replaces=bool(slugs),
        hits=[*others[: len(slugs)], *rest, old],
    )
