"""Content as files that travel: which row stands in which file, and how a file is written.

A pack is a folder of YAML fixtures, one file per thing, in folders numbered so that each file
only names what an earlier one holds: stock `loaddata` cannot resolve a forward reference
through a key that may not be null.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from catalog import documents
from catalog.models import (
    Alias,
    Category,
    Cell,
    Choice,
    Companion,
    Comparison,
    Contender,
    ContentModel,
    Criterion,
    CriterionGroup,
    Guide,
    Listing,
    Package,
    PackageFacts,
    Pin,
    Point,
    Role,
    Snippet,
    Stack,
    Technology,
    Thing,
    VersionSet,
)


class Folder(NamedTuple):
    """A folder with a file for each thing of one kind, and the models whose rows it holds."""

    name: str
    thing: type[Thing]
    models: tuple[type[ContentModel], ...]


FOLDERS = (
    Folder("0-guide", Guide, (Guide,)),
    Folder("1-categories", Category, (Category,)),
    Folder("2-technologies", Technology, (Technology, Alias, Package, PackageFacts, Point)),
    Folder("3-companions", Technology, (Companion,)),
    Folder("3-listings", Category, (Listing,)),
    Folder("4-snippets", Snippet, (Snippet,)),
    Folder("5-comparisons", Comparison, (Comparison, CriterionGroup, Contender, Criterion, Cell)),
    Folder("6-stacks", Stack, (Stack, Role, Choice)),
    Folder("7-versions", VersionSet, (VersionSet, Pin)),
)


def fixture_paths(pack: Path) -> list[Path]:
    """The fixture files of a pack, in the order in which they can be loaded.

    Raises FileNotFoundError when there is no such folder or no fixture in it.
    """
    paths = sorted(pack.glob("*/*.yaml"))
    if not paths:
        raise FileNotFoundError(f"{pack} is not a pack: no */*.yaml in it.")
    return paths


def files() -> Iterator[tuple[str, str]]:
    """All content as relative path and text of each file, in the order of fixture_paths()."""
    for folder in FOLDERS:
        labels = {model._meta.label_lower for model in folder.models}
        things = [row.key for row in folder.thing.objects.only("slug")]
        # By file name, as a listing of the folder has them: "pytest-asyncio.yaml", "pytest.yaml".
        for thing, rows in sorted(
            documents.of(things).items(), key=lambda item: f"{item[0].slug}.yaml"
        ):
            here = [row for row in rows if row["model"] in labels]
            if here:
                yield f"{folder.name}/{thing.slug}.yaml", to_yaml(here)


def write(pack: Path) -> list[str]:
    """Write all content into the folder `pack`; returns the relative paths of its files.

    Fixture files of things that are gone are removed, so that the folder holds exactly what
    the database does. Nothing else in it is touched.
    """
    written = dict(files())
    for path, text in written.items():
        target = pack / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\n")
    for folder in FOLDERS:
        for path in (pack / folder.name).glob("*.yaml"):
            if f"{folder.name}/{path.name}" not in written:
                path.unlink()
    return list(written)


def to_yaml(rows: list[dict[str, Any]]) -> str:
    """Fixture rows as YAML that reads well in a review: one line a field, code as it looks."""
    return yaml.dump(
        rows,
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        width=float("inf"),
    )


# What YAML 1.1, YAML 1.2 or a spreadsheet in between would read as something else than text.
# PyYAML quotes most of it by itself; these it reads as text while others do not.
_LOOKS_LIKE_MORE = re.compile(
    r"[-+.]?\d[\d.,_:eE+-]*|0[xo][0-9a-fA-F]+|[yYnN]|yes|no|on|off|true|false|null|~", re.IGNORECASE
)

# Line breaks to YAML 1.1, which reads them back as another one unless they are escaped.
_UNUSUAL_BREAK = re.compile("[\x85\u2028\u2029]")


class _Dumper(yaml.SafeDumper):
    """Text of several lines as a literal block, natural keys on one line."""

    def represent_text(self, text: str) -> yaml.ScalarNode:
        style = None
        if _UNUSUAL_BREAK.search(text):
            style = '"'
        elif "\n" in text:
            style = "|"
        elif _LOOKS_LIKE_MORE.fullmatch(text):
            style = "'"
        return self.represent_scalar("tag:yaml.org,2002:str", text, style=style)

    def represent_rows_or_key(self, values: list) -> yaml.SequenceNode:
        is_key = all(isinstance(value, str) for value in values)
        return self.represent_sequence("tag:yaml.org,2002:seq", values, flow_style=is_key)

    def ignore_aliases(self, data: Any) -> bool:
        return True  # an anchor would tie two rows together for no reason


_Dumper.add_representer(str, _Dumper.represent_text)
_Dumper.add_representer(list, _Dumper.represent_rows_or_key)
