"""Packs over packs, and packs beside packs."""

from pathlib import Path

import pytest

from catalog.models import (
    PackLoad,
    Point,
    Status,
    Technology,
)
from tests.packs.packing import (
    by_hand,
    load_pack,
    name_of,
    pack,
    point,
    state,
    summary_of,
    technology,
)

pytestmark = pytest.mark.django_db


def lower(folder: Path, version: str = "1", summary: str = "Lower") -> Path:
    rows = [technology("flask", summary=summary, licence="MIT"), point("flask", "small")]
    return pack(folder, *rows, name="lower", version=version, complete=True)


def upper(folder: Path, **fields: str) -> Path:
    rows = [technology("flask", **{"summary": "Upper"} | fields), point("flask", "new")]
    return pack(folder, *rows, name="upper", over=("lower",))


def test_two_packs_give_the_same_guide_in_both_orders(tmp_path: Path) -> None:
    load_pack(lower(tmp_path))
    load_pack(upper(tmp_path))
    first = state()
    with by_hand():
        Technology.objects.all().delete()
    PackLoad.objects.all().delete()

    load_pack(upper(tmp_path))
    report, _record = load_pack(lower(tmp_path))

    assert state() == first
    assert report.notes == ["Flask: summary stays as the pack upper says."]
    assert summary_of("flask") == "Upper"


def test_the_lower_pack_goes_on_saying_what_the_upper_does_not(tmp_path: Path) -> None:
    load_pack(lower(tmp_path))
    load_pack(upper(tmp_path))

    report, _record = load_pack(lower(tmp_path, "2", "Lower again"))
    rows = [technology("flask", licence="BSD"), point("flask", "small", text="Smaller")]
    load_pack(pack(tmp_path, *rows, name="lower", version="3"))

    flask = Technology.objects.get()
    assert (flask.summary, flask.licence) == ("Upper", "BSD")
    assert report.notes == ["Flask: summary stays as the pack upper says."]
    assert Point.objects.get(slug="small").text == "Smaller"


def test_what_is_gone_from_the_lower_pack_stays_where_the_upper_says_it(tmp_path: Path) -> None:
    load_pack(lower(tmp_path))
    load_pack(upper(tmp_path))

    report, _record = load_pack(
        pack(tmp_path, technology("quart"), name="lower", version="2", complete=True)
    )

    assert Technology.objects.get(slug="flask").status == Status.PUBLISHED
    assert report.notes == ["technology “Flask” stays as the pack upper left it."]


def test_a_strangers_field_is_a_conflict(tmp_path: Path) -> None:
    load_pack(lower(tmp_path))

    report, _record = load_pack(
        pack(tmp_path, technology("flask", summary="Other", licence="MIT"), name="stranger")
    )

    assert [name_of(one) for one, _text in report.conflicts] == ["technology/flask/summary"]
    assert summary_of("flask") == "Lower"
