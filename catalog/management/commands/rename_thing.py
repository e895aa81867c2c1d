from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from catalog.history import editions, renames
from catalog.models import PAGES, Edition


class Command(BaseCommand):
    help = "Give a page another slug. Its old address leads to the new one from then on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=PAGES)
        parser.add_argument("old", help="The slug it has.")
        parser.add_argument("new", help="The slug it gets.")

    def handle(self, *, kind: str, old: str, new: str, **options: Any) -> None:
        thing = PAGES[kind].objects.filter(slug=old).first()
        if thing is None:
            raise CommandError(f"There is no {kind} “{old}”.")
        try:
            with editions.record("", f"{old} renamed {new}", Edition.Origin.COMMAND):
                renames.rename(thing, new)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(self.style.SUCCESS(f"{thing} is at {thing.get_absolute_url()} now."))
