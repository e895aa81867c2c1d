from typing import Any

from django.core.management.base import BaseCommand

from catalog.history import indexing


class Command(BaseCommand):
    help = "Make the entries of the search anew where they are not as the content has it."

    def handle(self, **options: Any) -> None:
        self.stdout.write(f"{indexing.rebuild()} entries, as the content has them.")
