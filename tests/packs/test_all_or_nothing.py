"""A load or its undoing that fails anywhere leaves everything as it was, and can be run again."""

from itertools import count
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from catalog.models import PackLoad
from catalog.packs.entries import read
from catalog.packs.loading import load, undo
from tests.packs.statements import Fault, cut_the_connection, fill_the_disk, raise_error, watched
from tests.packs.updating import edited_guide, everything, outcome, outcome_of, run

pytestmark = pytest.mark.django_db(transaction=True)

# With the distance from one statement to the next that fails: to connect anew takes its time.
FAULTS = {"sqlite": [(raise_error, 1)], "postgresql": [(fill_the_disk, 1), (cut_the_connection, 7)]}
every_fault = pytest.mark.parametrize(("fail", "step"), FAULTS[connection.vendor])


@every_fault
def test_a_load_that_fails_at_any_statement_has_done_nothing(tmp_path, fail, step):
    update = edited_guide(tmp_path)
    expected, before = outcome_of(update), everything()

    incoming = read(update)
    for number in count(1, step):
        fault = Fault(number, fail)
        try:
            with watched(before=fault):
                load(incoming, "")
        except DatabaseError:
            connection.close_if_unusable_or_obsolete()
            assert (number, everything()) == (number, before)
        else:
            break

    assert not fault.came
    assert outcome() == expected
    assert fault.count > 60  # planning, writing and what is recorded of it


@every_fault
def test_an_undoing_that_fails_at_any_statement_has_done_nothing(tmp_path, fail, step):
    run(edited_guide(tmp_path))
    expected, before = outcome_of_undoing(), everything()

    for number in count(1, step):
        fault = Fault(number, fail)
        try:
            with watched(before=fault):
                undo(PackLoad.objects.first(), "ada")
        except DatabaseError:
            connection.close_if_unusable_or_obsolete()
            assert (number, everything()) == (number, before)
        else:
            break

    assert not fault.came
    assert outcome() == expected
    assert fault.count > 40


def outcome_of_undoing() -> dict[str, Any]:
    with transaction.atomic():
        undo(PackLoad.objects.first(), "ada")
        left = outcome()
        transaction.set_rollback(True)
    return left
