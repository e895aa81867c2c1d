"""Two loads at once, in two processes: one after the other, whatever they meet."""

from pathlib import Path

import pytest

from catalog.models import Edition, PackLoad
from catalog.packs.entries import read
from catalog.packs.loading import MovedError, plan
from tests.packs.packing import apply, pack, point, technology
from tests.packs.processes import LOCKING, MADE, waiting
from tests.packs.updating import edited_guide, outcome, outcome_of

pytestmark = pytest.mark.django_db(transaction=True)

DONE, CONFLICTS_WAIT = 0, 2


@pytest.fixture
def packs(tmp_path: Path) -> tuple[Path, Path]:
    """Two that differ over Flask: who comes second waits for a choice."""
    first = [technology("flask", summary="First"), technology("bjoern"), point("bjoern", "c")]
    second = [technology("flask", summary="Second"), technology("falcon"), point("flask", "old")]
    return pack(tmp_path, *first, name="first"), pack(tmp_path, *second, name="second")


@pytest.fixture(params=["an empty guide", "a guide with history"])
def guide(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    if request.param == "a guide with history":
        edited_guide(tmp_path)


@pytest.mark.usefixtures("guide")
def test_two_that_go_for_the_lock_together_load_one_after_the_other(packs):
    first, second = packs
    in_turn = [outcome_of(first, second), outcome_of(second, first)]

    with waiting(first, LOCKING) as one, waiting(second, LOCKING) as other:
        one.reach()
        other.reach()
        one.let_go()
        other.let_go()
        statuses = {one.end().status, other.end().status}

    assert outcome() in in_turn
    assert statuses <= {DONE, CONFLICTS_WAIT}


def test_one_that_comes_while_the_other_writes_waits_for_it(packs):
    first, second = packs
    in_turn = outcome_of(first, second)

    with waiting(first, MADE) as one, waiting(second, LOCKING) as other:
        one.reach()
        other.reach()
        other.let_go()
        one.let_go()
        ends = one.end(), other.end()

    assert [end.status for end in ends] == [DONE, CONFLICTS_WAIT]
    assert outcome() == in_turn


def test_the_same_pack_twice_at_once_is_one_edition(packs):
    same, _other = packs
    once = outcome_of(same)

    with waiting(same, LOCKING) as one, waiting(same, LOCKING) as other:
        one.reach()
        other.reach()
        one.let_go()
        other.let_go()
        ends = one.end(), other.end()

    assert [end.status for end in ends] == [DONE, DONE]
    assert sorted(end.said.splitlines()[-1] for end in ends) == [
        "Nothing to do: the guide says all of this already.",
        "first 1 is loaded: edition 1.",
    ]
    assert outcome() == once


def test_a_plan_that_is_applied_twice_is_one_edition(packs):
    incoming = read(packs[0])
    made = plan(incoming)
    apply(made, "ada")

    with pytest.raises(MovedError):
        apply(made, "ada")

    assert (Edition.objects.count(), PackLoad.objects.count()) == (1, 1)
