"""The way from one version set to another, pin by pin."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from catalog.models import PackageFacts, Pin, Technology, VersionSet
from catalog.models.specifiers import direction, is_new_major


class Way(StrEnum):
    """The ways of a pin, in the words and the order in which they are counted."""

    MAJOR = "raised to a new major version"
    RAISED = "raised"
    LOWERED = "lowered"
    CHANGED = "changed"
    REPLACED = "replaced"
    DROPPED = "dropped"
    ADDED = "added"
    KEPT = "as before"


# What may ask for work.
LOOK_AT = (Way.MAJOR, Way.LOWERED, Way.REPLACED, Way.DROPPED)


@dataclass(frozen=True)
class Step:
    """One pin's way: `before` stands in the older set, `after` in the newer; one may be None."""

    way: Way
    before: Pin | None
    after: Pin | None

    @property
    def leaves(self) -> Technology | None:
        """Return the technology no longer recommended; None where the package stays."""
        gone = self.way in (Way.REPLACED, Way.DROPPED)
        return self.before.package.technology if gone else None

    @property
    def newest(self) -> PackageFacts | None:
        """Return the index's facts of the older pin's package, or of the one that is added."""
        return getattr((self.before or self.after).package, "facts", None)

    @cached_property
    def allows_newest(self) -> bool | None:
        """Return whether the older pin allows the newest release; None where not known."""
        if self.before is None or self.newest is None:
            return None
        return self.before.allows(self.newest.latest_version)

    @property
    def blocks(self) -> bool:
        return self.allows_newest is False


@dataclass(frozen=True)
class Upgrade:
    """Two version sets side by side. `steps` come as the newer set has its pins, then the rest."""

    older: VersionSet
    newer: VersionSet
    steps: list[Step]

    @property
    def is_forward(self) -> bool:
        """Return whether the second set is of a later date."""
        return self.older.as_of < self.newer.as_of

    @property
    def columns(self) -> list[str]:
        """Return the heads of the two columns: dates, or labels where the dates are alike."""
        sets = (self.older, self.newer)
        alike = self.older.as_of == self.newer.as_of
        return [one.title if alike else one.as_of for one in sets]

    @property
    def blocks(self) -> list[tuple[str, list[Step]]]:
        """Return the steps that may ask for work, and then the others, each under a heading."""
        first = [step for step in self.steps if step.way in LOOK_AT]
        others = [step for step in self.steps if step not in first]
        named = (("To look at first", first), ("The others", others))
        return [(heading, found) for heading, found in named if found]

    @property
    def python_way(self) -> Way:
        return _way(self.older.python, self.newer.python)

    def counts(self) -> str:
        """Return a sentence such as “12 raised, 2 replaced, 4 as before.”"""
        ways = Counter(step.way for step in self.steps)
        found = [f"{ways[way]} {way}" for way in Way if ways[way]]
        return ", ".join(found) + "." if found else "Neither of the two has pins."

    def blocked(self) -> str:
        """Say how many older pins do not allow the newest release; empty where none is known."""
        judged = [step for step in self.steps if step.allows_newest is not None]
        if not judged:
            return ""
        count = sum(step.blocks for step in judged)
        read = sorted(step.newest.read_on for step in judged)
        days = read[0] if read[-1] == read[0] else f"{read[0]} to {read[-1]}"
        pins, verb = ("pin", "blocks") if len(judged) == 1 else ("pins", "block")
        return (
            f"{count} of {len(judged)} {pins} of “{self.older}” {verb} the newest release "
            f"(index read {days})."
        )


def upgrade(older: VersionSet, newer: VersionSet) -> Upgrade:
    """Compare two sets pin by pin. One query besides the pins of both.

    Both come from `for_detail()`. Neither needs to be the older one by its date.
    """
    before = {pin.package.name: pin for pin in older.pins.all()}
    after = {pin.package.name: pin for pin in newer.pins.all()}
    new = [pin for name, pin in after.items() if name not in before]
    gone = {name: pin for name, pin in before.items() if name not in after}
    leads = _leads(gone.values(), [*new, *after.values()])
    steps = []
    for name, pin in after.items():
        instead_of = [one for one in gone.values() if leads.get(one.package.name) == name]
        if name in before:
            steps.append(Step(_way_of(before[name], pin), before[name], pin))
        elif not instead_of:
            steps.append(Step(Way.ADDED, None, pin))
        steps += [Step(Way.REPLACED, one, pin) for one in instead_of]
    steps += [Step(Way.DROPPED, pin, None) for name, pin in gone.items() if name not in leads]
    return Upgrade(older, newer, steps)


def _way_of(before: Pin, after: Pin) -> Way:
    way = _way(before.specifier, after.specifier)
    if way is Way.KEPT and (before.extra_names, before.group) != (after.extra_names, after.group):
        return Way.CHANGED
    return way


def _way(before: str, after: str) -> Way:
    goes = direction(before, after)
    if goes > 0:
        return Way.MAJOR if is_new_major(before, after) else Way.RAISED
    if goes:
        return Way.LOWERED
    return Way.KEPT if before.strip() == after.strip() else Way.CHANGED


def _leads(gone: Collection[Pin], candidates: Iterable[Pin]) -> dict[str, str]:
    """Return the package pinned now that a package leads to, for those that are pinned no more.

    It is of the same technology, or of one that replaces it, by however many steps.
    """
    if not gone:
        return {}
    pinned: dict[int, str] = {}
    for pin in candidates:
        pinned.setdefault(pin.package.technology_id, pin.package.name)
    replaced_by = dict(
        Technology.objects.filter(replaced_by__isnull=False).values_list("pk", "replaced_by")
    )
    found: dict[str, str] = {}
    for pin in gone:
        seen: set[int] = set()
        technology: int | None = pin.package.technology_id
        while technology is not None and technology not in {*pinned, *seen}:
            seen.add(technology)
            technology = replaced_by.get(technology)
        if technology in pinned:
            found[pin.package.name] = pinned[technology]
    return found
