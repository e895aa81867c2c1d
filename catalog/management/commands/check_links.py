import json
from argparse import ArgumentParser, ArgumentTypeError
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from catalog import links
from catalog.models.fields import one_line

MOST_AT_ONCE = 64
LONGEST_NUMBER = 6


def is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER


def positive(text: str) -> int:
    if not is_number(text) or int(text) == 0:
        raise ArgumentTypeError(f"{text} is no number from 1 on.")
    return int(text)


def few(text: str) -> int:
    if positive(text) > MOST_AT_ONCE:
        raise ArgumentTypeError(f"{text} is more than {MOST_AT_ONCE}.")
    return int(text)


def days(text: str) -> timedelta:
    if not is_number(text):
        raise ArgumentTypeError(f"{text} is no number of days.")
    return timedelta(days=int(text))


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
            type=days,
            default=links.OLDER_THAN,
            metavar="DAYS",
            help="Ask again for what was asked for so many days ago (7); 0 asks for all.",
        )
        parser.add_argument(
            "--limit", type=positive, metavar="N", help="Ask for so many addresses at most."
        )
        parser.add_argument(
            "--at-once",
            type=few,
            default=links.AT_ONCE,
            metavar="N",
            help="How many machines are asked at the same time (8).",
        )
        parser.add_argument("--dry-run", action="store_true", help="Ask, but keep nothing.")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(
        self,
        *,
        older_than: timedelta,
        limit: int | None,
        at_once: int,
        dry_run: bool,
        guard: links.Guard | None = None,
        **options: Any,
    ) -> None:
        try:
            report = links.check(
                older_than=older_than, limit=limit, at_once=at_once, dry_run=dry_run, guard=guard
            )
        except DatabaseError as error:
            reason = " ".join(str(error).split())
            text = f"The database does not do its part; what was kept is kept: {reason}"
            raise CommandError(text) from error
        if options["format"] == "json":
            self.stdout.write(json.dumps(_as_data(report), ensure_ascii=False, indent=2))
            return
        for word, is_alive in (("dead", False), ("uncertain", None)):
            for one in report.those(is_alive):
                self.stdout.write(f"{word}: {_line(one)}")
        self._sum_up(report)
        if dry_run:
            self.stdout.write("Nothing was written.")

    def _sum_up(self, report: links.Report) -> None:
        alive, dead, uncertain = (len(report.those(state)) for state in (True, False, None))
        self.stdout.write(
            f"Asked for: {len(report.checked)}. "
            f"Alive: {alive}, dead: {dead}, uncertain: {uncertain}."
        )
        if report.nameless:
            text = f"No name could be looked up, nothing was kept of {report.nameless}."
            self.stdout.write(f"{text} Is there a way out?")
        if report.left:
            self.stdout.write(f"Left for the next time: {report.left}.")
        if report.forgotten:
            self.stdout.write(f"No longer named: {report.forgotten}.")


def _line(one: links.Checked) -> str:
    """An address with what became of it and who names it; nothing in it moves the cursor."""
    things = ", ".join(f"{kind} {slug}" for kind, slug in one.things)
    return one_line(f"{one.address} ({one.answer.reason}), {things}")


def _as_data(report: links.Report) -> dict[str, Any]:
    states = {True: "alive", False: "dead", None: "uncertain"}
    return {
        "checked": [
            {
                "address": one.address,
                "state": states[one.answer.is_alive],
                "reason": one.answer.reason,
                "things": [f"{kind}/{slug}" for kind, slug in one.things],
            }
            for one in report.checked
        ],
        "left": report.left,
        "nameless": report.nameless,
        "forgotten": report.forgotten,
    }
