"""Whether the recommended versions resolve, install and run: `make verify-guide`.

Reads the shipped guide and asks the package index, by uv, once for each version set and for each
combination that a stack offers, and each Python from 3.11 to 3.14. For the Pythons that are here
(beside `python3`, or among pyenv's versions) it installs what was resolved into an environment of
its own and runs scripts/smoke in it, against the servers of this machine. Writes
measurements/verified.json; a test compares that file with what is shipped. Ends with 1 where
something recommended does not resolve or run.
"""

import contextlib
import datetime
import hashlib
import itertools
import json
import os
import re
import runpy
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

from packaging.specifiers import SpecifierSet

from scripts.guide import ROOT, Rows, find_packs, read_guide

RESULTS = ROOT / "measurements" / "verified.json"
UV = Path(sys.executable).parent / "uv"
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
# Kept as it was written in 2025, to be compared with; what no longer runs in it is a result too.
PAST = ("python-2025",)
LONGEST = 600  # seconds for one environment; its own steps end after 60

# Its module needs nothing of Django, but the package it is in does.
to_pep440 = runpy.run_path(str(ROOT / "catalog" / "models" / "specifiers.py"))["to_pep440"]


class Subject(NamedTuple):
    """A version set, or one combination of a stack with a set that pins all of it."""

    name: str  # "versions/python-2025", "stacks/modern-microservices?task-queue=celery"
    version_set: str
    python: str
    requirements: tuple[str, ...]

    @property
    def digest(self) -> str:
        """Stands for the Python range and the requirements, whatever their order."""
        said = [self.python, *sorted(self.requirements)]
        return hashlib.sha256("\n".join(said).encode()).hexdigest()


# What is shipped --------------------------------------------------------------------------------


def find_subjects(guide: Rows) -> list[Subject]:
    """Return every version set, and every combination of a stack with each set that covers it."""
    pins = {slug: pins_of(guide, slug) for (slug,) in guide["versionset"]}
    subjects = [
        subject(guide, f"versions/{slug}", slug, pins[slug], set(pins[slug]))
        for slug in sorted(pins)
    ]
    for (stack,) in sorted(guide["stack"]):
        for chosen, technologies in combinations_of(guide, stack):
            packages = {
                name
                for (name,), fields in guide["package"].items()
                if fields["technology"][0] in technologies
            }
            for slug in sorted(set(pins) - set(PAST)):
                if packages <= set(pins[slug]):
                    name = f"stacks/{stack}{chosen} on {slug}"
                    subjects.append(subject(guide, name, slug, pins[slug], packages))
    return subjects


def subject(
    guide: Rows, name: str, version_set: str, pins: dict[str, str], packages: set[str]
) -> Subject:
    python = to_pep440(guide["versionset"][version_set,]["python"])
    return Subject(name, version_set, python, tuple(pins[name] for name in sorted(packages)))


def pins_of(guide: Rows, version_set: str) -> dict[str, str]:
    """Return the requirement of each package that the set pins: "fastapi[standard]>=0.165,<1"."""
    found = {}
    for (slug, package), fields in guide["pin"].items():
        if slug == version_set:
            extras = f"[{fields['extras']}]" if fields["extras"] else ""
            try:
                specifier = to_pep440(fields["specifier"])
            except ValueError as error:
                raise SystemExit(f"{package} in {version_set}: {error}") from error
            found[package] = f"{package}{extras}{specifier}"
    return found


def combinations_of(guide: Rows, stack: str) -> Iterator[tuple[str, set[str]]]:
    """Yield what a stack offers together: "?task-queue=celery" and the technologies of it.

    Of a role that is “one of” each choice in turn, of the others all. A technology that a choice
    goes with, such as the driver of a database, is part of it.
    """
    always: set[str] = set()
    alternatives: list[list[tuple[str, str, set[str]]]] = []
    for (of, role), fields in sorted(guide["role"].items()):
        if of != stack:
            continue
        offered = [
            (role, key[2], {key[2], *(choice["with_technology"] or ())})
            for key, choice in sorted(guide["choice"].items())
            if key[:2] == (stack, role)
        ]
        if fields["mode"] == "one-of" and len(offered) > 1:
            alternatives.append(offered)
        else:
            always |= {name for *_, technologies in offered for name in technologies}
    for chosen in itertools.product(*alternatives):
        query = "&".join(f"{role}={technology}" for role, technology, _ in chosen)
        together = always.union(*(technologies for *_, technologies in chosen))
        yield (f"?{query}" if query else ""), together


# Resolving and running --------------------------------------------------------------------------


class Tried(NamedTuple):
    """One subject under one Python."""

    subject: Subject
    python: str
    result: dict[str, Any]


def uv(*arguments: str | Path, text: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run uv, which downloads no Python."""
    return subprocess.run(  # noqa: S603 - a program of this project's environment
        [UV, *map(str, arguments)],
        input=text,
        env={**os.environ, "UV_PYTHON_DOWNLOADS": "never", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=LONGEST,
    )


def find_interpreters() -> dict[str, Path]:
    """Return the Pythons that are here, by their first two numbers; the highest of each."""
    found: dict[str, tuple[list[int], Path]] = {}
    beside = Path(sys.executable).resolve().parent
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    kept = sorted({*pyenv.glob("*/bin"), *Path(sys.base_prefix).parent.glob("*/bin")})
    for place in (Path("/usr/bin"), Path("/usr/local/bin"), beside, *kept):
        for version in PYTHONS:
            path = place / f"python{version}"
            if path.exists():
                command = [path, "-c", "import platform; print(platform.python_version())"]
                said = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
                if re.fullmatch(r"\d+\.\d+\.\d+", said.stdout.strip()):
                    numbers = [int(part) for part in said.stdout.split(".")]
                    found[version] = max(found.get(version, (numbers, path)), (numbers, path))
    return {version: path for version, (_numbers, path) in found.items()}


def attempt(subject: Subject, python: str, interpreter: Path | None) -> Tried:
    """Resolve a subject for a Python, and install and run it where that Python is here."""
    if not SpecifierSet(subject.python).contains(f"{python}.0"):
        return Tried(subject, python, {"not tried": f"the set asks for Python {subject.python}"})
    options = ("--python-version", python, "--no-build", "--no-header", "--no-annotate")
    resolved = uv("pip", "compile", "-", *options, text="\n".join(subject.requirements))
    if resolved.returncode:
        return Tried(subject, python, {"resolved": False, "why": last_lines(resolved.stderr)})
    pins = dict(re.findall(r"(?m)^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;]+)", resolved.stdout))
    asked = [re.split(r"[\[<>=!~]", text)[0] for text in subject.requirements]
    result = {
        "resolved": len(pins),
        "versions": ", ".join(f"{name} {pins[name]}" for name in asked),
    }
    if interpreter is None:
        return Tried(subject, python, {**result, "not run": f"there is no Python {python} here"})
    with tempfile.TemporaryDirectory(prefix="verify-guide-") as folder:
        return Tried(
            subject, python, result | run(Path(folder), interpreter, resolved.stdout, asked)
        )


def run(folder: Path, interpreter: Path, pins: str, asked: list[str]) -> dict[str, Any]:
    """Install what was resolved and run the smoke checks in it; return what became of them."""
    made, lock = folder / "environment", folder / "requirements.txt"
    lock.write_text(pins, encoding="utf-8")
    python = made / "bin" / "python"
    for command in (
        ("venv", "--quiet", "--python", interpreter, made),
        ("pip", "install", "--quiet", "--no-deps", "--no-build", "--python", python, "-r", lock),
    ):
        done = uv(*command)
        if done.returncode:
            return {"ran": False, "why": last_lines(done.stderr)}
    process = subprocess.Popen(  # noqa: S603 - what was just installed
        [python, "-m", "smoke", *asked],
        cwd=folder,
        env={
            "HOME": str(folder),
            "LANG": "C.UTF-8",
            "PATH": f"{python.parent}:/usr/bin:/bin",
            "PYTHONPATH": str(ROOT / "scripts"),
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        output, complaints = process.communicate(timeout=LONGEST)
    except subprocess.TimeoutExpired:
        # Interrupted rather than killed, so that it ends the servers and workers it started.
        process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.communicate(timeout=60)
        process.kill()
        return {"ran": False, "why": f"not done after {LONGEST} seconds"}
    try:
        said = json.loads(output)
    except ValueError:
        return {"ran": False, "why": last_lines(output + complaints)}
    return {"ran": said["python"] if said["passed"] else False, "checks": said["checks"]}


def last_lines(text: str) -> str:
    """Return what a program said at its end, on one line, warnings apart."""
    lines = [line for line in text.splitlines() if not line.startswith("warning:")]
    return " ".join(" ".join(lines).split())[-400:]


def find_newer(guide: Rows) -> dict[str, str]:
    """Return the packages of which the index has a newer release than the guide says, with it."""
    facts = {name: fields["latest_version"] for (name,), fields in guide["packagefacts"].items()}
    # The newest Python of all: a release that needs it is a release too.
    options = ("--python-version", "3.14", "--no-deps", "--no-header", "--no-annotate")
    done = uv("pip", "compile", "-", *options, text="\n".join(facts))
    if done.returncode:
        raise SystemExit(done.stderr)
    newest = dict(re.findall(r"(?m)^([A-Za-z0-9._-]+)==([^\s;]+)", done.stdout))
    return {
        name: f"{version} here, {newest[name]} in the index"
        for name, version in sorted(facts.items())
        if newest[name] != version
    }


# The results ------------------------------------------------------------------------------------


def record(tried: list[Tried], newer: dict[str, str]) -> dict[str, Any]:
    """Return the results as the file holds them."""
    results: dict[str, Any] = {}
    for subject, python, result in tried:
        entry = results.setdefault(
            subject.name,
            {
                "hash": subject.digest,
                "version set": subject.version_set,
                "python": subject.python,
                "requirements": list(subject.requirements),
                "pythons": {},
            },
        )
        entry["pythons"][python] = result
    today = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
    return {"date": today, "newer in the index": newer, "results": results}


def find_failures(results: dict[str, Any]) -> list[str]:
    """Return a sentence for each recommended set or combination that does not resolve or run."""
    return [
        f"{name} on Python {python}: {tried.get('why') or tried.get('checks')}"
        for name, entry in results.items()
        for python, tried in entry["pythons"].items()
        if name.removeprefix("versions/") not in PAST
        if tried.get("resolved") is False or tried.get("ran") is False
    ]


def say(tried: Tried) -> str:
    """Return a line for one subject under one Python."""
    result = tried.result
    words = [f"resolved ({result['resolved']})" if result.get("resolved") else ""]
    if "not tried" in result:
        words.append(f"not tried: {result['not tried']}")
    elif result.get("resolved") is False:
        words.append(f"does not resolve: {result['why']}")
    elif "not run" in result:
        words.append(f"not run: {result['not run']}")
    elif result["ran"]:
        counts = Counter(said.partition(":")[0] for said in result["checks"].values())
        told = ", ".join(f"{count} {word}" for word, count in sorted(counts.items()))
        words.append(f"ran on {result['ran']} ({told})")
    else:
        broken = {k: v for k, v in result.get("checks", {}).items() if v.startswith("failed")}
        words.append(f"does not run: {broken or result['why']}")
    return f"{tried.subject.name}, Python {tried.python}: {', '.join(filter(None, words))}"


def total(tried: list[Tried]) -> str:
    """Return how many ran, how many only resolved and how many were not tried."""
    ran = sum(bool(each.result.get("ran")) for each in tried)
    resolved = sum("not run" in each.result for each in tried)
    left = sum("not tried" in each.result for each in tried)
    past = sum(each.subject.version_set in PAST for each in tried)
    counts = f"{ran} ran, {resolved} resolved and were not run, {left} not tried"
    return f"{len(tried)} tried: {counts} (of them {past} of the past, which may fail)"


def main() -> int:
    """Try everything, write the results, and return 1 where something does not hold."""
    guide = read_guide(find_packs())
    interpreters = find_interpreters()
    print("Pythons here:", ", ".join(f"{key} {path}" for key, path in sorted(interpreters.items())))
    newer = find_newer(guide)
    for package, text in newer.items():
        print(f"newer: {package}, {text}")
    work = [(subject, python) for subject in find_subjects(guide) for python in PYTHONS]
    tried = []
    with ThreadPoolExecutor(2) as pool:
        for done in pool.map(lambda each: attempt(*each, interpreters.get(each[1])), work):
            print(say(done), flush=True)
            tried.append(done)
    results = record(tried, newer)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    failures = find_failures(results["results"])
    for failure in failures:
        print(f"FAILED {failure}")
    print(f"{total(tried)}, {len(failures)} failed; written to {RESULTS.relative_to(ROOT)}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
