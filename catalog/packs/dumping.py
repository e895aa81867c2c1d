"""The guide as a pack, whole or in part, as it was at one moment.

It is a folder of YAML fixtures, one file per thing, in folders numbered so that each file only
names what an earlier one holds: stock `loaddata` takes no forward reference that must not be null.
"""

import re
import stat
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import yaml

from catalog import models
from catalog.history import documents, editions
from catalog.history.documents import rows_anywhere
from catalog.history.rows import Document, Owners, RowKey, key_of, owners_of, targets_of
from catalog.models import PackLoad, Thing, ThingKey
from catalog.models.fields import CANNOT_BE_SHOWN
from catalog.packs.files import ARCHIVE
from catalog.packs.manifest import FILE_NAME, Manifest, manifest_of, name_from
from catalog.packs.problems import Problem, Problems, RefusedError, shown

# A dump asks many questions, and somebody may write between two of them.
MOST_TRIES = 3
# A comparison has hundreds of cells, so fewer than a query could ask for.
THINGS_AT_ONCE = 50
# Hidden, so that nobody takes what is not ready for a pack.
STAGE = ".dumping-"

# The same for every file of every archive, so that the same content is the same archive.
LONG_AGO = (1980, 1, 1, 0, 0, 0)
MODE = stat.S_IFREG | 0o644
LEVEL = 6


class Folder(NamedTuple):
    """A folder with a file for each thing of one kind, and the models whose rows it holds."""

    name: str
    thing: type[Thing]
    models: str


FOLDERS = (
    Folder("0-guide", models.Guide, "guide"),
    Folder("1-categories", models.Category, "category"),
    Folder(
        "2-technologies",
        models.Technology,
        "technology alias package packagefacts point supportwindow",
    ),
    Folder("3-companions", models.Technology, "companion"),
    Folder("3-listings", models.Category, "listing"),
    Folder("3-migrations", models.Technology, "migration"),
    Folder("3-pieces", models.Technology, "compatibility piece"),
    Folder("4-measurements", models.Measurement, "measurement"),
    Folder("4-snippets", models.Snippet, "snippet"),
    Folder(
        "5-comparisons",
        models.Comparison,
        "comparison criteriongroup contender criterion cell preset",
    ),
    Folder("6-stacks", models.Stack, "stack role choice"),
    Folder("7-versions", models.VersionSet, "versionset pin"),
)


class Part(NamedTuple):
    """Some rows of the guide, and the things whose documents hold them."""

    rows: set[RowKey]
    things: set[ThingKey]


def dump(
    path: Path,
    *,
    name: str = "",
    version: str = "",
    over: Sequence[str] = (),
    complete: bool = True,
    only: Sequence[ThingKey] = (),
) -> tuple[Manifest, list[str], int]:
    """Write the guide to a folder or, where the path ends so, a .zip.

    What is blank follows from the guide and the place. With `only`, these things and what they
    need to be loaded by themselves: a partial pack. Returns what the pack says of itself, the
    paths of its files, and how many characters were left out that no pack may hold. Raises
    RefusedError and OSError; then the files of an earlier dump are still there.
    """
    said = {"name": name, "version": version, "over": [*over], "complete": complete and not only}
    for _attempt in range(MOST_TRIES):
        number = editions.number_now()
        manifest, hidden = _manifest(path, said, number), []
        rows = files_of(part_of(only) if only else None)
        files = {name: to_yaml(_without_hidden(here, hidden)) for name, here in rows}
        if editions.number_now() == number:
            break
    else:
        raise _refused("Others write all the time; nothing was dumped. Try again later.")
    said = manifest._asdict() | {"over": [*manifest.over], "version": Quoted(manifest.version)}
    del said["removes"]
    files[FILE_NAME] = to_yaml(said)  # last, in the order of names
    if path.suffix.lower() == ARCHIVE and not path.is_dir():
        _write_archive(path, files)
    else:
        _write_folder(path, files, is_part=bool(only))
    return manifest, list(files), len(hidden)


def files_of(part: Part | None = None) -> Iterator[tuple[str, Document]]:
    """Yield relative path and rows of each file, in the order of their paths: all, or a part.

    Only the documents of THINGS_AT_ONCE are in memory at a time.
    """
    for folder in FOLDERS:
        labels = [f"catalog.{model}" for model in folder.models.split()]
        if part is None:
            slugs = folder.thing.objects.order_by().values_list("slug", flat=True)
        else:
            slugs = (thing.slug for thing in part.things if thing.kind == folder.thing.KIND)
        # By file name, which is not by slug: "pytest-asyncio.yaml" stands before "pytest.yaml".
        ordered = sorted(slugs, key=lambda slug: f"{slug}.yaml")
        things = [ThingKey(folder.thing.KIND, slug) for slug in ordered]
        for batch in documents.in_batches(things, THINGS_AT_ONCE):
            for thing, rows in documents.of(batch).items():
                here = [
                    row
                    for row in rows
                    if row["model"] in labels and (part is None or key_of(row) in part.rows)
                ]
                if here:
                    yield f"{folder.name}/{thing.slug}.yaml", here


def part_of(things: Iterable[ThingKey]) -> Part:
    """Return these things with all that they need, to be loaded into an empty database.

    Of a thing that was asked for, all; of what its rows name, only the row that is named, and what
    that one names in turn: a technology comes with its categories, not with all of theirs.
    """
    part = Part(set(), set())
    found = Owners().rows(documents.of(things))
    while found:
        part.rows.update(found)
        named = set()
        for row, fields in found.items():
            part.things.update(owners_of(row, fields))
            named.update(targets_of(row, fields))
        found = rows_anywhere(named - part.rows)
    return part


def _without_hidden(value: Any, hidden: list[str]) -> Any:
    """Return a value without the characters that would make the pack unreadable."""
    if isinstance(value, str):
        found = CANNOT_BE_SHOWN.findall(value)
        hidden += found
        return CANNOT_BE_SHOWN.sub("", value) if found else value
    if isinstance(value, list):
        return [_without_hidden(each, hidden) for each in value]
    if isinstance(value, dict):
        return {name: _without_hidden(each, hidden) for name, each in value.items()}
    return value


# What the pack says of itself --------------------------------------------------------------------


def _manifest(path: Path, said: dict[str, Any], number: int) -> Manifest:
    """Return what the pack is to say of itself. Raises RefusedError.

    The complete pack that an empty guide was filled with is that pack still where nothing changed
    since, so that it comes out as it went in.
    """
    if number == 1 and said == {"name": "", "version": "", "over": [], "complete": True}:
        load = PackLoad.objects.in_force().filter(edition=number, is_complete=True).first()
        if load is not None:
            return Manifest(load.name, load.version, complete=True, over=tuple(load.over))
    place = path.resolve()
    stem = place.stem if place.suffix.lower() == ARCHIVE else place.name
    problems, manifest = Problems(), None
    if name := said["name"] or name_from(stem):
        version = said["version"] or str(number)
        manifest = manifest_of(said | {"name": name, "version": version}, problems)
    else:
        text = f"No name can be made of “{shown(stem)}”; give one."
        problems.add(FILE_NAME, text, field="name")
    problems.refuse()
    return manifest


def _refused(text: str) -> RefusedError:
    return RefusedError([Problem("", None, "", text)])


# Where it is written -----------------------------------------------------------------------------


def _write_folder(path: Path, files: dict[str, str], *, is_part: bool) -> None:
    """Write a folder, of which nothing is touched but the fixture files of a pack."""
    # Not beside the folder: that may be another disk, or nobody's to write in.
    path.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=STAGE, dir=path) as stage:
        for name, text in files.items():
            staged = Path(stage) / name
            staged.parent.mkdir(exist_ok=True)
            staged.write_text(text, encoding="utf-8", newline="\n")
        # What an earlier dump may have written.
        found = (file for folder in FOLDERS for file in (path / folder.name).glob("*.yaml"))
        gone = {file.relative_to(path).as_posix() for file in found} - files.keys()
        if is_part and gone:
            what = f"{path} holds files that are no part of this pack, such as {min(gone)}"
            raise _refused(f"{what}; choose an empty folder.")
        for name in files:
            (path / name).parent.mkdir(exist_ok=True)
            (Path(stage) / name).replace(path / name)
        for name in gone:
            (path / name).unlink()


def _write_archive(path: Path, files: dict[str, str]) -> None:
    """Write a .zip: the same files give the same bytes. It takes the place of any other."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=STAGE, dir=path.parent) as stage:
        staged = Path(stage) / path.name
        with zipfile.ZipFile(staged, "x") as archive:
            for name, text in files.items():
                entry = zipfile.ZipInfo(name, LONG_AGO)
                entry.external_attr = MODE << 16
                archive.writestr(entry, text.encode(), zipfile.ZIP_DEFLATED, LEVEL)
        staged.replace(path)


# YAML that people read in a review ---------------------------------------------------------------


class Quoted(str):
    """Text that stands in quotes whatever it says: who raises 1rc1 to 1.10 still writes text."""

    __slots__ = ()


def to_yaml(value: list[dict[str, Any]] | dict[str, Any]) -> str:
    """Return rows as YAML that reads well in a review: one line a field, code as it looks."""
    return yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=float("inf"))


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
        elif isinstance(text, Quoted) or _LOOKS_LIKE_MORE.fullmatch(text):
            style = "'"
        return self.represent_scalar("tag:yaml.org,2002:str", str(text), style=style)

    def represent_rows_or_key(self, values: list) -> yaml.SequenceNode:
        is_key = all(isinstance(value, str) for value in values)
        return self.represent_sequence("tag:yaml.org,2002:seq", values, flow_style=is_key)

    def ignore_aliases(self, data: Any) -> bool:
        return True  # an anchor would tie two rows together for no reason


_Dumper.add_representer(str, _Dumper.represent_text)
_Dumper.add_representer(Quoted, _Dumper.represent_text)
_Dumper.add_representer(list, _Dumper.represent_rows_or_key)
