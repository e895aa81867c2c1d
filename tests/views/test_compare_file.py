"""Technologies side by side as files: in each form what the page shows."""

import json

import pytest
from django.test import Client

from tests.exports.parsing import csv_words, parse_markdown
from tests.factories import make_comparison
from tests.reading import read

pytestmark = pytest.mark.django_db

Cells = list[list[str]]


def read_csv(text: str) -> Cells:
    rows = csv_words(text)
    width = len([name for name in rows[0][4:] if not name.endswith((" source", " verified on"))])
    return [[row[0], *row[4 : 4 + width]] for row in rows if row[0].startswith("Criterion")]


def read_md(text: str) -> Cells:
    rows = [[cell.replace("**", "") for cell in row] for row in parse_markdown(text).table]
    return [
        [cell.partition(" · ")[0] for cell in row] for row in rows if row[0].startswith("Criterion")
    ]


def read_json(text: str) -> Cells:
    content = json.loads(text)
    rows = [row for group in content["groups"] for row in group["rows"]]
    return [
        ["Criterion", *(one["name"] for one in content["contenders"])],
        *(
            [row["name"], *(cell["said"] for cell in row["cells"])]
            for row in rows
            if row["name"].startswith("Criterion")
        ),
    ]


READERS = {"csv": read_csv, "md": read_md, "json": read_json}
every_form = pytest.mark.parametrize("form", READERS)


@pytest.fixture
def query() -> str:
    """The query for the contenders of a comparison that has a cell for each."""
    comparison = make_comparison(contenders=2, criteria=2, slug="table")
    slugs = [contender.technology.slug for contender in comparison.contenders.all()]
    return "&".join(f"t={slug}" for slug in slugs)


@every_form
def test_it_has_what_the_page_shows(client: Client, form: str, query: str) -> None:
    head, *rows = read(client, f"/compare/?{query}").compared()

    response = client.get(f"/compare.{form}?{query}")

    assert response["Link"] == '<http://testserver/compare/>; rel="canonical"'
    shown = [row for row in rows if row[0].startswith("Criterion")]
    assert READERS[form](response.text) == [head, *shown]


@every_form
def test_another_form_of_the_query_leads_to_the_canonical_one(
    client: Client, form: str, query: str
) -> None:
    response = client.get(f"/compare.{form}?sort=&{query}")

    assert (response.status_code, response["Location"]) == (302, f"/compare.{form}?{query}")


@every_form
@pytest.mark.parametrize("asked", ["", "t=nobody", "t=%00&must=%00", "w=" + "x" * 5_000])
def test_nothing_to_compare_is_an_empty_table(client: Client, form: str, asked: str) -> None:
    assert client.get(f"/compare.{form}?{asked}", follow=True).status_code == 200


def test_there_is_no_file_of_another_form(client: Client, query: str) -> None:
    assert client.get(f"/compare.xml?{query}").status_code == 404
