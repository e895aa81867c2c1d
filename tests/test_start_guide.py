"""`start_guide`: a guide for a database that never held one, and no other touched."""

import io
from pathlib import Path

import pytest
import yaml
from django.conf import settings as site
from django.core.management import CommandError, call_command

from catalog import packs
from catalog.history import editions
from catalog.models import Category, Edition, PackLoad, Revision, Technology
from catalog.packs.loading import undo
from tests.packs.dumps import delete_everything
from tests.test_fixtures import rows

pytestmark = pytest.mark.django_db

GUIDE = site.BASE_DIR / "fixtures" / "guide-2025"


def start(*given: Path) -> str:
    said = io.StringIO()
    call_command("start_guide", *(given or (GUIDE,)), stdout=said)
    return said.getvalue()


def test_an_empty_database_gets_the_guide_as_one_edition():
    said = start()

    (only,) = Edition.objects.all()
    assert (only.number, only.origin, only.comment) == (1, "pack", "guide-2025 1")
    things = {row.key for folder in packs.FOLDERS for row in folder.thing.objects.all()}
    assert said == f"Loaded {len(things)} things from guide-2025.\n"
    assert sorted(Revision.objects.values_list("edition", "kind", "slug")) == sorted(
        (1, *thing) for thing in things
    )


def test_a_second_start_changes_nothing():
    start()
    before = rows()

    assert start() == "The guide is at edition 1; nothing was loaded.\n"
    assert rows() == before


def test_what_was_edited_stays_edited():
    start()
    with editions.record("ada", "A better name", Edition.Origin.ADMIN):
        Technology.objects.filter(slug="django").update(name="Django 5.2")

    assert start() == "The guide is at edition 2; nothing was loaded.\n"
    assert Technology.objects.get(slug="django").name == "Django 5.2"


def test_what_was_deleted_stays_deleted():
    start()
    with editions.record("ada", "A new beginning", Edition.Origin.ADMIN):
        delete_everything()

    assert start() == "The guide is at edition 2; nothing was loaded.\n"
    assert {label: found for label, found in rows().items() if found} == {}


def test_a_folder_without_fixtures_is_refused_in_one_sentence(tmp_path):
    with pytest.raises(CommandError) as refused:
        start(tmp_path)

    assert str(refused.value).splitlines() == [
        f"Nothing was loaded from {tmp_path.name}:",
        f"  {tmp_path.name}: There is no fixture in it: no .yaml, .yml or .json file.",
    ]
    assert editions.latest() is None


def test_a_broken_pack_loads_nothing(tmp_path):
    folder = tmp_path / "1-categories"
    folder.mkdir()
    good = [{"model": "catalog.category", "fields": {"slug": "good", "name": "Good"}}]
    bad = [{"model": "catalog.category", "fields": {"slug": "Bad", "name": "Bad"}}]
    (folder / "a.yaml").write_text(packs.to_yaml(good), encoding="utf-8")
    (folder / "b.yaml").write_text(packs.to_yaml(bad), encoding="utf-8")

    with pytest.raises(CommandError) as refused:
        start(tmp_path)

    assert str(refused.value).splitlines()[1:] == [
        "  1-categories/b.yaml, entry 1, field “slug”: Use lower-case letters, digits and single "
        "hyphens between them: “task-queues”."
    ]

    assert (list(Category.objects.all()), editions.latest()) == ([], None)


# Several packs ----------------------------------------------------------------------------------


def write_pack(folder: Path, name: str, **manifest: object) -> Path:
    """A pack that gives Django another summary, or makes it."""
    folder.mkdir()
    manifest = {"name": folder.name, "version": "1", "complete": False, "over": [], **manifest}
    (folder / "pack.yaml").write_text(yaml.safe_dump(manifest), encoding="utf-8")
    fields = {"slug": "django", "name": name, "kind": "framework"}
    row = {"model": "catalog.technology", "fields": fields}
    (folder / "django.yaml").write_text(packs.to_yaml([row]), encoding="utf-8")
    return folder


def test_packs_are_loaded_in_the_order_given_each_as_an_edition(tmp_path):
    first = write_pack(tmp_path / "first", "Django")
    second = write_pack(tmp_path / "second", "Django 6", over=["first"])

    assert start(first, second) == "Loaded 1 things from first.\nLoaded 1 things from second.\n"
    assert [str(load) for load in PackLoad.objects.order_by("pk")] == ["first 1", "second 1"]
    assert Technology.objects.get().name == "Django 6"


def test_a_later_start_names_what_is_new_and_loads_nothing(tmp_path):
    first = write_pack(tmp_path / "first", "Django")
    start(first)
    second = write_pack(tmp_path / "second", "Django 6", over=["first"])

    assert start(first, second, tmp_path / "nowhere").splitlines() == [
        "The guide is at edition 1; nothing was loaded.",
        f"{second} is not loaded here as it is now; to see what it would change: "
        f"python manage.py load_pack {second} --dry-run",
    ]
    assert Technology.objects.get().name == "Django"


def test_what_was_loaded_by_command_or_undone_is_not_new(tmp_path):
    first = write_pack(tmp_path / "first", "Django")
    start(first)
    second = write_pack(tmp_path / "second", "Django 6", over=["first"])
    call_command("load_pack", second, interactive=False, stdout=io.StringIO())
    undo(PackLoad.objects.get(name="second"), "ada")

    assert start(first, second) == "The guide is at edition 3; nothing was loaded.\n"
