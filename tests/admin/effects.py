"""What becomes of a request: whether anything in the database differs after it, and what."""

import shutil
from collections.abc import Callable, Set
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection, models, transaction
from django.http import HttpResponse
from django.template.response import SimpleTemplateResponse

from catalog.history import documents
from catalog.models import (
    CONTENT,
    Page,
    Pending,
    RenderedMarkdown,
    Snippet,
    Status,
    Thing,
    ThingKey,
)

NOTHING = "nothing"
WAITS = "waits"  # a pending change differs, and no content
DRAFT = "draft"  # content differs that no reader sees
LIVE = "live"  # what readers see differs
ELSE = "else"  # accounts, records of packs, uploaded files

# Who is signed in, and what can be made again at any time.
PASSING = {Session, RenderedMarkdown}

READING = ("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "PRAGMA")

KINDS = {model.KIND for model in CONTENT if issubclass(model, Thing)}

State = dict[str, Any]


def draw_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw no page: it takes half of the time, and nothing comes of it."""
    monkeypatch.setattr(SimpleTemplateResponse, "rendered_content", property(lambda _page: ""))


class Effects:
    """Sends requests and takes back what they write; compares what there is before and after.

    Make it once the content is there: every request finds that same state.
    """

    def __init__(self) -> None:
        self.before, self.live = read_all(), read_live(KINDS)

    def of(self, send: Callable[[], HttpResponse]) -> tuple[HttpResponse, str]:
        """The answer to one request, and what became of it."""
        written: list[str] = []

        def note(execute: Callable, sql: str, *rest: Any) -> Any:
            if not sql.lstrip(" (").startswith(READING):
                written.append(sql)
            return execute(sql, *rest)

        with transaction.atomic():
            with connection.execute_wrapper(note):
                answer = send()
            effect = self._effect(is_written=bool(written))
            transaction.set_rollback(True)
        self._remove_files()
        return answer, effect

    def _remove_files(self) -> None:
        for path in map(Path, {*files()} - {*self.before["files"]}):
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)

    def _effect(self, *, is_written: bool) -> str:
        if files() != self.before["files"]:
            return ELSE
        after = read_all() if is_written else self.before
        differs = {table for table in after if after[table] != self.before[table]}
        if not differs:
            return NOTHING
        touched = [model for model in CONTENT if model._meta.db_table in differs]
        if touched:
            kinds = {kind for model in touched for kind, _slug in model.owner_slugs()}
            before = {thing: rows for thing, rows in self.live.items() if thing.kind in kinds}
            return DRAFT if read_live(kinds) == before else LIVE
        return WAITS if Pending._meta.db_table in differs else ELSE


def read_all() -> State:
    """Every row of every table that is kept, by table, and the names of uploaded files."""
    kept = [each for each in apps.get_models(include_auto_created=True) if each not in PASSING]
    with connection.cursor() as cursor:
        rows = {each._meta.db_table: _rows(cursor, each._meta.db_table) for each in kept}
    return {**rows, "files": files()}


def read_live(kinds: Set[str]) -> dict[ThingKey, list[dict[str, Any]]]:
    """The rows of what readers see of these kinds; a listing is seen where both its things are."""
    things = {row.key for model in CONTENT if issubclass(model, Thing) for row in _live(model)}

    def is_seen(row: dict[str, Any]) -> bool:
        if row["model"] != "catalog.listing":
            return True
        owners = {ThingKey(kind, row["fields"][kind][0]) for kind in ("category", "technology")}
        return owners <= things

    found = documents.of(sorted(thing for thing in things if thing.kind in kinds))
    return {thing: [row for row in rows if is_seen(row)] for thing, rows in found.items()}


def _rows(cursor: Any, table: str) -> set[tuple]:
    # By hand: it is asked after every write of every role.
    cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - a name of ours
    return set(cursor.fetchall())


def files() -> list[str]:
    return sorted(str(path) for path in settings.PACK_DIR.rglob("*"))


def _live(model: type[models.Model]) -> list[Thing]:
    """A snippet is on the page of its owner."""
    if model is Snippet:
        owned = Snippet.objects.select_related("technology", "category")
        return [row for row in owned if (row.technology or row.category).status != Status.DRAFT]
    rows = model.objects.all()
    return list(rows.exclude(status=Status.DRAFT) if issubclass(model, Page) else rows)
