"""What YAML and JSON have in common here: numbers, how much an entry holds, and its faults."""

import re
from dataclasses import dataclass

from django.conf import settings

from catalog.packs.problems import shown

# The largest row has some twenty fields.
MOST_VALUES = 1_000
# Faults of one entry that are kept: an entry of nothing else could hold millions.
MOST_FAULTS = 20

_WHOLE = re.compile(r"0|-?[1-9][0-9]{0,17}")


class MalformedError(Exception):
    """A file cannot be read any further; the text says why, and where."""


@dataclass(frozen=True, slots=True)
class Unclear:
    """A number that is no plain whole number: 5.10, 1e3, 0o17, NaN. No field takes it."""

    text: str

    def __str__(self) -> str:
        return self.text


class Faults(list):
    """Sentences about one entry, no more of them than anybody would read."""

    def add(self, text: str) -> None:
        if len(self) < MOST_FAULTS:
            self.append(text)

    def add_key_twice(self, key: str) -> None:
        self.add(f"“{shown(key)}” stands there twice; keep one of them.")


def whole(text: str) -> int | Unclear:
    """A number as it is written: plain and whole, or unclear."""
    return int(text) if _WHOLE.fullmatch(text) else Unclear(text)


def too_deep() -> MalformedError:
    text = "It is nested more than %(most)d levels deep; an entry needs four."
    return MalformedError(text % {"most": settings.PACK_MAX_DEPTH})


def too_large(number: int) -> MalformedError:
    text = "Entry %(number)d holds more than %(most)d values; no row has so many."
    return MalformedError(text % {"number": number, "most": MOST_VALUES})


def no_list() -> MalformedError:
    return MalformedError(
        "It is no list of entries; write each as “model” and “fields”, in a list."
    )


def malformed(notation: str, line: int, column: int, reason: str) -> MalformedError:
    """The sentence about a mistake in the notation; `reason` is the parser's own."""
    text = "It is no valid %(notation)s (line %(line)d, column %(column)d): %(reason)s."
    where = {"notation": notation, "line": line, "column": column, "reason": shown(reason, 200)}
    return MalformedError(text % where)
