"""The lifecycle of many technologies: a claim with all it rests on, and what to take instead."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from catalog.history import editions
from catalog.models import Technology
from tests.admin.bulk.acting import choose, confirm, fields_of, part_of, refusal_of, show
from tests.admin.reading_history import change
from tests.factories import make_technology

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

CLAIM = {
    "lifecycle": "deprecated",
    "lifecycle_note": "No releases any more.",
    "lifecycle_source": "https://example.org/end",
    "lifecycle_verified_on": "2026-01-02",
}


@pytest.fixture
def both() -> list[Technology]:
    with change():
        newer = make_technology(slug="newer", name="Newer")
        return [
            make_technology(
                slug=slug,
                name=slug.capitalize(),
                lifecycle="active",
                lifecycle_note="Lively.",
                lifecycle_source="https://example.org/old",
                replaced_by=newer,
            )
            for slug in ("flask", "quart")
        ]


def shown(client: Client, rows: list[Technology], **chosen: str) -> Any:
    return show(client, choose(client, "set_lifecycle", rows), **chosen)


def test_first_the_page_asks(admin_client: Client, both: list[Technology]) -> None:
    page = choose(admin_client, "set_lifecycle", both)

    assert part_of(page, "selected") == ["Flask", "Quart"]
    assert page.context["form"].errors == {}
    assert 'name="_confirm"' not in page.text


def test_a_claim_replaces_another_as_a_whole(admin_client: Client, both: list[Technology]) -> None:
    page = shown(admin_client, both, **CLAIM | {"lifecycle_note": ""})
    confirm(admin_client, page)

    assert len(part_of(page, "changed")) == 2
    for row in both:
        row.refresh_from_db()
        assert row.lifecycle == "deprecated"
        assert row.lifecycle_note == ""
        assert row.lifecycle_source == "https://example.org/end"
        assert row.lifecycle_verified_on == date(2026, 1, 2)
        assert row.replaced_by.slug == "newer"
    assert editions.latest().comment == "Lifecycle set to “deprecated”: Flask and Quart."


def test_what_to_take_instead_is_set_and_emptied(
    admin_client: Client, both: list[Technology]
) -> None:
    make_technology(slug="litestar", name="Litestar")

    confirm(admin_client, shown(admin_client, both[:1], replaced_by="litestar", **CLAIM))
    confirm(admin_client, shown(admin_client, both[1:], is_replaced_by_nothing="on", **CLAIM))

    replaced = Technology.objects.filter(slug__in=["flask", "quart"]).order_by("slug")
    assert list(replaced.values_list("replaced_by__slug", flat=True)) == ["litestar", None]


def test_unknown_is_a_choice_of_its_own(admin_client: Client, both: list[Technology]) -> None:
    confirm(admin_client, shown(admin_client, both[:1], lifecycle="unknown"))

    both[0].refresh_from_db()
    assert (both[0].lifecycle, both[0].lifecycle_source) == ("", "")
    assert editions.latest().comment == "Lifecycle set to “unknown”: Flask."


def test_a_technology_that_would_replace_itself_is_left_out(
    admin_client: Client, both: list[Technology]
) -> None:
    page = shown(admin_client, both, replaced_by="flask", **CLAIM)
    confirm(admin_client, page)

    assert part_of(page, "left") == ["Flask: It cannot replace itself."]
    assert [text.split()[0] for text in part_of(page, "changed")] == ["Quart"]
    assert list(
        Technology.objects.filter(lifecycle="deprecated").values_list("slug", flat=True)
    ) == ["quart"]


@pytest.mark.parametrize(
    ("chosen", "field"),
    [
        ({"lifecycle": ""}, "lifecycle"),
        ({"lifecycle": "nonsense"}, "lifecycle"),
        ({"lifecycle_source": "javascript:alert(1)"}, "lifecycle_source"),
        ({"lifecycle_source": "ftp://example.org/"}, "lifecycle_source"),
        ({"lifecycle_source": "https://example.org/" + "a" * 500}, "lifecycle_source"),
        ({"lifecycle_note": "a" * 301}, "lifecycle_note"),
        ({"lifecycle_verified_on": "2999-01-01"}, "lifecycle_verified_on"),
        ({"lifecycle_verified_on": "yesterday"}, "lifecycle_verified_on"),
        ({"replaced_by": "nobody"}, "replaced_by"),
        ({"replaced_by": "a\0b"}, "replaced_by"),
        ({"replaced_by": "newer", "is_replaced_by_nothing": "on"}, "__all__"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_kept(
    admin_client: Client, both: list[Technology], chosen: dict[str, str], field: str
) -> None:
    page = shown(admin_client, both, **CLAIM | chosen)
    sent = confirm(admin_client, page, **chosen)

    assert [one.context["form"].errors.keys() for one in (page, sent)] == [{field}] * 2
    assert fields_of(page)["lifecycle_verified_on"] == chosen.get(
        "lifecycle_verified_on", "2026-01-02"
    )
    assert part_of(page, "selected") == ["Flask", "Quart"]
    assert editions.latest().number == 1


def test_another_choice_than_the_listed_one_is_not_written(
    admin_client: Client, both: list[Technology]
) -> None:
    page = shown(admin_client, both, **CLAIM)

    again = confirm(admin_client, page, lifecycle="end-of-life")

    assert refusal_of(again) == "Nothing was changed. Below is what would change now."
    assert "end of life" in part_of(again, "changed")[0]
    assert editions.latest().number == 1
