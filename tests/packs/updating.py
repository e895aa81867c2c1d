"""An edited guide and an update that does to it all that a pack can do, and what is there then."""

from io import StringIO
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from catalog.models import Base, Conflict, Edition, PackLoad, Revision
from tests.packs.packing import TABLE, cell, edit, load_pack, pack, point, state, technology

FLASK, TORNADO = technology("flask"), technology("tornado", summary="Old")
LEFT_OUT = [
    technology("bottle", description="One *file*."),
    point("bottle", "tiny"),
    point("flask", "old"),
]
SPEED = cell("frameworks", "speed", "sanic")
OLD = [*TABLE, TORNADO, *LEFT_OUT[:2]]
# Four rows are made, two change, a page is archived, a point goes, and one field is at odds.
NEW = [
    *(each for each in OLD if each not in (FLASK, TORNADO, SPEED, *LEFT_OUT)),
    technology("flask", summary="Theirs"),
    technology("tornado", summary="New", description="Some *words*."),
    cell("frameworks", "speed", "sanic", rating=4, word="Excellent"),
    technology("litestar", description="More *words*."),
    point("litestar", "typed"),
    technology("robyn", replaced_by=["litestar"]),
    point("robyn", "fast"),
]


def edited_guide(folder: Path) -> Path:
    """Load the old pack, edit what the update speaks of, and return the update, not yet loaded."""
    load_pack(pack(folder, *OLD, complete=True))
    edit("flask", summary="Mine")
    edit("quart", summary="Ours")
    return update(folder)


def update(folder: Path) -> Path:
    return pack(folder, *NEW, version="2", complete=True)


def everything() -> dict[str, list[str]]:
    """Every row of every table of the app as it stands there, primary keys and times included."""
    tables = sorted(model._meta.db_table for model in apps.get_app_config("catalog").get_models())
    found = {}
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT * FROM {table}")  # noqa: S608 - the name of a table
            found[table] = sorted(map(repr, cursor.fetchall()))
    return found


def outcome() -> dict[str, Any]:
    """What a load leaves, without what differs from one run to the next: keys and times."""
    return {
        "documents": state(),
        "editions": list(
            Edition.objects.order_by("number").values_list("number", "user", "comment", "origin")
        ),
        "revisions": list(
            Revision.objects.order_by("edition", "kind", "slug").values_list(
                "edition", "kind", "slug", "document"
            )
        ),
        "loads": list(
            PackLoad.objects.order_by("pk").values_list(
                "name", "version", "digest", "edition", "left_at", "plan", "undone_in"
            )
        ),
        "bases": sorted(
            Base.objects.values_list(
                "load__name", "load__version", "model", "key", "fields", "defaults"
            ),
            key=repr,
        ),
        "conflicts": sorted(
            Conflict.objects.values_list("load__version", "model", "key", "field", "incoming")
        ),
    }


def outcome_of(*packs: Path) -> dict[str, Any]:
    """What these packs would leave, loaded one after the other with nothing in their way."""
    with transaction.atomic():
        for folder in packs:
            run(folder)
        left = outcome()
        transaction.set_rollback(True)
    return left


def run(folder: Path) -> tuple[int, str]:
    """Load it by the command: the status it ends with, and what it complains of at the end."""
    try:
        call_command("load_pack", folder, interactive=False, stdout=StringIO())
    except CommandError as error:
        return error.returncode, str(error)
    return 0, ""


def integrity() -> list[str]:
    """What SQLite finds wrong with its file; PostgreSQL has no such question."""
    if connection.vendor != "sqlite":
        return []
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        return [line for (line,) in cursor.fetchall() if line != "ok"]
