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


def facts(page: Document) -> dict[str, list[list[str]]]:
    """What each row of facts says of each technology, line by line; read or folded."""
    found = {}
    for row in page.find("table[@class='beside known']/tbody/tr"):
        head, *cells = row
        found[text_of(head)] = [[main_text_of(line) for line in cell.iter("p")] for cell in cells]
    return found


def blocks(page: Document) -> dict[str, list[list[str]]]:
    """The rows of each comparison shown, head and fit too, by its heading."""
    return {
        text_of(section.find("h2")): [
            [main_text_of(cell) for cell in row] for row in section.iter("tr")
        ]
        for section in page.find("section[@class='block']")
    }


def said(page: Document) -> list[str]:
    """The sentences above the tables."""
    return page.texts("div[@class='ask']/div/p")


def complaints(page: Document) -> list[str]:
    return page.texts("ul[@class='errors']/li")


def chosen(page: Document) -> list[str]:
    return [field.get("value") for field in page.find("input[@type='hidden']")]
