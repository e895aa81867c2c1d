"""From database to database by way of a pack: nothing is lost, nothing is written otherwise."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings

from catalog.models import Category, Point, Snippet, Technology
from tests.factories import (
    make_category,
    make_listing,
    make_package,
    make_point,
    make_snippet,
    make_technology,
    make_whole_guide,
)
from tests.packs.dumps import bytes_in, counts, delete_everything, dump_pack, loaddata, texts
from tests.packs.packing import load_pack

pytestmark = pytest.mark.django_db

GUIDE = settings.BASE_DIR / "fixtures" / "guide-2025"
SAID = {"name": "guide", "pack_version": "1"}

# Another process with a database of its own: loads a pack, dumps it, says what it then holds.
ELSEWHERE = """
import json, pathlib, sys
import django

django.setup()

from django.core.management import call_command
from tests.packs.dumps import counts, dump_pack, loaddata, texts

call_command("migrate", verbosity=0)
loaddata(pathlib.Path(sys.argv[1]))
dump_pack(pathlib.Path(sys.argv[2]), name="guide", pack_version="1")
print(json.dumps([texts(), counts()]))
"""

Elsewhere = Callable[[Path, Path], list]


@pytest.fixture
def elsewhere(
    run_python: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> Elsewhere:
    """Return a function that takes a pack through a new SQLite database into another folder."""

    def take(pack: Path, dumped: Path) -> list:
        done = run_python(
            *("-c", ELSEWHERE, str(pack), str(dumped)),
            DJANGO_SETTINGS_MODULE="stackguide.settings",
            DATABASE_URL=f"sqlite:///{tmp_path / 'elsewhere.sqlite3'}",
            SECRET_KEY=settings.SECRET_KEY,
            HTTPS="off",
        )
        assert done.stderr == ""
        return json.loads(done.stdout)

    return take


def make_difficult_guide() -> None:
    """What databases, YAML and file systems each like to read or order in their own way."""
    make_whole_guide()
    for number, text in enumerate(
        [
            *("5.10", "no", "~", "2025-11-22", "1e3", "0x1F", "", " "),
            *("🎉 “quoted” \"'\\", "été ÉTÉ ß İ", "{{ braces }} # & * ! | > % @ `"),
            *("two words \t", "\ttab", "a \u2028 \ufeff", "first\n\n  second\n\n\n", "\n"),
            *("```python\nx = 1\n```", "no newline\nat the end", "-1", "x" * 5_000),
        ]
    ):
        make_technology(
            slug=f"text-{number}", name=" ".join(text.split())[:60] or "-", description=text
        )
    # Bytes, collations and numbers each have an order of their own.
    for slug in ("a", "a-b", "a1", "ab", "a-1", "10", "9", "1-0"):
        technology = make_technology(slug=slug, name=slug.upper())
        make_package(technology, name=f"package-{slug}")
        make_listing(make_category(slug=slug, name=slug), technology, position=3)
        make_point(Technology.objects.get(slug="technology"), slug=slug, position=7)
        make_snippet(slug=slug, technology=technology, code=f"x = '{slug}'\n\n")


@pytest.mark.parametrize("load", [loaddata, load_pack])
@pytest.mark.parametrize("target", ["guide", "guide.zip"])
def test_a_difficult_guide_comes_out_as_it_went_in(tmp_path, target, load):
    make_difficult_guide()
    before = texts(), counts()
    dump_pack(tmp_path / "guide", **SAID)
    dump_pack(tmp_path / "first" / target, **SAID)
    delete_everything()
    assert (Category.objects.count(), Point.objects.count(), Snippet.objects.count()) == (0, 0, 0)

    load(tmp_path / "guide")
    dump_pack(tmp_path / "second" / target, **SAID)

    assert (texts(), counts()) == before
    assert bytes_in(tmp_path / "second") == bytes_in(tmp_path / "first")


def test_a_guide_moves_to_another_database_and_back(tmp_path, elsewhere):
    make_difficult_guide()
    before = [texts(), counts()]
    dump_pack(tmp_path / "here", **SAID)

    there = elsewhere(tmp_path / "here", tmp_path / "there")
    delete_everything()
    loaddata(tmp_path / "there")
    dump_pack(tmp_path / "back", **SAID)

    assert there == before
    assert [texts(), counts()] == before
    assert bytes_in(tmp_path / "there") == bytes_in(tmp_path / "here")
    assert bytes_in(tmp_path / "back") == bytes_in(tmp_path / "here")


def test_the_shipped_guide_is_the_same_in_another_database(tmp_path, elsewhere):
    loaddata(GUIDE)

    there = elsewhere(GUIDE, tmp_path / "there")
    dump_pack(tmp_path / "here", **SAID)

    assert there == [texts(), counts()]
    assert bytes_in(tmp_path / "there") == bytes_in(tmp_path / "here")
    said = {"pack.yaml": bytes_in(tmp_path / "here")["pack.yaml"]}
    assert bytes_in(tmp_path / "here") == bytes_in(GUIDE) | said
