"""YAML as fixtures use it: lists, mappings, text, whole numbers, truths and nothing.

Values are made from the parser's events, one entry at a time: no reference is followed, no depth
is entered that is not allowed, and no more than one entry is held. It also takes less time than
yaml.load().
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import yaml
from django.conf import settings

from catalog.packs.problems import shown
from catalog.packs.reading.notation import (
    MOST_VALUES,
    Faults,
    MalformedError,
    malformed,
    no_list,
    too_deep,
    too_large,
    whole,
)

# Only its events are asked for; nothing is constructed.
PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

CORE = "tag:yaml.org,2002:"
TEXT, WHOLE, TRUTH, NOTHING = f"{CORE}str", f"{CORE}int", f"{CORE}bool", f"{CORE}null"
FRACTION, LIST, MAPPING = f"{CORE}float", f"{CORE}seq", f"{CORE}map"
MERGE = "<<"

# Words and numbers are short, and the same ones come again and again.
LONGEST_WORD = 30
_RESOLVER = yaml.resolver.Resolver()


def entries(content: bytes) -> Iterator[tuple[Any, list[str]]]:
    """The items of the list that the text is, each with its faults; none for an empty text."""
    reader = _Reader(content)
    event = reader.begin()
    if event is None:
        return
    if type(event) is not yaml.SequenceStartEvent:
        raise no_list()
    reader.check_marks(event, LIST)
    while type(event := reader.next()) is not yaml.SequenceEndEvent:
        yield reader.item(event, depth=1)
    reader.end()


def document(content: bytes) -> tuple[Any, list[str]]:
    """The one value that the text is, with its faults; None for an empty text."""
    reader = _Reader(content)
    event = reader.begin()
    if event is None:
        return None, []
    value = reader.item(event, depth=0)
    reader.end()
    return value


class _Reader:
    """Makes values from events."""

    def __init__(self, content: bytes) -> None:
        self._events = yaml.parse(content, Loader=PARSER)
        self._deepest = settings.PACK_MAX_DEPTH
        self._faults = Faults()
        self._items = 0
        self._left = MOST_VALUES

    def next(self) -> yaml.Event:
        try:
            return next(self._events)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
            raise malformed("YAML", line, column, error.problem or error.context) from error
        except (yaml.YAMLError, ValueError) as error:  # a character that YAML does not allow
            reason = getattr(error, "reason", "")
            why = shown(reason, 200)
            text = f"It is no valid YAML: it holds characters that are not allowed ({why})."
            raise MalformedError(text) from error

    def begin(self) -> yaml.Event | None:
        """The first event of what the text holds."""
        self.next()  # the stream's
        if type(self.next()) is yaml.StreamEndEvent:
            return None
        return self.next()

    def end(self) -> None:
        """Raises MalformedError where something follows."""
        self.next()  # the document's
        if type(self.next()) is not yaml.StreamEndEvent:
            raise MalformedError("It holds several documents; put them into one list.")

    def item(self, event: yaml.Event, depth: int) -> tuple[Any, list[str]]:
        """A value within `depth` levels, with all its faults."""
        self._items += 1
        self._left = MOST_VALUES
        value = self._value(event, depth)
        faults, self._faults = self._faults, Faults()
        return value, faults

    def check_marks(self, event: yaml.NodeEvent, *tags: str) -> None:
        """Note a fault where a value can be referred to, or has a tag other than these."""
        if event.anchor is not None:
            self._faults.add(
                f"It marks a value with &{shown(event.anchor)} to be used elsewhere; write it out "
                "each time."
            )
        if event.tag is not None and event.tag not in tags:
            self._faults.add(
                f"It has the tag {shown(event.tag)}; write plain text, numbers, lists and mappings."
            )

    def _value(self, event: yaml.Event, depth: int) -> Any:
        self._left -= 1
        if self._left < 0:
            raise too_large(self._items)
        kind = type(event)
        if kind is yaml.ScalarEvent:
            return self._scalar(event)
        if kind is yaml.AliasEvent:
            text = "It uses a value from elsewhere (*%(name)s); write it out."
            self._faults.add(text % {"name": shown(event.anchor)})
            return None
        if depth >= self._deepest:
            raise too_deep()
        return (
            self._mapping(event, depth + 1)
            if kind is yaml.MappingStartEvent
            else self._list(event, depth + 1)
        )

    def _list(self, start: yaml.SequenceStartEvent, depth: int) -> list[Any]:
        self.check_marks(start, LIST)
        values = []
        while type(event := self.next()) is not yaml.SequenceEndEvent:
            values.append(self._value(event, depth))
        return values

    def _mapping(self, start: yaml.MappingStartEvent, depth: int) -> dict[str, Any]:
        self.check_marks(start, MAPPING)
        values: dict[str, Any] = {}
        while type(event := self.next()) is not yaml.MappingEndEvent:
            key = self._value(event, depth)
            value = self._value(self.next(), depth)
            if type(key) is not str:
                self._faults.add("A name in it is no text; write it in quotes.")
            elif key == MERGE:
                self._faults.add("It takes over other values with “<<”; write them out.")
            elif key in values:
                self._faults.add_key_twice(key)
            else:
                values[key] = value
        return values

    def _scalar(self, event: yaml.ScalarEvent) -> Any:
        if event.tag is None and event.anchor is None:
            return plain(event.value) if event.implicit[0] else event.value
        self.check_marks(event, TEXT, WHOLE, TRUTH, NOTHING)
        return _as_tagged(event.tag, event.value)


def plain(text: str) -> Any:
    """What text without quotes means: as YAML 1.1 has it, but a date stays text."""
    return _meaning_of_word(text) if len(text) <= LONGEST_WORD else _meaning(text)


def _meaning(text: str) -> Any:
    return _as_tagged(_RESOLVER.resolve(yaml.ScalarNode, text, (True, False)), text)


_meaning_of_word = lru_cache(maxsize=10_000)(_meaning)


def _as_tagged(tag: str | None, text: str) -> Any:
    if tag in (WHOLE, FRACTION):
        return whole(text)
    if tag == TRUTH:
        return yaml.SafeLoader.bool_values.get(text.lower(), text)
    return None if tag == NOTHING else text
