"""A table as JSON, for tools."""

import json
from datetime import date
from fractions import Fraction
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

from catalog.comparison.engine import (
    Column,
    Group,
    Rectangle,
    Row,
    Table,
    evidence,
    judge,
    words,
)
from catalog.exports.sheet import Sheet, absolute

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
    return json.dumps(_content(sheet), ensure_ascii=False, indent=2, default=_said) + "\n"


def _said(value: Fraction | date) -> float | str:
    return round(float(value), DECIMALS) if isinstance(value, Fraction) else value.isoformat()


def _content(sheet: Sheet) -> dict[str, Any]:
    rectangle = sheet.rectangle
    nothing = Group("", "")
    return {
        "title": sheet.title,
        "address": sheet.address,
        "edition": sheet.edition,
        "edited_on": sheet.edited_on,
        "archived": sheet.is_archived,
        "question": parse_qs(urlsplit(sheet.address).query),
        "complaints": sheet.complaints,
        "counts": words.counts(rectangle),
        "contenders": [
            _column(column, rectangle.table, rectangle.is_weighed) for column in rectangle.columns
        ],
        "groups": [
            {
                **(block.group or nothing)._asdict(),
                "rows": [_row(row, rectangle, sheet.address) for row in block.rows],
            }
            for block in rectangle.blocks
        ],
        "hidden": rectangle.hidden,
        "incomplete": rectangle.incomplete,
        "evidence": evidence(rectangle.table)._asdict(),
        **_safety(rectangle),
    }


def _column(column: Column, table: Table, is_weighed: bool) -> dict[str, Any]:
    shares = ("score", "coverage", "low", "high", "can_lead")
    return {
        **column.contender._asdict(),
        "ruled_out": [
            {
                "criterion": one.criterion.key,
                "cell": one.cell._asdict(),
                "least": one.least,
                "said": words.ruling(table, one),
            }
            for one in column.rulings
        ],
        "fit": {name: getattr(column.fit, name) for name in shares} if is_weighed else None,
    }


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
                **cell._asdict(),
                "source": absolute(page, cell.source),
                "best": best,
                "said": words.cell_text(cell, one.kind),
            }
            for column, cell, best in zip(rectangle.columns, row.cells, row.best, strict=True)
        ],
    }


def _safety(rectangle: Rectangle) -> dict[str, Any]:
    safety = judge(rectangle)
    return {
        "leaders": _slugs(safety.leaders),
        "second": safety.second.contender.slug if safety.second else None,
        "margin": safety.margin,
        "clear": safety.is_clear,
        "flips": [
            {
                "criterion": criterion.key,
                "weight_now": rectangle.question.weights[criterion.key],
                "weight": weight,
                "leaders": _slugs(flip.leaders),
            }
            for flip in safety.flips
            for criterion, weight in flip.changes
        ],
        "winner": words.winner(safety),
    }


def _slugs(columns: tuple[Column, ...]) -> list[str]:
    return [column.contender.slug for column in columns]
