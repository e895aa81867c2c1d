"""What holds of every sequence of packs, edits and choices."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog import integrity
from catalog.history import renames
from catalog.history.merge import Take
from catalog.history.rows import RowChange, RowKey, State, state_of
from catalog.models import (
    CONTENT,
    Base,
    Changed,
    Conflict,
    Edition,
    EditionCounter,
    PackLoad,
    Point,
    Revision,
    Technology,
    Unrecorded,
)
from catalog.packs.entries import read
from catalog.packs.loading import plan, undo
from tests.packs.packing import Row, apply, by_hand, load_pack, make_pack, point, state, technology

pytestmark = pytest.mark.django_db(transaction=True)

SLUGS = ("a", "b", "c")
WORDS = st.sampled_from(["", "one", "two", "three"])
slugs = st.sampled_from(SLUGS)
often = settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@st.composite
def packs(draw: st.DrawFn) -> dict[str, Any]:
    """A pack of up to three technologies, some with points, with all or some of their fields."""
    rows: list[Row] = []
    for slug in draw(st.lists(slugs, unique=True, min_size=1)):
        fields = draw(st.fixed_dictionaries({}, optional={"summary": WORDS, "licence": WORDS}))
        rows.append(technology(slug, **fields))
        points = draw(st.lists(st.sampled_from(["p", "q"]), unique=True))
        rows += [point(slug, name, text=draw(WORDS) or "said") for name in points]
    name, over = draw(st.sampled_from([("lower", ()), ("upper", ("lower",)), ("other", ())]))
    return {"rows": rows, "name": name, "over": over, "complete": draw(st.booleans())}


edits = st.tuples(
    st.sampled_from(["summary", "licence", "point", "delete", "rename"]), slugs, WORDS
)
programs = st.lists(st.one_of(packs(), edits), max_size=5)


def edit(what: str, slug: str, word: str) -> None:
    """Do something to a technology as an editor does."""
    rows = Technology.objects.filter(slug=slug)
    with by_hand():
        if what == "point":
            Point.objects.filter(technology__slug=slug).update(text=word or "edited")
        elif what == "delete":
            rows.delete()
        elif what == "rename" and rows and not Technology.objects.filter(slug=f"{slug}-x").exists():
            renames.rename(rows.get(), f"{slug}-x")
        elif what in ("summary", "licence"):
            rows.update(**{what: word})


def perform(program: list, folder: Path, *, first: int = 1, take: Take | None = None) -> None:
    """Do everything in turn; the version of packs grows from `first`, so that none is too old."""
    for number, step in enumerate(program, start=first):
        if isinstance(step, dict):
            load_pack(make_pack(folder, **step, version=str(number)), take)
        else:
            edit(*step)


def forget_everything() -> None:
    for model in (Conflict, Base, PackLoad, Unrecorded, Changed, Revision, Edition, EditionCounter):
        model.objects.all()._raw_delete("default")
    for model in reversed(CONTENT):
        model.objects.all()._raw_delete("default")


def rows_now() -> State:
    """Every row of the guide as it stands."""
    found: dict[RowKey, Any] = {}
    for text in state().values():
        found |= state_of(json.loads(text))
    return found


def applied(changes: list[RowChange], rows: State) -> State:
    """The rows with these changes made in memory."""
    after = dict(rows)
    for change in changes:
        if change.after is None:
            del after[change.row]
        else:
            after[change.row] = change.after
    return after


def kept() -> list[Any]:
    """What packs have said, as far as it counts."""
    bases = Base.objects.filter(load__undone_in=None).order_by("pk")
    return list(bases.values_list("load__name", "model", "key", "fields", "defaults"))


@often
@given(program=programs, last=packs())
def test_to_load_twice_is_to_load_once(program, last):
    forget_everything()
    with TemporaryDirectory() as folder:
        perform(program, Path(folder))
        pack = make_pack(Path(folder), **last, version="99")
        load_pack(pack)
        before = state(), kept(), Edition.objects.count(), PackLoad.objects.count()

        _report, record = load_pack(pack)

        assert record is None
        assert (state(), kept(), Edition.objects.count(), PackLoad.objects.count()) == before


@often
@given(program=programs, last=packs(), take=st.sampled_from([None, *Take]))
def test_the_plan_says_exactly_what_applying_it_does(program, last, take):
    forget_everything()
    with TemporaryDirectory() as folder:
        perform(program, Path(folder))
        before, problems = rows_now(), list(map(str, integrity.find_problems()))
        pack = make_pack(Path(folder), **last, version="99")
        incoming = read(pack)
        made = plan(incoming, lambda _row, _field: take)
        changes = made.changes
        apply(made, "ada")

        assert all(change.before == before.get(change.row) for change in changes)
        assert rows_now() == applied(changes, before)
        assert list(map(str, integrity.find_problems())) == problems
        assert list(integrity.find_invalid_rows()) == []


@often
@given(first=packs(), program=st.lists(packs(), max_size=4), slug=slugs, word=WORDS)
def test_an_edit_survives_any_packs_unless_it_is_taken(first, program, slug, word):
    forget_everything()
    with TemporaryDirectory() as folder:
        perform([first], Path(folder))
        mine = f"mine {word}"
        edit("summary", slug, mine)
        edited = Technology.objects.filter(slug=slug).exists()
        perform(program, Path(folder), first=10)
        perform(program, Path(folder), first=20, take=Take.MINE)

        found = list(Technology.objects.filter(slug=slug).values_list("summary", flat=True))
        assert not edited or found == [mine]


@often
@given(program=programs, last=packs(), take=st.sampled_from([None, *Take]))
def test_to_undo_a_load_is_the_guide_before_it_bases_and_all(program, last, take):
    forget_everything()
    with TemporaryDirectory() as folder:
        perform(program, Path(folder))
        before = state(), kept()
        _report, record = load_pack(make_pack(Path(folder), **last, version="99"), take)
        if record is None:
            return
        loaded = state()

        undo(record, "ada")
        taken_back = state(), kept()
        load_pack(make_pack(Path(folder), **last, version="99"), take)

        assert taken_back == before
        assert state() == loaded


@often
@given(
    lower=packs().filter(lambda pack: pack["name"] == "lower"),
    upper=packs().filter(lambda pack: pack["name"] == "upper"),
)
def test_one_pack_over_another_gives_the_same_in_both_orders(lower, upper):
    guides = []
    for program in ([lower, upper], [upper, lower]):
        forget_everything()
        with TemporaryDirectory() as folder:
            perform(program, Path(folder))
            guides.append(state())

    assert guides[0] == guides[1]
