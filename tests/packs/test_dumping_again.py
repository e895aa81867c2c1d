"""What was dumped goes through the merge like any pack, and comes out as it went in."""

import io
from contextlib import suppress
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.validators import MaxLengthValidator
from django.db import IntegrityError, connection, models, transaction

from catalog import integrity
from catalog.history import editions
from catalog.history.merge import Take
from catalog.models import (
    CONTENT,
    Changed,
    Edition,
    EditionCounter,
    PackLoad,
    Revision,
    Technology,
    Unrecorded,
)
from catalog.packs.loading import undo
from tests.factories import make_category, make_technology, make_whole_guide
from tests.packs.dumps import bytes_in, counts, delete_everything, dump_pack, rows_in, texts
from tests.packs.packing import load_pack, make_pack, technology
from tests.packs.small_guide import PARTS

pytestmark = pytest.mark.django_db

GUIDE = settings.BASE_DIR / "fixtures" / "guide-2025"


def version_in(pack: Path) -> list[str]:
    return (pack / "pack.yaml").read_text(encoding="utf-8").splitlines()[:2]


def forget_everything() -> None:
    """Empty the database of content and of what is remembered of it."""
    delete_everything()
    for model in (PackLoad, Unrecorded, Revision, Changed, Edition, EditionCounter):
        model.objects.all().delete()


def test_the_shipped_guide_comes_out_of_an_empty_database_as_it_went_in(tmp_path):
    load_pack(GUIDE)

    dump_pack(tmp_path / "anything")

    assert bytes_in(tmp_path / "anything") == bytes_in(GUIDE)


def test_a_dump_loaded_elsewhere_and_dumped_again_is_the_same_pack(tmp_path, small_guide):
    for name in ("Flask 2", "Flask 3"):
        with editions.record("ada", "", Edition.Origin.ADMIN):
            Technology.objects.filter(slug="flask").update(name=name)
    dump_pack(tmp_path / "first", over=["older"])
    forget_everything()

    load_pack(tmp_path / "first")
    dump_pack(tmp_path / "second")

    assert version_in(tmp_path / "first") == ["name: first", "version: '3'"]
    assert bytes_in(tmp_path / "second") == bytes_in(tmp_path / "first")


def test_a_guide_that_has_changed_is_another_version(tmp_path):
    load_pack(make_pack(tmp_path / "pack", [technology("flask")], version="4", complete=True))
    with editions.record("ada", "", Edition.Origin.ADMIN):
        Technology.objects.update(name="Flask 3")

    dump_pack(tmp_path / "ours")

    assert version_in(tmp_path / "ours") == ["name: ours", "version: '2'"]


def test_a_guide_that_was_made_by_a_partial_pack_is_not_that_pack(tmp_path):
    load_pack(make_pack(tmp_path / "pack", [technology("flask")], version="4"))

    dump_pack(tmp_path / "ours")

    assert version_in(tmp_path / "ours") == ["name: ours", "version: '1'"]


def test_a_guide_that_was_there_before_the_pack_is_not_that_pack(tmp_path):
    make_technology(slug="quart")
    load_pack(make_pack(tmp_path / "pack", [technology("flask")], version="4", complete=True))

    dump_pack(tmp_path / "ours")

    assert version_in(tmp_path / "ours")[0] == "name: ours"


def test_a_loading_that_was_undone_leaves_no_name(tmp_path):
    pack = make_pack(tmp_path / "pack", [technology("flask")], version="4", complete=True)
    _report, record = load_pack(pack)
    undo(record, "ada")

    dump_pack(tmp_path / "ours")

    assert version_in(tmp_path / "ours") == ["name: ours", "version: '2'"]


@pytest.mark.parametrize("option", [{"name": "mine"}, {"pack_version": "9"}, {"over": ["older"]}])
def test_whoever_says_what_the_pack_is_decides(tmp_path, option):
    load_pack(make_pack(tmp_path / "pack", [technology("flask")], version="4", complete=True))

    dump_pack(tmp_path / "ours", **option)

    assert version_in(tmp_path / "ours") == [
        f"name: {option.get('name', 'ours')}",
        f"version: '{option.get('pack_version', '1')}'",
    ]


@pytest.mark.parametrize("only", PARTS, ids=" ".join)
def test_a_part_is_merged_into_an_empty_guide_without_a_question(tmp_path, small_guide, only):
    dump_pack(tmp_path / "part.zip", only=list(only))
    forget_everything()

    report, record = load_pack(tmp_path / "part.zip")

    assert (report.conflicts, record.edition_id) == ([], 1)
    assert sum(counts().values()) == len(PARTS[only])
    assert [*integrity.find_problems(), *integrity.find_invalid_rows()] == []


def test_the_whole_guide_merged_over_itself_has_nothing_to_say(tmp_path, small_guide):
    make_category(slug="empty")
    dump_pack(tmp_path / "guide")
    before = rows_in(tmp_path / "guide"), editions.latest().number

    report, _record = load_pack(tmp_path / "guide")

    assert (report.conflicts, report.things) == ([], [])
    assert (rows_in(tmp_path / "guide"), editions.latest().number) == before


# Characters that no form and no pack lets in; PostgreSQL keeps all but the first out by itself.
HIDDEN = [
    *(chr(code) for code in (*range(9), 0x0B, 0x0C, *range(0x0E, 0x20))),
    *(chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))),
]


def hide_in_every_text() -> int:
    """Put them into every text that may say anything, past every form; how many in all."""
    hidden = "".join(HIDDEN[1:] if connection.vendor == "postgresql" else HIDDEN)
    count = 0
    for model in CONTENT:
        for field in model._meta.concrete_fields:
            is_free = all(isinstance(each, MaxLengthValidator) for each in field.validators)
            is_text = isinstance(field, models.CharField | models.TextField)
            if is_text and is_free and not field.choices and field.name not in model.NATURAL_KEY:
                some = hidden[: (field.max_length or 1_000) - 2]
                # Some fields say something together with others only.
                with suppress(IntegrityError), transaction.atomic():
                    count += len(some) * model.objects.update(**{field.name: f"a{some}b"})
    return count


def test_a_guide_with_characters_that_cannot_be_shown_moves_without_them(tmp_path):
    make_whole_guide()
    count = hide_in_every_text()

    said = dump_pack(tmp_path / "guide", name="guide", pack_version="1")
    with pytest.raises(CommandError) as over_itself:
        call_command("load_pack", tmp_path / "guide", interactive=False, stdout=io.StringIO())
    load_pack(tmp_path / "guide", Take.THEIRS)
    clean = texts()
    forget_everything()
    report, record = load_pack(tmp_path / "guide")

    warning = f"{count} characters that cannot be shown left out, since no pack may hold them."
    assert said.splitlines()[0] == warning
    assert over_itself.value.returncode == 2  # what differs waits
    assert (report.conflicts, record.edition_id) == ([], 1)
    assert texts() == clean
    assert dump_pack(tmp_path / "again").startswith("Wrote guide 1 into ")
