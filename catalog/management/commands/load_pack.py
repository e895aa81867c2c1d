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
        self.options = options
        choose = (lambda _row, _field: Take(take)) if take else undecided
        try:
            if take is None and is_loaded(digest_of(pack)):
                self._tell_that_nothing_is_to_do()
                return
            incoming = read(pack)
            if len(incoming) > MOST_ROWS:
                self._tell(f"{len(incoming):,} rows: nobody else can save until they are tried.")
            self._load(incoming, choose)
        except RefusedError as error:
            self._refuse(error)
        except BusyError:
            text = "Another change is being written; nothing was loaded. Try again later."
            raise CommandError(text) from None
        except DatabaseError as error:
            reason = " ".join(str(error).split())
            text = f"The database does not do its part; nothing was loaded: {reason}"
            raise CommandError(text) from error

    def _load(self, incoming: Incoming, choose: Choose) -> None:
        """Show the plan and load it; at once where nobody is asked."""
        is_asked = self.options["interactive"] and self.options["format"] != "json"
        if not (is_asked or self.options["dry_run"]):
            said, record = load(incoming, user="", choose=choose)
            self._show(said)
            return self._end(said, "applied" if record else "nothing to do", record)
        for _attempt in range(MOST_TRIES):
            made = plan(incoming, choose)
            made.problems.refuse()
            said = report(made)
            self._show(said)
            if self.options["dry_run"]:
                return self._end(said, "planned")
            if made.changes:
                self._ask()
            try:
                said, record = load(incoming, user="", choose=choose, shown=token_of(made))
            except MovedError:
                self._tell("The guide has changed meanwhile; comparing again.")
                continue
            return self._end(said, "applied" if record else "nothing to do", record)
        raise CommandError("Others write all the time; nothing was loaded. Try again later.")

    # What is said

    def _show(self, said: Report) -> None:
        if self.options["format"] == "json":
            return
        self.stdout.write(f"{said.name} {said.version}")
        for line in said.lines():
            self.stdout.write(line)

    def _ask(self) -> None:
        try:
            answer = input("Apply this? [y/N] ")
        except EOFError:
            raise CommandError("Nothing was loaded: nobody answers here. Add --no-input.") from None
        if answer.strip().lower() not in ("y", "yes"):
            raise CommandError("Nothing was loaded.")

    def _end(self, said: Report, status: str, record: PackLoad | None = None) -> None:
        """Say how it ended. Raises CommandError with status 2 where conflicts wait."""
        edition = record.edition_id if record else None
        if self.options["format"] == "json":
            data = {"status": status, "edition": edition, **said.as_data()}
            self.stdout.write(json.dumps(data, ensure_ascii=False, indent=2))
        elif status == "applied" and edition:
            sentence = f"{said.name} {said.version} is loaded: edition {edition}."
            self.stdout.write(self.style.SUCCESS(sentence))
        elif status == "planned":
            self.stdout.write("Nothing was written.")
        else:
            self._tell_that_nothing_changes()
        if said.conflicts:
            sentence = (
                "Conflicts wait: choose in the admin, or load again with --take theirs or mine."
            )
            raise CommandError(sentence, returncode=CONFLICTS_WAIT)

    def _tell_that_nothing_is_to_do(self) -> None:
        if self.options["format"] == "json":
            self.stdout.write(json.dumps({"status": "nothing to do"}))
        else:
            self._tell_that_nothing_changes()

    def _tell_that_nothing_changes(self) -> None:
        self.stdout.write("Nothing to do: the guide says all of this already.")

    def _refuse(self, error: RefusedError) -> None:
        """Raises CommandError."""
        if self.options["format"] == "json":
            problems = [problem._asdict() for problem in error.problems]
            self.stdout.write(json.dumps({"status": "refused", "problems": problems}))
            raise CommandError("The pack is refused; nothing was loaded.")
        lines = ["The pack is refused; nothing was loaded.", *str(error).splitlines()]
        raise CommandError("\n  ".join(lines))

    def _tell(self, sentence: str) -> None:
        self.stderr.write(sentence, self.style.NOTICE)
