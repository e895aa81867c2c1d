"""The sentences of a table; page, fragment and exports take them from here."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import groupby
from math import ceil, floor

from catalog.comparison.engine.fit import LEAST_COVERAGE, as_shown
from catalog.comparison.engine.question import ALL, DIFFER, FIT, TOP
from catalog.comparison.engine.rectangle import Column, Rectangle, Ruling
from catalog.comparison.engine.safety import LEAST_MARGIN, BreakEven, Safety, Turn
from catalog.comparison.engine.table import (
    HIGHEST_WEIGHT,
    NOT_APPLICABLE,
    TEXT,
    UNKNOWN,
    YES_NO,
    Cell,
    Criterion,
    Evidence,
    Source,
    Table,
    word_of,
)


def judgement(cell: Cell, kind: str) -> str:
    """Return what a cell says in a word: the author's own, else the rating's, else its value."""
    if cell.state == UNKNOWN:
        return "unknown"
    if cell.state == NOT_APPLICABLE:
        return "does not apply"
    if cell.word:
        return cell.word
    if kind == YES_NO and cell.rating is not None:
        return word_of(kind, cell.rating)
    return cell.value or ("" if cell.rating is None else word_of(kind, cell.rating))


def cell_text(cell: Cell, kind: str) -> str:
    """Return the judgement and, where there is one besides it, the value; on one line."""
    word = judgement(cell, kind)
    value = "" if cell.value in ("", word) else cell.value
    return "; ".join(", ".join(filter(None, (word, value))).splitlines())


def asides(cell: Cell) -> list[str]:
    """Return the small print of a cell: note, versions, and that its evidence is stale."""
    notes = [cell.note, cell.applies_to]
    if cell.stale:
        notes.append(f"checked {cell.verified_on.isoformat()}, stale")
    return [note for note in notes if note]


def source_facts(source: Source) -> list[str]:
    """Return when and by whom a source was read, for which versions, and whether that is stale."""
    facts = []
    if source.verified_on:
        by = f" by {source.verified_by}" if source.verified_by else ""
        facts.append(f"checked {source.verified_on.isoformat()}{by}")
    if source.applies_to:
        facts.append(f"applies to {source.applies_to}")
    if source.stale:
        facts.append("stale")
    return facts


def need(table: Table, criterion: Criterion, least: int) -> str:
    """Return the least that a reader takes, in the words of the row: “Three of four or better”.

    What no cell has is called by the next better that one has.
    """
    scale = table.scales.get(criterion.key, {})
    better = [rating for rating in scale if rating >= least]
    word = scale[better[0]] if better else word_of(criterion.kind, least)
    return f"{word} or better" if len(better) > 1 else word


def ruling(table: Table, one: Ruling) -> str:
    """Return a sentence such as “Documentation is Good, you need Excellent”."""
    criterion, cell, least = one
    is_applicable = cell.state != NOT_APPLICABLE
    found = f"is {judgement(cell, criterion.kind)}" if is_applicable else "does not apply"
    return f"{criterion.name} {found}, you need {need(table, criterion, least)}"


def closest(rectangle: Rectangle) -> str:
    """Return who misses the must-haves by least, where they rule out everybody; else blank."""
    if rectangle.in_question or not rectangle.columns:
        return ""
    first = min(rectangle.columns, key=lambda column: (len(column.rulings), column.shortfall))
    misses = "one must-have" if len(first.rulings) == 1 else f"{len(first.rulings)} must-haves"
    return f"Closest is {first.contender.name}, which misses {misses}."


def brings_back(rectangle: Rectangle, key: str) -> str:
    """Return what it brings to do without the must-have of a row: “brings back Django”."""
    back = [
        column
        for column in rectangle.columns
        if column.rulings and all(one.criterion.key == key for one in column.rulings)
    ]
    return f"brings back {names(back)}" if back else "brings nobody back by itself"


_WHICH = {
    ALL: "",
    DIFFER: ": those rated differently",
    TOP: ": those in which the top two are rated differently",
}


def counts(rectangle: Rectangle) -> str:
    """Return “3 of 4 contenders, 5 of 9 rows: those rated differently”."""
    contenders = f"{len(rectangle.in_question)} of {len(rectangle.table.contenders)} contenders"
    rows = f"{len(rectangle.rows)} of {len(rectangle.table.criteria)} rows"
    return f"{contenders}, {rows}{_WHICH[rectangle.question.rows]}"


def announcement(rectangle: Rectangle, winner: list[str]) -> Iterator[str]:
    """Yield what is announced of a table that has changed: how much, in which order, who leads."""
    yield f"{counts(rectangle)}."
    sort = rectangle.question.sort
    if sort == FIT:
        yield "Best fit first."
    elif sort:
        name = rectangle.table.criterion_by_key[sort.removeprefix("-")].name
        yield f"By {name}, {'highest' if sort[0] == '-' else 'lowest'} first."
    yield from winner[:1]


def grounds(evidence: Evidence) -> str:
    """Return “38 of 40 cells known, 31 with a source, oldest checked 2025-11-03”."""
    parts = [
        f"{evidence.known} of {evidence.cells} cells known",
        f"{evidence.sourced} with a source",
    ]
    if evidence.stale:
        parts.append(f"{evidence.stale} stale")
    if evidence.oldest:
        parts.append(f"oldest checked {evidence.oldest.isoformat()}")
    return ", ".join(parts)


def points(figure: Fraction | None) -> str:
    """Return a share of 100 with one decimal; blank for none."""
    return "" if figure is None else f"{float(as_shown(figure)):.1f}"


def reach(column: Column) -> str:
    """Return “68 to 82, 83 % known”; blank for what is all known."""
    fit = column.fit
    if fit.score is None:
        return "nothing weighed is known"
    if not fit.unknown:
        return ""
    # Outwards and downwards, so that rounding promises nothing.
    only = "" if fit.can_lead else "only "
    return f"{floor(fit.low)} to {ceil(fit.high)}, {only}{floor(fit.coverage)} % known"


def winner(safety: Safety) -> list[str]:
    """Return the sentences about who leads, the most important first; none without weights."""
    if not safety.is_weighed:
        return []
    if not safety.in_question:
        return ["Nobody can lead: a must-have rules out each of them."]
    if not safety.leaders:
        return [
            f"Nobody can lead: less than {LEAST_COVERAGE} % of the weight is known of each left."
        ]
    sentences = [_lead(safety)]
    if safety.second is not None and len(safety.leaders) == 1 and not safety.is_clear:
        sentences.append(f"A lead of less than {LEAST_MARGIN} points is no clear winner.")
    if safety.rivals:
        sentences.append(f"What is unknown could still put {names(safety.rivals, 'or')} ahead.")
    return sentences


def _lead(safety: Safety) -> str:
    first, score = names(safety.leaders), points(safety.leaders[0].fit.score)
    if len(safety.leaders) > 1:
        return f"No clear winner: {first} are level with {score}."
    if safety.in_question == 1:
        return f"{first} has {score}; there is nobody to compare it with."
    if safety.second is None:
        return f"{first} leads with {score}; nobody else can be ranked."
    second, other = safety.second.contender.name, points(safety.second.fit.score)
    ahead = f"{points(safety.margin)} ahead of {second} ({other})"
    if safety.is_clear:
        return f"{first} leads with {score}, {ahead}."
    return f"No clear winner: {first} ({score}) is {ahead}."


def turn(one: Turn) -> str:
    """Return what follows a link to a turn: “Quart leads (71.2)”, “only Django is left”."""
    if not one.leaders:
        return "nobody can lead"
    first = names(one.leaders)
    if one.least:
        return f"only {first} is left" if one.is_only else f"{first} leads"
    verb = "are level" if len(one.leaders) > 1 else "leads"
    return f"{first} {verb} ({points(one.score)})"


def conditions(table: Table, one: Turn) -> str:
    """Return when a turn comes: “with “Admin” at 0”, “if you must have “Admin””."""
    if one.least:
        criterion, least = one.changes[0][0], one.least
        need_of_it = "" if criterion.kind == YES_NO else f": {need(table, criterion, least)}"
        return f"if you must have “{criterion.name}{need_of_it}”"
    weights = {weight for _row, weight in one.changes}
    if len(weights) == 1:
        both = " and ".join(f"“{row.name}”" for row, _weight in one.changes)
        return f"with {both} at {weights.pop()}"
    return "with " + " and ".join(f"“{row.name}” at {at}" for row, at in one.changes)


def safe(safety: Safety) -> str:
    """Return how safe the lead is in one sentence; blank where nothing can be weighed anew."""
    if not safety.leaders or safety.in_question < 2:
        return ""
    count = len(safety.flips)
    if not count:
        return "no weight of a single row, from 0 to 5, changes who leads"
    rows = "one row" if count == 1 else f"any of {count} rows"
    return f"not beyond doubt: another weight of {rows} changes who leads"


def flip(one: Turn, weight_now: int) -> str:
    """Return a sentence such as “Quart leads once Ease of use weighs 5 (now 1)”."""
    ((criterion, weight),) = one.changes
    once = f"once {criterion.name} weighs {weight} (now {weight_now})."
    if not one.leaders:
        return f"Nobody can lead {once}"
    verb = "are level" if len(one.leaders) > 1 else "leads"
    return f"{names(one.leaders)} {verb} {once}"


def break_even(even: BreakEven) -> str:
    """Return who leads at which weights: “A leads up to 2, A and B are level at 3, B leads …”."""
    parts, before = [], ""
    for leaders, run in groupby(range(HIGHEST_WEIGHT + 1), key=even.leaders.__getitem__):
        first, last = (weights := [*run])[0], weights[-1]
        when = f"from {first} on" if last == HIGHEST_WEIGHT else f"from {first} to {last}"
        when = f"at {first}" if first == last else when if first else f"up to {last}"
        verb = " are level" if len(leaders) > 1 else " leads" if leaders else " can lead"
        # As one speaks: “A leads up to 2, B from 3 on”.
        parts.append(f"{names(leaders) or 'nobody'}{'' if verb == before else verb} {when}")
        before = verb
    return ", ".join(parts)


def nothing_flips(safety: Safety) -> list[str]:
    """Return the sentence on a lead that no weight changes; none for any other."""
    if not safety.leaders or safety.in_question < 2 or safety.flips:
        return []
    return ["No weight of a single row, from 0 to 5, changes who leads."]


def flips(rectangle: Rectangle, safety: Safety) -> list[str]:
    """Return a sentence for each criterion whose weight decides, and one for all the others."""
    if not safety.flips:
        return nothing_flips(safety)
    weights = rectangle.question.weights
    return [
        *(flip(one, weights[one.changes[0][0].key]) for one in safety.flips),
        "No weight of any other single row, from 0 to 5, changes who leads.",
    ]


def names(columns: Iterable[Column], last: str = "and") -> str:
    """Return “A”, “A and B” or “A, B and C”."""
    named = [column.contender.name for column in columns]
    if len(named) < 2:
        return "".join(named)
    return f"{', '.join(named[:-1])} {last} {named[-1]}"


def row_counts(criterion: Criterion, weight: int) -> str:
    """Return “Weight 3” for under the name of a row; a text has none."""
    if criterion.kind == TEXT:
        return ""
    return f"Weight {weight}" if weight else "Not weighed"
