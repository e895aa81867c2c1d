"""What the largest table may weigh and ask of the database. Times are measured by scripts.speed."""

import gzip

import pytest

from catalog.comparison import tables
from tests.sizes import SIZES, make_tables

pytestmark = pytest.mark.django_db

LARGEST = "/comparisons/size-20-40/"


@pytest.fixture(autouse=True)
def large_tables() -> None:
    make_tables()


def test_eight_hundred_cells_weigh_at_most_260_kilobytes_and_20_compressed(client):
    page = client.get(LARGEST).content

    assert page.count(b"<td") > 800
    assert len(page) <= 260_000
    assert len(gzip.compress(page, 6)) <= 20_000


def test_eight_hundred_cells_take_at_most_eight_queries(client, django_assert_max_num_queries):
    tables.forget()

    with django_assert_max_num_queries(8):
        client.get(LARGEST)


@pytest.mark.parametrize(("columns", "rows"), SIZES)
def test_a_swap_sends_less_than_sixty_per_cent_of_the_page(client, columns, rows):
    path = f"/comparisons/size-{columns}-{rows}/?sort=fit"

    page, swap = client.get(path), client.get(path, headers={"HX-Request": "true"})

    assert len(swap.content) < 0.6 * len(page.content)
