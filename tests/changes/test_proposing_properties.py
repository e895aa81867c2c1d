"""What holds of any three states of a table, whoever made and deleted what."""

from collections.abc import Callable
from typing import Any

from hypothesis import assume, example, given
from hypothesis import strategies as st

from catalog.history.merge import NO_BASE, Choice, Own, Reconciled, Take, reconcile
from catalog.history.rows import Fields, RowKey, State, references_of
from tests.changes.states import ITSELF, cell, contender, criterion, group, table

WORDS = st.sampled_from(["", "one", "two", "three"])
TEXTS = ("title", "verdict", "name", "question", "versions", "word", "note", "")
ROWS, COLUMNS, GROUPS = ("speed", "size"), ("quart", "flask"), ("main", "rest")


@st.composite
def tables(draw: st.DrawFn) -> State:
    """A table with some rows, columns, groups and cells, or none at all."""
    if draw(st.integers(0, 9)) == 0:
        return {}
    some = lambda names: draw(st.lists(st.sampled_from(names), unique=True))  # noqa: E731
    columns, rows, groups = some(COLUMNS), some(ROWS), some(GROUPS)
    parts = [group(name, name=draw(WORDS)) for name in groups]
    parts += [contender(name, versions=draw(WORDS)) for name in columns]
    for name in rows:
        of = draw(st.sampled_from(groups)) if groups and draw(st.booleans()) else None
        said = {"group": of} if of else {}
        parts.append(criterion(name, name=draw(WORDS), question=draw(WORDS), **said))
        parts += [
            cell(name, where, word=draw(WORDS), note=draw(WORDS))
            for where in columns
            if draw(st.booleans())
        ]
    return table(*parts, title=draw(WORDS), verdict=draw(WORDS))


takes = st.sampled_from([None, Take.MINE, Take.THEIRS])
choices = st.one_of(takes, st.just(Own("own")))


@st.composite
def choosers(draw: st.DrawFn) -> Callable[[RowKey, str], Choice]:
    """Somebody who decides anyhow, but does not change their mind."""
    made: dict[tuple[RowKey, str], Choice] = {}

    def choose(row: RowKey, field: str) -> Choice:
        if (row, field) not in made:
            made[row, field] = draw(choices if field in TEXTS else takes)
        return made[row, field]

    return choose


def all_of(choice: Choice) -> Callable[[RowKey, str], Choice]:
    return lambda _row, _field: choice


def dangling(rows: State) -> list[tuple[RowKey, str]]:
    """References within the table that find nothing."""
    return [
        (row, reference.name)
        for row, fields in rows.items()
        for reference in references_of(row.model)
        if (value := fields[reference.name])
        and reference.model in ("comparison", "criteriongroup", "contender", "criterion")
        and RowKey(reference.model, tuple(value)) not in rows
    ]


def named(found: Reconciled) -> set[tuple[RowKey, str]]:
    return {(one.row, one.field) for one in found.asked}


@given(base=tables(), theirs=tables())
def test_who_changed_nothing_changes_nothing(base, theirs):
    found = reconcile(base, base, theirs)

    assert (found.rows, found.asked) == (theirs, [])


@given(base=tables(), mine=tables())
def test_where_nobody_was_faster_it_is_mine_exactly(base, mine):
    found = reconcile(base, mine, base)

    assert (found.rows, found.asked) == (mine, [])


@given(base=tables(), both=tables())
def test_where_both_did_the_same_nothing_is_at_odds(base, both):
    found = reconcile(base, both, both)

    assert (found.rows, found.asked) == (both, [])


@given(base=tables(), mine=tables(), theirs=tables(), choose=choosers())
def test_no_reference_is_left_dangling(base, mine, theirs, choose):
    assert dangling(reconcile(base, mine, theirs, choose).rows) == []


@given(base=tables(), mine=tables(), theirs=tables(), choose=choosers())
def test_what_is_asked_does_not_depend_on_what_is_chosen(base, mine, theirs, choose):
    found = reconcile(base, mine, theirs, choose)

    assert found.asked == reconcile(base, mine, theirs).asked
    assert len(named(found)) == len(found.asked)
    assert {(one.row, one.field) for one in found.undecided} == {
        (row, field)
        for row, field in named(found)
        if (choice := choose(row, field)) is None or (isinstance(choice, Own) and not field)
    }


@given(base=tables(), mine=tables(), theirs=tables())
def test_what_waits_is_as_theirs_says(base, mine, theirs):
    waiting = reconcile(base, mine, theirs)

    assert waiting.rows == reconcile(base, mine, theirs, all_of(Take.THEIRS)).rows


@given(base=tables(), mine=tables(), theirs=tables())
def test_both_may_change_places(base, mine, theirs):
    """What I take from them is what they would take from me."""
    one = reconcile(base, mine, theirs, all_of(Take.MINE))
    other = reconcile(base, theirs, mine, all_of(Take.THEIRS))

    assert (one.rows, named(one)) == (other.rows, named(other))


def said(state: State, row: RowKey, field: str) -> Any:
    fields: Fields | None = state.get(row)
    return NO_BASE if fields is None else fields[field]


@given(base=tables(), mine=tables(), theirs=tables(), choose=choosers())
def test_every_value_is_somebodys(base, mine, theirs, choose):
    """A field is as one of both left it, or as it was written in its conflict; or points at

    nothing, where what it pointed at is gone.
    """
    found = reconcile(base, mine, theirs, choose)

    for row, fields in found.rows.items():
        for field, value in fields.items():
            possible = [said(mine, row, field), said(theirs, row, field)]
            if (row, field) in named(found):
                possible.append("own")
            if field == "group":
                possible.append(None)
            assert value in possible


@given(base=tables(), mine=tables(), theirs=tables(), choose=choosers())
def test_what_only_one_changed_is_taken(base, mine, theirs, choose):
    found = reconcile(base, mine, theirs, choose)

    for row in base.keys() & mine.keys() & theirs.keys():
        for field, before in base[row].items():
            ours, others = mine[row][field], theirs[row][field]
            if field != "group" and before in (ours, others):
                assert row in found.rows
                assert found.rows[row][field] == (others if ours == before else ours)


@given(base=tables(), mine=tables(), theirs=tables(), choose=choosers())
def test_a_row_that_only_one_deleted_goes(base, mine, theirs, choose):
    assume(ITSELF in mine and ITSELF in theirs)
    found = reconcile(base, mine, theirs, choose)

    alone = {row for row in base if row not in mine and theirs.get(row) == base[row]}
    asked = {one.row for one in found.asked if not one.field}
    # What they made or changed ties together all that it needs: that is decided as one.
    ties = [needed(row, theirs[row]) for row in theirs if theirs[row] != base.get(row)]
    for _round in ties:
        asked |= {row for tie in ties if tie & asked for row in tie}
    for row in alone & found.rows.keys():
        # It belongs to what is asked about, and stays with that.
        assert asked & needed(row, base[row])


def needed(row: RowKey, fields: dict[str, Any]) -> set[RowKey]:
    """The row and what it refers to."""
    named = references_of(row.model)
    return {row, *(RowKey(r.model, tuple(fields[r.name])) for r in named if fields[r.name])}


@given(base=tables(), mine=tables(), theirs=tables(), choose=choosers())
@example(
    base=table(criterion("speed")),
    mine=table(),
    theirs=table(criterion("speed", name="one")),
    choose=all_of(Take.MINE),
)
def test_to_save_twice_is_to_save_once(base, mine, theirs, choose):
    saved = reconcile(base, mine, theirs, choose).rows

    assert reconcile(base, mine, saved, choose).rows == saved
