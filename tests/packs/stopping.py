"""`manage.py load_pack` that stops at a moment: run as a program, by tests.packs.processes.

    python -m tests.packs.stopping ACTION WHEN TEXT PACK

WHEN is `before` or `after` the first statement in which the pattern TEXT is found, or `reading`:
when the file of that name is opened for the second time, the first being for its digest.
"""

import os
import re
import signal
import sys
from collections.abc import Callable
from typing import Any

import django
from django.core.management import execute_from_command_line
from django.db import connection

from tests.packs.statements import cut_the_connection, raise_error, watched

HERE = "here\n"


def wait() -> None:
    """Tell whoever started this that the moment has come, and wait to be let go."""
    sys.stdout.write(HERE)
    sys.stdout.flush()
    sys.stdin.readline()


def end_by(name: str) -> Callable[[], None]:
    return lambda: os.kill(os.getpid(), signal.Signals[name])


ACTIONS: dict[str, Callable[[], None]] = {
    "wait": wait,
    "fail": raise_error,
    "cut": cut_the_connection,
    **{name: end_by(name) for name in ("SIGKILL", "SIGTERM", "SIGINT")},
}


class Once:
    """Does something at the first, or another, of the times it is called."""

    def __init__(self, action: Callable[[], None], at: int = 1) -> None:
        self.action = action
        self.left = at

    def __call__(self) -> None:
        self.left -= 1
        if self.left == 0:
            self.action()


def main(action: str, when: str, text: str, pack: str) -> None:
    """Run the command; the action is taken once."""
    # A shell that runs the tests in the background has its children ignore it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    django.setup()
    # Newer Djangos ask SQLite for it in a transaction, before any command: that is no moment of it.
    _is_known = connection.features.supports_json_field
    act = Once(ACTIONS[action], at=2 if when == "reading" else 1)

    def see_file(event: str, arguments: tuple[Any, ...]) -> None:
        # What is opened may also be a handle, which is a number.
        if event == "open" and str(arguments[0]).endswith(f"/{text}"):
            act()

    def see_statement(sql: str) -> None:
        if re.search(text, sql):
            act()

    seen = {}
    if when == "reading":
        sys.addaudithook(see_file)
    else:
        seen[when] = see_statement
    with watched(**seen):
        execute_from_command_line(["manage.py", "load_pack", pack, "--no-input"])


if __name__ == "__main__":
    main(*sys.argv[1:])
