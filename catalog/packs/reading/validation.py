"""Whether an entry of a fixture is a row that may stand in the guide, as far as it tells by itself.

First each value, then what the model's constraints and clean() say of the row alone. What is in
the database, and what other rows say, is not asked here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from django.db.models import CheckConstraint

from catalog.history import documents
from catalog.history.rows import MODELS, Fields, RowKey
from catalog.models.comparison import fault_of_cell
from catalog.packs.problems import shown
from catalog.packs.reading.constraints import ITSELF, Check, compiled
from catalog.packs.reading.values import NotTakenError, Taker, must_be_given, taker_of

APP = "catalog."
PARTS = ("model", "fields")

Fault = tuple[str, str]  # a field, or blank for the row, and a sentence


class Rule(NamedTuple):
    """A condition that a row must not break, once it gives all of these fields."""

    names: frozenset[str]
    field: str  # where to say it; blank where several fields are at odds
    check: Check
    message: str


@dataclass(frozen=True, slots=True)
class Schema:
    """What a model asks of its rows."""

    takers: dict[str, Taker]
    required: frozenset[str]  # fields that may not be empty
    naming: tuple[tuple[str, int | None], ...]  # field, and place in its list, of each key part
    rules: tuple[Rule, ...]

    def key_of(self, fields: Fields) -> tuple[str, ...] | None:
        """The natural key, or None where a field of it is missing."""
        if any(not fields.get(name) for name, _place in self.naming):
            return None
        return tuple(
            fields[name] if place is None else fields[name][place] for name, place in self.naming
        )


@dataclass(slots=True)
class Checked:
    """An entry as it was understood: its row, if it names one, and the values that are taken."""

    row: RowKey | None
    fields: Fields
    faults: list[Fault]


def check(entry: Any) -> Checked:
    """What an entry of a fixture gives, and all that is wrong with it."""
    if fault := _fault_of_form(entry):
        return Checked(None, {}, [fault])
    model, given = entry["model"].removeprefix(APP), entry["fields"]
    schema = schema_of(model)
    taken, faults = {}, _extra_parts(entry)
    for name, value in given.items():
        taker = schema.takers.get(name)
        if taker is None:
            text = "An entry of %(model)s has no such field; remove it."
            faults.append((name, text % {"model": entry["model"]}))
            continue
        try:
            taken[name] = taker(value)
        except NotTakenError as error:
            faults.append((name, str(error)))
    names = dict(schema.naming)
    faults += [(name, must_name()) for name in names if name not in given]
    faults += _broken_rules(schema, taken)
    key = schema.key_of(taken)
    return Checked(key and RowKey(model, key), taken, faults)


def problems_of_row(model: str, fields: Fields) -> list[Fault]:
    """What is wrong with a row that these fields make up, as far as they are there.

    Pairs of a field, or blank where it is about several, and a sentence. Each value by itself is
    taken to be one that its field takes, but for an empty one where something must stand.
    """
    schema = schema_of(model)
    empty = [name for name in schema.required if fields.get(name, True) in ("", None)]
    given = {name: value for name, value in fields.items() if name not in empty}
    faults = [(name, must_be_given()) for name in fields if name in empty]
    return [*faults, *_broken_rules(schema, given)]


def cell_fault(kind: str, fields: Fields) -> str:
    """Why a cell with these fields does not suit a criterion of this kind; empty when it does."""
    return str(fault_of_cell(kind, fields["state"], fields["rating"]))


def must_name() -> str:
    """The sentence about a field without which nobody knows which row is meant."""
    return "This field is missing; it names the row."


@cache
def schema_of(model: str) -> Schema:
    """What the model asks for, made ready once."""
    fields = [MODELS[model]._meta.get_field(col.name) for col in documents.columns(MODELS[model])]
    return Schema(
        takers={field.name: taker_of(field) for field in fields},
        required=frozenset(field.name for field in fields if not (field.blank or field.null)),
        naming=tuple(_naming(model)),
        rules=(*_constraints(model), *_CLEAN.get(model, ())),
    )


def _fault_of_form(entry: Any) -> Fault | None:
    if not isinstance(entry, dict):
        return "", "An entry is a mapping with “model” and “fields”."
    model, fields = entry.get("model"), entry.get("fields")
    if not isinstance(model, str) or model.removeprefix(APP) not in MODELS or APP not in model:
        names = ", ".join(f"{APP}{name}" for name in MODELS)
        text = "“%(model)s” is none of the models of content: %(names)s."
        return "model", text % {"model": shown(model), "names": names}
    if not isinstance(fields, dict):
        return "fields", "The fields of an entry are a mapping from name to value."
    return None


def _extra_parts(entry: dict[str, Any]) -> list[Fault]:
    faults = []
    for name in entry:
        if name == "pk":
            text = "No entry gives a primary key; rows are named by their fields. Remove it."
            faults.append((name, text))
        elif name not in PARTS:
            faults.append((name, "An entry has “model” and “fields” only; remove it."))
    return faults


def _broken_rules(schema: Schema, fields: Fields) -> Iterator[Fault]:
    """What the row breaks of those rules all of whose fields are there."""
    key = schema.key_of(fields)
    values = {**fields, ITSELF: list(key)} if key else fields
    for rule in schema.rules:
        if rule.names <= values.keys() and rule.check(values) is False:
            yield rule.field, str(rule.message)


def _naming(model: str) -> Iterator[tuple[str, int | None]]:
    for path in MODELS[model].NATURAL_KEY:
        name, _separator, rest = path.partition("__")
        if rest:
            target = MODELS[model]._meta.get_field(name).related_model
            yield name, target.NATURAL_KEY.index(rest)
        else:
            yield name, None


def _constraints(model: str) -> Iterator[Rule]:
    for constraint in MODELS[model]._meta.constraints:
        if isinstance(constraint, CheckConstraint):
            condition = compiled(constraint.condition)
            named = condition.names - {ITSELF}
            field = next(iter(named)) if len(named) == 1 else ""
            yield Rule(condition.names, field, condition.check, constraint.violation_error_message)


def _of_one_comparison(field: str, other: str, message: str) -> Rule:
    """Two references must begin with the same slug: that of their comparison."""

    def check(values: Fields) -> bool:
        here, there = values[field], values[other]
        return here is None or here[0] == there[0]

    return Rule(frozenset({field, other}), field, check, message)


# What clean() says of a row alone, in its words.
_CLEAN: dict[str, tuple[Rule, ...]] = {
    "criterion": (
        _of_one_comparison(
            "group",
            "comparison",
            "This group belongs to another comparison; choose one of this table.",
        ),
    ),
    "cell": (
        _of_one_comparison(
            "contender",
            "criterion",
            "This contender belongs to another comparison than the row.",
        ),
    ),
}
