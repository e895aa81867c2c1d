"""Technologies side by side on /compare/ and in its other forms, reduced to the same words."""

import json

from django.test import Client

from tests.exports.parsing import csv_words, parse_markdown
from tests.factories import make_comparison
from tests.reading import read

Cells = list[list[str]]


def two_of_a_table(contenders: int = 2) -> str:
    """The query for the contenders of a comparison that has a cell for each."""
    comparison = make_comparison(contenders=contenders, criteria=2, slug="table")
    slugs = [contender.technology.slug for contender in comparison.contenders.all()]
    return "&".join(f"t={slug}" for slug in slugs)


def asked_of_page(client: Client, query: str) -> Cells:
    """The head and the rows of the comparison, as the page has them."""
    head, *rows = read(client, f"/compare/?{query}").compared()
    return [head, *(row for row in rows if row[0].startswith("Criterion"))]


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
