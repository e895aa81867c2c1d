#!/usr/bin/env python
"""Django's commands for this site: `python manage.py help` lists them."""

import os
import sys

from django.conf import settings
from django.core.management import execute_from_command_line

from stackguide.env import RefusalError


def main() -> None:
    """Run the command. Ends with status 1 and one sentence where the environment is refused."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stackguide.settings")
    try:
        # Reads the settings now; Django would print a refusal as a traceback.
        _ = settings.DEBUG
    except RefusalError as refusal:
        sys.exit(f"StackGuide: {refusal}")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
