"""The guide as a pack, whole or in part, as it was at one moment."""

import stat
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from catalog.history import documents, editions
from catalog.history.documents import rows_anywhere
from catalog.history.rows import Fields, Owners, RowKey, State, owners_of, targets_of
from catalog.models import PackLoad, ThingKey
from catalog.models.fields import CANNOT_BE_SHOWN
from catalog.packs import layout
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

    `hidden` counts characters that cannot be shown, which no pack may hold.
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
    for _attempt in range(MOST_TRIES):
        number = _number_now()
        manifest, hidden = _manifest(path, wish, number), []
        rows = layout.files(part_of(only) if only else None)
        files = {name: layout.to_yaml(_without_hidden(here, hidden)) for name, here in rows}
        if _number_now() == number:
            break
    else:
        raise UnsteadyError
    files[FILE_NAME] = layout.text_of(manifest)  # last, in the order of names
    if path.suffix.lower() == ARCHIVE and not path.is_dir():
        _write_archive(path, files)
    else:
        _write_folder(path, files, is_part=bool(only))
    return Dumped(manifest, list(files), len(hidden))


def _without_hidden(value: Any, hidden: list[str]) -> Any:
    """Return a value without the characters that would make the pack unreadable."""
    if isinstance(value, str):
        found = CANNOT_BE_SHOWN.findall(value)
        hidden += found
        return CANNOT_BE_SHOWN.sub("", value) if found else value
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
    name = path.resolve().name
    stem = name[: -len(ARCHIVE)] if name.lower().endswith(ARCHIVE) else name
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
    found = Owners().rows(documents.of(things))
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


class OccupiedError(Exception):
    """A part of the guide would take the place of files that are none of it; the text says so."""


def _write_folder(path: Path, files: dict[str, str], *, is_part: bool) -> None:
    """Write a folder, of which nothing is touched but the fixture files of a pack."""
    # Not beside the folder: that may be another disk, or nobody's to write in.
    path.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=STAGE, dir=path) as stage:
        for name, text in files.items():
            staged = Path(stage) / name
            staged.parent.mkdir(exist_ok=True)
            staged.write_text(text, encoding="utf-8", newline="\n")
        gone = _fixtures_in(path) - files.keys()
        if is_part and gone:
            raise OccupiedError(
                f"{path} holds files that are no part of this pack, such as {min(gone)}; "
                "choose an empty folder."
            )
        for name in files:
            (path / name).parent.mkdir(exist_ok=True)
            (Path(stage) / name).replace(path / name)
        for name in gone:
            (path / name).unlink()


def _fixtures_in(path: Path) -> set[str]:
    """Return the files that an earlier dump may have written."""
    return {
        f"{folder.name}/{file.name}"
        for folder in FOLDERS
        for file in (path / folder.name).glob("*.yaml")
    }


def _write_archive(path: Path, files: dict[str, str]) -> None:
    """Write a .zip: the same files give the same bytes. It takes the place of any other."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=STAGE, dir=path.parent) as stage:
        staged = Path(stage) / path.name
        with zipfile.ZipFile(staged, "x") as archive:
            for name, text in files.items():
                entry = zipfile.ZipInfo(name, LONG_AGO)
                entry.create_system = UNIX
                entry.external_attr = MODE << 16
                archive.writestr(entry, text.encode(), zipfile.ZIP_DEFLATED, LEVEL)
        staged.replace(path)
