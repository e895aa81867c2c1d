from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from catalog.models import Comparison
from tests.admin.grid.tables import grid_of, make_table, send


@pytest.fixture
def comparison() -> Comparison:
    return make_table()


@pytest.fixture
def url(comparison: Comparison) -> str:
    return grid_of(comparison)


@pytest.fixture
def type_in(admin_client: Client, comparison: Comparison) -> Callable[..., HttpResponse]:
    """Open the comparison as a table, type this, and press Save."""

    def type_in(typed: dict[str, Any] | None = None, **more: Any) -> HttpResponse:
        return send(admin_client, grid_of(comparison), typed, **more)

    return type_in
