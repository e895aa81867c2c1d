from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from catalog import edition
from catalog.packs.loading import MovedError, load
from catalog.packs.problems import RefusedError
from catalog.packs.reading import read


class Command(BaseCommand):
    help = (
        "Load a guide into a database that has never held content, and leave any other alone: "
        "what has been edited, or deleted, stays so."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("pack", type=Path, help="Folder with the guide's fixtures.")

    def handle(self, *, pack: Path, **options: Any) -> None:
        if (newest := edition.latest()) is not None:
            self.stdout.write(f"The guide is at edition {newest.number}; nothing was loaded.")
            return
        try:
            with read(pack) as incoming:
                said, _record = load(incoming, user="")
        except RefusedError as error:
            lines = [f"Nothing was loaded from {pack.name}:", *str(error).splitlines()]
            raise CommandError("\n  ".join(lines)) from error
        except (DatabaseError, MovedError, edition.BusyError) as error:
            reason = " ".join(str(error).split()) or "others write to the database just now."
            raise CommandError(f"Nothing was loaded from {pack.name}: {reason}") from error
        count = len(said.things)
        self.stdout.write(self.style.SUCCESS(f"Loaded {count} things from {pack.name}."))
