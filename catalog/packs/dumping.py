"""The guide as a pack, whole or in part, as it was at one moment."""

import stat
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from catalog.history import editions
from catalog.history.rows import Fields, RowKey, State, owners_of, targets_of
from catalog.history.store import rows_anywhere, state_of_things
from catalog.models import PackLoad, ThingKey
from catalog.packs import layout
from catalog.packs.entries import HIDDEN
from catalog.packs.layout import FOLDERS, Part
from catalog.packs.manifest import FILE_NAME, NO_VERSION, FaultyError, Manifest, manifest_for
from catalog.packs.manifest import manifest_of as checked
from catalog.packs.problems import shown

# A dump asks many questions, and somebody may write between two of them.
MOST_TRIES = 3

# Hidden, so that nobody takes what is not ready for a pack.
STAGE = ".dumping-"


class UnsteadyError(Exception):
    """The guide changed during each try. Nothing was written."""


class Wish(NamedTuple):
    """What the pack shall say of itself; what is blank follows from the guide and the place."""

    name: str = ""
    version: str = ""
    over: tuple[str, ...] = ()
    complete: bool = True


NO_WISH = Wish()


class Dumped(NamedTuple):
    """A pack that was written, the relative paths of its files, and how much was left out.

    `hidden` counts characters that no pack may hold: see entries.HIDDEN.
    """

    manifest: Manifest
    paths: list[str]
    hidden: int


def dump(path: Path, wish: Wish = NO_WISH, only: Sequence[ThingKey] = ()) -> Dumped:
    """Write the guide to a folder or, where the path ends so, a .zip.

    With `only`, these things and what they need to be loaded by themselves: a partial pack.
    Raises manifest.FaultyError for a wish that cannot be, UnsteadyError, OccupiedError
    and OSError; then the files of an earlier dump are still there.
    """
    if only:
        wish = wish._replace(complete=False)
    target = target_at(path)
    for _attempt in range(MOST_TRIES):
        number = _number_now()
        manifest = _manifest(path, wish, number)
        with TemporaryDirectory(prefix=STAGE, dir=target.room()) as folder:
            stage = Path(folder)
            hidden: list[str] = []
            written = target.write(stage, _files(manifest, only, hidden))
            if _number_now() == number:
                target.take(stage, written, is_part=bool(only))
                return Dumped(manifest, written, len(hidden))
    raise UnsteadyError


def _files(
    manifest: Manifest, only: Iterable[ThingKey], hidden: list[str]
) -> Iterator[tuple[str, str]]:
    """Yield every file in the order of names, so what the pack says of itself is last.

    Adds to `hidden` the characters that are left out.
    """
    for name, rows in layout.files(part_of(only) if only else None):
        yield name, layout.to_yaml(_without_hidden(rows, hidden))
    yield FILE_NAME, layout.text_of(manifest)


def _without_hidden(value: Any, hidden: list[str]) -> Any:
    """Return a value without the characters that would make the pack unreadable."""
    if isinstance(value, str):
        found = HIDDEN.findall(value)
        hidden += found
        return HIDDEN.sub("", value) if found else value
    if isinstance(value, list):
        return [_without_hidden(each, hidden) for each in value]
    if isinstance(value, dict):
        return {name: _without_hidden(each, hidden) for name, each in value.items()}
    return value


def _manifest(path: Path, wish: Wish, number: int | None) -> Manifest:
    """Return what the pack is to say of itself. Raises FaultyError."""
    if wish == NO_WISH and (load := _what_the_guide_is(number)):
        return Manifest(load.name, load.version, complete=True, over=tuple(load.over))
    version = NO_VERSION if number is None else str(number)
    said = wish._asdict() | {
        "name": wish.name or _name_for(path),
        "version": wish.version or version,
        "over": list(wish.over),
    }
    return checked(said)


def _what_the_guide_is(number: int | None) -> PackLoad | None:
    """Return the complete pack that an empty guide was filled with, if nothing changed since.

    Dumped again it is that pack still, so that it comes out as it went in.
    """
    if number != 1:
        return None
    return PackLoad.objects.in_force().filter(edition=number, is_complete=True).first()


def _name_for(path: Path) -> str:
    stem = stem_of(path)
    try:
        return manifest_for(stem).name
    except FaultyError as error:
        text = f"No name can be made of “{shown(stem)}”; give one."
        raise FaultyError([("name", text)]) from error


def _number_now() -> int | None:
    newest = editions.latest()
    return newest.number if newest else None


# A part of the guide -----------------------------------------------------------------------------


def part_of(things: Iterable[ThingKey]) -> Part:
    """Return these things with all that they need, to be loaded into an empty database.

    Of a thing that was asked for, all; of what its rows name, only the row that is named, and what
    that one names in turn: a technology comes with the categories it is listed in, not with all
    of theirs. A query for each model and step away from them."""
    rows: set[RowKey] = set()
    owners: set[ThingKey] = set()
    found = state_of_things(things)
    while found:
        rows |= found.keys()
        owners |= {thing for row, fields in found.items() for thing in owners_of(row, fields)}
        found = _rows_named_by(found, known=rows)
    return Part(frozenset(rows), frozenset(owners))


def _rows_named_by(state: State, known: set[RowKey]) -> dict[RowKey, Fields]:
    """Return the rows that rows of this state name, without those that are known already."""
    named = {target for row, fields in state.items() for target in targets_of(row, fields)}
    return rows_anywhere(named - known)


# Where it is written ----------------------------------------------------------------------------


ARCHIVE = ".zip"

# The same for every file of every archive, so that the same content is the same archive.
LONG_AGO = (1980, 1, 1, 0, 0, 0)
MODE = stat.S_IFREG | 0o644
UNIX = 3
LEVEL = 6

Files = Iterable[tuple[str, str]]


class OccupiedError(Exception):
    """A part of the guide would take the place of files that are none of it; the text says so."""


def target_at(path: Path) -> "FolderTarget | ArchiveTarget":
    """Return a .zip where the path says so, unless a folder is called so; else a folder."""
    if path.suffix.lower() == ARCHIVE and not path.is_dir():
        return ArchiveTarget(path)
    return FolderTarget(path)


def stem_of(path: Path) -> str:
    """Return what a target is called, without the ending of an archive."""
    name = path.resolve().name
    return name[: -len(ARCHIVE)] if name.lower().endswith(ARCHIVE) else name


class FolderTarget:
    """A folder, of which nothing is touched but the fixture files of a pack."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def room(self) -> Path:
        """Return a folder on the target's own disk, made when missing, for what is not ready."""
        # Not beside the folder: that may be another disk, or nobody's to write in.
        self.path.mkdir(parents=True, exist_ok=True)
        return self.path

    def write(self, stage: Path, files: Files) -> list[str]:
        written = []
        for name, text in files:
            path = stage / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
            written.append(name)
        return written

    def take(self, stage: Path, written: list[str], *, is_part: bool) -> None:
        gone = self._fixtures() - set(written)
        if is_part and gone:
            raise OccupiedError(
                f"{self.path} holds files that are no part of this pack, such as {min(gone)}; "
                "choose an empty folder."
            )
        for name in written:
            path = self.path / name
            path.parent.mkdir(exist_ok=True)
            (stage / name).replace(path)
        for name in gone:
            (self.path / name).unlink()

    def _fixtures(self) -> set[str]:
        """Return the files that an earlier dump may have written."""
        return {
            f"{folder.name}/{path.name}"
            for folder in FOLDERS
            for path in (self.path / folder.name).glob("*.yaml")
        }


class ArchiveTarget:
    """A .zip: the same files give the same bytes."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def room(self) -> Path:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        return self.path.parent

    def write(self, stage: Path, files: Files) -> list[str]:
        with zipfile.ZipFile(stage / self.path.name, "x") as archive:
            for name, text in files:
                entry = zipfile.ZipInfo(name, LONG_AGO)
                entry.create_system = UNIX
                entry.external_attr = MODE << 16
                archive.writestr(entry, text.encode(), zipfile.ZIP_DEFLATED, LEVEL)
            return archive.namelist()

    def take(self, stage: Path, written: list[str], *, is_part: bool) -> None:
        (stage / self.path.name).replace(self.path)
