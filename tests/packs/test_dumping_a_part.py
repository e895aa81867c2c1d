"""A part of the guide as a pack: what comes along, and that it stands by itself."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError
from pytest_django import DjangoAssertNumQueries

from catalog import packs
from catalog.history import editions, renames
from catalog.history.documents import rows_of
from catalog.history.rows import RowKey, references_of
from catalog.models import Edition, Technology, ThingKey
from catalog.packs.dumping import part_of
from tests.factories import make_category, make_listing, make_technology
from tests.packs.dumps import bytes_in, counts, delete_everything, dump_pack, loaddata, rows_in
from tests.packs.small_guide import PARTS, make_small_guide

pytestmark = pytest.mark.django_db

every_part = pytest.mark.parametrize("only", PARTS, ids=" ".join)


@every_part
def test_a_part_holds_what_it_needs_and_no_more(tmp_path: Path, only: tuple[str, ...]) -> None:
    make_small_guide()

    dump_pack(tmp_path, only=list(only), name="part")

    assert rows_in(tmp_path) == PARTS[only]
    assert (tmp_path / "pack.yaml").read_text() == (
        "name: part\nversion: '1'\ncomplete: false\nover: []\n"
    )


@every_part
def test_a_part_loads_into_an_empty_database_and_comes_out_the_same(
    tmp_path: Path, only: tuple[str, ...]
) -> None:
    make_small_guide()
    said = {"name": "part", "pack_version": "1"}
    dump_pack(tmp_path / "first", only=list(only), **said)
    delete_everything()

    loaddata(tmp_path / "first")
    dump_pack(tmp_path / "part", only=list(only), **said)
    dump_pack(tmp_path / "whole", partial=True, **said)

    assert bytes_in(tmp_path / "part") == bytes_in(tmp_path / "first")
    assert bytes_in(tmp_path / "whole") == bytes_in(tmp_path / "first")
    assert sum(counts().values()) == len(PARTS[only])


def test_every_thing_of_the_shipped_guide_names_only_what_comes_along() -> None:
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


def test_what_replaces_itself_in_a_circle_comes_to_an_end(tmp_path: Path) -> None:
    first = make_technology(slug="first")
    make_technology(slug="second", replaced_by=first)
    Technology.objects.filter(slug="first").update(
        replaced_by=Technology.objects.get(slug="second")
    )

    dump_pack(tmp_path, only=["technology/first"])

    assert rows_in(tmp_path) == ["technology first", "technology second"]


def test_the_name_of_former_days_leads_to_the_thing(tmp_path: Path) -> None:
    thing = make_technology(slug="flask")
    with editions.record("ada", "", Edition.Origin.ADMIN):
        renames.rename(thing, "flask-3")

    dump_pack(tmp_path, only=["technology/flask"])

    assert rows_in(tmp_path) == ["technology flask-3"]


def test_what_a_part_needs_takes_as_many_questions_for_few_rows_as_for_many(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    def make(slug: str, listings: int) -> ThingKey:
        technology = make_technology(slug=slug)
        for _listing in range(listings):
            make_listing(make_category(parent=make_category()), technology)
        return technology.key

    few, many = make("few", 1), make("many", 20)
    with django_assert_num_queries(9):
        assert len(part_of([few]).rows) == 4
    with django_assert_num_queries(9):
        assert len(part_of([many]).rows) == 61


# What stands in the way -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("flask", "“flask” names no thing; write kind and slug: technology/flask."),
        ("technology/", "“technology/” names no thing; write kind and slug: technology/flask."),
        (
            "tool/flask",
            "There is no kind “tool”; the kinds are guide, category, technology, snippet, "
            "comparison, stack, version.",
        ),
        ("technology/zope", "There is no technology “zope”."),
        ("technology/flsk", "There is no technology “flsk”; did you mean flask?"),
        ("category/wbe", "There is no category “wbe”; did you mean web?"),
        ("technology/Flask", "There is no technology “Flask”; did you mean flask?"),
        (
            "technology/redi",
            "There is no technology “redi”; did you mean redis or redis-py?",
        ),
    ],
)
def test_an_unknown_thing_is_refused_with_what_may_be_meant(
    tmp_path: Path, name: str, sentence: str
) -> None:
    make_small_guide()
    make_technology(slug="redis-py")

    with pytest.raises(CommandError) as refused:
        dump_pack(tmp_path / "part", only=["technology/redis", name])

    assert str(refused.value) == sentence
    assert list(tmp_path.iterdir()) == []


def test_a_part_does_not_take_the_place_of_a_whole_guide(tmp_path: Path) -> None:
    make_small_guide()
    dump_pack(tmp_path / "guide")
    before = bytes_in(tmp_path)

    with pytest.raises(CommandError) as refused:
        dump_pack(tmp_path / "guide", only=["technology/redis"])

    assert str(refused.value) == (
        f"{tmp_path / 'guide'} holds files that are no part of this pack, such as "
        "0-guide/guide.yaml; choose an empty folder."
    )
    assert bytes_in(tmp_path) == before


def test_a_part_takes_the_place_of_the_same_part(tmp_path: Path) -> None:
    make_small_guide()
    dump_pack(tmp_path, only=["technology/redis"])
    Technology.objects.filter(slug="redis").update(name="Redis 8")

    dump_pack(tmp_path, only=["technology/redis"])

    text = (tmp_path / "2-technologies" / "redis.yaml").read_text(encoding="utf-8")
    assert "    name: Redis 8\n" in text
