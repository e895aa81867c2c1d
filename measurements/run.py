"""Measure what the guide says in figures: `make measure`.

Installs the newest final release of every contender into an environment of its own, and measures
each subject in five rounds: one of every contender, then the next of every contender, each round
begun by another one, so that whatever else the machine does falls on all of them. Writes
measurements/results/<day>.json and prints the cells of the guide that would change. With names of
subjects, measures these alone and keeps the others of the same day.
"""

import datetime
import json
import os
import platform
import re
import statistics
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from measurements import (
    app_servers,
    async_frameworks,
    cells,
    dependency_managers,
    http_clients,
    message_brokers,
    postgresql_drivers,
    task_queues,
    type_checkers,
    validation_libraries,
)
from measurements.bench import ROOT, Contender, Failure, Subject, install, versions_in
from measurements.servers import running

ROUNDS = 5
RESULTS = ROOT / "measurements" / "results"
MODULES = (
    app_servers,
    async_frameworks,
    dependency_managers,
    http_clients,
    message_brokers,
    postgresql_drivers,
    task_queues,
    type_checkers,
    validation_libraries,
)
SUBJECTS = {module.SUBJECT.slug: module.SUBJECT for module in MODULES}
SPREAD = (
    "of the five ratios, each of a figure to that of the best contender in the same round: half "
    "the distance between their quartiles, that is between the second and the fourth, as a part "
    "of their median. What slows a whole round down, or moves one figure, does not count"
)


# Statistics -------------------------------------------------------------------------------------


def order_of(contenders: Sequence[Any], number: int) -> list[Any]:
    """Return who is measured after whom in a round."""
    first = number % len(contenders)
    return [*contenders[first:], *contenders[:first]]


def spread_of(figures: Sequence[float]) -> float:
    """Return how far figures stand apart, as a part of their median: SPREAD says how."""
    lower, middle, upper = statistics.quantiles(figures, n=4, method="inclusive")
    return (upper - lower) / 2 / middle


def summary_of(unit: str, figures: dict[str, list[float]]) -> dict[str, Any]:
    """Return what the file holds of one criterion, the best contender first."""
    medians = {name: statistics.median(values) for name, values in figures.items()}
    best = figures[min(medians, key=medians.__getitem__)]
    ratios = {
        name: [one / other for one, other in zip(values, best, strict=True)]
        for name, values in figures.items()
    }
    return {
        "unit": unit,
        "contenders": {
            name: {
                "figures": [shorten(value) for value in figures[name]],
                "median": shorten(medians[name]),
                "spread": round(spread_of(ratios[name]), 4),
                "ratio": round(statistics.median(ratios[name]), 3),
            }
            for name in sorted(medians, key=lambda one: (statistics.median(ratios[one]), one))
        },
    }


def shorten(value: float) -> float:
    return float(f"{value:.5g}")


# Measuring --------------------------------------------------------------------------------------


def measure(subject: Subject) -> dict[str, Any]:
    """Measure a subject; return what the file holds of it. Raises Failure."""
    unmeasured = dict(subject.unmeasured)
    for contender in subject.contenders:
        for requirements in filter(None, (contender.requirements, contender.bare)):
            install(requirements)
    with running(subject.servers) as servers, subject.around():
        figures = measure_rounds(subject, unmeasured)
    return {
        "title": subject.title,
        "comparison": subject.slug,
        "script": f"measurements/{subject.slug.replace('-', '_')}.py",
        "setting": subject.setting,
        "servers": servers,
        "contenders": {
            contender.technology: contender_of(subject, contender, servers)
            for contender in subject.contenders
        },
        "unmeasured": unmeasured,
        "criteria": {
            criterion: summary_of(unit, figures[criterion])
            for criterion, unit in subject.units.items()
        },
    }


def measure_rounds(
    subject: Subject, unmeasured: dict[str, str]
) -> dict[str, dict[str, list[float]]]:
    """Return the figures of every criterion and contender; say of whom there are none, and why."""
    figures: dict[str, dict[str, list[float]]] = {criterion: {} for criterion in subject.units}
    failed = set()
    for number in range(-1 if subject.warm else 0, ROUNDS):
        for contender in order_of(subject.contenders, max(number, 0)):
            name = contender.technology
            if name in failed:
                continue
            try:
                found = subject.measure(contender)
            except Failure as failure:
                failed.add(name)
                unmeasured[name] = "The measurement failed."
                print(f"{subject.slug}, {name}: {failure}", flush=True)
                continue
            for criterion, value in found.items() if number >= 0 else ():
                figures[criterion].setdefault(name, []).append(value)
    return {
        criterion: {name: values for name, values in found.items() if name not in failed}
        for criterion, found in figures.items()
    }


def contender_of(subject: Subject, contender: Contender, servers: dict[str, str]) -> dict[str, Any]:
    """Return the version that is judged, those of all packages, and what a value says besides."""
    packages = versions_in(contender.requirements)
    server = subject.serves.get(contender.technology)
    version = servers[server] if server else packages[name_of(contender.requirements[0])]
    return {"version": version, "packages": packages, "remarks": dict(contender.remarks)}


def name_of(requirement: str) -> str:
    return re.split(r"[\[<>=!~]", requirement)[0]


# Writing ----------------------------------------------------------------------------------------


def machine() -> dict[str, Any]:
    said = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    model = re.search(r"(?m)^model name\s*: (.+)$", said)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "cpu": model[1] if model else platform.machine(),
        "cores": os.cpu_count(),
        "memory": f"{memory:.0f} GiB",
        "kernel": f"{platform.system()} {platform.release()}",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
    }


def write(path: Path, day: str, found: dict[str, Any]) -> None:
    """Write the results of a day, with those that were written earlier on it."""
    earlier = json.loads(path.read_text(encoding="utf-8"))["subjects"] if path.exists() else {}
    said = {
        "date": day,
        "machine": machine(),
        "rounds": ROUNDS,
        "spread": SPREAD,
        "subjects": dict(sorted({**earlier, **found}.items())),
    }
    path.parent.mkdir(exist_ok=True)
    text = json.dumps(said, indent=1, ensure_ascii=False)
    # The five figures of a contender on one line.
    text = re.sub(r"\[\s+([-0-9.e,\s]+?)\s+\]", lambda m: f"[{' '.join(m[1].split())}]", text)
    path.write_text(text + "\n", encoding="utf-8")


def show(slug: str, result: dict[str, Any], seconds: float) -> Iterable[str]:
    """Yield the lines of one subject."""
    yield f"{slug} ({seconds:.0f} s)"
    for criterion, summary in result["criteria"].items():
        yield f"  {criterion}, {summary['unit']}"
        for name, each in summary["contenders"].items():
            figures = f"{each['median']:>10.4g} {each['ratio']:>7.2f} ±{each['spread']:.1%}"
            yield f"    {name:12} {figures}"
    for name, why in result["unmeasured"].items():
        yield f"    {name:12} {why}"


def main(names: list[str]) -> int:
    """Measure, write and print; return 1 where a subject could not be measured."""
    if unknown := set(names) - set(SUBJECTS):
        print(f"no subjects: {', '.join(sorted(unknown))}; there are {', '.join(SUBJECTS)}")
        return 1
    day = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
    path, failures = RESULTS / f"{day}.json", 0
    for slug in names or SUBJECTS:
        start = time.monotonic()
        try:
            result = measure(SUBJECTS[slug])
        except Failure as failure:
            failures += 1
            print(f"{slug}: {failure}", flush=True)
            continue
        write(path, day, {slug: result})
        print("\n".join(show(slug, result, time.monotonic() - start)), flush=True)
    if path.exists():
        print(f"written to {path.relative_to(ROOT)}")
        cells.main([str(path)])
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
