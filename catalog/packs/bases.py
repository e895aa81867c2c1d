"""What packs last said of each row, and what a pack may therefore change."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from django.db.models import Count, Max, QuerySet

from catalog.history.renames import SlugRenames
from catalog.history.rows import Fields, RowKey
from catalog.history.store import in_batches
from catalog.models import Base, PackLoad
from catalog.packs.manifest import Manifest
from catalog.packs.merging import BaseValue, Rights


@dataclass(slots=True)
class Said:
    """What packs said of one row, field by field, and which of them took it back last."""

    fields: dict[str, BaseValue] = field(default_factory=dict)
    taken_back_by: str = ""


NOTHING_SAID = Said()


def rights_of(manifest: Manifest) -> Rights:
    """Whose fields the pack may change and whose not, by what it and the loaded packs are over."""
    over = {load.name: load.over for load in _newest_of_each_pack()}
    over[manifest.name] = list(manifest.over)
    below = {name: _all_below(name, over) for name in over}
    return Rights(
        name=manifest.name,
        below=frozenset(below[manifest.name]),
        above=frozenset(name for name, found in below.items() if manifest.name in found),
    )


def said_of(model: str, rows: Iterable[RowKey], names: SlugRenames) -> dict[RowKey, Said]:
    """What packs said of these rows, in the names of today. One query for each batch.

    A renamed row is found by its new key: what was said goes along when a thing is renamed.
    """
    found = _said(_in_force(), model, rows)
    if names.moved:
        for said in found.values():
            for name, base in said.fields.items():
                said.fields[name] = base._replace(value=names.value(model, name, base.value))
    return found


def rows_of_pack(pack: str) -> Iterator[RowKey]:
    """The rows that a pack has said something of and not taken it back, as they are called now."""
    bases = _in_force().filter(load__name=pack).order_by("model", "key", "load_id")
    values = bases.values_list("model", "key", "fields").iterator()
    for (model, key), group in groupby(values, key=lambda row: row[:2]):
        *_, (_model, _key, fields) = group
        if fields is not None:
            yield RowKey(model, tuple(key.split("/")))


def keep(load: PackLoad, moves: Iterable[tuple[RowKey, Fields | None, Fields]]) -> None:
    """Keep what a loading said: of each row the fields, or None where it takes all back."""
    for batch in in_batches(moves, 500):
        Base.objects.bulk_create(
            [
                Base(load=load, model=row.model, key=str(row), fields=fields, defaults=defaults)
                for row, fields, defaults in batch
            ]
        )


def newest_of(pack: str) -> PackLoad | None:
    """The loading of this pack that is in force."""
    return PackLoad.objects.in_force().filter(name=pack).first()


def number_of_loads() -> int:
    """Grows with each loading and with each undo: while it stays, so do the bases."""
    counted = PackLoad.objects.aggregate(newest=Max("pk"), undone=Count("undone_in"))
    return (counted["newest"] or 0) + counted["undone"]


def held_by_others(load: PackLoad, rows: Iterable[RowKey]) -> dict[RowKey, str]:
    """Those of these rows of which packs would say something without this loading, and who."""
    found = {}
    for model, same in groupby(sorted(rows), key=lambda row: row.model):
        for row, said in _said(_in_force().exclude(load=load), model, same).items():
            if packs := {base.pack for base in said.fields.values() if base.pack}:
                found[row] = min(packs)
    return found


def _said(bases: QuerySet, model: str, rows: Iterable[RowKey]) -> dict[RowKey, Said]:
    """What these bases come to for each of these rows. One query for each batch."""
    found: dict[RowKey, Said] = {}
    for batch in in_batches(rows):
        named = bases.filter(model=model, key__in=[str(row) for row in batch])
        for key, pack, fields, defaults in named.order_by("load_id").values_list(
            "key", "load__name", "fields", "defaults"
        ):
            said = found.setdefault(RowKey(model, tuple(key.split("/"))), Said())
            _add(said, pack, fields, defaults)
    return found


def _add(said: Said, pack: str, fields: Fields | None, defaults: Fields) -> None:
    if fields is None:
        said.fields.clear()
        said.taken_back_by = pack
        return
    said.taken_back_by = ""
    said.fields |= {name: BaseValue(value) for name, value in defaults.items()}
    said.fields |= {name: BaseValue(value, pack) for name, value in fields.items()}


def _in_force() -> QuerySet:
    return Base.objects.filter(load__undone_in=None)


def _newest_of_each_pack() -> list[PackLoad]:
    newest = {}
    for load in PackLoad.objects.in_force().order_by("pk").only("name", "over"):
        newest[load.name] = load
    return list(newest.values())


def _all_below(name: str, over: dict[str, list[str]]) -> set[str]:
    """The packs that one is over, and those that they are over; a circle ends."""
    found: set[str] = set()
    waiting = list(over.get(name, ()))
    while waiting:
        pack = waiting.pop()
        if pack not in found:
            found.add(pack)
            waiting += over.get(pack, ())
    return found - {name}
