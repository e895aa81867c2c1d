"""What stands in the way of a change, in sentences: conflicts with a pack, and barriers."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.text import capfirst

from catalog import documents
from catalog.changes.barriers import Barrier, ChangedSince, Why
from catalog.changes.merge import NO_BASE
from catalog.changes.names import kinds_in_key
from catalog.changes.rows import MODELS, RowKey
from catalog.describe.fields import (
    blank_text,
    field_label,
    field_of,
    full_text,
    is_text,
    quoted_apart,
    shortened,
)
from catalog.describe.labels import Labels
from catalog.models import Changed, Edition, ThingKey

# Fields whose labels are no nouns: “Best for” of Flask.
NO_NOUNS = {
    "applies_to",
    "as_of",
    "because",
    "best_for",
    "is_yanked",
    "lifecycle_verified_on",
    "read_on",
    "released_on",
    "replaced_by",
    "requires_python",
    "review_by",
    "run_with",
    "verified_by",
    "verified_on",
    "with_technology",
}

BARRIERS = {
    Why.TAKEN: "{Model} “{row}” belongs to {other_model} “{other}” by now.",
    Why.MISSING: "{Model} “{row}” needs {other_model} “{other}”, which is not there.",
    Why.NEEDED: "{Model} “{row}” cannot go: {other_model} “{other}” needs it.",
}


def conflict_text(
    row: RowKey,
    field: str,
    base: Any,
    local: Any,
    incoming: Any,
    labels: Labels,
    has_base: bool = True,
) -> str:
    """Return “Name of Quart: was “Quart”, is “Quart!” here, “QUART” in the pack”.

    `base` does not count where `has_base` is false or it is NO_BASE. A blank `field` stands for
    the row itself: the pack no longer has it. Labels must have been read for the row.
    """
    named = _row_in_thing(row, labels)
    if not field:
        comma = "," if "," in named.removeprefix(labels.row(row)) else ""
        return f"{named}{comma} is gone from the pack but was edited or is needed here"
    head = f"{field_noun(row, field)} of {named}"
    if not has_base or base is NO_BASE:
        here, there = _values(row, field, (local, incoming), labels)
        return f"{head}: is {here} here, {there} in the pack"
    was, here, there = _values(row, field, (base, local, incoming), labels)
    return f"{head}: was {was}, is {here} here, {there} in the pack"


def field_noun(row: RowKey, field: str) -> str:
    """Return the label of a field as it stands before “of”: “Name”, but in quotes “Best for”."""
    label = capfirst(field_label(row, field))
    return f"“{label}”" if field in NO_NOUNS else label


def barrier_texts(barriers: Sequence[Barrier | ChangedSince | str]) -> list[str]:
    """Return a sentence for each barrier, what was changed since first; text stays as it is.

    The queries of `Labels`, and one for the editions of each kind, in batches.
    """
    since = [one for one in barriers if isinstance(one, ChangedSince)]
    others = [one for one in barriers if not isinstance(one, ChangedSince)]
    rows = [one.row for one in since]
    rows += [row for one in others if isinstance(one, Barrier) for row in (one.row, one.other)]
    labels, newest = Labels.of([], [(row, {}) for row in rows]), _newest(since)
    return [
        *(_since_text(one, newest.get(one.thing), labels) for one in since),
        *(one if isinstance(one, str) else _barrier_text(one, labels) for one in others),
    ]


def _row_in_thing(row: RowKey, labels: Labels) -> str:
    """Return a row with the thing that it is part of: “Fast, a point of Quart”."""
    name, model = labels.row(row), MODELS[row.model]
    owners = zip(kinds_in_key(row.model), row.key, strict=True)
    thing = next((labels.thing(ThingKey(kind, slug)) for kind, slug in owners if kind), "")
    if not model.OWNERS:
        return name
    if row.model == "cell":
        return f"{name} in {thing}"
    if row.model == "packagefacts":
        return f"{name} on the index"
    noun = str(model._meta.verbose_name)
    article = "an" if noun[0] in "aeiou" else "a"
    return f"{name}, {article} {noun} of {thing}" if thing else f"{name}, {article} {noun}"


def _values(row: RowKey, field: str, values: Sequence[Any], labels: Labels) -> list[str]:
    """Return values of one field; names, choices and texts in quotation marks."""
    texts = [full_text(row, field, value, labels) for value in values]
    column = field_of(row.model, field)
    if is_text(row, field) or column.choices or column.is_relation:
        shown = quoted_apart(texts)
    else:
        shown = [shortened(text) for text in texts]
    blank = blank_text(row, field)
    return [one if text else blank for one, text in zip(shown, texts, strict=True)]


def _barrier_text(barrier: Barrier, labels: Labels) -> str:
    return BARRIERS[barrier.why].format(
        Model=capfirst(MODELS[barrier.row.model]._meta.verbose_name),
        row=labels.row(barrier.row),
        other_model=MODELS[barrier.other.model]._meta.verbose_name,
        other=labels.row(barrier.other),
    )


def _since_text(since: ChangedSince, edition: Edition | None, labels: Labels) -> str:
    name = f"“{labels.row(since.row)}”"
    what = f"The {field_label(since.row, since.field)} of {name}" if since.field else name
    where = f"edition {edition.number}" if edition else "an edition"
    who = (edition.user or edition.get_door_display()) if edition else "unknown"
    return f"{what} has been changed since, in {where} ({who})."


def _newest(since: Iterable[ChangedSince]) -> dict[ThingKey, Edition]:
    """Return the edition in which each of these things last changed."""
    by_kind = defaultdict(set)
    for one in since:
        by_kind[one.thing.kind].add(one.thing.slug)
    return {
        ThingKey(row.kind, row.slug): row.edition
        for kind, slugs in by_kind.items()
        for batch in documents.in_batches(sorted(slugs))
        for row in Changed.objects.filter(kind=kind, slug__in=batch).select_related("edition")
    }
