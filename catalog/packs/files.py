"""The files of a pack: a folder, a .zip or one fixture file, read into memory within bounds.

Nothing is unpacked to disk, no link is followed, and what a header claims counts for nothing.
"""

import hashlib
import io
import os
import posixpath
import stat
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path, PurePosixPath

from django.conf import settings

from catalog.packs.problems import Problems

SUFFIXES = (".yaml", ".yml", ".json")
ARCHIVE = ".zip"
# What archives of some systems hold beside the files.
NOT_CONTENT = ("__MACOSX",)

# Other ways to compress may ask for any amount of memory before they give the first byte.
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ENCRYPTED = 0x1
# Stands before each name in the directory of an archive, which is read at once.
NAME_MARK = b"PK\1\2"

# What zipfile raises for archives that are damaged, cut or made to harm, besides OSError.
DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, struct.error),
    *(RuntimeError, EOFError, ValueError, OverflowError),
)
DAMAGED = "It is damaged or no .zip archive; pack it again."
SPECIAL = "This is a link or a device; put the file itself here."

# The names of fixtures, and what returns at most so many bytes of each, None where it is no file.
Found = dict[str, Callable[[int], bytes | None]]


def read_files(path: Path, problems: Problems) -> dict[str, bytes]:
    """Return the content of each fixture of a pack by its name, in order, with “/” in between.

    Adds to `problems` what may not be read. Raises RefusedError for no pack, and for too much.
    """
    contents = {}
    left = settings.PACK_MAX_BYTES
    for name, read in sorted(_find(path, problems).items()):
        try:
            content = read(left + 1)
        except (OSError, *DAMAGE) as error:
            problems.add(name, _why_not_read(error))
            continue
        if content is None:
            problems.add(name, SPECIAL)
            continue
        left -= len(content)
        if left < 0:
            most = f"more than {settings.PACK_MAX_BYTES} bytes together"
            text = f"The files of this pack hold {most}; split it into several packs, "
            raise problems.refusal(path.name, f"{text}or raise PACK_MAX_BYTES.")
        contents[name] = content
    return contents


def top_of(names: Iterable[str]) -> str:
    """Return the folder that all files are in, with “/” behind it; blank for the pack itself.

    A pack may lie in a folder of its own within an archive; where it begins changes nothing.
    """
    shared = posixpath.commonpath({posixpath.dirname(name) for name in names} or {""})
    return f"{shared}/" if shared else ""


def digest_of_files(contents: dict[str, bytes]) -> str:
    """Return what the files come to: the same for a folder and for an archive of it."""
    total, top = hashlib.sha256(), top_of(contents)
    for name, content in contents.items():
        total.update(name.removeprefix(top).encode() + b"\0")
        total.update(hashlib.sha256(content).digest())
    return total.hexdigest()


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


def _find(path: Path, problems: Problems) -> Found:
    """Return what is to be read. Raises RefusedError where this is no pack."""
    text = "There is no such file or folder; correct the path."
    try:
        if path.is_dir():
            return _find_in_folder(path, problems)
        if path.is_file() and path.suffix.lower() == ARCHIVE:
            return _find_in_archive(path, problems)
        if path.is_file() and is_fixture(path.name):
            if fault := _fault_of_name(path.name):
                raise problems.refusal(path.name, fault)
            return {path.name: partial(_read_file, path.resolve())}
        if path.exists():
            text = "A pack is a folder, a .zip, or a .yaml, .yml or .json file."
    except OSError as error:
        text = _why_not_read(error)
    raise problems.refusal(path.name, text)


def _why_not_read(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"It cannot be read ({error.strerror}); let whoever loads the pack read it."
    return DAMAGED


# A folder, or one file ---------------------------------------------------------------------------


def _find_in_folder(path: Path, problems: Problems) -> Found:
    found = {}
    for seen, (name, entry) in enumerate(_walk(path, problems), 1):
        if seen > (most := settings.PACK_MAX_ROWS):
            text = f"This folder holds more than {most} files; it is hardly a pack."
            raise problems.refusal(path.name, text)
        if not entry.is_file(follow_symlinks=False):
            problems.add(name, SPECIAL)
        elif is_fixture(name):
            found[name] = partial(_read_file, path / name)
    return found


def _walk(path: Path, problems: Problems, folder: str = "") -> Iterator[tuple[str, os.DirEntry]]:
    """Yield what lies below a folder and may be called so; note what may not."""
    try:
        with os.scandir(path / folder) as entries:
            for entry in entries:
                name = f"{folder}{entry.name}"
                if is_hidden(entry.name):
                    continue
                if fault := _fault_of_name(entry.name):
                    problems.add(name, fault)
                elif entry.is_dir(follow_symlinks=False):
                    yield from _walk(path, problems, f"{name}/")
                else:
                    yield name, entry
    except OSError as error:
        problems.add(folder or path.name, _why_not_read(error))


def _read_file(path: Path, most: int) -> bytes | None:
    """Return what a regular file holds, None of anything else.

    It is asked again once it is open: it may have become a link or a pipe since it was listed,
    and a pipe would be waited for without end.
    """
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(handle, "rb") as file:  # noqa: PTH123 - a handle, not a path
        found = os.fstat(handle)
        # Never more than there is: to read at most 64 MB, Python takes them first.
        most = min(most, found.st_size + 1)
        return file.read(most) if stat.S_ISREG(found.st_mode) else None


# A .zip ------------------------------------------------------------------------------------------


def _find_in_archive(path: Path, problems: Problems) -> Found:
    most = settings.PACK_MAX_BYTES
    if path.stat().st_size > most:
        text = f"This archive is larger than {most} bytes; split it into several packs."
        raise problems.refusal(path.name, text)
    packed = path.read_bytes()
    if packed.count(NAME_MARK) > settings.PACK_MAX_ROWS:
        raise problems.refusal(path.name, "This archive holds too many files; it is hardly a pack.")
    try:
        archive = zipfile.ZipFile(io.BytesIO(packed))
        entries = archive.infolist()
    except (OSError, *DAMAGE) as error:
        raise problems.refusal(path.name, DAMAGED) from error
    found = {}
    times = Counter(map(_name_of, entries))
    for entry in entries:
        name = _name_of(entry)
        if fault := _fault_of_entry(entry):
            problems.add(name, fault)
        elif times[name] > 1:
            text = "The archive holds two files of this name; keep one of them."
            problems.add(name, text)
            times[name] = 0  # said once
        elif times[name] and _is_read(entry):
            found[name] = partial(_read_entry, archive, entry)
    return found


def _name_of(entry: zipfile.ZipInfo) -> str:
    """Return the name of a file in an archive; Windows' own programs part it by backslashes."""
    is_of_windows = entry.create_system == 0 and "/" not in entry.orig_filename
    return entry.orig_filename.replace("\\", "/") if is_of_windows else entry.orig_filename


def _read_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes:
    with archive.open(entry) as stream:
        return stream.read(most)


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
