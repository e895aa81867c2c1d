"""Where the files of a pack are: a folder, a .zip or one fixture file, and what they come to."""

import hashlib
from pathlib import Path

from catalog.packs.reading.archives import Archive
from catalog.packs.reading.files import Source, UnreadableError, is_fixture
from catalog.packs.reading.folders import Folder, OneFile, fault_of


def opened(path: Path) -> Source:
    """The files of the pack at this place, to be used as a context manager.

    Raises UnreadableError where there is no pack, and TooMuchError.
    """
    try:
        if path.is_dir():
            return Folder(path)
        if path.is_file():
            if path.suffix.lower() == ".zip":
                return Archive(path)
            if is_fixture(path.name):
                return OneFile(path)
        there_is = path.exists()
    except OSError as error:
        raise UnreadableError(fault_of(error)) from error
    if there_is:
        raise UnreadableError("A pack is a folder, a .zip, or a .yaml, .yml or .json file.")
    raise UnreadableError("There is no such file or folder; correct the path.")


def stem_of(path: Path) -> str:
    """What the place of a pack is called, without the ending of a file."""
    path = path if path.name not in ("", "..") else path.resolve()
    return path.name if path.is_dir() else path.stem


class Digest:
    """What the files of a pack come to: the same for a folder and for an archive of it."""

    def __init__(self, top: str) -> None:
        """`top` is the folder that all files are in."""
        self._top = top
        self._hash = hashlib.sha256()

    def add(self, name: str, content: bytes) -> None:
        """Add a file; files come in the order of their names."""
        self._hash.update(name.removeprefix(self._top).encode() + b"\0")
        self._hash.update(hashlib.sha256(content).digest())

    def hexdigest(self) -> str:
        return self._hash.hexdigest()
