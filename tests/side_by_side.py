"""Technologies to put side by side, and the page that does it."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.test import Client

from catalog.models import Comparison, Criterion, Technology
from tests.factories import make_cell, make_comparison, make_contender, make_technology
from tests.reading import Document, main_text_of, read, text_of

SWAP = {"HX-Request": "true"}


def make(*slugs: str, **fields: object) -> list[Technology]:
    return [make_technology(slug=slug, name=slug.upper(), **fields) for slug in slugs]


def compared_in(slug: str, *technologies: Technology, **fields: object) -> Comparison:
    """A comparison of these, whose row "Speed" says Good, Moderate, Small of them."""
    comparison = make_comparison(contenders=0, criteria=0, slug=slug, title=slug.upper(), **fields)
    speed = Criterion.objects.create(comparison=comparison, slug="speed", name="Speed", weight=2)
    for place, technology in enumerate(technologies):
        contender = make_contender(comparison, technology=technology)
        make_cell(speed, contender, rating=3 - place % 3, word="")
    return comparison


def ask(client: Client, *pairs: tuple[str, str], headers: dict | None = None) -> HttpResponse:
    return client.get("/compare/", QUERY_STRING=urlencode(pairs), headers=headers)


def page_of(client: Client, *slugs: str) -> Document:
    return read(client, "/compare/?" + urlencode([("t", slug) for slug in slugs]))


def rows(page: Document) -> dict[str, list[str]]:
    return {name: cells for name, *cells in page.compared()[1:]}


def lines(page: Document, row: str) -> list[list[str]]:
    """What each cell of a row lists."""
    (found,) = [element for element in page.find("tbody/tr") if main_text_of(element[0]) == row]
    return [[text_of(item) for item in cell.iter("li")] for cell in list(found)[1:]]


def complaints(page: Document) -> list[str]:
    return page.texts("ul[@class='errors']/li")


def boxes(page: Document) -> list[str]:
    return [box.get("value") for box in page.find("input[@name='t']")]
