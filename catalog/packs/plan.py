"""What loading a pack would do to the guide: a plan, as it is put together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from catalog.history.documents import rows_of
from catalog.history.merge import Choose, Conflict
from catalog.history.renames import SlugRenames
from catalog.history.rows import Fields, RowChange, RowKey, owners_of
from catalog.models import ThingKey
from catalog.packs.bases import Rights
from catalog.packs.entries import Incoming
from catalog.packs.manifest import Manifest
from catalog.packs.problems import Note, Problems, Why


class Move(NamedTuple):
    """What the pack will have said of a row; no fields where it takes everything back."""

    row: RowKey
    fields: Fields | None
    defaults: Fields


@dataclass(slots=True)
class Plan:
    """What loading a pack would do to one state of the guide."""

    incoming: Incoming
    choose: Choose
    # Rows that a rule refused in an earlier plan, and that are left as they are; see `mixed`.
    unsuitable: Mapping[RowKey, str]
    edition: int  # the number of the guide's state that it was made for
    names: SlugRenames
    rights: Rights
    problems: Problems
    changes: list[RowChange] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    # Rows that nobody meant to be as they come out: edited fields meet the pack's, or something
    # is left out because what it needs was deleted here. Where a rule refuses them they are left
    # as they are. With the name of what was deleted.
    mixed: dict[RowKey, str] = field(default_factory=dict)
    asked: "Plan | None" = None  # the plan before anything was chosen, where something is
    # Of packages that are made or move: whose package facts are has to be asked.
    package_owners: dict[str, str] = field(default_factory=dict)

    @property
    def manifest(self) -> Manifest:
        return self.incoming.manifest

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to write, not even bases."""
        return not (self.changes or self.moves)

    def note(self, why: Why, row: RowKey, name: str = "", by: str = "") -> None:
        """Note that something of the pack is left alone."""
        self.notes.append(Note(why, row, name, by))

    def move(self, row: RowKey, fields: Fields | None, defaults: Fields | None = None) -> None:
        """Plan what the pack will have said of a row."""
        self.moves.append(Move(row, fields, defaults or {}))

    def change(self, row: RowKey, before: Fields | None, after: Fields | None) -> None:
        """Plan a change of a row."""
        if row.model == "package" and after and after["technology"]:
            self.package_owners[row.key[0]] = after["technology"][0]
        self.changes.append(RowChange(row, before, after, self.things(row, before, after)))

    def wait(self, conflict: Conflict, local: Fields) -> None:
        """Let a conflict wait."""
        self.conflicts.append(conflict._replace(things=self.things(conflict.row, local)))

    def things(self, row: RowKey, *states: Fields | None) -> tuple[ThingKey, ...]:
        """Return the things that hold the row, before and after."""
        if row.model == "packagefacts":
            owner = self.package_owners.get(row.key[0])
            return (ThingKey("technology", owner),) if owner else ()
        found = [thing for fields in states if fields for thing in owners_of(row, fields)]
        return tuple(dict.fromkeys(found))

    def learn_owners(self, facts: Iterable[RowKey]) -> None:
        """Read whose package facts are; the pack's own packages come before them and are known."""
        wanted = {row.key[0] for row in facts} - self.package_owners.keys()
        packages = rows_of("package", [RowKey("package", (name,)) for name in wanted])
        self.package_owners |= {
            row.key[0]: fields["technology"][0] for row, fields in packages.items()
        }
