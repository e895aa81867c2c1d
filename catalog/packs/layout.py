"""Which row stands in which file of a pack, and what each of the files says.

A pack is a folder of YAML fixtures, one file per thing, in folders numbered so that each file
only names what an earlier one holds: stock `loaddata` cannot resolve a forward reference
through a key that may not be null.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from catalog import models
from catalog.history import documents
from catalog.history.rows import Document, RowKey, key_of
from catalog.models import ContentModel, Thing, ThingKey
from catalog.packs.files import is_hidden
from catalog.packs.manifest import Manifest

# A comparison has hundreds of cells, so fewer than a query could ask for.
THINGS_AT_ONCE = 50


class Part(NamedTuple):
    """Some rows of the guide, and the things whose documents hold them."""

    rows: frozenset[RowKey]
    things: frozenset[ThingKey]


class Folder(NamedTuple):
    """A folder with a file for each thing of one kind, and the models whose rows it holds."""

    name: str
    thing: type[Thing]
    models: tuple[type[ContentModel], ...]


FOLDERS = (
    Folder("0-guide", models.Guide, (models.Guide,)),
    Folder("1-categories", models.Category, (models.Category,)),
    Folder(
        "2-technologies",
        models.Technology,
        (models.Technology, models.Alias, models.Package, models.PackageFacts, models.Point),
    ),
    Folder("3-companions", models.Technology, (models.Companion,)),
    Folder("3-listings", models.Category, (models.Listing,)),
    Folder("4-snippets", models.Snippet, (models.Snippet,)),
    Folder(
        "5-comparisons",
        models.Comparison,
        (
            *(models.Comparison, models.CriterionGroup, models.Contender),
            *(models.Criterion, models.Cell),
        ),
    ),
    Folder("6-stacks", models.Stack, (models.Stack, models.Role, models.Choice)),
    Folder("7-versions", models.VersionSet, (models.VersionSet, models.Pin)),
)


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


def files(part: Part | None = None) -> Iterator[tuple[str, Document]]:
    """Yield relative path and rows of each file, in the order of fixture_paths().

    All content, or a part of it. Only the documents of THINGS_AT_ONCE are in memory at a time.
    """
    for folder in FOLDERS:
        labels = {model._meta.label_lower for model in folder.models}
        for things in documents.in_batches(_things_in(folder, part), THINGS_AT_ONCE):
            for thing, rows in documents.of(things).items():
                here = [
                    row
                    for row in rows
                    if row["model"] in labels and (part is None or key_of(row) in part.rows)
                ]
                if here:
                    yield f"{folder.name}/{thing.slug}.yaml", here


def text_of(manifest: Manifest) -> str:
    """Return what a dumped pack says of itself, as the text of its pack.yaml."""
    said = {**manifest._asdict(), "over": list(manifest.over)}
    del said["removes"]
    # Always in quotes: whoever raises 1rc1 to 1.10 by hand still writes text.
    return to_yaml(said | {"version": Quoted(manifest.version)})


def _things_in(folder: Folder, part: Part | None) -> list[ThingKey]:
    """Return the things that may have a file in a folder, as a listing of it has them.

    By file name, which is not by slug: "pytest-asyncio.yaml" stands before "pytest.yaml".
    """
    kind = folder.thing.KIND
    if part is None:
        slugs = folder.thing.objects.order_by().values_list("slug", flat=True)
    else:
        slugs = (thing.slug for thing in part.things if thing.kind == kind)
    return [ThingKey(kind, slug) for slug in sorted(slugs, key=lambda slug: f"{slug}.yaml")]


# YAML that people read in a review ---------------------------------------------------------------


class Quoted(str):
    """Text that stands in quotes whatever it says."""

    __slots__ = ()


def to_yaml(value: list[dict[str, Any]] | dict[str, Any]) -> str:
    """Return rows as YAML that reads well in a review: one line a field, code as it looks."""
    return yaml.dump(
        value,
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

    def represent_quoted(self, text: Quoted) -> yaml.ScalarNode:
        return self.represent_scalar("tag:yaml.org,2002:str", str(text), style="'")

    def represent_rows_or_key(self, values: list) -> yaml.SequenceNode:
        is_key = all(isinstance(value, str) for value in values)
        return self.represent_sequence("tag:yaml.org,2002:seq", values, flow_style=is_key)

    def ignore_aliases(self, data: Any) -> bool:
        return True  # an anchor would tie two rows together for no reason


_Dumper.add_representer(str, _Dumper.represent_text)
_Dumper.add_representer(Quoted, _Dumper.represent_quoted)
_Dumper.add_representer(list, _Dumper.represent_rows_or_key)
