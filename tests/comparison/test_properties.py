"""What holds for every table and every question."""

from dataclasses import replace
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from catalog.comparison.engine import Cell, Question, Table, arrange, canonical, judge, read, words
from catalog.comparison.engine.fit import Fit
from catalog.comparison.engine.safety import break_even, must, pairs
from catalog.comparison.engine.table import HIGHEST_RATING, HIGHEST_WEIGHT, TEXT, UNKNOWN
from tests.comparison.tables import queries, tables


@st.composite
def asked_tables(draw: st.DrawFn) -> tuple[Table, dict[str, list[str]]]:
    table = draw(tables())
    return table, draw(queries(table))


def parse(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    asked: dict[str, list[str]] = {}
    for name, value in pairs:
        asked.setdefault(name, []).append(value)
    return asked


@given(asked_tables())
def test_the_canonical_address_of_a_question_is_its_own_canonical_address(asked):
    table, query = asked
    question, _ = read(query, table)
    pairs = canonical(question, table)

    again, complaints = read(parse(pairs), table)

    assert complaints == []
    assert again == question
    assert canonical(again, table) == pairs


@given(asked_tables())
def test_hiding_identical_rows_never_hides_a_difference(asked):
    table, query = asked
    everything, _ = read({**query, "rows": [], "differ": []}, table)
    differing, _ = read({**query, "rows": ["differ"]}, table)

    whole, narrowed = arrange(table, everything), arrange(table, differing)

    shown = {row.criterion.key for row in narrowed.rows}
    hidden = [row for row in whole.rows if row.criterion.key not in shown]
    assert len(hidden) == narrowed.hidden
    for row in hidden:
        if row.criterion.kind != TEXT:
            assert len({(cell.state, cell.rating) for cell in row.cells}) == 1
            assert all(cell.state != UNKNOWN for cell in row.cells)


@given(asked_tables())
def test_every_chosen_contender_stands_in_one_column(asked):
    table, query = asked
    question, _ = read(query, table)

    rectangle = arrange(table, question)

    assert sorted(column.contender.slug for column in rectangle.columns) == sorted(question.chosen)
    assert all(len(row.cells) == len(rectangle.columns) for row in rectangle.rows)
    outs = [column.is_out for column in rectangle.columns]
    assert outs == sorted(outs)


@given(tables(), st.data())
def test_the_range_of_a_fit_contains_every_completion_of_the_unknowns(table, data):
    question, _ = read({}, table)
    slug = data.draw(st.sampled_from([contender.slug for contender in table.contenders]))
    before = _fit(table, question, slug)
    unknown = [
        criterion
        for criterion in table.weighed
        if table.cells.get((criterion.key, slug), Cell()).state == UNKNOWN
    ]

    for ratings in product((0, 2, HIGHEST_RATING), repeat=len(unknown)):
        filled = {
            (criterion.key, slug): Cell("known", rating)
            for criterion, rating in zip(unknown, ratings, strict=True)
        }
        completed = Table(table.contenders, table.criteria, {**table.cells, **filled}, table.groups)
        score = _fit(completed, question, slug).score
        assert score is None or before.low <= score <= before.high


@given(asked_tables())
def test_the_reported_weight_changes_who_leads_and_nothing_nearer_does(asked):
    table, query = asked
    question, _ = read(query, table)
    safety = judge(arrange(table, question))
    flips = {flip.changes[0][0].key: flip for flip in safety.flips}

    for criterion in table.weighed if safety.leaders and safety.in_question > 1 else ():
        now = question.weights[criterion.key]
        changing = {
            weight: leaders
            for weight in range(HIGHEST_WEIGHT + 1)
            if (leaders := _leaders(table, question, criterion.key, weight))
            != _leaders(table, question, criterion.key, now)
        }
        if criterion.key not in flips:
            assert changing == {}
            continue
        flip = flips[criterion.key]
        weight = flip.changes[0][1]
        assert changing[weight] == {column.contender.slug for column in flip.leaders}
        assert abs(weight - now) == min(abs(other - now) for other in changing)


@given(asked_tables())
def test_what_is_said_to_turn_the_lead_turns_it(asked):
    table, query = asked
    question, _ = read(query, table)
    rectangle = arrange(table, question)
    safety = judge(rectangle)

    turns = [*pairs(rectangle), must(rectangle)] if safety.leaders else []
    for turn in filter(None, turns):
        weights = {row.key: weight for row, weight in turn.changes}
        musts = {row.key: turn.least for row, _weight in turn.changes if turn.least}
        then = replace(
            question,
            weights={**question.weights, **weights},
            musts={**question.musts, **musts},
        )
        after = judge(arrange(table, then))
        assert {one.contender for one in turn.leaders} <= {one.contender for one in after.leaders}
        assert {one.contender for one in after.leaders} != {one.contender for one in safety.leaders}
        assert turn.score == after.leaders[0].fit.score


@given(asked_tables())
def test_a_break_even_says_at_each_weight_what_asking_for_it_would(asked):
    table, query = asked
    question, _ = read(query, table)
    rectangle = arrange(table, question)

    for criterion in table.weighed if rectangle.in_question else ():
        even = break_even(rectangle, criterion)
        said = words.break_even(even)
        for weight in range(HIGHEST_WEIGHT + 1):
            weights = {**question.weights, criterion.key: weight}
            then = arrange(table, replace(question, weights=weights))
            fits = {column.contender.slug: column.fit for column in then.columns}
            leaders = [column.contender.slug for column in judge(then).leaders]
            assert {one.contender.slug for one in even.leaders[weight]} == {*leaders}
            for column, line in zip(even.columns, even.scores, strict=True):
                fit = fits[column.contender.slug]
                assert line[weight] == (fit.score if fit.can_lead else None)
        assert ("level" in said) == any(len(leaders) > 1 for leaders in even.leaders)
        assert ("nobody" in said) == any(not leaders for leaders in even.leaders)
        for weight, score in even.crossings:
            first, part = int(weight), weight % 1
            level = [line[first] for line in even.scores if not part and line[first] == score] or [
                line
                for line in even.scores
                if None not in line[first : first + 2]
                and line[first] + part * (line[first + 1] - line[first]) == score
            ]
            assert len(level) > 1


def _fit(table: Table, question: Question, slug: str) -> Fit:
    columns = arrange(table, question).columns
    return next((column.fit for column in columns if column.contender.slug == slug), None) or (
        arrange(table, read({"t": [slug]}, table)[0]).columns[0].fit
    )


def _leaders(table: Table, question: Question, key: str, weight: int) -> set[str]:
    """Asked anew, by the exact scores: slower than the way the module takes, and plainer."""
    asked = parse(
        [
            *((name, value) for name, value in canonical(question, table) if name != "w"),
            *(
                ("w", f"{other}.{figure}")
                for other, figure in {**question.weights, key: weight}.items()
            ),
        ]
    )
    columns = arrange(table, read(asked, table)[0]).in_question
    scores = {column.contender.slug: column.fit.score for column in columns if column.fit.can_lead}
    return {slug for slug, score in scores.items() if score == max(scores.values())}
