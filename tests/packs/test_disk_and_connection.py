"""No room left, or no database: a sentence, status 1, nothing written; the next load works."""

import re
from itertools import count

import pytest
from django.db import connection

from tests.packs.processes import COMPARING, LOCKED, MADE, RECORDED, WRITTEN, stopped
from tests.packs.statements import cut_the_connection, fill_the_disk, raise_error, watched
from tests.packs.stopping import Once
from tests.packs.updating import edited_guide, everything, integrity, outcome, outcome_of, run

pytestmark = pytest.mark.django_db(transaction=True)

CONFLICTS_WAIT = 2
REFUSED = "The database does not do its part; nothing was loaded"
FAULTS = {"sqlite": [raise_error], "postgresql": [fill_the_disk, cut_the_connection]}
# What a process of its own meets.
ACTION = {"sqlite": "fail", "postgresql": "cut"}[connection.vendor]


def pragma(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {statement}")
        return cursor.fetchone()[0]


@pytest.mark.sqlite
def test_a_database_that_may_not_grow_takes_nothing_of_a_load(tmp_path):
    update = edited_guide(tmp_path)
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
@pytest.mark.parametrize("fail", FAULTS[connection.vendor])
def test_a_database_that_fails_is_told_of_in_a_sentence(tmp_path, moment, fail):
    update = edited_guide(tmp_path)
    expected, before = outcome_of(update), everything()
    once = Once(fail)

    with watched(before=lambda sql: once() if re.search(moment.text, sql) else None):
        status, said = run(update)
    connection.close_if_unusable_or_obsolete()

    assert (status, said.partition(": ")[0], len(said.splitlines())) == (1, REFUSED, 1)
    assert everything() == before
    assert run(update)[0] == CONFLICTS_WAIT
    assert outcome() == expected


def test_a_process_that_loses_its_database_ends_with_a_sentence(tmp_path):
    update = edited_guide(tmp_path)
    before = everything()

    ended = stopped(update, MADE, ACTION)

    (complaint,) = ended.complaints
    assert ended.status == 1
    assert complaint.startswith(f"CommandError: {REFUSED}: ")
    assert everything() == before
