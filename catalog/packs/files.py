"""The files of a pack: a folder, a .zip or one fixture file, read into memory within bounds.

Nothing is unpacked to disk, no link is followed, and what a header claims counts for nothing.
"""

import hashlib
import io
import lzma
import os
import posixpath
import stat
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from django.conf import settings

SUFFIXES = (".yaml", ".yml", ".json")
ARCHIVE = ".zip"
# What archives of some systems hold beside the files.
NOT_CONTENT = ("__MACOSX",)
CHUNK = 256 * 1024

# Other ways to compress may ask for any amount of memory before they give the first byte.
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ENCRYPTED = 0x1
# Stands before each name in the directory of an archive, which is read at once.
NAME_MARK = b"PK\1\2"

# What zipfile raises for archives that are damaged, cut or made to harm.
DAMAGE = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    ValueError,
    OverflowError,
    OSError,
)
DAMAGED = "It is damaged or no .zip archive; pack it again."
SPECIAL = "This is a link or a device; put the file itself here."


class UnreadableError(Exception):
    """A pack, or a file of it, cannot be read, or is too large; the text says why."""


class Files:
    """What was read: the content of each fixture by its name, and names with their faults.

    Names have “/” between folders and are in order.
    """

    def __init__(self) -> None:
        self.contents: dict[str, bytes] = {}
        self.faults: list[tuple[str, str]] = []
        self.left = settings.PACK_MAX_BYTES

    @property
    def top(self) -> str:
        """The folder that all files are in, with “/” behind it; blank for the pack itself.

        A pack may lie in a folder of its own within an archive; where it begins changes nothing.
        """
        folders = {posixpath.dirname(name) for name in self.contents}
        shared = posixpath.commonpath(folders or {""})
        return f"{shared}/" if shared else ""

    @property
    def digest(self) -> str:
        """What the files come to: the same for a folder and for an archive of it."""
        total, top = hashlib.sha256(), self.top
        for name, content in self.contents.items():
            total.update(name.removeprefix(top).encode() + b"\0")
            total.update(hashlib.sha256(content).digest())
        return total.hexdigest()

    def read(self, stream: Any) -> bytes:
        """Return all of a stream. Raises UnreadableError where it is more than may be read."""
        chunks = []
        while chunk := stream.read(min(CHUNK, self.left + 1)):
            self.left -= len(chunk)
            if self.left < 0:
                raise UnreadableError(
                    f"The files of this pack hold more than {settings.PACK_MAX_BYTES} bytes "
                    "together; split it into several packs, or raise PACK_MAX_BYTES."
                )
            chunks.append(chunk)
        return b"".join(chunks)


def read_files(path: Path) -> Files:
    """Return the files of the pack at this place. Raises UnreadableError for what is no pack."""
    try:
        if path.is_dir():
            return _read_folder(path)
        if path.is_file():
            if path.suffix.lower() == ARCHIVE:
                return _read_archive(path)
            if is_fixture(path.name):
                return _read_one(path)
        exists = path.exists()
    except OSError as error:
        raise UnreadableError(_why_not_read(error)) from error
    if exists:
        raise UnreadableError("A pack is a folder, a .zip, or a .yaml, .yml or .json file.")
    raise UnreadableError("There is no such file or folder; correct the path.")


def stem_of(path: Path) -> str:
    """Return what the place of a pack is called, without the ending of a file."""
    path = path if path.name not in ("", "..") else path.resolve()
    return path.name if path.is_dir() else path.stem


def is_fixture(name: str) -> bool:
    """Return whether a file is read; others may lie beside it."""
    return PurePosixPath(name).suffix.lower() in SUFFIXES


def is_hidden(name: str) -> bool:
    """Return whether a file, or a folder that it is in, is left out without a word."""
    return any(part.startswith(".") or part in NOT_CONTENT for part in name.split("/"))


# A folder, or one file ---------------------------------------------------------------------------


def _read_folder(path: Path) -> Files:
    found = Files()
    names = []
    for seen, (name, entry) in enumerate(_walk(path, found.faults), 1):
        if seen > settings.PACK_MAX_ROWS:
            most = settings.PACK_MAX_ROWS
            raise UnreadableError(f"This folder holds more than {most} files; it is hardly a pack.")
        if not entry.is_file(follow_symlinks=False):
            found.faults.append((name, SPECIAL))
        elif is_fixture(name):
            names.append(name)
    for name in sorted(names):
        _read_into(found, name, path / name)
    return found


def _walk(
    path: Path, faults: list[tuple[str, str]], folder: str = ""
) -> Iterator[tuple[str, os.DirEntry]]:
    """Yield what lies below a folder and may be called so; note what may not."""
    try:
        with os.scandir(path / folder) as entries:
            for entry in entries:
                name = f"{folder}{entry.name}"
                if is_hidden(entry.name):
                    continue
                if fault := _fault_of_name(entry.name):
                    faults.append((name, fault))
                elif entry.is_dir(follow_symlinks=False):
                    yield from _walk(path, faults, f"{name}/")
                else:
                    yield name, entry
    except OSError as error:
        faults.append((folder, _why_not_read(error)))


def _read_one(path: Path) -> Files:
    found = Files()
    if fault := _fault_of_name(path.name):
        found.faults.append((path.name, fault))
    else:
        _read_into(found, path.name, path.resolve())
    return found


def _read_into(found: Files, name: str, path: Path) -> None:
    """Read a regular file.

    It is asked again once it is open: it may have become a link or a pipe since it was listed,
    and a pipe would be waited for without end.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with open(handle, "rb", buffering=0) as file:  # noqa: PTH123 - a handle, not a path
            if stat.S_ISREG(os.fstat(handle).st_mode):
                found.contents[name] = found.read(file)
            else:
                found.faults.append((name, SPECIAL))
    except OSError as error:
        found.faults.append((name, _why_not_read(error)))


def _why_not_read(error: OSError) -> str:
    reason = error.strerror or type(error).__name__
    return f"It cannot be read ({reason}); let whoever loads the pack read it."


# A .zip ------------------------------------------------------------------------------------------


def _read_archive(path: Path) -> Files:
    most = settings.PACK_MAX_BYTES
    if path.stat().st_size > most:
        text = f"This archive is larger than {most} bytes; split it into several packs."
        raise UnreadableError(text)
    packed = path.read_bytes()
    if packed.count(NAME_MARK) > settings.PACK_MAX_ROWS:
        raise UnreadableError("This archive holds too many files; it is hardly a pack.")
    found = Files()
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            for entry in sorted(_entries(archive, found), key=_name_of):
                _read_entry(archive, entry, found)
    except DAMAGE as error:
        raise UnreadableError(DAMAGED) from error
    return found


def _read_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, found: Files) -> None:
    try:
        with archive.open(entry) as stream:
            found.contents[_name_of(entry)] = found.read(stream)
    except DAMAGE:
        found.faults.append((_name_of(entry), DAMAGED))


def _entries(archive: zipfile.ZipFile, found: Files) -> Iterable[zipfile.ZipInfo]:
    """Return the fixtures of an archive; note what is refused."""
    times = Counter(map(_name_of, archive.infolist()))
    entries = []
    for entry in archive.infolist():
        name = _name_of(entry)
        if fault := _fault_of_entry(entry):
            found.faults.append((name, fault))
        elif times[name] > 1:
            found.faults.append(
                (name, "The archive holds two files of this name; keep one of them.")
            )
            times[name] = 0  # said once
        elif times[name] and _is_read(entry):
            entries.append(entry)
    return entries


def _name_of(entry: zipfile.ZipInfo) -> str:
    return entry.orig_filename


def _fault_of_entry(entry: zipfile.ZipInfo) -> str:
    if fault := _fault_of_name(_name_of(entry).removesuffix("/")):
        return fault
    if stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
        return SPECIAL
    if not _is_read(entry):
        return ""
    if entry.flag_bits & ENCRYPTED:
        return "It is encrypted; pack it without a password."
    if entry.compress_type not in METHODS:
        return "It is packed in an unusual way; pack it with deflate, as most programs do."
    return ""


def _is_read(entry: zipfile.ZipInfo) -> bool:
    name = _name_of(entry)
    return not entry.is_dir() and is_fixture(name) and not is_hidden(name)


def _fault_of_name(name: str) -> str:
    """Return why no file of a pack is called so, whatever it holds; blank when one may be."""
    parts = name.split("/")
    if "\\" in name or ":" in parts[0] or {"", ".", ".."} & {*parts}:
        return "This name leads out of the pack; give it a plain name below the pack's folder."
    if not name.isprintable():
        return "This name holds characters that cannot be shown; give it a plain name."
    return ""
