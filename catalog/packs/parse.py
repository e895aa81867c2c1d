"""The text of a fixture file as entries, and nothing that could be misread.

A key twice, references, tags that make objects, and text that turns into a date or a number nobody
meant are refused. Values are text, whole numbers, truths, None, lists and mappings; a number that
is no plain whole number is an Unclear.
"""

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import yaml
from django.conf import settings

from catalog.packs.problems import Problems, shown

# Faults of one entry that are kept: an entry of nothing else could hold millions.
MOST_FAULTS = 20
NO_LIST = "It is no list of entries; write each as “model” and “fields”, in a list."

PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

CORE = "tag:yaml.org,2002:"
TEXT, WHOLE, TRUTH, NOTHING = f"{CORE}str", f"{CORE}int", f"{CORE}bool", f"{CORE}null"
FRACTION, LIST, MAPPING = f"{CORE}float", f"{CORE}seq", f"{CORE}map"

_PLAIN_WHOLE = re.compile(r"0|-?[1-9][0-9]{0,17}")
_RESOLVER = yaml.resolver.Resolver()


class MalformedError(Exception):
    """A file cannot be read any further; the text says why, and where."""


class Unclear(str):
    """A number that is no plain whole number: 5.10, 1e3, 0o17, NaN. No field takes it."""

    __slots__ = ()


# An entry as it stands, and what is wrong with how it is written.
Entry = tuple[Any, list[str]]


def entries(
    name: str, content: bytes, problems: Problems, *, is_list: bool = True
) -> Iterator[Entry]:
    """Yield the entries of a fixture file, or all that a manifest is, as far as it can be read."""
    is_empty = True
    try:
        _check_encoding(content)
        if name.lower().endswith(".json"):
            found = _json_entries(content)
        else:
            found = _YamlReader(content).entries(is_list=is_list)
        for entry in found:
            is_empty = False
            yield entry
        if is_empty:
            problems.add(name, "It holds no entry; remove it, or write what belongs there.")
    except MalformedError as error:
        problems.add(name, str(error))


def _whole(text: str) -> int | Unclear:
    return int(text) if _PLAIN_WHOLE.fullmatch(text) else Unclear(text)


def _check_encoding(content: bytes) -> None:
    if b"\0" in content:  # UTF-16 and its like
        raise MalformedError("It is no UTF-8 text; save it in the encoding UTF-8.")
    try:
        content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        text = f"It is no UTF-8 text from line {line} on; save it in the encoding UTF-8."
        raise MalformedError(text) from error


def _malformed(notation: str, line: int, column: int, reason: str) -> MalformedError:
    place = f"line {line}, column {column}"
    return MalformedError(f"It is no valid {notation} ({place}): {shown(reason, 200)}.")


def _too_deep() -> MalformedError:
    most = settings.PACK_MAX_DEPTH
    return MalformedError(f"It is nested more than {most} levels deep; an entry needs four.")


class _Faults(list[str]):
    """What is wrong with how one entry is written."""

    def add(self, text: str) -> None:
        if len(self) < MOST_FAULTS:
            self.append(text)

    def add_twice(self, key: str) -> None:
        self.add(f"“{shown(key)}” stands there twice; keep one of them.")


# JSON --------------------------------------------------------------------------------------------


def _json_entries(content: bytes) -> Iterator[Entry]:
    text = content.decode("utf-8-sig")
    if not text.strip():
        return
    try:
        # A mapping is a tuple of pairs at first: a key may stand there twice.
        found = json.loads(
            text,
            object_pairs_hook=tuple,
            parse_int=_whole,
            parse_float=Unclear,
            parse_constant=Unclear,
        )
    except json.JSONDecodeError as error:
        raise _malformed("JSON", error.lineno, error.colno, error.msg) from error
    except RecursionError as error:
        raise _too_deep() from error
    if not isinstance(found, list):
        raise MalformedError(NO_LIST)
    found.reverse()
    while found:
        faults = _Faults()
        yield _from_json(found.pop(), faults, depth=2), faults


def _from_json(value: Any, faults: _Faults, depth: int) -> Any:
    """Return a value with its mappings as such. Raises MalformedError where it is too deep."""
    if not isinstance(value, tuple | list):
        return value
    if depth > settings.PACK_MAX_DEPTH:
        raise _too_deep()
    if isinstance(value, list):
        return [_from_json(each, faults, depth + 1) for each in value]
    mapping: dict[str, Any] = {}
    for key, each in value:
        if key in mapping:
            faults.add_twice(key)
        mapping[key] = _from_json(each, faults, depth + 1)
    return mapping


# YAML --------------------------------------------------------------------------------------------


class _YamlReader:
    """Makes values from PyYAML's events, one entry at a time.

    The loader of PyYAML would hold a node for each value of the file, follow references, and in
    its fast form say nothing of anchors.
    """

    def __init__(self, content: bytes) -> None:
        self._events = yaml.parse(content, Loader=PARSER)
        self._faults = _Faults()

    def entries(self, *, is_list: bool = True) -> Iterator[Entry]:
        """Yield the items of the list that the text is, or all as one, each with its faults."""
        self._next()  # the stream's
        if type(self._next()) is yaml.StreamEndEvent:
            if not is_list:
                yield None, []
            return
        event = self._next()
        if is_list:
            if type(event) is not yaml.SequenceStartEvent:
                raise MalformedError(NO_LIST)
            self._check_marks(event, LIST)
            while type(event := self._next()) is not yaml.SequenceEndEvent:
                yield self._item(event, depth=2)
        else:
            yield self._item(event, depth=1)
        self._next()  # the document's
        if type(self._next()) is not yaml.StreamEndEvent:
            raise MalformedError("It holds several documents; put them into one list.")

    def _next(self) -> yaml.Event:
        try:
            return next(self._events)
        except yaml.MarkedYAMLError as error:
            if "nesting depth" in (error.problem or ""):  # PyYAML's own limit, from 6.0.4 on
                raise _too_deep() from error
            mark = error.problem_mark or error.context_mark
            line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
            raise _malformed("YAML", line, column, error.problem or error.context) from error
        except (yaml.YAMLError, ValueError) as error:  # a character that YAML does not allow
            why = shown(getattr(error, "reason", ""), 200)
            text = f"It is no valid YAML: it holds characters that are not allowed ({why})."
            raise MalformedError(text) from error

    def _item(self, event: yaml.Event, depth: int) -> Entry:
        value = self._value(event, depth)
        faults, self._faults = self._faults, _Faults()
        return value, faults

    def _check_marks(self, event: yaml.NodeEvent, *tags: str) -> None:
        """Note a fault where a value can be referred to, or has a tag other than these."""
        if event.anchor is not None:
            name = shown(event.anchor)
            self._faults.add(
                f"It marks a value with &{name} to be used elsewhere; write it out each time."
            )
        if event.tag is not None and event.tag not in tags:
            tag = shown(event.tag)
            self._faults.add(
                f"It has the tag {tag}; write plain text, numbers, lists and mappings."
            )

    def _value(self, event: yaml.Event, depth: int) -> Any:
        """Return a value; if it is a list or a mapping it is at this depth."""
        kind = type(event)
        if kind is yaml.ScalarEvent:
            if event.tag is None and event.anchor is None:
                return _plain(event.value) if event.implicit[0] else event.value
            self._check_marks(event, TEXT, WHOLE, TRUTH, NOTHING)
            return _as_tagged(event.tag, event.value)
        if kind is yaml.AliasEvent:
            name = shown(event.anchor)
            self._faults.add(f"It uses a value from elsewhere (*{name}); write it out.")
            return None
        if depth > settings.PACK_MAX_DEPTH:
            raise _too_deep()
        if kind is yaml.MappingStartEvent:
            self._check_marks(event, MAPPING)
            return self._mapping(depth + 1)
        self._check_marks(event, LIST)
        values = []
        while type(event := self._next()) is not yaml.SequenceEndEvent:
            values.append(self._value(event, depth + 1))
        return values

    def _mapping(self, depth: int) -> dict[str, Any]:
        values: dict[str, Any] = {}
        while type(event := self._next()) is not yaml.MappingEndEvent:
            key = self._value(event, depth)
            value = self._value(self._next(), depth)
            if type(key) is not str:
                self._faults.add("A name in it is no text; write it in quotes.")
            elif key == "<<":
                self._faults.add("It takes over other values with “<<”; write them out.")
            elif key in values:
                self._faults.add_twice(key)
            else:
                values[key] = value
        return values


@lru_cache(maxsize=10_000)
def _plain(text: str) -> Any:
    """Return what text without quotes means: as YAML 1.1 has it, but a date stays text."""
    return _as_tagged(_RESOLVER.resolve(yaml.ScalarNode, text, (True, False)), text)


def _as_tagged(tag: str | None, text: str) -> Any:
    if tag in (WHOLE, FRACTION):
        return _whole(text)
    if tag == TRUTH:
        return yaml.SafeLoader.bool_values.get(text.lower(), text)
    return None if tag == NOTHING else text
