"""The files of a pack that travels as a .zip. Nothing is ever unpacked to disk."""

import lzma
import stat
import struct
import zipfile
import zlib
from collections import Counter
from pathlib import Path
from typing import BinaryIO, Self

from django.conf import settings

from catalog.packs.reading.files import (
    Allowance,
    TooMuchError,
    UnreadableError,
    fault_of_name,
    fault_of_special_file,
    is_fixture,
    is_hidden,
)

# Others may ask for any amount of memory before they give the first byte.
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# All names of an archive are read at once when it is opened: room for some 80,000 files.
LONGEST_DIRECTORY = 8 * 1024 * 1024
ENCRYPTED = 0x1

# The end of an archive: mark, counts, length and place of the directory, length of a comment.
END = struct.Struct("<4s4H2LH")
END_MARK, END_64_MARK = b"PK\5\6", b"PK\6\7"
LOCATOR_64 = 20
LONGEST_COMMENT = 0xFFFF

# What zipfile raises for archives that are damaged, cut or made to harm.
DAMAGE = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(NotImplementedError, RuntimeError, EOFError, ValueError, OverflowError, OSError),
)


class Archive:
    """The fixtures of a .zip. Names that lead elsewhere, links and encrypted files are refused."""

    def __init__(self, path: Path) -> None:
        """Raises UnreadableError where it is no archive that can be read, and TooMuchError."""
        self.names: list[str] = []
        self.faults: list[tuple[str, str]] = []
        self._allowance = Allowance()
        self._file = path.open("rb")
        try:
            _check_size(self._file)
            self._zip = zipfile.ZipFile(self._file)
        except DAMAGE as error:
            self._file.close()
            raise UnreadableError(_damaged()) from error
        except BaseException:
            self._file.close()
            raise
        self._entries: dict[str, zipfile.ZipInfo] = {}
        self._list()

    def content(self, name: str) -> bytes:
        try:
            with self._zip.open(self._entries[name]) as file:
                return self._allowance.read(file)
        except DAMAGE as error:
            raise UnreadableError(_damaged()) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._zip.close()
        self._file.close()

    def _list(self) -> None:
        times = Counter(entry.orig_filename for entry in self._zip.infolist())
        for entry in self._zip.infolist():
            name = entry.orig_filename
            if fault := _fault_of(entry):
                self.faults.append((name, fault))
            elif times[name] > 1:
                text = "The archive holds two files of this name; keep one of them."
                self.faults.append((name, text))
                times[name] = 0  # said once
            elif times[name] and _is_read(entry):
                self._entries[name] = entry
        self.names = sorted(self._entries)


def _fault_of(entry: zipfile.ZipInfo) -> str:
    name = entry.orig_filename
    if fault := fault_of_name(name.removesuffix("/")):
        return fault
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        return fault_of_special_file()
    if not _is_read(entry):
        return ""
    if entry.flag_bits & ENCRYPTED:
        return "It is encrypted; pack it without a password."
    if entry.compress_type not in METHODS:
        return "It is packed in an unusual way; pack it with deflate, as most programs do."
    return ""


def _is_read(entry: zipfile.ZipInfo) -> bool:
    name = entry.orig_filename
    return not entry.is_dir() and is_fixture(name) and not is_hidden(name)


def _check_size(file: BinaryIO) -> None:
    """Before zipfile reads every name: whether there may be so many. Raises TooMuchError."""
    length = file.seek(0, 2)
    if length > settings.PACK_MAX_BYTES:
        text = "This archive is larger than %(most)d bytes; split it into several packs."
        raise TooMuchError(text % {"most": settings.PACK_MAX_BYTES})
    file.seek(max(0, length - END.size - LONGEST_COMMENT - LOCATOR_64))
    tail = file.read()
    place = _place_of_end(tail)
    directory = END.unpack_from(tail, place)[5] if place >= 0 else 0
    is_zip64 = place >= LOCATOR_64 and tail[place - LOCATOR_64 :].startswith(END_64_MARK)
    if directory > LONGEST_DIRECTORY or is_zip64:
        raise TooMuchError("This archive holds too many files; it is hardly a pack.")
    file.seek(0)


def _place_of_end(tail: bytes) -> int:
    """Where zipfile would find the end record: at the very end, else the last mark before it."""
    place = len(tail) - END.size
    if place >= 0 and tail[place:].startswith(END_MARK) and tail.endswith(b"\0\0"):
        return place
    place = tail.rfind(END_MARK)
    return place if place + END.size <= len(tail) else -1


def _damaged() -> str:
    return "It is damaged or no .zip archive; pack it again."
