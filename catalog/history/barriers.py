"""What bars the way back: rows that are taken, missing, still needed, or changed since."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.utils.text import capfirst

from catalog.changes.titles import MODEL_OF_KIND, Titles
from catalog.history import documents
from catalog.history.renames import references_of
from catalog.history.rows import MODELS, RowChange, RowKey, owners_of
from catalog.history.stored import primary_keys, referrers, rows_of
from catalog.models import Changed, Edition, ThingKey


class Since(NamedTuple):
    """A field that somebody changed since, "" for the whole row, and the thing it is part of."""

    row: RowKey
    field: str
    thing: ThingKey


class Barrier(NamedTuple):
    """A sentence about two rows, in which their names are still to be put."""

    text: str
    row: RowKey
    other: RowKey


def reasons_against(changes: list[RowChange], since: Iterable[Since] = ()) -> list[str]:
    """Why these changes cannot be written to the guide as it is now, a sentence each.

    A fixed number of queries for each model they are about, in batches.
    """
    barriers = [*_taken(changes), *_missing(changes), *_still_needed(changes)]
    since = list(since)
    named = {row for barrier in barriers for row in (barrier.row, barrier.other)}
    titles = Titles.of([], [(row, {}) for row in named | {one.row for one in since}])
    return [*_changed_since(since, titles), *(_said(barrier, titles) for barrier in barriers)]


def _taken(changes: list[RowChange]) -> Iterator[Barrier]:
    """What would be made and is there already, with somebody else: a package has its own name."""
    made = defaultdict(list)
    for change in changes:
        if change.before is None:
            made[change.row.model].append(change.row)
    text = "%(Model)s “%(row)s” belongs to %(other_model)s “%(other)s” by now."
    for model, rows in made.items():
        for row, fields in sorted(rows_of(model, rows).items()):
            for owner in owners_of(row, fields):  # the facts of a package say none
                yield Barrier(text, row, RowKey(MODEL_OF_KIND[owner.kind], (owner.slug,)))


def _missing(changes: list[RowChange]) -> Iterator[Barrier]:
    """What rows would refer to and is not there, or goes."""
    made = {change.row for change in changes if change.before is None}
    gone = {change.row for change in changes if change.after is None}
    wanted = defaultdict(set)
    for change in changes:
        for reference in references_of(change.row.model):
            if change.after and (value := change.after[reference.name]):
                target = RowKey(reference.model, tuple(value))
                if target not in made:
                    wanted[reference.model].add((target, change.row))
    text = "%(Model)s “%(row)s” needs %(other_model)s “%(other)s”, which is not there."
    for model, pairs in wanted.items():
        there = primary_keys(model, {target for target, _row in pairs}).keys() - gone
        yield from (
            Barrier(text, row, target) for target, row in sorted(pairs) if target not in there
        )


def _still_needed(changes: list[RowChange]) -> Iterator[Barrier]:
    """What would go although something that stays refers to it."""
    changed = {change.row for change in changes}
    gone = [change.row for change in changes if change.after is None]
    text = "%(Model)s “%(row)s” cannot go: %(other_model)s “%(other)s” needs it."
    for row, others in sorted(referrers(gone).items()):
        yield from (Barrier(text, row, other) for other in sorted(others - changed))


def _said(barrier: Barrier, titles: Titles) -> str:
    return barrier.text % {
        "Model": capfirst(MODELS[barrier.row.model]._meta.verbose_name),
        "row": titles.row(barrier.row),
        "other_model": MODELS[barrier.other.model]._meta.verbose_name,
        "other": titles.row(barrier.other),
    }


def _changed_since(since: list[Since], titles: Titles) -> Iterator[str]:
    newest = _newest({one.thing for one in since})
    for one in since:
        words = {"row": titles.row(one.row), "edition": "an edition", "who": "unknown"}
        if edition := newest.get(one.thing):
            words |= {"edition": f"edition {edition.number}"}
            words |= {"who": edition.user or edition.get_origin_display()}
        if one.field:
            words["field"] = MODELS[one.row.model]._meta.get_field(one.field).verbose_name
            text = "The %(field)s of “%(row)s” has been changed since, in %(edition)s (%(who)s)."
        else:
            text = "“%(row)s” has been changed since, in %(edition)s (%(who)s)."
        yield text % words


def _newest(things: set[ThingKey]) -> dict[ThingKey, Edition]:
    """The edition in which each thing last changed."""
    by_kind = defaultdict(list)
    for thing in things:
        by_kind[thing.kind].append(thing.slug)
    return {
        ThingKey(row.kind, row.slug): row.edition
        for kind, slugs in by_kind.items()
        for batch in documents.in_batches(slugs)
        for row in Changed.objects.filter(kind=kind, slug__in=batch).select_related("edition")
    }
