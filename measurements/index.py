"""What the package index says of every package of the guide: `python -m measurements.index`.

Writes measurements/package-index-<day>.csv. The address of the index is the one that pip is told
of, or else the one that the library asks by itself.
"""

import csv
import datetime
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from packaging.version import InvalidVersion, Version
from pypi_simple import PyPISimple

from scripts.guide import ROOT, find_packs, read_guide

COLUMNS = (
    *("package", "latest_version", "released_on", "requires_python", "yanked"),
    "releases_in_a_year",
)


def rows_of(names: list[str], day: datetime.date) -> list[dict[str, Any]]:
    """Ask the index for each package; those it does not know are left out."""
    with PyPISimple(*index()) as client, ThreadPoolExecutor(4) as pool:
        pages = list(pool.map(client.get_project_page, names))
    return [
        {"package": name, **facts_of(page.packages, day)}
        for name, page in zip(names, pages, strict=True)
    ]


def facts_of(files: list[Any], day: datetime.date) -> dict[str, Any]:
    """Return the newest final release of a package's files, and how many there were in a year."""
    releases: dict[Version, list[Any]] = {}
    for file in files:
        try:
            version = Version(file.version or "")
        except InvalidVersion:
            continue
        if file.upload_time is not None and file.upload_time.date() <= day:
            releases.setdefault(version, []).append(file)
    final = {version for version in releases if not version.is_prerelease}
    days = {each: min(file.upload_time for file in releases[each]).date() for each in releases}
    begin = day.replace(year=day.year - 1) if (day.month, day.day) != (2, 29) else day
    kept = {each for each in final if not all(file.is_yanked for file in releases[each])}
    newest = max(kept or final or set(releases))
    needs = next((file.requires_python for file in releases[newest] if file.requires_python), "")
    return {
        "latest_version": str(newest),
        "released_on": days[newest].isoformat(),
        "requires_python": needs,
        "yanked": "no" if newest in kept or not final else "yes",
        "releases_in_a_year": sum(begin < days[each] <= day for each in final),
    }


def index() -> list[str]:
    """Return the address of the index that pip is told of, if any."""
    command = [sys.executable, "-m", "pip", "config", "list"]
    told = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    found = dict(re.findall(r"^(:env:|global)\.index-url='(.*)'$", told, re.MULTILINE))
    address = found.get(":env:") or found.get("global")
    return [address] if address else []


def write(path: Path, rows: list[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def main() -> None:
    day = datetime.datetime.now(tz=datetime.UTC).date()
    names = sorted(name for (name,) in read_guide(find_packs())["package"])
    path = ROOT / "measurements" / f"package-index-{day.isoformat()}.csv"
    write(path, rows_of(names, day))
    print(f"{len(names)} packages, written to {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
