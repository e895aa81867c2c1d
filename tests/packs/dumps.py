"""Dumps for tests: through the command, and what is in them."""

import io
from pathlib import Path
from typing import Any

import yaml
from django.core.management import call_command

from catalog import packs
from catalog.history import documents
from catalog.history.rows import key_of
from catalog.models import CONTENT, Category, Technology
from catalog.packs.files import is_hidden


def dump_pack(path: Path, **options: Any) -> str:
    """Dump by the command; returns what it said, with what it warned of first."""
    said = io.StringIO()
    call_command("dump_pack", path, stdout=said, stderr=said, **options)
    return said.getvalue()


def fixture_paths(pack: Path) -> list[Path]:
    """Return the fixture files of a dumped pack, in the order in which `loaddata` takes them.

    What is hidden is no part of it, and neither is what the pack says of itself at its top.
    Raises FileNotFoundError when there is no such folder or no fixture in it.
    """
    paths = sorted(
        path for path in pack.glob("*/*.yaml") if not is_hidden(path.relative_to(pack).as_posix())
    )
    if not paths:
        raise FileNotFoundError(f"{pack} is not a pack: no */*.yaml in it.")
    return paths


def loaddata(pack: Path) -> None:
    call_command("loaddata", *fixture_paths(pack), verbosity=0)


def bytes_in(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def rows_in(folder: Path) -> list[str]:
    """The rows of a dump, as "point flask/small", in alphabetical order."""
    found = [
        key_of(row)
        for path in fixture_paths(folder)
        for row in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]
    return sorted(f"{row.model} {row}" for row in found)


def texts() -> dict[str, str]:
    """Every document of the guide."""
    things = [row.key for folder in packs.FOLDERS for row in folder.thing.objects.all()]
    return {"/".join(thing): text for thing, text in documents.texts(things).items()}


def counts() -> dict[str, int]:
    return {model._meta.model_name: model.objects.count() for model in CONTENT}


def delete_everything() -> None:
    # What holds on to its own kind lets go first.
    Technology.objects.update(replaced_by=None)
    Category.objects.update(parent=None)
    for model in reversed(CONTENT):
        model.objects.all().delete()
