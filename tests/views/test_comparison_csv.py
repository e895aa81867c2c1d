"""What all forms share is in tests/exports; here is what only this one has."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client

from tests.exports.comparisons import make_full_comparison

pytestmark = pytest.mark.django_db


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
