"""What a grid costs does not grow with its table."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.admin.grid.tables import grid_of, make_large
from tests.admin.pages import read_form

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


def queries_of(act: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as queries:
        act()
    return len(queries)


def costs(client: Client, rows: int, columns: int) -> dict[str, int]:
    """How many queries each thing takes that one can do with a table of this size."""
    comparison = make_large(rows, columns, slug=f"{rows}-by-{columns}")
    url = grid_of(comparison)
    first = comparison.contenders.first().technology.slug
    client.get(url)
    form = read_form(client.get(url))
    block = {"_paste": "1", "_block": "4\t4"}
    every = {name: "4" for name in form if name.startswith("judgement.")}
    return {
        "page": queries_of(lambda: client.get(url)),
        "row": queries_of(lambda: client.get(grid_of(comparison, "row-0"))),
        "nothing": queries_of(lambda: client.post(url, form)),
        "fault": queries_of(lambda: client.post(url, form | {"name.row-0": ""})),
        "block": queries_of(lambda: client.post(url, form | block)),
        "faulty cells": queries_of(lambda: client.post(url, form | every | {"name.row-0": ""})),
        "cell": queries_of(lambda: client.post(url, form | {f"note.row-0.{first}": "x"})),
    }


def test_a_large_table_costs_as_many_queries_as_a_small_one(admin_client: Client) -> None:
    costs(admin_client, 1, 1)  # Django asks for the kinds of its log with the first save only
    small = costs(admin_client, 2, 2)
    large = costs(admin_client, 12, 8)

    assert large == small
    assert small["page"] <= 15
