"""Which technologies an address names in `t`: by slug, by one that moved, by name or by alias."""

from collections.abc import Sequence
from difflib import get_close_matches
from typing import NamedTuple

from catalog.comparison.engine.question import LONGEST_QUOTE, MOST_CHOSEN, MOST_COMPLAINTS
from catalog.http import Pairs, current_slugs
from catalog.models import Alias, Status, Technology

# How many of those that are too many are named, and how many near names are offered.
MOST_NAMED = 5
MOST_NEAR = 3


class Stranger(NamedTuple):
    """What names no technology, said in a sentence, with the slugs of names that are near."""

    said: str
    near: tuple[str, ...] = ()


class Chosen(NamedTuple):
    """Technologies in the reader's order, at most ten. `names`: of every one with a page."""

    slugs: tuple[str, ...]
    names: dict[str, str]
    listed: frozenset[str]  # the slugs of those that are published
    left_out: tuple[Stranger, ...]

    @property
    def is_full(self) -> bool:
        return len(self.slugs) == MOST_CHOSEN

    @property
    def pairs(self) -> Pairs:
        return with_t(self.slugs)

    def named(self, slugs: Sequence[str] | None = None) -> list[str]:
        return [self.names[slug] for slug in (self.slugs if slugs is None else slugs)]

    def without(self, slug: str) -> Pairs:
        return with_t([one for one in self.slugs if one != slug])


def with_t(slugs: Sequence[str]) -> Pairs:
    """Return the parameters of an address that names these."""
    return tuple(("t", slug) for slug in slugs)


def read_chosen(asked: Sequence[str]) -> Chosen:
    """Read the values of `t`. One query; up to two more where one is not the slug of a page."""
    rows = list(Technology.objects.readable().values_list("slug", "name", "status"))
    names = {slug: name for slug, name, _status in rows}
    # Without what cannot be printed, which a database may refuse.
    printed = ("".join(filter(str.isprintable, value)).strip() for value in asked)
    values = [value for value in printed if value]
    slugs = current_slugs(Technology.KIND, values, names)
    left_out = []
    if any(slug not in names for slug in slugs):
        meant = _meant(names)
        slugs = [slug if slug in names else meant.get(slug.casefold(), slug) for slug in slugs]
        strangers = list(dict.fromkeys(slug for slug in slugs if slug not in names))
        left_out = [_stranger(slug, meant) for slug in strangers[:MOST_COMPLAINTS]]
        if rest := len(strangers) - MOST_COMPLAINTS:
            left_out += [Stranger(f"{rest} more were left out.")] * (rest > 0)
    known = [slug for slug in dict.fromkeys(slugs) if slug in names]
    if beyond := known[MOST_CHOSEN:]:
        named = ", ".join(names[slug] for slug in beyond[:MOST_NAMED])
        more = ", …" if len(beyond) > MOST_NAMED else ""
        said = f"At most {MOST_CHOSEN} technologies stand side by side; left out: {named}{more}."
        left_out.insert(0, Stranger(said))
    listed = frozenset(slug for slug, _name, status in rows if status == Status.PUBLISHED)
    return Chosen(tuple(known[:MOST_CHOSEN]), names, listed, tuple(left_out))


def _meant(names: dict[str, str]) -> dict[str, str]:
    """Return a slug for each name and alias, in small letters. One query."""
    meant = {name.casefold(): slug for slug, name in names.items()}
    for name, alias, slug in Alias.objects.values_list("name", "slug", "technology__slug"):
        if slug in names:
            meant.setdefault(name.casefold(), slug)
            meant.setdefault(alias, slug)
    return meant


def _stranger(typed: str, meant: dict[str, str]) -> Stranger:
    # Nothing is near what is far longer than a name.
    shown = typed if len(typed) <= LONGEST_QUOTE else f"{typed[:LONGEST_QUOTE]}…"
    near = get_close_matches(shown.casefold(), [*meant, *meant.values()], n=2 * MOST_NEAR)
    slugs = tuple(dict.fromkeys(meant.get(name, name) for name in near))[:MOST_NEAR]
    return Stranger(f"The guide has no technology “{shown}”; it was left out.", slugs)
