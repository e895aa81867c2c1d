"""The sentences of a table; page, fragment and exports take them from here."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from math import ceil, floor

from catalog.comparison.engine.fit import LEAST_COVERAGE
from catalog.comparison.engine.question import FIT
from catalog.comparison.engine.rectangle import Column, Rectangle, Ruling
from catalog.comparison.engine.safety import LEAST_MARGIN, Flip, Safety
from catalog.comparison.engine.table import (
    HIGHEST_RATING,
    NOT_APPLICABLE,
    RATING_WORDS,
    TEXT,
    UNKNOWN,
    YES_NO,
    Cell,
    Criterion,
    Evidence,
    Source,
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
        return "Yes" if cell.rating else "No"
    return cell.value or ("" if cell.rating is None else RATING_WORDS[cell.rating])


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


def need(criterion: Criterion, least: int) -> str:
    """Return the least that a reader takes: “Good or better”."""
    if criterion.kind == YES_NO:
        return "Yes"
    word = RATING_WORDS[least]
    return word if least == HIGHEST_RATING else f"{word} or better"


def ruling(one: Ruling) -> str:
    """Return a sentence such as “Documentation is Good, you need Excellent”."""
    criterion, cell, least = one
    is_applicable = cell.state != NOT_APPLICABLE
    found = f"is {judgement(cell, criterion.kind)}" if is_applicable else "does not apply"
    return f"{criterion.name} {found}, you need {need(criterion, least)}"


def counts(rectangle: Rectangle) -> str:
    """Return “3 of 4 contenders, 5 of 9 rows: 4 identical rows hidden, 1 incomplete row shown”."""
    contenders = f"{len(rectangle.in_question)} of {len(rectangle.table.contenders)} contenders"
    rows = f"{len(rectangle.rows)} of {len(rectangle.table.criteria)} rows"
    if not rectangle.question.differ:
        return f"{contenders}, {rows}"
    hidden, incomplete = rectangle.hidden, rectangle.incomplete
    return (
        f"{contenders}, {rows}: {hidden} identical {_rows(hidden)} hidden, "
        f"{incomplete} incomplete {_rows(incomplete)} shown"
    )


def _rows(count: int) -> str:
    return "row" if count == 1 else "rows"


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
    """Return a share of 100 with at most one decimal; blank for none."""
    if figure is None:
        return ""
    tenths = floor(figure * 10 + Fraction(1, 2))
    return str(tenths // 10) if tenths % 10 == 0 else f"{tenths // 10}.{tenths % 10}"


def margin_words(margin: Fraction) -> str:
    """Return a margin cut, not rounded: 9.96 must not look like the 10 that make it clear."""
    return points(Fraction(floor(margin * 10), 10))


def reach(column: Column) -> str:
    """Return “68 to 82, 83 % known” for under a score; what is all known needs no range."""
    fit = column.fit
    if fit.score is None:
        return "nothing weighed is known"
    if not fit.unknown:
        return "all known"
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
    ahead = f"{margin_words(safety.margin)} ahead of {second} ({other})"
    if safety.is_clear:
        return f"{first} leads with {score}, {ahead}."
    return f"No clear winner: {first} ({score}) is {ahead}."


def flip(one: Flip) -> str:
    """Return a sentence such as “Quart leads once Ease of use weighs 5 (now 1)”."""
    once = f"once {one.criterion.name} weighs {one.weight} (now {one.weight_now})."
    if not one.leaders:
        return f"Nobody can lead {once}"
    verb = "are level" if len(one.leaders) > 1 else "leads"
    return f"{names(one.leaders)} {verb} {once}"


def flips(safety: Safety) -> list[str]:
    """Return a sentence for each criterion whose weight decides, and one for all the others."""
    if not safety.leaders or safety.in_question < 2:
        return []
    if not safety.flips:
        return ["No weight of a single row, from 0 to 5, changes who leads."]
    return [
        *(flip(one) for one in safety.flips),
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
