"""A load whose process is ended from outside: the guide is old or new, and the next load works."""

import pytest

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
)
from tests.packs.updating import edited_guide, everything, integrity, outcome, outcome_of, run

pytestmark = pytest.mark.django_db(transaction=True)

CONFLICTS_WAIT = 2


@pytest.mark.parametrize(
    "moment",
    [
        READING,
        COMPARING,
        LOCKED,
        MADE,
        Moment("after", '^UPDATE "catalog_cell"'),
        Moment("after", '^DELETE FROM "catalog_point"'),
        RECORDED,
        Moment("after", '^INSERT INTO "catalog_revision"'),
        Moment("after", '^UPDATE "catalog_packload"'),
        WRITTEN,
    ],
    ids=" ".join,
)
def test_a_load_that_is_killed_before_it_commits_has_done_nothing(tmp_path, moment):
    update = edited_guide(tmp_path)
    expected, before = outcome_of(update), everything()

    ended = stopped(update, moment, "SIGKILL")

    assert (ended.status, integrity()) == (-9, [])
    assert everything() == before
    assert run(update)[0] == CONFLICTS_WAIT
    assert outcome() == expected


def test_a_load_that_is_killed_when_it_has_committed_has_done_all_of_it(tmp_path):
    update = edited_guide(tmp_path)
    expected = outcome_of(update)

    ended = stopped(update, COMMITTED, "SIGKILL")

    assert (ended.status, integrity()) == (-9, [])
    assert outcome() == expected
    assert run(update)[0] == CONFLICTS_WAIT
    assert outcome() == expected


@pytest.mark.parametrize("moment", [READING, MADE], ids=" ".join)
@pytest.mark.parametrize(("signal", "status"), [("SIGTERM", -15), ("SIGINT", -2)])
def test_a_load_that_is_asked_to_end_has_done_nothing(tmp_path, moment, signal, status):
    update = edited_guide(tmp_path)
    expected, before = outcome_of(update), everything()

    ended = stopped(update, moment, signal)

    assert (ended.status, integrity()) == (status, [])
    assert everything() == before
    assert run(update)[0] == CONFLICTS_WAIT
    assert outcome() == expected


def test_a_load_that_is_interrupted_while_it_commits_is_whole(tmp_path):
    update = edited_guide(tmp_path)
    expected, before = outcome_of(update), outcome()

    ended = stopped(update, WRITTEN, "SIGINT")

    # Which of the two is the database's to say: the commit was under way.
    assert ended.status != 0
    assert integrity() == []
    assert outcome() in (before, expected)
    assert run(update)[0] == CONFLICTS_WAIT
    assert outcome() == expected
