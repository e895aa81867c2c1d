"""Which row stands in which file of a pack, and a folder of such files.

A pack is a folder of YAML fixtures, one file per thing, in folders numbered so that each file
only names what an earlier one holds: stock `loaddata` cannot resolve a forward reference
through a key that may not be null.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

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
from catalog.packs.as_yaml import to_yaml


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
