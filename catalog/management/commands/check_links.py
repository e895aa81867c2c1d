import json
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from catalog import links
from catalog.models.fields import one_line

MOST = 999_999
MOST_AT_ONCE = 64
STATES = {True: "alive", False: "dead", None: "uncertain"}


def number(least: int, most: int = MOST) -> Callable[[str], int]:
    """Return what reads the number of an option, within bounds."""

    def read(text: str) -> int:
        is_number = text.isascii() and text.isdecimal() and len(text) <= len(str(MOST))
        if not is_number or not least <= int(text) <= most:
            raise ArgumentTypeError(f"{text} is no number from {least} to {most}.")
        return int(text)

    return read


class Command(BaseCommand):
    help = (
        "Ask for the addresses that the content names and keep which are alive and which dead. "
        "Content is not changed. Exit status 0, whatever is found."
    )
    # What may be asked for: tests alone have a server on this machine.
    stealth_options = ("guard",)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--older-than",
            type=number(0),
            default=links.OLDER_THAN.days,
            metavar="DAYS",
            help="Ask again for what was asked for so many days ago (7); 0 asks for all.",
        )
        parser.add_argument(
            "--limit", type=number(1), metavar="N", help="Ask for so many addresses at most."
        )
        parser.add_argument(
            "--at-once",
            type=number(1, MOST_AT_ONCE),
            default=links.AT_ONCE,
            metavar="N",
            help="How many machines are asked at the same time (8).",
        )
        parser.add_argument("--dry-run", action="store_true", help="Ask, but keep nothing.")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *, older_than: int, dry_run: bool, **options: Any) -> None:
        bounds = {name: options.get(name) for name in ("limit", "at_once", "guard")}
        try:
            report = links.check(older_than=timedelta(days=older_than), dry_run=dry_run, **bounds)
        except DatabaseError as error:
            reason = " ".join(str(error).split())
            text = f"The database does not do its part; what was kept is kept: {reason}"
            raise CommandError(text) from error
        if options["format"] == "json":
            checked = [
                {
                    "address": one.address,
                    "state": STATES[one.answer.is_alive],
                    "reason": one.answer.reason,
                    "things": [f"{kind}/{slug}" for kind, slug in one.things],
                }
                for one in report.checked
            ]
            found = vars(report) | {"checked": checked}
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2))
            return
        for is_alive in (False, None):
            for one in report.those(is_alive):
                # Nothing in a line moves the cursor.
                things = ", ".join(f"{kind} {slug}" for kind, slug in one.things)
                text = one_line(f"{one.address} ({one.answer.reason}), {things}")
                self.stdout.write(f"{STATES[is_alive]}: {text}")
        self._sum_up(report)
        if dry_run:
            self.stdout.write("Nothing was written.")

    def _sum_up(self, report: links.Report) -> None:
        counts = [f"{word}: {len(report.those(state))}" for state, word in STATES.items()]
        found = ", ".join(counts).capitalize()
        self.stdout.write(f"Asked for: {len(report.checked)}. {found}.")
        if report.nameless:
            text = f"No name could be looked up, nothing was kept of {report.nameless}."
            self.stdout.write(f"{text} Is there a way out?")
        if report.left:
            self.stdout.write(f"Left for the next time: {report.left}.")
        if report.forgotten:
            self.stdout.write(f"No longer named: {report.forgotten}.")
