"""Checks the settings of production, and that no migration is missing: part of `make lint`.

Django's deployment checks look at settings as they are; so this runs them as a site would, with
HTTPS on, a name and a key of its own that is thrown away.
"""

import os
import secrets
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PRODUCTION = {
    "PATH": os.environ.get("PATH", ""),
    "SECRET_KEY": secrets.token_urlsafe(60),
    "ALLOWED_HOSTS": "stackguide.internal",
    # Nothing is read from it or written to it by the checks.
    "DATABASE_URL": "sqlite:///var/checks.sqlite3",
}
COMMANDS = (
    ("check", "--deploy", "--fail-level", "WARNING"),
    ("makemigrations", "--check", "--dry-run"),
)


def main() -> int:
    """Run the checks, all of them; return 1 if one found something."""
    (ROOT / "var").mkdir(mode=0o700, exist_ok=True)
    commands = [[sys.executable, "manage.py", *command] for command in COMMANDS]
    # The commands are those above.
    results = [
        subprocess.run(command, cwd=ROOT, env=PRODUCTION, check=False)  # noqa: S603
        for command in commands
    ]
    return int(any(result.returncode for result in results))


if __name__ == "__main__":
    sys.exit(main())
