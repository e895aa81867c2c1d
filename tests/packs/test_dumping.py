"""The guide as files: what a pack says of itself, where it is written, who writes meanwhile."""

import stat
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog import packs
from catalog.history import editions, renames
from catalog.history.documents import rows_of
from catalog.history.rows import RowKey, references_of
from catalog.models import Category, Edition, Technology, ThingKey
from catalog.packs.dumping import MOST_TRIES, THINGS_AT_ONCE, files_of, part_of
from catalog.packs.entries import digest_of, read
from tests.factories import make_category, make_listing, make_stack, make_technology
from tests.packs.dumps import (
    bytes_in,
    counts,
    delete_everything,
    dump_pack,
    fixture_paths,
    loaddata,
    rows_in,
    texts,
)
from tests.packs.packing import by_hand
from tests.packs.small_guide import PARTS

pytestmark = pytest.mark.django_db

LONGEST_SLUG = "a" + "-b" * 39 + "c"


# What a pack says of itself ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("folder", "options", "said"),
    [
        ("guide-2025", {}, "name: guide-2025\nversion: '3'\ncomplete: true\nover: []\n"),
        ("My_Guide 1.2", {}, "name: my-guide-12\nversion: '3'\ncomplete: true\nover: []\n"),
        ("guide.zip", {}, "name: guide\nversion: '3'\ncomplete: true\nover: []\n"),
        ("guide.v2.ZIP", {}, "name: guidev2\nversion: '3'\ncomplete: true\nover: []\n"),
        ("guide", {"partial": True}, "name: guide\nversion: '3'\ncomplete: false\nover: []\n"),
        (
            "guide",
            {"name": "2025", "pack_version": "1.0rc1", "over": ["guide", "no"]},
            "name: '2025'\nversion: '1.0rc1'\ncomplete: true\nover: [guide, 'no']\n",
        ),
    ],
)
def test_a_pack_says_what_it_is(tmp_path, folder, options, said):
    for number in range(3):
        with editions.record("ada", "", Edition.Origin.ADMIN):
            make_category(slug=f"category-{number}")

    dump_pack(tmp_path / folder, **options)

    assert manifest_in(tmp_path / folder) == said


def test_a_guide_without_content_is_a_pack_without_fixtures(tmp_path):
    said = dump_pack(tmp_path / "guide")

    assert said == f"Wrote guide 0 into {tmp_path / 'guide'}: 1 file.\n"
    assert bytes_in(tmp_path / "guide") == {
        "pack.yaml": b"name: guide\nversion: '0'\ncomplete: true\nover: []\n"
    }


def test_the_reader_of_packs_takes_what_was_dumped(tmp_path, whole_guide):
    dump_pack(tmp_path / "guide", pack_version="7", over=["older"])

    incoming = read(tmp_path / "guide")

    assert incoming.manifest == ("guide", "7", True, ("older",), ())
    assert len(incoming) == len(rows_in(tmp_path / "guide"))


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        (
            {"name": "Guide"},
            "pack.yaml, field “name”: Use lower-case letters, digits and single hyphens between "
            "them: “task-queues”.",
        ),
        (
            {"pack_version": "newest"},
            "pack.yaml, field “version”: “newest” is no version; write numbers with dots between "
            "them, such as '1.2'.",
        ),
        (
            {"over": ["guide"]},
            "pack.yaml, field “over”: A pack is not over itself; remove “guide”.",
        ),
        (
            {"over": ["older", "older"]},
            "pack.yaml, field “over”: It names a pack twice; name each once.",
        ),
    ],
)
def test_what_a_pack_cannot_be_is_refused_before_anything_is_written(tmp_path, options, fault):
    with pytest.raises(CommandError) as refused:
        dump_pack(tmp_path / "guide", **options)

    assert str(refused.value) == fault
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_gives_no_name_is_refused(tmp_path):
    with pytest.raises(CommandError) as refused:
        dump_pack(tmp_path / "…")

    assert str(refused.value) == ("pack.yaml, field “name”: No name can be made of “…”; give one.")


# Folders and archives ---------------------------------------------------------------------------


def test_content_that_is_the_same_is_the_same_archive(tmp_path, whole_guide):
    dump_pack(tmp_path / "guide.zip")
    dump_pack(tmp_path / "again" / "guide.zip")

    first, second = tmp_path / "guide.zip", tmp_path / "again" / "guide.zip"
    assert first.read_bytes() == second.read_bytes()


def test_an_archive_holds_what_a_folder_does(tmp_path, whole_guide):
    dump_pack(tmp_path / "guide")
    dump_pack(tmp_path / "guide.zip")

    with zipfile.ZipFile(tmp_path / "guide.zip") as archive:
        held = {entry.filename: archive.read(entry) for entry in archive.infolist()}
        modes = {stat.filemode(entry.external_attr >> 16) for entry in archive.infolist()}
        times = {entry.date_time for entry in archive.infolist()}
    assert held == bytes_in(tmp_path / "guide")
    assert list(held) == sorted(held)
    assert (modes, times) == ({"-rw-r--r--"}, {(1980, 1, 1, 0, 0, 0)})
    assert digest_of(tmp_path / "guide.zip") == digest_of(tmp_path / "guide")


def test_a_new_archive_takes_the_place_of_the_old_one(tmp_path):
    make_category(slug="old")
    dump_pack(tmp_path / "guide.zip")
    Category.objects.all().delete()
    make_category(slug="new")

    dump_pack(tmp_path / "guide.zip")

    with zipfile.ZipFile(tmp_path / "guide.zip") as archive:
        assert archive.namelist() == ["1-categories/new.yaml", "pack.yaml"]
    assert [path.name for path in tmp_path.iterdir()] == ["guide.zip"]


def test_a_folder_is_a_folder_whatever_it_is_called(tmp_path):
    (tmp_path / "guide.zip").mkdir()

    dump_pack(tmp_path / "guide.zip")

    assert list(bytes_in(tmp_path / "guide.zip")) == ["pack.yaml"]


def test_files_can_be_read_by_whoever_may_read_new_files(tmp_path):
    make_category(slug="web")
    (tmp_path / "new").touch()

    dump_pack(tmp_path / "guide")
    dump_pack(tmp_path / "guide.zip")

    mine = (tmp_path / "new").stat().st_mode
    written = [tmp_path / "guide.zip", *(tmp_path / "guide").rglob("*.yaml")]
    assert [path.stat().st_mode for path in written] == [mine] * 3


def test_the_longest_slug_is_the_name_of_a_file(tmp_path):
    make_technology(slug=LONGEST_SLUG)

    dump_pack(tmp_path / "guide")
    dump_pack(tmp_path / "guide.zip")

    assert len(LONGEST_SLUG) == Technology._meta.get_field("slug").max_length
    paths = [f"2-technologies/{LONGEST_SLUG}.yaml", "pack.yaml"]
    assert sorted(bytes_in(tmp_path / "guide")) == paths
    assert digest_of(tmp_path / "guide.zip") == digest_of(tmp_path / "guide")


def test_what_is_hidden_in_a_pack_is_not_loaded(tmp_path):
    make_category(slug="web")
    dump_pack(tmp_path)
    for name in (".dumping-x/pack.yaml", "1-categories/.web.yaml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("name: [", encoding="utf-8")

    assert [one.file for one in read(tmp_path).rows("category")] == ["1-categories/web.yaml"]


@pytest.mark.parametrize(
    ("name", "reason"),
    [("file", "File exists"), ("file/guide", "Not a directory"), ("file/guide.zip", "File exists")],
)
def test_a_place_that_cannot_be_written_is_named(tmp_path, name, reason):
    (tmp_path / "file").write_text("Mine.", encoding="utf-8")

    with pytest.raises(CommandError) as refused:
        dump_pack(tmp_path / name)

    assert str(refused.value) == (
        f"{tmp_path / name} cannot be written ({reason}); choose another place."
    )
    assert bytes_in(tmp_path) == {"file": b"Mine."}


# Large guides -----------------------------------------------------------------------------------


def test_every_thing_of_a_large_guide_has_its_file(tmp_path):
    slugs = [f"t-{number}" for number in range(2 * THINGS_AT_ONCE + 1)]
    Technology.objects.bulk_create(
        Technology(slug=slug, name=slug, kind=Technology.Kind.LIBRARY) for slug in slugs
    )

    dump_pack(tmp_path)

    names = [path.name for path in fixture_paths(tmp_path)]
    assert names == sorted(f"{slug}.yaml" for slug in slugs)
    assert rows_in(tmp_path) == sorted(f"technology {slug}" for slug in slugs)


def test_a_large_guide_is_read_as_it_is_written():
    Technology.objects.bulk_create(
        Technology(slug=f"t-{number}", name="T", kind=Technology.Kind.LIBRARY)
        for number in range(2 * THINGS_AT_ONCE + 1)
    )

    with CaptureQueriesContext(connection) as asked:
        questions = [len(asked) for _file in files_of()]

    together = [len(list(files)) for _questions, files in groupby(questions)]
    assert together == [THINGS_AT_ONCE, THINGS_AT_ONCE, 1]


# While others write -----------------------------------------------------------------------------


@contextmanager
def writer(write: Callable[[], None]) -> Iterator[None]:
    """Somebody who writes each time the categories have just been read."""
    writing = False

    def execute(execute: Callable, sql: str, params: Any, many: bool, context: dict) -> Any:
        nonlocal writing
        found = execute(sql, params, many, context)
        if sql.startswith("SELECT") and '"catalog_listing"' in sql and not writing:
            writing = True
            with by_hand():
                write()
            writing = False
        return found

    with connection.execute_wrapper(execute):
        yield


def test_a_dump_is_the_guide_at_one_moment(tmp_path):
    category = make_category(slug="web", name="Web")
    make_technology(slug="flask", name="Flask")

    def rename_once() -> None:
        Category.objects.filter(pk=category.pk).update(name="Web frameworks")
        Technology.objects.filter(slug="flask").update(name="Flask 3")

    with writer(rename_once):
        dump_pack(tmp_path, name="guide")
    before = texts()

    assert "name: Web frameworks\n" in (tmp_path / "1-categories" / "web.yaml").read_text()
    assert "name: Flask 3\n" in (tmp_path / "2-technologies" / "flask.yaml").read_text()
    assert f"version: '{editions.latest().number}'" in manifest_in(tmp_path)
    loaddata(tmp_path)
    assert texts() == before


@pytest.mark.parametrize("name", ["guide", "guide.zip"])
def test_where_others_write_all_the_time_the_old_dump_stays(tmp_path, name):
    category = make_category(slug="web")
    dump_pack(tmp_path / name)
    before = bytes_in(tmp_path)
    names = (f"Name {number}" for number in range(100))
    first = editions.latest().number

    def rename() -> None:
        Category.objects.filter(pk=category.pk).update(name=next(names))

    with writer(rename), pytest.raises(CommandError) as refused:
        dump_pack(tmp_path / name)

    assert str(refused.value) == ("Others write all the time; nothing was dumped. Try again later.")
    assert editions.latest().number - first >= MOST_TRIES
    assert bytes_in(tmp_path) == before


def manifest_in(pack: Path) -> str:
    if pack.is_dir():
        return (pack / "pack.yaml").read_text(encoding="utf-8")
    with zipfile.ZipFile(pack) as archive:
        return archive.read("pack.yaml").decode()


# A part of the guide as a pack: what comes along, and that it stands by itself --------------------


every_part = pytest.mark.parametrize("only", PARTS, ids=" ".join)


@every_part
def test_a_part_holds_what_it_needs_and_no_more(tmp_path, small_guide, only):
    dump_pack(tmp_path, only=list(only), name="part")

    assert rows_in(tmp_path) == PARTS[only]
    assert (tmp_path / "pack.yaml").read_text() == (
        "name: part\nversion: '1'\ncomplete: false\nover: []\n"
    )


@every_part
def test_a_part_loads_into_an_empty_database_and_comes_out_the_same(tmp_path, small_guide, only):
    said = {"name": "part", "pack_version": "1"}
    dump_pack(tmp_path / "first", only=list(only), **said)
    delete_everything()

    loaddata(tmp_path / "first")
    dump_pack(tmp_path / "part", only=list(only), **said)
    dump_pack(tmp_path / "whole", partial=True, **said)

    assert bytes_in(tmp_path / "part") == bytes_in(tmp_path / "first")
    assert bytes_in(tmp_path / "whole") == bytes_in(tmp_path / "first")
    assert sum(counts().values()) == len(PARTS[only])


def test_every_thing_of_the_shipped_guide_names_only_what_comes_along():
    loaddata(settings.BASE_DIR / "fixtures" / "guide-2025")
    things = [row.key for folder in packs.FOLDERS for row in folder.thing.objects.only("slug")]

    assert {thing: outside for thing in things if (outside := names_outside([thing]))} == {}


def names_outside(only: list[ThingKey]) -> set[RowKey]:
    """The rows that rows of a part name and that are no part of it."""
    part = part_of(only)
    rows = {}
    for model in {row.model for row in part.rows}:
        rows |= rows_of(model, (row for row in part.rows if row.model == model))
    named = {
        RowKey(reference.model, tuple(fields[reference.name]))
        for row, fields in rows.items()
        for reference in references_of(row.model)
        if fields[reference.name]
    }
    return named - rows.keys()


def test_what_replaces_itself_in_a_circle_comes_to_an_end(tmp_path):
    first = make_technology(slug="first")
    make_technology(slug="second", replaced_by=first)
    Technology.objects.filter(slug="first").update(
        replaced_by=Technology.objects.get(slug="second")
    )

    dump_pack(tmp_path, only=["technology/first"])

    assert rows_in(tmp_path) == ["technology first", "technology second"]


def test_the_name_of_former_days_leads_to_the_thing(tmp_path):
    thing = make_technology(slug="flask")
    with editions.record("ada", "", Edition.Origin.ADMIN):
        renames.rename(thing, "flask-3")

    dump_pack(tmp_path, only=["technology/flask"])

    assert rows_in(tmp_path) == ["technology flask-3"]


def test_what_a_part_needs_takes_as_many_questions_for_few_rows_as_for_many(
    django_assert_num_queries,
):
    def make(slug: str, listings: int) -> ThingKey:
        technology = make_technology(slug=slug)
        for _listing in range(listings):
            make_listing(make_category(parent=make_category()), technology)
        return technology.key

    few, many = make("few", 1), make("many", 20)
    with django_assert_num_queries(13):
        assert len(part_of([few]).rows) == 4
    with django_assert_num_queries(13):
        assert len(part_of([many]).rows) == 61


# What stands in the way -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("flask", "“flask” names no thing; write kind and slug: technology/flask."),
        ("technology/", "“technology/” names no thing; write kind and slug: technology/flask."),
        (
            "tool/flask",
            "There is no kind “tool”; the kinds are guide, category, technology, measurement, "
            "snippet, comparison, stack, version.",
        ),
        ("technology/zope", "There is no technology “zope”."),
        ("technology/flsk", "There is no technology “flsk”; did you mean flask?"),
        ("category/wbe", "There is no category “wbe”; did you mean web?"),
        ("technology/Flask", "There is no technology “Flask”; did you mean flask?"),
        ("technology/redi", "There is no technology “redi”; did you mean redis or redis-py?"),
    ],
)
def test_an_unknown_thing_is_refused_with_what_may_be_meant(tmp_path, small_guide, name, sentence):
    make_technology(slug="redis-py")

    with pytest.raises(CommandError) as refused:
        dump_pack(tmp_path / "part", only=["technology/redis", name])

    assert str(refused.value) == sentence
    assert list(tmp_path.iterdir()) == []


def test_a_part_does_not_take_the_place_of_a_whole_guide(tmp_path, small_guide):
    dump_pack(tmp_path / "guide")
    before = bytes_in(tmp_path)

    with pytest.raises(CommandError) as refused:
        dump_pack(tmp_path / "guide", only=["technology/redis"])

    assert str(refused.value) == (
        f"{tmp_path / 'guide'} holds files that are no part of this pack, such as "
        "0-guide/guide.yaml; choose an empty folder."
    )
    assert bytes_in(tmp_path) == before


def test_a_part_takes_the_place_of_the_same_part(tmp_path, small_guide):
    dump_pack(tmp_path, only=["technology/redis"])
    Technology.objects.filter(slug="redis").update(name="Redis 8")

    dump_pack(tmp_path, only=["technology/redis"])

    text = (tmp_path / "2-technologies" / "redis.yaml").read_text(encoding="utf-8")
    assert "    name: Redis 8\n" in text


def test_a_dump_says_which_broken_rule_an_empty_guide_will_hold_against_it(tmp_path):
    stack = make_stack(name="Light")
    stack.roles.get().choices.all().delete()

    said = dump_pack(tmp_path / "guide", name="guide")

    assert said.startswith(
        "No empty guide will take this pack before this is mended: "
        "“Role 0” of stack “Light” has no choice.\n"
    )
