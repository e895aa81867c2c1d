"""What a page listed before somebody confirms it, and whether that is still what would be done.

Such a page carries two hidden fields: the token names the edition it was made from and the things
it speaks of, like that of a form; what was listed is known again by a digest of each change.
"""

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from itertools import groupby
from typing import NamedTuple, Self

from django.http import QueryDict

from catalog import documents, edition
from catalog.admin import tokens
from catalog.admin.revisions import KINDS
from catalog.changes.rows import MODEL_OF_KIND, RowChange, RowKey
from catalog.models import Changed, Edition, ThingKey
from catalog.models.base import SLUG_CHARACTERS

# The name of the hidden field with what was listed.
SEEN = "_seen"

# A wall of names is not read.
MOST_NAMES = 10


class Listed(NamedTuple):
    """The edition that a page was made from, and the things it spoke of."""

    edition: int
    things: frozenset[ThingKey]

    @classmethod
    def posted(cls, post: QueryDict) -> Self | None:
        """What the posted page says of itself; None for one that does not say, and nonsense."""
        number, *names = post.get(tokens.FIELD, "").split(" ")
        if not tokens.is_number(number) or int(number) > edition.number_now():
            return None
        pairs = (name.partition("/") for name in names)
        things = (ThingKey(kind, slug) for kind, _slash, slug in pairs if _is_key(kind, slug))
        return cls(int(number), frozenset(things))

    def changed(self, things: Iterable[ThingKey]) -> dict[ThingKey, Edition]:
        """Those of these things that have changed since, with the edition in which they did.

        Call it with the door open. A query for each kind, in batches.
        """
        found = {}
        for kind, same_kind in groupby(sorted(things), key=lambda thing: thing.kind):
            for batch in documents.in_batches([thing.slug for thing in same_kind]):
                newer = Changed.objects.filter(
                    kind=kind, slug__in=batch, edition_id__gt=self.edition
                )
                for row in newer.select_related("edition"):
                    found[ThingKey(row.kind, row.slug)] = row.edition
        return found


def token_of(number: int, things: Iterable[ThingKey]) -> str:
    """The token of a page about these things. Read the number before anything that it shows."""
    return " ".join([str(number), *("/".join(thing) for thing in sorted(set(things)))])


def seen_of(changes: Iterable[RowChange]) -> str:
    """What a page says that it listed."""
    return " ".join(sorted({_digest(change) for change in changes}))


def were_listed(post: QueryDict, changes: Iterable[RowChange]) -> bool:
    """Whether the posted page listed each of these changes. It may have listed more."""
    return {_digest(change) for change in changes} <= set(post.get(SEEN, "").split(" "))


def told(changed: Mapping[ThingKey, Edition]) -> str:
    """Who changed what since a page was made: the first few of them, the rest as a number.

    One query for each kind.
    """
    named = sorted(changed)
    titles = _titles(named[:MOST_NAMES])
    gone = "“%(name)s” is gone since edition %(number)d (%(who)s)."
    differs = "“%(name)s” has been changed since, in edition %(number)d (%(who)s)."
    texts = [
        (differs if thing in titles else gone)
        % {
            "name": titles.get(thing, thing.slug),
            "number": changed[thing].number,
            "who": changed[thing].user or changed[thing].get_door_display(),
        }
        for thing in named[:MOST_NAMES]
    ]
    if more := len(named) - len(texts):
        text = "So has %(count)d more." if more == 1 else "So have %(count)d more."
        texts.append(text % {"count": more})
    return " ".join(texts)


def own_row(thing: ThingKey) -> RowKey:
    """The row that a thing is, besides its parts."""
    return RowKey(MODEL_OF_KIND[thing.kind], (thing.slug,))


def _titles(things: Iterable[ThingKey]) -> dict[ThingKey, str]:
    """What those of these things are called that are there."""
    return {
        row.key: str(row)
        for kind, same_kind in groupby(sorted(things), key=lambda thing: thing.kind)
        for row in KINDS[kind].objects.filter(slug__in=[thing.slug for thing in same_kind])
    }


def _is_key(kind: str, slug: str) -> bool:
    """Whether this can name a thing; PostgreSQL would not even look for a NUL."""
    return kind in KINDS and bool(slug) and set(slug) <= set(SLUG_CHARACTERS)


def _digest(change: RowChange) -> str:
    """Tells a change of a row to something from any other."""
    said = [change.row, {name: (change.after or {}).get(name) for name in change.changed}]
    how = "made" if change.before is None else "gone" if change.after is None else "changed"
    return sha256(json.dumps([how, *said], sort_keys=True).encode()).hexdigest()[:16]
