"""Which files of a pack are read, and how much of them may be."""

from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Protocol, Self

from django.conf import settings

SUFFIXES = (".yaml", ".yml", ".json")
# What archives of some systems hold beside the files.
NOT_CONTENT = ("__MACOSX",)
CHUNK = 256 * 1024


class UnreadableError(Exception):
    """A file cannot be read; the text says why."""


class TooMuchError(Exception):
    """A pack holds more than is read of any; the text says so."""


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


class Source(Protocol):
    """The files of a pack, wherever they are.

    `names` are those of the files that are read, with “/” between folders, in order; `faults` are
    names of what is refused with a sentence. Only what is in `names` is ever opened.
    """

    names: list[str]
    faults: list[tuple[str, str]]

    def content(self, name: str) -> bytes:
        """Raises UnreadableError for this file, TooMuchError for the whole pack."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_error: object) -> None: ...


class Allowance:
    """How many bytes of a pack may still be read; what a header claims counts for nothing."""

    def __init__(self) -> None:
        self.left = settings.PACK_MAX_BYTES

    def read(self, stream: Readable) -> bytes:
        """All of a stream. Raises TooMuchError where it is more than is left."""
        chunks = []
        while chunk := stream.read(min(CHUNK, self.left + 1)):
            self.left -= len(chunk)
            if self.left < 0:
                raise TooMuchError(
                    f"The files of this pack hold more than {settings.PACK_MAX_BYTES} bytes "
                    "together; split it into several packs, or raise PACK_MAX_BYTES."
                )
            chunks.append(chunk)
        return b"".join(chunks)


def is_fixture(name: str) -> bool:
    """Whether a file is read; others may lie beside it."""
    return PurePosixPath(name).suffix.lower() in SUFFIXES


def is_hidden(name: str) -> bool:
    """Whether a file, or a folder that it is in, is left out without a word."""
    return any(part.startswith(".") or part in NOT_CONTENT for part in name.split("/"))


def fault_of_name(name: str) -> str:
    """Why no file of a pack is called so, whatever it holds; empty when one may be."""
    parts = name.split("/")
    if "\\" in name or ":" in parts[0] or {"", ".", ".."} & {*parts}:
        return "This name leads out of the pack; give it a plain name below the pack's folder."
    if not name.isprintable():
        return "This name holds characters that cannot be shown; give it a plain name."
    return ""


def fault_of_special_file() -> str:
    """The sentence about what is neither a file nor a folder."""
    return "This is a link or a device; put the file itself here."


def top_of(names: Iterable[str]) -> str:
    """The folder that all these files are in, with “/” behind it, or blank for the pack itself.

    A pack may lie in a folder of its own within an archive; where it begins changes nothing.
    """
    folders = [name.split("/")[:-1] for name in names]
    if not folders:
        return ""
    first, last = min(folders), max(folders)
    shared = []
    for one, other in zip(first, last, strict=False):
        if one != other:
            break
        shared.append(f"{one}/")
    return "".join(shared)
