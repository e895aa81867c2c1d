"""Whether a row that is in no database yet would satisfy a check constraint.

Knows the expressions that the constraints of this app are made of, and reads them as Django and
both databases do: with three values, of which None stands for SQL's unknown. A constraint refuses
a row only where its condition is False.

A row is its fields as a fixture gives them. Under “pk” it holds its own natural key, so that a
foreign key can be compared with the row itself.
"""

import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import F, Func, Q, Value
from django.db.models.functions import Left
from django.db.models.lookups import Exact

Values = Mapping[str, Any]
Truth = bool | None
Check = Callable[[Values], Truth]
Expression = Callable[[Values], Any]

ITSELF = "pk"


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition made ready: whether it holds for a row, and what it asks for of it."""

    check: Check
    names: frozenset[str]


def holds(condition: Q, values: Values) -> Truth:
    """Whether the condition is true of the row, false, or unknown.

    Raises KeyError where the row lacks a field of it, TypeError for an expression that this module
    does not know.
    """
    return compiled(condition).check(values)


def compiled(condition: Q) -> Condition:
    """The condition ready for many rows. Raises TypeError as holds() does."""
    compiler = _Compiler()
    check = compiler.condition(condition, negated=False)
    return Condition(check, frozenset(compiler.names))


class _Compiler:
    """Turns a Q object into a function of a row, and notes which fields it asks for."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def condition(self, condition: Q, *, negated: bool) -> Check:
        """`negated` says whether an odd number of negations stands around it."""
        negated ^= condition.negated
        parts = [self.part(child, negated=negated) for child in condition.children]
        if condition.connector not in (Q.AND, Q.OR):
            raise TypeError(f"{condition.connector} joins conditions in a way not known here.")
        check = partial(_every if condition.connector == Q.AND else _some, parts)
        return partial(_not, check) if condition.negated else check

    def part(self, child: Any, *, negated: bool) -> Check:
        if isinstance(child, Q):
            return self.condition(child, negated=negated)
        if isinstance(child, tuple):
            return self.lookup(*child, negated=negated)
        if isinstance(child, Exact):
            return partial(_compare, operator.eq, self.value(child.lhs), self.value(child.rhs))
        raise TypeError(f"{child!r} is no condition known here.")

    def lookup(self, path: str, value: Any, *, negated: bool) -> Check:
        name, *rest = path.split("__")
        how = rest[0] if rest else "exact"
        if len(rest) > 1 or how not in {*_OPERATORS, "isnull"}:
            raise TypeError(f"{path} is no look-up known here.")
        field = self.value(F(name))
        if how == "isnull":
            return partial(_is_null, field, value)
        # What Django adds to a negated comparison: that nothing is not equal to something.
        compare = _compare_negated if negated else _compare
        return partial(compare, _OPERATORS[how], field, self.value(value))

    def value(self, expression: Any) -> Expression:
        if isinstance(expression, F):
            self.names.add(expression.name)
            return operator.itemgetter(expression.name)
        if isinstance(expression, Value):
            return partial(_constant, expression.value)
        if isinstance(expression, Func) and (function := _function(expression)):
            sources = [self.value(source) for source in expression.get_source_expressions()]
            return partial(_call, function, *sources)
        if hasattr(expression, "resolve_expression"):
            raise TypeError(f"{expression!r} is no expression known here.")
        return partial(_constant, expression)


def _function(expression: Func) -> Callable[[str, Any], str] | None:
    if isinstance(expression, Left):
        return _left
    return str.lstrip if expression.extra.get("function") == "LTRIM" else None


def _left(text: str, length: int) -> str:
    return text[:length]


def _is_one_of(value: Any, values: Iterable[Any]) -> bool:
    return value in values


_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "exact": operator.eq,
    "in": _is_one_of,
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
}


def _constant(value: Any, _row: Values) -> Any:
    return value


def _call(function: Callable, first: Expression, second: Expression, row: Values) -> Any:
    one, other = first(row), second(row)
    return None if one is None or other is None else function(one, other)


def _compare(compare: Callable, first: Expression, second: Expression, row: Values) -> Truth:
    one, other = first(row), second(row)
    return None if one is None or other is None else compare(one, other)


def _compare_negated(compare: Callable, first: Expression, second: Expression, row: Values) -> bool:
    one, other = first(row), second(row)
    return one is not None and other is not None and compare(one, other)


def _is_null(field: Expression, wanted: bool, row: Values) -> bool:
    return (field(row) is None) is wanted


def _every(parts: list[Check], row: Values) -> Truth:
    truths = [part(row) for part in parts]
    if False in truths:
        return False
    return None if None in truths else True


def _some(parts: list[Check], row: Values) -> Truth:
    truths = [part(row) for part in parts]
    if True in truths:
        return True
    return None if None in truths else False


def _not(part: Check, row: Values) -> Truth:
    truth = part(row)
    return None if truth is None else not truth
