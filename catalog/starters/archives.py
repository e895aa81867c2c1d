"""Files of a project as archives, and the difference of two projects as a patch. Pure.

Nothing in an archive depends on when or where it is made: stored, in the order of paths, with one
time and one mode.
"""

import io
import tarfile
import zipfile
from collections.abc import Iterator, Mapping
from difflib import unified_diff

# The first day that a .zip can hold.
DAY = (1980, 1, 1, 0, 0, 0)
MODE = 0o644


def to_zip(name: str, files: Mapping[str, str]) -> bytes:
    """Return a .zip with the files in a folder of this name."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_STORED) as archive:
        for path, text in files.items():
            entry = zipfile.ZipInfo(f"{name}/{path}", DAY)
            entry.external_attr = MODE << 16
            entry.create_system = 3  # Unix, on every system: it says what the mode means
            archive.writestr(entry, text.encode())
    return held.getvalue()


def to_tar(name: str, files: Mapping[str, str]) -> bytes:
    """Return a .tar with the files in a folder of this name."""
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for path, text in files.items():
            entry, content = tarfile.TarInfo(f"{name}/{path}"), text.encode()
            entry.size, entry.mode, entry.mtime = len(content), MODE, 0
            archive.addfile(entry, io.BytesIO(content))
    return held.getvalue()


def to_patch(before: Mapping[str, str], after: Mapping[str, str]) -> str:
    r"""Return what makes one project of the other, for `git apply` and `patch -p1`.

    The files end with a newline or are empty. An empty file that comes or goes has a heading
    only, which `patch` passes over: to_patch({}, {"a": ""}) is "diff --git a/a b/a\\nnew file …".
    """
    return "".join(
        line
        for path in sorted({*before, *after})
        if before.get(path) != after.get(path)
        for line in _patch_of(path, before.get(path), after.get(path))
    )


def _patch_of(path: str, before: str | None, after: str | None) -> Iterator[str]:
    yield f"diff --git a/{path} b/{path}\n"
    if before is None:
        yield f"new file mode 100{MODE:o}\n"
    if after is None:
        yield f"deleted file mode 100{MODE:o}\n"
    yield from unified_diff(
        _lines(before),
        _lines(after),
        "/dev/null" if before is None else f"a/{path}",
        "/dev/null" if after is None else f"b/{path}",
    )


def _lines(text: str | None) -> list[str]:
    """Return the lines with their ends; \\n alone ends one, as for `git` and `patch`."""
    return [f"{line}\n" for line in text.removesuffix("\n").split("\n")] if text else []
