"""Packs that a test writes down, and what reading them says."""

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from catalog.history.rows import MODELS
from catalog.packs.entries import read
from catalog.packs.problems import RefusedError

Row = dict[str, Any]
MANIFEST = "name: guide-2026\nversion: '1'\ncomplete: false\nover: []\n"


def row(model: str, **fields: Any) -> Row:
    """An entry of a fixture."""
    return {"model": f"catalog.{model}", "fields": fields}


def technology(**fields: Any) -> Row:
    """A technology of which everything is given that must be."""
    return row("technology", **{"slug": "flask", "name": "Flask", "kind": "framework", **fields})


def cell(**fields: Any) -> Row:
    """A cell that may stand in the guide."""
    key = {"criterion": ["tables", "speed"], "contender": ["tables", "flask"]}
    return row("cell", **{**key, "state": "known", "rating": 3, "word": "Good", **fields})


def as_text(content: Any, name: str) -> bytes:
    """Rows in the notation of the file's name; text and bytes as they are."""
    if isinstance(content, bytes):
        return content
    if isinstance(content, str):
        return content.encode()
    return (json.dumps if name.endswith(".json") else yaml.safe_dump)(content).encode()


def write(folder: Path, files: Mapping[str, Any]) -> Path:
    """A folder with these files, of rows, text or bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(as_text(content, name))
    return folder


def write_zip(path: Path, files: Mapping[str, Any]) -> Path:
    """An archive with these files."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, as_text(content, name))
    return path


def rows_of(path: Path) -> list[tuple[str, tuple[str, ...], Row]]:
    """Every row of a pack that can be read: model, key and fields."""
    incoming = read(path)
    return [(*found.row, found.fields) for model in MODELS for found in incoming.rows(model)]


def problems_of(path: Path) -> list[str]:
    """What reading the pack says; nothing where it can be read."""
    try:
        return [str(problem) for problem in read(path).problems.first]
    except RefusedError as error:
        return str(error).split("\n")


def faults_of(folder: Path, *rows: Any) -> list[tuple[str, str]]:
    """Field and sentence of what is told to be wrong with entries when they are read."""
    try:
        found = read(write(folder / "pack", {"a.json": list(rows)})).problems.first
    except RefusedError as error:
        found = error.problems
    return [(problem.field, problem.text) for problem in found]
