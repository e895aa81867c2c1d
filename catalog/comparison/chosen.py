"""Which technologies an address names in `t`: by slug, by one that moved, by name or by alias."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django.utils.text import get_text_list

from catalog.comparison.engine.question import LONGEST_QUOTE, MOST_CHOSEN, MOST_COMPLAINTS
from catalog.http import Pairs, current_slugs, nearest
from catalog.models import Alias, Status, Technology

# How many of those that are too many are named, and how many near names are offered.
MOST_NAMED = 5
MOST_NEAR = 3


class Chosen(NamedTuple):
    """Technologies in the reader's order, at most ten.

    `names` are of all with a page, `listed` the names of all that are published. `left_out` says
    what was, each with the slugs of near names.
    """

    slugs: tuple[str, ...]
    names: Mapping[str, str]
    listed: list[str]
    left_out: list[tuple[str, list[str]]]

    @property
    def is_full(self) -> bool:
        return len(self.slugs) == MOST_CHOSEN

    def pairs(self, *more: str, without: str = "") -> Pairs:
        """Return the parameters of an address that names these, some more, or one less."""
        return tuple(("t", slug) for slug in (*self.slugs, *more) if slug != without)

    def said(self, slugs: Iterable[str]) -> str:
        """Return the names of these in a row: “A, B and C”."""
        return get_text_list([self.names[slug] for slug in slugs], "and")


def read_chosen(asked: Iterable[str]) -> Chosen:
    """Read the values of `t`. One query; up to two more where one is not the slug of a page."""
    rows = list(Technology.objects.readable().values_list("slug", "name", "status"))
    names = {slug: name for slug, name, _status in rows}
    # Without what cannot be printed, which a database may refuse.
    printed = ("".join(filter(str.isprintable, value)).strip() for value in asked)
    slugs = current_slugs(Technology.KIND, [*filter(None, printed)], names)
    left_out = []
    if not names.keys() >= {*slugs}:
        meant = _meant(names)
        slugs = [slug if slug in names else meant.get(slug.casefold(), slug) for slug in slugs]
        strangers = [slug for slug in dict.fromkeys(slugs) if slug not in names]
        left_out += [_left_out(typed, meant) for typed in strangers[:MOST_COMPLAINTS]]
        if rest := len(strangers[MOST_COMPLAINTS:]):
            left_out.append((f"{rest} more were left out.", []))
    known = [slug for slug in dict.fromkeys(slugs) if slug in names]
    if beyond := [names[slug] for slug in known[MOST_CHOSEN:]]:
        named = ", ".join([*beyond[:MOST_NAMED], *["…"] * (len(beyond) > MOST_NAMED)])
        said = f"At most {MOST_CHOSEN} technologies stand side by side; left out: {named}."
        left_out.insert(0, (said, []))
    listed = [name for _slug, name, status in rows if status == Status.PUBLISHED]
    return Chosen(tuple(known[:MOST_CHOSEN]), names, listed, left_out)


def _meant(names: Mapping[str, str]) -> dict[str, str]:
    """Return the slug of each name, slug and alias, in small letters. One query."""
    aliases = Alias.objects.values_list("technology__slug", "name", "slug")
    found = [(slug, word) for slug, *words in aliases if slug in names for word in words]
    found += [(slug, word) for slug, name in names.items() for word in (slug, name)]
    return {word.casefold(): slug for slug, word in found}


def _left_out(typed: str, meant: Mapping[str, str]) -> tuple[str, list[str]]:
    shown = typed if len(typed) <= LONGEST_QUOTE else f"{typed[:LONGEST_QUOTE]}…"
    said = f"The guide has no technology “{shown}”; it was left out."
    return said, nearest(typed, meant, MOST_NEAR)
