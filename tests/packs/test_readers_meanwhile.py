"""Reading while a pack is loaded: all of it is seen, or nothing, and nobody waits.

Until the commit a page is the old one, after it the new one. A page whose own queries stand on both
sides of the commit is made once more.
"""

from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from django.test import Client

from catalog.comparison import tables
from tests.packs.packing import TABLE, cell, load_pack, pack, technology
from tests.packs.processes import WRITTEN, waiting
from tests.packs.statements import Fault, watched
from tests.packs.updating import edited_guide, run

pytestmark = pytest.mark.django_db(transaction=True)

PAGES = [
    "/",
    "/categories/web/",
    "/comparisons/frameworks/",
    "/comparisons/frameworks.csv",
    "/compare/?t=flask&t=sanic",
    "/technologies/",
    "/technologies/tornado/",
    "/technologies/bottle/",
]


def test_pages_are_old_until_the_commit_and_new_from_then_on(client, tmp_path):
    update = edited_guide(tmp_path)
    old = texts(client)

    with waiting(update, WRITTEN) as loading:
        loading.reach()
        meanwhile = texts(client)
        loading.let_go()
        loading.end()
    new = texts(client)

    assert meanwhile == old
    # Each names the edition it is of.
    assert [page for page in PAGES if new[page] == old[page]] == []
    tables.forget()
    assert texts(client) == new


@pytest.mark.parametrize(
    "address",
    ["/comparisons/frameworks/", "/comparisons/frameworks.csv", "/compare/?t=flask&t=quart"],
)
def test_a_page_that_a_load_commits_in_the_middle_of_is_all_old_or_all_new(
    client, tmp_path, address
):
    load_pack(pack(tmp_path, *TABLE, complete=True))

    for number in count(1):
        tables.forget()
        fault = Fault(number, renaming(tmp_path, number))
        with watched(before=fault):
            page = client.get(address).text
        if not fault.came:
            break
        assert (f"Flask {number}" in page) == (f"Word {number}" in page)
        after = client.get(address).text
        assert (f"Flask {number}" in after, f"Word {number}" in after) == (True, True)
        tables.forget()
        assert client.get(address).text == after

    assert fault.count > 5


def renaming(folder: Path, number: int) -> Callable[[], None]:
    """A load that changes what two tables of the database say, and one of the guide shows."""
    rows = [
        technology("flask", name=f"Flask {number}"),
        cell("frameworks", "speed", "flask", word=f"Word {number}"),
    ]

    def load() -> None:
        run(pack(folder, *rows, name="names", over=("guide",), version=str(number)))

    return load


def texts(client: Client) -> dict[str, str]:
    """Each page as it is now."""
    return {page: client.get(page).text for page in PAGES}
