import re
import subprocess
import sys
from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from packaging.utils import canonicalize_name
from pypi_simple import (
    ACCEPT_JSON_PREFERRED,
    NoSuchProjectError,
    PyPISimple,
    UnsupportedRepoVersionError,
)
from requests import RequestException

from catalog import package_index
from catalog.history.editions import BusyError
from catalog.models.fields import one_line
from catalog.package_index import Facts, Read, UnreadableError

SECONDS = (5, 30)  # to connect, and between two pieces of an answer


def index_address() -> str:
    """Return the index that pip is configured for; empty where it goes by its default."""
    # Nothing in it comes from outside; where there is no pip, there is no configuration of it.
    command = [sys.executable, "-m", "pip", "config", "list"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    found = dict(re.findall(r"^(:env:|global)\.index-url='(.*)'$", done.stdout, re.MULTILINE))
    return found.get(":env:") or found.get("global", "")


def reader(address: str = "") -> Read:
    """Return what reads the facts of one package. Raises UnreadableError where there are none."""
    # JSON, since only that has the days of releases and the project status.
    options = {"endpoint": address} if address else {}
    client = PyPISimple(accept=ACCEPT_JSON_PREFERRED, **options)

    def read(name: str) -> Facts:
        try:
            page = client.get_project_page(name, timeout=SECONDS)
        except NoSuchProjectError as error:
            raise UnreadableError("the index does not have it") from error
        except (RequestException, ValueError, UnsupportedRepoVersionError, RecursionError) as error:
            # An address may hold a name and a password, which no log is to keep.
            is_cut_short = "/" in address.rpartition("@")[0].partition("//")[2]
            why = re.sub(r"//[^/\s]*@", "//", one_line(str(error)))[:200]
            why = "" if is_cut_short else why
            raise UnreadableError(why or type(error).__name__) from error
        if canonicalize_name(page.project) != name:
            raise UnreadableError("the index answers for another package")
        return package_index.facts_of(page, datetime.now(UTC).date().isoformat())

    return read


class Command(BaseCommand):
    help = (
        "Read the package index that pip is configured for, and keep what is new of the guide's "
        "packages as one edition. Then says which pins and verdicts that touches."
    )
    # What may be asked instead of the index: tests have none.
    stealth_options = ("read",)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("packages", nargs="*", help="Only these; else all of the guide.")
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="Read, but keep nothing; pins and verdicts go by what is kept.",
        )

    def handle(self, *, packages: list[str], dry_run: bool, **options: Any) -> None:
        read = options.get("read") or reader(index_address())
        try:
            reading = package_index.refresh(read, packages, dry_run=dry_run)
        except BusyError as error:
            raise CommandError(f"{error} Nothing was written; try again.") from error
        for name, why in sorted(reading.failed.items()):
            self.stderr.write(f"not read: {one_line(f'{name}: {why}')}")
        for line in reading.changed:
            self.stdout.write(f"new: {one_line(line)}")
        for pin in package_index.overtaken_pins():
            text = f"{pin.package} {pin} in {pin.version_set}: {package_index.why_overtaken(pin)}"
            self.stdout.write(f"touches a pin: {one_line(text)}")
        for package, why in package_index.touched_verdicts():
            self.stdout.write(f"touches a verdict: {one_line(f'{package.technology}: {why}')}")
        kept = f"kept as edition {reading.edition}" if reading.edition else "nothing was written"
        new = f"{len(reading.changed)} with something new"
        packages = f"{reading.read} package{'' if reading.read == 1 else 's'}"
        self.stdout.write(f"Read {packages}, {new}; {kept}.")
        if reading.failed and not reading.read:
            raise CommandError("No package could be read; the lines above say why.")
