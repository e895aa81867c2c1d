"""A load that fails or is ended anywhere leaves everything as it was, and can be run again."""

import re
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from catalog.comparison import tables
from catalog.models import PackLoad
from catalog.packs.entries import read
from catalog.packs.loading import load, undo
from tests.packs.packing import TABLE, cell, load_pack, pack, technology
from tests.packs.processes import (
    COMMITTED,
    COMPARING,
    LOCKED,
    MADE,
    READING,
    RECORDED,
    WRITTEN,
    Moment,
    stopped,
    waiting,
)
from tests.packs.statements import Fault, cut_the_connection, fill_the_disk, raise_error, watched
from tests.packs.stopping import Once
from tests.packs.updating import edited_guide, everything, integrity, outcome, outcome_of, run

pytestmark = pytest.mark.django_db(transaction=True)

# With the distance from one statement to the next that fails: to connect anew takes its time.
FAULTS = {"sqlite": [(raise_error, 1)], "postgresql": [(fill_the_disk, 1), (cut_the_connection, 7)]}
every_fault = pytest.mark.parametrize(("fail", "step"), FAULTS[connection.vendor])


@pytest.fixture
def update(tmp_path: Path) -> Path:
    return edited_guide(tmp_path)


def fail_everywhere(act: Callable[[], object], fail: Callable[[], None], step: int) -> int:
    """Do it with each next statement failing until none is left; how many there are."""
    before = everything()
    for number in count(1, step):
        fault = Fault(number, fail)
        try:
            with watched(before=fault):
                act()
        except DatabaseError:
            connection.close_if_unusable_or_obsolete()
            assert (number, everything()) == (number, before)
        else:
            break
    assert not fault.came
    return fault.count


@every_fault
def test_a_load_that_fails_at_any_statement_has_done_nothing(update, fail, step):
    expected = outcome_of(update)

    incoming = read(update)
    statements = fail_everywhere(lambda: load(incoming, ""), fail, step)

    assert outcome() == expected
    assert statements > 60  # planning, writing and what is recorded of it


@every_fault
def test_an_undoing_that_fails_at_any_statement_has_done_nothing(update, fail, step):
    run(update)
    expected = outcome_of_undoing()

    statements = fail_everywhere(lambda: undo(PackLoad.objects.first(), "ada"), fail, step)

    assert outcome() == expected
    assert statements > 40


def outcome_of_undoing() -> dict[str, Any]:
    with transaction.atomic():
        undo(PackLoad.objects.first(), "ada")
        left = outcome()
        transaction.set_rollback(True)
    return left


# No room left, or no database ---------------------------------------------------------------------


CONFLICTS_WAIT = 2
REFUSED = "The database does not do its part; nothing was loaded"
LOSSES = {"sqlite": [raise_error], "postgresql": [fill_the_disk, cut_the_connection]}
# What a process of its own meets.
ACTION = {"sqlite": "fail", "postgresql": "cut"}[connection.vendor]


def pragma(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {statement}")
        return cursor.fetchone()[0]


@pytest.mark.sqlite
def test_a_database_that_may_not_grow_takes_nothing_of_a_load(update):
    expected, before = outcome_of(update), everything()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")  # room that earlier tests have left would be used first

    for pages in count(pragma("page_count")):
        pragma(f"max_page_count = {pages}")
        status, said = run(update)
        if status == CONFLICTS_WAIT:
            break
        assert (status, said) == (1, f"{REFUSED}: database or disk is full")
        assert (everything(), integrity()) == (before, [])
    connection.close()  # and with it the limit

    assert outcome() == expected


@pytest.mark.parametrize("moment", [COMPARING, LOCKED, MADE, RECORDED, WRITTEN], ids=" ".join)
@pytest.mark.parametrize("fail", LOSSES[connection.vendor])
def test_a_database_that_fails_is_told_of_in_a_sentence(update, moment, fail):
    expected, before = outcome_of(update), everything()
    once = Once(fail)

    with watched(before=lambda sql: once() if re.search(moment.text, sql) else None):
        status, said = run(update)
    connection.close_if_unusable_or_obsolete()

    assert (status, said.partition(": ")[0], len(said.splitlines())) == (1, REFUSED, 1)
    assert everything() == before
    assert run(update)[0] == CONFLICTS_WAIT
    assert outcome() == expected


def test_a_process_that_loses_its_database_ends_with_a_sentence(update):
    before = everything()

    ended = stopped(update, MADE, ACTION)

    (complaint,) = ended.complaints
    assert ended.status == 1
    assert complaint.startswith(f"CommandError: {REFUSED}: ")
    assert everything() == before


# Ended from outside -------------------------------------------------------------------------------


ENDS = [
    *((moment, "SIGKILL", -9) for moment in (READING, COMPARING, LOCKED, MADE, RECORDED, WRITTEN)),
    (Moment("after", '^UPDATE "catalog_cell"'), "SIGKILL", -9),
    (Moment("after", '^DELETE FROM "catalog_point"'), "SIGKILL", -9),
    (Moment("after", '^INSERT INTO "catalog_revision"'), "SIGKILL", -9),
    (Moment("after", '^UPDATE "catalog_packload"'), "SIGKILL", -9),
    *((moment, "SIGTERM", -15) for moment in (READING, MADE)),
    *((moment, "SIGINT", -2) for moment in (READING, MADE)),
]


@pytest.mark.parametrize(("moment", "signal", "status"), ENDS)
def test_a_load_that_is_killed_or_asked_to_end_before_it_commits_has_done_nothing(
    update, moment, signal, status
):
    expected, before = outcome_of(update), everything()

    ended = stopped(update, moment, signal)

    assert (ended.status, integrity()) == (status, [])
    assert everything() == before
    assert run(update)[0] == CONFLICTS_WAIT
    assert outcome() == expected


def test_a_load_that_is_killed_when_it_has_committed_has_done_all_of_it(update):
    expected = outcome_of(update)

    ended = stopped(update, COMMITTED, "SIGKILL")

    assert (ended.status, integrity()) == (-9, [])
    assert outcome() == expected
    assert run(update)[0] == CONFLICTS_WAIT
    assert outcome() == expected


def test_a_load_that_is_interrupted_while_it_commits_is_whole(update):
    expected, before = outcome_of(update), outcome()

    ended = stopped(update, WRITTEN, "SIGINT")

    # Which of the two is the database's to say: the commit was under way.
    assert ended.status != 0
    assert integrity() == []
    assert outcome() in (before, expected)
    assert run(update)[0] == CONFLICTS_WAIT
    assert outcome() == expected


# Readers meanwhile --------------------------------------------------------------------------------


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


def test_pages_are_old_until_the_commit_and_new_from_then_on(client, update):
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
