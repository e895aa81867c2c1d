"""JSON as fixtures use it: one list, whose items are read one at a time."""

import json
import re
from collections.abc import Iterator
from typing import Any

from django.conf import settings

from catalog.packs.reading.notation import (
    MOST_VALUES,
    Faults,
    Unclear,
    malformed,
    no_list,
    too_deep,
    too_large,
    whole,
)

_SPACE = re.compile(r"[ \t\n\r]*")
# Never gives back what it took, so that text without an end costs no more than other text.
_STRING = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?+', re.DOTALL)
_STRUCTURE = re.compile(r"[\[\]{},]")


def entries(content: bytes) -> Iterator[tuple[Any, list[str]]]:
    """The items of the list that the text is, each with its faults; none for an empty text."""
    text = content.decode("utf-8-sig")
    _check_shape(text)
    place = _after_space(text, 0)
    if place == len(text):
        return
    if text[place] != "[":
        raise no_list()
    place = _after_space(text, place + 1)
    sign = "," if text[place : place + 1] != "]" else "]"
    if sign == "]":
        place += 1
    faults = Faults()
    decode = _decoder(faults).raw_decode
    while sign == ",":
        try:
            value, place = decode(text, place)
        except json.JSONDecodeError as error:
            raise malformed("JSON", error.lineno, error.colno, error.msg) from error
        yield value, [*faults]
        faults.clear()
        place = _after_space(text, place)
        sign = text[place : place + 1]
        if sign not in (",", "]"):
            _refuse(text, place, "a comma or the end of the list is missing")
        place = _after_space(text, place + 1)
    if _after_space(text, place) < len(text):
        _refuse(text, place, "something follows the list")


def _decoder(faults: Faults) -> json.JSONDecoder:
    def mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        values = dict(pairs)
        if len(values) < len(pairs):
            seen = set()
            for key, _value in pairs:
                if key in seen:
                    faults.add_key_twice(key)
                seen.add(key)
        return values

    return json.JSONDecoder(
        object_pairs_hook=mapping, parse_int=whole, parse_float=Unclear, parse_constant=Unclear
    )


def _check_shape(text: str) -> None:
    """Before anything is made of it: how deep it is nested and how much each entry holds."""
    deepest = settings.PACK_MAX_DEPTH
    depth = size = 0
    number = 1
    for match in _STRUCTURE.finditer(_STRING.sub("", text)):
        sign = match[0]
        if sign in "[{":
            depth += 1
            if depth > deepest:
                raise too_deep()
        elif sign in "]}":
            depth -= 1
        elif depth == 1:
            number, size = number + 1, 0
            continue
        size += 1
        if size > MOST_VALUES:
            raise too_large(number)


def _after_space(text: str, place: int) -> int:
    return _SPACE.match(text, place).end()


def _refuse(text: str, place: int, reason: str) -> None:
    line = text.count("\n", 0, place) + 1
    column = place - text.rfind("\n", 0, place)
    raise malformed("JSON", line, column, reason)
