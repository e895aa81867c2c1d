"""Packs that came in through the admin, kept on disk from the plan to the last choice.

Each lies under settings.PACK_DIR in a folder of its own, under the name with which it came, since
a pack without a manifest is called after its file. The key of an upload is the SHA-256 of that
name and of the bytes. Whoever runs the site may delete old ones, whenever no plan is open.
"""

import hashlib
import json
import os
import re
import tempfile
import unicodedata
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Any

from django.conf import settings

from catalog.packs.files import ARCHIVE, SUFFIXES
from catalog.packs.problems import Problems

UPLOADED = (ARCHIVE, *SUFFIXES)
# Hidden, so that it is never taken for the upload.
PLAN = ".plan.json"
# A plan in the admin is made within one request, and holds other writers up meanwhile.
MOST_ROWS = 20_000
KEY = re.compile(r"[0-9a-f]{64}")
LONGEST_STEM = 100
# The only names that are ever opened.
SAFE_NAME = re.compile(rf"[A-Za-z0-9_][A-Za-z0-9._-]{{,{LONGEST_STEM - 1}}}\.(?:zip|yaml|yml|json)")


def keep(name: str, chunks: Iterable[bytes]) -> str:
    """Keep a file that came in under this name; return its key. Raises RefusedError."""
    problems = Problems()
    safe = safe_name(name)
    if not SAFE_NAME.fullmatch(safe):
        text = "A pack comes as a .zip, or as one .yaml, .yml or .json file."
        raise problems.refusal(name, text)
    digest, left = hashlib.sha256(safe.encode() + b"\0"), settings.PACK_MAX_BYTES
    try:
        settings.PACK_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=settings.PACK_DIR, prefix=".") as folder:
            path = Path(folder) / safe
            with path.open("xb") as file:
                for chunk in chunks:
                    left -= len(chunk)
                    if left < 0:
                        text = f"It is larger than {settings.PACK_MAX_BYTES} bytes; "
                        text += "split it into several packs, or raise PACK_MAX_BYTES."
                        raise problems.refusal(name, text)
                    digest.update(chunk)
                    file.write(chunk)
            if not path.stat().st_size:
                text = "The file is empty; choose the one that holds the pack."
                raise problems.refusal(name, text)
            home = settings.PACK_DIR / digest.hexdigest()
            home.mkdir(mode=0o700, exist_ok=True)
            path.replace(home / safe)
    except OSError as error:
        reason = os.strerror(error.errno or 0)
        text = f"It cannot be kept ({reason}); tell whoever runs this site."
        raise problems.refusal(name, text) from error
    return home.name


def path_of(key: str) -> Path | None:
    """Return where an upload is, None where there is none of this key."""
    if not KEY.fullmatch(key):
        return None
    folder = settings.PACK_DIR / key
    found = [path for path in folder.glob("*") if SAFE_NAME.fullmatch(path.name)]
    return found[0] if len(found) == 1 and found[0].is_file() else None


def keep_plan(key: str, data: dict[str, Any]) -> None:
    """Keep the plan of an upload beside it."""
    with suppress(OSError):  # it is made anew when it is asked for
        (settings.PACK_DIR / key / PLAN).write_text(json.dumps(data), encoding="utf-8")


def plan_of(key: str) -> dict[str, Any] | None:
    """Return the plan that was kept for an upload, None where there is none that can be read."""
    try:
        return json.loads((settings.PACK_DIR / key / PLAN).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def remove(key: str) -> None:
    """Forget an upload that turned out to be no pack."""
    if path := path_of(key):
        path.unlink(missing_ok=True)
        (path.parent / PLAN).unlink(missing_ok=True)
        with suppress(OSError):  # it has just come in once more
            path.parent.rmdir()


def safe_name(name: str) -> str:
    """Return the last part of a name in letters that mean nothing to any shell or disk."""
    last = PurePosixPath(name.replace("\\", "/")).name
    plain = unicodedata.normalize("NFKD", last).encode("ascii", "ignore").decode()
    stem, dot, suffix = plain.rpartition(".")
    stem = re.sub(r"[^A-Za-z0-9._]+", "-", stem).strip(".-")[:LONGEST_STEM]
    return f"{stem or '_'}{dot}{suffix.lower()}"
