from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from catalog.history import editions
from catalog.models import PackLoad
from catalog.packs.entries import digest_of, read
from catalog.packs.loading import load
from catalog.packs.problems import RefusedError


class Command(BaseCommand):
    help = (
        "Load a guide into a database that has never held content, pack by pack, and leave any "
        "other alone: what has been edited, or deleted, stays so. It then names the packs of which "
        "the guide does not know this state."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "packs",
            type=Path,
            nargs="+",
            metavar="pack",
            help="Folders with fixtures; those that are over others come after them.",
        )

    def handle(self, *, packs: list[Path], **options: Any) -> None:
        newest = editions.latest()
        if newest is not None:
            self.stdout.write(f"The guide is at edition {newest.number}; nothing was loaded.")
        meet = self._load if newest is None else self._name_if_new
        for pack in packs:
            meet(pack)

    def _load(self, pack: Path) -> None:
        try:
            report, _record = load(read(pack), user="")
        except RefusedError as error:
            lines = [f"Nothing was loaded from {pack.name}:", *str(error).splitlines()]
            raise CommandError("\n  ".join(lines)) from error
        except (DatabaseError, editions.BusyError) as error:
            reason = " ".join(str(error).split()) or "others write to the database just now."
            raise CommandError(f"Nothing was loaded from {pack.name}: {reason}") from error
        said = f"Loaded {len(report.things)} things from {pack.name}."
        self.stdout.write(self.style.SUCCESS(said))

    def _name_if_new(self, pack: Path) -> None:
        """Name a pack that was never loaded here as it is now; an operator decides."""
        try:
            is_new = not PackLoad.objects.filter(digest=digest_of(pack)).exists()
        except RefusedError:
            return  # what is not loaded need not be in order
        if is_new:
            self.stdout.write(
                f"{pack} is not loaded here as it is now; to see what it would change: "
                f"python manage.py load_pack {pack} --dry-run"
            )
