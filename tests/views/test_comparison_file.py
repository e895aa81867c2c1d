"""What all forms share is in tests/exports; here is what only one of them has."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client

from catalog.history import editions
from catalog.models import Edition
from tests.exports.comparisons import make_full_comparison

pytestmark = pytest.mark.django_db

# Long lines, as rows of a table are.
EXPECTED = r"""# [Async \| sync](<http://testserver/comparisons/frameworks/?must=asgi.yes&sort=-community>)

Edition 1, 2026-11-22

3 of 4 contenders, 4 of 4 rows

- aiohttp is ruled out: Asgi is No, you need Yes.

| Criterion | FastAPI 0.110 | Quart | Sanic | aiohttp 3.9, 3.10 · ruled out |
| --- | --- | --- | --- | --- |
| Fit · 0 to 100 with these weights | 83.3 · all known | 62.5 · all known | 100 · 16 to 100, only 16 % known | 54.2 · all known |
| Documentation · How much is explained? · Weight 3 | **Excellent** \[1\] | Good \[2\] · Some \*gaps\*. · checked 2020-01-02, stale | unknown | 120 pages |
| Asgi · Weight 1 | Yes \[3\] | Yes, since 0.6 | Yes | No |
| *People* |  |  |  |  |
| Community · How many answer? · Weight 2 | **Growing** · 0.100 to 0.110 | Small | unknown · Asked. | Moderate |
| *Terms* |  |  |  |  |
| Licence | MIT | MIT | does not apply | Apache, 2.0 |

What is bold is best in its row.

## How safe is the winner

FastAPI leads with 83.3, 20.8 ahead of Quart (62.5).

What is unknown could still put Sanic ahead.

- No weight of a single row, from 0 to 5, changes who leads.

## Sources

14 of 16 cells known, 3 with a source, 1 stale, oldest checked 2020-01-02

- \[1\] <https://example.org/docs>, checked 2026-11-01
- \[2\] <https://example.org/old>, checked 2020-01-02, stale
- \[3\] <https://example.org/docs>, checked 2026-11-01 by Ada
"""  # noqa: E501


def test_a_tool_finds_what_a_cell_says_and_what_it_rests_on(client: Client) -> None:
    moment = datetime(2026, 11, 22, 23, 59, tzinfo=UTC)
    with time_machine.travel(moment, tick=False):
        with editions.record("ada", "", Edition.Origin.ADMIN):
            make_full_comparison()
        response = client.get("/comparisons/frameworks.json?t=quart&t=fastapi")

    content = response.json()
    assert response["Content-Type"] == "application/json; charset=utf-8"
    assert (content["title"], content["edition"], content["edited_on"]) == (
        "Async | sync",
        1,
        "2026-11-22",
    )
    assert content["address"] == "http://testserver/comparisons/frameworks/?t=quart&t=fastapi"
    assert content["question"] == {"t": ["quart", "fastapi"]}
    assert [group["name"] for group in content["groups"]] == ["", "People", "Terms"]
    row = content["groups"][0]["rows"][0]
    assert row["address"] == "http://testserver/comparisons/frameworks/documentation/"
    assert row["cells"] == [
        {
            "contender": "quart",
            "state": "known",
            "rating": 3,
            "word": "Good",
            "value": "",
            "note": "Some *gaps*.",
            "source": "https://example.org/old",
            "verified_on": "2020-01-02",
            "verified_by": "",
            "applies_to": "",
            "stale": True,
            "best": "",
            "said": "Good",
        },
        {
            "contender": "fastapi",
            "state": "known",
            "rating": 4,
            "word": "Excellent",
            "value": "",
            "note": "",
            "source": "https://example.org/docs",
            "verified_on": "2026-11-01",
            "verified_by": "",
            "applies_to": "",
            "stale": False,
            "best": "sole",
            "said": "Excellent",
        },
    ]


def test_it_can_be_pasted_and_says_where_it_is_from(client: Client) -> None:
    moment = datetime(2026, 11, 22, 23, 59, tzinfo=UTC)
    with time_machine.travel(moment, tick=False):
        with editions.record("ada", "", Edition.Origin.ADMIN):
            make_full_comparison()
        response = client.get("/comparisons/frameworks.md?must=asgi.yes&sort=-community")

    assert response["Content-Type"] == "text/markdown; charset=utf-8"
    assert response.text == EXPECTED


def test_it_is_a_file_that_a_spreadsheet_opens(client: Client) -> None:
    make_full_comparison()

    with time_machine.travel(datetime(2026, 11, 22, tzinfo=UTC), tick=False):
        response = client.get("/comparisons/frameworks.csv?t=fastapi&t=quart&group=people")

    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response.content.decode("utf-8-sig") == (
        "Criterion,Group,Question,Weight,FastAPI 0.110,Quart,FastAPI 0.110 source,"
        "FastAPI 0.110 verified on,Quart source,Quart verified on\r\n"
        "Fit,,0 to 100 with these weights,,83.3,62.5,,,,\r\n"
        "Range of fit,,,,all known,all known,,,,\r\n"
        "Documentation,,How much is explained?,3,Excellent,"
        '"Good · Some *gaps*. · checked 2020-01-02, stale",https://example.org/docs,2026-11-01,'
        "https://example.org/old,2020-01-02\r\n"
        'Asgi,,,1,Yes,"Yes, since 0.6",https://example.org/docs,2026-11-01,,\r\n'
        "Community,People,How many answer?,2,Growing · 0.100 to 0.110,Small,,,,\r\n"
    )
