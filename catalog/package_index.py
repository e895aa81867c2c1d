"""What the package index says of the guide's packages: read, kept as one edition, and weighed.

The index is that of pip's own configuration, so that a mirror inside a company is asked where pip
asks it. What could not be read is named and left as it was.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from catalog.history import editions
from catalog.models import ByteOrder, Edition, Listing, Package, PackageFacts, Pin
from catalog.models.category import Verdict
from catalog.models.fields import first_day
from catalog.models.specifiers import direction

AT_ONCE = 8
# As long as nothing else is new, the day an index was read is told anew once a month.
MOST_DAYS = 30

# The project statuses after which nobody should begin with a package.
LEFT = (
    PackageFacts.ProjectStatus.ARCHIVED,
    PackageFacts.ProjectStatus.DEPRECATED,
    PackageFacts.ProjectStatus.QUARANTINED,
)
ADVISED = (Verdict.RECOMMENDED, Verdict.ALTERNATIVE)

Facts = dict[str, Any]
Read = Callable[[str], Facts]


class UnreadableError(Exception):
    """The index does not tell of a package; the text says why."""


class Reading(NamedTuple):
    """What came of reading the index: how many packages, what is new, what was not read and why."""

    read: int
    changed: list[str]
    failed: dict[str, str]
    edition: Edition | None


def refresh(read: Read, names: Sequence[str] = (), *, dry_run: bool = False) -> Reading:
    """Read the packages of the guide, or those named, and keep what is new as one edition.

    A second run on the same state of the index changes nothing.
    """
    names = [canonicalize_name(name) for name in names]
    packages = Package.objects.select_related("facts").order_by(ByteOrder("name"))
    packages = {one.name: one for one in packages if not names or one.name in names}
    changed, failed = [], dict.fromkeys({*names} - packages.keys(), "no package of the guide")

    def attempt(name: str) -> Facts:
        try:
            return read(name)
        except UnreadableError as error:
            failed[name] = str(error)
            return {}

    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = dict(zip(packages, pool.map(attempt, packages), strict=True))
    with editions.record("", "Read the package index", Edition.Origin.COMMAND) as recording:
        for name, facts in found.items():
            row = getattr(packages[name], "facts", None) or PackageFacts(package=packages[name])
            said = _said(row, facts)
            if not said or not (change := _change(row, said)):
                continue
            for field, value in said.items():
                setattr(row, field, value)
            try:
                row.full_clean()
            except ValidationError as error:
                failed[name] = "; ".join(error.messages)
                continue
            changed.append(f"{name}: {change}")
            if not dry_run:
                row.save()
    return Reading(len(packages.keys() - failed), changed, failed, recording.edition)


def _said(before: PackageFacts, facts: Facts) -> Facts:
    """Return the facts with what is known of this release where the index tells nothing of it.

    One that lists names of files alone knows no days.
    """
    if not facts or facts["latest_version"] != before.latest_version:
        return facts
    kept = {name: getattr(before, name) for name in ("released_on", "requires_python")}
    return {**facts, **{name: facts[name] or value for name, value in kept.items()}}


def _change(before: PackageFacts, facts: Facts) -> str:
    """Return in words what is new of a package; empty where that is at most the day of reading."""
    if before.pk is None:
        return f"{facts['latest_version']} is the newest"
    new = [name for name in facts if name != "read_on" and getattr(before, name) != facts[name]]
    if "latest_version" in new:
        return f"{before.latest_version} → {facts['latest_version']}"
    if new:
        return ", ".join(PackageFacts._meta.get_field(name).verbose_name for name in new)
    last = first_day(before.read_on)  # a fixture may have brought what is no day
    is_old = last is None or (first_day(facts["read_on"]) - last).days > MOST_DAYS
    return "read again" if is_old else ""


# What now touches a pin or a verdict ------------------------------------------------------------


def overtaken_pins() -> list[Pin]:
    """Return the pins of the newest version sets that do not allow the newest release. One query.

    One of a package that was yanked or left is among them whatever it allows.
    """
    pins = Pin.objects.of_newest_sets().filter(package__facts__isnull=False)
    return [pin for pin in pins.select_related("package__facts") if why_overtaken(pin)]


def why_overtaken(pin: Pin) -> str:
    """Return why somebody should look at a pin; empty where it goes with what the index says."""
    facts = pin.package.facts
    if trouble := trouble_of(facts):
        return trouble
    is_behind = direction(f"=={facts.latest_version}", pin.specifier) > 0  # a mirror that lags
    if is_behind or pin.allows(facts.latest_version) is not False:
        return ""
    day = f" of {facts.released_on}" if facts.released_on else ""
    return f"shuts out {facts.latest_version}{day}"


def touched_verdicts() -> Iterator[tuple[Package, str]]:
    """Yield packages of what is advised that are yanked, left or silent, and why. Two queries."""
    advised = Listing.objects.in_published_categories().filter(verdict__in=ADVISED)
    packages = Package.objects.filter(facts__isnull=False, technology__listings__in=advised)
    for package in packages.select_related("facts", "technology").distinct():
        facts, lifecycle = package.facts, package.technology.lifecycle
        if trouble := trouble_of(facts):
            yield package, trouble
        elif facts.is_quiet and lifecycle != package.technology.Lifecycle.FINISHED:
            yield package, f"no release for {facts.quiet_years} years"


def trouble_of(facts: PackageFacts) -> str:
    """Return why nobody should begin with a package; empty where the index says nothing of it."""
    yanked = f"{facts.latest_version} was taken back (yanked)" if facts.is_yanked else ""
    left = facts.get_project_status_display() if facts.project_status in LEFT else ""
    return ", ".join(filter(None, (yanked, left and f"{left} on the index")))


# What the index says of one package --------------------------------------------------------------


def facts_of(page: Any, day: str) -> Facts:
    """Return the facts of a package from its page, a pypi_simple.ProjectPage; see PackageFacts.

    Newest is the highest final version that was not taken back whole; failing that, the highest
    pre-release; failing that, the highest of all, as yanked. Its day is that of its first file.
    """
    files: dict[Version, list[Any]] = {}
    for one in page.packages:
        try:
            files.setdefault(Version(one.version or ""), []).append(one)
        except InvalidVersion:
            continue
    if not files:
        raise UnreadableError("the index has no release of it")
    newest = max(files, key=lambda one: (not _is_yanked(files[one]), not one.is_prerelease, one))
    times = [one.upload_time for one in files[newest] if one.upload_time]
    pythons = [one.requires_python for one in files[newest] if one.requires_python]
    status = str(page.status or "")
    return {
        "latest_version": str(newest),
        "released_on": min(times).date().isoformat() if times else "",
        "requires_python": _specifier(pythons[0]) if pythons else "",
        "is_yanked": _is_yanked(files[newest]),
        "project_status": status if status in PackageFacts.ProjectStatus else "",
        "read_on": day,
    }


def _is_yanked(files: Iterable[Any]) -> bool:
    return all(one.is_yanked for one in files)


def _specifier(text: str) -> str:
    """Return a range of versions as it stands; empty for one that the guide cannot read."""
    try:
        PackageFacts._meta.get_field("requires_python").run_validators(text)
    except ValidationError:
        return ""
    return text
