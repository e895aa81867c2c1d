"""Where a pack is written: a folder or a .zip. What is new is complete before anything old goes."""

import stat
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from catalog.packs.layout import FOLDERS

ARCHIVE = ".zip"

# The same for every file of every archive, so that the same content is the same archive.
LONG_AGO = (1980, 1, 1, 0, 0, 0)
MODE = stat.S_IFREG | 0o644
UNIX = 3
LEVEL = 6

Files = Iterable[tuple[str, str]]


class OccupiedError(Exception):
    """A part of the guide would take the place of files that are none of it; the text says so."""


class Target(Protocol):
    def room(self) -> Path:
        """A folder on the target's own disk, made when missing, for what is not ready yet."""

    def write(self, stage: Path, files: Files) -> list[str]:
        """Write files as they come into the empty folder `stage`; returns their paths."""

    def take(self, stage: Path, written: list[str], *, is_part: bool) -> None:
        """Put what was written in its place. Raises OccupiedError, having changed nothing."""


def target_at(path: Path) -> Target:
    """A .zip where the path says so, unless there is a folder of that name; else a folder."""
    if path.suffix.lower() == ARCHIVE and not path.is_dir():
        return Archive(path)
    return Folder(path)


def stem_of(path: Path) -> str:
    """What a target is called, without the ending of an archive."""
    name = path.resolve().name
    return name[: -len(ARCHIVE)] if name.lower().endswith(ARCHIVE) else name


class Folder:
    """A folder, of which nothing is touched but the fixture files of a pack."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def room(self) -> Path:
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
            text = (
                "%(folder)s holds files that are no part of this pack, such as %(file)s; "
                "choose an empty folder."
            )
            raise OccupiedError(text % {"folder": self.path, "file": min(gone)})
        for name in written:
            path = self.path / name
            path.parent.mkdir(exist_ok=True)
            (stage / name).replace(path)
        for name in gone:
            (self.path / name).unlink()

    def _fixtures(self) -> set[str]:
        """The files that an earlier dump may have written."""
        return {
            f"{folder.name}/{path.name}"
            for folder in FOLDERS
            for path in (self.path / folder.name).glob("*.yaml")
        }


class Archive:
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
