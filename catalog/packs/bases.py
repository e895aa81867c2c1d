"""What packs last said of each row, and what a pack may therefore change."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, NamedTuple

from django.db.models import QuerySet

from catalog.history.documents import in_batches, rows_anywhere
from catalog.history.merge import CONFLICT, NO_BASE, Choose, Conflict, Take, merge_value
from catalog.history.renames import SlugRenames
from catalog.history.rows import MODELS, Fields, RowKey, defaults_of
from catalog.models import Base, PackLoad
from catalog.packs.manifest import Manifest

LONGEST_KEY = Base._meta.get_field("key").max_length


class BaseValue(NamedTuple):
    """What was last said of a field and which pack said it; nobody's is blank."""

    value: Any
    pack: str = ""


class Rights(NamedTuple):
    """Whose fields a pack may change, and whose it must leave alone; other packs are strangers."""

    name: str
    below: frozenset[str] = frozenset()
    above: frozenset[str] = frozenset()

    def may_change(self, base: BaseValue) -> bool:
        """Return whether it is nobody's word, its own, or that of a pack that it is over."""
        return base.pack in ("", self.name) or base.pack in self.below


@dataclass(slots=True)
class RowBase:
    """What packs said of one row, field by field, and which of them took it back last."""

    fields: dict[str, BaseValue] = field(default_factory=dict)
    taken_back_by: str = ""

    def says(self, name: str, otherwise: Any = NO_BASE) -> Any:
        """Return what was said of a field."""
        return self.fields[name].value if name in self.fields else otherwise


@dataclass(slots=True)
class MergedRow:
    """What comes of a row: its fields, bases to move, conflicts, and fields that a pack holds."""

    after: Fields
    moves: Fields = field(default_factory=dict)
    conflicts: list[Conflict] = field(default_factory=list)
    held: dict[str, str] = field(default_factory=dict)  # field to the pack over this one


def merge_row(
    row: RowKey,
    local: Fields,
    incoming: Fields,
    bases: Mapping[str, BaseValue],
    rights: Rights,
    choose: Choose,
    is_suitable: bool = True,
) -> MergedRow:
    """Merge what a pack says of a row into the row as it is here.

    What `incoming` states the pack owns from then on. Where the merged row is not suitable, since a
    rule refuses it, every field that would change waits: nobody meant the row that comes of it.

    Example: the pack's last version said name "Quart" and summary "Old"; here the name is "QUART"
    now. It says name "Quart" and summary "New": the row is "QUART", "New". It says name "quart":
    a conflict of "Quart", "QUART" and "quart", and the name stays "QUART".
    """
    merged = MergedRow(dict(local))
    for name, value in incoming.items():
        base = bases.get(name)
        if base is not None and base.pack in rights.above:
            if value not in (base.value, local[name]):
                merged.held[name] = base.pack
            continue
        if base is not None and not rights.may_change(base):
            if value == local[name]:
                continue  # both say so; the field stays the stranger's
            base = None  # a stranger's word is no base for this pack
        before = NO_BASE if base is None else base.value
        after = merge_value(before, local[name], value)
        if after is CONFLICT or (after != local[name] and not is_suitable):
            choice = choose(row, name)
            if choice is None:
                merged.conflicts.append(Conflict(row, name, before, value, local[name]))
                continue
            after = value if choice == Take.THEIRS else local[name]
        merged.after[name] = after
        if base != BaseValue(value, rights.name):
            merged.moves[name] = value
    return merged


def newer_reading(local: Fields, said: Fields) -> Take | None:
    """Return the side that was read last, of a row that says when; None where neither was.

    A site reads the package index itself, and a pack brings what its makers read: neither is an
    edit that somebody would have to choose between.
    """
    here, there = local.get("read_on", ""), said.get("read_on", "")
    same = min(len(here), len(there))  # of a day and its month nobody knows which was later
    if here[:same] == there[:same]:
        return None
    return Take.MINE if here > there else Take.THEIRS


def always(side: Take, _row: RowKey, _field: str) -> Take:
    return side


def is_edited(row: RowKey, local: Fields, base: RowBase) -> bool:
    """Return whether a row says something else here than packs said last, or a new row does."""
    defaults = defaults_of(MODELS[row.model])
    return any(value != base.says(name, defaults[name]) for name, value in local.items())


def rights_of(manifest: Manifest) -> Rights:
    """Return whose fields the pack may change, by what it and the loaded packs are over."""
    over = dict(PackLoad.objects.in_force().order_by("pk").values_list("name", "over"))
    over[manifest.name] = list(manifest.over)
    below = {name: {*names} for name, names in over.items()}
    for name, names in below.items():  # whoever is over a pack is over what that one is over
        for others in below.values():
            if name in others:
                others.update(names)
    above = {name for name, names in below.items() if manifest.name in names}
    return Rights(
        manifest.name,
        frozenset(below[manifest.name] - {manifest.name}),
        frozenset(above - {manifest.name}),
    )


def bases_of(model: str, rows: Iterable[RowKey], names: SlugRenames) -> dict[RowKey, RowBase]:
    """Return what packs said of each of these rows, in the names of today. One query a batch."""
    found = _row_bases(_in_force(), model, rows)
    if names.moved:
        for row_base in found.values():
            for name, base in row_base.fields.items():
                value = names.fields(model, {name: base.value})[name]
                row_base.fields[name] = base._replace(value=value)
    return found


def rows_of_pack(pack: str) -> Iterator[RowKey]:
    """Yield the rows that a pack has said something of and not taken it back, by today's keys."""
    bases = _in_force().filter(load__name=pack).order_by("model", "key", "load_id")
    values = bases.values_list("model", "key", "fields").iterator()
    for (model, key), group in groupby(values, key=lambda row: row[:2]):
        *_, (_model, _key, fields) = group
        if fields is not None:
            yield RowKey(model, tuple(key.split("/")))


def deleted_part_of(row: RowKey) -> str:
    """Return what a pack said of a part of this row and was deleted here; blank where nothing was.

    Example: of role "api/cache" the choice "api/cache/redis".
    """
    if len(str(row)) >= LONGEST_KEY:  # no base has it, and SQLite takes no such pattern
        return ""
    bases = _in_force().filter(key__startswith=f"{row}/").order_by("load_id")
    said = {
        RowKey(model, tuple(key.split("/"))): fields
        for model, key, fields in bases.values_list("model", "key", "fields")
    }
    parts = {part for part, fields in said.items() if fields is not None}
    return min(map(str, parts - rows_anywhere(parts).keys()), default="")


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
    """Return the loading of this pack that is in force."""
    return PackLoad.objects.in_force().filter(name=pack).first()


def held_by_others(load: PackLoad, rows: Iterable[RowKey]) -> dict[RowKey, str]:
    """Return those of these rows of which packs would say something without this loading."""
    found = {}
    for model, same in groupby(sorted(rows), key=lambda row: row.model):
        for row, row_base in _row_bases(_in_force().exclude(load=load), model, same).items():
            if packs := {base.pack for base in row_base.fields.values() if base.pack}:
                found[row] = min(packs)
    return found


def _row_bases(bases: QuerySet, model: str, rows: Iterable[RowKey]) -> dict[RowKey, RowBase]:
    """Return what these bases come to for each of these rows. One query for each batch."""
    found = {row: RowBase() for row in rows}
    for batch in in_batches(found):
        named = bases.filter(model=model, key__in=[str(row) for row in batch])
        for key, pack, fields, defaults in named.order_by("load_id").values_list(
            "key", "load__name", "fields", "defaults"
        ):
            row_base = found[RowKey(model, tuple(key.split("/")))]
            if fields is None:
                row_base.fields.clear()
                row_base.taken_back_by = pack
            else:
                row_base.taken_back_by = ""
                row_base.fields |= {name: BaseValue(value) for name, value in defaults.items()}
                row_base.fields |= {name: BaseValue(value, pack) for name, value in fields.items()}
    return found


def _in_force() -> QuerySet:
    return Base.objects.filter(load__undone_in=None)
