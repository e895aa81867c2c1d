import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from catalog.history.editions import BusyError
from catalog.history.merge import Choose, Take, undecided
from catalog.models import PackLoad
from catalog.packs.entries import Incoming, digest_of, read
from catalog.packs.loading import MovedError, is_loaded, load, plan, token_of
from catalog.packs.problems import RefusedError
from catalog.packs.report import Report, report
from catalog.packs.uploads import MOST_ROWS

CONFLICTS_WAIT = 2
# Writers that come in between are outlived; who writes all the time is not waited for.
MOST_TRIES = 5


class Command(BaseCommand):
    help = (
        "Merge a pack into the guide: show what would change, then apply it whole or not at all. "
        "What was edited here stays; where both sides changed a field, the conflict waits. "
        "Exit status: 0 applied or nothing to do, 1 refused, 2 conflicts wait."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("pack", type=Path, help="A folder, a .zip, or one fixture file.")
        parser.add_argument("--dry-run", action="store_true", help="Show the plan only.")
        parser.add_argument(
            "--take",
            choices=[take.value for take in Take],
            help="End every conflict: theirs writes what the pack says, mine keeps what is here.",
        )
        parser.add_argument("--format", choices=["text", "json"], default="text")
        parser.add_argument(
            "--no-input", "--noinput", action="store_false", dest="interactive", help="Do not ask."
        )

    def handle(self, *, pack: Path, take: str | None, **options: Any) -> None:
        self.is_json = options["format"] == "json"
        choose = (lambda _row, _field: Take(take)) if take else undecided
        try:
            if take is None and is_loaded(digest_of(pack)):
                self._end("nothing to do")
                return
            incoming = read(pack)
            if len(incoming) > MOST_ROWS:
                self._tell(f"{len(incoming):,} rows: nobody else can save until they are tried.")
            is_asked = options["interactive"] and not self.is_json
            self._load(incoming, choose, is_asked=is_asked, is_tried=options["dry_run"])
        except RefusedError as error:
            lines = ["The pack is refused; nothing was loaded."]
            if self.is_json:
                problems = [problem._asdict() for problem in error.problems]
                self.stdout.write(json.dumps({"status": "refused", "problems": problems}))
            else:
                lines += str(error).splitlines()
            raise CommandError("\n  ".join(lines)) from error
        except BusyError:
            text = "Another change is being written; nothing was loaded. Try again later."
            raise CommandError(text) from None
        except DatabaseError as error:
            reason = " ".join(str(error).split())
            text = f"The database does not do its part; nothing was loaded: {reason}"
            raise CommandError(text) from error

    def _load(self, incoming: Incoming, choose: Choose, *, is_asked: bool, is_tried: bool) -> None:
        """Show the plan and load it, or only try it; load at once where nobody is asked."""
        token = ""
        for _attempt in range(MOST_TRIES):
            if is_asked or is_tried:
                made = plan(incoming, choose)
                made.problems.refuse()
                said, token = report(made), token_of(made)
                self._show(said)
                if is_tried:
                    return self._end("planned", said)
                if made.changes:
                    self._ask()
            try:
                said, record = load(incoming, user="", choose=choose, shown=token)
            except MovedError:
                self._tell("The guide has changed meanwhile; comparing again.")
                continue
            if not is_asked:
                self._show(said)
            return self._end("applied" if record else "nothing to do", said, record)
        raise CommandError("Others write all the time; nothing was loaded. Try again later.")

    def _show(self, said: Report) -> None:
        if not self.is_json:
            self.stdout.write("\n".join([f"{said.name} {said.version}", *said.lines()]))

    def _ask(self) -> None:
        try:
            answer = input("Apply this? [y/N] ")
        except EOFError:
            raise CommandError("Nothing was loaded: nobody answers here. Add --no-input.") from None
        if answer.strip().lower() not in ("y", "yes"):
            raise CommandError("Nothing was loaded.")

    def _end(self, status: str, said: Report | None = None, record: PackLoad | None = None) -> None:
        """Say how it ended. Raises CommandError with status 2 where conflicts wait."""
        edition = record.edition_id if record else None
        if self.is_json:
            data = {"edition": edition, **said.as_data()} if said else {}
            text = json.dumps({"status": status, **data}, ensure_ascii=False, indent=2)
        elif status == "planned":
            text = "Nothing was written."
        elif edition:
            text = f"{said.name} {said.version} is loaded: edition {edition}."
            text = self.style.SUCCESS(text)
        else:
            text = "Nothing to do: the guide says all of this already."
        self.stdout.write(text)
        if said and said.conflicts:
            sentence = (
                "Conflicts wait: choose in the admin, or load again with --take theirs or mine."
            )
            raise CommandError(sentence, returncode=CONFLICTS_WAIT)

    def _tell(self, sentence: str) -> None:
        self.stderr.write(sentence, self.style.NOTICE)
