"""Prints how much of our code a page or a change runs through: `make profile`.

Makes a temporary SQLite database with the guide of 2025. Each trip is taken once before it is
counted, so that what is kept between requests is there. A call is one of a function, comprehension
or generator of ours, that is of catalog/ or stackguide/ (Python 3.12 has no calls of most
comprehensions); a move is a call into another file than the call before it.
"""

import io
import json
import os
import secrets
import sys
import tempfile
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import django
from django.core.management import call_command
from django.test import Client, override_settings
from django.urls import reverse

ROOT = Path(__file__).resolve().parent.parent
OURS = tuple(f"{ROOT / folder}{os.sep}" for folder in ("catalog", "stackguide"))
PLAIN = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}

STAFF = {"defaults": {"is_staff": True, "is_superuser": True}}

Act = Callable[[], object]


def main() -> None:
    """Make the database, and print the figures of each trip."""
    with tempfile.TemporaryDirectory() as name:
        os.environ |= {
            "DATABASE_URL": f"sqlite:///{name}/guide.sqlite3",
            "SECRET_KEY": secrets.token_hex(32),
            "DJANGO_SETTINGS_MODULE": "stackguide.settings",
            "HTTPS": "off",
            "ALLOWED_HOSTS": "testserver",
            "LOG_LEVEL": "ERROR",
        }
        django.setup()
        call_command("migrate", verbosity=0)
        load_pack(ROOT / "fixtures" / "guide-2025")
        print(f"{'':36}{'calls':>8}{'functions':>11}{'files':>7}{'moves':>7}")
        with override_settings(STORAGES={"staticfiles": PLAIN}, STATIC_ROOT=name):
            reader, editor = Client(), Client()
            second = trips(reader, editor, Path(name), 2)
            for _title, act in trips(reader, editor, Path(name), 1):
                act()
                # Prepared only now: a form is of the state that it was opened in.
                title, act_again = next(second)
                calls, functions, files, moves = figures(follow(act_again))
                print(f"{title:36}{calls:>8,}{functions:>11}{files:>7}{moves:>7}")


def trips(reader: Client, editor: Client, folder: Path, time: int) -> Iterator[tuple[str, Act]]:
    """Yield each trip with its title, once all that it needs is there."""
    # Models exist only once Django is set up.
    from django.contrib.auth.models import User  # noqa: PLC0415

    from catalog.models import Technology  # noqa: PLC0415
    from tests.admin.pages import read_form  # noqa: PLC0415

    editor.force_login(User.objects.get_or_create(username="ada", **STAFF)[0])
    technology = Technology.objects.get(slug="fastapi")
    form = reverse("admin:catalog_technology_change", args=[technology.pk])

    def save(summary: str) -> None:
        fields = read_form(editor.get(form)) | {"summary": summary}
        answered(editor.post(form, fields), 302)

    page = reverse("catalog:technology_detail", args=[technology.slug])
    yield "GET technology", lambda: answered(reader.get(page))
    table = reverse("catalog:comparison_detail", args=["async-frameworks"])
    # Another question each time, about the same table.
    question = {"must": f"performance.{time}"}
    yield "GET comparison ?must=", lambda: answered(reader.get(table, question))
    yield "admin GET technology form", lambda: answered(editor.get(form))
    fields = read_form(editor.get(form)) | {"summary": f"Posted {time}"}
    yield "admin POST of one summary", lambda: answered(editor.post(form, fields), 302)
    yield "admin form and POST of one summary", lambda: save(f"Saved {time}")
    pack = write_pack(folder, time)
    yield "load_pack of 4 rows", lambda: load_pack(pack)


def write_pack(folder: Path, time: int) -> Path:
    """Write a pack of a new category, and a new technology with its point and its listing."""
    slug, name = f"new-{time}", f"New {time}"
    technology = {"slug": slug, "name": name, "kind": "tool", "status": "published"}
    rows = {
        "category": {"slug": slug, "name": name, "status": "published"},
        "technology": technology,
        "point": {"technology": [slug], "slug": "small", "kind": "pro", "text": "Small"},
        "listing": {"category": [slug], "technology": [slug], "verdict": "listed"},
    }
    path = folder / f"{slug}.json"
    entries = [{"model": f"catalog.{model}", "fields": fields} for model, fields in rows.items()]
    path.write_text(json.dumps(entries), encoding="utf-8")
    return path


def load_pack(path: Path) -> None:
    """Load a pack and say nothing."""
    call_command("load_pack", path, interactive=False, stdout=io.StringIO(), stderr=io.StringIO())


def answered(answer: Any, status: int = 200) -> None:
    """Stop where a trip did not end as it should: its figures would be those of an error."""
    if answer.status_code != status:
        sys.exit(f"{answer.request['PATH_INFO']} was answered by {answer.status_code}.")


def follow(act: Act) -> list[CodeType]:
    """Act, and return what that called of ours, in order."""
    calls = []

    def note(frame: FrameType, event: str, _argument: object) -> None:
        if event == "call" and frame.f_code.co_filename.startswith(OURS):
            calls.append(frame.f_code)

    sys.setprofile(note)
    try:
        act()
    finally:
        sys.setprofile(None)
    return calls


def figures(calls: list[CodeType]) -> tuple[int, int, int, int]:
    """Return how many calls, distinct functions, files and moves between files there are."""
    files = [code.co_filename for code in calls]
    moves = sum(before != after for before, after in pairwise(files))
    return len(calls), len(set(calls)), len(set(files)), moves


if __name__ == "__main__":
    main()
