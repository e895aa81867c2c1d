"""What stands in the way of a change, in sentences: problems, and conflicts with a pack."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.text import capfirst

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
from catalog.history.merge import NO_BASE, Conflict
from catalog.history.rows import MODELS, RowKey, kinds_in_key
from catalog.history.trial import Problem
from catalog.models import ThingKey

# Fields whose labels are no nouns: “Best for” of Flask.
NO_NOUNS = {
    "active_until",
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


def conflict_text(conflict: Conflict, labels: Labels) -> str:
    """Return “Name of Quart: was “Quart”, is “Quart!” here, “QUART” in the pack”.

    Labels must have been read for the row.
    """
    row, field, base, incoming, local = conflict[:5]
    named = _row_in_thing(row, labels)
    if not field:
        comma = "," if _is_aside(row) else ""
        return f"{named}{comma} is gone from the pack but was edited or is needed here"
    head = f"{field_noun(row, field)} of {named}"
    if base is NO_BASE:
        here, there = _values(row, field, (local, incoming), labels)
        return f"{head}: is {here} here, {there} in the pack"
    was, here, there = _values(row, field, (base, local, incoming), labels)
    return f"{head}: was {was}, is {here} here, {there} in the pack"


def field_noun(row: RowKey, field: str) -> str:
    """Return the label of a field as it stands before “of”: “Name”, but in quotes “Best for”."""
    label = capfirst(field_label(row, field))
    return f"“{label}”" if field in NO_NOUNS else label


def _row_in_thing(row: RowKey, labels: Labels) -> str:
    """Return a row with the thing that it is part of: “Fast, a point of Quart”."""
    name = labels.row(row)
    owners = zip(kinds_in_key(row.model), row.key, strict=True)
    thing = next((labels.thing(ThingKey(kind, slug)) for kind, slug in owners if kind), "")
    if _is_aside(row):
        noun = str(MODELS[row.model]._meta.verbose_name)
        part = f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"
        return f"{name}, {part} of {thing}" if thing else f"{name}, {part}"
    if row.model == "cell":
        return f"{name} in {thing}"
    return f"{name} on the index" if row.model == "packagefacts" else name


def _is_aside(row: RowKey) -> bool:
    """Return whether the thing of a row is named between commas."""
    return bool(MODELS[row.model].OWNERS) and row.model not in ("cell", "packagefacts")


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


def problem_sentences(problems: Iterable[Problem], labels: Labels | None = None) -> list[str]:
    """Return a sentence for each problem: “Cell “Speed of Quart”, word: …”.

    As many queries as the models that are named, where no labels are given.
    """
    problems = list(problems)
    if labels is None:
        named = {row for one in problems for row in (one.row, one.other) if row}
        labels = Labels.of([], [(row, {}) for row in named])
    return [_sentence(problem, labels) for problem in problems]


def _sentence(problem: Problem, labels: Labels) -> str:
    row, field, text, other, is_of_rule = problem
    if is_of_rule:
        return text
    if "{row}" not in text:
        place = f"{capfirst(MODELS[row.model]._meta.verbose_name)} “{labels.row(row)}”"
        return f"{place}, {field_label(row, field)}: {text}" if field else f"{place}: {text}"
    for one, model, name in ((row, "model", "row"), (other, "other_model", "other")):
        if one is not None:
            noun = MODELS[one.model]._meta.verbose_name
            text = text.replace(f"{{{model}}}", noun)
            text = text.replace(f"{{{capfirst(model)}}}", capfirst(noun))
            text = text.replace(f"{{{name}}}", labels.row(one))
    return text
