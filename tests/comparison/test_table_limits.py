"""What the largest table may weigh and ask of the database. Times are measured by scripts.speed."""

import gzip

import pytest

from catalog.comparison import tables
from tests.sizes import make_tables

pytestmark = pytest.mark.django_db

LARGEST = "/comparisons/size-20-40/"


@pytest.fixture(autouse=True)
def large_tables() -> None:
    make_tables()


def test_eight_hundred_cells_weigh_at_most_365_kilobytes_and_22_compressed(client):
    page = client.get(LARGEST).content

    assert page.count(b"<td") > 800
    assert len(page) <= 365_000
    assert len(gzip.compress(page, 6)) <= 22_000


def test_eight_hundred_cells_take_at_most_nine_queries(client, django_assert_max_num_queries):
    tables.forget()

    with django_assert_max_num_queries(9):
        client.get(LARGEST)
