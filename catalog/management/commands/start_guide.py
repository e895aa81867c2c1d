from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.core.serializers.base import DeserializationError
from django.db import DatabaseError

from catalog import edition, packs
from catalog.models import Edition


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
            paths = packs.fixture_paths(pack)
        except FileNotFoundError as error:
            raise CommandError(str(error)) from error
        try:
            with edition.change("", f"{pack.name} loaded", Edition.Door.COMMAND) as change:
                call_command("loaddata", *paths, verbosity=0)
        except (DatabaseError, DeserializationError) as error:
            reason = " ".join(str(error).split())
            raise CommandError(f"Nothing was loaded from {pack.name}: {reason}") from error
        self.stdout.write(
            self.style.SUCCESS(f"Loaded {len(change.touched)} things from {pack.name}.")
        )
