"""The guide that is shipped: its packs as files, one over the other, as a site has them loaded.

Nothing of Django is needed, so that a program can read the content before there is a database.
"""

from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent

Rows = dict[str, dict[tuple[str, ...], dict[str, Any]]]

# What names a row of each model that is read here.
KEYS = {
    "category": ("slug",),
    "cell": ("criterion", "contender"),
    "choice": ("role", "technology"),
    "comparison": ("slug",),
    "contender": ("comparison", "technology"),
    "criterion": ("comparison", "slug"),
    "criteriongroup": ("comparison", "slug"),
    "listing": ("category", "technology"),
    "package": ("name",),
    "packagefacts": ("package",),
    "measurement": ("slug",),
    "migration": ("technology", "to"),
    "pin": ("version_set", "package"),
    "point": ("technology", "slug"),
    "role": ("stack", "slug"),
    "snippet": ("slug",),
    "stack": ("slug",),
    "supportwindow": ("technology", "cycle"),
    "technology": ("slug",),
    "versionset": ("slug",),
}


def find_packs(root: Path = ROOT) -> list[Path]:
    """Return the folders of the packs, each after those that it is over."""
    folders, over = {}, {}
    for path in sorted(root.glob("fixtures/*/pack.yaml")):
        manifest = yaml.safe_load(path.read_text(encoding="utf-8"))
        folders[manifest["name"]], over[manifest["name"]] = path.parent, manifest["over"]
    return [folders[name] for name in TopologicalSorter(over).static_order()]


def read_guide(packs: list[Path]) -> Rows:
    """Return what the packs say together: by model and natural key, the fields of each row.

    A later pack changes the fields it states and takes away what it removes. Models that nobody
    asks for here are left out.
    """
    rows: Rows = {model: {} for model in KEYS}
    for pack in packs:
        for path in sorted(pack.glob("*/*.yaml")):
            for entry in yaml.safe_load(path.read_text(encoding="utf-8")):
                model, fields = entry["model"].removeprefix("catalog."), entry["fields"]
                if model in KEYS:
                    key = _key(fields[name] for name in KEYS[model])
                    rows[model].setdefault(key, {}).update(fields)
        manifest = yaml.safe_load((pack / "pack.yaml").read_text(encoding="utf-8"))
        for part in manifest.get("removes", []):
            for model, key in part.items():
                rows.get(model, {}).pop(tuple(key), None)
    # A row of a table takes its cells along, and so does a column.
    rows["cell"] = {
        key: fields
        for key, fields in rows["cell"].items()
        if tuple(fields["criterion"]) in rows["criterion"]
        and tuple(fields["contender"]) in rows["contender"]
    }
    return rows


def _key(values: Any) -> tuple[str, ...]:
    """A row's natural key, where references are lists: [["a", "b"], "c"] is ("a", "b", "c")."""
    return tuple(
        part for value in values for part in (value if isinstance(value, list) else [value])
    )
