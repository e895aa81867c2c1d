"""Tries every project that the shipped stacks start: `make prove-stacks`.

Loads the packs into a database of its own, has the site make the project of each stack and of each
combination of its choices, and does with it what a newcomer would: `make test`, on every Python
that is here, against the PostgreSQL and the Redis of this machine (DATABASE, REDIS_URL). Parses
compose.yaml and the CI file, which nothing here can run. Writes measurements/stacks.json; a test
holds that file to what is shipped. Ends with 1 where a project fails.
"""

import datetime
import itertools
import json
import os
import re
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from scripts.guide import ROOT, find_packs
from scripts.verify_guide import find_interpreters

RESULTS = ROOT / "measurements" / "stacks.json"
LONGEST = 600  # seconds for one project on one Python
POSTGRESQL = os.environ.get("POSTGRESQL", "postgres@127.0.0.1:5432/postgres")
REDIS_URL = os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/14")
# By the driver that a project's settings name.
ADDRESS = re.compile(r'"(postgresql(?:\+\w+)?)://')


def projects() -> Iterator[tuple[str, dict[str, str], list[str]]]:
    """Yield address, files and what is lacking for each combination that the guide offers.

    The files are those of no site and no edition, so that they change with the pieces alone.
    """
    from catalog.history import documents
    from catalog.history.rows import state_of
    from catalog.models import Stack
    from catalog.starters.choosing import places_in
    from catalog.starters.project import files_of, lacking
    from catalog.starters.reading import documents_now, named_in, start_of

    for stack in Stack.objects.published():
        rows = state_of(documents.of([stack.key])[stack.key])
        found = documents_now(named_in(rows), datetime.datetime.now(datetime.UTC).date())
        places = [one for one in places_in(rows, found.technologies) if one.is_choice]
        for offers in itertools.product(*(place.offers for place in places)):
            asked = {
                place.slug: [offer.technology] for place, offer in zip(places, offers, strict=True)
            }
            start = start_of(rows, found, asked, 0)._replace(site="")
            query = "&".join(f"{role}={slug}" for role, slug in start.chosen.pairs)
            address = f"/stacks/{stack.slug}/{f'?{query}' if query else ''}"
            lacks = lacking(start)
            yield address, {} if lacks else files_of(start), lacks


def start_site(folder: Path) -> None:
    """Make a site with the shipped guide in a database of its own."""
    os.environ |= {
        "SECRET_KEY": secrets.token_urlsafe(60),
        "DATABASE_URL": f"sqlite:///{folder}/guide.sqlite3",
        "DJANGO_SETTINGS_MODULE": "stackguide.settings",
        "LOG_LEVEL": "ERROR",
    }
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("start_guide", *map(str, find_packs()), verbosity=0)


def attempt(files: Mapping[str, str], interpreter: Path) -> dict[str, Any]:
    """Do as a newcomer does with a project on one Python; return what became of it."""
    with tempfile.TemporaryDirectory(prefix="prove-stacks-") as name:
        folder = Path(name)
        for path, text in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, encoding="utf-8", newline="")
        environment = {**os.environ, "REDIS_URL": REDIS_URL, "HOME": name}
        for gone in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE", "SECRET_KEY", "VIRTUAL_ENV"):
            environment.pop(gone, None)
        if scheme := ADDRESS.search(files["app/settings.py"]):
            environment["DATABASE_URL"] = f"{scheme[1]}://{POSTGRESQL}"
        begun = time.monotonic()
        done = subprocess.run(
            ["make", "test", f"PYTHON={interpreter}"],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=LONGEST,
        )
        seconds = round(time.monotonic() - begun)
        passed = re.search(r"(\d+) passed", done.stdout)
        if done.returncode or not passed:
            return {"passed": 0, "why": " ".join((done.stdout + done.stderr).split())[-1500:]}
        return {"passed": int(passed[1]), "seconds": seconds}


def parse(files: Mapping[str, str]) -> None:
    """Read what no server here can run. Raises where a parser refuses it."""
    services = yaml.safe_load(files["compose.yaml"])["services"]
    for service in services.values():
        for other in service.get("depends_on", ()):
            services[other]  # raises KeyError where there is none
    yaml.safe_load(files[".github/workflows/test.yml"])["jobs"]
    first = re.sub(r"(?m)^#.*\n", "", files["Containerfile"]).split()[0]
    if first != "FROM":
        raise ValueError(f"a Containerfile begins with FROM, not {first}")


def main() -> int:
    """Try everything, write the results, and return 1 where a project fails."""
    interpreters = find_interpreters()
    only = sys.argv[1:]
    results, failures = {}, 0
    with tempfile.TemporaryDirectory(prefix="prove-stacks-") as name:
        start_site(Path(name))
        found = [*projects()]
    from catalog.starters.project import digest_of

    for address, files, lacks in found:
        if lacks:
            print(f"{address}: not offered: {' '.join(lacks)}")
            continue
        if only and not any(text in address for text in only):
            continue
        parse(files)
        tried = {}
        for python, interpreter in sorted(interpreters.items()):
            tried[python] = attempt(files, interpreter)
            print(f"{address}, Python {python}: {tried[python]}", flush=True)
            failures += not tried[python]["passed"]
        results[address] = {
            "hash": digest_of(files),
            "files": len(files),
            "bytes": sum(len(text.encode()) for text in files.values()),
            "pythons": tried,
        }
    if not only:
        today = datetime.datetime.now(datetime.UTC).date().isoformat()
        text = json.dumps({"date": today, "results": results}, indent=1, ensure_ascii=False)
        RESULTS.write_text(f"{text}\n", encoding="utf-8")
    print(f"{len(results)} projects, {failures} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
