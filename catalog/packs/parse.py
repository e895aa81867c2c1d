"""The text of a fixture file as entries, and nothing that could be misread.

YAML and JSON allow more than a fixture needs: a key twice, of which the last one wins, references
that grow without bound, tags that make objects, text that turns into a date or a number nobody
meant. All of that is refused. Values are text, whole numbers, truths, None, lists and mappings; a
number that is no plain whole number is an Unclear.
"""

import codecs
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any

import yaml
from django.conf import settings

from catalog.packs.problems import shown

# Faults of one entry that are kept: an entry of nothing else could hold millions.
MOST_FAULTS = 20

UTF_16_OR_32 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)
PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

CORE = "tag:yaml.org,2002:"
TEXT, WHOLE, TRUTH, NOTHING = f"{CORE}str", f"{CORE}int", f"{CORE}bool", f"{CORE}null"
FRACTION, LIST, MAPPING = f"{CORE}float", f"{CORE}seq", f"{CORE}map"

_WHOLE = re.compile(r"0|-?[1-9][0-9]{0,17}")
_RESOLVER = yaml.resolver.Resolver()


class MalformedError(Exception):
    """A file cannot be read any further; the text says why, and where."""


@dataclass(frozen=True, slots=True)
class Unclear:
    """A number that is no plain whole number: 5.10, 1e3, 0o17, NaN. No field takes it."""

    text: str

    def __str__(self) -> str:
        return self.text


# An entry as it stands, and what is wrong with how it is written.
Entry = tuple[Any, list[str]]


def entries(name: str, content: bytes) -> Iterator[Entry]:
    """Yield the entries of a fixture file. Raises MalformedError where it cannot be read on."""
    _check_encoding(content)
    read = _json_entries if name.lower().endswith(".json") else _yaml_entries
    is_empty = True
    for entry in read(content):
        is_empty = False
        yield entry
    if is_empty:
        raise MalformedError("It holds no entry; remove it, or write what belongs there.")


def document(content: bytes) -> Entry:
    """Return all that a YAML file holds as one value, with its faults: a manifest."""
    _check_encoding(content)
    reader = _YamlReader(content)
    event = reader.begin()
    if event is None:
        return None, []
    value = reader.item(event, depth=0)
    reader.end()
    return value


def whole(text: str) -> int | Unclear:
    """Return a number as it is written: plain and whole, or unclear."""
    return int(text) if _WHOLE.fullmatch(text) else Unclear(text)


def _check_encoding(content: bytes) -> None:
    if content.startswith(UTF_16_OR_32) or b"\0" in content:
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


def _no_list() -> MalformedError:
    return MalformedError(
        "It is no list of entries; write each as “model” and “fields”, in a list."
    )


def _twice(key: Any) -> str:
    return f"“{shown(key)}” stands there twice; keep one of them."


# JSON --------------------------------------------------------------------------------------------


class _DoubtfulMapping(dict):
    """A mapping in which keys stood twice; only the last value of each is left."""

    twice: list[str]


def _json_entries(content: bytes) -> Iterator[Entry]:
    """Yield the items of the list that the text is, each with its faults."""
    text = content.decode("utf-8-sig")
    if not text.strip():
        return
    try:
        found = json.loads(
            text,
            object_pairs_hook=_mapping,
            parse_int=whole,
            parse_float=Unclear,
            parse_constant=Unclear,
        )
    except json.JSONDecodeError as error:
        raise _malformed("JSON", error.lineno, error.colno, error.msg) from error
    except RecursionError as error:
        raise _too_deep() from error
    if not isinstance(found, list):
        raise _no_list()
    for value in found:
        yield value, list(islice(_faults_in(value, depth=2), MOST_FAULTS))


def _mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        counted = Counter(key for key, _value in pairs)
        values = _DoubtfulMapping(values)
        values.twice = [key for key, count in counted.items() if count > 1]
    return values


def _faults_in(value: Any, depth: int) -> Iterator[str]:
    """Yield the faults of a value. Raises MalformedError where it is too deep."""
    if not isinstance(value, dict | list):
        return
    if depth > settings.PACK_MAX_DEPTH:
        raise _too_deep()
    if isinstance(value, _DoubtfulMapping):
        yield from map(_twice, value.twice)
    for each in value.values() if isinstance(value, dict) else value:
        yield from _faults_in(each, depth + 1)


# YAML --------------------------------------------------------------------------------------------


def _yaml_entries(content: bytes) -> Iterator[Entry]:
    """Yield the items of the list that the text is, each with its faults."""
    reader = _YamlReader(content)
    event = reader.begin()
    if event is None:
        return
    if type(event) is not yaml.SequenceStartEvent:
        raise _no_list()
    reader.check_marks(event, LIST)
    while type(event := reader.next()) is not yaml.SequenceEndEvent:
        yield reader.item(event, depth=1)
    reader.end()


class _YamlReader:
    """Makes values from PyYAML's events, one entry at a time.

    So no reference is followed, no depth is entered that is not allowed, and only one entry is
    held; the loader of PyYAML would hold a node for each value of the file, and its fast form
    says nothing of anchors.
    """

    def __init__(self, content: bytes) -> None:
        self._events = yaml.parse(content, Loader=PARSER)
        self._faults: list[str] = []

    def next(self) -> yaml.Event:
        try:
            return next(self._events)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
            raise _malformed("YAML", line, column, error.problem or error.context) from error
        except (yaml.YAMLError, ValueError) as error:  # a character that YAML does not allow
            why = shown(getattr(error, "reason", ""), 200)
            text = f"It is no valid YAML: it holds characters that are not allowed ({why})."
            raise MalformedError(text) from error

    def begin(self) -> yaml.Event | None:
        """Return the first event of what the text holds; None where it holds nothing."""
        self.next()  # the stream's
        return None if type(self.next()) is yaml.StreamEndEvent else self.next()

    def end(self) -> None:
        """Raise MalformedError where something follows."""
        self.next()  # the document's
        if type(self.next()) is not yaml.StreamEndEvent:
            raise MalformedError("It holds several documents; put them into one list.")

    def item(self, event: yaml.Event, depth: int) -> Entry:
        """Return a value within `depth` levels, with its faults."""
        self._faults = []
        return self._value(event, depth), self._faults

    def fault(self, text: str) -> None:
        """Note what is wrong with the item that is read."""
        if len(self._faults) < MOST_FAULTS:
            self._faults.append(text)

    def check_marks(self, event: yaml.NodeEvent, *tags: str) -> None:
        """Note a fault where a value can be referred to, or has a tag other than these."""
        if event.anchor is not None:
            name = shown(event.anchor)
            self.fault(
                f"It marks a value with &{name} to be used elsewhere; write it out each time."
            )
        if event.tag is not None and event.tag not in tags:
            tag = shown(event.tag)
            self.fault(f"It has the tag {tag}; write plain text, numbers, lists and mappings.")

    def _value(self, event: yaml.Event, depth: int) -> Any:
        kind = type(event)
        if kind is yaml.ScalarEvent:
            return self._scalar(event)
        if kind is yaml.AliasEvent:
            name = shown(event.anchor)
            self.fault(f"It uses a value from elsewhere (*{name}); write it out.")
            return None
        if depth >= settings.PACK_MAX_DEPTH:
            raise _too_deep()
        if kind is yaml.MappingStartEvent:
            return self._mapping(event, depth + 1)
        self.check_marks(event, LIST)
        values = []
        while type(event := self.next()) is not yaml.SequenceEndEvent:
            values.append(self._value(event, depth + 1))
        return values

    def _mapping(self, start: yaml.MappingStartEvent, depth: int) -> dict[str, Any]:
        self.check_marks(start, MAPPING)
        values: dict[str, Any] = {}
        while type(event := self.next()) is not yaml.MappingEndEvent:
            key = self._value(event, depth)
            value = self._value(self.next(), depth)
            if type(key) is not str:
                self.fault("A name in it is no text; write it in quotes.")
            elif key == "<<":
                self.fault("It takes over other values with “<<”; write them out.")
            elif key in values:
                self.fault(_twice(key))
            else:
                values[key] = value
        return values

    def _scalar(self, event: yaml.ScalarEvent) -> Any:
        if event.tag is None and event.anchor is None:
            return _plain(event.value) if event.implicit[0] else event.value
        self.check_marks(event, TEXT, WHOLE, TRUTH, NOTHING)
        return _as_tagged(event.tag, event.value)


@lru_cache(maxsize=10_000)
def _plain(text: str) -> Any:
    """Return what text without quotes means: as YAML 1.1 has it, but a date stays text."""
    return _as_tagged(_RESOLVER.resolve(yaml.ScalarNode, text, (True, False)), text)


def _as_tagged(tag: str | None, text: str) -> Any:
    if tag in (WHOLE, FRACTION):
        return whole(text)
    if tag == TRUTH:
        return yaml.SafeLoader.bool_values.get(text.lower(), text)
    return None if tag == NOTHING else text
