"""What a loading left waiting, as a pack of its own: to choose without the pack's files."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Self

from catalog.history.rows import RowKey
from catalog.models import PackLoad
from catalog.packs.manifest import Manifest
from catalog.packs.reading import IncomingRow


class Remembered:
    """Read like a pack that was opened: the fields in conflict, and the rows that would go."""

    def __init__(self, load: PackLoad) -> None:
        self.manifest = Manifest(load.name, load.version, load.is_complete, tuple(load.over))
        self.digest = load.digest
        self.gone: list[RowKey] = []
        self._fields: dict[str, dict[RowKey, dict]] = defaultdict(dict)
        for conflict in load.conflicts.all():
            row = RowKey(conflict.model, tuple(conflict.key.split("/")))
            if conflict.field:
                fields = self._fields[row.model].setdefault(row, {})
                fields[conflict.field] = conflict.incoming
            else:
                self.gone += [row, *(RowKey(model, tuple(key)) for model, key in conflict.incoming)]
        self.counts = {model: len(rows) for model, rows in self._fields.items()}

    def rows(self, model: str) -> Iterator[IncomingRow]:
        for row, fields in self._fields[model].items():
            yield IncomingRow(row, fields, str(self.manifest.name), None)

    def has(self, row: RowKey) -> bool:
        return row in self._fields[row.model]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        """Nothing to close: it is a few rows in memory."""
