"""The guide as a pack, whole or in part, as it was at one moment."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from catalog.history import editions
from catalog.models import PackLoad, ThingKey
from catalog.packs import layout
from catalog.packs.manifest import FILE_NAME, NO_VERSION, FaultyError, Manifest, manifest_for
from catalog.packs.manifest import manifest_of as checked
from catalog.packs.needed import part_of
from catalog.packs.problems import shown
from catalog.packs.targets import stem_of, target_at

# A dump asks many questions, and somebody may write between two of them.
MOST_TRIES = 3

# Hidden, so that nobody takes what is not ready for a pack.
STAGE = ".dumping-"


class UnsteadyError(Exception):
    """The guide changed during each try. Nothing was written."""


class Wish(NamedTuple):
    """What the pack shall say of itself; what is blank follows from the guide and the place."""

    name: str = ""
    version: str = ""
    over: tuple[str, ...] = ()
    complete: bool = True


NO_WISH = Wish()


class Dumped(NamedTuple):
    """A pack that was written, and the relative paths of its files."""

    manifest: Manifest
    paths: list[str]


def dump(path: Path, wish: Wish = NO_WISH, only: Sequence[ThingKey] = ()) -> Dumped:
    """Write the guide to a folder or, where the path ends so, a .zip.

    With `only`, these things and what they need to be loaded by themselves: a partial pack.
    Raises manifest.FaultyError for a wish that cannot be, UnsteadyError, targets.OccupiedError
    and OSError; then the files of an earlier dump are still there.
    """
    if only:
        wish = wish._replace(complete=False)
    target = target_at(path)
    for _attempt in range(MOST_TRIES):
        number = _number_now()
        manifest = _manifest(path, wish, number)
        with TemporaryDirectory(prefix=STAGE, dir=target.room()) as folder:
            stage = Path(folder)
            written = target.write(stage, _files(manifest, only))
            if _number_now() == number:
                target.take(stage, written, is_part=bool(only))
                return Dumped(manifest, written)
    raise UnsteadyError


def _files(manifest: Manifest, only: Iterable[ThingKey]) -> Iterator[tuple[str, str]]:
    """Every file in the order of names, so what the pack says of itself is last."""
    yield from layout.files(part_of(only) if only else None)
    yield FILE_NAME, layout.text_of(manifest)


def _manifest(path: Path, wish: Wish, number: int | None) -> Manifest:
    """Raises FaultyError."""
    if wish == NO_WISH and (load := _what_the_guide_is(number)):
        return Manifest(load.name, load.version, complete=True, over=tuple(load.over))
    version = NO_VERSION if number is None else str(number)
    said = wish._asdict() | {
        "name": wish.name or _name_for(path),
        "version": wish.version or version,
        "over": list(wish.over),
    }
    return checked(said)


def _what_the_guide_is(number: int | None) -> PackLoad | None:
    """The complete pack that an empty guide was filled with, where nothing has changed since.

    Dumped again it is that pack still, so that it comes out as it went in.
    """
    if number != 1:
        return None
    return PackLoad.objects.in_force().filter(edition=number, is_complete=True).first()


def _name_for(path: Path) -> str:
    stem = stem_of(path)
    try:
        return manifest_for(stem).name
    except FaultyError as error:
        text = "No name can be made of “%(stem)s”; give one."
        raise FaultyError([("name", text % {"stem": shown(stem)})]) from error


def _number_now() -> int | None:
    newest = editions.latest()
    return newest.number if newest else None
