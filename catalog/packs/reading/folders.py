"""The files of a pack that is a folder, or one file."""

import os
import stat
from pathlib import Path
from typing import Self

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


class Folder:
    """The fixtures below a folder. Links are refused wherever they lead."""

    def __init__(self, path: Path) -> None:
        """Raises TooMuchError where the folder holds more files than a pack may hold rows."""
        self.path = path
        self.names: list[str] = []
        self.faults: list[tuple[str, str]] = []
        self._allowance = Allowance()
        self._seen = 0
        waiting = [""]
        while waiting:
            waiting += self._look_into(waiting.pop())
        self.names.sort()

    def content(self, name: str) -> bytes:
        return read_file(self.path / name, self._allowance)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        pass

    def _look_into(self, folder: str) -> list[str]:
        """Note the files of one folder; return the folders in it."""
        folders = []
        try:
            with os.scandir(self.path / folder) as entries:
                for entry in entries:
                    self._count()
                    name = f"{folder}{entry.name}"
                    if is_hidden(entry.name):
                        continue
                    if fault := fault_of_name(entry.name):
                        self.faults.append((name, fault))
                    elif entry.is_dir(follow_symlinks=False):
                        folders.append(f"{name}/")
                    elif not entry.is_file(follow_symlinks=False):
                        self.faults.append((name, fault_of_special_file()))
                    elif is_fixture(name):
                        self.names.append(name)
        except OSError as error:
            self.faults.append((folder, fault_of(error)))
        return folders

    def _count(self) -> None:
        self._seen += 1
        if self._seen > settings.PACK_MAX_ROWS:
            text = "This folder holds more than %(most)d files; it is hardly a pack."
            raise TooMuchError(text % {"most": settings.PACK_MAX_ROWS})


class OneFile:
    """A fixture file that is a pack by itself."""

    def __init__(self, path: Path) -> None:
        self.path = path
        fault = fault_of_name(path.name)
        self.names = [] if fault else [path.name]
        self.faults = [(path.name, fault)] if fault else []

    def content(self, name: str) -> bytes:
        return read_file(self.path.resolve(), Allowance())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        pass


def read_file(path: Path, allowance: Allowance) -> bytes:
    """What a regular file holds.

    It is asked again once it is open: it may have become a link or a pipe since it was listed, and
    a pipe would be waited for without end. Raises UnreadableError and TooMuchError.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with open(handle, "rb", buffering=0) as file:  # noqa: PTH123 - a handle, not a path
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise UnreadableError(fault_of_special_file())
            return allowance.read(file)
    except OSError as error:
        raise UnreadableError(fault_of(error)) from error


def fault_of(error: OSError) -> str:
    """The sentence about what the system says of a file."""
    text = "It cannot be read (%(reason)s); let whoever loads the pack read it."
    return text % {"reason": error.strerror or type(error).__name__}
