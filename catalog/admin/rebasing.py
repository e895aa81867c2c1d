"""A form's post made fit for what is there now: parts that are gone become new ones. Pure."""

import re
from collections.abc import Iterator, Mapping, Set
from typing import NamedTuple

from django.forms.formsets import (
    DELETION_FIELD_NAME,
    INITIAL_FORM_COUNT,
    MAX_NUM_FORM_COUNT,
    MIN_NUM_FORM_COUNT,
    TOTAL_FORM_COUNT,
)
from django.http import QueryDict

KEY = "id"
COUNTS = (TOTAL_FORM_COUNT, INITIAL_FORM_COUNT, MIN_NUM_FORM_COUNT, MAX_NUM_FORM_COUNT)
COUNT = re.compile(rf"(?P<table>.+)-(?P<field>{TOTAL_FORM_COUNT}|{INITIAL_FORM_COUNT})")
PART = re.compile(r"(?P<table>.+)-(?P<place>[0-9]{1,5})-(?P<field>[^-]+)")


def rebased(post: QueryDict, known: Mapping[str, Set[int]]) -> QueryDict:
    """The post with each row of a table of parts that somebody deleted meanwhile as a new row.

    `known` are the keys of the parts that are there, by the prefix of their table. What is gone
    and was ticked for deletion is left out. New rows and ticks of others stay as they are.
    """
    tables = {
        prefix: table
        for prefix, keys in known.items()
        if (table := _table_of(post, prefix, keys)) is not None
    }
    after = QueryDict(mutable=True, encoding=post.encoding)
    for name, values in post.lists():
        for renamed, said in _input(name, values, tables):
            after.setlist(renamed, said)
    return after


class _Table(NamedTuple):
    """The rows of one table by their places in the post."""

    places: dict[int, int | None]  # where each goes, None for nowhere
    gone: set[int]
    initial: int  # how many are there already

    @property
    def total(self) -> int:
        return sum(place is not None for place in self.places.values())


def _input(
    name: str, values: list[str], tables: Mapping[str, _Table]
) -> Iterator[tuple[str, list[str]]]:
    """An input of the post as it is to be; nothing for one that is left out."""
    part = PART.fullmatch(name)
    count = COUNT.fullmatch(name)
    if count and count["table"] in tables:
        table = tables[count["table"]]
        yield name, [str(table.total if count["field"] == TOTAL_FORM_COUNT else table.initial)]
    elif part and part["table"] in tables and part["field"] not in COUNTS:
        table, place = tables[part["table"]], int(part["place"])
        to = table.places.get(place, place)
        if to is not None:
            is_new = place in table.gone and part["field"] == KEY
            yield f"{part['table']}-{to}-{part['field']}", [""] if is_new else values
    else:
        yield name, values


def _table_of(post: QueryDict, prefix: str, keys: Set[int]) -> _Table | None:
    """None where the post says nothing that makes sense of this table."""
    total, initial = (
        _number(post, f"{prefix}-{name}", 5) for name in (TOTAL_FORM_COUNT, INITIAL_FORM_COUNT)
    )
    if total is None or initial is None or initial > total:
        return None
    there = [
        place for place in range(initial) if _number(post, f"{prefix}-{place}-{KEY}", 18) in keys
    ]
    gone = set(range(initial)) - set(there)
    ticked = {place for place in gone if post.get(f"{prefix}-{place}-{DELETION_FIELD_NAME}")}
    new = [*sorted(gone - ticked), *range(initial, total)]
    places: dict[int, int | None] = dict.fromkeys(ticked)
    places |= {place: to for to, place in enumerate([*there, *new])}
    return _Table(places, gone, len(there))


def _number(post: QueryDict, name: str, most: int) -> int | None:
    """A number of at most so many digits, None for anything else."""
    text = post.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= most else None
