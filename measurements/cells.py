"""From a result file to the cells of the guide: `python -m measurements.cells RESULT [--write]`.

Prints which cells would change and how; with --write, writes them as fixtures. Besides what was
measured these are the cells of `community` and `release-cadence`, from the newest lists of download
ranks and of the package index beside the results.
"""

import csv
import json
import re
import sys
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from scripts import guide as shipped
from scripts.guide import ROOT, find_packs

PACK = ROOT / "fixtures" / "guide-2026-11"
LISTS = ROOT / "measurements"
BY = "StackGuide"
UNSTEADY = 0.15
RATINGS = ((1.25, 4), (2, 3), (4, 2), (8, 1))  # up to so many times the best
# What has no package of its own, and the package that brings it.
COMES_WITH = {"django-orm": "django"}
RANKS = ((100, 4), (500, 3), (2_000, 2), (15_000, 1))

Row = dict[str, Any]


class Finding(NamedTuple):
    """The ratio of a contender to the best, and its spread as a part of it."""

    ratio: float
    spread: float


# Ratings ----------------------------------------------------------------------------------------


def rating_of(ratio: float) -> int:
    return next((rating for most, rating in RATINGS if ratio <= most), 0)


def ratings_of(findings: Mapping[str, Finding]) -> dict[str, int | None]:
    """Return the rating of each contender, the best first; None where five figures differ too much.

    Whoever cannot be told from the next better one has its rating, and so on down the row.
    """
    best = min(found.ratio for found in findings.values())
    ratings: dict[str, int | None] = {}
    better, least = None, 0.0  # the next better steady one, and the upper end of its figures
    for name, found in sorted(findings.items(), key=lambda each: each[1].ratio):
        if found.spread > UNSTEADY:
            ratings[name] = None
            continue
        alike = better is not None and found.ratio * (1 - found.spread) <= least
        ratings[name] = ratings[better] if alike else rating_of(found.ratio / best)
        better, least = name, found.ratio * (1 + found.spread)
    return ratings


def rating_of_rank(rank: int | None) -> int:
    if rank is None:
        return 0
    return next((rating for most, rating in RANKS if rank <= most), 0)


def rating_of_releases(count: int) -> int:
    """Return 4 for 3 to 36 releases in a year, 2 for fewer or more, 0 for none."""
    if count == 0:
        return 0
    return 4 if 3 <= count <= 36 else 2


# Words ------------------------------------------------------------------------------------------


def amount(value: float) -> str:
    """Return a figure with three digits: 1,230, 12.3, 0.0123."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{float(f'{value:.3g}'):.10f}".rstrip("0").rstrip(".")


def times(ratio: float) -> str:
    digits = 2 if ratio < 2 else 1 if ratio < 10 else 0
    return f"{ratio:.{digits}f} times the best"


def value_of(ratio: float, spread: float, remark: str = "") -> str:
    """Return what the cell says: "1.80 times the best, ±3 %"; no spread where figures are equal."""
    said = ["the best" if ratio <= 1 else times(ratio)]
    if spread:
        said.append(f"±{max(spread * 100, 1):.0f} %")
    return ", ".join([*said, *filter(None, [remark])])


# Cells ------------------------------------------------------------------------------------------


def cell(comparison: str, criterion: str, technology: str, day: str, **said: Any) -> Row:
    """Return a cell with all its fields, in the order of the model."""
    blank = {"state": "known", "rating": None, "word": "", "value": "", "note": "", "source": ""}
    rest = {"measurement": None, "verified_on": day, "verified_by": BY, "applies_to": ""}
    places = {"criterion": [comparison, criterion], "contender": [comparison, technology]}
    return {**places, **blank, **rest, **said}


def cells_of(slug: str, result: Mapping[str, Any], day: str) -> Iterator[Row]:
    """Yield the cells of one subject, of every criterion and contender it has."""
    for criterion, summary in result["criteria"].items():
        findings = {
            name: Finding(each["ratio"], each["spread"])
            for name, each in summary["contenders"].items()
        }
        ratings = ratings_of(findings) if findings else {}
        for name, rating in ratings.items():
            told, found = result["contenders"][name], findings[name]
            said = {"measurement": [slug], "applies_to": told["version"]}
            if rating is None:
                percent = f"{found.spread * 100:.0f}"
                note = f"Measured five times; the spread of {percent} % is over 15 %."
                yield cell(slug, criterion, name, day, state="unknown", note=note, **said)
                continue
            ratio = summary["contenders"][name]["ratio"]
            value = value_of(ratio, found.spread, told["remarks"].get(criterion, ""))
            note = f"{amount(summary['contenders'][name]['median'])} {summary['unit']}"
            yield cell(slug, criterion, name, day, rating=rating, value=value, note=note, **said)
        for place, why in result["unmeasured"].items():
            name, _, only = place.partition("/")
            if only not in ("", criterion):
                continue
            said = {"state": "unknown", "note": why, "measurement": [slug]}
            yield cell(slug, criterion, name, day, **said)


def index_cells(table: "Table", guide: "Guide", day: str, lists: "Lists") -> Iterator[Row]:
    """Yield the cells on downloads and on releases of a comparison that asks for them."""
    for technology in table.contenders:
        package = guide.packages.get(technology)
        if package is None:
            continue
        if "community" in table.criteria:
            rank = lists.ranks.get(package)
            value = (
                f"rank {rank:,} in {lists.month}" if rank else f"not among them in {lists.month}"
            )
            said = {"rating": rating_of_rank(rank), "value": value}
            said["measurement"] = ["download-ranks"]
            yield cell(table.slug, "community", technology, day, **said)
        if "release-cadence" in table.criteria and package in lists.releases:
            count = lists.releases[package]
            value = f"{count} release{'' if count == 1 else 's'}"
            said = {"rating": rating_of_releases(count), "value": value}
            said |= {"measurement": ["package-index"], "verified_on": lists.index_day}
            yield cell(table.slug, "release-cadence", technology, day, **said)


# What the guide and the lists hold --------------------------------------------------------------


class Table(NamedTuple):
    slug: str
    criteria: set[str]
    contenders: list[str]


class Guide(NamedTuple):
    tables: dict[str, Table]
    packages: dict[str, str]  # by technology, its first
    cells: dict[tuple[str, ...], Row]


class Lists(NamedTuple):
    ranks: dict[str, int]
    month: str  # of the ranks: "November 2026"
    ranks_file: str
    releases: dict[str, int]
    index_day: str
    index_file: str


def read_guide(packs: list[Path]) -> Guide:
    """Return what the packs say together of tables, packages and cells."""
    rows = shipped.read_guide(packs)
    tables = {slug: Table(slug, set(), []) for (slug,) in rows["comparison"]}
    for slug, criterion in rows["criterion"]:
        tables[slug].criteria.add(criterion)
    for slug, technology in rows["contender"]:
        tables[slug].contenders.append(technology)
    packages = dict(COMES_WITH)
    for (name,), row in sorted(rows["package"].items(), key=lambda each: each[1]["position"]):
        packages.setdefault(row["technology"][0], name)
    return Guide(tables, packages, {key_of(row): row for row in rows["cell"].values()})


def key_of(row: Row) -> tuple[str, ...]:
    return (*row["criterion"], row["contender"][1])


def read_lists(folder: Path) -> Lists:
    """Return the newest list of ranks, and the newest of the index that counts releases."""
    ranks_file = max(folder.glob("download-ranks-*.csv"))
    index_file = max(folder.glob("package-index-*.csv"))
    ranks = {row["package"]: int(row["download_rank"]) for row in _rows(ranks_file)}
    counted = {
        row["package"]: int(row["releases_in_a_year"])
        for row in _rows(index_file)
        if row.get("releases_in_a_year")
    }
    month = date.fromisoformat(f"{ranks_file.stem.removeprefix('download-ranks-')}-01")
    day = index_file.stem.removeprefix("package-index-")
    told = f"{month:%B %Y}"
    return Lists(ranks, told, ranks_file.name, counted, day, index_file.name)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# Fixtures ---------------------------------------------------------------------------------------


def measurements_of(said: Mapping[str, Any], result: str, lists: Lists) -> list[Row]:
    """Return what the guide says of each subject and of the lists: a row of `measurement` each."""
    machine = said["machine"]
    kept = (f"{machine['cores']} cores", machine["cpu"], f"{machine['memory']} of memory")
    here = ", ".join((*kept, machine["kernel"], machine["python"]))
    rows = []
    for slug, subject in said["subjects"].items():
        names = {
            "nats": "NATS",
            "postgresql": "PostgreSQL",
            "rabbitmq": "RabbitMQ",
            "redis": "Redis",
        }
        servers = (f"{names[name]} {version}" for name, version in subject["servers"].items())
        setting = "; ".join([here, *filter(None, [", ".join(servers)])])
        row = {"slug": slug, "title": subject["title"], "script": subject["script"]}
        rows.append({**row, "result": result, "date": said["date"], "setting": setting})
    ranks = {"slug": "download-ranks", "title": "Downloads of packages", "script": ""}
    ranks |= {"result": f"measurements/{lists.ranks_file}", "date": said["date"]}
    ranks["setting"] = (
        f"The 15,000 most downloaded packages of the package index, mid-{lists.month}"
    )
    index = {
        "slug": "package-index",
        "title": "Releases in a year",
        "script": "measurements/index.py",
    }
    index |= {"result": f"measurements/{lists.index_file}", "date": lists.index_day}
    index["setting"] = "Final releases in the 12 months before that day, by the package index"
    return [*rows, ranks, index]


def find_cells(said: Mapping[str, Any], guide: Guide, lists: Lists) -> dict[str, list[Row]]:
    """Return by comparison the cells that were found, in the order of the fixtures."""
    found: dict[str, list[Row]] = {}
    for slug, table in sorted(guide.tables.items()):
        rows = list(index_cells(table, guide, said["date"], lists))
        if slug in said["subjects"]:
            rows += cells_of(slug, said["subjects"][slug], said["date"])
        kept = [
            row
            for row in rows
            if row["criterion"][1] in table.criteria and row["contender"][1] in table.contenders
        ]
        if kept:
            found[slug] = sorted(kept, key=key_of)
    return found


def write(rows: list[Row], cells: dict[str, list[Row]], pack: Path, below: Guide) -> None:
    """Write the rows as fixtures, in place of all that were written before.

    Of a cell that a pack `below` has, only what differs, as the other files of the pack do.
    """
    cells = {slug: [_differing(row, below) for row in same] for slug, same in cells.items()}
    # What every thing has, which a whole dump writes and a pack of blanks must too.
    wholes = [{"slug": row["slug"], "owner": "", "review_by": None, **row} for row in rows]
    files = {f"4-measurements/{row['slug']}.yaml": to_yaml("measurement", [row]) for row in wholes}
    files |= {f"5-measured-cells/{slug}.yaml": to_yaml("cell", cells[slug]) for slug in cells}
    for folder in ("4-measurements", "5-measured-cells"):
        (pack / folder).mkdir(exist_ok=True)
        for path in (pack / folder).glob("*.yaml"):
            path.unlink()
    for name, text in files.items():
        (pack / name).write_text(text, encoding="utf-8", newline="\n")


def _differing(row: Row, below: Guide) -> Row:
    before = below.cells.get(key_of(row), {})
    return {
        name: value
        for name, value in row.items()
        if name in ("criterion", "contender") or value != before.get(name, ...)
    }


def to_yaml(model: str, rows: list[Row]) -> str:
    """Return rows as a dump of the site has them; a test holds the two together."""
    told = [{"model": f"catalog.{model}", "fields": row} for row in rows]
    return yaml.dump(told, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=float("inf"))


class _Dumper(yaml.SafeDumper):
    """Natural keys on one line; quotes around what another reader takes for a number or a date."""

    def represent_text(self, text: str) -> yaml.ScalarNode:
        style = "'" if re.fullmatch(r"[-+.]?\d[\d.,_:eE+-]*", text) else None
        return self.represent_scalar("tag:yaml.org,2002:str", text, style=style)

    def represent_key(self, values: list[Any]) -> yaml.SequenceNode:
        is_key = all(isinstance(value, str) for value in values)
        return self.represent_sequence("tag:yaml.org,2002:seq", values, flow_style=is_key)

    def ignore_aliases(self, data: Any) -> bool:
        return True


_Dumper.add_representer(str, _Dumper.represent_text)
_Dumper.add_representer(list, _Dumper.represent_key)


def changes(cells: dict[str, list[Row]], guide: Guide) -> Iterator[str]:
    """Yield a line for each cell that would change what the guide says, and how."""
    for row in (row for rows in cells.values() for row in rows):
        before, place = guide.cells.get(key_of(row)), "/".join(key_of(row))
        said = f"{row['state']}, {row['rating']}, {row['value'] or row['note']}"
        if before is None:
            yield f"new      {place}: {said}"
        elif different := [name for name in row if row[name] != before.get(name)]:
            was = f"{before['state']}, {before['rating']}, {before['value'] or before['note']}"
            yield f"changed  {place}: {was} -> {said} ({', '.join(different)})"


def main(arguments: list[str]) -> int:
    path = Path(next(text for text in arguments if text != "--write")).resolve()
    said, lists = json.loads(path.read_text(encoding="utf-8")), read_lists(LISTS)
    guide = read_guide(find_packs())
    cells = find_cells(said, guide, lists)
    for line in changes(cells, guide):
        print(line)
    for slug in sorted(set(said["subjects"]) - set(guide.tables)):
        print(f"the guide has no comparison {slug}")
    if "--write" in arguments:
        below = read_guide([pack for pack in find_packs() if pack != PACK])
        write(measurements_of(said, path.relative_to(ROOT).as_posix(), lists), cells, PACK, below)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
