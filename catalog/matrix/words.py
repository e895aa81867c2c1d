"""What a table says in sentences; page, fragment and exports speak alike."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from math import ceil, floor

from django.utils.text import capfirst

from catalog.matrix.fit import LEAST_COVERAGE
from catalog.matrix.question import FIT
from catalog.matrix.rectangle import Column, Rectangle, Ruling
from catalog.matrix.safety import LEAST_MARGIN, Flip, Safety
from catalog.matrix.table import (
    HIGHEST_RATING,
    NOT_APPLICABLE,
    UNKNOWN,
    YES_NO,
    Cell,
    Criterion,
    Evidence,
    Source,
)


def rating_word(rating: int) -> str:
    """The guide's word for a rating, where the author gave none."""
    return ("None", "Small", "Moderate", "Good", "Excellent")[rating]


def judgement(cell: Cell, kind: str) -> str:
    """What a cell says in a word: the author's own, else the rating's, else its value."""
    if cell.state == UNKNOWN:
        return "unknown"
    if cell.state == NOT_APPLICABLE:
        return "does not apply"
    if cell.word:
        return cell.word
    if kind == YES_NO and cell.rating is not None:
        return "Yes" if cell.rating else "No"
    return cell.value or ("" if cell.rating is None else rating_word(cell.rating))


def said(cell: Cell, kind: str) -> str:
    """The judgement and, where there is one besides it, the value; on one line."""
    words = judgement(cell, kind)
    more = "" if cell.value in ("", words) else cell.value
    return "; ".join(", ".join(filter(None, (words, more))).splitlines())


def asides(cell: Cell) -> list[str]:
    """What is said of a cell in small print: note, versions, and that its evidence is stale."""
    notes = [cell.note, cell.applies_to]
    if cell.stale:
        notes.append(f"checked {cell.verified_on.isoformat()}, stale")
    return [note for note in notes if note]


def source_facts(source: Source) -> list[str]:
    """When and by whom a source was read, for which versions, and whether that is stale."""
    facts = []
    if source.verified_on:
        words = {"date": source.verified_on.isoformat(), "name": source.verified_by}
        said = "checked %(date)s by %(name)s" if source.verified_by else "checked %(date)s"
        facts.append(said % words)
    if source.applies_to:
        facts.append(f"applies to {source.applies_to}")
    if source.stale:
        facts.append("stale")
    return facts


def need(criterion: Criterion, least: int) -> str:
    """The least a reader takes: “Good or better”."""
    if criterion.kind == YES_NO:
        return "Yes"
    word = rating_word(least)
    return word if least == HIGHEST_RATING else f"{word} or better"


def ruling(one: Ruling) -> str:
    """“Documentation is Good, you need Excellent”."""
    if one.cell.state == NOT_APPLICABLE:
        return f"{one.criterion.name} does not apply, you need {need(one.criterion, one.least)}"
    return (
        f"{one.criterion.name} is {judgement(one.cell, one.criterion.kind)}, you need "
        f"{need(one.criterion, one.least)}"
    )


def counts(rectangle: Rectangle) -> str:
    """“3 of 4 contenders, 5 of 9 rows: 4 identical rows hidden, 1 incomplete row shown”."""
    contenders = f"{len(rectangle.in_question)} of {len(rectangle.table.contenders)} contenders"
    rows = f"{len(rectangle.rows)} of {len(rectangle.table.criteria)} rows"
    if not rectangle.question.differ:
        return f"{contenders}, {rows}"
    hidden = (
        "%(count)d identical row hidden"
        if rectangle.hidden == 1
        else "%(count)d identical rows hidden"
    ) % {"count": rectangle.hidden}
    incomplete = (
        "%(count)d incomplete row shown"
        if rectangle.incomplete == 1
        else "%(count)d incomplete rows shown"
    ) % {"count": rectangle.incomplete}
    return f"{contenders}, {rows}: {hidden}, {incomplete}"


def spoken(rectangle: Rectangle, winner: list[str]) -> Iterator[str]:
    """What is said of a table that has changed: how much, in which order, who leads."""
    yield f"{counts(rectangle)}."
    sort = rectangle.question.sort
    if sort == FIT:
        yield "Best fit first."
    elif sort:
        name = rectangle.table.criterion_by_key[sort.removeprefix("-")].name
        highest, lowest = "By %(name)s, highest first.", "By %(name)s, lowest first."
        yield (highest if sort[0] == "-" else lowest) % {"name": name}
    yield from winner[:1]


def grounds(evidence: Evidence) -> str:
    """“38 of 40 cells known, 31 with a source, oldest checked 2025-11-03”."""
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
    """A share of 100 with at most one decimal; blank for none."""
    if figure is None:
        return ""
    tenths = floor(figure * 10 + Fraction(1, 2))
    return str(tenths // 10) if tenths % 10 == 0 else f"{tenths // 10}.{tenths % 10}"


def margin_words(margin: Fraction) -> str:
    """Cut, not rounded: 9.96 must not look like the 10 that make a lead clear."""
    return points(Fraction(floor(margin * 10), 10))


def reach(column: Column) -> str:
    """“68 to 82, 83 % known” under a score; what is wholly known needs no range."""
    fit = column.fit
    if fit.score is None:
        return "nothing weighed is known"
    if not fit.unknown:
        return "all known"
    # Outwards and downwards, so that rounding promises nothing.
    if not fit.can_lead:
        return f"{floor(fit.low)} to {ceil(fit.high)}, only {floor(fit.coverage)} % known"
    return f"{floor(fit.low)} to {ceil(fit.high)}, {floor(fit.coverage)} % known"


def winner(safety: Safety) -> list[str]:
    """The sentences about who leads, the most important first."""
    if not safety.in_question:
        return ["Nobody can lead: a must-have rules out each of them."]
    if not safety.leaders:
        return [
            (f"Nobody can lead: less than {LEAST_COVERAGE} % of the weight is known of each left.")
        ]
    sentences = [_lead(safety)]
    if safety.second is not None and len(safety.leaders) == 1 and not safety.is_clear:
        sentences.append(f"A lead of less than {LEAST_MARGIN} points is no clear winner.")
    if safety.rivals:
        sentences.append(
            "What is unknown could still put {names} ahead.".format(
                names=names(safety.rivals, "or")
            )
        )
    return sentences


def _lead(safety: Safety) -> str:
    words = {
        "names": names(safety.leaders),
        "score": points(safety.leaders[0].fit.score),
    }
    if len(safety.leaders) > 1:
        return "No clear winner: {names} are level with {score}.".format(**words)
    if safety.in_question == 1:
        return "{names} has {score}; there is nobody to compare it with.".format(**words)
    if safety.second is None:
        return "{names} leads with {score}; nobody else can be ranked.".format(**words)
    words |= {
        "margin": margin_words(safety.margin),
        "second": safety.second.contender.name,
        "other": points(safety.second.fit.score),
    }
    if safety.is_clear:
        return "{names} leads with {score}, {margin} ahead of {second} ({other}).".format(**words)
    return "No clear winner: {names} ({score}) is {margin} ahead of {second} ({other}).".format(
        **words
    )


def flip(one: Flip) -> str:
    """“Quart leads once Ease of use weighs 5 (now 1)”."""
    once = f"once {one.criterion.name} weighs {one.weight} (now {one.weight_now})."
    if not one.leaders:
        return f"Nobody can lead {once}"
    verb = "are level" if len(one.leaders) > 1 else "leads"
    return f"{names(one.leaders)} {verb} {once}"


def flips(safety: Safety) -> list[str]:
    """A sentence for each criterion whose weight decides, and one for all the others."""
    if not safety.leaders or safety.in_question < 2:
        return []
    if not safety.flips:
        return ["No weight of a single row, from 0 to 5, changes who leads."]
    return [
        *(flip(one) for one in safety.flips),
        "No weight of any other single row, from 0 to 5, changes who leads.",
    ]


def names(columns: Iterable[Column], last: str = "") -> str:
    """“A”, “A and B”, “A, B and C”."""
    named = [column.contender.name for column in columns]
    if len(named) < 2:
        return "".join(named)
    return f"{', '.join(named[:-1])} {last or 'and'} {named[-1]}"


def row_counts(criterion: Criterion, weight: int) -> str:
    """“Weight 3” under the name of a row; a text has none."""
    if criterion.kind == "text":
        return ""
    return f"Weight {weight}" if weight else capfirst("not weighed")
