"""What a table says in sentences; page, fragment and exports speak alike."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from math import ceil, floor

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

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
    return (_("None"), _("Small"), _("Moderate"), _("Good"), _("Excellent"))[rating]


def judgement(cell: Cell, kind: str) -> str:
    """What a cell says in a word: the author's own, else the rating's, else its value."""
    if cell.state == UNKNOWN:
        return _("unknown")
    if cell.state == NOT_APPLICABLE:
        return _("does not apply")
    if cell.word:
        return cell.word
    if kind == YES_NO and cell.rating is not None:
        return _("Yes") if cell.rating else _("No")
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
        notes.append(_("checked %(date)s, stale") % {"date": cell.verified_on.isoformat()})
    return [note for note in notes if note]


def source_facts(source: Source) -> list[str]:
    """When and by whom a source was read, for which versions, and whether that is stale."""
    facts = []
    if source.verified_on:
        words = {"date": source.verified_on.isoformat(), "name": source.verified_by}
        said = _("checked %(date)s by %(name)s") if source.verified_by else _("checked %(date)s")
        facts.append(said % words)
    if source.applies_to:
        facts.append(_("applies to %(versions)s") % {"versions": source.applies_to})
    if source.stale:
        facts.append(_("stale"))
    return facts


def need(criterion: Criterion, least: int) -> str:
    """The least a reader takes: “Good or better”."""
    if criterion.kind == YES_NO:
        return _("Yes")
    word = rating_word(least)
    return word if least == HIGHEST_RATING else _("%(word)s or better") % {"word": word}


def ruling(one: Ruling) -> str:
    """“Documentation is Good, you need Excellent”."""
    words = {
        "criterion": one.criterion.name,
        "word": judgement(one.cell, one.criterion.kind),
        "need": need(one.criterion, one.least),
    }
    if one.cell.state == NOT_APPLICABLE:
        return _("%(criterion)s does not apply, you need %(need)s") % words
    return _("%(criterion)s is %(word)s, you need %(need)s") % words


def counts(rectangle: Rectangle) -> str:
    """“3 of 4 contenders, 5 of 9 rows: 4 identical rows hidden, 1 incomplete row shown”."""
    contenders = _("%(shown)d of %(all)d contenders") % {
        "shown": len(rectangle.in_question),
        "all": len(rectangle.table.contenders),
    }
    rows = _("%(shown)d of %(all)d rows") % {
        "shown": len(rectangle.rows),
        "all": len(rectangle.table.criteria),
    }
    if not rectangle.question.differ:
        return f"{contenders}, {rows}"
    hidden = ngettext(
        "%(count)d identical row hidden", "%(count)d identical rows hidden", rectangle.hidden
    ) % {"count": rectangle.hidden}
    incomplete = ngettext(
        "%(count)d incomplete row shown", "%(count)d incomplete rows shown", rectangle.incomplete
    ) % {"count": rectangle.incomplete}
    return f"{contenders}, {rows}: {hidden}, {incomplete}"


def spoken(rectangle: Rectangle, winner: list[str]) -> Iterator[str]:
    """What is said of a table that has changed: how much, in which order, who leads."""
    yield f"{counts(rectangle)}."
    sort = rectangle.question.sort
    if sort == FIT:
        yield _("Best fit first.")
    elif sort:
        name = rectangle.table.criterion_by_key[sort.removeprefix("-")].name
        highest, lowest = _("By %(name)s, highest first."), _("By %(name)s, lowest first.")
        yield (highest if sort[0] == "-" else lowest) % {"name": name}
    yield from winner[:1]


def grounds(evidence: Evidence) -> str:
    """“38 of 40 cells known, 31 with a source, oldest checked 2025-11-03”."""
    parts = [
        _("%(known)d of %(all)d cells known") % {"known": evidence.known, "all": evidence.cells},
        _("%(count)d with a source") % {"count": evidence.sourced},
    ]
    if evidence.stale:
        parts.append(_("%(count)d stale") % {"count": evidence.stale})
    if evidence.oldest:
        parts.append(_("oldest checked %(date)s") % {"date": evidence.oldest.isoformat()})
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
        return _("nothing weighed is known")
    if not fit.unknown:
        return _("all known")
    # Outwards and downwards, so that rounding promises nothing.
    words = {"low": floor(fit.low), "high": ceil(fit.high), "share": floor(fit.coverage)}
    if not fit.can_lead:
        return _("%(low)s to %(high)s, only %(share)s %% known") % words
    return _("%(low)s to %(high)s, %(share)s %% known") % words


def winner(safety: Safety) -> list[str]:
    """The sentences about who leads, the most important first."""
    if not safety.in_question:
        return [_("Nobody can lead: a must-have rules out each of them.")]
    if not safety.leaders:
        return [
            _("Nobody can lead: less than %(least)d %% of the weight is known of each left.")
            % {"least": LEAST_COVERAGE}
        ]
    sentences = [_lead(safety)]
    if safety.second is not None and len(safety.leaders) == 1 and not safety.is_clear:
        sentences.append(
            _("A lead of less than %(least)d points is no clear winner.") % {"least": LEAST_MARGIN}
        )
    if safety.rivals:
        sentences.append(
            _("What is unknown could still put %(names)s ahead.")
            % {"names": names(safety.rivals, _("or"))}
        )
    return sentences


def _lead(safety: Safety) -> str:
    words = {
        "names": names(safety.leaders),
        "score": points(safety.leaders[0].fit.score),
    }
    if len(safety.leaders) > 1:
        return _("No clear winner: %(names)s are level with %(score)s.") % words
    if safety.in_question == 1:
        return _("%(names)s has %(score)s; there is nobody to compare it with.") % words
    if safety.second is None:
        return _("%(names)s leads with %(score)s; nobody else can be ranked.") % words
    words |= {
        "margin": margin_words(safety.margin),
        "second": safety.second.contender.name,
        "other": points(safety.second.fit.score),
    }
    if safety.is_clear:
        return (
            _("%(names)s leads with %(score)s, %(margin)s ahead of %(second)s (%(other)s).") % words
        )
    return (
        _("No clear winner: %(names)s (%(score)s) is %(margin)s ahead of %(second)s (%(other)s).")
        % words
    )


def flip(one: Flip) -> str:
    """“Quart leads once Ease of use weighs 5 (now 1)”."""
    words = {
        "names": names(one.leaders),
        "criterion": one.criterion.name,
        "weight": one.weight,
        "now": one.weight_now,
    }
    if not one.leaders:
        return _("Nobody can lead once %(criterion)s weighs %(weight)d (now %(now)d).") % words
    if len(one.leaders) > 1:
        return _("%(names)s are level once %(criterion)s weighs %(weight)d (now %(now)d).") % words
    return _("%(names)s leads once %(criterion)s weighs %(weight)d (now %(now)d).") % words


def flips(safety: Safety) -> list[str]:
    """A sentence for each criterion whose weight decides, and one for all the others."""
    if not safety.leaders or safety.in_question < 2:
        return []
    if not safety.flips:
        return [_("No weight of a single row, from 0 to 5, changes who leads.")]
    return [
        *(flip(one) for one in safety.flips),
        _("No weight of any other single row, from 0 to 5, changes who leads."),
    ]


def names(columns: Iterable[Column], last: str = "") -> str:
    """“A”, “A and B”, “A, B and C”."""
    named = [column.contender.name for column in columns]
    if len(named) < 2:
        return "".join(named)
    return f"{', '.join(named[:-1])} {last or _('and')} {named[-1]}"


def row_counts(criterion: Criterion, weight: int) -> str:
    """“Weight 3” under the name of a row; a text has none."""
    if criterion.kind == "text":
        return ""
    return _("Weight %(weight)d") % {"weight": weight} if weight else capfirst(_("not weighed"))
