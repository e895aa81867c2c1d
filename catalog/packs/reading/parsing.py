"""The text of a fixture file as entries, one after the other, and nothing that could be misread.

YAML and JSON allow more than a fixture needs: a key twice, of which the last one wins, references
that grow without bound, tags that make objects, text that turns into a date or a number nobody
meant. All of that is refused.
"""

import codecs
from collections.abc import Iterator
from typing import Any, NamedTuple

from catalog.packs.reading import json_text, yaml_text
from catalog.packs.reading.notation import MalformedError

UTF_16_OR_32 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)


class Entry(NamedTuple):
    """An entry as it stands, counted from 1, and what is wrong with how it is written."""

    number: int
    value: Any
    faults: list[str]


def entries(name: str, content: bytes) -> Iterator[Entry]:
    """The entries of the fixture file of this name, as they are read.

    Text, whole numbers, truths, None, lists and dictionaries; a number that is no plain whole
    number is an Unclear. Raises MalformedError where the file cannot be read any further.
    """
    _check_encoding(content)
    notation = json_text if name.lower().endswith(".json") else yaml_text
    entry = None
    for number, (value, faults) in enumerate(notation.entries(content), 1):
        entry = Entry(number, value, faults)
        yield entry
    if entry is None:
        raise MalformedError("It holds no entry; remove it, or write what belongs there.")


def document(content: bytes) -> tuple[Any, list[str]]:
    """All that a YAML file holds as one value, with its faults: a manifest.

    Raises MalformedError as entries() does.
    """
    _check_encoding(content)
    return yaml_text.document(content)


def _check_encoding(content: bytes) -> None:
    if content.startswith(UTF_16_OR_32) or b"\0" in content:
        raise MalformedError("It is no UTF-8 text; save it in the encoding UTF-8.")
    try:
        content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        text = f"It is no UTF-8 text from line {line} on; save it in the encoding UTF-8."
        raise MalformedError(text) from error
