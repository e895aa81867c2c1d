"""Every fact of the guide's own file stands on the page a reader expects it on."""

from collections import Counter, defaultdict
from functools import cache
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client

from catalog.models import CONTENT
from tests.facts import Fact, read_facts
from tests.packs.dumps import fixture_paths
from tests.reading import Document
from tests.statements import Statement, read_statements

PACK = settings.BASE_DIR / "fixtures" / "guide-2025"
GUIDE = settings.BASE_DIR / "tests" / "data" / "guide-2025.md"

# Elsewhere than in the guide: the admin, and what is not a page.
NOT_READ = ("/admin/", "/static/")


@cache
def facts() -> list[Fact]:
    return read_facts(GUIDE.read_text(encoding="utf-8"))


def crawl(client: Client) -> dict[str, set[Statement]]:
    """Every page that links lead to from the front page, each once: what it says by its <h1>.

    The comparison of async frameworks bears the name of its category: pages of one name are read
    as one.
    """
    said: dict[str, set[Statement]] = defaultdict(set)
    seen, waiting = {"/"}, ["/"]
    while waiting:
        address = waiting.pop()
        response = client.get(address)
        assert response.status_code == 200, address
        if not response["Content-Type"].startswith("text/html"):
            continue
        page = Document(response.text)
        (heading,) = page.texts("h1")
        said[heading] |= read_statements(page)
        for _, href in page.links("body"):
            path = urlsplit(href).path
            if href.startswith("/") and path not in seen and not path.startswith(NOT_READ):
                seen.add(path)
                waiting.append(path)
    return said


def test_the_file_is_read_to_its_last_fact():
    assert len(facts()) >= 399
    assert Counter(fact.kind for fact in facts()) == {
        "heading": 65,
        "sentence": 2,
        "qualifier": 13,
        "best for": 22,
        "point": 92,
        "library": 18,
        "listing": 39,
        "verdict": 14,
        "note": 34,
        "column": 4,
        "criterion": 5,
        "cell": 20,
        "role": 22,
        "choice": 32,
        "Python": 1,
        "pin": 20,
    }


@pytest.mark.django_db
def test_every_fact_is_found_under_its_heading(client):
    call_command("loaddata", *fixture_paths(PACK), verbosity=0)

    said = crawl(client)

    missing = [
        f"line {fact.line}, {fact.kind}: {place.page!r} does not say {place.statement}"
        for fact in facts()
        for place in fact.places
        if place.statement not in said[place.page]
    ]
    assert missing == [], "\n" + "\n".join(missing)


@pytest.mark.django_db
def test_it_has_no_row_too_many_or_too_few():
    call_command("loaddata", *fixture_paths(PACK), verbosity=0)

    assert {model.__name__: model.objects.count() for model in CONTENT} == {
        "Guide": 1,
        "Category": 30,
        "Technology": 86,
        "Alias": 6,
        "Package": 76,
        "PackageFacts": 0,
        "Point": 92,
        "SupportWindow": 0,
        "Listing": 68,
        "Companion": 18,
        "Migration": 0,
        "Compatibility": 0,
        "Piece": 0,
        "Measurement": 0,
        "Snippet": 14,
        "Comparison": 1,
        "CriterionGroup": 0,
        "Contender": 4,
        "Criterion": 5,
        "Cell": 20,
        "Preset": 0,
        "Stack": 3,
        "Role": 22,
        "Choice": 32,
        "VersionSet": 1,
        "Pin": 20,
    }
