"""What all forms share is in tests/exports; here is what only this one has."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client

from catalog.history import editions
from catalog.models import Edition
from tests.exports.comparisons import make_full_comparison

pytestmark = pytest.mark.django_db


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
