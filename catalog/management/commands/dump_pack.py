from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from catalog import packs


class Command(BaseCommand):
    help = "Write all content as fixtures into a folder, one file per thing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("pack", type=Path, help="The folder; made when missing.")

    def handle(self, *, pack: Path, **options: Any) -> None:
        written = packs.write(pack)
        self.stdout.write(self.style.SUCCESS(f"Wrote {len(written)} files into {pack}."))
