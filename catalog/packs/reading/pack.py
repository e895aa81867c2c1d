"""A pack from its files to rows that may stand in the guide, or all that is wrong with it at once.

Nothing is asked of the database. One file at a time is in memory, and of it one entry at a time.
"""

from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from catalog.history.rows import MODELS
from catalog.packs import manifest
from catalog.packs.incoming import Incoming, IncomingRow, Rows
from catalog.packs.manifest import Manifest
from catalog.packs.problems import MOST_PROBLEMS, Problems, RefusedError
from catalog.packs.reading import parsing, sources, validation
from catalog.packs.reading.files import Source, TooMuchError, UnreadableError, top_of
from catalog.packs.reading.notation import MalformedError

# How often progress is told.
STEP = 1_000

Progress = Callable[[int], None]


def read(path: Path, *, progress: Progress | None = None) -> Incoming:
    """The pack at this place: a folder, a .zip, or one fixture file. The caller closes it.

    `progress` is told every now and then how many entries have been read.
    Raises RefusedError with all that is wrong.
    """
    reader = _Reader(path, progress)
    try:
        with sources.opened(path) as source:
            digest = reader.read(source)
    except (UnreadableError, TooMuchError) as error:
        reader.problems.add(path.name, None, "", str(error))
    except OSError as error:
        text = "Its rows cannot be put aside (%(reason)s); make room for temporary files."
        reader.problems.add(path.name, None, "", text % {"reason": error.strerror})
    except BaseException:
        reader.rows.close()
        raise
    if reader.problems.first:
        reader.rows.close()
    reader.problems.refuse()
    return Incoming(reader.manifest, digest, reader.rows)


def digest_of(path: Path) -> str:
    """What stands for all that the files of a pack say, without reading what they say.

    Raises RefusedError for what cannot be opened or may not be, as read() does.
    """
    problems = Problems()
    try:
        with sources.opened(path) as source:
            _add_faults(source, path, problems)
            problems.refuse()
            digest = sources.Digest(top_of(source.names))
            for name in source.names:
                digest.add(name, source.content(name))
            return digest.hexdigest()
    except (UnreadableError, TooMuchError) as error:
        problems.add(path.name, None, "", str(error))
    raise RefusedError(problems.first, problems.more)


class _Reader:
    """One run through the files of a pack."""

    def __init__(self, path: Path, progress: Progress | None) -> None:
        self.path = path
        self.progress = progress or _tell_nobody
        self.problems = Problems()
        self.manifest: Manifest | None = None
        self.rows = Rows()
        self.count = 0
        self.again: list[IncomingRow] = []  # rows whose key stood in the pack before

    def read(self, source: Source) -> str:
        """Read everything; returns the digest of it. Raises TooMuchError, and notes the rest."""
        _add_faults(source, self.path, self.problems)
        top = top_of(source.names)
        digest = sources.Digest(top)
        said = f"{top}{manifest.FILE_NAME}"
        if said not in source.names:
            self._name_after_path()
        if not source.faults and not set(source.names) - {said}:
            text = "There is no fixture in it: no .yaml, .yml or .json file."
            self.problems.add(self.path.name, None, "", text)
        for name in source.names:
            try:
                content = source.content(name)
            except UnreadableError as error:
                self.problems.add(name, None, "", str(error))
                continue
            digest.add(name, content)
            if name == said:
                self._read_manifest(name, content)
            else:
                self._read_fixture(name, content)
        self._name_first_places()
        self._refuse_what_is_removed()
        self.progress(self.count)
        return digest.hexdigest()

    def _name_after_path(self) -> None:
        try:
            self.manifest = manifest.manifest_for(sources.stem_of(self.path))
        except manifest.FaultyError as error:
            for field, text in error.faults:
                self.problems.add(self.path.name, None, field, text)

    def _read_manifest(self, name: str, content: bytes) -> None:
        try:
            said, faults = parsing.document(content)
            for text in faults:
                self.problems.add(name, None, "", text)
            self.manifest = manifest.manifest_of(said)
        except MalformedError as error:
            self.problems.add(name, None, "", str(error))
        except manifest.FaultyError as error:
            for field, text in error.faults:
                self.problems.add(name, None, field, text)

    def _read_fixture(self, name: str, content: bytes) -> None:
        if name.endswith(f"/{manifest.FILE_NAME}"):
            text = "What a pack says of itself stands at its top, beside all other files."
            self.problems.add(name, None, "", text)
            return
        try:
            for entry in parsing.entries(name, content):
                self._count_entry()
                if entry.faults:
                    for text in entry.faults:
                        self.problems.add(name, entry.number, "", text)
                else:
                    self._read_entry(name, entry)
        except MalformedError as error:
            self.problems.add(name, None, "", str(error))

    def _count_entry(self) -> None:
        self.count += 1
        if self.count > settings.PACK_MAX_ROWS:
            text = (
                "This pack holds more than %(most)d rows; split it into several packs, or raise "
                "PACK_MAX_ROWS."
            )
            raise TooMuchError(text % {"most": settings.PACK_MAX_ROWS})
        if self.count % STEP == 0:
            self.progress(self.count)

    def _read_entry(self, file: str, entry: parsing.Entry) -> None:
        checked = validation.check(entry.value)
        for field, text in checked.faults:
            self.problems.add(file, entry.number, field, text)
        if checked.row is None:
            return
        row = IncomingRow(checked.row, checked.fields, file, entry.number)
        if not self.rows.add(row):
            self._note_again(row)

    def _note_again(self, row: IncomingRow) -> None:
        if len(self.again) < MOST_PROBLEMS:
            self.again.append(row)
        else:
            self.problems.more += 1

    def _name_first_places(self) -> None:
        """Say of each row that came again where it stood first: one look at the rows of a model."""
        wanted = {again.row for again in self.again}
        first = {
            row.row: row
            for model in {row.model for row in wanted}
            for row in self.rows.of(model)
            if row.row in wanted
        }
        for again in self.again:
            self._refuse_again(again, first[again.row])

    def _refuse_again(self, again: IncomingRow, first: IncomingRow) -> None:
        text = (
            "The pack gives this row twice: “%(key)s” stands in %(file)s, entry %(number)d, "
            "already. Keep one of the two."
        )
        words = {"key": again.row, "file": first.file, "number": first.entry}
        self.problems.add(again.file, again.entry, "", text % words)

    def _refuse_what_is_removed(self) -> None:
        """A row cannot be said and removed by the same pack."""
        text = "The pack removes %(model)s “%(key)s” and says it too. Keep one of the two."
        for row in self.manifest.removes if self.manifest else ():
            if row in self.rows:
                name = MODELS[row.model]._meta.verbose_name
                words = {"model": name, "key": row}
                self.problems.add(manifest.FILE_NAME, None, "removes", text % words)


def _add_faults(source: Source, path: Path, problems: Problems) -> None:
    for name, text in source.faults:
        problems.add(name or path.name, None, "", text)


def _tell_nobody(_count: int) -> None:
    pass
