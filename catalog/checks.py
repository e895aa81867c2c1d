"""System check of the content: `manage.py check --database default`."""

from typing import Any

from django.core import checks
from django.db import connections

from catalog import integrity
from catalog.models import CONTENT


def register() -> None:
    checks.register(check_content, checks.Tags.database)


def check_content(app_configs: Any, databases: Any, **_kwargs: Any) -> list[checks.Warning]:
    """Return each problem of the content as a warning; nothing before the tables are there."""
    found = []
    for alias in databases or []:
        tables = set(connections[alias].introspection.table_names())
        if {model._meta.db_table for model in CONTENT} <= tables:
            problems = [*integrity.find_problems(), *integrity.find_invalid_rows()]
            found += [checks.Warning(str(problem), id="catalog.W001") for problem in problems]
    return found
