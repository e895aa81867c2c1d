from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from catalog.models import Cell, Moved, Status
from tests.factories import make_comparison, make_contender, make_technology
from tests.reading import read, text_of

pytestmark = pytest.mark.django_db


def test_every_cell_of_the_row_says_what_it_rests_on(client: Client) -> None:
    comparison = make_comparison(contenders=2, criteria=1, slug="table", title="Table")
    first, second = comparison.contenders.all()
    Cell.objects.filter(contender=first).update(
        value="12 ms",
        note="Measured.",
        source="https://example.org/a",
        verified_on=date(2020, 1, 31),
        verified_by="Ada",
        applies_to="2.0",
    )
    Cell.objects.filter(contender=second).delete()

    page = read(client, "/comparisons/table/criterion-0/")

    assert page.texts("h1") == ["Criterion 0: Table"]
    assert page.texts("h2") == [first.technology.name, second.technology.name]
    records = [
        [(text_of(term), text_of(fact)) for term, fact in zip(*[iter(facts)] * 2, strict=True)]
        for facts in page.find("dl")
    ]
    assert records == [
        [
            ("Judgement", "Good (3 of 4)"),
            ("Value", "12 ms"),
            ("Note", "Measured."),
            ("Source", "https://example.org/a"),
            ("Verified", "2020-01-31, Ada, stale"),
            ("Applies to", "2.0"),
        ],
        [("Judgement", "unknown"), ("Source", "none given"), ("Verified", "not yet")],
    ]


@pytest.mark.parametrize("address", ["/comparisons/table/nothing/", "/comparisons/no/criterion-0/"])
def test_a_row_that_is_not_there_is_not_found(client: Client, address: str) -> None:
    make_comparison(slug="table")

    assert client.get(address).status_code == 404


def test_rows_of_drafts_are_not_found(client: Client) -> None:
    make_comparison(slug="table", status=Status.DRAFT)

    assert client.get("/comparisons/table/criterion-0/").status_code == 404


def test_drafts_are_not_named(client: Client) -> None:
    comparison = make_comparison(contenders=0, slug="table")
    draft = make_technology(name="Kept back", status=Status.DRAFT)
    make_contender(comparison, technology=draft)

    assert "Kept back" not in client.get("/comparisons/table/criterion-0/").text


def test_it_moves_with_its_comparison(client: Client) -> None:
    make_comparison(slug="table")
    Moved.objects.create(kind="comparison", old="old", new="table")

    response = client.get("/comparisons/old/criterion-0/")

    assert (response.status_code, response["Location"]) == (
        301,
        "/comparisons/table/criterion-0/",
    )


def test_a_mistake_in_a_cell_can_be_reported(client: Client, settings: Any) -> None:
    settings.REPORT_TO = "https://tracker.example/new?title={title}&text={address}"
    comparison = make_comparison(contenders=0, slug="table", title="Table & more")
    make_contender(comparison, technology=make_technology(slug="quart", name="Quart & more"))

    page = read(client, "/comparisons/table/criterion-0/")

    ((said, address),) = page.links("section[@id='quart']/p")
    assert said == "Report a mistake in this cell of Quart & more"
    assert parse_qs(urlsplit(address).query) == {
        "title": ["Criterion 0 of Quart & more"],
        "text": ["http://testserver/comparisons/table/criterion-0/#quart"],
    }
