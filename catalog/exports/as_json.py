"""A table as JSON, for tools."""

import json
from fractions import Fraction
from typing import Any
from urllib.parse import urljoin

from catalog.comparison.engine import (
    Cell,
    Column,
    Fit,
    Rectangle,
    Row,
    canonical,
    evidence,
    judge,
    words,
)
from catalog.exports.sheet import Sheet

DECIMALS = 4


def to_json(sheet: Sheet) -> str:
    """Write one object; what is not known or asked is null or empty, and no name is left out.

    title, address       of the page that shows the same
    edition, edited_on   number and UTC date of the guide's state, null before the first
    archived             true when the page is no longer maintained
    question             the canonical parameters: lists of values by name
    complaints           sentences on what was asked and makes no sense
    counts               how much is shown, in a sentence
    contenders           in the order shown, who is ruled out last:
                         slug, name, versions
                         ruled_out: [criterion, cell, least rating needed, said in a sentence]
                         fit: score, coverage, low, high (0 to 100), can_lead; null if not weighed
    groups               in the order shown: key, name, note (blank for rows without a group) and
                         rows: key, name, question, kind, weight, address, incomplete and
                         cells, one for each contender in their order: contender, state, rating,
                         word, value, note, source, verified_on, verified_by, applies_to, stale,
                         best ("sole", "joint" or blank), said (as the page says it)
    hidden, incomplete   rows left out because they tell nothing apart; rows with unknown cells
    evidence             of the whole table: cells, known, sourced, stale, oldest
    leaders, second      slugs of who leads (several: level) and of the next that can lead
    margin, clear        points between them; whether that is enough to speak of a winner
    flips                [criterion, weight_now, weight, leaders]: the nearest weights that change
                         who leads
    winner               the sentences on who leads and how safely

    Shares are rounded to 4 decimals; dates are ISO 8601. States are known, unknown and
    not-applicable; kinds are rating (0 to 4), yes-no (0 or 4) and text.
    """
    return json.dumps(_content(sheet), ensure_ascii=False, indent=2) + "\n"


def _content(sheet: Sheet) -> dict[str, Any]:
    rectangle = sheet.rectangle
    found = evidence(rectangle.table)
    question: dict[str, list[str]] = {}
    for name, value in canonical(rectangle.question, rectangle.table):
        question.setdefault(name, []).append(value)
    return {
        "title": sheet.title,
        "address": sheet.address,
        "edition": sheet.edition,
        "edited_on": _date(sheet.edited_on),
        "archived": sheet.is_archived,
        "question": question,
        "complaints": list(sheet.complaints),
        "counts": words.counts(rectangle),
        "contenders": [_column(column, rectangle.is_weighed) for column in rectangle.columns],
        "groups": [
            {
                "key": block.group.key if block.group else "",
                "name": block.group.name if block.group else "",
                "note": block.group.note if block.group else "",
                "rows": [_row(row, rectangle, sheet.address) for row in block.rows],
            }
            for block in rectangle.blocks
        ],
        "hidden": rectangle.hidden,
        "incomplete": rectangle.incomplete,
        "evidence": {**found._asdict(), "oldest": _date(found.oldest)},
        **_safety(rectangle),
    }


def _column(column: Column, is_weighed: bool) -> dict[str, Any]:
    return {
        **column.contender._asdict(),
        "ruled_out": [
            {
                "criterion": one.criterion.key,
                "cell": _cell(one.cell),
                "least": one.least,
                "said": words.ruling(one),
            }
            for one in column.rulings
        ],
        "fit": _fit(column.fit) if is_weighed else None,
    }


def _fit(fit: Fit) -> dict[str, Any]:
    shares = {name: getattr(fit, name) for name in ("score", "coverage", "low", "high")}
    return {**{name: _share(share) for name, share in shares.items()}, "can_lead": fit.can_lead}


def _row(row: Row, rectangle: Rectangle, page: str) -> dict[str, Any]:
    one = row.criterion
    return {
        "key": one.key,
        "name": one.name,
        "question": one.question,
        "kind": one.kind,
        "weight": row.weight,
        "address": urljoin(page, one.address) if one.address else "",
        "incomplete": row.is_incomplete,
        "cells": [
            {
                "contender": column.contender.slug,
                **_cell(cell),
                "best": best,
                "said": words.cell_text(cell, one.kind),
            }
            for column, cell, best in zip(rectangle.columns, row.cells, row.best, strict=True)
        ],
    }


def _cell(cell: Cell) -> dict[str, Any]:
    return {**cell._asdict(), "verified_on": _date(cell.verified_on)}


def _safety(rectangle: Rectangle) -> dict[str, Any]:
    safety = judge(rectangle)
    return {
        "leaders": _slugs(safety.leaders),
        "second": safety.second.contender.slug if safety.second else None,
        "margin": _share(safety.margin),
        "clear": safety.is_clear,
        "flips": [
            {
                "criterion": flip.criterion.key,
                "weight_now": flip.weight_now,
                "weight": flip.weight,
                "leaders": _slugs(flip.leaders),
            }
            for flip in safety.flips
        ],
        "winner": words.winner(safety),
    }


def _slugs(columns: tuple[Column, ...]) -> list[str]:
    return [column.contender.slug for column in columns]


def _share(figure: Fraction | None) -> float | None:
    return None if figure is None else round(float(figure), DECIMALS)


def _date(day: Any) -> str | None:
    return None if day is None else day.isoformat()
