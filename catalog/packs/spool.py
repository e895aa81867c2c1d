"""Values in a temporary file, so that memory does not grow with their number."""

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from catalog.packs.problems import Problem, RefusedError

CHUNK = 64 * 1024

# Made once: json.dumps() makes one for each value.
_encode = json.JSONEncoder(separators=(",", ":")).encode


class Spool:
    """A list on disk of anything that JSON can hold; tuples come back as lists.

    The file has no name, so nothing is left of it when the process dies.
    """

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - close() is the caller's
        self._length = 0

    def append(self, value: Any) -> None:
        """Add a value.

        Raises TypeError for what JSON cannot hold, and RefusedError for a full disk.
        """
        line = f"{_encode(value)}\n".encode("ascii")
        try:
            self._file.write(line)
        except OSError as error:
            raise _no_room(error) from error
        self._length += 1

    def __iter__(self) -> Iterator[Any]:
        """The values that are there when the iteration begins; several may run at once.

        Raises RefusedError for a disk that has no room for the last of them.
        """
        try:
            self._file.flush()
        except OSError as error:
            raise _no_room(error) from error
        place, end = 0, self._file.tell()
        pieces = []  # of a value that is longer than a chunk
        while place < end:
            chunk = os.pread(self._file.fileno(), min(CHUNK, end - place), place)
            place += len(chunk)
            # What JSON writes is ASCII, so a chunk may end anywhere; loads() takes text faster.
            pieces.append(text := chunk.decode("ascii"))
            if "\n" in text:
                *lines, last = "".join(pieces).split("\n")
                pieces = [last]
                yield from map(json.loads, lines)

    def __len__(self) -> int:
        return self._length

    def close(self) -> None:
        """Give the disk's room back. Closing twice does nothing."""
        with suppress(OSError):  # a full disk does not take what is still to be written
            self._file.close()


def _no_room(error: OSError) -> RefusedError:
    text = "Its rows cannot be put aside (%(reason)s); make room for temporary files."
    return RefusedError([Problem("", None, "", text % {"reason": error.strerror})])
