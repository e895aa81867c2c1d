import json
import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import Max

from catalog.history import editions
from catalog.models import Miss
from catalog.search.answering import answer

LOGGER = "stackguide.search"
MOST_KEPT = 500


class Command(BaseCommand):
    help = (
        "Count the searches without an answer in a log into the list on the desk. Lines that were "
        "counted before are passed over, and what finds something by now leaves the list."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file", nargs="?", default="-", help="The log, of all nodes together; - reads input."
        )

    def handle(self, *, file: str, **options: Any) -> None:
        try:
            lines = (
                sys.stdin if file == "-" else Path(file).read_text(errors="replace").splitlines()
            )
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        with transaction.atomic():
            counted, old = count([*read(lines)])
            answered = forget_answered()
        self.stdout.write(
            f"{counted} counted, {old} were counted before; {answered} texts have an answer by now."
        )


def read(lines: Iterable[str]) -> Iterator[tuple[datetime, str]]:
    """Yield day and text of each search without an answer; other lines are passed over."""
    for line in lines:
        try:
            said = json.loads(line)
            if said["logger"] == LOGGER:
                yield datetime.fromisoformat(said["timestamp"]), said["searched"].casefold()[:100]
        except (ValueError, KeyError, TypeError, AttributeError):
            continue


def count(found: list[tuple[datetime, str]]) -> tuple[int, int]:
    """Add these to the list, and return how many were new and how many were not."""
    last = Miss.objects.aggregate(last=Max("at"))["last"]
    new = [(at, text) for at, text in found if last is None or at > last]
    times, days = Counter(text for _, text in new), {text: at for at, text in sorted(new)}
    there = {miss.text: miss for miss in Miss.objects.filter(text__in=times)}
    rows = [there.get(text, Miss(text=text)) for text in times]
    for miss in rows:
        miss.count, miss.at = miss.count + times[miss.text], days[miss.text]
    Miss.objects.bulk_create(
        rows, update_conflicts=True, update_fields=["count", "at"], unique_fields=["text"]
    )
    kept = Miss.objects.order_by("-at", "pk").values_list("pk", flat=True)[:MOST_KEPT]
    Miss.objects.exclude(pk__in=list(kept)).delete()
    return len(new), len(found) - len(new)


def forget_answered() -> int:
    """Take off the list what the guide answers by now, and return how many those are."""
    state = editions.latest()
    stamp = state.stamp if state else None
    answered = [miss.pk for miss in Miss.objects.all() if answer(miss.text, stamp).hits]
    return Miss.objects.filter(pk__in=answered).delete()[0]
