"""Rows in words: the phrases that say more than the label of a field and its two values."""

from collections.abc import Callable, Mapping

from django.utils.text import capfirst, get_text_list

from catalog.describe.fields import (
    change_text,
    field_label,
    field_line,
    presence_text,
    quoted_apart,
    shortened,
    value_text,
)
from catalog.describe.labels import NAME_FIELDS, Labels
from catalog.history.rows import MODELS, RowChange, RowKey
from catalog.models import Cell, Listing, Point, ThingKey

# The fields that a sentence begins with, and the sentence as far as it is about them.
Lead = tuple[frozenset[str], str]
NO_LEAD: Lead = (frozenset(), "")

# Fields of which it is only said that they were added, changed or removed.
EVIDENCE = {("cell", "note"), ("cell", "source")}

# How a row is named before what changed, where it is not as in “Role “Database””.
SUBJECTS = {
    "cell": "{}",
    "choice": "{}",
    "listing": "{}",
    "migration": "Migration to {}",
    "compatibility": "Compatibility with {}",
    "packagefacts": "{} on the index",
    "supportwindow": "Support of {}",
    "pin": "Pin of {}",
}

# When support of a cycle ends.
ENDS = ("active_until", "end_of_life")

POINTS = {
    Point.Kind.PRO: "pro",
    Point.Kind.CON: "con",
    Point.Kind.USE_WHEN: "case to use it",
    Point.Kind.AVOID_WHEN: "case to avoid it",
}


def new_thing_line(model: str, label: str, parts: Mapping[str, int]) -> str:
    """Return “New technology: Litestar, with 1 package and 4 points”.

    `parts` counts what it has, by model. Package facts come with their package.
    """
    metas = {name: part._meta for name, part in MODELS.items()}
    counts = [
        f"{count} {meta.verbose_name if count == 1 else meta.verbose_name_plural}"
        for name, meta in metas.items()
        if (count := parts.get(name)) and name != "packagefacts"
    ]
    text = f"New {metas[model].verbose_name}: {label}"
    return f"{text}, with {get_text_list(counts, 'and')}" if counts else text


def thing_lines(change: RowChange, labels: Labels) -> list[str]:
    """Return a sentence for each field of a thing that changed: “Position: 3 → 4”."""
    covered, lead = _lead_of(change, labels)
    lines = [_clause(change, name, labels) for name in change.changed if name not in covered]
    return [capfirst(line) for line in ([lead, *lines] if lead else lines)]


def part_line(change: RowChange, labels: Labels) -> str:
    """Return the sentence for a part that is new, removed, or changed in more than its place.

    “Documentation of Quart: Good → Moderate; source removed”, “Role “Cache”, mode: one of → all of”
    """
    if change.before is None:
        return _new_part_line(change, labels)
    if change.after is None:
        return f"{capfirst(_noun(change))} removed: {_name(change, labels)}"
    covered, lead = _lead_of(change, labels)
    names = [name for name in change.changed if name not in covered | {"position"}]
    clauses = "; ".join(_clause(change, name, labels) for name in names)
    if not lead:
        mark = ":" if (change.row.model, names[0]) in EVIDENCE else ","
        return f"{_subject(change, labels)}{mark} {clauses}"
    return f"{lead}; {clauses}" if clauses else lead


def _clause(change: RowChange, name: str, labels: Labels) -> str:
    before, after = change.before[name], change.after[name]
    if (change.row.model, name) in EVIDENCE:
        return f"{field_label(change.row, name)} {presence_text(before, after)}"
    return field_line(change.row, name, before, after, labels)


def _new_part_line(change: RowChange, labels: Labels) -> str:
    model, name = change.row.model, _name(change, labels)

    def value(field: str) -> str:
        return value_text(change.row, field, change.after[field], labels)

    if model == "cell":
        return f"{name}: {_judgement(change, 'after', labels, is_whole=True)}"
    if model == "packagefacts":
        day = f", released {value('released_on')}" if change.after["released_on"] else ""
        return f"{name} on the index: {value('latest_version')}{day}"
    if model == "supportwindow":
        ends = [f"{field_label(change.row, one)} {value(one)}" for one in ENDS if change.after[one]]
        return f"Support of {name}: {', '.join(ends)}"
    if model == "listing" and change.after["verdict"] != Listing.Verdict.LISTED:
        name = f"{name} as {value('verdict')}"
    elif model == "pin":
        name = f"{name} {value('specifier')}"
    return f"New {_noun(change)}: {name}"


# What a row is called ----------------------------------------------------------------------------


def _subject(change: RowChange, labels: Labels) -> str:
    name = _name(change, labels)
    if _is_listing_of_technology(change):
        return f"Listing {name}"
    if form := SUBJECTS.get(change.row.model):
        return form.format(name)
    return f"{capfirst(_noun(change))} “{name}”"


def _name(change: RowChange, labels: Labels) -> str:
    """Return what a row is called within its thing, by what the change itself says of it."""
    row = change.row
    if row.model in NAME_FIELDS:
        return shortened((change.after or change.before)[NAME_FIELDS[row.model]]) or row.key[-1]
    if _is_listing_of_technology(change):
        return f"in {labels.thing(ThingKey('category', row.key[0]))}"
    if row.model == "choice":
        return f"{labels.row(row)} as {labels.row(RowKey('role', row.key[:2]))}"
    return labels.row(row)


def _noun(change: RowChange) -> str:
    if change.row.model == "point":
        return POINTS.get((change.before or change.after)["kind"], "point")
    return str(MODELS[change.row.model]._meta.verbose_name)


def _is_listing_of_technology(change: RowChange) -> bool:
    """Return whether a listing is described with its technology instead of its category."""
    return change.row.model == "listing" and change.things[0].kind == "technology"


# What a sentence begins with ---------------------------------------------------------------------


def _lead_of(change: RowChange, labels: Labels) -> Lead:
    find = LEADS.get(change.row.model)
    return find(change, labels) if find else NO_LEAD


def _judgement_lead(change: RowChange, labels: Labels) -> Lead:
    """Return “Documentation of Quart: Good → unknown”; a value counts where it is the judgement."""
    before, after = change.before, change.after
    is_whole = before["state"] != after["state"]
    was, now = (_judgement(change, when, labels, is_whole) for when in ("before", "after"))
    if was == now:
        return NO_LEAD
    covered = {"state", "rating", "word"}
    if is_whole or not (_is_judged(before) and _is_judged(after)):
        covered.add("value")
    return frozenset(covered), f"{_subject(change, labels)}: {was} → {now}"


def _judgement(change: RowChange, when: str, labels: Labels, is_whole: bool) -> str:
    """Return what a cell says in a word: the author's own, else the rating's, else its value.

    With its value where `is_whole`. Where two words of an author hide that the rating differs,
    it is added: “Growing (Moderate)”.
    """
    row, fields = change.row, getattr(change, when)
    if fields["state"] != Cell.State.KNOWN:
        return value_text(row, "state", fields["state"], labels)
    value = value_text(row, "value", fields["value"], labels)
    if not _is_judged(fields):
        return value
    rating = value_text(row, "rating", fields["rating"], labels)
    text = shortened(fields["word"]) or rating
    with_word = [side for side in (change.before, change.after) if side and side["word"]]
    if len({side["rating"] for side in with_word}) > 1:
        text = f"{text} ({rating})"
    return f"{text}, {value}" if is_whole and fields["value"] else text


def _is_judged(fields: Mapping[str, object]) -> bool:
    return bool(fields["word"]) or fields["rating"] is not None


def _lifecycle_lead(change: RowChange, labels: Labels) -> Lead:
    """Return “lifecycle: active → deprecated, replaced by pwdlib”."""
    before, after = change.before, change.after
    if before["lifecycle"] == after["lifecycle"]:
        return NO_LEAD
    line = field_line(change.row, "lifecycle", before["lifecycle"], after["lifecycle"], labels)
    if before["replaced_by"] or not after["replaced_by"]:
        return frozenset({"lifecycle"}), line
    by = value_text(change.row, "replaced_by", after["replaced_by"], labels)
    return frozenset({"lifecycle", "replaced_by"}), f"{line}, replaced by {by}"


def _leading(name: str) -> Callable[[RowChange, Labels], Lead]:
    """Return how to lead with a field that needs no label: “Pin of django: ^5.0 → ^5.2”."""

    def lead(change: RowChange, labels: Labels) -> Lead:
        before, after = change.before[name], change.after[name]
        if before == after:
            return NO_LEAD
        text = change_text(change.row, name, before, after, labels)
        return frozenset({name}), f"{_subject(change, labels)}: {text}"

    return lead


def _renaming_lead(change: RowChange, _labels: Labels) -> Lead:
    """Return “Role: “Cache” → “Store””; what looks the same is left to the label."""
    name = NAME_FIELDS[change.row.model]
    before, after = quoted_apart([change.before[name], change.after[name]])
    if before == after:
        return NO_LEAD
    return frozenset({name}), f"{capfirst(_noun(change))}: {before} → {after}"


LEADS: dict[str, Callable[[RowChange, Labels], Lead]] = {
    "alias": _renaming_lead,
    "cell": _judgement_lead,
    "criterion": _renaming_lead,
    "criteriongroup": _renaming_lead,
    "listing": _leading("verdict"),
    "pin": _leading("specifier"),
    "point": _renaming_lead,
    "preset": _renaming_lead,
    "role": _renaming_lead,
    "technology": _lifecycle_lead,
}
