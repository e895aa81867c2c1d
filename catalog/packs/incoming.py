"""A pack that was read: its manifest and its rows, which stay on disk."""

from collections.abc import Iterator
from hashlib import blake2b
from typing import NamedTuple, Self

from catalog.history.rows import MODELS, Fields, RowKey
from catalog.packs.manifest import Manifest
from catalog.packs.spool import Spool


class IncomingRow(NamedTuple):
    """A row as an entry gives it: only the fields that stand there."""

    row: RowKey
    fields: Fields
    file: str
    entry: int


class Rows:
    """Rows by model in the order in which they came, and which keys there are.

    Rows are on disk; in memory are sixteen bytes of each key.
    """

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}
        self._spools: dict[str, Spool] = {}
        self._marks: set[bytes] = set()

    def add(self, row: IncomingRow) -> bool:
        """Add a row; False where there is one of that key already, and then it is left out."""
        mark = _mark(row.row)
        if mark in self._marks:
            return False
        self._marks.add(mark)
        model, key = row.row
        if model not in self._spools:
            self._spools[model] = Spool()
        self._spools[model].append([key, row.fields, row.file, row.entry])
        self.counts[model] = self.counts.get(model, 0) + 1
        return True

    def of(self, model: str) -> Iterator[IncomingRow]:
        for key, fields, file, entry in self._spools.get(model, ()):
            yield IncomingRow(RowKey(model, tuple(key)), fields, file, entry)

    def __contains__(self, row: RowKey) -> bool:
        return _mark(row) in self._marks

    def close(self) -> None:
        for spool in self._spools.values():
            spool.close()


class Incoming:
    """A pack as it came in. A context manager: leaving it closes its files."""

    def __init__(self, manifest: Manifest, digest: str, rows: Rows) -> None:
        """`digest` stands for all that the files say."""
        self.manifest = manifest
        self.digest = digest
        self.counts = {model: rows.counts[model] for model in MODELS if model in rows.counts}
        self._rows = rows

    def rows(self, model: str) -> Iterator[IncomingRow]:
        """The rows of a model, in the order of files and entries."""
        return self._rows.of(model)

    def has(self, row: RowKey) -> bool:
        """Whether the pack has a row of this key."""
        return row in self._rows

    def close(self) -> None:
        self._rows.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()


def _mark(row: RowKey) -> bytes:
    return blake2b("\0".join((row.model, *row.key)).encode(), digest_size=16).digest()
