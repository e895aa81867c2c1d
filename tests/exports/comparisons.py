"""A comparison in the database that has one of everything a table can show."""

from datetime import date

from catalog.models import Comparison, Criterion, CriterionGroup
from tests.factories import make_cell, make_comparison, make_contender, make_technology

# From the plain table to all that can be asked at once; each in its canonical form.
QUESTIONS = [
    "",
    "?t=quart&t=fastapi",
    "?group=people",
    "?group=none",
    "?must=documentation.3&differ=1",
    "?must=documentation.4&must=asgi.yes",
    "?differ=1",
    "?sort=-documentation",
    "?sort=licence",
    "?sort=fit&w=documentation.5&w=asgi.0&w=community.2",
    "?w=documentation.0&w=asgi.0&w=community.0",
    "?t=quart&t=fastapi&t=aiohttp&group=people&must=asgi.yes&differ=1&sort=fit&w=documentation.1"
    "&w=asgi.5&w=community.2",
]
NONSENSE = "?must=nothing.3&t=nobody&differ=1"


def make_full_comparison(**fields: str) -> Comparison:
    """Four contenders under four criteria: every kind, every state, with and without evidence."""
    comparison = make_comparison(
        contenders=0, criteria=0, **{"slug": "frameworks", "title": "Async | sync", **fields}
    )
    people, terms = (
        CriterionGroup.objects.create(comparison=comparison, slug=name.lower(), name=name)
        for name in ("People", "Terms")
    )
    columns = {
        slug: make_contender(
            comparison,
            technology=make_technology(slug=slug, name=name),
            versions=versions,
            position=place,
        )
        for place, (slug, name, versions) in enumerate(
            [
                ("fastapi", "FastAPI", "0.110"),
                ("quart", "Quart", ""),
                ("aiohttp", "aiohttp", "3.9, 3.10"),
                ("sanic", "Sanic", ""),
            ]
        )
    }
    rows = {
        slug: Criterion.objects.create(
            comparison=comparison,
            slug=slug,
            name=slug.capitalize(),
            kind=kind,
            weight=weight,
            group=group,
            question=question,
            position=place,
        )
        for place, (slug, kind, weight, group, question) in enumerate(
            [
                ("documentation", "rating", 3, None, "How much is explained?"),
                ("asgi", "yes-no", 1, None, ""),
                ("licence", "text", 0, terms, ""),
                ("community", "rating", 2, people, "How many answer?"),
            ]
        )
    }
    read = {"source": "https://example.org/docs", "verified_on": date(2026, 11, 1)}
    old = {"source": "https://example.org/old", "verified_on": date(2020, 1, 2)}
    said = {
        ("documentation", "fastapi"): {"rating": 4, "word": "Excellent", **read},
        ("documentation", "quart"): {"rating": 3, "word": "Good", "note": "Some *gaps*.", **old},
        ("documentation", "aiohttp"): {"rating": 3, "word": "", "value": "120 pages"},
        ("asgi", "fastapi"): {"rating": 4, "word": "", **read, "verified_by": "Ada"},
        ("asgi", "quart"): {"rating": 4, "word": "", "value": "since 0.6"},
        ("asgi", "aiohttp"): {"rating": 0, "word": "No"},
        ("asgi", "sanic"): {"rating": 4, "word": ""},
        ("licence", "fastapi"): {"rating": None, "word": "", "value": "MIT"},
        ("licence", "quart"): {"rating": None, "word": "", "value": "MIT"},
        ("licence", "aiohttp"): {"rating": None, "word": "Apache", "value": "2.0"},
        ("licence", "sanic"): {"state": "not-applicable", "rating": None, "word": ""},
        ("community", "fastapi"): {"rating": 2, "word": "Growing", "applies_to": "0.100 to 0.110"},
        ("community", "quart"): {"rating": 1, "word": "Small"},
        ("community", "aiohttp"): {"rating": 2, "word": "Moderate"},
        ("community", "sanic"): {"state": "unknown", "rating": None, "word": "", "note": "Asked."},
    }
    for (row, column), cell in said.items():
        make_cell(rows[row], columns[column], **cell)
    return comparison
