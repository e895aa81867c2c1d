from typing import Any

from django.core.management.base import BaseCommand

from catalog import roles


class Command(BaseCommand):
    help = "Make the groups Contributor, Editor, Publisher and Auditor, or set them right."

    def handle(self, **options: Any) -> None:
        for group, gained, lost in roles.make():
            total = len(roles.ROLES[group.name])
            self.stdout.write(f"{group.name}: {total} permissions, {gained} added, {lost} removed")
